//! `nebulium init`: a configuration to edit, made for the catalogue at hand.

use std::collections::BTreeMap;

use super::args::Init;
use super::{Failure, GOOD, INPUT, Outcome, USAGE, during, input, say};
use crate::config::Config;
use crate::emissivity::Set;
use crate::error::Error;
use crate::export::write_text;
use crate::fit::Planned;
use crate::problem::Problem;
use crate::report::{counted, outlook};
use crate::table::{self, Beside, ColumnNames, Entry, Format, Guess, Sources};
use crate::text::echoed;

/// Columns that `ignore_columns` lists one by one; more are all ignored.
const LISTED: usize = 40;
/// Longest name of a column that `ignore_columns` lists \[bytes\].
const LONG: usize = 200;
/// Width of a comment.
const WIDTH: usize = 96;

/// A catalogue as it is read with a configuration.
struct Trial {
    fitted: usize,
    rejected: usize,
    /// The problem of the first object that can be fitted.
    first: Option<Problem>,
    /// The first reason why an object is rejected.
    reason: Option<String>,
    /// Members of the lines by label.
    lines: BTreeMap<String, Vec<String>>,
    beside: Beside,
}

/// A catalogue that was read, or the error that it cannot be.
type Read = Result<Trial, Error>;

impl Trial {
    /// True if no object can be fitted, and the columns may not be what they were taken for.
    fn is_unsure(&self) -> bool {
        let own = [Format::Lime, Format::Neat, Format::Pyneb];
        self.fitted == 0 && !self.beside.files.iter().any(|file| own.contains(&file.format))
    }
}

/// Reads the catalogue, guesses columns whose names say nothing, and writes the configuration with
/// which `fit` reads the catalogue again.
pub(super) fn run(arguments: &Init) -> Outcome {
    let input = &arguments.input;
    let mut config = input::config(input)?;
    let set = input::emissivities(input, &config)?;
    let settings = config.table_settings();
    let sources = input::sources(input, &config, &set, &settings)?;
    let mut trial = attempt(&config, &set, &sources)?;
    let mut guess = None;
    if trial.as_ref().map_or(true, Trial::is_unsure) {
        let found = table::guess(&sources, &config.table_settings());
        match (found, &trial) {
            (Ok(found), _) => {
                adopt(&mut config, &found);
                trial = attempt(&config, &set, &sources)?;
                guess = Some(found);
            }
            (Err(error), Err(_)) => return Err(during(INPUT)(error)),
            (Err(_), Ok(_)) => {}
        }
    }
    if let Ok(first) = &trial
        && first.rejected > 0
        && guess.is_none()
    {
        (config, trial, guess) = with_signs(config, trial, &set, &sources)?;
    }
    if let Ok(trial) = &trial {
        input::warn_of(input, &trial.beside);
        if let Some(file) = trial.beside.files.iter().find(|file| file.format != Format::Auto) {
            config.catalogue.format = file.format;
        }
    }
    let about = about(arguments, &trial, guess.as_ref(), &set);
    let lines = trial.as_ref().map(|trial| trial.lines.clone()).unwrap_or_default();
    let text = config.template(&about, &merged(lines));
    write_text(&arguments.out, &text, arguments.force).map_err(during(USAGE))?;
    if !input.quiet {
        say(&format!(
            "{} is written: {}.\n",
            arguments.out.display(),
            outcome(&trial, guess.as_ref())
        ));
    }
    Ok(GOOD)
}

/// Adopts signs of missing lines and limits that the catalogue seems to have, where more objects
/// can then be fitted.
fn with_signs(
    config: Config,
    trial: Read,
    set: &Set,
    sources: &Sources,
) -> Result<(Config, Read, Option<Guess>), Failure> {
    let Ok(found) = table::guess(sources, &config.table_settings()) else {
        return Ok((config, trial, None));
    };
    let columns = ColumnNames {
        missing: found.columns.missing,
        limit_error: found.columns.limit_error,
        ..ColumnNames::default()
    };
    let signs = Guess {
        format: config.catalogue.format,
        columns,
        notes: vec![
            "signs of lines that were not measured, or are limits, stand under missing and limit_error".to_owned(),
        ],
        ..Guess::default()
    };
    let mut with = config.clone();
    adopt(&mut with, &signs);
    let again = attempt(&with, set, sources)?;
    let fitted = |trial: &Read| trial.as_ref().map_or(0, |trial| trial.fitted);
    Ok(match fitted(&again) > fitted(&trial) {
        true => (with, again, Some(signs)),
        false => (config, trial, None),
    })
}

/// Reads the catalogue with a configuration. An error of the catalogue is no failure of the
/// command.
fn attempt(config: &Config, set: &Set, sources: &Sources) -> Result<Read, Failure> {
    let recipe = input::recipe(config, set)?;
    let settings = config.table_settings();
    let sources = sources.with_settings(&settings);
    let (mut fitted, mut rejected, mut first, mut reason) = (0, 0, None, None);
    let mut lines = BTreeMap::new();
    let beside = sources.read(&mut |entry| {
        if let Entry::Fit(object) = &entry {
            object.name_lines(&set.list, &mut lines);
        }
        match Planned::from(entry).problem(&recipe) {
            Ok(problem) => {
                fitted += 1;
                first.get_or_insert(problem);
            }
            Err(reasons) => {
                rejected += 1;
                reason = reason.take().or_else(|| reasons.first().map(ToString::to_string));
            }
        }
        Ok(())
    });
    Ok(beside.map(|beside| Trial {
        fitted,
        rejected,
        first,
        reason,
        lines,
        beside,
    }))
}

/// Adopts a guess in a configuration; keys that the user has set stay.
fn adopt(config: &mut Config, guess: &Guess) {
    let catalogue = &mut config.catalogue;
    if catalogue.format == Format::Auto {
        catalogue.format = guess.format;
    }
    let (own, guessed) = (&mut catalogue.columns, &guess.columns);
    let pairs = [
        (&mut own.object, &guessed.object),
        (&mut own.line, &guessed.line),
        (&mut own.flux, &guessed.flux),
        (&mut own.error, &guessed.error),
        (&mut own.error_other, &guessed.error_other),
        (&mut own.ivar, &guessed.ivar),
        (&mut own.ew, &guessed.ew),
        (&mut own.limit, &guessed.limit),
        (&mut own.blend, &guessed.blend),
    ];
    for (own, guessed) in pairs {
        *own = own.take().or_else(|| guessed.clone());
    }
    catalogue.percent_errors = catalogue.percent_errors.or(guess.percent_errors);
    own.missing = own.missing.take().or_else(|| guessed.missing.clone());
    own.limit_error = own.limit_error.or(guessed.limit_error);
    own.hbeta = own.hbeta.or(guessed.hbeta);
    own.ew_negative = own.ew_negative.or(guessed.ew_negative);
    // A pattern passes over other columns; the long form wants each of them named.
    if guess.format == Format::Long {
        let is_long = |name: &String| name.len() > LONG;
        match guess.unplaced.len() > LISTED || guess.unplaced.iter().any(is_long) {
            true => catalogue.ignore_columns.push("*".to_owned()),
            false => catalogue.ignore_columns.extend(guess.unplaced.iter().cloned()),
        }
    }
}

/// The comment above the configuration.
fn about(arguments: &Init, trial: &Read, guess: Option<&Guess>, set: &Set) -> String {
    let files: Vec<String> = arguments
        .input
        .catalogue
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let mut about = format!(
        "nebulium fit {} --config {}\n",
        files.join(" "),
        arguments.out.display()
    );
    about.push_str(&match trial {
        Ok(trial) => format!(
            "{} would be fitted, {} rejected (nebulium check says why).\n",
            counted(trial.fitted, "object"),
            trial.rejected
        ),
        Err(error) => wrapped(&format!("The catalogue cannot be read yet: {error}")),
    });
    if let Some(guess) = guess {
        about.push_str("\nGuessed from the names of the columns and their first rows; look at each:\n");
        for note in &guess.notes {
            about.push_str(&wrapped(&format!("* {note}")));
        }
        if !guess.unplaced.is_empty() {
            let columns: Vec<_> = guess.unplaced.iter().map(|name| echoed(name)).collect();
            let columns = columns.join(", ");
            about.push_str(&wrapped(&format!(
                "\nColumns without a place here (keep = [\"…\"] carries one into the results): {columns}"
            )));
        }
    }
    for open in decisions(trial, guess) {
        about.push_str(&wrapped(&format!("TO DECIDE: {open}")));
    }
    if let Ok(trial) = trial
        && let Some(problem) = &trial.first
    {
        about.push_str(&format!(
            "\nThe first object:\n\n{}\n{}",
            problem.id,
            outlook(problem, set)
        ));
    }
    about
}

/// The decisions that are left to the user before an object can be fitted; none where one can be.
fn decisions(trial: &Read, guess: Option<&Guess>) -> Vec<String> {
    let mut open = guess.map_or_else(Vec::new, |guess| guess.open.clone());
    match trial {
        Err(error) => open.push(error.to_string()),
        Ok(trial) if trial.fitted == 0 => open.extend(trial.reason.clone()),
        Ok(_) => open.clear(),
    }
    open
}

/// The outcome in a few words.
fn outcome(trial: &Read, guess: Option<&Guess>) -> String {
    let said = match trial {
        Ok(trial) => format!(
            "{} would be fitted, {} rejected",
            counted(trial.fitted, "object"),
            trial.rejected
        ),
        Err(_) => "the catalogue cannot be read yet".to_owned(),
    };
    let open = decisions(trial, guess);
    match (open.is_empty(), guess) {
        (false, _) => format!("{said}; left to decide: {}", open.join("; ")),
        (true, Some(_)) => format!("{said}; the columns were guessed, look at them"),
        (true, None) => said,
    }
}

/// A text in lines of a comment's width.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    for paragraph in text.split('\n') {
        let mut length = 0;
        for word in paragraph.split(' ') {
            if length > 0 && length + word.chars().count() >= WIDTH {
                lines.push_str("\n  ");
                length = 2;
            } else if length > 0 {
                lines.push(' ');
                length += 1;
            }
            lines.push_str(word);
            length += word.chars().count();
        }
        lines.push('\n');
    }
    lines
}

/// The merged ones of the lines of a catalogue, and their members as a configuration writes them.
fn merged(lines: BTreeMap<String, Vec<String>>) -> Vec<(String, String)> {
    let merged = lines.into_iter().filter(|(_, members)| members.len() > 1);
    merged.map(|(label, members)| (label, members.join("+"))).collect()
}
