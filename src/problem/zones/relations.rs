//! Relations between the temperatures of two zones, by the name of their paper.

use crate::error::{Error, Result, ZoneError};
use crate::model::code::RelationForm::{self, Inverse, Linear, PerezMontero2009};

/// T in units of 10⁴ K.
const T4: f64 = 1e4;

/// Relation of a zone's temperature to another's, t = T/10⁴ K.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::problem) struct Relation {
    /// Name, `custom` for the user's own coefficients.
    pub name: String,
    /// Linear: t = slope t' + intercept. Inverse: 1/t = slope/t' + intercept. PerezMontero2009: no
    /// coefficients.
    pub form: RelationForm,
    /// Slope of t, or of 1/t.
    pub slope: f64,
    /// Intercept of t, or of 1/t.
    pub intercept: f64,
    /// Range of the temperature on the right side.
    pub range: Range,
}

/// First and last temperature \[K\] for which a relation was published; none where unknown.
type Range = Option<[f64; 2]>;

/// Temperatures of the models of Garnett (1992, AJ 103, 1330).
const GARNETT: Range = Some([2e3, 1.8e4]);

/// Relations by name: form, slope and intercept, and the range \[K\] of the temperature on the
/// right. A range that we do not know is none.
const NAMED: [(&str, RelationForm, f64, f64, Range); 9] = [
    // t[O III] = 1.0807 t[S III] − 0.0846: the truths of the talk, 15 590 K and 16 000 K. The
    // inverse is Hägele's 1.19 within its errors (Fernández et al. 2018, MNRAS 478, 5301, use it
    // so).
    ("talk", Linear, 1.0807, -0.0846, None),
    // t[O II] = 0.70 t[O III] + 0.30: Garnett (1992, AJ 103, 1330), after Campbell, Terlevich &
    // Melnick (1986, MNRAS 223, 811). The equation is for photoionisation models of 2000 to 18 000
    // K.
    ("garnett1992", Linear, 0.70, 0.30, GARNETT),
    // t[S III] = 0.83 t[O III] + 0.17: the same.
    ("garnett1992-s3", Linear, 0.83, 0.17, GARNETT),
    // T_low = 0.648 T_high + 3270 K: the direct catalogue of DESI DR2 (arXiv 2601.02463), 49,959
    // galaxies. We do not know its scatter and range.
    ("desi-dr2", Linear, 0.648, 0.327, None),
    // t[S III] = (1.19 ± 0.08) t[O III] − (0.32 ± 0.10): Hägele et al. (2006, MNRAS 372, 293), H II
    // galaxies.
    ("hagele2006", Linear, 1.19, -0.32, None),
    // t[O II] = (1.2 + 0.002 n + 4.2/n) / (1/t[O III] + 0.08 + 0.003 n + 2.5/n): Pérez-Montero &
    // Contini (2009, MNRAS 398, 949), photoionisation models, n in cm⁻³.
    ("perez-montero-contini2009", PerezMontero2009, 0.0, 0.0, None),
    // t2 = 0.729 t3 + 0.257: Pilyugin, Vílchez & Thuan (2006, MNRAS 370, 1928), H II regions of
    // high metallicity.
    ("pilyugin2006", Linear, 0.729, 0.257, None),
    // 1/t[N II] = 0.54/t[O III] + 0.52 where P < 0.5: Arellano-Córdova & Rodríguez (2020, MNRAS
    // 497, 672). P is ([O III] 4959 + 5007)/([O II] 3727 + [O III] 4959 + 5007).
    ("arellano-cordova-rodriguez2020-low", Inverse, 0.54, 0.52, None),
    // 1/t[N II] = 0.61/t[O III] + 0.36 where P ≥ 0.5: the same.
    ("arellano-cordova-rodriguez2020-high", Inverse, 0.61, 0.36, None),
];

impl Relation {
    /// Relation called `name`, which `zone` asks for.
    pub fn named(zone: &str, name: &str) -> Result<Self> {
        let Some(&(name, form, slope, intercept, range)) = NAMED.iter().find(|(known, ..)| *known == name) else {
            return Err(Error::Zone(ZoneError::UnknownRelation {
                zone: zone.into(),
                relation: name.into(),
                known: NAMED.map(|(name, ..)| name).join(", "),
            }));
        };
        Ok(Relation {
            name: name.to_owned(),
            form,
            slope,
            intercept,
            range,
        })
    }

    /// Location and slope of a slot in K.
    pub fn in_kelvin(&self) -> (f64, f64) {
        match self.form {
            Linear => (T4 * self.intercept, self.slope),
            Inverse | PerezMontero2009 => (self.intercept, self.slope),
        }
    }

    /// Temperature \[K\] at T' = 10⁴ K and n_e = 100 cm⁻³.
    pub fn at_reference(&self) -> f64 {
        T4 * match self.form {
            Linear => self.slope + self.intercept,
            Inverse => 1.0 / (self.slope + self.intercept),
            PerezMontero2009 => (1.2 + 0.2 + 0.042) / (1.0 + 0.08 + 0.3 + 0.025),
        }
    }

    /// Equation in words, with the temperature `parent` on the right side.
    pub fn formula(&self, parent: &str) -> String {
        let rounded = |x: f64| (1e4 * x).round() / 1e4;
        let signed = |x: f64| format!("{} {}", if x < 0.0 { "-" } else { "+" }, x.abs());
        let Relation { slope, intercept, .. } = self;
        match self.form {
            Linear => format!("{} {parent} {} K", rounded(*slope), signed((T4 * intercept).round())),
            Inverse => format!("1/t = {slope}/t({parent}) {}", signed(*intercept)),
            PerezMontero2009 => format!("t[O II] of {parent} and n_e"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Truths of the talk, and the published relations at 10⁴ K by hand.
    #[test]
    fn relations_give_their_papers_numbers() {
        let talk = Relation::named("high", "talk").unwrap();
        let (location, slope) = talk.in_kelvin();
        assert!((location + slope * 15_590.0 - 16_002.0).abs() < 1.0);
        for (name, kelvin) in [
            ("garnett1992", 10_000.0),
            ("garnett1992-s3", 10_000.0),
            ("desi-dr2", 9750.0),
            ("hagele2006", 8700.0),
            ("pilyugin2006", 9860.0),
            ("arellano-cordova-rodriguez2020-low", 1e4 / 1.06),
            ("arellano-cordova-rodriguez2020-high", 1e4 / 0.97),
            ("perez-montero-contini2009", 1e4 * 1.442 / 1.405),
        ] {
            let relation = Relation::named("low", name).unwrap();
            assert!((relation.at_reference() - kelvin).abs() < 0.01, "{name}");
        }
        assert_eq!(talk.formula("T_S3"), "1.0807 T_S3 - 846 K");
        let message = Relation::named("low", "garnet1992").unwrap_err().to_string();
        assert!(
            message.contains("`garnet1992`") && message.contains("garnett1992"),
            "{message}"
        );
    }
}
