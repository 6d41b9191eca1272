//! Which devices there are, which one is taken, and what went wrong on it.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};
use wgpu::{Adapter, DeviceType, ErrorFilter, Limits};

use crate::error::{DeviceError, Error, Result};

/// The kind of a device, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A graphics card with memory of its own.
    Discrete,
    /// A graphics unit that shares the processor's memory.
    Integrated,
    /// A device of a virtual machine, or of no known sort.
    Other,
    /// The processor itself, behind a driver such as llvmpipe: taken only when asked for.
    Software,
}

/// A device as a user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Number in the order in which the system lists its devices.
    pub index: usize,
    /// Name.
    pub name: String,
    /// `vulkan`, `metal` or `dx12`.
    pub backend: String,
    /// Kind.
    pub kind: Kind,
    /// Driver and version of the driver.
    pub driver: String,
    /// Address on the PCI bus, such as `0000:01:00.0`; empty where unknown.
    pub pci: String,
}

impl DeviceInfo {
    fn new(index: usize, adapter: &Adapter) -> Self {
        let info = adapter.get_info();
        DeviceInfo {
            index,
            name: info.name,
            backend: info.backend.to_str().to_owned(),
            kind: match info.device_type {
                DeviceType::DiscreteGpu => Kind::Discrete,
                DeviceType::IntegratedGpu => Kind::Integrated,
                DeviceType::VirtualGpu | DeviceType::Other => Kind::Other,
                DeviceType::Cpu => Kind::Software,
            },
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            pci: info.device_pci_bus_id,
        }
    }

    /// True if `wanted` is the number, the PCI address, or a part of the name, in any case.
    fn is(&self, wanted: &str) -> bool {
        match wanted.parse::<usize>() {
            Ok(index) => index == self.index,
            Err(_) => {
                let wanted = wanted.to_lowercase();
                self.name.to_lowercase().contains(&wanted)
                    || (!self.pci.is_empty() && self.pci.to_lowercase() == wanted)
            }
        }
    }
}

impl std::fmt::Display for DeviceInfo {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {} ({}, {:?})", self.index, self.name, self.backend, self.kind)
    }
}

/// The devices of this machine.
pub fn devices() -> Vec<DeviceInfo> {
    let adapters = adapters();
    adapters
        .iter()
        .enumerate()
        .map(|(index, adapter)| DeviceInfo::new(index, adapter))
        .collect()
}

fn adapters() -> Vec<Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        flags: wgpu::InstanceFlags::empty(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY))
}

/// The best device that `wanted` names. Without a wish, the best that is not software.
fn choose<'a>(devices: &'a [DeviceInfo], wanted: Option<&str>) -> Result<&'a DeviceInfo> {
    let fits = |device: &&DeviceInfo| wanted.map_or(device.kind != Kind::Software, |wanted| device.is(wanted));
    devices
        .iter()
        .filter(fits)
        .min_by_key(|device| device.kind)
        .ok_or_else(|| {
            let names: Vec<String> = devices.iter().map(ToString::to_string).collect();
            Error::Device(DeviceError::NoDevice {
                wanted: wanted.unwrap_or_default().to_owned(),
                found: names.join(", "),
            })
        })
}

/// Leapfrogs of an invocation at most: more would make a dispatch wait long for its longest trees.
const LEAPFROGS: usize = 64;
/// Leapfrogs of an invocation at most on llvmpipe. Mesa leaves every loop of a shader after 65535
/// runs of all its loops (LP_MAX_TGSI_LOOP_ITERATIONS). A leapfrog of 20 parameters and 40 terms
/// takes some 1100 of these runs, one of 32 and 100 some 2500.
const SOFTWARE_LEAPFROGS: usize = 16;

/// An open device. Clones share it.
#[derive(Clone, Debug)]
pub struct Device {
    info: DeviceInfo,
    device: wgpu::Device,
    queue: wgpu::Queue,
    /// Threads that serve the device alone, as many as the host's.
    attendants: Arc<ThreadPool>,
    /// First unexpected fault: an error outside every scope, or the loss of the device.
    fault: Arc<Mutex<Option<String>>>,
}

impl Device {
    /// Opens the device that `wanted` names by number, part of the name, or PCI address. Without a
    /// wish, opens the first discrete, else integrated, else other device. A software device must
    /// be named.
    ///
    /// # Errors
    /// No such device, or one that lacks WebGPU's default limits or cannot be opened.
    pub fn open(wanted: Option<&str>) -> Result<Device> {
        let adapters = adapters();
        let devices: Vec<DeviceInfo> = adapters
            .iter()
            .enumerate()
            .map(|(index, adapter)| DeviceInfo::new(index, adapter))
            .collect();
        let info = choose(&devices, wanted)?.clone();
        let adapter = &adapters[info.index];
        let most = adapter.limits();
        let descriptor = wgpu::DeviceDescriptor {
            required_limits: Limits {
                max_buffer_size: most.max_buffer_size,
                max_storage_buffer_binding_size: most.max_storage_buffer_binding_size,
                ..Limits::default()
            },
            ..wgpu::DeviceDescriptor::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&descriptor))
            .map_err(|error| failure(&info, "opening it", error.to_string()))?;
        let fault = Arc::new(Mutex::new(None));
        let record = |fault: &Arc<Mutex<Option<String>>>| {
            let fault = Arc::clone(fault);
            move |message: String| {
                fault
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .get_or_insert(message);
            }
        };
        let (on_error, on_loss) = (record(&fault), record(&fault));
        device.on_uncaptured_error(Arc::new(move |error| on_error(error.to_string())));
        device.set_device_lost_callback(move |reason, message| on_loss(format!("lost ({reason:?}): {message}")));
        let attendants = ThreadPoolBuilder::new()
            .num_threads(rayon::current_num_threads())
            .build();
        let attendants = attendants.map_err(|error| failure(&info, "starting its threads", error.to_string()))?;
        Ok(Device {
            info,
            attendants: Arc::new(attendants),
            device,
            queue,
            fault,
        })
    }

    /// Runs `work` on threads that serve the device alone. In the common pool its parallel parts
    /// would wait for the modes and summaries of other batches, and the device with them.
    pub(crate) fn attended<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.attendants.install(work)
    }

    /// Which device it is.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// The device and the engine that samples on it, as the manifest names them.
    pub(crate) fn describe(&self, engine: &str) -> String {
        let info = &self.info;
        format!(
            "gpu (f32, engine {engine}, {}, {}, {})",
            info.name, info.backend, info.driver
        )
    }

    pub(crate) fn wgpu(&self) -> &wgpu::Device {
        &self.device
    }

    pub(crate) fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// The most leapfrogs that one invocation may take.
    pub(crate) fn most_leapfrogs(&self) -> usize {
        match self.info.kind {
            Kind::Software => SOFTWARE_LEAPFROGS,
            _ => LEAPFROGS,
        }
    }

    /// The most bytes that one binding may have.
    pub(crate) fn most_bytes(&self) -> u64 {
        let limits = self.device.limits();
        limits.max_buffer_size.min(limits.max_storage_buffer_binding_size)
    }

    /// The result of `make`, or the validation, memory or internal error that the device reported.
    pub(crate) fn guarded<T>(&self, doing: &'static str, make: impl FnOnce() -> T) -> Result<T> {
        let filters = [ErrorFilter::Validation, ErrorFilter::OutOfMemory, ErrorFilter::Internal];
        let scopes = filters.map(|filter| self.device.push_error_scope(filter));
        let made = make();
        let errors: Vec<_> = scopes
            .into_iter()
            .rev()
            .filter_map(|scope| pollster::block_on(scope.pop()))
            .collect();
        self.check(doing)?;
        match errors.first() {
            Some(error) => Err(failure(&self.info, doing, error.to_string())),
            None => Ok(made),
        }
    }

    /// An error if anything has gone wrong unasked.
    pub(crate) fn check(&self, doing: &'static str) -> Result<()> {
        match self.fault.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(message) => Err(failure(&self.info, doing, message.clone())),
            None => Ok(()),
        }
    }

    pub(crate) fn failure(&self, doing: &'static str, message: String) -> Error {
        failure(&self.info, doing, message)
    }
}

fn failure(info: &DeviceInfo, doing: &'static str, message: String) -> Error {
    Error::Device(DeviceError::Failed {
        device: info.name.clone(),
        doing,
        message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(index: usize, name: &str, kind: Kind, pci: &str) -> DeviceInfo {
        let (name, pci) = (name.to_owned(), pci.to_owned());
        DeviceInfo {
            index,
            name,
            backend: "vulkan".to_owned(),
            kind,
            driver: String::new(),
            pci,
        }
    }

    fn three() -> Vec<DeviceInfo> {
        vec![
            device(0, "llvmpipe (LLVM 15.0.6, 256 bits)", Kind::Software, ""),
            device(1, "Intel UHD", Kind::Integrated, "0000:00:02.0"),
            device(2, "NVIDIA H100", Kind::Discrete, "0000:01:00.0"),
        ]
    }

    #[test]
    fn takes_the_best_that_is_not_software() {
        assert_eq!(choose(&three(), None).unwrap().index, 2);
        assert_eq!(choose(&three()[..2], None).unwrap().index, 1);
        let error = choose(&three()[..1], None).unwrap_err().to_string();
        assert!(error.contains("0 llvmpipe"), "{error}");
        assert!(choose(&[], None).unwrap_err().to_string().contains("none"));
    }

    #[test]
    fn takes_what_is_asked_for() {
        for (wanted, index) in [
            ("0", 0),
            ("llvmpipe", 0),
            ("uhd", 1),
            ("0000:01:00.0", 2),
            ("nvidia", 2),
        ] {
            assert_eq!(choose(&three(), Some(wanted)).unwrap().index, index, "{wanted}");
        }
        for wanted in ["3", "radeon", "01:00"] {
            assert!(choose(&three(), Some(wanted)).unwrap_err().to_string().contains(wanted));
        }
    }
}
