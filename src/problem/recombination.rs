//! Recombination in auroral lines: the flux that it adds to the collisional one (Liu et al. 2000,
//! MNRAS 312, 585, eqs. 1 to 3).
//!
//! Relative to I(Hβ), with t = T/10⁴ K of the parent ion's zone:
//!
//! * \[N II\] 5755: 3.19 t^0.30 N²⁺/H⁺, with N²⁺/H⁺ = N⁺ O²⁺/O⁺;
//! * \[O II\] 7320 + 7330: 9.36 t^0.44 O²⁺/H⁺;
//! * \[O III\] 4363: 12.4 t^0.59 O³⁺/H⁺, with O³⁺/H⁺ = (O⁺ + O²⁺) He²⁺/He⁺.
//!
//! N²⁺ and O³⁺ are not sampled.

use super::Recipe;
use super::settings::Recombination;
use crate::error::{Error, Result};
use crate::line::Ion;

/// Product of abundances X · times / over: the ion X, and the ions that multiply and divide it.
pub(super) type Product = (&'static str, Option<(&'static str, &'static str)>);

/// Recombination in the auroral lines of one ion.
#[derive(Debug)]
pub(super) struct Feed {
    /// Ion that emits the lines.
    ion: &'static str,
    /// Ion that recombines; the conditions are those of its zone.
    parent: &'static str,
    /// Lines, each with its share of the sum.
    lines: &'static [(&'static str, f64)],
    /// Intensity of all lines relative to Hβ at 10⁴ K, per unit of the parent's abundance.
    pub coefficient: f64,
    /// Power of t.
    pub power: f64,
    /// Temperatures \[K\] of the fit.
    pub range: [f64; 2],
    /// Terms of the sum that is the parent's abundance.
    pub abundance: &'static [Product],
}

/// Sum of the four lines of \[O II\] 7325 at 10⁴ K and 100 cm⁻³, in the scale of their shares
/// below.
const SUM_7325: f64 = 66.9 + 199.3 + 110.7 + 104.4;

const FEEDS: [Feed; 3] = [
    Feed {
        ion: "N2",
        parent: "N3",
        lines: &[("N2_5755A", 1.0)],
        coefficient: 3.19,
        power: 0.30,
        range: [5000.0, 20_000.0],
        abundance: &[("N2", Some(("O3", "O2")))],
    },
    Feed {
        ion: "O2",
        parent: "O3",
        lines: &[
            ("O2_7319A", 66.9 / SUM_7325),
            ("O2_7320A", 199.3 / SUM_7325),
            ("O2_7330A", 110.7 / SUM_7325),
            ("O2_7331A", 104.4 / SUM_7325),
        ],
        coefficient: 9.36,
        power: 0.44,
        range: [5000.0, 10_000.0],
        abundance: &[("O3", None)],
    },
    Feed {
        ion: "O3",
        parent: "O4",
        lines: &[("O3_4363A", 1.0)],
        coefficient: 12.4,
        power: 0.59,
        range: [5000.0, 20_000.0],
        abundance: &[("O2", Some(("He2", "He1"))), ("O3", Some(("He2", "He1")))],
    },
];

/// Ion of the tables above.
pub(super) fn ion(name: &str) -> Ion {
    name.parse().expect("the ions of the tables are ions")
}

impl Feed {
    /// Ion that recombines.
    pub fn parent(&self) -> Ion {
        ion(self.parent)
    }
}

impl Recombination {
    /// True if recombination feeds the lines of an ion.
    fn feeds(&self, ion: &str) -> bool {
        match self {
            Recombination::Switch(on) => *on,
            Recombination::Ions(ions) => ions.iter().any(|known| known == ion),
        }
    }

    /// Refuses ions other than those of the tables.
    pub(super) fn check(&self) -> Result<()> {
        let Recombination::Ions(ions) = self else {
            return Ok(());
        };
        match ions
            .iter()
            .find(|ion| !FEEDS.iter().any(|feed| feed.ion == ion.as_str()))
        {
            None => Ok(()),
            Some(ion) => Err(Error::Setting {
                key: "recombination",
                value: ion.clone(),
                expected: "true, false or some of O2, N2 and O3",
            }),
        }
    }
}

impl Recipe<'_> {
    /// Recombination that feeds a line, and the line's share of it.
    pub(super) fn feed(&self, label: &str) -> Option<(&'static Feed, f64)> {
        FEEDS
            .iter()
            .filter(|feed| self.settings.recombination.feeds(feed.ion))
            .find_map(|feed| {
                let (_, share) = feed.lines.iter().find(|(line, _)| *line == label)?;
                Some((feed, *share))
            })
    }
}
