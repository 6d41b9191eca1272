//! Columns of ASCII tables (section 7.2): characters and numbers as Fortran writes them.

use std::borrow::Cow;

use fitsio_pure::table::{AsciiColumnFormat, parse_tform_ascii};

use crate::table::Kind;

use super::value::{Scaling, characters};

/// Format of a column, and the text of a missing value.
pub(super) struct Form {
    format: AsciiColumnFormat,
    null: Option<String>,
}

impl Form {
    /// Format of a TFORM, and its width; none if TFORM is no format.
    pub(super) fn new(form: &str, null: Option<&str>) -> Option<(Form, usize)> {
        let format = parse_tform_ascii(form).ok()?;
        let width = format.width();
        let null = null.map(str::to_owned);
        Some((Form { format, null }, width))
    }

    pub(super) fn kind(&self, scaling: Scaling) -> Option<Kind> {
        Some(match self.format {
            AsciiColumnFormat::Character(_) => Kind::Text,
            AsciiColumnFormat::Integer(_) if scaling.is_none() => Kind::Integer,
            _ => Kind::Number,
        })
    }

    /// Text of a cell, a number in a notation that Rust reads; none where the cell is null or
    /// blank.
    pub(super) fn text(&self, cell: &[u8], scaling: Scaling) -> Option<String> {
        let text = characters(cell);
        if text.is_empty() || self.null.as_ref() == Some(&text) {
            return None;
        }
        let decimals = match self.format {
            AsciiColumnFormat::Character(_) => return Some(text),
            AsciiColumnFormat::Integer(_) if scaling.is_none() => return Some(text),
            AsciiColumnFormat::Integer(_) => 0,
            AsciiColumnFormat::FloatF(_, decimals)
            | AsciiColumnFormat::FloatE(_, decimals)
            | AsciiColumnFormat::DoubleE(_, decimals) => decimals,
        };
        let number = number(&text, decimals);
        match number.parse::<f64>() {
            Ok(value) if !scaling.is_none() || value.is_nan() => scaling.number(value),
            _ => Some(number.into_owned()),
        }
    }
}

/// A number with `E` for Fortran's `D`. A number without a point has as many decimals as its format
/// (section 7.2.5).
fn number(text: &str, decimals: usize) -> Cow<'_, str> {
    let text = match text.contains(['d', 'D']) {
        true => Cow::Owned(text.replace(['d', 'D'], "E")),
        false => Cow::Borrowed(text),
    };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && decimals > 0;
    match whole {
        true => Cow::Owned(format!("{text}e-{decimals}")),
        false => text,
    }
}
