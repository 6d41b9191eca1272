//! `manifest.json`: the provenance of a result, and a description of its files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::carried;
use super::draws::{Array, Shape};
use super::quantity::quantity;
use super::staging::Written;
use super::statistics::ABSENT;
use crate::abundance;
use crate::backend::Replayed;
use crate::draws::Method;
use crate::fit::Carried;
use crate::summary::derived_names;
use crate::table::Kind;

/// Version of the manifest's layout.
const FORMAT: u32 = 1;

/// Provenance of a result.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// The catalogue's files, each with its SHA-256.
    pub catalogues: Vec<(String, String)>,
    /// The side table of priors and its SHA-256, if there was one.
    pub priors: Option<(String, String)>,
    /// The configuration in full, as TOML, and its SHA-256.
    pub configuration: (String, String),
    /// Method of the run.
    pub method: Method,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Name, SHA-256 and citations of the emissivities.
    pub emissivities: (String, String, Vec<String>),
    /// Name and SHA-256 of the optical depth of He I, and its paper.
    pub f_tau: (String, String, String),
    /// The reddening law, its R_V, and the SHA-256 of its table.
    pub extinction: (String, Option<f64>, Option<String>),
    /// The ionisation corrections of the derived abundances.
    pub abundances: abundance::Settings,
    /// Backend and device, in words.
    pub backend: String,
    /// Every label of the catalogue, with its members.
    pub lines: BTreeMap<String, Vec<String>>,
    /// Columns of the catalogue that the results keep.
    pub kept: Vec<Carried>,
    /// True if texts that begin as formulas stand behind an apostrophe in results.csv,
    /// results.fits and lines.csv.
    pub escape_formulas: bool,
}

/// Counts of the objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Objects by status.
    pub(super) status: BTreeMap<&'static str, usize>,
    /// Flags by code.
    pub(super) flags: BTreeMap<&'static str, usize>,
}

/// Makes the manifest as JSON.
pub(super) fn manifest(
    provenance: &Provenance,
    (f32_error, replayed): (Option<f64>, Option<Replayed>),
    (columns, kept): (&[String], &[carried::Column]),
    shape: Shape,
    every: Option<usize>,
    counts: &Counts,
    files: &[(Written, Option<Array>)],
) -> Value {
    let named = |name: &str| json!({ "name": name, "unit": quantity(name).unit });
    let hashed = |(file, sha256): &(String, String)| json!({ "file": file, "sha256": sha256 });
    let (file, sha256) = provenance.catalogues.first().cloned().unwrap_or_default();
    let more: Vec<Value> = provenance.catalogues.iter().skip(1).map(hashed).collect();
    let (toml, toml_sha256) = &provenance.configuration;
    let (set, set_sha256, citations) = &provenance.emissivities;
    let (f_tau, f_tau_sha256, f_tau_paper) = &provenance.f_tau;
    let (law, rv, law_sha256) = &provenance.extinction;
    let priors = provenance.priors.as_ref();
    json!({
        "format": FORMAT,
        "nebulium": env!("CARGO_PKG_VERSION"),
        "catalogue": { "file": file, "sha256": sha256, "more": more, "objects": shape.objects },
        "priors": priors.map(|(file, sha256)| json!({ "file": file, "sha256": sha256 })),
        "configuration": { "toml": toml, "sha256": toml_sha256 },
        "method": provenance.method.name(),
        "seed": provenance.seed,
        "emissivities": { "name": set, "sha256": set_sha256, "citations": citations },
        "f_tau": { "name": f_tau, "sha256": f_tau_sha256, "citation": f_tau_paper },
        "extinction": { "law": law, "rv": rv, "sha256": law_sha256 },
        "backend": provenance.backend,
        "f32_audit": f32_error.map(|error| if error.is_finite() { json!(error) } else { json!(error.to_string()) }),
        "audit": replayed.map(audit),
        "parameters": columns.iter().map(|name| named(name)).collect::<Vec<_>>(),
        "derived": derived(&provenance.abundances),
        "kept": kept.iter().map(carried_column).collect::<Vec<_>>(),
        "lines": provenance.lines,
        "status": counts.status,
        "flags": counts.flags,
        "draws": draws(columns, shape, every),
        "files": files.iter().map(described).collect::<serde_json::Map<_, _>>(),
    })
}

/// Kept column: name in the results, name in the catalogue, unit and kind.
fn carried_column(column: &carried::Column) -> Value {
    let kind = match column.of.kind {
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Text => "text",
    };
    json!({ "name": column.name, "column": column.of.name, "unit": column.of.unit, "kind": kind })
}

/// Audit of replayed transitions.
fn audit(replayed: Replayed) -> Value {
    json!({
        "transitions": replayed.transitions,
        "disagreeing": replayed.disagreeing,
        "worst_energy": replayed.worst_energy,
    })
}

/// Quantities derived draw by draw, each with its unit; an abundance has its ionisation correction.
fn derived(settings: &abundance::Settings) -> Vec<Value> {
    let corrections = settings.names();
    let icf = |name: &str| {
        let place = abundance::NAMES.iter().position(|other| *other == name);
        place.map(|place| corrections[place])
    };
    let described = |name: &str| json!({ "name": name, "unit": quantity(name).unit, "icf": icf(name) });
    derived_names().map(described).collect()
}

/// Description of the kept draws; null if none is kept.
fn draws(columns: &[String], shape: Shape, every: Option<usize>) -> Value {
    let Some(every) = every else {
        return Value::Null;
    };
    let kept: Vec<usize> = (every - 1..shape.draws).step_by(every).collect();
    json!({
        "dims": ["object", "chain", "draw", "parameter"],
        "coords": { "object": "ids.npy", "chain": (0..shape.chains).collect::<Vec<_>>(), "draw": kept, "parameter": columns, "quantity": abundance::NAMES },
        "drawn": shape.draws,
        "every": every,
        "absent": { "real": "NaN", "integer": ABSENT, "bool": false },
    })
}

/// Name and description of a file.
fn described((written, array): &(Written, Option<Array>)) -> (String, Value) {
    let mut file = json!(written);
    if let Some(array) = array {
        file["dtype"] = json!(array.dtype);
        file["shape"] = json!(array.shape);
        file["dims"] = json!(array.dims);
    }
    (written.name.clone(), file)
}
