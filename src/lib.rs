//! Bayesian direct method for whole surveys: emission-line fluxes in, posteriors of temperatures,
//! densities, extinction and abundances out.
//!
//! The library reads tables of line fluxes, builds the model of each object, samples its posterior
//! with NUTS, and summarises the draws. It never prints, exits or reads the environment; what goes
//! wrong is an [`error::Error`]. The program `nebulium` is a thin layer over it.
//!
//! # A whole program
//!
//! Fit SHOC 579, one spaxel with 36 lines, and print its posterior:
//!
//! ```
//! use std::{path::Path, sync::atomic::AtomicBool};
//!
//! use nebulium::{backend::cpu::Cpu, config::Config, emissivity::Set, fit, table};
//!
//! fn main() -> nebulium::error::Result<()> {
//!     let set = Set::built_in()?;
//!     let mut config = Config::default();
//!     config.sampler.draws = 250;
//!     config.validate()?;
//!     let recipe = config.recipe(&set)?;
//!     let path = Path::new("data/shoc579.csv");
//!     let catalogue = table::read(path, &set.list, &config.table_settings())?;
//!     let plan = fit::Plan::new(catalogue, &recipe);
//!     let mut print = |outcome: fit::Outcome| {
//!         println!("{}: {}", outcome.id, outcome.status.name());
//!         for parameter in outcome.fitted.iter().flat_map(|fitted| &fitted.summary.parameters) {
//!             println!("{:9} {:9.3} ± {:.3}", parameter.name, parameter.mean, parameter.sd);
//!         }
//!         Ok(())
//!     };
//!     fit::run(plan, &mut Cpu, &config.fit_options(), &mut print, &AtomicBool::new(false))
//! }
//! ```
//!
//! `examples/` has three more programs: a table fitted, a density of one's own sampled, and
//! diagnostics alone.
//!
//! # Map of the modules
//!
//! | task | modules |
//! | --- | --- |
//! | read a catalogue | [`table`], [`mod@line`] |
//! | atomic data and reddening | [`emissivity`], [`extinction`] |
//! | from settings to a model | [`config`], [`problem`], [`model`], [`mod@shared`] |
//! | find the mode and sample | [`mode`], [`nuts`], [`backend`], [`importance`], [`rng`] |
//! | judge and summarise draws | [`diagnostics`], [`summary`], [`flag`], [`abundance`], [`convergence`] |
//! | fit a catalogue | [`fit`], [`classical`] |
//! | write and report results | [`export`], [`report`], [`draws`], [`cite`] |
//! | simulate and predict | [`simulate`], [`predict`] |
//!
//! # Features
//!
//! | feature | gives | default |
//! | --- | --- | --- |
//! | `cli` | the program and its module `cli` | yes |
//! | `gpu` | the backend `gpu`, on Vulkan, Metal or DX12 | yes |
//! | `parquet` | catalogues in Parquet, in pure Rust | yes |
//! | `parquet-zstd` | pages compressed with zstd; needs a C compiler | no |
//!
//! With `default-features = false` the library fits on the CPU and reads every other format.

// What host and device share is declared once; a build without the device, or without the program,
// does not use all of it.
#![cfg_attr(not(all(feature = "cli", feature = "gpu")), allow(dead_code, unused_imports))]

pub mod abundance;
pub mod backend;
pub mod cite;
pub mod classical;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod convergence;
pub mod diagnostics;
pub mod draws;
pub mod emissivity;
pub mod error;
pub mod export;
pub mod extinction;
pub mod fit;
pub mod flag;
pub mod importance;
pub mod line;
pub mod metric;
pub mod mode;
pub mod model;
pub mod number;
pub mod nuts;
pub mod predict;
pub mod problem;
pub mod report;
pub mod rng;
pub mod run;
pub mod simulate;
pub mod summary;
pub mod table;
mod text;
