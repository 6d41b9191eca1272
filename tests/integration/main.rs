//! The one integration-test binary.

mod emissivity;
mod floors;
mod house;
mod sources;
