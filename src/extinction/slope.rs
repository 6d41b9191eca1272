//! c(Hβ) as the slope of a straight line through hydrogen lines, positive or negative.

use std::f64::consts::LN_10;

/// A line, or Hβ itself, compared with its flux without dust.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reddened {
    /// f_λ of the reddening law.
    pub f_lambda: f64,
    /// ln of F/F(Hβ) over ε/ε(Hβ).
    pub ln_excess: f64,
    /// Standard error of ln F.
    pub error: f64,
}

/// c(Hβ) and its standard deviation, from ln F − ln ε = δ − c f_λ ln 10 by weighted least squares.
///
/// `hbeta_error` is the standard error of ln F(Hβ), and so of δ, which all ratios share. With an
/// error of 0 the straight line starts at Hβ. Where the lines scatter more than their errors, the
/// standard deviation grows by the square root of χ² per degree of freedom (Birge 1932, Phys. Rev.
/// 40, 207). None without lines, or where no line is reddened.
pub fn c_hbeta(lines: &[Reddened], hbeta_error: f64) -> Option<[f64; 2]> {
    let of_hbeta = Reddened {
        f_lambda: 0.0,
        ln_excess: 0.0,
        error: hbeta_error,
    };
    let own = (hbeta_error > 0.0).then_some(of_hbeta);
    let points: Vec<[f64; 3]> = lines.iter().chain(own.iter()).map(weighted).collect();
    let weights: f64 = points.iter().map(|[weight, ..]| weight).sum();
    let mean = |axis: usize| match own {
        Some(_) => points.iter().map(|point| point[0] * point[axis]).sum::<f64>() / weights,
        None => 0.0,
    };
    let (x_mean, y_mean) = (mean(1), mean(2));
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        let term = |&[weight, x, y]: &[f64; 3]| weight * of(x - x_mean, y - y_mean);
        points.iter().map(term).sum()
    };
    let spread = sum(&|x, _| x * x);
    let c = sum(&|x, y| x * y) / spread;
    let chi2 = sum(&|x, y| (y - c * x).powi(2));
    let freedom = lines.len().saturating_sub(1).max(1) as f64;
    let sd = (f64::max(chi2 / freedom, 1.0) / spread).sqrt();
    (c.is_finite() && sd.is_finite()).then_some([c, sd])
}

/// Weight, −f_λ ln 10 and ln excess.
fn weighted(line: &Reddened) -> [f64; 3] {
    [line.error.powi(-2), -LN_10 * line.f_lambda, line.ln_excess]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hα, Hγ and Hδ with f_λ of CCM89.
    fn lines(c: f64, error: f64) -> Vec<Reddened> {
        let line = |f_lambda: f64| Reddened {
            f_lambda,
            ln_excess: -LN_10 * c * f_lambda,
            error,
        };
        [-0.2976, 0.1567, 0.2291].map(line).to_vec()
    }

    #[test]
    fn the_slope_of_exact_lines_is_their_extinction() {
        for (c, hbeta_error) in [(0.7, 0.0), (-0.3, 0.02)] {
            let [found, _] = c_hbeta(&lines(c, 0.05), hbeta_error).unwrap();
            assert!((found - c).abs() < 1e-12, "{found}");
        }
    }

    /// One line alone: c = ln(ratio)/x, with the errors of the line and of Hβ in quadrature.
    #[test]
    fn the_error_of_hbeta_is_in_that_of_the_slope() {
        let one = &lines(0.2, 0.03)[..1];
        let [_, without] = c_hbeta(one, 0.0).unwrap();
        let [_, with] = c_hbeta(one, 0.04).unwrap();
        let x = 0.2976 * LN_10;
        assert!((without - 0.03 / x).abs() < 1e-12 && (with - 0.05 / x).abs() < 1e-12);
    }

    #[test]
    fn lines_that_disagree_widen_the_error() {
        let mut odd = lines(0.2, 0.01);
        odd[2].ln_excess += 0.5;
        let [_, calm] = c_hbeta(&lines(0.2, 0.01), 0.01).unwrap();
        let [_, wide] = c_hbeta(&odd, 0.01).unwrap();
        assert!(wide > 10.0 * calm, "{wide} {calm}");
    }

    #[test]
    fn nothing_has_no_slope() {
        assert_eq!(c_hbeta(&[], 0.02), None);
        let grey = lines(0.2, 0.01)
            .into_iter()
            .map(|line| Reddened { f_lambda: 0.0, ..line });
        assert_eq!(c_hbeta(&grey.collect::<Vec<_>>(), 0.02), None);
    }
}
