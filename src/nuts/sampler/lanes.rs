//! Requests and evaluations of several chains side by side, in the lanes of SIMD.

use super::{ChainState, ObjectSampler};
use crate::number::lanes::Lanes;
use crate::number::simd::vectorised;

impl ObjectSampler {
    /// [`position`](Self::position) of 1 to N chains side by side, `[dim]`. Lanes without a chain
    /// repeat the first chain.
    pub fn positions<const N: usize>(&self, chains: &[usize], out: &mut [Lanes<f64, N>]) {
        vectorised(
            #[inline(always)]
            || {
                for lane in 0..N {
                    let chain = chains[if lane < chains.len() { lane } else { 0 }];
                    for (out, x) in out.iter_mut().zip(self.chains[chain].request()) {
                        out.0[lane] = *x;
                    }
                }
                self.metric.to_positions(out);
            },
        );
        for lane in 0..N {
            let chain = chains[if lane < chains.len() { lane } else { 0 }];
            if self.states[chain] == ChainState::Start {
                for (out, x) in out.iter_mut().zip(self.chains[chain].start()) {
                    out.0[lane] = *x;
                }
            }
        }
    }

    /// [`absorb`](Self::absorb) of 1 to N chains side by side. `grads`, `[dim]`, are whitened in
    /// place.
    ///
    /// # Panics
    /// If a chain requested nothing.
    pub fn absorb_lanes<const N: usize>(
        &mut self,
        chains: &[usize],
        logdensities: &[f64; N],
        grads: &mut [Lanes<f64, N>],
    ) {
        vectorised(
            #[inline(always)]
            || {
                self.metric.pull_gradients(grads);
                for (lane, &chain) in chains.iter().enumerate() {
                    for (out, grad) in self.chains[chain].whitened_grad().iter_mut().zip(&*grads) {
                        *out = grad.0[lane];
                    }
                }
            },
        );
        for (lane, &chain) in chains.iter().enumerate() {
            self.go_on(chain, logdensities[lane]);
        }
    }
}
