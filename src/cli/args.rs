//! The commands and their flags.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::engine::{EngineName, EngineParser};
use crate::classical::MOST_REALISATIONS;
use crate::config::{LARGEST_SEED, LEAST_DRAWS};
use crate::draws::KeepDraws;
use crate::problem::{NoStars, Preset};
use crate::table::Format;

/// Bayesian direct method: emission-line fluxes in, temperatures, density, extinction and abundances out.
#[derive(Parser, Debug)]
#[command(name = "nebulium", version, max_term_width = 100, after_help = EXIT_CODES, args_override_self = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 good; 1 a result could not be written; 2 usage or configuration; 3 input unusable; \
                          4 objects rejected or failed, with --strict; 5 device; 130 interrupted.";

/// More than any one machine has; thousands more take minutes to start.
const MOST_THREADS: u64 = 1024;

/// What to do.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Fit a catalogue of line fluxes.
    Fit(Fit),
    /// Fit a catalogue with two sets of emissivities and say how far the posteriors move.
    Compare(Compare),
    /// Say how fast an object's posterior is found: a grid of chains, warm-ups and draws.
    Convergence(Convergence),
    /// Say what would be fitted and what is wrong; sample nothing.
    Check(Check),
    /// Write a configuration to edit, made for a catalogue.
    Init(Init),
    /// Draw a catalogue with known truth from the model.
    Simulate(Simulate),
    /// Print log10 of emissivities relative to Hβ at given points.
    Emissivity(Emissivity),
    /// List every line with its wavelengths, names and atomic data, or say what names mean.
    Lines(Lines),
    /// List the devices that can fit.
    Devices,
    /// Print the BibTeX of the method and the atomic data, of a result or of the defaults.
    Cite(Cite),
}

/// What to fit, and with which model.
#[derive(Args, Debug)]
pub(super) struct Input {
    /// Tables of line fluxes: text or FITS, one row a line or one row an object; LiMe, NEAT, PyNeb.
    #[arg(required = true, num_args = 1..)]
    pub(super) catalogue: Vec<PathBuf>,
    /// Their format, in place of what their content looks like.
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
    /// Errors as a fraction of the flux, for a list that gives none.
    #[arg(long, value_name = "FRACTION", value_parser = positive)]
    pub(super) flux_error: Option<f64>,
    /// Configuration in TOML.
    #[arg(long, value_name = "F")]
    pub(super) config: Option<PathBuf>,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub(super) emissivities: Option<PathBuf>,
    /// Set of choices that the configuration starts from.
    #[arg(long, value_enum)]
    pub(super) preset: Option<Preset>,
    /// Side table of priors: columns object, prior_<parameter>, prior_<parameter>_sd.
    #[arg(long, value_name = "SIDE.csv")]
    pub(super) priors: Option<PathBuf>,
    /// Fluxes are corrected for reddening already: no extinction in the model.
    #[arg(long)]
    pub(super) dereddened: bool,
    /// `none`: no stars lie under the lines, as in planetary nebulae; absorption is not fitted, and no line left out for it.
    #[arg(long, value_enum, value_name = "none")]
    pub(super) absorption: Option<NoStars>,
    /// A name of the catalogue and the line that it means; can be given again.
    #[arg(long = "line", value_name = "NAME=LABEL", action = clap::ArgAction::Append, value_parser = of_line)]
    pub(super) lines: Vec<(String, String)>,
    /// Table of a FITS file, by the name or the number of its extension.
    #[arg(long, value_name = "EXT")]
    pub(super) extension: Option<String>,
    /// Columns of the catalogue to carry into the results, joined by commas; can be given again.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', action = clap::ArgAction::Append)]
    pub(super) keep: Vec<String>,
    /// Exit with 4 if an object was rejected or failed.
    #[arg(long)]
    pub(super) strict: bool,
    /// Print errors only.
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// `nebulium fit`.
#[derive(Args, Debug)]
pub(super) struct Fit {
    #[command(flatten)]
    pub(super) input: Input,
    /// Directory for results, draws and manifest; without it only a summary is printed.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Posteriors with NUTS, the classical direct method, or both side by side.
    #[arg(long, value_enum, default_value_t = MethodName::Nuts)]
    pub(super) method: MethodName,
    /// Monte Carlo realisations an object of the classical method.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=MOST_REALISATIONS as u64))]
    pub(super) mc: Option<u64>,
    #[command(flatten)]
    pub(super) sampling: Sampling,
    /// Draws to write: all, thin:N or none; if absent all up to 1 GiB, else thinned to fit.
    #[arg(long, value_name = "all|thin:N|none")]
    pub(super) keep_draws: Option<KeepDraws>,
    /// Object that gets posterior.nc, a NetCDF file for ArviZ; the only one of a catalogue of one has it anyway.
    #[arg(long, value_name = "OBJECT", requires = "out")]
    pub(super) netcdf: Option<String>,
    /// Replace a result that is in the directory.
    #[arg(long)]
    pub(super) force: bool,
}

/// How draws are made, and where.
#[derive(Args, Debug)]
pub(super) struct Sampling {
    /// Chains an object.
    #[arg(long, value_name = "N", value_parser = at_least(1))]
    pub(super) chains: Option<u64>,
    /// Warm-up draws a chain.
    #[arg(long, value_name = "N")]
    pub(super) warmup: Option<usize>,
    /// Draws a chain.
    #[arg(long, value_name = "N", value_parser = at_least(LEAST_DRAWS as u64))]
    pub(super) draws: Option<u64>,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=LARGEST_SEED))]
    pub(super) seed: Option<u64>,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// Where to compute.
#[derive(Args, Debug)]
pub(super) struct Machine {
    /// Where to compute.
    #[arg(long, value_enum, default_value_t = BackendName::Auto)]
    pub(super) backend: BackendName,
    /// GPU by index, name or PCI id, as `nebulium devices` lists them.
    #[arg(long, value_name = "D")]
    pub(super) device: Option<String>,
    /// Precision of log densities: f64 on the CPU unless f32 is asked for, f32 on a GPU.
    #[arg(long, value_enum)]
    pub(super) precision: Option<PrecisionName>,
    /// What the GPU does: log densities (host) or whole transitions (resident).
    #[arg(long, value_parser = EngineParser, default_value = "auto")]
    pub(super) engine: EngineName,
    /// Fraction of the transitions of the engine resident that is replayed on the CPU in f64 and compared.
    #[arg(long, value_name = "FRACTION", default_value_t = 0.001, value_parser = fraction)]
    pub(super) audit: f64,
    /// Threads of the CPU; all cores if absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST_THREADS))]
    pub(super) threads: Option<u64>,
}

/// `nebulium compare`.
#[derive(Args, Debug)]
pub(super) struct Compare {
    #[command(flatten)]
    pub(super) input: Input,
    /// An ion and the set that its lines are taken from in the second fit; can be given again.
    #[arg(long, value_name = "ION=SET", required = true, action = clap::ArgAction::Append, value_parser = of_ion)]
    pub(super) with: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) sampling: Sampling,
    /// CSV of the shifts, a row an object and parameter.
    #[arg(long, value_name = "F.csv")]
    pub(super) out: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    pub(super) force: bool,
}

/// `nebulium convergence`.
#[derive(Args, Debug)]
pub(super) struct Convergence {
    #[command(flatten)]
    pub(super) input: Input,
    /// Object to sample; the only one of a catalogue of one if absent.
    #[arg(long, value_name = "OBJECT")]
    pub(super) object: Option<String>,
    /// Numbers of chains, joined by commas.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [4, 16, 64], value_parser = at_least(1))]
    pub(super) chains: Vec<u64>,
    /// Numbers of warm-up draws a chain.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [50, 200])]
    pub(super) warmup: Vec<u64>,
    /// Numbers of draws a chain.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [50, 200, 1000], value_parser = at_least(LEAST_DRAWS as u64))]
    pub(super) draws: Vec<u64>,
    /// Runs of each, with different seeds: bias and variance come apart.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = at_least(2))]
    pub(super) replicates: u64,
    /// True parameters as `simulate` writes them, in place of a long run as reference.
    #[arg(long, value_name = "F", conflicts_with = "reference_draws")]
    pub(super) truth: Option<PathBuf>,
    /// Draws of each of the 16 chains of the long run; four times the largest run of the grid, 5000 to 50000, if absent.
    #[arg(long, value_name = "N", value_parser = at_least(LEAST_DRAWS as u64))]
    pub(super) reference_draws: Option<u64>,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=LARGEST_SEED))]
    pub(super) seed: Option<u64>,
    #[command(flatten)]
    pub(super) machine: Machine,
    /// Directory for convergence.csv and the arrays.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Replace a result that is in the directory.
    #[arg(long)]
    pub(super) force: bool,
}

/// `nebulium check`.
#[derive(Args, Debug)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) input: Input,
    /// Object to show in full: its lines, where they stand, its model; can be given again.
    #[arg(long = "object", value_name = "OBJECT", action = clap::ArgAction::Append)]
    pub(super) objects: Vec<String>,
    /// Print every rejected object with its reasons.
    #[arg(long, conflicts_with = "objects")]
    pub(super) rejected: bool,
    /// Print every row of the summary, all lines among them.
    #[arg(long = "lines", conflicts_with_all = ["objects", "rejected"])]
    pub(super) all_lines: bool,
}

/// `nebulium init`.
#[derive(Args, Debug)]
pub(super) struct Init {
    #[command(flatten)]
    pub(super) input: Input,
    /// The file to write.
    #[arg(long, value_name = "F.toml", default_value = "nebulium.toml")]
    pub(super) out: PathBuf,
    /// Replace a file that is there.
    #[arg(long)]
    pub(super) force: bool,
}

/// `nebulium simulate`.
#[derive(Args, Debug)]
pub(super) struct Simulate {
    /// Table of true parameters, one row for all objects or one each, or `prior` for draws from the configuration's priors; the
    /// default population if absent.
    #[arg(long, value_name = "F|prior")]
    pub(super) truth: Option<PathBuf>,
    /// Configuration in TOML: the model and priors behind the fluxes; two zones and weak priors if absent.
    #[arg(long, value_name = "F")]
    pub(super) config: Option<PathBuf>,
    /// Scatter of the fluxes: gaussian, log-gaussian, student-t or student-t:NU.
    #[arg(long, value_name = "KIND", default_value = "gaussian")]
    pub(super) noise: String,
    /// Fluxes below K sigma become upper limits.
    #[arg(long, value_name = "K", value_parser = positive)]
    pub(super) limits: Option<f64>,
    /// Labels joined by commas, or a file with one a row; the talk's 21, O2_3726A_m and Ne3_3869A if absent.
    #[arg(long, value_name = "L")]
    pub(super) lines: Option<String>,
    /// Signal to noise of every line; if absent, errors are 2 % of the flux and 0.1 % of Hβ in quadrature.
    #[arg(long, value_name = "S", value_parser = positive)]
    pub(super) snr: Option<f64>,
    /// Number of objects; if absent, the rows of `--truth`.
    #[arg(long, value_name = "N", value_parser = at_least(1))]
    pub(super) objects: Option<u64>,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,
    /// The catalogue; the truths go to F_truth.csv.
    #[arg(long, value_name = "F.csv")]
    pub(super) out: PathBuf,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub(super) emissivities: Option<PathBuf>,
    /// Replace a file that was not simulated.
    #[arg(long)]
    pub(super) force: bool,
}

/// `nebulium emissivity`.
#[derive(Args, Debug)]
pub(super) struct Emissivity {
    /// CSV with columns line, T [K], n_e [cm⁻³].
    #[arg(long, value_name = "P.csv", required_unless_present = "list")]
    pub(super) points: Option<PathBuf>,
    /// List the sets that are part of the program.
    #[arg(long, conflicts_with = "points")]
    pub(super) list: bool,
    /// An ion and the set that its lines are taken from; can be given again.
    #[arg(long, value_name = "ION=SET", action = clap::ArgAction::Append, value_parser = of_ion)]
    pub(super) with: Vec<(String, String)>,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub(super) emissivities: Option<PathBuf>,
}

/// `nebulium lines`.
#[derive(Args, Debug)]
pub(super) struct Lines {
    /// Names as a table has them, all of one table: labels, such as O3_5007A, `[OIII]5007`, Hbeta, wavelengths in Å.
    pub(super) name: Vec<String>,
    /// Print CSV.
    #[arg(long, conflicts_with = "name")]
    pub(super) csv: bool,
    /// An ion and the set that its lines are taken from; can be given again.
    #[arg(long, value_name = "ION=SET", action = clap::ArgAction::Append, value_parser = of_ion)]
    pub(super) with: Vec<(String, String)>,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub(super) emissivities: Option<PathBuf>,
}

/// `nebulium cite`.
#[derive(Args, Debug)]
pub(super) struct Cite {
    /// Directory of a result; without it the references of the default configuration.
    #[arg(value_name = "DIR")]
    pub(super) result: Option<PathBuf>,
}

/// A method by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MethodName {
    /// Posteriors with NUTS.
    Nuts,
    /// Ratios solved for temperatures and density, Monte Carlo over the flux errors.
    Classical,
    /// Both; the classical files go to DIR/classical.
    Both,
}

/// A backend by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BackendName {
    /// A GPU where there is one, else the CPU.
    Auto,
    /// All cores.
    Cpu,
    /// A GPU.
    Gpu,
}

/// A precision by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PrecisionName {
    /// Double.
    F64,
    /// Single; on the CPU trajectories, adaptation and summaries stay in f64.
    F32,
}

fn at_least(least: u64) -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(least..)
}

fn of_line(text: &str) -> Result<(String, String), &'static str> {
    let parts = text.rsplit_once('=').map(|(name, label)| (name.trim(), label.trim()));
    let parts = parts.filter(|(name, label)| !name.is_empty() && !label.is_empty());
    let (name, label) = parts.ok_or("expected NAME=LABEL, such as HB4861=H1_4861A")?;
    Ok((name.to_owned(), label.to_owned()))
}

fn of_ion(text: &str) -> Result<(String, String), &'static str> {
    let parts = text
        .split_once('=')
        .filter(|(ion, set)| !ion.is_empty() && !set.is_empty());
    let (ion, set) = parts.ok_or("expected an ion and a set, such as O3=O3-AK99")?;
    Ok((ion.to_owned(), set.to_owned()))
}

fn fraction(text: &str) -> Result<f64, &'static str> {
    let value = text.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    value.ok_or("expected a number from 0 to 1")
}

fn positive(text: &str) -> Result<f64, &'static str> {
    let value = text
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite() && *value > 0.0);
    value.ok_or("expected a number > 0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_name_and_its_line_are_parted_at_the_last_equals_sign() {
        let pair = |name: &str, label: &str| Ok((name.to_owned(), label.to_owned()));
        assert_eq!(of_line("HB4861=H1_4861A"), pair("HB4861", "H1_4861A"));
        assert_eq!(of_line("a=b = O3_5007A"), pair("a=b", "O3_5007A"));
        for wrong in ["HB4861", "=H1_4861A", "HB4861=", ""] {
            assert!(
                of_line(wrong).is_err_and(|message| message.contains("NAME=LABEL")),
                "{wrong}"
            );
        }
    }
}
