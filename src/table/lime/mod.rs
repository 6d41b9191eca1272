//! Line logs of LiMe (Fernández et al. 2024, A&A 688, A69), one object a table.

mod log;

use std::sync::Arc;

use self::log::{Component, Log};
use super::builder::{Builder, Given};
use super::cell::Place;
use super::header::Header;
use super::rows::Rows;
use super::{Take, Warning, Warnings};
use crate::error::Result;
use crate::line::{Companions, Label, Resolved};

/// The column that only LiMe's logs have.
pub(crate) const FLUX: &str = "intg_flux";

/// Whether a table is a log.
pub(crate) fn is_log(header: &Header) -> bool {
    header.find(FLUX).is_some()
}

/// A transition: the components that make it, in the order of the log.
struct Transition<'a> {
    /// Ion and wavelength, with `_m` for a merged line.
    label: String,
    components: Vec<&'a Component>,
}

/// Reads a log as one object.
///
/// # Errors
/// A log without labels or fluxes.
pub(crate) fn read(rows: &mut Rows, id: &str, place: &Place, take: Take) -> Result<Warnings> {
    let log = Log::read(rows, place)?;
    if log.components.is_empty() && log.unread.is_empty() {
        return Ok(Warnings::default());
    }
    let mut builder = Builder::new(id, log.first_row);
    log.unread.into_iter().for_each(|reason| builder.reject_row(reason));
    let mut left = Vec::new();
    for transition in transitions(&log.components) {
        let first = transition.components[0];
        match measured(&transition) {
            Err(why) => left.push((transition.label, first.row, why)),
            Ok((flux, flux_err, ew)) => match line(&transition, &log.components, place, &mut builder) {
                Err(_) => left.push((transition.label, first.row, UNKNOWN)),
                Ok(line) => {
                    let given = Given {
                        line: first.cell(place),
                        error_column: first.error_column,
                        flux,
                        flux_err,
                        ew,
                        limit: false,
                    };
                    builder.push(&Arc::new(line), &given, place);
                    warn_of_absent(&transition, &log.components, id, &mut builder);
                }
            },
        }
    }
    for why in [UNKNOWN, ABSORBED, UNMEASURED, NO_ERROR] {
        let lines: Vec<(String, usize)> = left
            .iter()
            .filter(|(.., reason)| *reason == why)
            .map(|(label, row, _)| (label.clone(), *row))
            .collect();
        if !lines.is_empty() {
            let object = id.to_owned();
            builder.warn(Warning::LeftOut { object, why, lines });
        }
    }
    let (entry, warnings) = builder.finish(place);
    take(entry)?;
    Ok(warnings.into_iter().collect())
}

const UNKNOWN: &str = "the emissivities do not hold them, or not all of their members";
const ABSORBED: &str =
    "a component is in absorption, and nobody can say whether the nebula's emission is one or the sum";
const UNMEASURED: &str = "their flux is blank or not a number";
const NO_ERROR: &str = "their flux has no error";

/// The components gathered by transition.
fn transitions(components: &[Component]) -> Vec<Transition<'_>> {
    let mut transitions: Vec<Transition> = Vec::new();
    for component in components {
        match transitions.iter_mut().find(|known| known.label == component.transition) {
            Some(known) => known.components.push(component),
            None => transitions.push(Transition {
                label: component.transition.clone(),
                components: vec![component],
            }),
        }
    }
    transitions
}

/// A transition's flux, error and equivalent width at rest: the sum of its components, errors in quadrature.
fn measured(transition: &Transition) -> std::result::Result<(f64, f64, Option<f64>), &'static str> {
    let components = &transition.components;
    if components.iter().any(|component| component.absorption) {
        return Err(ABSORBED);
    }
    let sum =
        |value: fn(&Component) -> Option<f64>| components.iter().map(|component| value(component)).sum::<Option<f64>>();
    let flux = sum(|component| component.flux).ok_or(UNMEASURED)?;
    let variance = sum(|component| component.flux_err.map(|error| error * error)).ok_or(NO_ERROR)?;
    let ew = sum(|component| component.ew).filter(|ew| *ew > 0.0);
    Ok((flux, variance.sqrt(), ew))
}

/// The lines of a transition: the settings' members, else those the log gives a merged line, else those of the merged label
/// whose other lines lie in the band that was integrated, or nearer than any spectrum resolves, and are nowhere else in the
/// log, else the label's own.
fn line(transition: &Transition, all: &[Component], place: &Place, builder: &mut Builder) -> Result<Resolved> {
    let label = &transition.label;
    let first = transition.components[0];
    if let Some(members) = place
        .settings
        .blends
        .get(label)
        .or_else(|| place.settings.blends.get(&first.label))
    {
        return place.list.resolve(label, members);
    }
    let merged = label.parse::<Label>()?.merged;
    let own: Vec<String> = first
        .group
        .iter()
        .filter(|member| !member.ends_with("_m"))
        .cloned()
        .collect();
    if merged && own.len() > 1 {
        return place.list.resolve(label, &own);
    }
    let line = place.list.resolve(label, &[])?;
    match whole(&line, first, all, place) {
        Some(whole) if !merged => {
            builder.warn(Warning::ReadAs {
                row: first.row,
                label: first.label.clone(),
                line: whole.label.clone(),
            });
            Ok(whole)
        }
        _ => Ok(line),
    }
}

/// The merged line that was measured where the log names one of its members only.
fn whole(line: &Resolved, component: &Component, all: &[Component], place: &Place) -> Option<Resolved> {
    let [own] = line.members[..] else { return None };
    let claimed = |index: usize| {
        all.iter().any(|other| {
            let labels = std::iter::once(&other.transition).chain(other.group.iter());
            let named = |label: &String| place.list.resolve(label, &[]).is_ok_and(|line| line.members == [index]);
            other.transition != component.transition && labels.into_iter().any(named)
        })
    };
    if let Companions::Merged(label, members) = place.list.companions(own, claimed) {
        return Some(Resolved { label, members });
    }
    let (from, to) = component.band?;
    let inside = |index: usize| {
        let line = &place.list.lines[index];
        [line.wavelength_air, line.wavelength_vac]
            .iter()
            .all(|wavelength| (from..to).contains(wavelength))
    };
    place.list.merged.iter().find_map(|merged| {
        let members = place.list.resolve(&merged.label, &[]).ok()?;
        let others = || members.members.iter().filter(|&&index| index != own);
        let holds = members.members.contains(&own) && others().all(|&index| inside(index) && !claimed(index));
        holds.then_some(members)
    })
}

/// Says which components of a transition its group names and the log does not have.
fn warn_of_absent(transition: &Transition, all: &[Component], id: &str, builder: &mut Builder) {
    let first = transition.components[0];
    let of_it = first
        .group
        .iter()
        .filter(|member| log::transition(member).0 == transition.label);
    for absent in of_it.filter(|member| !all.iter().any(|component| component.label == **member)) {
        builder.warn(Warning::AbsentComponent {
            object: id.to_owned(),
            row: first.row,
            label: transition.label.clone(),
            component: absent.clone(),
        });
    }
}
