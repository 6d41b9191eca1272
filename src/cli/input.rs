//! Input of the commands that read a catalogue: configuration, emissivities, files, warnings.

use std::path::Path;

use super::args::Input;
use super::{Failure, INPUT, USAGE, during, warn};
use crate::config::{Config, Extinction};
use crate::emissivity::Set;
use crate::error::Error;
use crate::extinction::Law;
use crate::problem::{Absorption, Recipe};
use crate::report::{counted, warning_count};
use crate::table::{self, Beside, Sources};

/// The configuration of the arguments: the file's, with flags in place of its settings.
pub(super) fn config(input: &Input) -> Result<Config, Failure> {
    let mut config = match &input.config {
        Some(path) => Config::read(path).map_err(during(USAGE))?,
        None => Config::default(),
    };
    if let Some(preset) = input.preset {
        config.model.preset = preset;
    }
    if let Some(format) = input.format {
        config.catalogue.format = format;
    }
    config.catalogue.flux_error = input.flux_error.or(config.catalogue.flux_error);
    if let Some(priors) = &input.priors {
        config.catalogue.priors = Some(priors.clone());
    }
    if let Some(extension) = &input.extension {
        config.catalogue.extension = Some(extension.clone());
    }
    config.catalogue.keep.extend(input.keep.iter().cloned());
    config.lines.extend(input.lines.iter().cloned());
    if let Some(none) = input.absorption {
        config.model.absorption = Some(Absorption::Word(none));
    }
    if input.dereddened {
        without_extinction(&mut config);
    }
    Ok(config)
}

/// Takes the reddening law out of a configuration, and the priors that hold for a law only.
fn without_extinction(config: &mut Config) {
    config.extinction = Extinction {
        law: Law::None.name().to_owned(),
        rv: None,
    };
    for parameter in ["cHbeta", "R_V"] {
        config.priors.remove(parameter);
    }
}

/// The emissivities at `directory`, or the built-in ones.
pub(super) fn whole_set(directory: Option<&Path>) -> Result<Set, Failure> {
    directory.map_or_else(Set::built_in, Set::read).map_err(during(USAGE))
}

/// The emissivities of the arguments, with the ions and the optical depth that the configuration
/// takes from elsewhere.
pub(super) fn emissivities(input: &Input, config: &Config) -> Result<Set, Failure> {
    let whole = whole_set(input.emissivities.as_deref())?;
    config
        .emissivities
        .applied_to(whole)
        .map_err(|error| refused(input, error))
}

/// The model; an error says which file it was set in.
pub(super) fn recipe<'a>(input: &Input, config: &Config, set: &'a Set) -> Result<Recipe<'a>, Failure> {
    let recipe = config.validate().and_then(|()| config.recipe(set));
    recipe.map_err(|error| refused(input, error))
}

/// A setting that cannot be, and the file that it was set in.
fn refused(input: &Input, error: Error) -> Failure {
    during(USAGE)(match &input.config {
        Some(path) => Error::InConfig {
            path: path.clone(),
            source: Box::new(error),
        },
        None => error,
    })
}

/// The catalogues as one, with the side table of priors.
pub(super) fn sources<'a>(
    input: &'a Input,
    config: &Config,
    set: &'a Set,
    settings: &'a table::Settings,
) -> Result<Sources<'a>, Failure> {
    let side = config.catalogue.priors.as_deref().map(table::read_priors);
    let sources = Sources::open(&input.catalogue, &set.list, settings).map_err(during(INPUT))?;
    Ok(sources.with_priors(side.transpose().map_err(during(INPUT))?))
}

/// Prints the number of warnings about the catalogue, if there are any, and the command that shows
/// them.
pub(super) fn warn_of(input: &Input, beside: &Beside) {
    match warning_count(beside) {
        0 => {}
        _ if input.quiet => {}
        warnings => warn(&format!(
            "{} about the catalogue: nebulium check shows {}",
            counted(warnings, "warning"),
            if warnings == 1 { "it" } else { "them" }
        )),
    }
}
