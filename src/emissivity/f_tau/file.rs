//! A file of f_tau as it is written, in one of two formats, and what makes a law wrong.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{COEFFICIENTS, FTau, TauCoefficients, TauForm};
use crate::error::{EmissivityError, Error, Result};
use crate::line::{Ion, Label};

/// The format of lines 1 + (tau/2) \[a + (b₀ + b₁ n + b₂ n²) t\].
const QUADRATIC: u32 = 1;
/// The format of lines (1 + a tau)/(1 + b tau), where a is a polynomial in log₁₀ n.
const RATIONAL: u32 = 2;

/// The key that both formats have.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// Format 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quadratic {
    #[serde(rename = "format")]
    _format: u32,
    name: String,
    citation: String,
    #[serde(rename = "valid_T")]
    valid_t: [f64; 2],
    n_max: f64,
    tau_max: f64,
    lines: BTreeMap<String, Bracket>,
}

/// A line of format 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bracket {
    a: f64,
    b0: f64,
    b1: f64,
    b2: f64,
}

/// Format 2.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rational {
    #[serde(rename = "format")]
    _format: u32,
    name: String,
    citation: String,
    /// The quantity that multiplies the second number of a pair.
    temperature: Scale,
    #[serde(rename = "valid_T")]
    valid_t: [f64; 2],
    valid_n: [f64; 2],
    tau_max: f64,
    lines: BTreeMap<String, Ratio>,
}

/// A scale of temperature, t = T/10⁴ K.
#[derive(Deserialize, Clone, Copy)]
enum Scale {
    #[serde(rename = "t")]
    Linear,
    #[serde(rename = "ln t")]
    Logarithmic,
}

/// A line of format 2: pairs p, q from the lowest power up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ratio {
    a: Vec<[f64; 2]>,
    b: f64,
}

/// The law of a file, without its hash.
pub(super) fn law(text: &str, path: &Path) -> Result<FTau> {
    let Version { format } = parsed(text, path)?;
    match format {
        QUADRATIC => parsed::<Quadratic>(text, path)?.law(path),
        RATIONAL => parsed::<Rational>(text, path)?.law(path),
        _ => Err(wrong(
            path,
            "format",
            format.to_string(),
            "1 or 2, the versions this program reads",
        )),
    }
}

/// Refuses a range that is empty, labels of other ions, and coefficients that have no value.
pub(super) fn check(law: &FTau, path: &Path) -> Result<()> {
    let [from, to] = law.valid_t;
    if !(positive(from) && from < to && to.is_finite()) {
        return Err(wrong(path, "valid_T", format!("[{from}, {to}]"), "0 < from < to, in K"));
    }
    if !positive(law.tau_max) {
        return Err(wrong(path, "tau_max", law.tau_max.to_string(), "an optical depth > 0"));
    }
    law.lines
        .iter()
        .try_for_each(|(label, line)| check_line(label, line, law.tau_max, path))
}

fn check_line(label: &str, line: &TauCoefficients, tau_max: f64, path: &Path) -> Result<()> {
    let known = label.parse::<Label>();
    if !known.is_ok_and(|label| label.ion == Ion::HE1 && !label.merged) {
        let expected = "labels of single He I lines, such as He1_7065A";
        return Err(wrong(path, "lines", label.to_owned(), expected));
    }
    let mut values = line.p.iter().chain(&line.q).chain([&line.b]);
    if let Some(value) = values.find(|value| !value.is_finite()) {
        let key = format!("lines.{label}");
        return Err(wrong(path, &key, value.to_string(), "finite coefficients"));
    }
    if 1.0 + line.b * tau_max <= 0.0 {
        let key = format!("lines.{label}.b");
        return Err(wrong(path, &key, line.b.to_string(), "1 + b tau > 0 up to tau_max"));
    }
    Ok(())
}

impl Quadratic {
    fn law(self, path: &Path) -> Result<FTau> {
        if !positive(self.n_max) {
            return Err(wrong(path, "n_max", self.n_max.to_string(), "a density in cm⁻³, > 0"));
        }
        let of = |line: &Bracket| TauCoefficients {
            p: [0.5 * line.a, 0.0, 0.0, 0.0, 0.0],
            q: [0.5 * line.b0, 0.5 * line.b1, 0.5 * line.b2, 0.0, 0.0],
            b: 0.0,
        };
        Ok(FTau {
            name: self.name,
            citation: self.citation,
            hash: String::new(),
            form: TauForm::N,
            valid_t: self.valid_t,
            valid_n: [0.0, self.n_max],
            tau_max: self.tau_max,
            lines: self
                .lines
                .iter()
                .map(|(label, line)| (label.clone(), of(line)))
                .collect(),
        })
    }
}

impl Rational {
    fn law(self, path: &Path) -> Result<FTau> {
        let [from, to] = self.valid_n;
        if !(positive(from) && from < to && to.is_finite()) {
            return Err(wrong(
                path,
                "valid_n",
                format!("[{from}, {to}]"),
                "0 < from < to, in cm⁻³",
            ));
        }
        let of = |(label, line): (&String, &Ratio)| Ok((label.clone(), line.coefficients(label, path)?));
        Ok(FTau {
            name: self.name,
            citation: self.citation,
            hash: String::new(),
            form: match self.temperature {
                Scale::Linear => TauForm::LogN,
                Scale::Logarithmic => TauForm::LogNLnT,
            },
            valid_t: self.valid_t,
            valid_n: self.valid_n,
            tau_max: self.tau_max,
            lines: self.lines.iter().map(of).collect::<Result<_>>()?,
        })
    }
}

impl Ratio {
    fn coefficients(&self, label: &str, path: &Path) -> Result<TauCoefficients> {
        if !(1..=COEFFICIENTS).contains(&self.a.len()) {
            let (key, found) = (format!("lines.{label}.a"), format!("{} pairs", self.a.len()));
            return Err(wrong(
                path,
                &key,
                found,
                "1 to 5 pairs [p, q], from the lowest power up",
            ));
        }
        let of = |which: usize| std::array::from_fn(|k| self.a.get(k).map_or(0.0, |pair| pair[which]));
        Ok(TauCoefficients {
            p: of(0),
            q: of(1),
            b: self.b,
        })
    }
}

fn parsed<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T> {
    toml::from_str(text).map_err(|source| Error::Toml {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

fn positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

fn wrong(path: &Path, key: &str, value: String, expected: &str) -> Error {
    Error::Emissivity(EmissivityError::ManifestValue {
        path: path.to_owned(),
        key: key.to_owned(),
        value,
        expected: expected.to_owned(),
    })
}
