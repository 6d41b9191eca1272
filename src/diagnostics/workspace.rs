//! Draws of one quantity, sorted once for its percentiles and all its diagnostics.

use super::ess::Centred;
use super::order::{Order, Placed};
use super::rank::{Scores, fold, quantile};
use super::sums::fourths_about;
use super::tail::Indicator;
use super::{Diagnostics, MANY_CHAINS, MIN_DRAWS, SUPERCHAINS, TAILS, nested_r_hat};

/// Buffers for one quantity after another, and tables that depend only on the number of draws.
#[derive(Debug, Default)]
pub struct Workspace {
    order: Order,
    scores: Scores,
    halves: Vec<f64>,
    of_halves: Vec<Placed>,
    folded: Vec<Placed>,
    values: Vec<f64>,
    centred: Centred,
    indicator: Indicator,
}

/// Draws of a quantity in a workspace.
#[derive(Debug)]
pub struct Quantity<'w> {
    values: &'w [f64],
    chains: usize,
    workspace: &'w mut Workspace,
}

impl Workspace {
    /// Takes the draws `values` `[chain, draw]` of a quantity.
    pub fn take<'w>(&'w mut self, values: &'w [f64], chains: usize) -> Quantity<'w> {
        self.order.sort(values);
        Quantity {
            values,
            chains,
            workspace: self,
        }
    }
}

impl Workspace {
    /// Draws of a quantity in ascending order, with their indices.
    pub(super) fn sorted(&mut self, values: &[f64]) -> &[Placed] {
        self.order.sort(values);
        &self.order.sorted
    }
}

impl Quantity<'_> {
    /// Arithmetic mean.
    pub fn mean(&self) -> f64 {
        self.workspace.order.mean
    }

    /// Standard deviation, divided by n − 1.
    pub fn sd(&self) -> f64 {
        self.workspace.order.variance.sqrt()
    }

    /// Value below which `percent` of the draws lie, interpolated linearly between draws; at least
    /// one draw.
    pub fn percentile(&self, percent: f64) -> f64 {
        quantile(&self.workspace.order.sorted, percent / 100.0)
    }

    /// All diagnostics.
    pub fn diagnose(&mut self) -> Diagnostics {
        if !self.is_valid() {
            return Diagnostics {
                r_hat: f64::NAN,
                nested_r_hat: f64::NAN,
                ess_bulk: f64::NAN,
                ess_tail: f64::NAN,
                mcse_mean: f64::NAN,
                mcse_sd: f64::NAN,
            };
        }
        self.split();
        let ([r_hat, nested_r_hat], ess_bulk) = self.of_ranks();
        Diagnostics {
            r_hat,
            nested_r_hat,
            ess_bulk,
            ess_tail: self.tail_size(),
            mcse_mean: self.error_of_mean(),
            mcse_sd: self.error_of_sd(),
        }
    }

    /// Tells whether there are enough draws, all finite. A value that is not finite stands first or
    /// last.
    fn is_valid(&self) -> bool {
        let sorted = &self.workspace.order.sorted;
        let ends = sorted.first().zip(sorted.last());
        self.chains > 0
            && self.values.len() / self.chains >= MIN_DRAWS
            && ends.is_some_and(|(first, last)| first.0.is_finite() && last.0.is_finite())
    }

    /// Number of draws in half a chain.
    fn half(&self) -> usize {
        self.values.len() / self.chains / 2
    }

    /// Writes the first and the second half of every chain one after the other, and their order.
    /// The middle draw of an odd number is left out.
    fn split(&mut self) {
        let (draws, half) = (self.values.len() / self.chains, self.half());
        let Workspace {
            order,
            scores,
            halves,
            of_halves,
            ..
        } = &mut *self.workspace;
        scores.prepare(2 * half * self.chains);
        halves.clear();
        of_halves.clear();
        if draws == 2 * half {
            halves.extend_from_slice(self.values);
            of_halves.extend_from_slice(&order.sorted);
            return;
        }
        for chain in self.values.chunks_exact(draws) {
            halves.extend_from_slice(&chain[..half]);
            halves.extend_from_slice(&chain[draws - half..]);
        }
        let kept = order.sorted.iter().filter_map(|&(value, place)| {
            let (chain, draw) = (place as usize / draws, place as usize % draws);
            let place = place as usize - chain - usize::from(draw > half);
            (draw != half).then_some((value, place as u32))
        });
        of_halves.extend(kept);
    }

    /// R-hat, nested R-hat and bulk effective sample size. Each R-hat is the larger of two: of the
    /// rank-normalised draws, and of their rank-normalised distances from the median. The effective
    /// sample size is that of the former. R-hat splits the chains; nested R-hat takes them whole,
    /// since it compares starts and not times. A constant has neither. Distances may be constant
    /// where the draws are not.
    fn of_ranks(&mut self) -> ([f64; 2], f64) {
        let chains = self.chains;
        let Workspace {
            scores,
            of_halves,
            folded,
            values,
            centred,
            ..
        } = &mut *self.workspace;
        scores.place(of_halves, values);
        centred.take(values, 2 * chains);
        let nested = |values: &[f64]| match chains {
            MANY_CHAINS.. => nested_r_hat(values, chains, SUPERCHAINS),
            _ => f64::NAN,
        };
        let (bulk, size) = ([centred.r_hat(), nested(values)], centred.ess());
        if chains == 1 {
            return ([f64::NAN; 2], size);
        }
        fold(of_halves, folded);
        scores.place(folded, values);
        centred.take(values, 2 * chains);
        let larger = |bulk: f64, folded: f64| if bulk.is_nan() { bulk } else { bulk.max(folded) };
        let hats = [larger(bulk[0], centred.r_hat()), larger(bulk[1], nested(values))];
        (hats, size)
    }

    /// Smaller effective sample size of the indicators "at or below the tail quantile".
    fn tail_size(&mut self) -> f64 {
        let (chains, half) = (2 * self.chains, self.half());
        let Workspace {
            order,
            of_halves,
            indicator,
            ..
        } = &mut *self.workspace;
        let [low, high] = TAILS.map(|p| {
            let tail = quantile(&order.sorted, p);
            of_halves.partition_point(|draw| draw.0 <= tail)
        });
        // Above the upper quantile rather than below, where most draws are.
        let low = indicator.ess(&of_halves[..low], chains, half);
        low.min(indicator.ess(&of_halves[high..], chains, half))
    }

    /// Monte Carlo standard error of the mean, sd/√ESS.
    fn error_of_mean(&mut self) -> f64 {
        let Workspace {
            order, halves, centred, ..
        } = &mut *self.workspace;
        centred.take(halves, 2 * self.chains);
        (order.variance / centred.ess()).sqrt()
    }

    /// Monte Carlo standard error of the sd, √(Var[(x − x̄)²]/(4 ESS E[(x − x̄)²])): the delta
    /// method on the mean of squares.
    fn error_of_sd(&mut self) -> f64 {
        let Workspace {
            order,
            halves,
            values,
            centred,
            ..
        } = &mut *self.workspace;
        let (centre, size) = (order.mean, self.values.len() as f64);
        let second = order.variance * (size - 1.0) / size;
        let fourth = fourths_about(self.values, centre) / size;
        values.clear();
        values.extend(halves.iter().map(|value| (value - centre) * (value - centre)));
        centred.take(values, 2 * self.chains);
        ((fourth - second * second) / centred.ess() / second / 4.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_leaves_the_middle_draw_out() {
        let split = |values: &[f64], chains| {
            let mut workspace = Workspace::default();
            workspace.take(values, chains).split();
            for (value, place) in &workspace.of_halves {
                assert_eq!(workspace.halves[*place as usize], *value);
            }
            assert_eq!(workspace.of_halves.len(), workspace.halves.len());
            assert!(workspace.of_halves.is_sorted_by(|a, b| a.0 <= b.0));
            workspace.halves
        };
        assert_eq!(
            split(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 1),
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        );
        assert_eq!(
            split(&[9.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 10.0], 2),
            [9.0, 2.0, 4.0, 5.0, 6.0, 7.0, 1.0, 10.0]
        );
    }

    /// Buffers of one quantity leave no trace in the next.
    #[test]
    fn a_used_workspace_says_the_same() {
        let values: Vec<f64> = (0..40_u32).map(|i| f64::from(i * 7 % 41)).collect();
        let mut workspace = Workspace::default();
        let first = workspace.take(&values, 4).diagnose();
        workspace.take(&values[..30], 2).diagnose();
        let mut again = workspace.take(&values, 4);
        let second = again.diagnose();
        assert!(second.nested_r_hat.is_nan());
        assert_eq!((second.r_hat, second.mcse_sd), (first.r_hat, first.mcse_sd));
        assert_eq!((again.mean(), again.percentile(50.0)), (19.65, 19.5));
    }
}
