//! The shift between two sets of He I emissivities, a row of the grid for each line.
//!
//! Del Zanna & Storey (2022, MNRAS 513, 1198) and Porter et al. (2013, MNRAS 433, L89) differ by a
//! smooth function of temperature and density, line by line. An error of the emissivities is
//! therefore common to the lines.

use std::collections::BTreeMap;

use super::Set;
use crate::error::Result;
use crate::line::Ion;

/// Sets whose difference is the shift: the first less the second.
const SETS: [&str; 2] = ["He1-DZS22", "pyneb23"];

impl Set {
    /// Adds the rows of the shift, ln ε(Del Zanna & Storey) − ln ε(Porter), of each He I line. A
    /// set without He I, or on other nodes, has none.
    ///
    /// # Errors
    /// None in a program that passed its tests.
    pub(super) fn with_helium_shift(mut self) -> Result<Set> {
        let is_helium = |set: &Set, index: usize| set.list.lines[index].ion == Ion::HE1;
        let indices: Vec<usize> = (0..self.list.lines.len()).filter(|&i| is_helium(&self, i)).collect();
        if indices.is_empty() {
            return Ok(self);
        }
        let [plus, minus] = SETS.map(Set::raw);
        let (plus, minus) = (plus?, minus?);
        if self.axes != plus.axes {
            return Ok(self);
        }
        let mut rows = BTreeMap::new();
        for index in indices {
            let label = &self.list.lines[index].label;
            let both = plus.list.position(label).zip(minus.list.position(label));
            if let Some((first, second)) = both {
                let difference = plus.coefficients_of(first).zip(minus.coefficients_of(second));
                let row = self
                    .grid
                    .push_row(difference.map(|(first, second)| first - second).collect());
                rows.insert(index, row as u32);
            }
        }
        self.helium_shift = rows;
        Ok(self)
    }

    /// Spline coefficients of ln(ε/ε(Hβ)) of line `index`. The weights of a point sum to one, so
    /// the reference value joins every coefficient.
    fn coefficients_of(&self, index: usize) -> impl Iterator<Item = f64> {
        let reference = self.reference[1 + index];
        self.grid.coefs(1 + index).iter().map(move |coef| coef + reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_is_the_difference_of_the_two_sets_at_any_point() {
        let set = Set::built_in().unwrap();
        let other = Set::named(SETS[0]).unwrap();
        for label in ["He1_5876A", "He1_6678A", "He1_7065A", "He1_10830A"] {
            let (ours, theirs) = (set.list.position(label).unwrap(), other.list.position(label).unwrap());
            for (t, n) in [(3.9, 0.3), (4.1, 2.4), (4.3, 3.1)] {
                let expected = other.ln_ratio(theirs, t, n).0 - set.ln_ratio(ours, t, n).0;
                let row = set.helium_shift[&ours] as usize;
                let [found, ..] = set.grid.value::<f64>(row, &set.grid.at(t, n));
                assert!((found - expected).abs() < 1e-12, "{label} {t} {n}: {found} {expected}");
            }
        }
    }

    #[test]
    fn every_line_of_helium_has_a_shift_and_no_other_line() {
        let set = Set::built_in().unwrap();
        for (index, line) in set.list.lines.iter().enumerate() {
            assert_eq!(
                set.helium_shift.contains_key(&index),
                line.ion == Ion::HE1,
                "{}",
                line.label
            );
        }
    }
}
