//! A column of a FITS table: its name, its position in a row and the scaling of its values.

use crate::table::Kind;

use super::headers::{Coding, Unit};
use super::value::Scaling;
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
