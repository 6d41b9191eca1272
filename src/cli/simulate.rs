//! `nebulium simulate`: a catalogue with known truth.

use std::path::Path;

use super::args::Simulate;
use super::{Failure, GOOD, INPUT, Outcome, USAGE, during, input, say};
use crate::config::{Config, Emissivities, read_labels};
use crate::error::{Error, SimulateError};
use crate::export::{Tables, truth_path};
use crate::report::counted;
use crate::simulate::{LINES, Model, Options, Simulator, Truth};
use crate::table::read_columns;

/// Word that asks for truths from the priors.
const PRIOR: &str = "prior";

/// Writes a catalogue and its truths.
pub(super) fn run(arguments: &Simulate) -> Outcome {
    let (model, chosen) = model(arguments.config.as_deref())?;
    let set = chosen.applied_to(input::whole_set(arguments.emissivities.as_deref())?);
    let set = set.map_err(during(USAGE))?;
    let options = Options {
        lines: lines(arguments.lines.as_deref())?,
        snr: arguments.snr,
        noise: arguments.noise.parse().map_err(during(USAGE))?,
        limits: arguments.limits,
        seed: arguments.seed,
    };
    let simulator = Simulator::new(&set, &options, model).map_err(during(USAGE))?;
    let asked = arguments.objects.map(|objects| objects as usize);
    let (truth, objects) = match (&arguments.truth, asked) {
        (Some(path), _) if path != Path::new(PRIOR) => truth(path, &simulator, asked)?,
        (_, None) => return Err(during(USAGE)(Error::Simulate(SimulateError::HowMany))),
        (Some(_), Some(objects)) => (Truth::Prior, objects),
        (None, Some(objects)) => (Truth::Population, objects),
    };
    let faulty = if arguments.truth.is_some() { INPUT } else { USAGE };
    let mut tables = Tables::create(&arguments.out, arguments.force).map_err(during(USAGE))?;
    tables
        .add(simulator.catalogue_header(), &simulator.truth_header())
        .map_err(during(USAGE))?;
    for place in 0..objects {
        let object = simulator.object(place, &truth).map_err(during(faulty))?;
        let rows = (simulator.catalogue_rows(&object), simulator.truth_row(&object));
        tables.add(&rows.0, &rows.1).map_err(during(USAGE))?;
    }
    tables.finish().map_err(during(USAGE))?;
    let (out, truth) = (arguments.out.display(), truth_path(&arguments.out));
    say(&format!(
        "{} of {} lines in {out}, truths in {}.\n",
        counted(objects, "object"),
        simulator.labels().len() + 1,
        truth.display()
    ));
    Ok(GOOD)
}

/// Reads a configuration: model, and sources of the emissivities.
fn model(path: Option<&Path>) -> Result<(Model, Emissivities), Failure> {
    let Some(path) = path else {
        return Ok((Model::default(), Emissivities::default()));
    };
    let config = Config::read(path).map_err(during(USAGE))?;
    config.validate().map_err(during(USAGE))?;
    let model = Model {
        law: config.law().map_err(during(USAGE))?,
        settings: config.model_settings(),
        priors: config.priors,
    };
    Ok((model, config.emissivities))
}

/// Reads labels joined by commas or from a file; without an argument, the default ones.
fn lines(argument: Option<&str>) -> Result<Vec<String>, Failure> {
    match argument {
        None => Ok(LINES.map(String::from).to_vec()),
        Some(text) if Path::new(text).is_file() => read_labels(Path::new(text)).map_err(during(USAGE)),
        Some(text) => Ok(text
            .split(',')
            .map(|label| label.trim().to_owned())
            .filter(|label| !label.is_empty())
            .collect()),
    }
}

/// Reads the true parameters from a table, and the number of objects.
///
/// The table has one row for all objects, or one row for each; without `asked` there are as many
/// objects as rows.
fn truth(path: &Path, simulator: &Simulator<'_>, asked: Option<usize>) -> Result<(Truth, usize), Failure> {
    let table = read_columns(path, &simulator.parameters).map_err(during(INPUT))?;
    let objects = asked.unwrap_or(table.len());
    if table.len() != 1 && table.len() != objects {
        return Err(during(INPUT)(Error::Simulate(SimulateError::TruthRows {
            path: path.to_owned(),
            found: table.len(),
            expected: objects,
        })));
    }
    Ok((Truth::Table(table), objects))
}
