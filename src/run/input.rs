//! Input of a run: emissivities, model and catalogue of a configuration.

use std::path::{Path, PathBuf};

use super::failure::{Failure, Phase, during};
use crate::config::Config;
use crate::emissivity::Set;
use crate::problem::Recipe;
use crate::table::{self, Sources};

/// Reads the set of emissivities in `directory`, or the built-in set.
///
/// # Errors
/// As [`Set::read`].
pub fn built_in_or(directory: Option<&Path>) -> Result<Set, Failure> {
    let set = directory.map_or_else(Set::built_in, Set::read);
    set.map_err(during(Phase::Settings))
}

/// Reads the emissivities of a run: those of `directory`, or the built-in ones, with the ions and
/// the optical depth of He I that the configuration takes from elsewhere.
///
/// # Errors
/// As [`Set::read`], and a set of the configuration that cannot be used.
pub fn emissivities(directory: Option<&Path>, config: &Config) -> Result<Set, Failure> {
    let applied = config.emissivities.applied_to(built_in_or(directory)?);
    applied.map_err(|error| during(Phase::Settings)(config.located(error)))
}

/// Checks the configuration and makes the recipe of all problems.
///
/// # Errors
/// The first setting that cannot be used, with the file that holds the setting.
pub fn recipe<'a>(config: &Config, set: &'a Set) -> Result<Recipe<'a>, Failure> {
    let recipe = config.validate().and_then(|()| config.recipe(set));
    recipe.map_err(|error| during(Phase::Settings)(config.located(error)))
}

/// Opens the files `paths` as one catalogue, with the side table of priors.
///
/// # Errors
/// A file that cannot be read.
pub fn sources<'a>(
    paths: &'a [PathBuf],
    config: &Config,
    set: &'a Set,
    settings: &'a table::Settings,
) -> Result<Sources<'a>, Failure> {
    let side = config.catalogue.priors.as_deref().map(table::read_priors);
    let sources = Sources::open(paths, &set.list, settings).map_err(during(Phase::Input))?;
    let side = side.transpose().map_err(during(Phase::Input))?;
    Ok(sources.with_priors(side))
}
