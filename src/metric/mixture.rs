//! A mixture of affine maps, one a mode of a density: where the modes stand, how wide they are, and
//! how much of the probability each holds.

use super::Metric;

/// One mode: its share of the mixture, and the map from whitened coordinates to positions around
/// it.
#[derive(Clone, Debug, PartialEq)]
struct Component {
    weight: f64,
    metric: Metric,
    /// ln weight − ln det L.
    ln_scale: f64,
}

/// A mixture Σ wₖ φ(Lₖ⁻¹ (position − centreₖ))/det Lₖ over modes k; φ is the caller's density of
/// whitened coordinates.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    components: Vec<Component>,
}

impl Mixture {
    /// The mixture of maps with their weights, `(weight, map)`. Weights need not sum to one.
    ///
    /// # Panics
    /// If there is no map, or no weight above zero.
    pub fn new(parts: Vec<(f64, Metric)>) -> Self {
        let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
        assert!(sum > 0.0, "a mixture has a weight above zero");
        let component = |(weight, metric): (f64, Metric)| Component {
            weight: weight / sum,
            ln_scale: (weight / sum).ln() - metric.ln_determinant(),
            metric,
        };
        Mixture {
            components: parts.into_iter().map(component).collect(),
        }
    }

    /// Number of modes.
    pub fn modes(&self) -> usize {
        self.components.len()
    }

    /// The weight of a mode.
    pub fn weight(&self, mode: usize) -> f64 {
        self.components[mode].weight
    }

    /// The map of a mode.
    pub fn metric(&self, mode: usize) -> &Metric {
        &self.components[mode].metric
    }

    /// The mode that a uniform number of (0, 1) picks: each with the probability of its weight.
    pub fn picked(&self, uniform: f64) -> usize {
        let mut left = uniform;
        let reaches = |component: &Component| {
            left -= component.weight;
            left < 0.0
        };
        let found = self.components.iter().position(reaches);
        found.unwrap_or(self.components.len() - 1)
    }

    /// ln of each mode's part of the density at `position`; `ln_density` gives ln φ of a squared
    /// distance |x|².
    fn ln_parts(&self, position: &[f64], ln_density: impl Fn(f64) -> f64) -> impl Iterator<Item = f64> {
        let mut x = vec![0.0; position.len()];
        self.components.iter().map(move |component| {
            component.metric.to_whitened(position, &mut x);
            component.ln_scale + ln_density(x.iter().map(|x| x * x).sum())
        })
    }

    /// Shares of the modes in the density at `position`, `[mode]`, and ln of the density;
    /// `ln_density` gives ln φ of a squared distance |x|².
    pub fn shares(&self, position: &[f64], ln_density: impl Fn(f64) -> f64) -> (Vec<f64>, f64) {
        let mut parts: Vec<f64> = self.ln_parts(position, ln_density).collect();
        let largest = parts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        parts.iter_mut().for_each(|part| *part = (*part - largest).exp());
        let sum: f64 = parts.iter().sum();
        parts.iter_mut().for_each(|part| *part /= sum);
        (parts, largest + sum.ln())
    }

    /// ln of the mixture of Gaussians at `position`, without −(dim/2) ln 2π.
    pub fn ln_gaussians(&self, position: &[f64]) -> f64 {
        self.shares(position, gaussian).1
    }

    /// The mode that `position` belongs to: that with the largest part of the mixture of Gaussians.
    pub fn mode_of(&self, position: &[f64]) -> usize {
        let parts = self.ln_parts(position, gaussian).enumerate();
        let larger = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
        parts.fold((0, f64::NEG_INFINITY), larger).0
    }

    /// Moves a position of any mode by the distance of that mode's centre from the centre of the
    /// first: draws of all modes then lie around the first.
    pub fn move_to_first(&self, position: &mut [f64]) {
        let mode = self.mode_of(position);
        let centres = self.metric(mode).centre().iter().zip(self.metric(0).centre());
        for (x, (own, first)) in position.iter_mut().zip(centres) {
            *x += first - own;
        }
    }
}

/// ln of the standard normal density at a squared distance, without its constant.
fn gaussian(square: f64) -> f64 {
    -0.5 * square
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two modes on a line: N(0, 1) with weight ¾, N(10, 2²) with weight ¼.
    fn two() -> Mixture {
        let map = |centre, variance| Metric::from_covariance(&[centre], &[variance]).unwrap();
        Mixture::new(vec![(3.0, map(0.0, 1.0)), (1.0, map(10.0, 4.0))])
    }

    #[test]
    fn the_density_is_the_sum_of_the_modes() {
        let mixture = two();
        for x in [-1.0_f64, 0.0, 5.0, 9.0, 30.0] {
            let parts = [0.75 * (-0.5 * x * x).exp(), 0.125 * (-0.125 * (x - 10.0).powi(2)).exp()];
            let sum: f64 = parts.iter().sum();
            assert!((mixture.ln_gaussians(&[x]) - sum.ln()).abs() < 1e-13, "{x}");
            let (shares, _) = mixture.shares(&[x], gaussian);
            assert!((shares[0] - parts[0] / sum).abs() < 1e-13, "{x}");
        }
    }

    #[test]
    fn a_uniform_number_picks_each_mode_by_its_weight() {
        let mixture = two();
        let picks = (0..1000).map(|k| mixture.picked((f64::from(k) + 0.5) / 1000.0));
        assert_eq!(picks.filter(|&mode| mode == 1).count(), 250);
        assert_eq!(mixture.picked(1.0), 1);
    }

    #[test]
    fn positions_belong_to_the_larger_part_and_move_with_their_centre() {
        let mixture = two();
        assert_eq!([-3.0, 2.0, 6.0, 12.0].map(|x| mixture.mode_of(&[x])), [0, 0, 1, 1]);
        let mut position = [11.5];
        mixture.move_to_first(&mut position);
        assert_eq!(position, [1.5]);
    }
}
