//! The one integration-test binary.

mod diagnostics;
mod emissivity;
mod floors;
mod house;
mod nuts_rank;
mod nuts_reference;
mod nuts_sampler;
mod nuts_tree;
mod sources;
mod targets;
