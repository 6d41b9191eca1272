//! The records of one object: what a density evaluation reads besides the emissivities.

use crate::model::code::{Family, RelationForm, SlotKind};
use crate::model::record::{Header, IonRecord, LineRecord, NONE, Slot, Term, UNBOUNDED};
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

impl Slot<f64> {
    /// Slot held at zero.
    pub(crate) const EMPTY: Slot<f64> = Slot {
        kind: SlotKind::Fixed,
        family: Family::Normal,
        coordinate: NONE,
        parent: NONE,
        relation: RelationForm::Linear,
        density: NONE,
        log10: 0,
        low_snr: 0,
        location: 0.0,
        width: 1.0,
        offset: 0.0,
        lower: -UNBOUNDED,
        upper: UNBOUNDED,
        slope: 0.0,
        scale: 1.0,
        ln_unit: 0.0,
        tail_slope: 0.0,
    };
}

impl Term<f64> {
    /// Term of the first ion and zone that adds nothing to ln of its flux.
    pub(crate) const EMPTY: Term<f64> = Term {
        ion: 0,
        times: NONE,
        over: NONE,
        zone: 0,
        table: NONE,
        shift: NONE,
        collisional: 0,
        constant: 0.0,
        k2: 0.0,
        k3: 0.0,
        k4: 0.0,
        law_a: 0.0,
        law_b: 0.0,
        thick: 0,
        tau_p0: 0.0,
        tau_p1: 0.0,
        tau_p2: 0.0,
        tau_p3: 0.0,
        tau_p4: 0.0,
        tau_q0: 0.0,
        tau_q1: 0.0,
        tau_q2: 0.0,
        tau_q3: 0.0,
        tau_q4: 0.0,
        tau_b: 0.0,
    };
}
