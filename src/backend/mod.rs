//! The backends, which run the chains of a batch to their last draws.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;

use crate::emissivity::Grid;
pub use crate::error::DeviceError;
use crate::error::Result;
use crate::model::ModelObject;
use crate::nuts::{self, ObjectSampler, Sampled};

/// The chains of one object, ready to run.
pub struct Task<'a> {
    /// The object's records.
    pub object: &'a ModelObject<f64>,
    /// The sampler of the object.
    pub sampler: ObjectSampler,
}

/// Outcome of the replay of a device's transitions in double precision.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Replayed {
    /// Transitions replayed.
    pub transitions: u64,
    /// Transitions whose depth, leaves, independence step or draw differ by more than single
    /// precision explains.
    pub disagreeing: u64,
    /// The largest difference of the draw's energy error among the others, in nats.
    pub worst_energy: f64,
}

impl Replayed {
    /// The sum of two outcomes.
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.add(&other);
        self
    }

    /// Takes in what others came to.
    pub(crate) fn add(&mut self, other: &Self) {
        self.transitions += other.transitions;
        self.disagreeing += other.disagreeing;
        self.worst_energy = self.worst_energy.max(other.worst_energy);
    }
}

/// A place where log densities and gradients are evaluated.
pub trait Backend {
    /// Runs every task to its last draw; results in the order of the tasks. The draws of an object
    /// depend on its own task alone.
    ///
    /// # Errors
    /// A device that is lost or out of memory.
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>>;

    /// Objects of a batch with these settings: enough to keep the backend busy, few enough for the
    /// memory of the host and a short wait for the end of a batch.
    fn batch(&self, sampler: &nuts::Settings) -> usize;

    /// The backend and its device, as the manifest names them.
    fn describe(&self) -> String;

    /// True if every draw is made on the host's cores in f64.
    fn is_double(&self) -> bool {
        false
    }

    /// Largest difference of a log density from the model in double precision, over the positions
    /// compared so far. `None` if the backend is itself in double precision.
    fn worst_error(&self) -> Option<f64> {
        None
    }

    /// Outcome of the audit of transitions so far. `None` if no device makes transitions or no
    /// audit is wanted.
    fn replayed(&self) -> Option<Replayed> {
        None
    }
}
