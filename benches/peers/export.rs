//! Writes a catalogue's problems as JSON, so that other samplers can be given the log density that
//! nebulium samples: the records that it reads, the spline coefficients that they name, mode and
//! Hessian, and values and gradients to check against.
//!
//! `cargo run --release --example export -- CONFIG.toml CATALOGUE OUT.json`

use std::collections::BTreeSet;
use std::path::Path;

use nebulium::config::Config;
use nebulium::emissivity::{Grid, Set};
use nebulium::error::Error;
use nebulium::metric::Metric;
use nebulium::mode;
use nebulium::model::Evaluator;
use nebulium::model::code::Family;
use nebulium::model::record::NONE;
use nebulium::problem::{Problem, Source};
use nebulium::rng::{Key, normal, purpose};
use nebulium::table::{self, Entry};
use serde_json::{Value, json};

/// Positions at which log density and gradient are written: the first at the mode, the others
/// around it.
const TESTS: u32 = 6;
/// Their distance from the mode, in standard deviations of the Laplace approximation a coordinate.
const SPREAD: f64 = 1.5;

/// An index, or null where there is none.
fn index(value: u32) -> Option<u32> {
    (value != NONE).then_some(value)
}

/// The family whose density a family has between the slot's bounds: a half-normal prior is a normal
/// prior cut at 0.
fn family(family: Family) -> Family {
    if family == Family::HalfNormal {
        Family::Normal
    } else {
        family
    }
}

/// The problem's records, without what says only where they lie in a batch.
fn records(problem: &Problem) -> Value {
    let object = &problem.object;
    let h = &object.header;
    let zones: Vec<(usize, usize)> = (0..h.zones as usize).map(|zone| h.zone(zone)).collect();
    let slot = object.slots.iter().map(|s| {
        json!({
            "kind": s.kind as u32, "family": family(s.family) as u32, "coordinate": index(s.coordinate), "parent": index(s.parent), "log10": s.log10,
            "location": s.location, "width": s.width, "offset": s.offset, "lower": s.lower, "upper": s.upper, "scale": s.scale, "low_snr": s.low_snr, "ln_unit": s.ln_unit, "tail_slope": s.tail_slope,
        })
    });
    let ion = object.ions.iter().zip(&problem.ions).map(|(i, name)| {
        json!({
            "name": name.to_string(), "kind": i.kind as u32, "source": index(i.source), "first_reference": i.first_reference,
            "references": i.references, "location": i.location, "inverse_width": i.inverse_width, "base": i.base, "low_snr": i.low_snr, "ln_unit": i.ln_unit, "tail_slope": i.tail_slope,
        })
    });
    let term = object.terms.iter().map(|t| {
        json!({
            "ion": t.ion, "times": index(t.times), "over": index(t.over), "zone": t.zone, "table": index(t.table),
            "collisional": t.collisional, "constant": t.constant, "law_a": t.law_a, "law_b": t.law_b,
            "tau": [2.0 * t.tau_p0, 2.0 * t.tau_q0, 2.0 * t.tau_q1, 2.0 * t.tau_q2],
        })
    });
    let line = object.lines.iter().zip(&problem.lines).map(|(l, known)| {
        json!({
            "label": known.label, "first_term": l.first_term, "terms": l.terms, "likelihood": l.likelihood as u32, "arm": index(l.arm),
            "flux": l.flux, "inverse_sigma": l.inverse_sigma, "start": l.starting_flux(),
        })
    });
    json!({
        "dimension": h.dimension, "constant": h.constant, "zones": zones, "c_hbeta": h.c_hbeta, "tau": h.tau, "rv": h.rv,
        "absent": { "a_H": h.a_h, "a_He": h.a_he, "ln_FHbeta": h.ln_f_hbeta, "xi": h.xi, "nu": h.nu },
        "law_hbeta": [h.law_a_hbeta, h.law_b_hbeta],
        "slots": slot.collect::<Vec<_>>(), "ions": ion.collect::<Vec<_>>(), "terms": term.collect::<Vec<_>>(),
        "lines": line.collect::<Vec<_>>(),
    })
}

/// The parameters that users know, each with where its value is found.
fn parameters(problem: &Problem) -> Vec<Value> {
    let described = problem.parameters.iter().map(|parameter| {
        let (kind, place) = match parameter.source {
            Source::Slot(slot) => ("slot", slot),
            Source::Exp10Slot(slot) => ("exp10", slot),
            Source::Metal(ion) => ("metal", ion),
            Source::Helium(ion) => ("helium", ion),
        };
        json!({ "name": parameter.name, "kind": kind, "place": place, "coordinate": parameter.coordinate })
    });
    described.collect()
}

/// Mode, Hessian, and log densities with gradients and physical values at test positions; null
/// without a mode.
fn truth(problem: &Problem, grid: &Grid<f64>) -> Value {
    let mode = mode::find(problem, grid);
    let metric = mode
        .as_ref()
        .and_then(|mode| Metric::from_precision(&mode.position, &mode.hessian));
    let Some((mode, metric)) = mode.zip(metric) else {
        return Value::Null;
    };
    let key = Key::new(0, &problem.id);
    let dimension = mode.position.len();
    let mut evaluator = Evaluator::new(&problem.object, grid);
    let test = (0..TESTS).map(|number| {
        let spread = if number == 0 { 0.0 } else { SPREAD };
        let noise = |i: usize| spread * normal(&key, number, 0, purpose("peers"), i as u32);
        let whitened: Vec<f64> = (0..dimension).map(noise).collect();
        let (mut position, mut gradient) = (vec![0.0; dimension], vec![0.0; dimension]);
        metric.to_position(&whitened, &mut position);
        let logdensity = evaluator.logdensity(&position, &mut gradient);
        let mut physical = vec![0.0; problem.parameters.len()];
        problem.physical(&mut evaluator, &position, &mut physical);
        json!({ "position": position, "logdensity": logdensity, "gradient": gradient, "physical": physical })
    });
    let tests: Vec<Value> = test.collect();
    json!({ "position": mode.position, "logdensity": mode.logdensity, "hessian": mode.hessian, "tests": tests })
}

/// The grid with the rows that some term names, by their number.
fn tables(problems: &[Problem], grid: &Grid<f64>) -> Value {
    let terms = problems.iter().flat_map(|problem| &problem.object.terms);
    let used: BTreeSet<u32> = terms.filter_map(|term| index(term.table)).collect();
    let row = |row: &u32| (row.to_string(), json!(grid.coefs(*row as usize)));
    json!({
        "log10_t": [grid.first_t, grid.inverse_step_t], "nodes_t": grid.nodes_t,
        "log10_n": [grid.first_n, grid.inverse_step_n], "nodes_n": grid.nodes_n,
        "rows": used.iter().map(row).collect::<serde_json::Map<_, _>>(),
    })
}

fn run(config: &Path, catalogue: &Path, out: &Path) -> Result<(), Error> {
    let config = Config::read(config)?;
    config.validate()?;
    let set = config.emissivities.applied_to(Set::built_in()?)?;
    let recipe = config.recipe(&set)?;
    let catalogue = table::read(catalogue, &set.list, &config.table_settings())?;
    let fitted = catalogue.entries.iter().filter_map(|entry| match entry {
        Entry::Fit(object) => Problem::new(&recipe, object).ok(),
        Entry::Rejected { .. } => None,
    });
    let problems: Vec<Problem> = fitted.collect();
    let object = problems.iter().map(|problem| {
        json!({
            "id": problem.id, "coordinates": problem.coordinate_names(), "parameters": parameters(problem),
            "records": records(problem), "mode": truth(problem, &set.grid),
        })
    });
    let objects: Vec<Value> = object.collect();
    let text = json!({ "grid": tables(&problems, &set.grid), "objects": objects }).to_string();
    std::fs::write(out, text).map_err(|source| Error::Io {
        path: out.to_owned(),
        source,
    })
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [config, catalogue, out] = arguments.as_slice() else {
        eprintln!("usage: export CONFIG.toml CATALOGUE OUT.json");
        std::process::exit(2);
    };
    if let Err(error) = run(config.as_ref(), catalogue.as_ref(), out.as_ref()) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
