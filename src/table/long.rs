//! Long form of a catalogue: one row per line of an object, the rows of an object anywhere.

use std::collections::{BTreeSet, HashMap};

use csv::StringRecord;

use super::builder::{Builder, Cells};
use super::cell::{Cell, Place};
use super::header::{Header, KeptColumns, OBJECT, PriorColumn};
use super::in_order::InOrder;
use super::names::{LineNames, Meaning};
use super::row::Row;
use super::rows::Rows;
use super::skip::Skip;
use super::{Take, Warning, Warnings};
use crate::error::Result;

const LINE: &str = "line";
const FLUX: &str = "flux";
const FLUX_ERR: &str = "flux_err";
const EW: &str = "ew";
const BLEND: &str = "blend";
const LIMIT: &str = "limit";
const EXPECTED: &str = "object, line, flux, flux_err, ew, blend, limit, prior_<parameter>, prior_<parameter>_sd";

/// Result of a first pass over the rows.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Look {
    /// Last row of each object, by name: its position among the rows that count, from 1.
    last_rows: HashMap<String, usize>,
    /// All names of lines.
    names: BTreeSet<String>,
}

/// Columns of the long form.
struct Columns {
    /// None where the file is the object.
    object: Option<usize>,
    line: usize,
    flux: usize,
    /// None where a fraction of the flux stands in for it.
    flux_err: Option<usize>,
    error_other: Option<usize>,
    ew: Option<usize>,
    blend: Option<usize>,
    limit: Option<usize>,
    priors: Vec<PriorColumn>,
    kept: KeptColumns,
}

/// Tells whether a table has one row per line.
pub(crate) fn is_long(header: &Header) -> bool {
    header.find(LINE).is_some() && (header.find(FLUX).is_some() || header.find(OBJECT).is_some())
        || (header.find(FLUX).is_some() && header.find(FLUX_ERR).is_some())
}

impl Columns {
    fn of(header: &Header, place: &Place) -> Result<Columns> {
        let names = &place.settings.columns;
        let error = names.ivar.as_ref().or(names.error.as_ref());
        let default_error = error.map_or(FLUX_ERR, String::as_str);
        let columns = Columns {
            object: header.chosen(names.object.as_ref(), OBJECT)?,
            line: header.require(names.line.as_deref().unwrap_or(LINE))?,
            flux: header.require(names.flux.as_deref().unwrap_or(FLUX))?,
            flux_err: match place.rules.flux_error {
                Some(_) => header.find(default_error),
                None => Some(header.require(default_error)?),
            },
            error_other: names
                .error_other
                .as_ref()
                .map(|name| header.require(name))
                .transpose()?,
            ew: header.chosen(names.ew.as_ref(), EW)?,
            blend: header.chosen(names.blend.as_ref(), BLEND)?,
            limit: header.chosen(names.limit.as_ref(), LIMIT)?,
            priors: header.priors(names)?,
            kept: header.kept(place.settings)?,
        };
        let left = header.left(columns.read(), place.settings);
        match left.is_empty() {
            true => Ok(columns),
            false => Err(header.unknown(&left, EXPECTED)),
        }
    }

    /// Indices of the columns that are read.
    fn read(&self) -> impl Iterator<Item = usize> {
        let optional = [
            self.object,
            self.flux_err,
            self.error_other,
            self.ew,
            self.blend,
            self.limit,
        ];
        let priors = self.priors.iter().map(|prior| prior.index);
        let optional = optional.into_iter().flatten();
        [self.line, self.flux]
            .into_iter()
            .chain(optional)
            .chain(priors)
            .chain(self.kept.indices())
    }
}

/// Tells whether the columns are those of the long form.
pub(crate) fn is_catalogue(header: &Header, place: &Place) -> bool {
    Columns::of(header, place).is_ok()
}

/// Passes each row that the settings keep to `take`, with its position among these rows, from 1.
fn each_row(
    rows: &mut Rows,
    table: &Table,
    skip: &mut Skip,
    mut take: impl FnMut(&RowReader, usize) -> Result<()>,
) -> Result<()> {
    let (mut record, mut taken) = (StringRecord::new(), 0);
    while let Some(row) = rows.next(&mut record)? {
        if skip.takes(&row) {
            continue;
        }
        taken += 1;
        take(&RowReader { row: &row, table }, taken)?;
    }
    Ok(())
}

/// A table and its columns.
struct Table<'a> {
    header: &'a Header,
    columns: &'a Columns,
    place: &'a Place<'a>,
    /// Name of the object where no column gives one.
    id: &'a str,
}

/// Collects the names of objects and lines from all rows. `id` names the object where no column
/// does.
pub(crate) fn look(rows: &mut Rows, id: &str, place: &Place) -> Result<Look> {
    let header = rows.header.clone();
    let columns = &Columns::of(&header, place)?;
    let mut skip = Skip::new(place.settings, &header)?;
    rows.select(
        &[columns.line]
            .into_iter()
            .chain(columns.object)
            .chain(skip.columns())
            .collect::<Vec<_>>(),
    )?;
    let table = Table {
        header: &header,
        columns,
        place,
        id,
    };
    let mut look = Look::default();
    each_row(rows, &table, &mut skip, |reader, row| {
        match look.last_rows.get_mut(reader.id()) {
            Some(last) => *last = row,
            None => drop(look.last_rows.insert(reader.id().to_owned(), row)),
        }
        let name = reader.row.get(columns.line);
        if !look.names.contains(name) && header.check(reader.row).is_ok() {
            look.names.insert(name.to_owned());
        }
        Ok(())
    })?;
    Ok(look)
}

/// Meanings by name and by members as given.
type Known = HashMap<String, HashMap<String, Meaning>>;

/// Reads all rows. An object is finished at its last row.
pub(crate) fn read(rows: &mut Rows, id: &str, look: &Look, place: &Place, take: Take) -> Result<Warnings> {
    let header = rows.header.clone();
    let columns = &Columns::of(&header, place)?;
    let mut skip = Skip::new(place.settings, &header)?;
    rows.select(&columns.read().chain(skip.columns()).collect::<Vec<_>>())?;
    let given = || look.names.iter().map(String::as_str);
    let names = LineNames::new(place, given());
    let rules = names.rules(place, given());
    let place = &Place {
        rules: &rules,
        ..*place
    };
    let table = Table {
        header: &header,
        columns,
        place,
        id,
    };
    let (mut objects, mut known) = (InOrder::new(), Known::new());
    let mut of_objects = Warnings::default();
    let mut finish = |mut builder: Builder| {
        builder.constant_priors(place);
        let (entry, warnings) = builder.finish(place);
        of_objects.extend(warnings);
        take(entry)
    };
    each_row(rows, &table, &mut skip, |reader, row| {
        let last = look.last_rows.get(reader.id()) == Some(&row);
        reader.read(&mut objects, &names, &mut known, last);
        while let Some(builder) = objects.next(false) {
            finish(builder)?;
        }
        Ok(())
    })?;
    while let Some(builder) = objects.next(true) {
        finish(builder)?;
    }
    let unused = place
        .settings
        .blends
        .keys()
        .filter(|label| !look.names.contains(*label));
    let mut warnings: Warnings = unused
        .map(|label| Warning::UnusedBlend { label: label.clone() })
        .collect();
    warnings.extend(skip.warnings());
    warnings.join(of_objects);
    Ok(warnings)
}

/// One row, with its table.
struct RowReader<'a> {
    row: &'a Row<'a>,
    table: &'a Table<'a>,
}

impl<'a> RowReader<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        let name = &self.table.header.names[column];
        self.table.place.cell(self.row.number, name, self.row.get(column))
    }

    fn read(&self, objects: &mut InOrder<Builder>, names: &LineNames, known: &mut Known, last: bool) {
        let (id, columns, place) = (self.id(), self.table.columns, self.table.place);
        let builder = objects.get(id, last, || Builder::new(id, self.row.number, place));
        if let Err(reason) = self.table.header.check(self.row) {
            builder.reject_row(reason);
            return;
        }
        if let Some(object) = columns.object.filter(|_| id.is_empty()) {
            builder.reject_row(self.cell(object).wrong("an object's name"));
            return;
        }
        builder.keep_columns(columns.kept.of(self.row));
        for prior in &columns.priors {
            builder.prior(&prior.parameter, prior.is_sd, self.cell(prior.index));
        }
        match self.line(names, known) {
            Err(error) => builder.reject_line(error),
            Ok(Meaning::Ignored) => {}
            Ok(Meaning::Lines(line, flag)) => {
                let cells = Cells {
                    line: self.cell(columns.line),
                    flux: self.cell(columns.flux),
                    flux_err: columns.flux_err.map(|column| self.cell(column)),
                    error_other: columns.error_other.map(|column| self.cell(column)),
                    ew: columns.ew.map(|column| self.cell(column)),
                    limit: columns.limit.map(|column| self.cell(column)),
                };
                builder.measure(&line, flag.as_ref(), &cells, place);
            }
        }
    }

    /// Name of the object; empty where the file ends within the name.
    fn id(&self) -> &'a str {
        let Some(object) = self.table.columns.object else {
            return self.table.id;
        };
        let cut = self.row.cut && self.row.len() == object + 1 && self.table.header.names.len() > self.row.len();
        if cut { "" } else { self.row.get(object) }
    }

    /// Meaning of the line name in the row.
    fn line(&self, names: &LineNames, known: &mut Known) -> Result<Meaning> {
        let cell = self.cell(self.table.columns.line);
        let blend = self.table.columns.blend.map(|column| self.cell(column));
        let blend = blend.filter(|blend| !blend.is_absent());
        let members = blend.map_or("", |blend| blend.value);
        if let Some(meaning) = known.get(cell.value).and_then(|of_name| of_name.get(members)) {
            return Ok(meaning.clone());
        }
        if cell.is_blank() {
            return Err(cell.wrong("a line's label, such as O3_5007A"));
        }
        let meaning = names.read(cell.value, members);
        let meaning = meaning.map_err(|error| blend.unwrap_or(cell).label(error))?;
        let of_name = known.entry(cell.value.to_owned()).or_default();
        of_name.insert(members.to_owned(), meaning.clone());
        Ok(meaning)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::table::rules::Rules;
    use crate::table::{Settings, tests::list};

    /// A row that the settings leave out cannot be the last row of an object: the object would
    /// never finish.
    #[test]
    fn rows_left_out_are_not_waited_for() {
        let text = "object,line,flux,flux_err,out\na,H1_4861A,1,0.1,0\na,O3_5007A,4,0.1,1\nb,H1_4861A,1,0.1,0\n";
        let settings = Settings {
            skip: [("out".to_owned(), "1".to_owned())].into(),
            ..Settings::default()
        };
        let place = Place {
            path: Path::new("c.csv"),
            list: &list(),
            hbeta: 1,
            settings: &settings,
            rules: &Rules::default(),
            decimal_comma: false,
        };
        let mut rows = Rows::new(place.path, text.as_bytes()).unwrap();
        let expected = [("a".to_owned(), 1), ("b".to_owned(), 2)];
        assert_eq!(look(&mut rows, "", &place).unwrap().last_rows, expected.into());
    }
}
