//! Finishes an object: fluxes relative to Hβ, or a rejection.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Builder, Given};
use crate::error::{CatalogueError, Error};
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Resolved};
use crate::table::cell::Place;
use crate::table::rules::Spread;
use crate::table::{Entry, Measurement, Object, Warning};

/// Number of lines from which on errors above most fluxes are doubted.
const DOUBTED: usize = 3;

impl Builder {
    /// The object relative to its Hβ, or the reasons for its rejection, and the warnings about its
    /// rows.
    pub(crate) fn finish(mut self, place: &Place) -> (Entry, Vec<Warning>) {
        let hbeta_is_implied = self.imply_hbeta(place);
        let (path, row, object) = (place.path.to_owned(), self.row, self.id.clone());
        if !self.hbeta_given && !self.row_unread {
            self.reasons.push(Error::Catalogue(CatalogueError::NoHbeta {
                path: path.clone(),
                row,
                object: object.clone(),
            }));
        }
        if self.hbeta_given && !self.other_given && !self.row_unread {
            self.reasons
                .push(Error::Catalogue(CatalogueError::OnlyHbeta { path, row, object }));
        }
        let hbeta = self.known.get(&vec![place.hbeta]).copied();
        if !hbeta_is_implied {
            self.check_detected(hbeta, place);
        }
        self.doubt_errors(hbeta, place);
        let (Some(hbeta), true) = (hbeta, self.reasons.is_empty()) else {
            let entry = Entry::Rejected {
                id: self.id,
                row,
                reasons: self.reasons,
                kept: self.kept,
            };
            return (entry, self.warnings);
        };
        self.flag_shared_members();
        let hbeta = self.measurements.remove(hbeta);
        for measurement in &mut self.measurements {
            measurement.flux /= hbeta.flux;
            measurement.flux_err /= hbeta.flux;
        }
        let priors = self.priors.into_iter();
        let object = Object {
            id: self.id,
            hbeta,
            hbeta_is_implied,
            measurements: self.measurements,
            priors: priors.map(|(parameter, (prior, _))| (parameter, prior)).collect(),
            row,
            flags: self.flags,
            kept: self.kept,
        };
        (Entry::Fit(object), self.warnings)
    }

    /// Adds the Hβ of a catalogue of ratios that does not list it. Returns whether it was added.
    fn imply_hbeta(&mut self, place: &Place) -> bool {
        let Some(flux) = place.rules.hbeta.filter(|_| !self.hbeta_given && self.other_given) else {
            return false;
        };
        let given = Given {
            line: place.cell(self.row, H_BETA, ""),
            column: "hbeta",
            error_column: "hbeta",
            flux,
            flux_err: 0.0,
            ew: None,
            limit: false,
        };
        let hbeta = Resolved {
            label: H_BETA.to_owned(),
            members: vec![place.hbeta],
        };
        self.hbeta_given = true;
        self.add(&Arc::new(hbeta), &given);
        true
    }

    /// Rejects the object if a listed Hβ is not detected, since all other fluxes are relative to
    /// Hβ.
    fn check_detected(&mut self, hbeta: Option<usize>, place: &Place) {
        let least = place.rules.hbeta_snr;
        if let Some(hbeta) = hbeta.map(|index| &self.measurements[index])
            && hbeta.flux < least * hbeta.flux_err
        {
            self.reasons.push(Error::Catalogue(CatalogueError::FaintHbeta {
                path: place.path.to_owned(),
                row: hbeta.row,
                object: self.id.clone(),
                snr: hbeta.flux / hbeta.flux_err,
                least,
            }));
        }
    }

    /// Doubts errors that exceed most fluxes. They reject the object if they were read as fractions
    /// or per cent and the error of Hβ is among them. Otherwise they earn a flag.
    fn doubt_errors(&mut self, hbeta: Option<usize>, place: &Place) {
        let measured = || self.measurements.iter().filter(|measurement| !measurement.limit);
        let exceeds = |measurement: &Measurement| measurement.flux_err > measurement.flux.abs();
        let (all, doubtful) = (measured().count(), measured().filter(|line| exceeds(line)).count());
        if all < DOUBTED || 2 * doubtful <= all {
            return;
        }
        let of_fluxes = matches!(place.rules.spread, Spread::Fraction | Spread::Percent);
        match hbeta.map(|index| &self.measurements[index]) {
            Some(hbeta) if of_fluxes && exceeds(hbeta) => {
                self.reasons.push(Error::Catalogue(CatalogueError::DoubtfulErrors {
                    path: place.path.to_owned(),
                    row: self.row,
                    object: self.id.clone(),
                    doubtful,
                    all,
                }))
            }
            _ => self.flag(Code::DoubtfulErrors.into()),
        }
    }

    /// Flags blends that are given beside one of their members.
    fn flag_shared_members(&mut self) {
        let mut of_member: HashMap<usize, usize> = HashMap::new();
        let mut found = Vec::new();
        for (index, measurement) in self.measurements.iter().enumerate() {
            for &member in &measurement.line.members {
                match of_member.get(&member) {
                    Some(&first) => found.push((first, index)),
                    None => drop(of_member.insert(member, index)),
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        for (first, second) in found {
            let (first, second) = (&self.measurements[first], &self.measurements[second]);
            self.warnings.push(Warning::SharedMember {
                object: self.id.clone(),
                row: second.row,
                label: second.line.label.clone(),
                first: first.line.label.clone(),
                first_row: first.row,
            });
            let subject = format!("{}+{}", first.line.label, second.line.label);
            self.flags.push(Flag::about(Code::SharedLine, subject));
        }
    }
}
