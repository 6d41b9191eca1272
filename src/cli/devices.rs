//! `nebulium devices`, and the choice of a backend.

use super::args::BackendName;
use super::{DEVICE, Failure, GOOD, Outcome, during, say, warn};
use crate::backend::cpu::Cpu;
use crate::backend::gpu::{Device, Gpu, Kind};
use crate::backend::{self, Backend};
use crate::emissivity::Grid;
use crate::error::Error;

/// Lists the devices that can fit.
pub(super) fn run() -> Outcome {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    say(&format!("cpu  {cores} threads, f64, {}\n", simd()));
    let devices = backend::gpu::devices();
    for device in &devices {
        let note = if device.kind == Kind::Software {
            "; software: used only if asked for with --device"
        } else {
            ""
        };
        let pci = if device.pci.is_empty() {
            String::new()
        } else {
            format!(", PCI {}", device.pci)
        };
        say(&format!(
            "gpu {}  {} ({}, f32, {}{pci}{note})\n",
            device.index, device.name, device.backend, device.driver
        ));
    }
    if devices.iter().all(|device| device.kind == Kind::Software) {
        say("no GPU with a driver for Vulkan, Metal or DX12: the CPU is the default\n");
    }
    Ok(GOOD)
}

/// The widest vectors that the processor has.
fn simd() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            "AVX-512"
        } else if std::arch::is_x86_feature_detected!("avx2") {
            "AVX2"
        } else {
            "SSE2"
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        std::env::consts::ARCH
    }
}

/// The backend asked for, for emissivities on `grid`: `auto` takes a GPU where there is one, else the CPU, and says so where
/// there is one that does not serve.
pub(super) fn backend(name: BackendName, device: Option<&str>, grid: &Grid<f64>) -> Result<Box<dyn Backend>, Failure> {
    if name == BackendName::Cpu {
        return Ok(Box::new(Cpu));
    }
    let gpu = Device::open(device).and_then(|device| Gpu::new(&device, grid));
    let asked = name == BackendName::Gpu || device.is_some();
    match gpu {
        Ok(gpu) => Ok(Box::new(gpu)),
        Err(error) if asked => Err(during(DEVICE)(error)),
        Err(Error::NoDevice { .. }) => Ok(Box::new(Cpu)),
        Err(error) => {
            warn(&format!("warning: {error}; the CPU takes its place"));
            Ok(Box::new(Cpu))
        }
    }
}
