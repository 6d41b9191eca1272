//! The other commands that read a catalogue: comparison, convergence, check, configuration.

use std::path::PathBuf;

use clap::Args;

use super::super::help::headings;
use super::parse::{at_least, of_ion};
use super::{Input, Machine, Sampling};
use crate::config::{LARGEST_SEED, LEAST_DRAWS};

/// `nebulium compare`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Compare {
    #[command(flatten)]
    pub(in crate::cli) input: Input,
    /// An ion and the set that its lines are taken from in the second fit; can be given again.
    #[arg(
        long,
        value_name = "ION=SET",
        required = true,
        action = clap::ArgAction::Append,
        value_parser = of_ion,
        help_heading = headings::MODEL,
    )]
    pub(in crate::cli) with: Vec<(String, String)>,
    #[command(flatten)]
    pub(in crate::cli) sampling: Sampling,
    /// CSV of the shifts, a row an object and parameter.
    #[arg(long, value_name = "F.csv", help_heading = headings::RESULT)]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long, help_heading = headings::RESULT)]
    pub(in crate::cli) force: bool,
}

/// `nebulium convergence`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Convergence {
    #[command(flatten)]
    pub(in crate::cli) input: Input,
    /// Object to sample; the only one of a catalogue of one if absent.
    #[arg(long, value_name = "OBJECT")]
    pub(in crate::cli) object: Option<String>,
    /// Numbers of chains, joined by commas.
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_values_t = [4, 16, 64],
        value_parser = at_least(1),
        help_heading = headings::GRID,
    )]
    pub(in crate::cli) chains: Vec<u64>,
    /// Numbers of warm-up draws a chain.
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_values_t = [50, 200],
        help_heading = headings::GRID,
    )]
    pub(in crate::cli) warmup: Vec<u64>,
    /// Numbers of draws a chain.
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_values_t = [50, 200, 1000],
        value_parser = at_least(LEAST_DRAWS as u64),
        help_heading = headings::GRID,
    )]
    pub(in crate::cli) draws: Vec<u64>,
    /// Runs of each, with different seeds: bias and variance come apart.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = at_least(2),
        help_heading = headings::GRID,
    )]
    pub(in crate::cli) replicates: u64,
    /// True parameters as `simulate` writes them, in place of a long run as reference.
    #[arg(
        long,
        value_name = "F",
        conflicts_with = "reference_draws",
        help_heading = headings::GRID,
    )]
    pub(in crate::cli) truth: Option<PathBuf>,
    /// Draws of each of the 16 chains of the long run; four times the largest run of the grid, 5000
    /// to 50000, if absent.
    #[arg(
        long,
        value_name = "N",
        value_parser = at_least(LEAST_DRAWS as u64),
        help_heading = headings::GRID,
    )]
    pub(in crate::cli) reference_draws: Option<u64>,
    /// Seed of all random numbers.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(..=LARGEST_SEED),
        help_heading = headings::SAMPLER,
    )]
    pub(in crate::cli) seed: Option<u64>,
    #[command(flatten)]
    pub(in crate::cli) machine: Machine,
    /// Directory for convergence.csv and the arrays.
    #[arg(long, value_name = "DIR", help_heading = headings::RESULT)]
    pub(in crate::cli) out: PathBuf,
    /// Replace a result that is in the directory.
    #[arg(long, help_heading = headings::RESULT)]
    pub(in crate::cli) force: bool,
}

/// `nebulium check`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    pub(in crate::cli) input: Input,
    /// Object to show in full: its lines, where they stand, its model; can be given again.
    #[arg(
        long = "object",
        value_name = "OBJECT",
        action = clap::ArgAction::Append,
        help_heading = headings::SHOWN,
    )]
    pub(in crate::cli) objects: Vec<String>,
    /// Print every rejected object with its reasons.
    #[arg(long, conflicts_with = "objects", help_heading = headings::SHOWN)]
    pub(in crate::cli) rejected: bool,
    /// Print every row of the summary, all lines among them.
    #[arg(
        long = "lines",
        conflicts_with_all = ["objects", "rejected"],
        help_heading = headings::SHOWN,
    )]
    pub(in crate::cli) all_lines: bool,
}

/// `nebulium init`.
#[derive(Args, Debug)]
pub(in crate::cli) struct Init {
    #[command(flatten)]
    pub(in crate::cli) input: Input,
    /// The file to write.
    #[arg(
        long,
        value_name = "F.toml",
        default_value = "nebulium.toml",
        help_heading = headings::RESULT,
    )]
    pub(in crate::cli) out: PathBuf,
    /// Replace a file that is there.
    #[arg(long, help_heading = headings::RESULT)]
    pub(in crate::cli) force: bool,
}
