//! Bayesian direct method for whole surveys: emission-line fluxes in, posteriors of temperatures,
//! densities, extinction and abundances out.
//!
//! The library reads tables of line fluxes, builds the model of each object, samples its posterior
//! with NUTS, and summarises the draws. It never prints, exits or reads the environment; what goes
//! wrong is an [`error::Error`]. The program `nebulium` reads arguments and prints.
//!
//! # A whole program
//!
//! Fit SHOC 579, one spaxel with 36 lines, and print its posterior:
//!
//! ```
//! use nebulium::{config::Config, run};
//!
//! fn main() -> Result<(), run::Failure> {
//!     let mut config = Config::default();
//!     config.sampler.draws = 250;
//!     let mut print = |event: run::Event<'_>| {
//!         let run::Event::Object(object) = event else { return };
//!         println!("{}: {}", object.id, object.status.name());
//!         for parameter in object.fitted.iter().flat_map(|fitted| &fitted.summary.parameters) {
//!             println!("{:9} {:9.3} ± {:.3}", parameter.name, parameter.mean, parameter.sd);
//!         }
//!     };
//!     run::fit(&["data/shoc579.csv".into()], &config, None, &mut print)?;
//!     Ok(())
//! }
//! ```
//!
//! With a directory in place of `None`, the files of the result appear there (`docs/outputs.md`).
//! [`run::Run`] has further choices: other methods, a device, other emissivities.
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
//! | from settings to a model | [`config`], [`problem`], [`model`], [`number`] |
//! | find the mode and sample | [`mode`], [`metric`], [`nuts`], [`backend`], [`importance`], [`rng`] |
//! | judge and summarise draws | [`diagnostics`], [`summary`], [`flag`], [`abundance`], [`convergence`] |
//! | fit a catalogue | [`run`], [`fit`], [`classical`] |
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

// Host and device share declarations; a build without the device, or without the program, does not
// use all of them.
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
