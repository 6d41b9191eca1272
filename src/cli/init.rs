//! `nebulium init`: a configuration to edit, made for the catalogue at hand.

use std::collections::BTreeMap;

use super::args::Init;
use super::{GOOD, Outcome, USAGE, during, input, say};
use crate::config::Config;
use crate::emissivity::Set;
use crate::fit::Plan;
use crate::report::{counted, outlook};
use crate::table::{Catalogue, Entry};

/// Reads the catalogue and writes the configuration with which `fit` reads it again.
pub(super) fn run(arguments: &Init) -> Outcome {
    let input = &arguments.input;
    let mut config = input::config(input)?;
    let set = input::emissivities(input, &config)?;
    let recipe = input::recipe(input, &config, &set)?;
    let catalogue = input::catalogue(input, &config, &set)?;
    config.catalogue.format = catalogue.format;
    let merged = merged(&catalogue, &set);
    let files: Vec<String> = catalogue
        .files
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    let plan = Plan::new(catalogue, &recipe);
    let fitted: Vec<_> = plan
        .entries
        .iter()
        .filter_map(|planned| planned.peek(&recipe))
        .collect();
    let mut about = format!(
        "nebulium fit {} --config {}\n{} would be fitted, {} rejected (nebulium check says why).\n",
        files.join(" "),
        arguments.out.display(),
        counted(fitted.len(), "object"),
        plan.entries.len() - fitted.len()
    );
    if let Some(problem) = fitted.first() {
        about.push_str(&format!("The first:\n\n{}\n{}", problem.id, outlook(problem, &set)));
    }
    let text = config.template(&about, &merged);
    Config::write_template(&arguments.out, &text, arguments.force).map_err(during(USAGE))?;
    if !input.quiet {
        say(&format!("{} is written.\n", arguments.out.display()));
    }
    Ok(GOOD)
}

/// The merged lines of a catalogue and their members.
fn merged(catalogue: &Catalogue, set: &Set) -> Vec<(String, String)> {
    let objects = catalogue.entries.iter().filter_map(|entry| match entry {
        Entry::Fit(object) => Some(object),
        Entry::Rejected { .. } => None,
    });
    let lines = objects.flat_map(|object| object.measurements.iter().map(|measurement| &measurement.line));
    let merged: BTreeMap<&String, Vec<&str>> = lines
        .filter(|line| line.members.len() > 1)
        .map(|line| {
            let members = line.members.iter().map(|&member| set.list.lines[member].label.as_str());
            (&line.label, members.collect())
        })
        .collect();
    merged
        .into_iter()
        .map(|(label, members)| (label.clone(), members.join("+")))
        .collect()
}
