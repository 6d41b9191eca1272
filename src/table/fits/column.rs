//! A column of a FITS table: its name, its position in a row and the scaling of its values.

use crate::table::Kind;

use super::headers::{Cards, Coding, Unit};
use super::{ascii, binary};

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) unit: Option<String>,
    /// Offset of the first byte in a row.
    pub(super) offset: usize,
    /// Number of bytes in a row.
    pub(super) width: usize,
    pub(super) coding: Form,
    pub(super) scaling: Scaling,
}

/// Encoding of the values.
pub(super) enum Form {
    Ascii(ascii::Form),
    Binary(binary::Form),
}

/// Factor and offset of the numbers in a column (section 7.3.2: physical value = TZERO + TSCAL ×
/// stored value).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scaling {
    factor: f64,
    offset: f64,
}

impl Scaling {
    fn of(cards: &Cards, number: usize) -> Scaling {
        let value = |keyword: &str, default| cards.number(&format!("{keyword}{number}")).unwrap_or(default);
        Scaling {
            factor: value("TSCAL", 1.0),
            offset: value("TZERO", 0.0),
        }
    }

    /// Tells whether values are stored unscaled.
    pub(super) fn is_none(self) -> bool {
        self.factor == 1.0 && self.offset == 0.0
    }

    /// Offset of integers that stay integers.
    pub(super) fn of_integers(self) -> Option<i128> {
        (self.factor == 1.0 && self.offset.fract() == 0.0).then_some(self.offset as i128)
    }

    /// Text of a stored number; none for NaN, the missing number of FITS.
    pub(super) fn number(self, value: f64) -> Option<String> {
        let value = self.offset + self.factor * value;
        (!value.is_nan()).then(|| value.to_string())
    }

    /// Text of a stored integer.
    pub(super) fn integer(self, value: i64) -> Option<String> {
        match self.of_integers() {
            // An offset of 2^63 makes a signed column unsigned (table 19).
            Some(offset) => Some(i128::from(value).saturating_add(offset).to_string()),
            None => self.number(value as f64),
        }
    }
}

/// Columns of a table.
pub(super) fn columns(unit: &Unit) -> Result<Vec<Column>, String> {
    let (mut columns, mut end) = (Vec::with_capacity(unit.fields), 0_usize);
    for number in 1..=unit.fields {
        let column = column(unit, number, end)?;
        let of_column = column.offset.checked_add(column.width);
        end = of_column.filter(|end| *end <= unit.width).ok_or_else(|| {
            let name = &column.name;
            format!("column `{name}` reaches beyond the {} bytes of a row", unit.width)
        })?;
        columns.push(column);
    }
    if unit.coding == Coding::Binary && end != unit.width {
        return Err("the widths of a table's columns do not add up to its row's".to_owned());
    }
    Ok(columns)
}

/// Column with this number, counted from 1. Columns of a binary table follow each other; `after` is
/// the end of the previous one.
fn column(unit: &Unit, number: usize, after: usize) -> Result<Column, String> {
    let cards = &unit.cards;
    let text = |keyword: &str| cards.text(&format!("{keyword}{number}"));
    let name = text("TTYPE").unwrap_or_default().to_owned();
    let form = text("TFORM").ok_or_else(|| format!("no TFORM{number}"))?;
    let wrong = || format!("column {number} `{name}`: TFORM{number} = `{form}` is no format of such a table");
    let (offset, width, coding) = match unit.coding {
        Coding::Binary => {
            let null = cards.integer(&format!("TNULL{number}"));
            let (form, width) = binary::Form::new(form, text("TDIM"), null).ok_or_else(wrong)?;
            (after, width, Form::Binary(form))
        }
        Coding::Ascii => {
            let (form, width) = ascii::Form::new(form, text("TNULL")).ok_or_else(wrong)?;
            let first = cards.integer(&format!("TBCOL{number}"));
            let offset = first.and_then(|first| usize::try_from(first.checked_sub(1)?).ok());
            let offset = offset.ok_or_else(|| format!("no TBCOL{number} > 0"))?;
            (offset, width, Form::Ascii(form))
        }
    };
    Ok(Column {
        unit: text("TUNIT").filter(|unit| !unit.is_empty()).map(str::to_owned),
        scaling: Scaling::of(cards, number),
        name,
        offset,
        width,
        coding,
    })
}

impl Column {
    /// Kind of the values; none where the values must decide, as for integers beyond 64 bits with a
    /// sign.
    pub(super) fn kind(&self) -> Option<Kind> {
        match &self.coding {
            Form::Ascii(form) => form.kind(self.scaling),
            Form::Binary(form) => form.kind(self.scaling),
        }
    }

    /// Shape of the cells, unless they hold one value.
    pub(super) fn shape(&self) -> Option<String> {
        match &self.coding {
            Form::Ascii(_) => None,
            Form::Binary(form) => form.shape(),
        }
    }

    /// Text of a cell; none where the cell is null.
    pub(super) fn text(&self, cell: &[u8]) -> Option<String> {
        match &self.coding {
            Form::Ascii(form) => form.text(cell, self.scaling),
            Form::Binary(form) => form.text(cell, self.scaling),
        }
    }
}

/// Characters up to the first NUL, without the blanks around them. The standard allows ASCII alone.
/// UTF-8 is read as such, other bytes as Latin-1.
pub(super) fn characters(cell: &[u8]) -> String {
    let end = cell.iter().position(|byte| *byte == 0).unwrap_or(cell.len());
    let cell = &cell[..end];
    let latin = || cell.iter().map(|byte| char::from(*byte)).collect();
    let text = str::from_utf8(cell).map_or_else(|_| latin(), str::to_owned);
    text.trim().to_owned()
}
