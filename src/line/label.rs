//! Parts of labels in LiMe's notation, `O3_5007A`: ion, wavelength, suffixes.

use std::str::FromStr;

use super::ion::Ion;
use crate::error::{LineError, Result};

/// Å per μm.
const ANGSTROM_PER_MICRON: f64 = 1e4;
/// Largest distance of a label in Å from its line \[Å\]. It covers vacuum for air, truncated for
/// rounded, old rest wavelengths for new.
pub(crate) const TOLERANCE: f64 = 3.0;

/// Parts of a label (LiMe's notation: Fernández et al. 2024, A&A 688, A69).
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The emitting ion.
    pub ion: Ion,
    /// Nominal wavelength \[Å\], in air or vacuum; the notation does not say which.
    pub wavelength: f64,
    /// Largest distance of the line from `wavelength` \[Å\]: 3 Å, or one unit of the last digit of
    /// a label in μm.
    pub tolerance: f64,
    /// `_m`: one flux for several lines that were not resolved.
    pub merged: bool,
    /// `_b`: fitted together with its neighbours, but the flux is that of this line alone.
    pub blended: bool,
    /// `_k-1`: number of a kinematic component; 0 for the line itself.
    pub component: u32,
}

impl FromStr for Label {
    type Err = LineError;

    /// Reads `ION_WAVELENGTH{A|um}` with any of the suffixes `_m`, `_b`, `_k-N`. Fails with
    /// [`LineError::Label`].
    fn from_str(text: &str) -> Result<Label, LineError> {
        let wrong = || LineError::Label { label: text.to_owned() };
        let mut parts = text.split('_');
        let ion = parts.next().unwrap_or_default().parse::<Ion>().map_err(|_| wrong())?;
        let (wavelength, tolerance) = parts.next().and_then(wavelength).ok_or_else(wrong)?;
        let mut label = Label {
            ion,
            wavelength,
            tolerance,
            merged: false,
            blended: false,
            component: 0,
        };
        for suffix in parts {
            match suffix {
                "m" => label.merged = true,
                "b" => label.blended = true,
                _ => {
                    let number = suffix.strip_prefix("k-").ok_or_else(wrong)?;
                    label.component = number.parse().map_err(|_| wrong())?;
                }
            }
        }
        Ok(label)
    }
}

/// Wavelength and tolerance \[Å\] of `5007A` or `18.7um`, none if it is neither.
fn wavelength(text: &str) -> Option<(f64, f64)> {
    let (number, microns) = match text.strip_suffix("um") {
        Some(number) => (number, true),
        None => (text.strip_suffix('A')?, false),
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let value = number.parse::<f64>().ok().filter(|value| *value > 0.0)?;
    if !microns {
        return Some((value, TOLERANCE));
    }
    let decimals = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let last_digit = ANGSTROM_PER_MICRON / 10f64.powi(decimals as i32);
    Some((value * ANGSTROM_PER_MICRON, last_digit.max(TOLERANCE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        text.parse().unwrap()
    }

    #[test]
    fn takes_labels_apart() {
        assert_eq!(label("O3_5007A").ion.to_string(), "O3");
        assert_eq!(label("He1_10830A").wavelength, 10830.0);
        assert_eq!(label("S3_18.7um").wavelength, 187_000.0);
        assert_eq!(label("S3_18.7um").tolerance, 1000.0);
        assert_eq!(label("O3_52um").tolerance, 10_000.0);
        assert_eq!(label("O2_7318.92A").wavelength, 7318.92);
        assert!(label("O2_3726A_m").merged && !label("O2_3726A").merged);
        assert!(label("H1_6563A_b").blended);
        assert_eq!(label("O3_5007A_k-1").component, 1);
        assert_eq!(label("O3_5007A_b_k-2").component, 2);
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "O3",
            "O3_",
            "O3_A",
            "O3_5007",
            "O3_-5007A",
            "O3_5e3A",
            "O3_0A",
            "O3_infA",
            "O3_NaNA",
            "O3_5007nm",
        ] {
            assert!(text.parse::<Label>().is_err(), "{text}");
        }
        for text in [
            "O3_5007A_x",
            "O3_5007A_k-",
            "O3_5007A_k1",
            "5007A",
            "Q3_5007A",
            "Fe3_4658A_p-g_abs",
            "O3_5007A_",
        ] {
            let message = text.parse::<Label>().unwrap_err().to_string();
            assert!(message.contains(&format!("`{text}`")), "{message}");
        }
    }
}
