//! Events of a run, and its warnings, as data.

use std::fmt;

use crate::backend::Replayed;
use crate::draws::Method;
use crate::fit::Outcome;
use crate::report::counted;
use crate::table::Beside;

/// Event of a run.
#[derive(Clone, Copy, Debug)]
pub enum Event<'e> {
    /// The catalogue was read once: its files, and their contents besides objects.
    Read(&'e Beside),
    /// A method begins.
    Begins {
        /// The method.
        method: Method,
        /// Number of objects, rejected ones among them.
        objects: usize,
    },
    /// An object is done, and written if the run writes.
    Object(&'e Outcome),
    /// A method has done its last object, or was stopped.
    Ends(Method),
    /// A warning arose.
    Warning(&'e Warning),
}

/// Warning about a run as a whole; flags are warnings about an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// Number of warnings about the catalogue.
    Catalogue(usize),
    /// A label under `exclude` whose line no object has.
    IdleExclusion(String),
    /// All draws would take more than 1 GiB: the files hold one in so many, or none.
    Thinned(Option<usize>),
    /// Largest error of a log density in single precision \[nats\], above the largest allowed.
    SinglePrecision(f64),
    /// Transitions of a device that were replayed in double precision.
    Audited(Replayed),
    /// The run was stopped and wrote nothing.
    Interrupted {
        /// Objects done.
        done: usize,
        /// Objects of the catalogue.
        objects: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Catalogue(count) => write!(
                f,
                "{} about the catalogue: nebulium check shows {}",
                counted(*count, "warning"),
                if *count == 1 { "it" } else { "them" }
            ),
            Warning::IdleExclusion(label) => {
                write!(f, "model.exclude = `{label}`: no object has the line")
            }
            Warning::Thinned(Some(every)) => write!(
                f,
                "all draws would take more than 1 GiB: one in {every} is kept; --keep-draws all keeps them all"
            ),
            Warning::Thinned(None) => {
                f.write_str("draws of so many objects would take more than 1 GiB: none are kept; see --keep-draws")
            }
            Warning::SinglePrecision(error) => write!(
                f,
                "warning: log densities in f32 are off by up to {error:.2e}: fit lines of such precision with \
                 --backend cpu --precision f64"
            ),
            Warning::Audited(replayed) => write!(
                f,
                "audit: {} replayed in f64, {} disagree, worst energy difference {:.1e}",
                counted(replayed.transitions as usize, "transition"),
                replayed.disagreeing,
                replayed.worst_energy
            ),
            Warning::Interrupted { done, objects } => {
                write!(f, "interrupted after {done} of {objects} objects; nothing was written")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_say_what_to_do() {
        let text = |warning: Warning| warning.to_string();
        assert_eq!(
            text(Warning::Catalogue(1)),
            "1 warning about the catalogue: nebulium check shows it"
        );
        assert!(text(Warning::Catalogue(2)).ends_with("2 warnings about the catalogue: nebulium check shows them"));
        assert!(text(Warning::Thinned(Some(3))).contains("one in 3 is kept; --keep-draws all"));
        assert!(text(Warning::Thinned(None)).contains("none are kept; see --keep-draws"));
        assert!(text(Warning::SinglePrecision(0.25)).contains("off by up to 2.50e-1: fit lines of such precision"));
        let replayed = Replayed {
            transitions: 2,
            disagreeing: 1,
            worst_energy: 1e-3,
        };
        assert_eq!(
            text(Warning::Audited(replayed)),
            "audit: 2 transitions replayed in f64, 1 disagree, worst energy difference 1.0e-3"
        );
        let interrupted = Warning::Interrupted { done: 3, objects: 9 };
        assert_eq!(
            text(interrupted),
            "interrupted after 3 of 9 objects; nothing was written"
        );
    }
}
