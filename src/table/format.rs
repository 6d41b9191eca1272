//! The formats of a catalogue, recognised from its content.

use super::header::Header;
use super::separator::Separator;
use super::settings::Format;
use super::{lime, long, pyneb, surveys};

/// Format of a table, recognised from its header.
pub(crate) fn recognise(header: &Header, separator: Separator) -> Format {
    if lime::is_log(header) {
        return Format::Lime;
    }
    if pyneb::is_table(header, separator) {
        return Format::Pyneb;
    }
    match long::is_long(header) {
        true => Format::Long,
        false => surveys::recognise(header).unwrap_or(Format::Wide),
    }
}
