//! Provenance of a result: the configuration, catalogue, atomic data and program behind it.

use super::failure::{Failure, Phase, during};
use crate::config::Config;
use crate::draws::Method;
use crate::export::Provenance;
use crate::fit::Survey;

/// Gathers the provenance of a result for its manifest; `backend` names backend and device.
///
/// # Errors
/// A side table of priors that cannot be read.
pub(super) fn provenance(
    config: &Config,
    survey: &Survey<'_>,
    backend: String,
    method: Method,
) -> Result<Provenance, Failure> {
    let set = survey.recipe.set;
    let (f_tau, law) = (&set.f_tau, config.law().map_err(during(Phase::Settings))?);
    let files = survey.beside.files.iter();
    Ok(Provenance {
        catalogues: files
            .map(|file| (file.path.display().to_string(), file.sha256.clone()))
            .collect(),
        priors: config.priors_table().map_err(during(Phase::Input))?,
        configuration: (config.canonical(), config.hash()),
        method,
        seed: config.sampler.seed,
        emissivities: (set.name.clone(), set.hash.clone(), set.citations.clone()),
        f_tau: (f_tau.name.clone(), f_tau.hash.clone(), f_tau.citation.clone()),
        extinction: (
            law.name().to_owned(),
            law.rv(),
            law.table().map(|table| table.sha256.clone()),
        ),
        abundances: config.abundances,
        backend,
        lines: survey.lines.clone(),
        kept: survey.kept.clone(),
        escape_formulas: config.output.escape_formulas,
    })
}
