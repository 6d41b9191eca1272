//! Variant of an error, without the values in its message.

use std::mem::{Discriminant, discriminant};

use super::{
    CatalogueError, DeviceError, EmissivityError, Error, ExportError, ExtinctionError, FitError, FormatError,
    LineError, ProblemError, SimulateError, TableError, ZoneError,
};

/// Variant of an error. Two errors of one variant differ at most in their values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Variant {
    Any(Discriminant<Error>),
    Catalogue(Discriminant<CatalogueError>),
    Device(Discriminant<DeviceError>),
    Emissivity(Discriminant<EmissivityError>),
    Export(Discriminant<ExportError>),
    Extinction(Discriminant<ExtinctionError>),
    Fit(Discriminant<FitError>),
    Format(Discriminant<FormatError>),
    Line(Discriminant<LineError>),
    Problem(Discriminant<ProblemError>),
    Simulate(Discriminant<SimulateError>),
    Table(Discriminant<TableError>),
    Zone(Discriminant<ZoneError>),
}

impl Error {
    /// Variant of the error in the enum of its task.
    pub(crate) fn variant(&self) -> Variant {
        match self {
            Error::Io { .. }
            | Error::Toml { .. }
            | Error::Setting { .. }
            | Error::InConfig { .. }
            | Error::CatalogueLost { .. } => Variant::Any(discriminant(self)),
            Error::Catalogue(error) => Variant::Catalogue(discriminant(error)),
            Error::Device(error) => Variant::Device(discriminant(error)),
            Error::Emissivity(error) => Variant::Emissivity(discriminant(error)),
            Error::Export(error) => Variant::Export(discriminant(error)),
            Error::Extinction(error) => Variant::Extinction(discriminant(error)),
            Error::Fit(error) => Variant::Fit(discriminant(error)),
            Error::Format(error) => Variant::Format(discriminant(error)),
            Error::Line(error) => Variant::Line(discriminant(error)),
            Error::Problem(error) => Variant::Problem(discriminant(error)),
            Error::Simulate(error) => Variant::Simulate(discriminant(error)),
            Error::Table(error) => Variant::Table(discriminant(error)),
            Error::Zone(error) => Variant::Zone(discriminant(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreadable(row: usize) -> Error {
        let path = "a.csv".into();
        Error::Table(TableError::NoErrors { path, row })
    }

    #[test]
    fn variants_of_one_enum_are_told_apart_and_values_are_not() {
        assert_eq!(unreadable(1).variant(), unreadable(2).variant());
        let quote = Error::Table(TableError::OpenQuote {
            path: "a.csv".into(),
            row: 1,
        });
        assert_ne!(unreadable(1).variant(), quote.variant());
        assert_ne!(
            Error::Problem(ProblemError::TwoDensityPriors).variant(),
            Error::Simulate(SimulateError::HowMany).variant()
        );
    }
}
