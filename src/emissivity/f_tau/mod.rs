//! Optical depth of He I as data: f_tau = 1 + (tau/2) \[a + (b₀ + b₁ n + b₂ n²) t\] line by line,
//! with the range of the fit.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{hexadecimal, read};
use crate::error::{Error, Result};
use crate::line::{Ion, Label};

/// The law in the program: Benjamin, Skillman & Smits 2002, ApJ 569, 288, Table 4.
const BUILT_IN: &str = include_str!("../../data/f_tau/benjamin2002.toml");
/// Path of the law in messages.
const BUILT_IN_PATH: &str = "built-in f_tau";
/// Version of the file that is read.
const FORMAT: u32 = 1;

/// A law of optical depth.
#[derive(Debug, Clone, PartialEq)]
pub struct FTau {
    /// Name of the law, such as `benjamin2002`.
    pub name: String,
    /// Paper of the law.
    pub citation: String,
    /// SHA-256 of the file in hexadecimal.
    pub hash: String,
    /// Temperatures of the fit \[K\], from, to.
    pub valid_t: [f64; 2],
    /// Largest density of the fit \[cm⁻³\].
    pub n_max: f64,
    /// Largest tau of the fit.
    pub tau_max: f64,
    /// a, b₀, b₁, b₂ by the line's label.
    lines: BTreeMap<String, [f64; 4]>,
}

/// Content of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    name: String,
    citation: String,
    #[serde(rename = "valid_T")]
    valid_t: [f64; 2],
    n_max: f64,
    tau_max: f64,
    lines: BTreeMap<String, Coefficients>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coefficients {
    a: f64,
    b0: f64,
    b1: f64,
    b2: f64,
}

impl FTau {
    /// The law in the program.
    ///
    /// # Errors
    /// None in a program that passed its tests.
    pub fn built_in() -> Result<FTau> {
        FTau::parse(BUILT_IN, Path::new(BUILT_IN_PATH))
    }

    /// Reads a law from a TOML file with the keys of `data/f_tau/benjamin2002.toml`.
    ///
    /// # Errors
    /// An unreadable file, an unknown or missing key, another format, an empty box, a label of
    /// another ion than He I, a coefficient that is not finite.
    pub fn read(path: &Path) -> Result<FTau> {
        FTau::parse(Error::text(&read(path)?, path)?, path)
    }

    /// Coefficients a, b₀, b₁, b₂ of a line; zeros where f_tau = 1.
    pub fn coefficients(&self, label: &str) -> [f64; 4] {
        self.lines.get(label).copied().unwrap_or_default()
    }

    fn parse(text: &str, path: &Path) -> Result<FTau> {
        let file: File = toml::from_str(text).map_err(|source| Error::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        file.check(path)?;
        let of = |line: Coefficients| [line.a, line.b0, line.b1, line.b2];
        Ok(FTau {
            hash: hexadecimal(&[text.as_bytes()]),
            name: file.name,
            citation: file.citation,
            valid_t: file.valid_t,
            n_max: file.n_max,
            tau_max: file.tau_max,
            lines: file.lines.into_iter().map(|(label, line)| (label, of(line))).collect(),
        })
    }
}

impl File {
    fn check(&self, path: &Path) -> Result<()> {
        let [from, to] = self.valid_t;
        let positive = |value: f64| value > 0.0 && value.is_finite();
        let checks = [
            (
                "format",
                self.format.to_string(),
                self.format == FORMAT,
                "1, the version this program reads",
            ),
            (
                "valid_T",
                format!("[{from}, {to}]"),
                positive(from) && from < to && to.is_finite(),
                "0 < from < to",
            ),
            (
                "n_max",
                self.n_max.to_string(),
                positive(self.n_max),
                "a density in cm⁻³, > 0",
            ),
            (
                "tau_max",
                self.tau_max.to_string(),
                positive(self.tau_max),
                "an optical depth > 0",
            ),
        ];
        let wrong = |key: &str, value: String, expected: &str| Error::ManifestValue {
            path: path.to_owned(),
            key: key.to_owned(),
            value,
            expected: expected.to_owned(),
        };
        for (key, value, holds, expected) in checks {
            if !holds {
                return Err(wrong(key, value, expected));
            }
        }
        for (label, line) in &self.lines {
            if !label
                .parse::<Label>()
                .is_ok_and(|label| label.ion == Ion::HE1 && !label.merged)
            {
                return Err(wrong(
                    "lines",
                    label.clone(),
                    "labels of single He I lines, such as He1_7065A",
                ));
            }
            let values = [line.a, line.b0, line.b1, line.b2];
            if values.iter().any(|value| !value.is_finite()) {
                return Err(wrong(
                    &format!("lines.{label}"),
                    format!("{values:?}"),
                    "finite coefficients",
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(old: &str, new: &str) -> String {
        let text = BUILT_IN.replacen(old, new, 1);
        assert_ne!(text, BUILT_IN, "{old}");
        FTau::parse(&text, Path::new("law.toml")).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_law_is_table_4() {
        let law = FTau::built_in().unwrap();
        assert_eq!(law.coefficients("He1_7065A"), [0.359, -3.46e-2, -1.84e-4, 3.039e-7]);
        assert_eq!(law.coefficients("He1_6678A"), [0.0; 4]);
        assert_eq!((law.valid_t, law.n_max, law.tau_max), ([12e3, 20e3], 300.0, 2.0));
        assert_eq!(law.lines.len(), 7);
    }

    #[test]
    fn a_law_that_cannot_be_right_is_refused() {
        let cases = [
            ("format = 1", "format = 2", "law.toml: format is `2`, expected 1"),
            (
                "[12000.0",
                "[32000.0",
                "law.toml: valid_T is `[32000, 20000]`, expected 0 < from < to",
            ),
            (
                "n_max = 300.0",
                "n_max = 0",
                "law.toml: n_max is `0`, expected a density",
            ),
            (
                "tau_max = 2.0",
                "tau_max = inf",
                "law.toml: tau_max is `inf`, expected an optical depth",
            ),
            (
                "He1_3889A",
                "O3_5007A",
                "law.toml: lines is `O3_5007A`, expected labels of single He I lines",
            ),
            ("a = -0.106", "a = nan", "law.toml: lines.He1_3889A is `[NaN,"),
        ];
        for (old, new, message) in cases {
            let said = refusal(old, new);
            assert!(said.starts_with(message), "{said}");
        }
        assert!(refusal("n_max =", "n_most =").contains("unknown field `n_most`"));
        assert!(
            FTau::read(Path::new("no/law.toml"))
                .unwrap_err()
                .to_string()
                .contains("no/law.toml")
        );
    }
}
