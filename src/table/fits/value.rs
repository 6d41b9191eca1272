//! The stored values of a FITS table: scaled numbers and characters.

use super::headers::Cards;

/// Factor and offset of the numbers in a column (section 7.3.2: physical value = TZERO + TSCAL ×
/// stored value).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scaling {
    factor: f64,
    offset: f64,
}

impl Scaling {
    pub(super) fn of(cards: &Cards, number: usize) -> Scaling {
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

/// Characters up to the first NUL, without the blanks around them. The standard allows ASCII alone.
/// UTF-8 is read as such, other bytes as Latin-1.
pub(super) fn characters(cell: &[u8]) -> String {
    let end = cell.iter().position(|byte| *byte == 0).unwrap_or(cell.len());
    let cell = &cell[..end];
    let latin = || cell.iter().map(|byte| char::from(*byte)).collect();
    let text = str::from_utf8(cell).map_or_else(|_| latin(), str::to_owned);
    text.trim().to_owned()
}
