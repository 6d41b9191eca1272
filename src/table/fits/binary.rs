//! Columns of binary tables (section 7.3): big-endian numbers, truths and characters.

use fitsio_pure::bintable::{BinaryColumnType, binary_type_byte_size, parse_tdim, parse_tform_binary};

use crate::table::Kind;

use super::value::{Scaling, characters};

/// Longest text that a cell may hold \[bytes\].
const LONGEST: usize = 1 << 20;

/// Largest offset whose sum with 32 bits fits into 64.
const SMALL: i128 = 1 << 62;

/// Type and number of the values in a cell.
pub(super) struct Form {
    element: BinaryColumnType,
    /// Number of elements in a cell; for a text, of its characters.
    repeat: usize,
    /// Axes of a cell, where the header gives them.
    axes: Vec<usize>,
    /// Stored integer that stands for a missing value.
    null: Option<i64>,
}

impl Form {
    /// Form of a TFORM, and its width in bytes; none if TFORM is no format.
    pub(super) fn new(form: &str, axes: Option<&str>, null: Option<i64>) -> Option<(Form, usize)> {
        // Texts of `w` characters in a cell, `rAw`, were written before TDIM existed (section
        // 7.3.3.1: a convention).
        let (form, part) = match form.split_once('A') {
            Some((repeat, part)) if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) => {
                (&form[..=repeat.len()], part.parse().ok())
            }
            _ => (form, None),
        };
        let (repeat, element) = parse_tform_binary(form).ok()?;
        let width = match element {
            BinaryColumnType::Bit => repeat.div_ceil(8),
            _ => repeat.checked_mul(binary_type_byte_size(&element))?,
        };
        let parts = part.filter(|part| (1..repeat).contains(part));
        let axes = match parts {
            Some(part) => vec![part, repeat / part],
            None => axes.and_then(parse_tdim).unwrap_or_default(),
        };
        let form = Form {
            element,
            repeat,
            axes,
            null,
        };
        Some((form, width))
    }

    pub(super) fn kind(&self, scaling: Scaling) -> Option<Kind> {
        use BinaryColumnType::{Byte, Double, Float, Int, Long, Short};
        match self.element {
            Float | Double => Some(Kind::Number),
            Byte | Short | Int | Long => match scaling.of_integers() {
                None => Some(Kind::Number),
                Some(0) => Some(Kind::Integer),
                Some(offset) => (self.element != Long && offset.abs() < SMALL).then_some(Kind::Integer),
            },
            _ => Some(Kind::Text),
        }
    }

    /// Shape of a cell, unless it holds one value.
    pub(super) fn shape(&self) -> Option<String> {
        use BinaryColumnType::{Ascii, Bit, ComplexDouble, ComplexFloat, VarArrayP, VarArrayQ};
        let axes = || match self.axes.len() {
            0 | 1 => self.repeat.to_string(),
            _ => self.axes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × "),
        };
        match self.element {
            VarArrayP(_) | VarArrayQ(_) => Some("arrays of varying length".to_owned()),
            ComplexFloat | ComplexDouble => Some("complex numbers".to_owned()),
            Ascii if self.axes.len() > 1 => {
                let texts: Vec<String> = self.axes[1..].iter().map(usize::to_string).collect();
                Some(format!("{} texts a row", texts.join(" × ")))
            }
            Ascii if self.repeat > LONGEST => Some(format!("texts of {} bytes", self.repeat)),
            Ascii => None,
            _ if self.repeat < 2 => None,
            Bit => Some(format!("{} bits a row", axes())),
            _ => Some(format!("{} values a row", axes())),
        }
    }

    /// Text of a cell with one value; none where the cell is null.
    pub(super) fn text(&self, cell: &[u8], scaling: Scaling) -> Option<String> {
        use BinaryColumnType::{Ascii, Bit, Byte, Double, Float, Int, Logical, Long, Short};
        let integer = |value: i64| scaling.integer(value).filter(|_| self.null != Some(value));
        match self.element {
            Ascii => Some(characters(cell)),
            Logical => match cell.first()? {
                b'T' => Some("true".to_owned()),
                b'F' => Some("false".to_owned()),
                _ => None,
            },
            Bit => Some((cell.first()? & 0x80 != 0).to_string()),
            Byte => integer(i64::from(*cell.first()?)),
            Short => integer(i64::from(i16::from_be_bytes(cell.try_into().ok()?))),
            Int => integer(i64::from(i32::from_be_bytes(cell.try_into().ok()?))),
            Long => integer(i64::from_be_bytes(cell.try_into().ok()?)),
            Float => {
                let value = f32::from_be_bytes(cell.try_into().ok()?);
                match scaling.is_none() {
                    true => (!value.is_nan()).then(|| value.to_string()),
                    false => scaling.number(f64::from(value)),
                }
            }
            Double => scaling.number(f64::from_be_bytes(cell.try_into().ok()?)),
            _ => None,
        }
    }
}
