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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "cli")]
    fn a_format_has_one_name_in_configuration_and_command_line() {
        use clap::ValueEnum;
        for format in Format::value_variants() {
            let flag = format.to_possible_value().expect("a name");
            assert_eq!(flag.get_name(), format.name());
            assert_eq!(toml::Value::try_from(format).unwrap().as_str(), Some(format.name()));
        }
    }
}
