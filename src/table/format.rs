//! The formats of a catalogue, recognised from its content.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::header::Header;
use super::rows::Separator;
use super::{lime, long, pyneb, surveys};

/// Format of a catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Recognised from the content.
    #[default]
    Auto,
    /// One row per line.
    Long,
    /// One row per object, flux columns by label or by pattern.
    Wide,
    /// A line log of LiMe, one object per table.
    Lime,
    /// A list of NEAT: wavelength, flux, error; one object per file.
    Neat,
    /// A table of PyNeb.
    Pyneb,
    /// The MPA-JHU catalogue of SDSS galaxies.
    MpaJhu,
    /// FastSpecFit's catalogue of DESI galaxies.
    Desi,
    /// Input of HII-CHI-mistry.
    Hcm,
    /// Tables of Pipe3D.
    Pipe3d,
}

impl Format {
    /// Name of the format in the configuration.
    pub(crate) fn name(self) -> String {
        let named = self.to_possible_value();
        named.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

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
