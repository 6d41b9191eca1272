//! Methods of a run: what each takes from the configuration and how each fits a queue of objects.

use std::sync::atomic::AtomicBool;

use crate::backend::{Backend, Replayed};
use crate::classical;
use crate::config::Config;
use crate::draws::Method;
use crate::error::Result;
use crate::fit::{self, Outcome, Queue, Survey};

/// A method, ready to run.
pub(super) enum Solver {
    /// The No-U-Turn sampler on a backend.
    Nuts(Box<dyn Backend>),
    /// Importance sampling, and the No-U-Turn sampler where that does not hold, on all cores.
    Importance,
    /// The classical direct method on all cores.
    Classical,
}

impl Solver {
    pub(super) fn method(&self) -> Method {
        match self {
            Solver::Nuts(_) => Method::Nuts,
            Solver::Importance => Method::Importance,
            Solver::Classical => Method::Classical,
        }
    }

    /// Backend and device, as the manifest names them.
    pub(super) fn describe(&self) -> String {
        match self {
            Solver::Nuts(backend) => backend.describe(),
            Solver::Importance | Solver::Classical => format!("cpu, {} threads, f64", rayon::current_num_threads()),
        }
    }

    /// Names of the quantities that have columns, in the order of every file.
    pub(super) fn columns(&self, survey: &Survey<'_>, config: &Config) -> Vec<String> {
        match self {
            Solver::Nuts(_) | Solver::Importance => survey.columns.clone(),
            Solver::Classical => classical::columns(&survey.columns, &survey.more, &config.classical),
        }
    }

    /// Chains of an object, and draws of a chain.
    pub(super) fn drawn(&self, config: &Config) -> (usize, usize) {
        match self {
            Solver::Nuts(_) => (config.sampler.chains, config.sampler.draws),
            Solver::Importance => {
                let (chains, draws, _) = fit::first_look::shape(&config.fit_options().sampler);
                (chains, draws)
            }
            Solver::Classical => (1, config.classical.realisations),
        }
    }

    /// Fits the objects of a queue; outcomes go to `sink` in the queue's order.
    ///
    /// # Errors
    /// Errors of the backend, of `sink` and of the queue.
    pub(super) fn run(
        &mut self,
        queue: Queue<'_>,
        config: &Config,
        sink: &mut dyn FnMut(Outcome) -> Result<()>,
        stop: &AtomicBool,
    ) -> Result<()> {
        let options = config.fit_options();
        match self {
            Solver::Nuts(backend) => fit::run(queue, backend.as_mut(), &options, sink, stop),
            Solver::Importance => fit::first_look::run(queue, &options, config.importance.audit, sink, stop),
            Solver::Classical => classical::run(queue, &config.classical, &options, sink, stop),
        }
    }

    /// Largest error of a log density in single precision \[nats\]; none in double precision.
    pub(super) fn worst_error(&self) -> Option<f64> {
        match self {
            Solver::Nuts(backend) => backend.worst_error(),
            Solver::Importance | Solver::Classical => None,
        }
    }

    /// Audit of a device's transitions; none where no device makes them.
    pub(super) fn replayed(&self) -> Option<Replayed> {
        match self {
            Solver::Nuts(backend) => backend.replayed(),
            Solver::Importance | Solver::Classical => None,
        }
    }
}
