//! What `fit` and `check` read: configuration, emissivities, catalogue.

use std::path::Path;

use super::args::Input;
use super::{Failure, INPUT, USAGE, during, warn};
use crate::config::Config;
use crate::emissivity::Set;
use crate::error::Error;
use crate::problem::Recipe;
use crate::table::{self, Beside, Sources, Warnings};

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
    Ok(config)
}

/// The emissivities at `directory`, or the built-in ones.
pub(super) fn whole_set(directory: Option<&Path>) -> Result<Set, Failure> {
    directory.map_or_else(Set::built_in, Set::read).map_err(during(USAGE))
}

/// The emissivities of the arguments, with the ions and the optical depth that the configuration takes from elsewhere.
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

/// Prints what of the catalogues deserves a look.
pub(super) fn warn_of(input: &Input, beside: &Beside) {
    if input.quiet {
        return;
    }
    for file in &beside.files {
        warn_all(&file.warnings, &file.path);
    }
    if let Some(path) = input.catalogue.first() {
        warn_all(&beside.of_side, path);
    }
}

/// Prints each warning, and how many more of their kinds there are.
fn warn_all(warnings: &Warnings, path: &Path) {
    for warning in warnings.iter() {
        warn(&format!("warning: {}: {warning}", path.display()));
    }
    for more in warnings.more() {
        warn(&format!("warning: … and {more} more of the same kind"));
    }
}
