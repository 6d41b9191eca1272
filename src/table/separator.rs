//! The characters between the fields of a text, and before its comments.

/// Start of a comment, as the first character of a row.
pub(crate) const COMMENT: char = '#';

/// Separator of two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One character; fields may be quoted.
    Character(u8),
    /// Any number of blanks; fields may be quoted.
    Blanks,
}
