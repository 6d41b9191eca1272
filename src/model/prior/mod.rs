//! The family of a prior, by the code of a slot's record: a file for each.

mod gamma;
mod half_cauchy;
mod half_normal;
mod log_normal;
mod normal;
mod uniform;

pub(super) use normal::CONSTANTS;
pub use normal::Cut;

pub use super::code::Family;
use super::record::Slot;
use crate::number::real::{Real, real};
use crate::number::wgsl::switch;

impl Family {
    /// The families, for a message.
    pub(crate) const EXPECTED: &str = "family = \"Normal\", \"LogNormal\", \"HalfNormal\", \"HalfCauchy\", \"Gamma\" or \"Uniform\", or fixed = VALUE";

    /// The text of its twin, if it has functions of its own, and the calls of its quantile and of
    /// its density.
    const fn wgsl(self) -> [&'static str; 3] {
        match self {
            Family::Normal => [
                normal::WGSL,
                "normal_prior_quantile(slot, z, location)",
                "normal_prior_density(slot, x)",
            ],
            Family::LogNormal => [
                log_normal::WGSL,
                "exponential(normal_prior_quantile(slot, z, location))",
                "log_normal_prior_density(slot, x)",
            ],
            Family::HalfNormal => [
                "",
                "normal_prior_quantile(slot, z, location)",
                "normal_prior_density(slot, x)",
            ],
            Family::HalfCauchy => [
                half_cauchy::WGSL,
                "half_cauchy_prior_quantile(slot, z)",
                "half_cauchy_prior_density(slot, x)",
            ],
            Family::Uniform => [uniform::WGSL, "uniform_prior_quantile(slot, z)", "vec2(0.0)"],
            // A gamma prior has no quantile coordinate: no kernel asks for its quantile.
            Family::Gamma => [gamma::WGSL, "vec3(0.0)", "gamma_prior_density(slot, x)"],
        }
    }

    /// True if the variate is never negative.
    pub(crate) const fn is_positive(self) -> bool {
        match self {
            Family::LogNormal | Family::HalfNormal | Family::HalfCauchy | Family::Gamma => true,
            Family::Normal | Family::Uniform => false,
        }
    }

    /// The number expected for `mean`, where it is wrong.
    pub(crate) fn wrong_mean(self, mean: Option<f64>) -> Option<&'static str> {
        let is_right = match self {
            Family::Normal | Family::LogNormal => mean.is_some(),
            Family::HalfNormal | Family::HalfCauchy | Family::Uniform => mean.is_none(),
            Family::Gamma => mean.is_some_and(|mean| mean > 0.0),
        };
        (!is_right).then_some("`mean` for Normal and LogNormal, > 0 for Gamma, and for no other family")
    }

    /// True if `sd` is one of its numbers; a family without `sd` needs both bounds.
    pub(crate) const fn has_sd(self) -> bool {
        match self {
            Family::Normal | Family::LogNormal | Family::HalfNormal | Family::HalfCauchy | Family::Gamma => true,
            Family::Uniform => false,
        }
    }

    /// True if the family has a quantile function that host and device evaluate.
    pub(crate) const fn has_quantile(self) -> bool {
        match self {
            Family::Normal | Family::LogNormal | Family::HalfNormal | Family::HalfCauchy | Family::Uniform => true,
            Family::Gamma => false,
        }
    }

    /// True if the family states a centre that data could contradict: a uniform prior and the tail
    /// of a Cauchy state none.
    pub(crate) const fn has_centre(self) -> bool {
        match self {
            Family::Normal | Family::LogNormal | Family::HalfNormal | Family::Gamma => true,
            Family::HalfCauchy | Family::Uniform => false,
        }
    }

    /// The family as one writes it.
    pub(crate) fn text(self, mean: f64, sd: f64) -> String {
        match self {
            Family::Normal => format!("Normal({mean}, {sd})"),
            Family::LogNormal => format!("LogNormal({mean}, {sd})"),
            Family::HalfNormal => format!("HalfNormal({sd})"),
            Family::HalfCauchy => format!("HalfCauchy({sd})"),
            Family::Uniform => "Uniform".to_owned(),
            Family::Gamma => format!("Gamma({mean}, {sd})"),
        }
    }

    /// The variate at the probability `p` of the uncut family, where no slot says it.
    pub(crate) fn variate_at(self, p: f64, mean: f64, sd: f64) -> Option<f64> {
        match self {
            Family::Normal | Family::LogNormal | Family::HalfNormal | Family::HalfCauchy | Family::Uniform => None,
            Family::Gamma => Some(gamma::quantile(p, mean, sd)),
        }
    }

    /// Probability of the variate below and above [low, high].
    pub(crate) fn cut_off(self, bounds: [f64; 2], mean: f64, sd: f64) -> (f64, f64) {
        match self {
            Family::Normal => normal::cut_off(bounds, mean, sd),
            Family::LogNormal => log_normal::cut_off(bounds, mean, sd),
            Family::HalfNormal => half_normal::cut_off(bounds, sd),
            Family::HalfCauchy => half_cauchy::cut_off(bounds, sd),
            Family::Uniform => (0.0, 0.0),
            Family::Gamma => gamma::cut_off(bounds, mean, sd),
        }
    }

    /// `location` and `width` of a slot whose variate is multiplied by `scale`.
    pub(crate) fn location_and_width(self, mean: f64, sd: f64, scale: f64) -> (f64, f64) {
        match self {
            Family::Normal | Family::HalfNormal => normal::location_and_width(mean, sd, scale),
            Family::LogNormal => log_normal::location_and_width(mean, sd, scale),
            Family::HalfCauchy => (0.0, scale * sd),
            Family::Uniform => (0.0, 1.0),
            Family::Gamma => gamma::location_and_width(mean, sd, scale),
        }
    }

    /// `lower` and `upper` of a slot sampled through its quantiles, of which `slot` holds the
    /// bounds of the scaled variate.
    pub(crate) fn quantile_bounds(self, slot: &Slot<f64>, cut_off: (f64, f64)) -> (f64, f64) {
        match self {
            Family::LogNormal => log_normal::quantile_bounds(slot),
            Family::HalfCauchy => cut_off,
            Family::Normal | Family::HalfNormal | Family::Uniform | Family::Gamma => (slot.lower, slot.upper),
        }
    }

    /// ln of the constant of the uncut density of the scaled variate.
    pub(crate) fn ln_normalisation(self, slot: &Slot<f64>) -> f64 {
        match self {
            Family::Normal | Family::LogNormal => normal::ln_normalisation(slot),
            Family::HalfNormal => half_normal::ln_normalisation(slot),
            Family::HalfCauchy => half_cauchy::ln_normalisation(slot),
            Family::Uniform => uniform::ln_normalisation(slot),
            Family::Gamma => gamma::ln_normalisation(slot),
        }
    }

    /// ln density of the variate, without its constant.
    pub(crate) fn ln_density(self, variate: f64, mean: f64, sd: f64) -> f64 {
        match self {
            Family::Normal | Family::HalfNormal => normal::ln_density(variate, mean, sd),
            Family::LogNormal => log_normal::ln_density(variate, mean, sd),
            Family::HalfCauchy => half_cauchy::ln_density(variate, sd),
            Family::Uniform => 0.0,
            Family::Gamma => gamma::ln_density(variate, mean, sd),
        }
    }

    /// The score of the scaled variate `x` in the coordinate where the family is nearest to a
    /// Gaussian.
    pub(crate) fn score(self, slot: &Slot<f64>, x: f64) -> f64 {
        let x = match self {
            Family::LogNormal => x.ln(),
            Family::Normal | Family::HalfNormal | Family::HalfCauchy | Family::Uniform => x,
            Family::Gamma => return gamma::score(slot, x),
        };
        (x - slot.location) / slot.width
    }
}

/// The WGSL text of all families, of `prior_quantile` and of `prior_density`.
pub(super) fn wgsl() -> String {
    let mut text: String = Family::ALL.iter().map(|family| family.wgsl()[0]).collect();
    let cases = |call: usize| -> Vec<(&str, &str)> {
        let codes = Family::CODES.iter().map(|(code, _)| *code);
        codes
            .zip(Family::ALL.iter().map(|family| family.wgsl()[call]))
            .collect()
    };
    text += "fn prior_quantile(slot: Slot, z: f32, location: f32) -> vec3<f32> {\n";
    text += &(switch("slot.family", &cases(1)) + "}\n");
    text += "fn prior_density(slot: Slot, x: f32) -> vec2<f32> {\n";
    text + &switch("slot.family", &cases(2)) + "}\n"
}

/// The variate of the slot's truncated prior at Φ(z), and its derivatives with respect to z and to
/// the location; `cut` is [`Cut::of`] the slot where the location does not move. Not a number for a
/// family without a quantile function, whose slots have a softplus (`problem::Prior::slot`).
#[inline(always)]
pub(super) fn prior_quantile<F: Real>(slot: &Slot<F>, z: F, location: F, cut: Option<Cut<F>>) -> [F; 3] {
    match slot.family {
        // One call for the three families of a normal: its code is long, and inlined for every
        // number.
        Family::Normal | Family::LogNormal | Family::HalfNormal => {
            let y = normal::normal_prior_quantile(slot, z, location, cut);
            if slot.family == Family::LogNormal {
                log_normal::exponential(y)
            } else {
                y
            }
        }
        Family::HalfCauchy => half_cauchy::half_cauchy_prior_quantile(slot, z),
        Family::Uniform => uniform::uniform_prior_quantile(slot, z),
        Family::Gamma => [real(f64::NAN); 3],
    }
}

/// ln density of the slot's family at the variate `x`, without its constant, and its derivative.
#[inline(always)]
pub(super) fn prior_density<F: Real>(slot: &Slot<F>, x: F) -> [F; 2] {
    match slot.family {
        Family::Normal | Family::HalfNormal => normal::normal_prior_density(slot, x),
        Family::LogNormal => log_normal::log_normal_prior_density(slot, x),
        Family::HalfCauchy => half_cauchy::half_cauchy_prior_density(slot, x),
        Family::Uniform => [F::zero(); 2],
        Family::Gamma => gamma::gamma_prior_density(slot, x),
    }
}
