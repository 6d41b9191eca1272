//! Devices behind wgpu: which there are, and the engines that sample on them.

mod audit;
mod batch;
mod chains;
mod device;
mod flight;
mod grouped;
mod host;
mod logdensity;
mod metrics;
mod orders;
mod records;
mod replay;
mod requests;
mod resident;
mod round;
mod source;
mod staging;
#[cfg(test)]
mod tests;
mod words;

pub use audit::{Audit, audit};
pub use device::{Device, DeviceInfo, Kind, devices};
pub use host::Gpu;
pub use logdensity::DensityKernel;
pub use resident::ResidentGpu;
