//! Errors of devices.

/// Device that is not there, fails, or is too small.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No device to compute on, or none with the name that was given.
    #[error(
        "no device{}: found {}; see `nebulium devices`, or use --backend cpu",
        asked(wanted), if found.is_empty() { "none" } else { found }
    )]
    NoDevice {
        /// The name given; empty for any device that is not software.
        wanted: String,
        /// The devices of the machine, joined by commas.
        found: String,
    },

    /// A device that refuses, fails or is lost.
    #[error("device {device} failed while {doing}: {message}")]
    Failed {
        /// The name of the device.
        device: String,
        /// The task at which the device failed.
        doing: &'static str,
        /// Words of the driver.
        message: String,
    },

    /// An object with more lines, parameters or the like than a device's kernel holds.
    #[error(
        "object {index} of the batch has {found} {what}: a device takes at most {most}, the CPU \
         any number"
    )]
    ObjectTooLarge {
        /// Index of the object in the batch.
        index: usize,
        /// Things of which the object has too many.
        what: &'static str,
        /// Number of things that the object has.
        found: usize,
        /// Largest number that the kernel holds.
        most: usize,
    },

    /// A batch too large for one buffer of the device.
    #[error(
        "the batch's {what} take {bytes} bytes, device {device} holds {most} in a buffer: take \
         smaller batches"
    )]
    BatchTooLarge {
        /// The device.
        device: String,
        /// The records.
        what: &'static str,
        /// Bytes of the records.
        bytes: u64,
        /// Largest number of bytes of a buffer.
        most: u64,
    },

    /// A GPU demanded of a build without the feature `gpu`.
    #[error("this build has no GPU backend: build with the feature `gpu`, or take --backend cpu")]
    NoGpuInBuild,
}

/// Words for the device that was asked for.
fn asked(wanted: &str) -> String {
    match wanted {
        "" => " other than software (which must be asked for by name)".to_owned(),
        wanted => format!(" called `{wanted}` (by number, part of its name, or PCI address)"),
    }
}
