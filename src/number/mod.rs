//! Numbers of the host and the device: records, constants and pure functions, generic over the
//! number. WGSL has twins of the same names.

mod elementary;
mod fours;
pub mod lanes;
pub mod real;
pub mod simd;
pub mod special;
pub mod spline;
pub mod wgsl;

pub use real::real;
