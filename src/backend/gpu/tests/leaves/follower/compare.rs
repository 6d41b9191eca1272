//! The subtree of the host against the state of the device, within the bounds of single precision.

use super::Follower;
use crate::backend::gpu::tests::leaves::bounds::{OF_WEIGHT, ROUNDOFF, largest, near};
use crate::backend::gpu::tests::leaves::engine::State;
use crate::backend::gpu::words::*;
use crate::nuts::PhasePoint;

impl Follower {
    /// Compares the subtree so far, as far as the device still has it.
    pub(super) fn compare(&mut self, state: &State<'_>, joined: bool, end: &PhasePoint) {
        let name = self.name();
        let own = &self.growth.subtree;
        if own.n_leaves == 1 {
            self.first_momentum.clone_from(&end.momentum);
        }
        // The join of the subtree to its tree reads the lowest checkpoint.
        assert_eq!(
            state.vector(CHECKPOINTS),
            self.first_momentum,
            "{name}, leaf {}: the lowest checkpoint is not leaf 1",
            own.n_leaves
        );
        let leaves = f64::from(own.n_leaves);
        if joined || own.n_leaves != state.word(N_LEAVES) {
            assert!(joined, "{name}: {leaves} leaves");
            return;
        }
        near(
            &name,
            &[state.real(LOG_WEIGHT)],
            &[own.log_weight],
            self.bound_of_weight(),
        );
        near(
            &name,
            &state.vector(MOMENTUM_SUM),
            &own.momentum_sum,
            self.bound_of_sum(),
        );
        let made = f64::from(self.tree.doubling().n_steps) + leaves;
        let accepted = made * (ROUNDOFF * (OF_WEIGHT + made) + self.bounds.energy);
        near(&name, &[state.real(ACCEPTANCE_SUM)], &[own.acceptance_sum], accepted);
        if state.draw.is_none() {
            self.compare_proposal(state);
        }
    }

    /// The subtree's proposal: the same leaf to the bit.
    fn compare_proposal(&self, state: &State<'_>) {
        let (name, own) = (self.name(), &self.growth.subtree);
        let which = 1 - state.word(CHOSEN) as usize;
        let first = PROPOSALS + 2 * which;
        assert_eq!(
            state.real(PROPOSAL_LOGDENSITY + which) + self.constant,
            own.proposal.logdensity,
            "{name}: another proposal"
        );
        assert_eq!(
            state.vector(first + PROPOSAL_GRAD),
            own.proposal.grad,
            "{name}: another proposal"
        );
        let position = state.vector(first + PROPOSAL_POSITION);
        near(&name, &position, &own.proposal.position, self.bounds.position);
        let doubling = self.tree.doubling();
        let error = own.proposal_energy - (doubling.initial_kinetic - doubling.initial_logdensity);
        near(
            &name,
            &[state.real(PROPOSAL_ERROR + which)],
            &[error],
            self.bounds.energy,
        );
    }

    /// Bound of ln of the subtree's weight.
    pub(super) fn bound_of_weight(&self) -> f64 {
        let own = &self.growth.subtree;
        f64::from(own.n_leaves) * ROUNDOFF * (OF_WEIGHT + own.log_weight.abs()) + self.bounds.energy
    }

    /// Bound of the sum of the subtree's momenta.
    pub(super) fn bound_of_sum(&self) -> f64 {
        let own = &self.growth.subtree;
        let leaves = f64::from(own.n_leaves);
        leaves * (self.bounds.momentum + ROUNDOFF * largest(&own.momentum_sum).max(leaves))
    }
}
