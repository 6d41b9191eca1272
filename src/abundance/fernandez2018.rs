//! S³⁺ from the ions of argon, and helium mass fraction from sulphur: Fernández et al. (2018, MNRAS
//! 478, 5301).

use super::ions::Ions;

/// A coefficient and its standard error.
#[derive(Clone, Copy, Debug)]
struct Fitted(f64, f64);

/// Slope of log(Ar²⁺/Ar³⁺) against log(S²⁺/S³⁺).
const SLOPE: Fitted = Fitted(1.162, 0.0056);
/// Intercept of that line.
const INTERCEPT: Fitted = Fitted(0.047, 0.0097);
/// log₁₀(S/O) of H II galaxies, used to let sulphur represent all metals (after Dors et al. 2016).
const S_TO_O: Fitted = Fitted(-1.53, 0.05);

/// Standard normal numbers of one draw, for the errors of the fits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Noise {
    /// Number for the slope.
    pub slope: f64,
    /// Number for the intercept.
    pub intercept: f64,
    /// Number for log₁₀(S/O).
    pub s_to_o: f64,
}

impl Fitted {
    /// Coefficient at `noise` standard errors from its value.
    fn at(self, noise: f64) -> f64 {
        self.0 + noise * self.1
    }
}

/// S³⁺/H from log(Ar²⁺/Ar³⁺) = 1.162 log(S²⁺/S³⁺) + 0.047. The errors of the two coefficients are
/// independent here, since the paper gives no covariance.
pub(super) fn s4(ions: &Ions, noise: Noise) -> f64 {
    let argon = (ions.ar3 / ions.ar4).log10();
    let sulphur = (argon - INTERCEPT.at(noise.intercept)) / SLOPE.at(noise.slope);
    ions.s3 * 10_f64.powf(-sulphur)
}

/// O/H that corresponds to S/H = `sulphur`.
pub(super) fn oxygen(sulphur: f64, noise: Noise) -> f64 {
    sulphur * 10_f64.powf(-S_TO_O.at(noise.s_to_o))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ions() -> Ions {
        // Truth of the talk: S3 6.36, Ar3 5.72, Ar4 5.06.
        let mut values = [f64::NAN; Ions::NAMES.len()];
        values[7] = 6.36;
        values[11] = 5.72;
        values[12] = 5.06;
        Ions::from_parameters(values)
    }

    /// Value by hand: (0.66 − 0.047)/1.162 = 0.527539, so that 12 + log(S³⁺/H) = 5.832461.
    #[test]
    fn s4_of_the_talks_galaxy() {
        let found = 12.0 + s4(&ions(), Noise::default()).log10();
        assert!((found - (6.36 - 0.613 / 1.162)).abs() < 1e-12, "{found}");
    }

    /// One standard error of the intercept moves log S³⁺ by 0.0097/1.162, one of the slope by
    /// 0.0056 · 0.527539/1.1676.
    #[test]
    fn errors_of_the_fit_move_s4() {
        let log = |noise: Noise| s4(&ions(), noise).log10();
        let none = Noise::default();
        let intercept = Noise { intercept: 1.0, ..none };
        assert!((log(intercept) - log(none) - 0.0097 / 1.162).abs() < 1e-12);
        let slope = Noise { slope: 1.0, ..none };
        let by_hand = 0.613 / 1.162 - 0.613 / 1.1676;
        assert!((log(slope) - log(none) - by_hand).abs() < 1e-12);
    }
}
