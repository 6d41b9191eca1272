//! The commands that fit nothing: simulated catalogues, atomic data, and the program itself.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::super::help::headings;
use super::parse::{at_least, of_ion, positive};

/// `nebulium simulate`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Simulate {
    /// Table of true parameters, one row for all objects or one each, or `prior` for draws from the
    /// configuration's priors; the default population if absent.
    #[arg(long, value_name = "F|prior", help_heading = headings::TRUTH)]
    pub(in crate::cli) truth: Option<PathBuf>,
    /// Configuration in TOML: the model and priors behind the fluxes; two zones and weak priors if
    /// absent.
    #[arg(long, value_name = "F", help_heading = headings::TRUTH)]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Scatter of the fluxes: gaussian, log-gaussian, student-t, student-t:NU or outliers:Q.
    #[arg(long, value_name = "KIND", default_value = "gaussian", help_heading = headings::NOISE)]
    pub(in crate::cli) noise: String,
    /// Fluxes below K sigma become upper limits.
    #[arg(long, value_name = "K", value_parser = positive, help_heading = headings::NOISE)]
    pub(in crate::cli) limits: Option<f64>,
    /// Labels joined by commas, or a file with one a row; the talk's 21, O2_3726A_m and Ne3_3869A
    /// if absent.
    #[arg(long, value_name = "L", help_heading = headings::TRUTH)]
    pub(in crate::cli) lines: Option<String>,
    /// Signal to noise of every line; if absent, errors are 2 % of the flux and 0.1 % of Hβ in
    /// quadrature.
    #[arg(long, value_name = "S", value_parser = positive, help_heading = headings::NOISE)]
    pub(in crate::cli) snr: Option<f64>,
    /// Number of objects; if absent, the rows of `--truth`.
    #[arg(long, value_name = "N", value_parser = at_least(1), help_heading = headings::TRUTH)]
    pub(in crate::cli) objects: Option<u64>,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = headings::NOISE)]
    pub(in crate::cli) seed: u64,
    /// The catalogue; the truths go to F_truth.csv.
    #[arg(long, value_name = "F.csv", help_heading = headings::RESULT)]
    pub(in crate::cli) out: PathBuf,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR", help_heading = headings::TRUTH)]
    pub(in crate::cli) emissivities: Option<PathBuf>,
    /// Replace a file that was not simulated.
    #[arg(long, help_heading = headings::RESULT)]
    pub(in crate::cli) force: bool,
}

/// `nebulium emissivity`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Emissivity {
    /// CSV with columns line, T [K], n_e [cm⁻³].
    #[arg(long, value_name = "P.csv", required_unless_present = "list")]
    pub(in crate::cli) points: Option<PathBuf>,
    /// List the sets that are part of the program.
    #[arg(long, conflicts_with = "points")]
    pub(in crate::cli) list: bool,
    /// An ion and the set that its lines are taken from; can be given again.
    #[arg(long, value_name = "ION=SET", action = clap::ArgAction::Append, value_parser = of_ion)]
    pub(in crate::cli) with: Vec<(String, String)>,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) emissivities: Option<PathBuf>,
}

/// `nebulium lines`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Lines {
    /// Names as a table has them, all of one table: labels, such as O3_5007A, `[OIII]5007`, Hbeta,
    /// wavelengths in Å.
    pub(in crate::cli) name: Vec<String>,
    /// Print CSV.
    #[arg(long, conflicts_with = "name")]
    pub(in crate::cli) csv: bool,
    /// An ion and the set that its lines are taken from; can be given again.
    #[arg(long, value_name = "ION=SET", action = clap::ArgAction::Append, value_parser = of_ion)]
    pub(in crate::cli) with: Vec<(String, String)>,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) emissivities: Option<PathBuf>,
}

/// `nebulium cite`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Cite {
    /// Directory of a result; without it the references of the default configuration.
    #[arg(value_name = "DIR")]
    pub(in crate::cli) result: Option<PathBuf>,
}

/// `nebulium completions`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(in crate::cli) shell: Shell,
}

/// `nebulium man`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Man {
    /// Directory that gets nebulium.1 and a page for each command.
    #[arg(value_name = "DIR")]
    pub(in crate::cli) directory: Option<PathBuf>,
}
