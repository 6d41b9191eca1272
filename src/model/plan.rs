//! Plan of the evaluation of one object, made once: slots that move, terms of each zone, lines and
//! terms with corrections.

use super::object::ModelObject;
use crate::emissivity::Grid;
use crate::model::code::{IonKind, SlotKind};
use crate::model::record::{NONE, Slot};
use crate::number::real::Real;
use crate::number::spline::POWERS;

/// Effects that are in an object's model, with the terms and lines that have them. The evaluation
/// computes no others.
pub(super) struct Plan<'a, F> {
    /// The slots that do not stand still.
    pub(super) moving: Vec<usize>,
    /// The terms of each zone.
    pub(super) zones: Vec<Vec<PlannedTerm<'a, F>>>,
    /// The ions whose coordinate is a log flux.
    pub(super) flux_ions: Vec<usize>,
    /// R_V is sampled.
    pub(super) rv: bool,
    /// The degrees of freedom of Student's t are sampled.
    pub(super) nu: bool,
    /// Stellar absorption is not zero.
    pub(super) absorption: bool,
    /// Lines with absorption of their own, besides Hβ's.
    pub(super) dimmed: Vec<usize>,
    /// Terms with an optical depth.
    pub(super) thick: Vec<usize>,
    /// Collisions excite hydrogen.
    pub(super) xi: bool,
    /// Terms that collisions excite.
    pub(super) excited: Vec<usize>,
    /// Terms of He I whose emissivity is shifted, with the rows of the shift.
    pub(super) shifted: Vec<(usize, &'a [[F; POWERS]])>,
}

/// A term of a zone.
pub(super) struct PlannedTerm<'a, F> {
    /// Its index among the object's terms.
    pub(super) index: usize,
    /// `Term::constant`.
    pub(super) constant: F,
    /// Its row of the emissivity table; none where the four coefficients say it.
    pub(super) cells: Option<&'a [[F; POWERS]]>,
}

impl<'a, F: Real<Scalar = F> + PartialEq> Plan<'a, F> {
    /// Makes the plan of `object`: an effect is absent where its slot is held at zero.
    pub(super) fn new(object: &ModelObject<F>, grid: &'a Grid<F>) -> Self {
        let header = &object.header;
        let slot = |slot: u32| &object.slots[slot as usize];
        let present = |of: u32| moves(slot(of)) || slot(of).location != F::zero();
        let terms_where =
            |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> { (0..object.terms.len()).filter(|&k| wanted(k)).collect() };
        let absorption = present(header.a_h) || present(header.a_he);
        let own = |l: &usize| {
            let line = &object.lines[*l];
            absorption && (line.absorption_h != F::zero() || line.absorption_he != F::zero())
        };
        let (tau, xi) = (present(header.tau), present(header.xi));
        let shift = present(header.he1_shift);
        let planned = |index: usize| {
            let term = &object.terms[index];
            PlannedTerm {
                index,
                constant: term.constant,
                cells: (term.table != NONE).then(|| grid.cells(term.table as usize)),
            }
        };
        let of_zone = |zone: usize| {
            let indices = (0..object.terms.len()).filter(move |&k| object.terms[k].zone as usize == zone);
            indices.map(planned).collect()
        };
        Plan {
            moving: (0..object.slots.len()).filter(|&s| moves(&object.slots[s])).collect(),
            zones: (0..header.zones as usize).map(of_zone).collect(),
            flux_ions: (0..object.ions.len())
                .filter(|&ion| object.ions[ion].kind == IonKind::Flux)
                .collect(),
            rv: moves(slot(header.rv)),
            nu: moves(slot(header.nu)),
            absorption,
            dimmed: (0..object.lines.len()).filter(own).collect(),
            thick: terms_where(&|k| tau && object.terms[k].thick == 1),
            xi,
            excited: terms_where(&|k| xi && object.terms[k].collisional != 0),
            shifted: terms_where(&|k| shift && object.terms[k].shift != NONE)
                .into_iter()
                .map(|k| (k, grid.cells(object.terms[k].shift as usize)))
                .collect(),
        }
    }
}

/// Tells whether a slot is anything but a number.
fn moves<F>(slot: &Slot<F>) -> bool {
    slot.kind != SlotKind::Fixed || slot.parent != NONE
}
