//! Adjoints: derivatives of the log density with respect to ions and slots, on the way back from
//! the lines to the coordinates. The terms' own adjoints stand in their points.

use super::object::ModelObject;
use crate::model::record::{NONE, Term};
use crate::number::real::Real;

/// Derivatives of the log density.
pub(super) struct Adjoints<F> {
    /// With respect to ln of the ions' abundances.
    pub(super) ions: Vec<F>,
    /// With respect to the slots' values.
    pub(super) slots: Vec<F>,
}

impl<F: Real> Adjoints<F> {
    pub(super) fn new(object: &ModelObject<F::Scalar>) -> Self {
        Adjoints {
            ions: vec![F::zero(); object.ions.len()],
            slots: vec![F::zero(); object.slots.len()],
        }
    }

    /// Sets all to zero.
    #[inline(always)]
    pub(super) fn reset(&mut self) {
        self.ions.fill(F::zero());
        self.slots.fill(F::zero());
    }

    /// Adds the `adjoint` of ln of a flux of `term` to those of its ions.
    #[inline(always)]
    pub(super) fn add_ions(&mut self, term: &Term<F::Scalar>, adjoint: F) {
        self.add_ion(term.ion, adjoint);
        if term.times != NONE {
            self.add_ion(term.times, adjoint);
        }
        if term.over != NONE {
            self.add_ion(term.over, -adjoint);
        }
    }

    #[inline(always)]
    fn add_ion(&mut self, ion: u32, adjoint: F) {
        let total = &mut self.ions[ion as usize];
        *total = *total + adjoint;
    }

    #[inline(always)]
    pub(super) fn add_slot(&mut self, slot: u32, adjoint: F) {
        let total = &mut self.slots[slot as usize];
        *total = *total + adjoint;
    }
}
