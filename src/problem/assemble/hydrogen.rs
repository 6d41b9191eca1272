//! Flags of an object's hydrogen lines: ratios that no dust explains, ratios without any dust, and
//! no line beside Hβ.

use super::Assembly;
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Ion};
use crate::problem::balmer::{Balmer, H_ALPHA};
use crate::table::Measurement;

/// Parameter that hydrogen lines hold.
const EXTINCTION: &str = "cHbeta";

impl Assembly<'_> {
    /// Flags the ratios of the hydrogen lines and the extinction that they imply. Without a
    /// reddening law, or with a prior of the extinction, only the ratio Hα/Hβ counts.
    pub(super) fn flag_hydrogen(&mut self) {
        let list = &self.recipe.set.list;
        let ratios = Balmer::new(list).ratios(&self.object.hbeta, self.used.iter().copied());
        if ratios.absurd_h_alpha().is_some() {
            self.flags.push(Flag::about(Code::BalmerRatio, H_ALPHA));
        }
        let given = self.recipe.priors.contains_key(EXTINCTION) || self.object.priors.contains_key(EXTINCTION);
        if given || !self.recipe.reddens() {
            return;
        }
        if !self.used.iter().any(|measurement| self.is_hydrogen(measurement)) {
            self.flags.push(Flag::about(Code::NoBalmer, EXTINCTION));
        } else if ratios.is_case_b() == Some(true) {
            self.flags.push(Flag::about(Code::Dereddened, EXTINCTION));
        }
    }

    /// True if a measurement is a flux of hydrogen alone, and not of Hβ.
    fn is_hydrogen(&self, measurement: &Measurement) -> bool {
        let list = &self.recipe.set.list;
        let mut members = measurement.line.members.iter();
        let other = |&member: &usize| list.lines[member].ion == Ion::H1 && list.lines[member].label != H_BETA;
        !measurement.limit && measurement.flux > 0.0 && members.all(other)
    }
}
