//! The optical depth of He I as data: f_tau = (1 + A tau)/(1 + b tau) line by line, and where it
//! was fitted.

mod file;

use std::collections::BTreeMap;
use std::path::Path;

use super::{hexadecimal, read};
use crate::error::{Error, Result};
use crate::number::wgsl::shared_enum;

/// The law that is part of the program: Benjamin, Skillman & Smits 2002, ApJ 569, 288, Table 4.
const BUILT_IN: &str = include_str!("../../../data/f_tau/benjamin2002.toml");
/// The name that stands for its path in messages.
const BUILT_IN_PATH: &str = "built-in f_tau";
/// The unit of t \[K\].
const T4: f64 = 1e4;
/// Most coefficients of a polynomial.
pub(crate) const COEFFICIENTS: usize = 5;

shared_enum! {
    /// The form of a law of f_tau: a polynomial in x whose coefficients are linear in s, t = T/10⁴
    /// K.
    pub enum TauForm {
        /// x = n, s = t.
        N = TAU_N,
        /// x = log₁₀ n, s = t.
        LogN = TAU_LOG_N,
        /// x = log₁₀ n, s = ln t.
        LogNLnT = TAU_LOG_N_LN_T,
    }
}

/// f_tau of a line: (1 + A tau)/(1 + b tau) with A = Σ (pₖ + qₖ s) xᵏ; the law's form says x and s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TauCoefficients {
    /// p₀ to p₄.
    pub p: [f64; COEFFICIENTS],
    /// q₀ to q₄.
    pub q: [f64; COEFFICIENTS],
    /// b.
    pub b: f64,
}

/// A law of optical depth.
#[derive(Debug, Clone, PartialEq)]
pub struct FTau {
    /// Name of the law, such as `benjamin2002`.
    pub name: String,
    /// Paper of the law.
    pub citation: String,
    /// SHA-256 of the file in hexadecimal.
    pub hash: String,
    /// The form of the law.
    pub form: TauForm,
    /// Temperatures of the fit \[K\], from, to.
    pub valid_t: [f64; 2],
    /// Densities of the fit [cm⁻³], from, to.
    pub valid_n: [f64; 2],
    /// Largest tau of the fit.
    pub tau_max: f64,
    /// Coefficients by the line's label.
    lines: BTreeMap<String, TauCoefficients>,
}

impl FTau {
    /// The law in the program.
    ///
    /// # Errors
    /// None in a program that passed its tests.
    pub fn built_in() -> Result<FTau> {
        FTau::parse(BUILT_IN, Path::new(BUILT_IN_PATH))
    }

    /// Reads a law from a TOML file of format 1 or 2 (docs/emissivities.md).
    ///
    /// # Errors
    /// An unreadable file, an unknown or missing key, another format, an empty range, a label that
    /// is not of He I, a coefficient that is not finite, a denominator that reaches zero within the
    /// range.
    pub fn read(path: &Path) -> Result<FTau> {
        FTau::parse(Error::text(&read(path)?, path)?, path)
    }

    /// The coefficients of a line; none where it keeps f_tau = 1.
    pub fn coefficients(&self, label: &str) -> Option<TauCoefficients> {
        self.lines.get(label).copied()
    }

    /// The range within which a rational law is held: least and largest log₁₀ n [cm⁻³], least and
    /// largest t = T/10⁴ K of `TAU_LOG_N` or ln t of `TAU_LOG_N_LN_T`; zeros of `TAU_N`, which is
    /// held at the largest density alone.
    pub fn held_range(&self) -> [f64; 4] {
        let [n_least, n_most] = self.valid_n.map(f64::log10);
        let t = self.valid_t.map(|kelvin| kelvin / T4);
        match self.form {
            TauForm::N => [0.0; 4],
            TauForm::LogN => [n_least, n_most, t[0], t[1]],
            _ => [n_least, n_most, t[0].ln(), t[1].ln()],
        }
    }

    fn parse(text: &str, path: &Path) -> Result<FTau> {
        let law = FTau {
            hash: hexadecimal(&[text.as_bytes()]),
            ..file::law(text, path)?
        };
        file::check(&law, path)?;
        Ok(law)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made-up coefficients in format 2.
    const RATIONAL: &str = r#"
        format = 2
        name = "made-up"
        citation = "none"
        temperature = "ln t"
        valid_T = [8000.0, 22000.0]
        valid_n = [1.0, 1e4]
        tau_max = 10.0
        [lines]
        He1_7065A = { b = 0.25, a = [[0.3, 0.1], [0.1, 0.2]] }
    "#;

    fn refusal(of: &str, old: &str, new: &str) -> String {
        let text = of.replacen(old, new, 1);
        assert_ne!(text, of, "{old}");
        FTau::parse(&text, Path::new("law.toml")).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_law_is_table_4() {
        let law = FTau::built_in().unwrap();
        let line = law.coefficients("He1_7065A").unwrap();
        assert_eq!((line.p, line.b), ([0.1795, 0.0, 0.0, 0.0, 0.0], 0.0));
        assert_eq!(line.q, [-1.73e-2, -0.92e-4, 1.5195e-7, 0.0, 0.0]);
        assert_eq!(law.coefficients("He1_6678A"), None);
        assert_eq!(
            (law.valid_t, law.valid_n, law.tau_max),
            ([12e3, 20e3], [0.0, 300.0], 2.0)
        );
        assert_eq!((law.form, law.lines.len()), (TauForm::N, 7));
    }

    #[test]
    fn a_rational_law_has_pairs_of_coefficients_and_a_range_of_its_own() {
        let law = FTau::parse(RATIONAL, Path::new("law.toml")).unwrap();
        let expected = TauCoefficients {
            p: [0.3, 0.1, 0.0, 0.0, 0.0],
            q: [0.1, 0.2, 0.0, 0.0, 0.0],
            b: 0.25,
        };
        assert_eq!(law.coefficients("He1_7065A"), Some(expected));
        assert_eq!(
            (law.valid_t, law.valid_n, law.form),
            ([8e3, 22e3], [1.0, 1e4], TauForm::LogNLnT)
        );
        let linear = FTau::parse(&RATIONAL.replace("ln t", "t"), Path::new("law.toml")).unwrap();
        assert_eq!(linear.form, TauForm::LogN);
    }

    #[test]
    fn a_law_that_cannot_be_right_is_refused() {
        let cases = [
            (BUILT_IN, "format = 1", "format = 3", "format is `3`, expected 1 or 2"),
            (
                BUILT_IN,
                "[12000.0",
                "[32000.0",
                "valid_T is `[32000, 20000]`, expected 0 < from < to",
            ),
            (
                BUILT_IN,
                "n_max = 300.0",
                "n_max = 0",
                "n_max is `0`, expected a density",
            ),
            (
                BUILT_IN,
                "tau_max = 2.0",
                "tau_max = inf",
                "tau_max is `inf`, expected an optical depth",
            ),
            (
                BUILT_IN,
                "He1_3889A",
                "O3_5007A",
                "lines is `O3_5007A`, expected labels of single He I lines",
            ),
            (
                BUILT_IN,
                "a = -0.106",
                "a = nan",
                "lines.He1_3889A is `NaN`, expected finite coefficients",
            ),
            (
                RATIONAL,
                "[1.0, 1e4]",
                "[0.0, 1e4]",
                "valid_n is `[0, 10000]`, expected 0 < from < to",
            ),
            (
                RATIONAL,
                "[[0.3, 0.1], [0.1, 0.2]]",
                "[]",
                "lines.He1_7065A.a is `0 pairs`, expected 1 to 5",
            ),
            (
                RATIONAL,
                "0.2]]",
                "0.2], [1,1], [1,1], [1,1], [1,1]]",
                "lines.He1_7065A.a is `6 pairs`",
            ),
            (
                RATIONAL,
                "b = 0.25",
                "b = -0.1",
                "lines.He1_7065A.b is `-0.1`, expected 1 + b tau > 0",
            ),
        ];
        for (of, old, new, message) in cases {
            let said = refusal(of, old, new);
            assert!(said.starts_with(&format!("law.toml: {message}")), "{said}");
        }
        assert!(refusal(BUILT_IN, "n_max =", "n_most =").contains("unknown field `n_most`"));
        assert!(refusal(RATIONAL, "valid_n", "n_max").contains("unknown field `n_max`"));
        assert!(refusal(RATIONAL, "\"ln t\"", "\"T\"").contains("unknown variant `T`"));
        let absent = FTau::read(Path::new("no/law.toml")).unwrap_err().to_string();
        assert!(absent.contains("no/law.toml"), "{absent}");
    }
}
