//! What advances the chains of a batch: the driver neither knows nor cares where.

pub mod cpu;
pub mod gpu;

use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::ModelObject;
use crate::nuts::{self, ObjectSampler, Sampled};

/// One object's chains, ready to run.
pub struct Task<'a> {
    /// The object's records.
    pub object: &'a ModelObject<f64>,
    /// Its sampler.
    pub sampler: ObjectSampler,
}

/// What replaying a device's transitions in double precision came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Replayed {
    /// Transitions replayed.
    pub transitions: u64,
    /// Those whose depth, leaves, independence step or draw differ by more than single precision explains.
    pub disagreeing: u64,
    /// The largest difference of the draw's energy error among the others, in nats.
    pub worst_energy: f64,
}

impl Replayed {
    /// Both.
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
    /// Runs every task to its last draw; results in the tasks' order. An object's draws depend on nothing but its own task.
    ///
    /// # Errors
    /// A device that is lost or out of memory.
    fn sample(&mut self, grid: &Grid<f64>, tasks: Vec<Task<'_>>) -> Result<Vec<Sampled>>;

    /// How many objects, sampled so, it is best handed at once: enough to keep it busy, few enough that their draws fit into
    /// memory and that nobody waits long for the end of a batch.
    fn batch(&self, sampler: &nuts::Settings) -> usize;

    /// The backend and its device, as the manifest names them.
    fn describe(&self) -> String;

    /// The largest difference of a log density from the model in double precision, over the positions compared so far; none
    /// where the backend is itself in double precision.
    fn worst_error(&self) -> Option<f64> {
        None
    }

    /// What the audit of transitions came to so far; none where no device makes them or none is asked for.
    fn replayed(&self) -> Option<Replayed> {
        None
    }
}
