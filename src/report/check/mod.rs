//! A catalogue looked over before a fit: counts that fit on two screens, whatever its size.

mod histogram;
mod lines;
mod rejected;
mod screen;
mod summary;
mod suspicion;
mod warnings;

use std::collections::BTreeMap;

pub use warnings::warning_count;

use super::flagged::FlagCounts;
use super::{EXAMPLES, counted};
use crate::error::Error;
use crate::flag::Flag;
use crate::line::LineList;
use crate::problem::Recipe;
use crate::table::{Beside, Object};
use histogram::Histogram;
use lines::Lines;
use rejected::{Rejected, named};
use screen::broken;
pub(in crate::report) use suspicion::is_suspicion;
use suspicion::{Kind, Suspicion, Watch};

/// Objects about which there is one suspicion.
#[derive(Clone, Debug, Default)]
struct Suspected {
    objects: usize,
    /// Names of the first few, with the ratio that raised the suspicion.
    examples: Vec<String>,
}

/// Counts of a catalogue's objects, made one by one; their size does not grow with the catalogue.
#[derive(Clone, Debug)]
pub struct Inspection<'a> {
    list: &'a LineList,
    watch: Watch,
    objects: usize,
    lines: Lines,
    /// Flux over error of Hβ.
    hbeta: Histogram,
    /// Objects whose Hβ has no error.
    without_error: usize,
    flags: FlagCounts,
    suspected: BTreeMap<Kind, Suspected>,
    /// Objects whose Balmer lines tell dereddened fluxes from observed ones.
    told: usize,
    rejected: Rejected,
}

impl<'a> Inspection<'a> {
    /// Starts before the first object.
    pub fn new(recipe: &Recipe<'a>) -> Inspection<'a> {
        let list = &recipe.set.list;
        Inspection {
            list,
            watch: Watch::new(list, recipe.reddens()),
            objects: 0,
            lines: Lines::default(),
            hbeta: Histogram::default(),
            without_error: 0,
            flags: FlagCounts::default(),
            suspected: BTreeMap::new(),
            told: 0,
            rejected: Rejected::default(),
        }
    }

    /// Counts an object that would be fitted, with the flags of its problem.
    pub fn add(&mut self, object: &Object, flags: &[Flag]) {
        self.objects += 1;
        let others: Vec<Flag> = flags.iter().filter(|flag| !is_suspicion(flag)).cloned().collect();
        self.flags.add(&object.id, &others);
        self.measured(object, flags);
    }

    /// Counts an object that was read and cannot be fitted.
    pub fn reject(&mut self, object: &Object, reason: &Error) {
        self.reject_unread(&object.id, std::slice::from_ref(reason));
        self.measured(object, &[]);
    }

    /// Counts an object that could not be read.
    pub fn reject_unread(&mut self, id: &str, reasons: &[Error]) {
        self.objects += 1;
        self.rejected.add(id, reasons);
    }

    /// Objects counted.
    pub fn objects(&self) -> usize {
        self.objects
    }

    /// Objects rejected.
    pub fn rejected(&self) -> usize {
        self.rejected.objects
    }

    fn measured(&mut self, object: &Object, flags: &[Flag]) {
        self.lines.add(object, self.list);
        let hbeta = &object.hbeta;
        match hbeta.flux_err > 0.0 {
            true => self.hbeta.add(hbeta.flux / hbeta.flux_err),
            false => self.without_error += 1,
        }
        self.told += usize::from(self.watch.tells(object));
        for suspicion in self.watch.about(object, flags) {
            let suspected = self.suspected.entry(suspicion.kind).or_default();
            suspected.objects += 1;
            if suspected.examples.len() < EXAMPLES {
                suspected.examples.push(example(&object.id, &suspicion));
            }
        }
    }

    /// The suspicions about one object whose problem has `flags`, in rows of 100 columns.
    pub fn suspicions(&self, object: &Object, flags: &[Flag]) -> Vec<String> {
        let text = |found: Suspicion| {
            let ratio = found.ratio.map(|ratio| format!(" ({})", number(ratio)));
            let (what, remedy) = (found.kind.what(), found.kind.remedy());
            let flag = found.flag.map(|flag| format!(" [{flag}]"));
            format!(
                "{what}{}: {remedy}{}",
                ratio.unwrap_or_default(),
                flag.unwrap_or_default()
            )
        };
        let texts = self.watch.about(object, flags).into_iter().map(text);
        texts.flat_map(|text| broken("    ", &text)).collect()
    }

    /// `12 objects would be fitted, 3 rejected.`
    pub fn verdict(&self) -> String {
        let fitted = counted(self.objects - self.rejected.objects, "object");
        format!("{fitted} would be fitted, {} rejected.", self.rejected.objects)
    }
}

/// The warnings of the files one by one, a row each; empty without any.
pub fn warning_rows(beside: &Beside) -> String {
    let rows = warnings::every(beside);
    let rows = rows.iter().flat_map(|row| broken("", &format!("warning: {row}")));
    rows.map(|row| row + "\n").collect()
}

fn example(id: &str, suspicion: &Suspicion) -> String {
    match suspicion.ratio {
        Some(ratio) => format!("{} {}", named(id), number(ratio)),
        None => named(id).into_owned(),
    }
}

/// A number in three digits.
fn number(value: f64) -> String {
    significant(value, 3)
}

/// A number in so many digits, with a power of ten where it is very large or small.
pub(super) fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor() as i32;
    match magnitude {
        -3..=5 => format!("{value:.*}", (digits - 1 - magnitude).max(0) as usize),
        _ => format!("{value:.*e}", (digits - 1) as usize),
    }
}

#[cfg(test)]
mod tests;
