//! Assembly of an object's problem from its measurements under a recipe.

mod absorption;
mod decide;
mod hydrogen;
mod ions;
mod low_snr;
mod parameters;
mod records;
mod sensitivity;
mod terms;
mod zones;

use super::preset::Normalisation;
use super::recipe::Recipe;
use super::{Parameter, Problem, ProblemLine, ProblemZone};
use crate::error::{Error, ProblemError, Result};
use crate::flag::{Code, Flag};
use crate::line::Ion;
use crate::model::ModelObject;
use crate::model::record::{
    Header, IonRecord, LineRecord, MAX_DIMENSION, MAX_IONS, MAX_LINE_TERMS, MAX_SLOTS, NONE, Slot, Term,
};
use crate::table::{Measurement, Object};

impl Problem {
    /// Problem of `object` under `recipe`.
    ///
    /// # Errors
    /// An object that is impossible to fit. It has no usable line, a line outside the reddening
    /// law, a prior that makes no sense, or more parameters than a problem holds.
    pub fn new(recipe: &Recipe<'_>, object: &Object) -> Result<Problem> {
        let mut assembly = Assembly::new(recipe, object)?;
        assembly.add_globals()?;
        assembly.add_ions()?;
        assembly.add_lines()?;
        assembly.finish()
    }
}

/// Slots of the quantities that all lines share; 0 for a quantity outside the object's model.
#[derive(Clone, Copy, Debug, Default)]
struct SharedSlots {
    c_hbeta: usize,
    rv: usize,
    tau: usize,
    xi: usize,
    he1_shift: usize,
    a_h: usize,
    a_he: usize,
    ln_f_hbeta: usize,
    nu: usize,
}

/// Problem of one object while it is assembled.
struct Assembly<'a> {
    recipe: &'a Recipe<'a>,
    object: &'a Object,
    /// Lines of the fit, in the order of their members and not of the rows. Hβ is last where it is
    /// a line.
    used: Vec<&'a Measurement>,
    absorption: bool,
    /// Number of lines with correlated errors of the ratios of absorption.
    correlated_lines: usize,
    /// Slots; the first is empty and stands for every quantity outside the object's model.
    slots: Vec<Slot<f64>>,
    shared: SharedSlots,
    /// Zones of the object's model, as indices among the recipe's zones, and the slots of
    /// temperature and density.
    zones: Vec<(usize, [usize; 2])>,
    /// Slots of the arms' calibrations, with the names of the arms.
    arms: Vec<(String, usize)>,
    records: Vec<IonRecord<f64>>,
    terms: Vec<Term<f64>>,
    /// Number of terms of each line that belong to its members; they come first.
    plain_terms: Vec<usize>,
    rows: Vec<LineRecord<f64>>,
    parameters: Vec<Parameter>,
    ions: Vec<Ion>,
    lines: Vec<ProblemLine>,
    /// Signal-to-noise of the ratios that measure temperatures and densities, with the names of the
    /// parameters.
    snr: Vec<(String, f64)>,
    dimension: u32,
    constant: f64,
    flags: Vec<Flag>,
}

impl<'a> Assembly<'a> {
    fn new(recipe: &'a Recipe<'a>, object: &'a Object) -> Result<Self> {
        let decide::Used {
            lines: used,
            absorption,
            flags,
        } = decide::used(recipe, object)?;
        let mut assembly = Assembly {
            recipe,
            object,
            absorption,
            correlated_lines: absorption::count_correlated(recipe, &used),
            used,
            slots: Vec::new(),
            shared: SharedSlots::default(),
            zones: Vec::new(),
            arms: Vec::new(),
            records: Vec::new(),
            terms: Vec::new(),
            plain_terms: Vec::new(),
            rows: Vec::new(),
            parameters: Vec::new(),
            ions: Vec::new(),
            lines: Vec::new(),
            snr: Vec::new(),
            dimension: 0,
            constant: 0.0,
            flags,
        };
        assembly.ions = assembly.ions_present();
        assembly.flag_measurements();
        Ok(assembly)
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
            zones: self.named_zones(),
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
            snr: self.snr,
            flags: self.flags,
        })
    }

    /// Zones, with the names of their parameters.
    fn named_zones(&self) -> Vec<ProblemZone> {
        let zones = &self.recipe.zones;
        let all = &zones.all;
        self.zones
            .iter()
            .map(|&(z, [slot, _])| {
                let temperature = all[zones.temperature_owner(z)].t();
                ProblemZone {
                    name: all[z].name.clone(),
                    rule: self.rule(z, slot, &temperature),
                    relation: self.ranged_relation(z, slot),
                    is_given: self.is_written(&temperature),
                    temperature,
                    density: format!("n_e{}", all[zones.density_owner(z)].suffix()),
                }
            })
            .collect()
    }

    /// Refuses a problem that the records of a device cannot hold.
    fn check_sizes(&self) -> Result<()> {
        let too_large = |what, found, most| {
            Err(Error::Problem(ProblemError::ProblemTooLarge {
                object: self.object.id.clone(),
                what,
                found,
                most,
            }))
        };
        let (dimension, slots, ions) = (self.dimension as usize, self.slots.len(), self.ions.len());
        if dimension > MAX_DIMENSION {
            return too_large("free parameters", dimension, MAX_DIMENSION);
        }
        let terms = self.rows.iter().map(|row| row.terms as usize).max().unwrap_or(0);
        if terms > MAX_LINE_TERMS {
            return too_large("terms of one line", terms, MAX_LINE_TERMS);
        }
        if slots > MAX_SLOTS || ions > MAX_IONS {
            return too_large("parameters", slots + ions, MAX_SLOTS + MAX_IONS);
        }
        Ok(())
    }

    /// Header of the object: sizes, slots and the law of the optical depth.
    fn header(&self) -> Header<f64> {
        let slot = |zone: usize, which: usize| self.zones.get(zone).map_or(0, |(_, slots)| slots[which] as u32);
        let shared = self.shared;
        let [law_a_hbeta, law_b_hbeta] = self.recipe.reddening_of_hbeta();
        let ratio = self.recipe.normalisation() == Normalisation::Ratio;
        let hbeta_ew = self.object.hbeta.ew.filter(|_| ratio && self.absorption);
        let law = &self.recipe.set.f_tau;
        let [tau_x_least, tau_x_most, tau_s_least, tau_s_most] = law.held_range();
        Header {
            dimension: self.dimension,
            first_slot: 0,
            slots: self.slots.len() as u32,
            first_ion: 0,
            ions: self.records.len() as u32,
            first_term: 0,
            first_line: 0,
            lines: self.rows.len() as u32,
            c_hbeta: shared.c_hbeta as u32,
            tau: shared.tau as u32,
            a_h: shared.a_h as u32,
            a_he: shared.a_he as u32,
            ln_f_hbeta: shared.ln_f_hbeta as u32,
            rv: shared.rv as u32,
            xi: shared.xi as u32,
            he1_shift: shared.he1_shift as u32,
            nu: shared.nu as u32,
            zones: self.zones.len() as u32,
            t_0: slot(0, 0),
            t_1: slot(1, 0),
            t_2: slot(2, 0),
            t_3: slot(3, 0),
            n_0: slot(0, 1),
            n_1: slot(1, 1),
            n_2: slot(2, 1),
            n_3: slot(3, 1),
            law_a_hbeta,
            law_b_hbeta,
            absorption_hbeta: hbeta_ew.map_or(0.0, |ew| 1.0 / ew),
            tau_form: law.form,
            tau_density: law.valid_n[1],
            tau_x_least,
            tau_x_most,
            tau_s_least,
            tau_s_most,
            constant: self.constant,
        }
    }

    /// Coordinate of a slot; none of a fixed one.
    fn coordinate(&self, slot: usize) -> Option<usize> {
        let coordinate = self.slots[slot].coordinate;
        (coordinate != NONE).then_some(coordinate as usize)
    }

    /// Flags ions whose lines were all left out.
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

/// Sort key of a parameter among the columns of every file. Temperatures and densities come first,
/// those of `low` and `high` and the shared density before others. Then come the quantities that
/// all lines share, the abundances, and the rest.
pub(crate) fn parameter_order(name: &str) -> (usize, Option<Ion>, String) {
    const TEMPERATURE: usize = 2;
    const DENSITY: usize = 4;
    const RANKS: [(&str, usize); 12] = [
        ("T_low", 0),
        ("T_high", 1),
        ("n_e", 3),
        ("cHbeta", 5),
        ("R_V", 6),
        ("tau", 7),
        ("xi", 8),
        ("a_H", 10),
        ("a_He", 11),
        ("ln_FHbeta", 12),
        ("nu", 15),
        ("he1_shift", 14),
    ];
    const ION: usize = 9;
    const ARM: usize = 13;
    if let Some((_, rank)) = RANKS.iter().find(|(known, _)| *known == name) {
        return (*rank, None, String::new());
    }
    let starts = [("T_", TEMPERATURE), ("n_e_", DENSITY), ("cal_", ARM)];
    let kind = starts.into_iter().find(|(start, _)| name.starts_with(start));
    match kind {
        Some((_, rank)) => (rank, None, name.to_owned()),
        None => (ION, name.parse().ok(), String::new()),
    }
}
