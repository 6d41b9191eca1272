//! Density of a prior over its parameter.

use super::Prior;

impl Prior {
    /// Log density at `x`, a value of the parameter inside the support, up to a constant of the
    /// prior; 0 for a fixed one.
    pub fn ln_density(&self, x: f64) -> f64 {
        let variate = (x - self.offset.unwrap_or(0.0)) / self.scale.unwrap_or(1.0);
        let (mean, sd) = (self.mean.unwrap_or(0.0), self.sd.unwrap_or(1.0));
        self.family.map_or(0.0, |family| family.ln_density(variate, mean, sd))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::code::Family;

    /// Differences of ln p from the densities written out: constants fall out of them.
    #[test]
    fn densities_of_all_families_fall_as_their_formulas() {
        let drop = |prior: &Prior, from: f64, to: f64| prior.ln_density(from) - prior.ln_density(to);
        let normal = Prior {
            offset: Some(1.0),
            scale: Some(2.0),
            ..Prior::normal(3.0, 0.5)
        };
        assert!((drop(&normal, 7.0, 8.0) - 0.5).abs() < 1e-14);
        let log_normal = Prior::log_normal(0.0, 3.0, 0.001);
        let ln_10 = std::f64::consts::LN_10;
        let expected = 0.5 * (ln_10 / 3.0).powi(2) + ln_10;
        assert!((drop(&log_normal, 0.001, 0.01) - expected).abs() < 1e-12);
        assert!((drop(&Prior::half_normal(2.0), 0.0, 4.0) - 2.0).abs() < 1e-14);
        let cauchy = Prior {
            family: Some(Family::HalfCauchy),
            sd: Some(1.0),
            scale: Some(2.0),
            ..Prior::default()
        };
        assert!((drop(&cauchy, 0.0, 2.0) - 2.0_f64.ln()).abs() < 1e-14);
    }
}
