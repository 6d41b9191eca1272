//! Line logs of LiMe (Fernández et al. 2024, A&A 688, A69): one object per table, or a frame of
//! many by `id` and `file`.

mod levels;
pub(super) mod log;
mod look;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use csv::StringRecord;

use self::levels::Levels;
use self::log::{Columns, Component, FLUX};
pub(crate) use self::look::{Look, look};
use super::builder::{Builder, Given};
use super::cell::Place;
use super::first_rows::FirstRows;
use super::header::{Header, KeptColumns};
use super::in_order::InOrder;
use super::kept::Kept;
use super::names::{LineNames, Meaning};
use super::rows::Rows;
use super::{Take, Warning, Warnings};
use crate::error::{CatalogueError, Error, LineError, Result};
use crate::flag::{Code, Flag};
use crate::line::{Label, Resolved};

const UNKNOWN: &str = "the emissivities do not hold them, or not all of their members";
const ABSORBED: &str =
    "a component is in absorption, and nobody can say whether the nebula's emission is one or the sum";
const UNMEASURED: &str = "their flux is blank or not a number";
const NO_ERROR: &str = "their flux has no error";
const IGNORED: &str = "[lines] says so";

/// Tells whether a table is a log.
pub(crate) fn is_log(header: &Header) -> bool {
    header.find(FLUX).is_some()
}

/// Rows of one object.
struct Gathered {
    id: String,
    first_row: usize,
    rows: Vec<(usize, StringRecord)>,
    /// Errors of rows that cannot be read.
    unread: Vec<Error>,
    kept: Vec<Kept>,
}

/// Reads a log as one object, a frame as many. `id` names the object of a log.
///
/// # Errors
/// A log without labels or fluxes.
pub(crate) fn read(rows: &mut Rows, id: &str, look: &Look, place: &Place, take: Take) -> Result<Warnings> {
    let header = rows.header.clone();
    let (columns, levels) = (Columns::of(&header)?, Levels::of(&header, place)?);
    let kept: KeptColumns = header.kept(place.settings)?;
    let used = columns.used().into_iter().chain(levels.columns()).chain(kept.indices());
    rows.select(&used.collect::<Vec<_>>())?;
    let reader = Reader::new(&header, &columns, look, place);
    let mut warnings = Warnings::default();
    let mut first_rows = FirstRows::default();
    let mut finish = |mut gathered: Gathered| {
        let row = gathered.first_row;
        if let Some(first_row) = first_rows
            .earlier(&gathered.id, row)
            .filter(|_| !gathered.id.is_empty())
        {
            gathered.unread.push(Error::Catalogue(CatalogueError::DuplicateObject {
                path: place.path.to_owned(),
                row,
                object: gathered.id.clone(),
                first_row,
            }));
        }
        let (entry, of_object) = reader.object(gathered);
        warnings.extend(of_object);
        take(entry)
    };
    let mut objects: InOrder<Gathered> = InOrder::new();
    let (mut record, mut taken) = (StringRecord::new(), 0);
    while let Some(row) = rows.next(&mut record)? {
        taken += 1;
        let key = levels.key(&row);
        let last = look.last_rows.get(&key) == Some(&taken);
        let gathered = objects.get(&key, last, || Gathered {
            id: levels.name(&row, &look.files, id),
            first_row: row.number,
            rows: Vec::new(),
            unread: Vec::new(),
            kept: kept.of(&row),
        });
        let number = row.number;
        match header.check(&row).and_then(|()| levels.named(&row, &header, place)) {
            Err(reason) => gathered.unread.push(reason),
            Ok(()) => gathered.rows.push((number, record.clone())),
        }
        while let Some(gathered) = objects.next(false) {
            finish(gathered)?;
        }
    }
    while let Some(gathered) = objects.next(true) {
        finish(gathered)?;
    }
    Ok(warnings)
}

/// A transition: its components, in the order of the log.
struct Transition<'a> {
    /// Ion and wavelength, with `_m` for a merged line.
    label: String,
    components: Vec<&'a Component>,
}

/// A table, and the meaning of its line names.
struct Reader<'a> {
    header: &'a Header,
    columns: &'a Columns,
    place: &'a Place<'a>,
    names: LineNames<'a>,
    /// Labels that name exactly one line, by index of the line.
    claimed: HashMap<usize, HashSet<String>>,
}

impl<'a> Reader<'a> {
    fn new(header: &'a Header, columns: &'a Columns, look: &Look, place: &'a Place<'a>) -> Reader<'a> {
        let mut claimed: HashMap<usize, HashSet<String>> = HashMap::new();
        for name in &look.names {
            if let Ok(line) = place.list.resolve(name, &[])
                && let [index] = line.members[..]
            {
                claimed.entry(index).or_default().insert(name.clone());
            }
        }
        Reader {
            header,
            columns,
            place,
            names: LineNames::new(place, look.names.iter().map(String::as_str)),
            claimed,
        }
    }

    /// Builds the object from its rows.
    fn object(&self, gathered: Gathered) -> (super::Entry, Vec<Warning>) {
        let place = self.place;
        let mut builder = Builder::new(&gathered.id, gathered.first_row, place);
        builder.keep_columns(gathered.kept);
        gathered
            .unread
            .into_iter()
            .for_each(|reason| builder.reject_row(reason));
        let mut components = Vec::new();
        for component in log::components(&gathered.rows, self.columns, self.header, place) {
            match component {
                Ok(component) => components.push(component),
                Err(reason) => builder.reject_row(reason),
            }
        }
        let mut left = Vec::new();
        for transition in transitions(&components, place, &mut builder) {
            if let Err(why) = self.add(&transition, &components, &mut builder) {
                left.push((transition.label, transition.components[0].row, why));
            }
        }
        for why in [UNKNOWN, ABSORBED, UNMEASURED, NO_ERROR, IGNORED] {
            let lines = left.iter().filter(|(.., reason)| *reason == why);
            let lines: Vec<(String, usize)> = lines.map(|(label, row, _)| (label.clone(), *row)).collect();
            if !lines.is_empty() {
                let object = gathered.id.clone();
                builder.warn(Warning::LeftOut { object, why, lines });
            }
        }
        builder.finish(place)
    }

    /// Adds a transition to the object.
    fn add(
        &self,
        transition: &Transition,
        all: &[Component],
        builder: &mut Builder,
    ) -> std::result::Result<(), &'static str> {
        let first = transition.components[0];
        let (flux, flux_err, ew) = measured(transition)?;
        let (line, flag) = match self.line(transition) {
            Ok(Meaning::Lines(line, flag)) => (line, flag),
            Ok(Meaning::Ignored) => return Err(IGNORED),
            Err(error) if error.is_unclear() => {
                builder.reject_line(first.cell(self.place).label(error));
                return Ok(());
            }
            Err(_) => return Err(UNKNOWN),
        };
        let given = Given {
            line: first.cell(self.place),
            column: first.columns.0,
            error_column: first.columns.1,
            flux,
            flux_err,
            ew,
            limit: false,
        };
        builder.push(&line, flag.as_ref(), &given, self.place);
        for absent in absent(transition, all) {
            builder.warn(Warning::AbsentComponent {
                object: builder.name().to_owned(),
                row: first.row,
                label: transition.label.clone(),
                component: absent,
            });
        }
        Ok(())
    }

    /// Lines of a transition: by the settings, else by the members that the log gives a merged
    /// line, else by the rule for names. The band of a single line may hold the other lines of a
    /// merged label. If they stand nowhere else in the table, the line has the meaning of that
    /// label.
    fn line(&self, transition: &Transition) -> Result<Meaning, LineError> {
        let first = transition.components[0];
        let label = match self.names.is_mapped(&first.label) {
            true => &first.label,
            false => &transition.label,
        };
        let own: Vec<String> = first
            .group
            .iter()
            .filter(|member| !member.ends_with("_m"))
            .cloned()
            .collect();
        let merged = label.parse::<Label>().is_ok_and(|label| label.merged);
        if merged && own.len() > 1 && !self.names.is_mapped(label) {
            return self.names.read(label, &own.join("+"));
        }
        let meaning = self.names.read(label, "")?;
        match &meaning {
            Meaning::Lines(line, None) if !self.names.is_mapped(label) => Ok(match self.whole(line, transition) {
                Some(whole) => {
                    let subject = format!("{}={}", first.label, self.names.members(&whole));
                    Meaning::Lines(Arc::new(whole), Some(Flag::about(Code::ReadAs, subject)))
                }
                None => meaning,
            }),
            _ => Ok(meaning),
        }
    }

    /// Merged line that was integrated under the label of one of its members.
    fn whole(&self, line: &Resolved, transition: &Transition) -> Option<Resolved> {
        let list = self.place.list;
        let [own] = line.members[..] else { return None };
        let (from, to) = transition.components[0].band?;
        let claimed = |index: usize| {
            let others = self.claimed.get(&index);
            others.is_some_and(|labels| labels.iter().any(|label| *label != transition.label))
        };
        let inside = |index: usize| {
            let line = &list.lines[index];
            [line.wavelength_air, line.wavelength_vac]
                .iter()
                .all(|wavelength| (from..to).contains(wavelength))
        };
        list.merged.iter().find_map(|merged| {
            let members = list.resolve(&merged.label, &[]).ok()?;
            let others = || members.members.iter().filter(|&&index| index != own);
            let holds = members.members.contains(&own) && others().all(|&index| inside(index) && !claimed(index));
            holds.then_some(members)
        })
    }
}

/// Components gathered by transition. A second row of one component rejects the object.
fn transitions<'c>(components: &'c [Component], place: &Place, builder: &mut Builder) -> Vec<Transition<'c>> {
    let mut transitions: Vec<Transition> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for component in components {
        let index = *places.entry(&component.transition).or_insert_with(|| {
            transitions.push(Transition {
                label: component.transition.clone(),
                components: Vec::new(),
            });
            transitions.len() - 1
        });
        let known = &mut transitions[index].components;
        let twin = known.iter().find(|other| other.number == component.number);
        match twin.filter(|twin| twin.label == component.label || !(twin.absorption || component.absorption)) {
            None => known.push(component),
            Some(first) => builder.reject_line(Error::Catalogue(CatalogueError::DuplicateLine {
                path: place.path.to_owned(),
                row: component.row,
                column: "label".to_owned(),
                label: component.label.clone(),
                first: first.label.clone(),
                first_row: first.row,
            })),
        }
    }
    transitions
}

/// Flux, error and equivalent width at rest of a transition: sums over its components, errors in
/// quadrature.
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

/// Components that the group of a transition names and the log lacks.
fn absent(transition: &Transition, all: &[Component]) -> Vec<String> {
    let group = transition.components[0].group.iter();
    let of_it = group.filter(|member| log::transition(member).0 == transition.label);
    let is_absent = |member: &&String| !all.iter().any(|component| component.label == **member);
    of_it.filter(is_absent).cloned().collect()
}
