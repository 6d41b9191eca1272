//! Rows of a log of LiMe: choice between the two fluxes, and transition of each row.

use std::collections::HashMap;

use csv::StringRecord;

use crate::error::Result;
use crate::table::cell::{Cell, Place};
use crate::table::header::Header;

/// Column that only LiMe's logs have.
pub(crate) const FLUX: &str = "intg_flux";

/// Names of the column of labels; the index of a text log has none.
const LABELS: [&str; 4] = ["line", "label", "lineLabel", "index"];
/// Flux of the profile: `gauss_flux` before version 1.0.
const PROFILE: [&str; 2] = ["profile_flux", "gauss_flux"];
/// Group of lines fitted together: `profile_label` before version 1.0, `blended_label` before 0.9.
const GROUP: [&str; 3] = ["group_label", "profile_label", "blended_label"];

/// A row of a log.
pub(super) struct Component {
    pub(super) row: usize,
    /// Label as given, `O3_5007A_k-1`.
    pub(super) label: String,
    /// Label without its component, `O3_5007A`.
    pub(super) transition: String,
    /// Number of the kinematic component, 0 where the label gives none.
    pub(super) number: u32,
    /// True if the component is in absorption.
    pub(super) absorption: bool,
    /// All lines of the common fit, this one included; empty for a line by itself.
    pub(super) group: Vec<String>,
    /// Integrated flux of a line by itself, otherwise the flux of the profile; none if blank.
    pub(super) flux: Option<f64>,
    pub(super) flux_err: Option<f64>,
    /// Columns of flux and error.
    pub(super) columns: (&'static str, &'static str),
    /// Equivalent width at rest \[Å\].
    pub(super) ew: Option<f64>,
    /// Rest wavelengths \[Å\] that bound the integrated flux; none for the flux of a profile.
    pub(super) band: Option<(f64, f64)>,
}

impl Component {
    /// Cell with the label.
    pub(super) fn cell<'a>(&'a self, place: &Place<'a>) -> Cell<'a> {
        place.cell(self.row, "label", &self.label)
    }
}

/// Columns of a log that are read.
pub(super) struct Columns {
    label: usize,
    flux: usize,
    flux_err: usize,
    profile: Option<(usize, usize, (&'static str, &'static str))>,
    group: Option<usize>,
    eqw: Option<usize>,
    redshift: Option<usize>,
    band: Option<(usize, usize)>,
}

impl Columns {
    pub(super) fn of(header: &Header) -> Result<Columns> {
        let index = header.names.iter().position(String::is_empty);
        let label = LABELS.iter().find_map(|name| header.find(name)).or(index);
        let profile = PROFILE
            .iter()
            .zip(["profile_flux_err", "gauss_flux_err"])
            .find_map(|(name, error)| Some((header.find(name)?, header.find(error)?, (*name, error))));
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

    /// Index of the column of labels.
    pub(super) fn label(&self) -> usize {
        self.label
    }

    /// Index of the column of groups of lines.
    pub(super) fn group(&self) -> Option<usize> {
        self.group
    }

    /// Indices of the columns that are read.
    pub(super) fn used(&self) -> Vec<usize> {
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

/// Splits a label: its transition without blend and component, whether the component is in
/// absorption, and the component's number.
pub(super) fn transition(label: &str) -> (String, bool, u32) {
    let mut parts = label.split('_');
    let (ion, wavelength) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (mut base, mut absorption, mut number) = (format!("{ion}_{wavelength}"), false, 0);
    for part in parts {
        match (part, part.strip_prefix("k-").map(str::parse)) {
            ("m", _) => base.push_str("_m"),
            (_, Some(Ok(component))) => number = component,
            _ => absorption |= part.split('-').any(|word| word == "abs"),
        }
    }
    (base, absorption, number)
}

/// Components of an object's rows, in their order. Rows that cannot be read give errors.
pub(super) fn components(
    rows: &[(usize, StringRecord)],
    columns: &Columns,
    header: &Header,
    place: &Place,
) -> Vec<Result<Component>> {
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for (_, record) in rows {
        *shared.entry(record.get(columns.flux).unwrap_or_default()).or_default() += 1;
    }
    let component = |(number, record): &(usize, StringRecord)| {
        let row = LogRow {
            number: *number,
            record,
            header,
            columns,
            place,
        };
        row.component(shared[record.get(columns.flux).unwrap_or_default()] > 1)
    };
    rows.iter().map(component).collect()
}

/// Members of a group, none if the line was fitted by itself.
pub(super) fn group(text: &str) -> Vec<String> {
    let group: Vec<String> = text.trim().split('+').map(str::to_owned).collect();
    if group.len() > 1 { group } else { Vec::new() }
}

/// One row, with the columns of its log.
struct LogRow<'a> {
    number: usize,
    record: &'a StringRecord,
    header: &'a Header,
    columns: &'a Columns,
    place: &'a Place<'a>,
}

impl<'a> LogRow<'a> {
    fn text(&self, column: usize) -> &'a str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// Number in a column; none where LiMe writes none.
    fn number(&self, column: usize) -> Result<Option<f64>> {
        let name = &self.header.names[column];
        let cell = self.place.cell(self.number, name, self.text(column));
        cell.number("a finite number, NaN or none", |_| true)
    }

    /// Component of the row. If two rows share an integrated flux, it is that of the group, and the
    /// profile's flux is taken.
    fn component(&self, is_shared: bool) -> Result<Component> {
        let columns = self.columns;
        let label = self.text(columns.label).to_owned();
        let (transition, absorption, number) = transition(&label);
        let group = columns.group.map_or_else(Vec::new, |column| group(self.text(column)));
        let merged = transition.ends_with("_m");
        let blended = is_shared || (!group.is_empty() && !merged);
        let (flux, flux_err, names) = match columns.profile {
            Some(profile) if blended => profile,
            _ => (columns.flux, columns.flux_err, (FLUX, "intg_flux_err")),
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
            number,
            absorption,
            group,
            flux: self.number(flux)?,
            flux_err: self.number(flux_err)?,
            columns: names,
            // Equivalent widths of LiMe are flux over continuum as observed, emission positive.
            ew: eqw.zip(redshift).map(|(eqw, redshift)| eqw / (1.0 + redshift)),
            band: if blended {
                None
            } else {
                columns.band.map_or(Ok(None), pair)?
            },
        })
    }
}
