//! The one integration-test binary.

mod diagnostics;
mod emissivity;
mod fit;
mod floors;
mod galaxies;
mod gpu;
mod house;
mod model;
mod nuts_rank;
mod nuts_reference;
mod nuts_sampler;
mod nuts_tree;
mod priors;
mod problems;
mod sources;
mod targets;
