//! What exists on both sides, host and device: records, constants and pure functions, generic over the number, with WGSL
//! twins of the same names.

pub mod coordinate;
mod elementary;
mod fours;
pub mod lanes;
pub mod layout;
pub mod likelihood;
pub mod real;
pub mod relation;
pub mod simd;
pub mod special;
pub mod spline;
pub mod weak;
pub mod wgsl;

pub use real::real;
