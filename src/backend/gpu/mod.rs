//! Devices behind wgpu: which there are, and a kernel that evaluates log densities for many positions at once.

mod audit;
mod device;
mod host;
mod lane;
mod logdensity;
mod records;
mod source;
#[cfg(test)]
mod tests;

pub use audit::{Audit, audit};
pub use device::{Device, DeviceInfo, Kind, devices};
pub use host::Gpu;
pub use logdensity::DensityKernel;
