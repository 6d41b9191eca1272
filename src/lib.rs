//! Bayesian direct method for whole surveys: emission-line fluxes in, posteriors of the gas's temperatures,
//! density, extinction and ionic abundances out.

pub mod abundance;
pub mod backend;
pub mod classical;
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
pub mod nuts;
pub mod predict;
pub mod problem;
pub mod report;
pub mod rng;
pub mod shared;
pub mod simulate;
pub mod summary;
pub mod table;
mod text;
