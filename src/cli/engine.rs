//! The engines of a GPU by the names of `--engine`.

use std::ffi::OsStr;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, ValueEnum};

/// The name of an engine that no longer exists.
const RETIRED: &str = "tree";

/// An engine of the GPU by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineName {
    /// The fastest on the device: resident on a GPU, host on software Vulkan.
    Auto,
    /// Log densities and gradients on the GPU, trajectories on the CPU in f64.
    Host,
    /// Whole transitions on the GPU; the CPU adapts in warm-up and takes the draws.
    Resident,
}

/// Reads an engine's name; the retired one gives an error that names its successor.
#[derive(Clone, Debug)]
pub(super) struct EngineParser;

impl TypedValueParser for EngineParser {
    type Value = EngineName;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<EngineName, clap::Error> {
        if value == RETIRED {
            let message = "the engine `tree` no longer exists: use `--engine resident`";
            return Err(command.clone().error(ErrorKind::InvalidValue, message));
        }
        EnumValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = EngineName::value_variants().iter();
        Some(Box::new(names.filter_map(ValueEnum::to_possible_value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &str) -> Result<EngineName, String> {
        let parsed = EngineParser.parse_ref(&Command::new("nebulium"), None, OsStr::new(name));
        parsed.map_err(|error| error.to_string())
    }

    #[test]
    fn the_retired_engine_is_refused_with_the_name_of_its_successor() {
        assert_eq!(parsed("resident"), Ok(EngineName::Resident));
        assert!(parsed("tree").is_err_and(|message| message.contains("resident")));
        assert!(parsed("branch").is_err_and(|message| message.contains("host")));
    }
}
