//! The one integration-test binary.

mod floors;
mod house;
mod sources;
