//! `nebulium cite`: the BibTeX of method and atomic data, of a result or of the defaults.

use super::args::Cite;
use super::{GOOD, INPUT, Outcome, during, say};
use crate::cite::{Topics, bibtex};
use crate::config::Config;

/// Prints the references of the result in a directory, or of the default configuration.
pub(super) fn run(arguments: &Cite) -> Outcome {
    let topics = match &arguments.result {
        Some(directory) => Topics::of_result(directory),
        None => Topics::of_config(&Config::default()),
    };
    say(&bibtex(&topics.map_err(during(INPUT))?));
    Ok(GOOD)
}
