//! The word that was meant by a misspelt one.

use crate::emissivity::Set;
use crate::error::{EmissivityError, Error, ExtinctionError, LineError, ProblemError, ZoneError};
use crate::problem::GLOBALS;
use crate::text::Near;

/// Temperatures and densities that a prior may name, besides those of the user's own zones.
const CONDITIONS: [&str; 5] = ["T_low", "T_mid", "T_high", "n_e", "log_ne"];
/// Names of hydrogen lines beside their labels.
const HYDROGEN: [&str; 4] = ["Halpha", "Hbeta", "Hgamma", "Hdelta"];
/// Mark between the known names in an error.
const BETWEEN: &str = ", ";

/// The name that was meant where an error is about an unknown one: a key of the configuration, a
/// preset or another word of it, a line, a set of emissivities, a law, a relation, a parameter.
pub fn meant(error: &Error) -> Option<String> {
    match error {
        Error::InConfig { source, .. } => meant(source),
        Error::Toml { source, .. } => of_parser(source.message()),
        Error::Line(LineError::UnknownLine { label, known, .. }) => nearest(label, known.split(BETWEEN)),
        Error::Emissivity(EmissivityError::UnknownSet { name, known })
        | Error::Extinction(ExtinctionError::UnknownLaw { name, known }) => nearest(name, known.split(BETWEEN)),
        Error::Zone(ZoneError::UnknownRelation { relation, known, .. }) => nearest(relation, known.split(BETWEEN)),
        Error::Zone(ZoneError::UnknownZone { named, known, .. }) => nearest(named, known.split(BETWEEN)),
        Error::Problem(ProblemError::UnknownParameter { parameter }) => {
            nearest(parameter, CONDITIONS.into_iter().chain(GLOBALS))
        }
        Error::Line(LineError::LineName { name }) => {
            let set = Set::built_in().ok()?;
            let labels = set.list.lines.iter().map(|line| line.label.as_str());
            nearest(name, HYDROGEN.into_iter().chain(labels))
        }
        _ => None,
    }
}

/// The known name nearest to the unknown one in a message of the TOML parser: the first word in
/// backticks is unknown, the others are known.
fn of_parser(message: &str) -> Option<String> {
    let mut words = message.split('`').skip(1).step_by(2);
    nearest(words.next()?, words)
}

/// The nearest of some names, if one is like the one given.
fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut near = Near::to(given);
    known.into_iter().for_each(|name| near.see(name));
    near.names().into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_message_tells_the_unknown_from_the_known() {
        let message = "unknown field `modle`, expected one of `model`, `extinction`, `sampler`";
        assert_eq!(of_parser(message).as_deref(), Some("model"));
        assert_eq!(of_parser("unknown field `x`, expected one of `model`"), None);
        assert_eq!(of_parser("invalid type: integer, expected a string"), None);
    }

    #[test]
    fn a_word_like_no_other_has_no_neighbour() {
        let law = |name: &str| {
            Error::Extinction(ExtinctionError::UnknownLaw {
                name: name.to_owned(),
                known: "CCM89, O94, F99".to_owned(),
            })
        };
        assert_eq!(meant(&law("CCM98")).as_deref(), Some("CCM89"));
        assert_eq!(meant(&law("dust")), None);
        let name = Error::Line(LineError::LineName {
            name: "Hbetta".to_owned(),
        });
        assert_eq!(meant(&name).as_deref(), Some("Hbeta"));
    }
}
