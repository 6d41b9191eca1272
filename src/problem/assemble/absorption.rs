//! Absorption by stars in one object: the decision to fit it, the lines that it leaves unknown, and
//! the errors of its ratios.

use super::Assembly;
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::problem::Recipe;
use crate::problem::absorption::{Ratio, is_most_absorbed, ratios};
use crate::table::{Measurement, Object};

/// Largest k_H and k_He among a measurement's members; none where no member has a ratio.
pub(super) fn largest_ratios(recipe: &Recipe<'_>, measurement: &Measurement) -> [Option<Ratio>; 2] {
    let list = &recipe.set.list.lines;
    let members = measurement.line.members.iter();
    let deeper = |a: Option<Ratio>, b: Option<Ratio>| match (a, b) {
        (Some(a), Some(b)) => Some(if b.value > a.value { b } else { a }),
        (one, other) => one.or(other),
    };
    members.fold([None; 2], |[k_h, k_he], &member| {
        let [h, he] = ratios(&list[member].label);
        [deeper(k_h, h), deeper(k_he, he)]
    })
}

/// True if a line of known ratio has an equivalent width.
fn has_width(recipe: &Recipe<'_>, measurement: &Measurement) -> bool {
    measurement.ew.is_some() && largest_ratios(recipe, measurement) != [None; 2]
}

/// True if absorption is fitted: stars are there, and Hβ and another line with a known ratio have
/// equivalent widths.
pub(super) fn is_fitted(recipe: &Recipe<'_>, object: &Object, used: &[&Measurement]) -> bool {
    recipe.has_stars() && object.hbeta.ew.is_some() && used.iter().any(|line| has_width(recipe, line))
}

/// Number of lines with an equivalent width and a k_H with correlated errors.
pub(super) fn count_correlated(recipe: &Recipe<'_>, used: &[&Measurement]) -> usize {
    let is_correlated = |line: &&&Measurement| {
        let [k_h, _] = largest_ratios(recipe, line);
        line.ew.is_some() && k_h.is_some_and(|ratio| ratio.is_correlated)
    };
    used.iter().filter(is_correlated).count()
}

/// Leaves out lines of H I and He I with an unknown absorption. No source gives the ratio, or the
/// ratio is large and the equivalent width is missing. Lines under `include` stay.
pub(super) fn leave_out(recipe: &Recipe<'_>, fitted: bool, used: &mut Vec<&Measurement>, flags: &mut Vec<Flag>) {
    used.retain(|measurement| {
        let unknown = is_unknown(recipe, fitted, measurement);
        if unknown {
            flags.push(Flag::about(Code::UnknownAbsorption, &measurement.line.label));
        }
        !unknown
    });
}

fn is_unknown(recipe: &Recipe<'_>, fitted: bool, measurement: &Measurement) -> bool {
    let list = &recipe.set.list.lines;
    let members = &measurement.line.members;
    let adapts = recipe.settings.preset.adapts();
    let is_stellar = |&member: &usize| [Ion::H1, Ion::HE1].contains(&list[member].ion);
    let is_asked = |member: &usize| recipe.included.contains(member);
    if !members.iter().all(is_stellar) || members.iter().any(is_asked) || !recipe.has_stars() {
        return false;
    }
    if largest_ratios(recipe, measurement) == [None; 2] {
        return fitted || adapts;
    }
    let is_large = |&member: &usize| is_most_absorbed(&list[member].label);
    adapts && measurement.ew.is_none() && members.iter().any(is_large)
}

impl Assembly<'_> {
    /// True if a line lacks the equivalent width that its correction for absorption needs.
    pub(super) fn lacks_width(&self, measurement: &Measurement) -> bool {
        self.absorption && measurement.ew.is_none() && largest_ratios(self.recipe, measurement) != [None; 2]
    }

    /// Ratios k_H/EW and k_He/EW of a measurement \[1/Å\]; 0 where absorption is not fitted or the
    /// width is missing.
    pub(super) fn absorption_per_width(&self, measurement: &Measurement) -> [f64; 2] {
        let ew = measurement.ew.filter(|_| self.absorption);
        largest_ratios(self.recipe, measurement).map(|ratio| match (ratio, ew) {
            (Some(ratio), Some(ew)) => ratio.value / ew,
            _ => 0.0,
        })
    }

    /// Error of a line from the uncertain ratios of absorption, as a fraction of the flux. It is
    /// the derivative of ln F with respect to k_H and k_He times their standard deviations. The
    /// widths a_H and a_He are at their root mean squares under the priors.
    ///
    /// The age of the stars makes k_H of all lines from H7 on larger or smaller together. N such
    /// lines know their common error no better than one, so the variance of each grows by a factor
    /// N. The error depends on priors and widths alone, and is the same at all positions of the
    /// posterior.
    pub(super) fn absorption_error(&self, measurement: &Measurement) -> f64 {
        let Some(ew) = measurement.ew.filter(|_| self.absorption) else {
            return 0.0;
        };
        let found = largest_ratios(self.recipe, measurement);
        let (mut lost, mut variance) = (0.0, 0.0);
        for (ratio, depth) in found.into_iter().zip(self.recipe.absorption) {
            let Some(Ratio {
                value,
                sd,
                is_correlated,
            }) = ratio
            else {
                continue;
            };
            lost += value * depth;
            let lines = if is_correlated { self.correlated_lines } else { 1 };
            variance += lines as f64 * (sd * depth).powi(2);
        }
        variance.sqrt() / (ew + lost)
    }
}
