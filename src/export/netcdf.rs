//! `posterior.nc`: one object in the groups of ArviZ's schema, as NetCDF-4.

use netcdf_writer::{DimensionId, NcAttrValue, NcFileBuilder, NcWriteFormat, NcWriteOptions, NcWriteType, VariableId};

use super::manifest::Provenance;
use super::quantity::quantity;
use super::statistics::{STATISTICS, Values};
use crate::abundance;
use crate::draws::Method;
use crate::emissivity::Grid;
use crate::fit::{Fitted, Outcome};
use crate::predict;
use crate::problem::Problem;
use crate::rng::Key;

/// Number of draws from the priors.
const PRIOR_DRAWS: usize = 1000;

/// Description of draws without chains: R-hat and effective sample sizes of chains say nothing of
/// them.
const RESAMPLED: &str = "resampled from weighted draws of importance sampling, without chains";

type Result<T> = netcdf_writer::Result<T>;

/// Makes the bytes of an object's file; none of an object that was not sampled.
///
/// # Errors
/// Contents that the format cannot hold.
pub(super) fn posterior(outcome: &Outcome, grid: &Grid<f64>, provenance: &Provenance) -> Result<Option<Vec<u8>>> {
    let (Some(problem), Some(fitted)) = (&outcome.problem, &outcome.fitted) else {
        return Ok(None);
    };
    let key = Key::new(provenance.seed, &problem.id);
    let mut file = NcFileBuilder::new();
    file.add_attribute("object", text(&problem.id))?;
    write_posterior(&mut file, fitted)?;
    let has_chains = fitted.method == Method::Nuts;
    if has_chains {
        write_statistics(&mut file, fitted)?;
    } else {
        file.add_group_attribute("posterior", "draws", text(RESAMPLED))?;
    }
    write_predictive(
        &mut file,
        problem,
        fitted,
        &predict::fluxes(problem, grid, &key, &fitted.positions),
    )?;
    write_data(&mut file, problem)?;
    write_prior(&mut file, problem, &predict::prior(problem, grid, &key, PRIOR_DRAWS))?;
    let groups = [
        "posterior",
        "posterior_predictive",
        "observed_data",
        "constant_data",
        "prior",
    ];
    for group in groups.into_iter().chain(has_chains.then_some("sample_stats")) {
        file.add_group_attribute(group, "inference_library", text("nebulium"))?;
        file.add_group_attribute(group, "inference_library_version", text(env!("CARGO_PKG_VERSION")))?;
        file.add_group_attribute(group, "configuration_sha256", text(&provenance.configuration.1))?;
    }
    let options = NcWriteOptions {
        format: NcWriteFormat::Nc4,
    };
    file.to_vec(options).map(|(_, bytes)| Some(bytes))
}

fn text(value: &str) -> NcAttrValue {
    NcAttrValue::Chars(value.to_owned())
}

/// Group with dimensions of its own, each with its coordinate.
struct Group<'f> {
    file: &'f mut NcFileBuilder,
    name: &'static str,
    dimensions: Vec<DimensionId>,
}

impl<'f> Group<'f> {
    /// Begins a group of `[chain, draw]`.
    fn of_draws(file: &'f mut NcFileBuilder, name: &'static str, chains: usize, draws: usize) -> Result<Group<'f>> {
        let dimensions = Vec::new();
        let mut group = Group { file, name, dimensions };
        for (dimension, size) in [("chain", chains), ("draw", draws)] {
            let id = group.dimension(dimension, size)?;
            let indices: Vec<i64> = (0..size as i64).collect();
            let path = format!("{name}/{dimension}");
            let variable = group.file.add_variable_path::<i64>(path, &[id])?;
            group.file.write_variable(variable, &indices)?;
        }
        Ok(group)
    }

    fn dimension(&mut self, name: &str, size: usize) -> Result<DimensionId> {
        let id = self
            .file
            .add_dimension_path(format!("{}/{name}", self.name), size as u64)?;
        self.dimensions.push(id);
        Ok(id)
    }

    /// Adds the dimension `line`, whose coordinate is the labels.
    fn add_lines(&mut self, problem: &Problem) -> Result<()> {
        let id = self.dimension("line", problem.lines.len())?;
        let variable = self
            .file
            .add_string_variable_path(format!("{}/line", self.name), &[id])?;
        let labels: Vec<&str> = problem.lines.iter().map(|line| line.label.as_str()).collect();
        self.file.write_string_variable(variable, &labels)
    }

    /// Adds a variable of all dimensions.
    fn add<T: NcWriteType>(&mut self, name: &str, values: &[T]) -> Result<VariableId> {
        let path = format!("{}/{name}", self.name);
        let variable = self.file.add_variable_path::<T>(path, &self.dimensions)?;
        self.file.write_variable(variable, values)?;
        Ok(variable)
    }

    /// Adds a parameter or derived quantity with its unit.
    fn add_quantity(&mut self, name: &str, values: &[f64]) -> Result<()> {
        let variable = self.add(name, values)?;
        match quantity(name).unit {
            "" => Ok(()),
            unit => self.file.add_variable_attribute(variable, "units", text(unit)),
        }
    }

    /// Adds truth values as ArviZ writes them: bytes with the attribute `dtype`.
    fn add_truths(&mut self, name: &str, values: &[bool]) -> Result<()> {
        let bytes: Vec<i8> = values.iter().map(|&value| i8::from(value)).collect();
        let variable = self.add(name, &bytes)?;
        self.file.add_variable_attribute(variable, "dtype", text("bool"))
    }
}

fn write_posterior(file: &mut NcFileBuilder, fitted: &Fitted) -> Result<()> {
    let draws = &fitted.draws;
    let mut group = Group::of_draws(file, "posterior", draws.chains, draws.draws)?;
    for (place, name) in draws.names.iter().enumerate() {
        group.add_quantity(name, &draws.parameter(place))?;
    }
    for (place, name) in abundance::NAMES.into_iter().enumerate() {
        if let Some(values) = fitted.derived.quantity(place) {
            group.add_quantity(name, &values)?;
        }
    }
    Ok(())
}

fn write_statistics(file: &mut NcFileBuilder, fitted: &Fitted) -> Result<()> {
    let (draws, stats) = (&fitted.draws, &fitted.draws.sample_stats);
    let mut group = Group::of_draws(file, "sample_stats", draws.chains, draws.draws)?;
    for statistic in &STATISTICS {
        match (statistic.values)(stats) {
            Values::Reals(values) => group.add(statistic.name, values).map(drop)?,
            Values::Truths(values) => group.add_truths(statistic.name, values)?,
            Values::Counts(values) => {
                let values: Vec<i64> = values.iter().map(|&value| i64::from(value)).collect();
                group.add(statistic.name, &values).map(drop)?;
            }
        }
    }
    Ok(())
}

fn write_predictive(file: &mut NcFileBuilder, problem: &Problem, fitted: &Fitted, fluxes: &[f64]) -> Result<()> {
    let draws = &fitted.draws;
    let mut group = Group::of_draws(file, "posterior_predictive", draws.chains, draws.draws)?;
    group.add_lines(problem)?;
    group.add("flux", fluxes).map(|_| ())
}

/// Writes the measured fluxes, and their errors, standard deviations and likelihoods.
fn write_data(file: &mut NcFileBuilder, problem: &Problem) -> Result<()> {
    let of_lines = |value: fn(&crate::problem::ProblemLine) -> f64| problem.lines.iter().map(value).collect::<Vec<_>>();
    let dimensions = Vec::new();
    let mut observed = Group {
        file,
        name: "observed_data",
        dimensions,
    };
    observed.add_lines(problem)?;
    observed.add("flux", &of_lines(|line| line.flux))?;
    let dimensions = Vec::new();
    let mut constant = Group {
        file,
        name: "constant_data",
        dimensions,
    };
    constant.add_lines(problem)?;
    constant.add("flux_err", &of_lines(|line| line.flux_err))?;
    constant.add("sigma", &of_lines(|line| line.sigma))?;
    let path = "constant_data/likelihood";
    let variable = constant.file.add_string_variable_path(path, &constant.dimensions)?;
    let names: Vec<&str> = problem.lines.iter().map(|line| line.likelihood).collect();
    constant.file.write_string_variable(variable, &names)
}

fn write_prior(file: &mut NcFileBuilder, problem: &Problem, values: &[f64]) -> Result<()> {
    let mut group = Group::of_draws(file, "prior", 1, PRIOR_DRAWS)?;
    for (place, parameter) in problem.parameters.iter().enumerate() {
        let drawn: Vec<f64> = values
            .iter()
            .skip(place)
            .step_by(problem.parameters.len())
            .copied()
            .collect();
        group.add_quantity(&parameter.name, &drawn)?;
    }
    Ok(())
}
