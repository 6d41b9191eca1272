//! `nebulium lines`: every line of the emissivities, or the meaning of names given.

use super::args::Lines;
use super::{GOOD, INPUT, Outcome, UNWRITTEN, USAGE, during, input, say};
use crate::config::Emissivities;
use crate::report::{lines_csv, lines_table, meanings_table};

/// Prints the lines, or a row a name.
pub(super) fn run(arguments: &Lines) -> Outcome {
    let choice = Emissivities {
        f_tau: None,
        ions: arguments.with.iter().cloned().collect(),
    };
    let set = choice.applied_to(input::whole_set(arguments.emissivities.as_deref())?);
    let set = set.map_err(during(USAGE))?;
    if arguments.csv {
        say(&lines_csv(&set).map_err(during(UNWRITTEN))?);
        return Ok(GOOD);
    }
    if arguments.name.is_empty() {
        say(&lines_table(&set));
        return Ok(GOOD);
    }
    let (text, failed) = meanings_table(&set, &arguments.name);
    say(&text);
    Ok(if failed > 0 { INPUT } else { GOOD })
}
