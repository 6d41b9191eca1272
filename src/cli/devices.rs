//! `nebulium devices`, and the choice of a backend.

use super::args::{BackendName, Machine, PrecisionName};
use super::engine::EngineName;
use super::{GOOD, Outcome, say, warn};
use crate::backend::Backend;
use crate::backend::cpu::{Cpu, CpuF32};
#[cfg(feature = "gpu")]
use crate::backend::gpu::{Device, Gpu, Kind, ResidentGpu};
use crate::emissivity::Grid;
use crate::error::{DeviceError, Error, Result as Made};
use crate::number::simd::{Simd, widest};
use crate::run::{Failure, Phase, during};

/// Lists the devices that can fit.
pub(super) fn run() -> Outcome {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    say(&format!(
        "cpu  {cores} threads, f64 (f32 with --precision f32), {}\n",
        simd()
    ));
    list_gpus();
    Ok(GOOD)
}

/// Prints that this build has no GPU backend.
#[cfg(not(feature = "gpu"))]
fn list_gpus() {
    say("this build has no GPU backend (feature `gpu`)\n");
}

/// Lists the GPUs.
#[cfg(feature = "gpu")]
fn list_gpus() {
    let devices = crate::backend::gpu::devices();
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
}

/// The widest vectors of the processor that the program uses.
fn simd() -> &'static str {
    match widest() {
        Simd::Avx512 => "AVX-512",
        Simd::Avx2 => "AVX2",
        Simd::Portable => std::env::consts::ARCH,
    }
}

/// Chains below which `auto` takes the CPU: with fewer, sixteen threads of a Xeon were faster than
/// an NVIDIA H200 (benches/RESULTS.md).
const CHAINS_FOR_GPU: usize = 8192;

/// The backend asked for, for emissivities on `grid` and `chains` chains in all.
///
/// `auto` takes a GPU where there is one, where the chains are many or an engine is named, and
/// where f64 is not asked for; else the CPU. A GPU that cannot be used is named in a warning.
pub(super) fn backend(machine: &Machine, grid: &Grid<f64>, chains: usize) -> Result<Box<dyn Backend>, Failure> {
    if !wants_gpu(machine, chains) {
        return Ok(cpu(machine, grid));
    }
    let asked = is_asked(machine);
    if machine.precision == Some(PrecisionName::F64) {
        return Err(during(Phase::Settings)(Error::Setting {
            key: "--precision",
            value: "f64".to_owned(),
            expected: "f32 where a GPU is asked for",
        }));
    }
    match gpu(machine, grid) {
        Ok(gpu) => Ok(gpu),
        Err(error) if asked => Err(during(Phase::Fit)(error)),
        Err(Error::Device(DeviceError::NoDevice { .. })) => Ok(cpu(machine, grid)),
        Err(Error::Device(DeviceError::NoGpuInBuild)) if machine.engine == EngineName::Auto => Ok(cpu(machine, grid)),
        Err(error) => {
            warn(&format!("warning: {error}; the CPU takes its place"));
            Ok(cpu(machine, grid))
        }
    }
}

/// Lets the program compute with so many threads; with all cores if absent.
pub(super) fn set_threads(threads: Option<u64>) {
    if let Some(threads) = threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads as usize);
        // The pool is built once, before its first use: then it cannot fail.
        let _ = pool.build_global();
    }
}

/// Fraction of a device's transitions that is replayed unless the arguments say another.
#[cfg(feature = "gpu")]
const REPLAYED: f64 = 0.001;

/// Tests whether a GPU is asked for by name.
fn is_asked(machine: &Machine) -> bool {
    machine.backend == BackendName::Gpu || machine.device.is_some()
}

/// Tests whether to look for a GPU.
fn wants_gpu(machine: &Machine, chains: usize) -> bool {
    let worth_it = machine.engine != EngineName::Auto || chains >= CHAINS_FOR_GPU;
    let double = machine.precision == Some(PrecisionName::F64);
    machine.backend != BackendName::Cpu && (is_asked(machine) || (worth_it && !double))
}

/// The CPU in the precision asked for.
fn cpu(machine: &Machine, grid: &Grid<f64>) -> Box<dyn Backend> {
    match machine.precision {
        Some(PrecisionName::F32) => Box::new(CpuF32::new(grid)),
        Some(PrecisionName::F64) | None => Box::new(Cpu),
    }
}

/// The GPU asked for, with its engine.
#[cfg(feature = "gpu")]
fn gpu(machine: &Machine, grid: &Grid<f64>) -> Made<Box<dyn Backend>> {
    let device = Device::open(machine.device.as_deref())?;
    engine(machine, &device, grid)
}

/// The error of a build without the GPU backend.
#[cfg(not(feature = "gpu"))]
fn gpu(_: &Machine, _: &Grid<f64>) -> Made<Box<dyn Backend>> {
    Err(Error::Device(DeviceError::NoGpuInBuild))
}

/// The engine asked for on a device.
#[cfg(feature = "gpu")]
fn engine(machine: &Machine, device: &Device, grid: &Grid<f64>) -> Made<Box<dyn Backend>> {
    Ok(match fastest(machine.engine, device.info().kind) {
        EngineName::Resident => Box::new(ResidentGpu::new(device, grid, machine.audit.unwrap_or(REPLAYED))?),
        EngineName::Auto | EngineName::Host => Box::new(Gpu::new(device, grid)?),
    })
}

/// The engine asked for, or the fastest on a device of this sort. Software Vulkan gains nothing
/// from trees on the device: they run on the cores of the host anyway.
#[cfg(feature = "gpu")]
fn fastest(engine: EngineName, kind: Kind) -> EngineName {
    match (engine, kind) {
        (EngineName::Auto, Kind::Software) => EngineName::Host,
        (EngineName::Auto, _) => EngineName::Resident,
        (engine, _) => engine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_chains_are_left_to_the_cpu_unless_a_gpu_is_asked_for() {
        let auto = || Machine {
            backend: BackendName::Auto,
            device: None,
            precision: None,
            engine: EngineName::Auto,
            audit: None,
            threads: None,
        };
        let wants = |machine: Machine| [4, 8191, 8192].map(|chains| wants_gpu(&machine, chains));
        assert_eq!(wants(auto()), [false, false, true]);
        let device = Some("1".to_owned());
        assert_eq!(wants(Machine { device, ..auto() }), [true; 3]);
        let (backend, engine) = (BackendName::Gpu, EngineName::Resident);
        assert_eq!(wants(Machine { backend, ..auto() }), [true; 3]);
        assert_eq!(wants(Machine { engine, ..auto() }), [true; 3]);
        let (backend, precision) = (BackendName::Cpu, Some(PrecisionName::F64));
        assert_eq!(wants(Machine { backend, ..auto() }), [false; 3]);
        assert_eq!(wants(Machine { precision, ..auto() }), [false; 3]);
    }

    #[test]
    #[cfg(feature = "gpu")]
    fn software_grows_trees_only_when_asked_to() {
        for kind in [Kind::Discrete, Kind::Integrated, Kind::Other] {
            assert_eq!(fastest(EngineName::Auto, kind), EngineName::Resident, "{kind:?}");
            assert_eq!(fastest(EngineName::Host, kind), EngineName::Host, "{kind:?}");
        }
        assert_eq!(fastest(EngineName::Auto, Kind::Software), EngineName::Host);
        assert_eq!(fastest(EngineName::Resident, Kind::Software), EngineName::Resident);
    }
}
