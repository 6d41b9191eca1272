//! From an object's measurements to its problem.

mod decide;
mod parameters;
mod records;

use super::preset::Normalisation;
use super::recipe::Recipe;
use super::{Parameter, Problem, ProblemLine};
use crate::error::{Error, Result};
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::ModelObject;
use crate::shared::layout::{Header, IonRecord, LineRecord, MAX_DIMENSION, MAX_IONS, MAX_SLOTS, Slot, Term};
use crate::table::{Measurement, Object};

impl Problem {
    /// The problem of `object` under `recipe`.
    ///
    /// # Errors
    /// What makes this object impossible to fit: no usable line, a line outside the reddening law, a prior of its own that
    /// makes no sense, more lines or parameters than a problem holds.
    pub fn new(recipe: &Recipe<'_>, object: &Object) -> Result<Problem> {
        let mut builder = Builder::new(recipe, object)?;
        builder.add_globals()?;
        builder.add_ions()?;
        builder.add_lines()?;
        builder.finish()
    }
}

/// The slot held at zero that stands for every quantity which has no part in the object's model.
const NOTHING: u32 = 8;

struct Builder<'a> {
    recipe: &'a Recipe<'a>,
    object: &'a Object,
    /// The lines used, Hβ last where it is one.
    used: Vec<&'a Measurement>,
    absorption: bool,
    slots: Vec<Slot<f64>>,
    records: Vec<IonRecord<f64>>,
    terms: Vec<Term<f64>>,
    rows: Vec<LineRecord<f64>>,
    parameters: Vec<Parameter>,
    ions: Vec<Ion>,
    lines: Vec<ProblemLine>,
    dimension: u32,
    constant: f64,
    flags: Vec<Flag>,
}

impl<'a> Builder<'a> {
    fn new(recipe: &'a Recipe<'a>, object: &'a Object) -> Result<Self> {
        let mut flags = Vec::new();
        let mut used: Vec<&Measurement> = Vec::new();
        for measurement in &object.measurements {
            let members = &measurement.line.members;
            if members.iter().any(|member| recipe.excluded.contains(member)) {
                continue;
            }
            if members.iter().all(|member| recipe.doubtful.contains(member)) {
                flags.push(Flag::about(Code::LeftOut, &measurement.line.label));
                continue;
            }
            used.push(measurement);
        }
        if used.is_empty() {
            return Err(Error::NoUsableLine {
                object: object.id.clone(),
            });
        }
        if recipe.normalisation() == Normalisation::Free {
            used.push(&object.hbeta);
        }
        let mut builder = Builder {
            recipe,
            object,
            absorption: false,
            used,
            slots: Vec::new(),
            records: Vec::new(),
            terms: Vec::new(),
            rows: Vec::new(),
            parameters: Vec::new(),
            ions: Vec::new(),
            lines: Vec::new(),
            dimension: 0,
            constant: 0.0,
            flags,
        };
        builder.ions = builder.ions_present();
        builder.absorption = builder.fits_absorption();
        builder.flag_measurements();
        Ok(builder)
    }

    fn finish(mut self) -> Result<Problem> {
        self.check_sizes()?;
        if self.rows.len() < self.dimension as usize {
            self.flags.push(Flag::from(Code::FewLines));
        }
        self.flag_dropped();
        let header = self.header();
        self.parameters
            .sort_by_key(|parameter| parameter_order(&parameter.name));
        Ok(Problem {
            id: self.object.id.clone(),
            object: ModelObject {
                header,
                slots: self.slots,
                ions: self.records,
                terms: self.terms,
                lines: self.rows,
            },
            parameters: self.parameters,
            ions: self.ions,
            lines: self.lines,
            flags: self.flags,
        })
    }

    /// Refuses what the records of a device cannot hold.
    fn check_sizes(&self) -> Result<()> {
        let too_large = |what, found, most| {
            Err(Error::ProblemTooLarge {
                object: self.object.id.clone(),
                what,
                found,
                most,
            })
        };
        let (dimension, slots, ions) = (self.dimension as usize, self.slots.len(), self.ions.len());
        if dimension > MAX_DIMENSION {
            return too_large("free parameters", dimension, MAX_DIMENSION);
        }
        if slots > MAX_SLOTS || ions > MAX_IONS {
            return too_large("parameters", slots + ions, MAX_SLOTS + MAX_IONS);
        }
        Ok(())
    }

    /// Sizes and parts; the slots stand in the order of `add_globals`.
    fn header(&self) -> Header<f64> {
        Header {
            dimension: self.dimension,
            first_slot: 0,
            slots: self.slots.len() as u32,
            first_ion: 0,
            ions: self.records.len() as u32,
            first_term: 0,
            first_line: 0,
            lines: self.rows.len() as u32,
            c_hbeta: 3,
            tau: 4,
            a_h: 5,
            a_he: 6,
            ln_f_hbeta: 7,
            rv: NOTHING,
            xi: NOTHING,
            nu: NOTHING,
            zones: 2,
            t_0: 1,
            t_1: 0,
            t_2: 0,
            t_3: 0,
            n_0: 2,
            n_1: 2,
            n_2: 2,
            n_3: 2,
            law_a_hbeta: 0.0,
            law_b_hbeta: 1.0,
            constant: self.constant,
        }
    }

    /// Ions measured only in lines that were left out.
    fn flag_dropped(&mut self) {
        let list = &self.recipe.set.list.lines;
        let given = self
            .object
            .measurements
            .iter()
            .flat_map(|m| &m.line.members)
            .map(|&member| list[member].ion);
        let mut dropped: Vec<Ion> = given.filter(|ion| !self.ions.contains(ion)).collect();
        dropped.sort_unstable();
        dropped.dedup();
        self.flags.extend(
            dropped
                .into_iter()
                .map(|ion| Flag::about(Code::Dropped, ion.to_string())),
        );
    }
}

/// Where a parameter stands among the columns of every file.
pub(crate) fn parameter_order(name: &str) -> (usize, Option<Ion>) {
    const FIRST: [&str; 5] = ["T_low", "T_high", "n_e", "cHbeta", "tau"];
    const LAST: [&str; 3] = ["a_H", "a_He", "ln_FHbeta"];
    if let Some(place) = FIRST.iter().position(|first| *first == name) {
        return (place, None);
    }
    match LAST.iter().position(|last| *last == name) {
        Some(place) => (FIRST.len() + 1 + place, None),
        None => (FIRST.len(), name.parse().ok()),
    }
}
