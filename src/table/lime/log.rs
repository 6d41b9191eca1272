//! The rows of a log of LiMe: which of its two fluxes counts, and which transition it belongs to.

use std::collections::HashMap;

use csv::StringRecord;

use super::FLUX;
use crate::error::{Error, Result};
use crate::table::cell::{Cell, Place};
use crate::table::header::Header;
use crate::table::rows::Rows;

/// Names of the column of labels; text logs have none for it.
const LABELS: [&str; 5] = ["", "index", "label", "line", "lineLabel"];
/// Flux of the profile: `gauss_flux` before version 1.0.
const PROFILE: [&str; 2] = ["profile_flux", "gauss_flux"];
/// Group of lines fitted together: `profile_label` before version 1.0, `blended_label` before 0.9.
const GROUP: [&str; 3] = ["group_label", "profile_label", "blended_label"];

/// A log as it stands.
pub(super) struct Log {
    pub(super) components: Vec<Component>,
    /// Why rows could not be read.
    pub(super) unread: Vec<Error>,
    pub(super) first_row: usize,
}

/// A row of a log.
pub(super) struct Component {
    pub(super) row: usize,
    /// As it stands, `O3_5007A_k-1`.
    pub(super) label: String,
    /// Without its component, `O3_5007A`.
    pub(super) transition: String,
    /// Whether it is in absorption.
    pub(super) absorption: bool,
    /// What was fitted together with it, itself among them; empty for a line by itself.
    pub(super) group: Vec<String>,
    /// Integrated flux of a line by itself, else the profile's; none if blank.
    pub(super) flux: Option<f64>,
    pub(super) flux_err: Option<f64>,
    /// Column of the error.
    pub(super) error_column: &'static str,
    /// Equivalent width at rest \[Å\].
    pub(super) ew: Option<f64>,
    /// Rest wavelengths \[Å\] between which the flux was integrated; none for a profile's.
    pub(super) band: Option<(f64, f64)>,
}

impl Component {
    /// Where its label stands.
    pub(super) fn cell<'a>(&'a self, place: &Place<'a>) -> Cell<'a> {
        Cell {
            path: place.path,
            row: self.row,
            column: "label",
            value: &self.label,
        }
    }
}

/// The columns that count.
struct Columns {
    label: usize,
    flux: usize,
    flux_err: usize,
    profile: Option<(usize, usize, &'static str)>,
    group: Option<usize>,
    eqw: Option<usize>,
    redshift: Option<usize>,
    band: Option<(usize, usize)>,
}

impl Columns {
    fn of(header: &Header) -> Result<Columns> {
        let label = LABELS.iter().find_map(|name| header.find(name));
        let profile = PROFILE
            .iter()
            .zip(["profile_flux_err", "gauss_flux_err"])
            .find_map(|(name, error)| Some((header.find(name)?, header.find(error)?, error)));
        Ok(Columns {
            label: label.ok_or_else(|| header.missing("label"))?,
            flux: header.require(FLUX)?,
            flux_err: header.require("intg_flux_err")?,
            profile,
            group: GROUP.iter().find_map(|name| header.find(name)),
            eqw: header.find("eqw"),
            redshift: header.find("z_line"),
            band: header.find("w3").zip(header.find("w4")),
        })
    }

    fn used(&self) -> Vec<usize> {
        let profile = self
            .profile
            .map(|(flux, error, _)| [Some(flux), Some(error)])
            .unwrap_or_default();
        let band = self.band.map(|(from, to)| [Some(from), Some(to)]).unwrap_or_default();
        [
            Some(self.label),
            Some(self.flux),
            Some(self.flux_err),
            self.group,
            self.eqw,
            self.redshift,
        ]
        .into_iter()
        .chain(profile)
        .chain(band)
        .flatten()
        .collect()
    }
}

/// The transition of a label: without blend and component; and whether the component is in absorption.
pub(super) fn transition(label: &str) -> (String, bool) {
    let mut parts = label.split('_');
    let (ion, wavelength) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (mut base, mut absorption) = (format!("{ion}_{wavelength}"), false);
    for part in parts {
        match part {
            "m" => base.push_str("_m"),
            _ => absorption |= part.split('-').any(|word| word == "abs"),
        }
    }
    (base, absorption)
}

impl Log {
    /// Reads the rows.
    pub(super) fn read(rows: &mut Rows, place: &Place) -> Result<Log> {
        if rows.header.names.first().is_some_and(|name| name == "wavelength") {
            // The index of a log in text stands under no name.
            rows.header.names.insert(0, String::new());
        }
        let columns = Columns::of(&rows.header)?;
        rows.select(&columns.used())?;
        let width = rows.header.names.len();
        let names = rows.header.names.clone();
        let mut log = Log {
            components: Vec::new(),
            unread: Vec::new(),
            first_row: rows.header.row + 1,
        };
        let mut record = StringRecord::new();
        let mut shared: HashMap<String, usize> = HashMap::new();
        let mut read = Vec::new();
        while let Some(row) = rows.next(&mut record)? {
            if read.is_empty() {
                log.first_row = row.number;
            }
            let number = row.number;
            if row.len() != width {
                let (path, found) = (place.path.to_owned(), row.len());
                let reason = Error::FieldCount {
                    path,
                    row: number,
                    found,
                    expected: width,
                };
                log.unread.push(reason);
                continue;
            }
            *shared.entry(row.get(columns.flux).to_owned()).or_default() += 1;
            read.push((number, record.clone()));
        }
        for (number, record) in &read {
            let row = LogRow {
                number: *number,
                record,
                names: &names,
                columns: &columns,
                place,
            };
            let is_shared = shared[row.text(columns.flux)] > 1;
            match row.component(is_shared) {
                Ok(component) => log.components.push(component),
                Err(reason) => log.unread.push(reason),
            }
        }
        Ok(log)
    }
}

/// One row and what its columns mean.
struct LogRow<'a> {
    number: usize,
    record: &'a StringRecord,
    names: &'a [String],
    columns: &'a Columns,
    place: &'a Place<'a>,
}

impl<'a> LogRow<'a> {
    fn text(&self, column: usize) -> &'a str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// A number; none where LiMe has none.
    fn number(&self, column: usize) -> Result<Option<f64>> {
        let value = self.text(column);
        if ["", "nan", "none", "no"].contains(&value.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let cell = Cell {
            path: self.place.path,
            row: self.number,
            column: &self.names[column],
            value,
        };
        cell.number("a finite number, NaN or none", |_| true)
    }

    /// The row's component; a flux that it shares with another is the group's, so that its own is the profile's.
    fn component(&self, is_shared: bool) -> Result<Component> {
        let columns = self.columns;
        let label = self.text(columns.label).to_owned();
        let (transition, absorption) = transition(&label);
        let group = columns.group.map_or("", |column| self.text(column));
        let group: Vec<String> = group.split('+').map(str::to_owned).collect();
        let group = if group.len() > 1 { group } else { Vec::new() };
        let merged = transition.ends_with("_m");
        let blended = is_shared || (!group.is_empty() && !merged);
        let (flux, flux_err, error_column) = match columns.profile {
            Some(profile) if blended => profile,
            _ => (columns.flux, columns.flux_err, "intg_flux_err"),
        };
        let pair = |columns: (usize, usize)| -> Result<Option<(f64, f64)>> {
            Ok(self.number(columns.0)?.zip(self.number(columns.1)?))
        };
        let eqw = columns.eqw.map_or(Ok(None), |column| self.number(column))?;
        let redshift = columns.redshift.map_or(Ok(None), |column| self.number(column))?;
        Ok(Component {
            row: self.number,
            label,
            transition,
            absorption,
            group,
            flux: self.number(flux)?,
            flux_err: self.number(flux_err)?,
            error_column,
            // LiMe's equivalent widths are flux over continuum as observed, emission positive.
            ew: eqw.zip(redshift).map(|(eqw, redshift)| eqw / (1.0 + redshift)),
            band: if blended {
                None
            } else {
                columns.band.map_or(Ok(None), pair)?
            },
        })
    }
}
