//! The commands and their flags.

mod parse;
mod side;
mod studies;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use side::{Cite, Completions, Emissivity, Lines, Man, Simulate};
pub(super) use studies::{Check, Compare, Convergence, Init};

use super::engine::{EngineName, EngineParser};
use super::help::{self, headings};
use crate::classical::MOST_REALISATIONS;
use crate::config::{LARGEST_SEED, LEAST_DRAWS, MOST_LOOKS};
use crate::draws::KeepDraws;
use crate::problem::{NoStars, Preset};
use crate::table::Format;
use parse::{at_least, fraction, of_line, positive};

/// Bayesian direct method: emission-line fluxes in, temperatures, density, extinction and
/// abundances out.
#[derive(Parser, Debug)]
#[command(name = "nebulium", version, after_help = help::AFTER, args_override_self = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// More than any one machine has; thousands more take minutes to start.
const MOST_THREADS: u64 = 1024;

/// Commands.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Fit a catalogue of line fluxes.
    #[command(after_help = help::FIT)]
    Fit(Fit),
    /// Fit a catalogue with two sets of emissivities and say how far the posteriors move.
    #[command(after_help = help::COMPARE)]
    Compare(Compare),
    /// Say how fast an object's posterior is found: a grid of chains, warm-ups and draws.
    #[command(after_help = help::CONVERGENCE)]
    Convergence(Convergence),
    /// Say what would be fitted and what is wrong; sample nothing.
    #[command(after_help = help::CHECK)]
    Check(Check),
    /// Write a configuration to edit, made for a catalogue.
    #[command(after_help = help::INIT)]
    Init(Init),
    /// Draw a catalogue with known truth from the model.
    #[command(after_help = help::SIMULATE)]
    Simulate(Simulate),
    /// Print log10 of emissivities relative to Hβ at given points.
    #[command(after_help = help::EMISSIVITY)]
    Emissivity(Emissivity),
    /// List every line with its wavelengths, names and atomic data, or say what names mean.
    #[command(after_help = help::LINES)]
    Lines(Lines),
    /// List the devices that can fit.
    Devices,
    /// Print the BibTeX of the method and the atomic data, of a result or of the defaults.
    #[command(after_help = help::CITE)]
    Cite(Cite),
    /// Print the completions of a shell.
    #[command(after_help = help::COMPLETIONS)]
    Completions(Completions),
    /// Print the man page, or write one for each command.
    #[command(after_help = help::MAN)]
    Man(Man),
}

/// Catalogue and model.
#[derive(Args, Debug)]
pub(super) struct Input {
    /// Tables of line fluxes: text or FITS, one row a line or one row an object; LiMe, NEAT, PyNeb.
    #[arg(required = true, num_args = 1..)]
    pub(super) catalogue: Vec<PathBuf>,
    /// Their format, in place of what their content looks like.
    #[arg(long, value_enum, help_heading = headings::CATALOGUE)]
    pub(super) format: Option<Format>,
    /// Errors as a fraction of the flux, for a list that gives none.
    #[arg(
        long,
        value_name = "FRACTION",
        value_parser = positive,
        help_heading = headings::CATALOGUE,
    )]
    pub(super) flux_error: Option<f64>,
    /// Configuration in TOML.
    #[arg(long, value_name = "F", help_heading = headings::MODEL)]
    pub(super) config: Option<PathBuf>,
    /// Directory of a set of emissivities, in place of the built-in one.
    #[arg(long, value_name = "DIR", help_heading = headings::MODEL)]
    pub(super) emissivities: Option<PathBuf>,
    /// Set of choices that the configuration starts from.
    #[arg(long, value_enum, help_heading = headings::MODEL)]
    pub(super) preset: Option<Preset>,
    /// Side table of priors: columns object, prior_<parameter>, prior_<parameter>_sd.
    #[arg(long, value_name = "SIDE.csv", help_heading = headings::CATALOGUE)]
    pub(super) priors: Option<PathBuf>,
    /// Fluxes are corrected for reddening already: no extinction in the model.
    #[arg(long, help_heading = headings::MODEL)]
    pub(super) dereddened: bool,
    /// `none`: no stars lie under the lines, as in planetary nebulae; absorption is not fitted, and
    /// no line left out for it.
    #[arg(long, value_enum, value_name = "none", help_heading = headings::MODEL)]
    pub(super) absorption: Option<NoStars>,
    /// A name of the catalogue and the line that it means; can be given again.
    #[arg(
        long = "line",
        value_name = "NAME=LABEL",
        action = clap::ArgAction::Append,
        value_parser = of_line,
        help_heading = headings::CATALOGUE,
    )]
    pub(super) lines: Vec<(String, String)>,
    /// Table of a FITS file, by the name or the number of its extension.
    #[arg(long, value_name = "EXT", help_heading = headings::CATALOGUE)]
    pub(super) extension: Option<String>,
    /// Columns of the catalogue to carry into the results, joined by commas; can be given again.
    #[arg(
        long,
        value_name = "COLUMN,…",
        value_delimiter = ',',
        action = clap::ArgAction::Append,
        help_heading = headings::CATALOGUE,
    )]
    pub(super) keep: Vec<String>,
    /// Exit with 4 if an object was rejected or failed.
    #[arg(long, help_heading = headings::RUN)]
    pub(super) strict: bool,
    /// Print errors only.
    #[arg(long, short, help_heading = headings::RUN)]
    pub(super) quiet: bool,
}

/// `nebulium fit`.
#[derive(Args, Debug)]
pub(super) struct Fit {
    #[command(flatten)]
    pub(super) input: Input,
    /// Directory for results, draws and manifest; without it only a summary is printed.
    #[arg(long, value_name = "DIR", help_heading = headings::RESULT)]
    pub(super) out: Option<PathBuf>,
    /// Posteriors with NUTS, a first look by importance sampling, the classical direct method, or
    /// both side by side.
    #[arg(long, value_enum, default_value_t = MethodName::Nuts, help_heading = headings::METHOD)]
    pub(super) method: MethodName,
    /// Monte Carlo realisations an object of the classical method.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(2..=MOST_REALISATIONS as u64),
        help_heading = headings::METHOD,
    )]
    pub(super) mc: Option<u64>,
    #[command(flatten)]
    pub(super) sampling: Sampling,
    /// Draws to write: all, thin:N or none; if absent all up to 1 GiB, else thinned to fit.
    #[arg(long, value_name = "all|thin:N|none", help_heading = headings::RESULT)]
    pub(super) keep_draws: Option<KeepDraws>,
    /// Object that gets posterior.nc, a NetCDF file for ArviZ; the only one of a catalogue of one
    /// has it anyway.
    #[arg(long, value_name = "OBJECT", requires = "out", help_heading = headings::RESULT)]
    pub(super) netcdf: Option<String>,
    /// Replace a result that is in the directory.
    #[arg(long, help_heading = headings::RESULT)]
    pub(super) force: bool,
}

/// Chains, draws and device.
#[derive(Args, Debug)]
pub(super) struct Sampling {
    /// Chains an object.
    #[arg(long, value_name = "N", value_parser = at_least(1), help_heading = headings::SAMPLER)]
    pub(super) chains: Option<u64>,
    /// Warm-up draws a chain.
    #[arg(long, value_name = "N", help_heading = headings::SAMPLER)]
    pub(super) warmup: Option<usize>,
    /// Draws a chain at the first look.
    #[arg(
        long,
        value_name = "N",
        value_parser = at_least(LEAST_DRAWS as u64),
        help_heading = headings::SAMPLER,
    )]
    pub(super) draws: Option<u64>,
    /// Most looks at the draws: an object that fails one is drawn on to twice its draws.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_LOOKS)),
        help_heading = headings::SAMPLER,
    )]
    pub(super) looks: Option<u32>,
    /// Longer chains, for a single galaxy: 8 of 200 warm-up draws and 1000 draws, unless given.
    #[arg(long, help_heading = headings::SAMPLER)]
    pub(super) thorough: bool,
    /// Seed of all random numbers.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(..=LARGEST_SEED),
        help_heading = headings::SAMPLER,
    )]
    pub(super) seed: Option<u64>,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// Where to compute.
#[derive(Args, Debug)]
pub(super) struct Machine {
    /// Where to compute.
    #[arg(long, value_enum, default_value_t = BackendName::Auto, help_heading = headings::MACHINE)]
    pub(super) backend: BackendName,
    /// GPU by index, name or PCI id, as `nebulium devices` lists them.
    #[arg(long, value_name = "D", help_heading = headings::MACHINE)]
    pub(super) device: Option<String>,
    /// Precision of log densities: f64 on the CPU unless f32 is asked for, f32 on a GPU.
    #[arg(long, value_enum, help_heading = headings::MACHINE)]
    pub(super) precision: Option<PrecisionName>,
    /// Work of the GPU: log densities (host) or whole transitions (resident).
    #[arg(long, value_parser = EngineParser, default_value = "auto", help_heading = headings::MACHINE)]
    pub(super) engine: EngineName,
    /// Fraction of the transitions of the engine resident that is replayed on the CPU in f64 and
    /// compared, 0.001 if absent; with `--method importance` the fraction of the objects that NUTS
    /// samples too.
    #[arg(
        long,
        value_name = "FRACTION",
        value_parser = fraction,
        help_heading = headings::MACHINE,
    )]
    pub(super) audit: Option<f64>,
    /// Threads of the CPU; all cores if absent.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(1..=MOST_THREADS),
        help_heading = headings::MACHINE,
    )]
    pub(super) threads: Option<u64>,
}

/// A method by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MethodName {
    /// Posteriors with NUTS.
    Nuts,
    /// A survey's first look: weighted draws around the mode, NUTS where those do not hold.
    Importance,
    /// Ratios solved for temperatures and density, Monte Carlo over the flux errors.
    Classical,
    /// Posteriors and classical answers; the classical files go to DIR/classical.
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_are_consistent() {
        Arguments::command().debug_assert();
    }
}
