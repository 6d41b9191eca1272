//! The one integration-test binary.

mod abundance;
mod commands;
mod config;
mod diagnostics;
mod emissivity;
mod export;
mod fit;
mod fits;
mod floors;
mod galaxies;
mod gpu;
mod house;
mod importance;
mod interrupt;
mod likelihoods;
mod model;
mod nuts_rank;
mod nuts_reference;
mod nuts_sampler;
mod nuts_tree;
mod priors;
mod problems;
mod program;
mod sources;
mod targets;
mod zones;
