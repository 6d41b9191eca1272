//! One chain: a trajectory in whitened coordinates behind an interface in the model's coordinates.

use super::candidates::Candidates;
use super::trajectory::Trajectory;
use super::transition::{CANDIDATE_NOISE, DrawId, MOMENTUM_NOISE, Point, Progress};
use crate::metric::{Metric, Mixture};

/// A chain and its buffers.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(super) trajectory: Trajectory,
    momentum: Vec<f64>,
    candidate: Vec<f64>,
    /// Start of the chain, in the model's coordinates.
    start: Vec<f64>,
    /// True if `start` is the point that the trajectory holds already.
    goes_on: bool,
    whitened_grad: Vec<f64>,
}

impl Chain {
    /// A chain that first asks for the evaluation of its start (a position of the model).
    pub(crate) fn new(start: &[f64], max_treedepth: u32) -> Self {
        let dim = start.len();
        Self {
            trajectory: Trajectory::new(dim, max_treedepth),
            momentum: vec![0.0; dim],
            candidate: vec![0.0; dim],
            start: start.to_vec(),
            goes_on: false,
            whitened_grad: vec![0.0; dim],
        }
    }

    /// A chain that goes on from a draw, whitened. It first asks for the evaluation of that draw:
    /// the engine that made the draw may have kept no gradient, or one in single precision.
    pub(crate) fn from_draw(draw: &[f64], metric: &Metric, max_treedepth: u32) -> Self {
        let mut chain = Self::new(draw, max_treedepth);
        metric.to_position(draw, &mut chain.start);
        chain.set_point(draw, 0.0, None);
        chain.goes_on = true;
        chain
    }

    /// Start of the chain, in the model's coordinates.
    pub(crate) fn start(&self) -> &[f64] {
        &self.start
    }

    /// The position to evaluate next within a draw, whitened.
    pub(crate) fn request(&self) -> &[f64] {
        self.trajectory.request()
    }

    /// The present point, whitened.
    pub(crate) fn point(&self) -> &Point {
        self.trajectory.point()
    }

    /// Buffer of the whitened gradient for [`absorb_start`](Self::absorb_start) and
    /// [`absorb`](Self::absorb).
    pub(crate) fn whitened_grad(&mut self) -> &mut [f64] {
        &mut self.whitened_grad
    }

    /// Takes the evaluation of the start.
    pub(crate) fn absorb_start(&mut self, metric: &Metric, logdensity: f64) {
        let mut whitened = self.trajectory.point().position.clone();
        if !self.goes_on {
            metric.to_whitened(&self.start, &mut whitened);
        }
        self.trajectory.set_point(&whitened, logdensity, &self.whitened_grad);
    }

    /// Sets the chain to a draw of an external transition. Without `grad` the gradient there is
    /// unknown.
    pub(crate) fn set_point(&mut self, position: &[f64], logdensity: f64, grad: Option<&[f64]>) {
        match grad {
            Some(grad) => self.trajectory.set_point(position, logdensity, grad),
            None => self.trajectory.set_point(position, logdensity, &self.whitened_grad),
        }
    }

    /// Begins a draw, with an independence step or without. `noise_purposes[i]` is the purpose of
    /// the noise of parameter i.
    pub(crate) fn begin(&mut self, id: DrawId, step_size: f64, noise_purposes: &[u32], independence: bool) {
        id.normals(noise_purposes, MOMENTUM_NOISE, &mut self.momentum);
        if independence {
            id.normals(noise_purposes, CANDIDATE_NOISE, &mut self.candidate);
        }
        let candidate = independence.then_some(&self.candidate[..]);
        self.trajectory.start(id, &self.momentum, step_size, candidate);
    }

    /// Begins a draw with independence steps whose candidates come from a mixture of Gaussians, in
    /// the model's coordinates. `maps` are the metric and the mixture; the other arguments are those
    /// of [`begin`](Self::begin).
    pub(crate) fn begin_among(
        &mut self,
        id: DrawId,
        step_size: f64,
        noise_purposes: &[u32],
        maps: (&Metric, &Mixture),
    ) {
        id.normals(noise_purposes, MOMENTUM_NOISE, &mut self.momentum);
        let candidates = Candidates::new(id, noise_purposes, &self.point().position, maps);
        self.trajectory.start_among(id, &self.momentum, step_size, candidates);
    }

    /// Takes the evaluation at [`request`](Self::request) during a draw.
    pub(crate) fn absorb(&mut self, logdensity: f64) -> Progress {
        self.trajectory.absorb(logdensity, &self.whitened_grad)
    }

    /// Expresses the present point in the coordinates of `new`, which was made from `old`.
    pub(crate) fn change_metric(&mut self, old: &Metric, new: &Metric) {
        let mut point = self.trajectory.point().clone();
        let (mut position, mut grad) = (point.position.clone(), point.grad.clone());
        old.to_position(&point.position, &mut position);
        old.push_gradient(&point.grad, &mut grad);
        new.to_whitened(&position, &mut point.position);
        new.pull_gradient(&grad, &mut point.grad);
        self.trajectory
            .set_point(&point.position, point.logdensity, &point.grad);
    }
}
