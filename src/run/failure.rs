//! Failure of a run: an error and the phase in which it arose.

use std::fmt;

use crate::error::Error;

/// Phase of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reads configuration, emissivities and model.
    Settings,
    /// Reads the catalogue.
    Input,
    /// Fits the objects, on a device or on the cores.
    Fit,
    /// Writes the result.
    Output,
}

/// Error that ended a run.
#[derive(Debug)]
pub struct Failure {
    /// Phase in which the error arose.
    pub phase: Phase,
    /// The error.
    pub error: Error,
}

/// Gives an error the phase in which it arose.
pub(crate) fn during(phase: Phase) -> impl Fn(Error) -> Failure {
    move |error| Failure { phase, error }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ProblemError;

    #[test]
    fn a_failure_reads_as_its_error_and_knows_the_phase() {
        let failure = during(Phase::Input)(Error::Problem(ProblemError::TwoDensityPriors));
        assert_eq!(failure.phase, Phase::Input);
        assert_eq!(
            failure.to_string(),
            Error::Problem(ProblemError::TwoDensityPriors).to_string()
        );
    }
}
