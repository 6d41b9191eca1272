//! The records of one object: what a density evaluation reads besides the emissivities.

use crate::model::record::{Header, IonRecord, LineRecord, Slot, Term};
use crate::number::real::Real;

/// The records of one object, offsets counted from its own first record.
#[derive(Clone, Debug)]
pub struct ModelObject<F> {
    /// Sizes and parts.
    pub header: Header<F>,
    /// Temperatures, densities, cHbeta, tau and other quantities; a parent stands before its
    /// children.
    pub slots: Vec<Slot<F>>,
    /// Ions.
    pub ions: Vec<IonRecord<F>>,
    /// Terms, those of one line together.
    pub terms: Vec<Term<F>>,
    /// Lines.
    pub lines: Vec<LineRecord<F>>,
}

impl<F: Real> ModelObject<F> {
    /// Number of sampled coordinates.
    pub fn dimension(&self) -> usize {
        self.header.dimension as usize
    }

    /// The same object in another precision.
    pub fn cast<G: Real>(&self) -> ModelObject<G>
    where
        F: Into<f64>,
    {
        ModelObject {
            header: self.header.cast(),
            slots: self.slots.iter().map(Slot::cast).collect(),
            ions: self.ions.iter().map(IonRecord::cast).collect(),
            terms: self.terms.iter().map(Term::cast).collect(),
            lines: self.lines.iter().map(LineRecord::cast).collect(),
        }
    }
}
