//! `nebulium check`: what would be fitted and what is wrong.

use super::args::Check;
use super::{CASUALTIES, GOOD, INPUT, Outcome, during, input, say};
use crate::fit::Planned;
use crate::report::{counted, outlook};

/// Prints each object's problem or what is wrong with it; objects with the same problem together.
pub(super) fn run(arguments: &Check) -> Outcome {
    let input = &arguments.input;
    let config = input::config(input)?;
    let set = input::emissivities(input, &config)?;
    let recipe = input::recipe(input, &config, &set)?;
    let settings = config.table_settings();
    let sources = input::sources(input, &config, &set, &settings)?;
    let mut texts: Vec<(Vec<String>, String)> = Vec::new();
    let (mut objects, mut rejected) = (0, 0);
    let beside = sources.read(&mut |entry| {
        objects += 1;
        let planned = Planned::from(entry);
        let id = planned.id.clone();
        let text = match planned.problem(&recipe) {
            Ok(problem) => outlook(&problem, &set),
            Err(reasons) => {
                rejected += 1;
                let reasons = reasons.iter().map(|reason| format!("    {reason}\n"));
                format!("  rejected:\n{}", reasons.collect::<String>())
            }
        };
        match texts.iter_mut().find(|(_, known)| *known == text) {
            Some((ids, _)) => ids.push(id),
            None => texts.push((vec![id], text)),
        }
        Ok(())
    });
    input::warn_of(input, &beside.map_err(during(INPUT))?);
    if !input.quiet {
        for (ids, text) in &texts {
            say(&format!("{}\n{text}\n", ids.join(", ")));
        }
        let fit = objects - rejected;
        say(&format!(
            "{} would be fitted, {rejected} rejected.\n",
            counted(fit, "object")
        ));
    }
    Ok(match rejected {
        0 => GOOD,
        _ if rejected == objects => INPUT,
        _ if input.strict => CASUALTIES,
        _ => GOOD,
    })
}
