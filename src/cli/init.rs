//! `nebulium init`: a configuration to edit, made for the catalogue at hand.

use std::collections::BTreeMap;

use super::args::Init;
use super::{GOOD, INPUT, Outcome, USAGE, during, input, say};
use crate::config::Config;
use crate::fit::Planned;
use crate::report::{counted, outlook};
use crate::table::Entry;

/// Reads the catalogue and writes the configuration with which `fit` reads it again.
pub(super) fn run(arguments: &Init) -> Outcome {
    let input = &arguments.input;
    let mut config = input::config(input)?;
    let set = input::emissivities(input, &config)?;
    let recipe = input::recipe(input, &config, &set)?;
    let settings = config.table_settings();
    let sources = input::sources(input, &config, &set, &settings)?;
    let (mut fitted, mut rejected, mut first, mut lines) = (0, 0, None, BTreeMap::new());
    let beside = sources.read(&mut |entry| {
        if let Entry::Fit(object) = &entry {
            object.name_lines(&set.list, &mut lines);
        }
        match Planned::from(entry).problem(&recipe) {
            Ok(problem) => {
                fitted += 1;
                first.get_or_insert(problem);
            }
            Err(_) => rejected += 1,
        }
        Ok(())
    });
    let beside = beside.map_err(during(INPUT))?;
    input::warn_of(input, &beside);
    if let Some(last) = beside.files.last() {
        config.catalogue.format = last.format;
    }
    let files: Vec<String> = beside
        .files
        .iter()
        .map(|file| file.path.display().to_string())
        .collect();
    let mut about = format!(
        "nebulium fit {} --config {}\n{} would be fitted, {} rejected (nebulium check says why).\n",
        files.join(" "),
        arguments.out.display(),
        counted(fitted, "object"),
        rejected
    );
    if let Some(problem) = &first {
        about.push_str(&format!("The first:\n\n{}\n{}", problem.id, outlook(problem, &set)));
    }
    let text = config.template(&about, &merged(lines));
    Config::write_template(&arguments.out, &text, arguments.force).map_err(during(USAGE))?;
    if !input.quiet {
        say(&format!("{} is written.\n", arguments.out.display()));
    }
    Ok(GOOD)
}

/// The merged ones of the lines of a catalogue, and their members as a configuration writes them.
fn merged(lines: BTreeMap<String, Vec<String>>) -> Vec<(String, String)> {
    let merged = lines.into_iter().filter(|(_, members)| members.len() > 1);
    merged.map(|(label, members)| (label, members.join("+"))).collect()
}
