//! Parameters with draws that pile up at a cut of the data's range or of the user. Bounds of nature
//! do not count.

use crate::flag::{Code, Flag};
use crate::model::record::UNBOUNDED;
use crate::problem::{Parameter, Problem, Source};

/// Fraction of the interval between the bounds that counts as near a bound.
const NEAR: f64 = 0.02;
/// Fraction of the draws near a bound above which there is a flag.
const PILED: f64 = 0.05;

/// Flags `at_bound` for each free temperature at either of its bounds, each free density at its
/// upper one and tau at its upper one.
///
/// Zero is a bound of nature, so tau = 0 has no flag. Neither has the lower end of a density, below
/// which no line responds. `columns` are the draws of each parameter.
pub(super) fn reached(problem: &Problem, columns: &[Vec<f64>]) -> Vec<Flag> {
    let parameters = problem.parameters.iter().zip(columns);
    let piled = parameters.filter(|(parameter, draws)| {
        parameter.coordinate.is_some() && scaled(problem, parameter).is_some_and(|bounded| bounded.holds_many(draws))
    });
    piled
        .map(|(parameter, _)| Flag::about(Code::AtBound, &parameter.name))
        .collect()
}

/// Bounds of a parameter, on the scale on which nearness is measured.
struct Bounded {
    scale: fn(f64) -> f64,
    interval: [f64; 2],
    /// True if the lower bound is a cut.
    has_lower: bool,
}

/// Bounds of a temperature \[K\], a density (log₁₀) or tau. None of other parameters, and none
/// where the support is open.
fn scaled(problem: &Problem, parameter: &Parameter) -> Option<Bounded> {
    let (lower, upper) = parameter.prior.support();
    let same: fn(f64) -> f64 = |value| value;
    let (scale, interval, has_lower) = match parameter.source {
        Source::Exp10Slot(slot) if problem.object.slots[slot].log10 == 0 => {
            (f64::log10 as fn(f64) -> f64, [lower, upper], false)
        }
        Source::Exp10Slot(_) => (
            f64::log10 as fn(f64) -> f64,
            [lower.max(1.0).log10(), upper.log10()],
            false,
        ),
        Source::Slot(_) if parameter.name.starts_with("T_") => (same, [lower, upper], true),
        Source::Slot(_) if parameter.name == "tau" => (same, [lower, upper], false),
        Source::Slot(_) | Source::Metal(_) | Source::Helium(_) => return None,
    };
    let is_closed = interval[0] > -UNBOUNDED && interval[1] < UNBOUNDED && interval[0] < interval[1];
    (is_closed && upper < UNBOUNDED).then_some(Bounded {
        scale,
        interval,
        has_lower,
    })
}

impl Bounded {
    /// True if more than 5 % of the draws are near a bound.
    fn holds_many(&self, draws: &[f64]) -> bool {
        let [lower, upper] = self.interval;
        let margin = NEAR * (upper - lower);
        let is_near = |draw: &&f64| {
            let value = (self.scale)(**draw);
            value > upper - margin || self.has_lower && value < lower + margin
        };
        draws.iter().filter(is_near).count() as f64 > PILED * draws.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_count_near_a_cut_and_not_near_a_zero() {
        let temperature = Bounded {
            scale: |value| value,
            interval: [5000.0, 25_000.0],
            has_lower: true,
        };
        let mut draws = vec![12_000.0; 94];
        draws.extend([5200.0; 6]);
        assert!(temperature.holds_many(&draws) && !temperature.holds_many(&draws[..98]));
        let tau = Bounded {
            scale: |value| value,
            interval: [0.0, 10.0],
            has_lower: false,
        };
        assert!(!tau.holds_many(&[0.0; 100]) && tau.holds_many(&[9.9; 100]));
    }
}
