//! Input of the commands that read a catalogue: arguments become configuration, set and sources.

use std::path::Path;

use super::args::{Input, Sampling};
use super::{Failure, USAGE, during, warn};
use crate::config::{Config, Extinction};
use crate::emissivity::Set;
use crate::extinction::Law;
use crate::problem::{Absorption, Recipe};
use crate::report::warning_count;
use crate::run::{self, Warning};
use crate::table::{self, Beside, Sources};

/// Makes the configuration of the arguments: flags take the place of settings of the file.
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

/// Makes the configuration of the arguments, those of the sampler among them.
pub(super) fn sampled_config(input: &Input, sampling: &Sampling) -> Result<Config, Failure> {
    let mut config = config(input)?;
    let sampler = &mut config.sampler;
    if sampling.thorough {
        sampler.lengthen();
    }
    sampler.looks = sampling.looks.unwrap_or(sampler.looks);
    sampler.chains = sampling.chains.map_or(sampler.chains, |chains| chains as usize);
    sampler.warmup = sampling.warmup.unwrap_or(sampler.warmup);
    sampler.draws = sampling.draws.map_or(sampler.draws, |draws| draws as usize);
    sampler.seed = sampling.seed.unwrap_or(sampler.seed);
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

/// Reads the emissivities in `directory`, or the built-in ones.
pub(super) fn whole_set(directory: Option<&Path>) -> Result<Set, Failure> {
    Ok(run::built_in_or(directory)?)
}

/// Reads the emissivities of the arguments and the configuration.
pub(super) fn emissivities(input: &Input, config: &Config) -> Result<Set, Failure> {
    Ok(run::emissivities(input.emissivities.as_deref(), config)?)
}

/// Makes the recipe of all problems.
pub(super) fn recipe<'a>(config: &Config, set: &'a Set) -> Result<Recipe<'a>, Failure> {
    Ok(run::recipe(config, set)?)
}

/// Opens the catalogues as one, with the side table of priors.
pub(super) fn sources<'a>(
    input: &'a Input,
    config: &Config,
    set: &'a Set,
    settings: &'a table::Settings,
) -> Result<Sources<'a>, Failure> {
    Ok(run::sources(&input.catalogue, config, set, settings)?)
}

/// Prints the number of warnings about the catalogue, if there are any, and the command that shows
/// them.
pub(super) fn warn_of(input: &Input, beside: &Beside) {
    let warnings = warning_count(beside);
    if warnings > 0 && !input.quiet {
        warn(&Warning::Catalogue(warnings).to_string());
    }
}
