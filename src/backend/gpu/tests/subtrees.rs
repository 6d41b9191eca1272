//! Subtrees grown on a device against the host's growth, leaf by leaf, on the gradients that the device found.
//!
//! Exact: every leaf's number, how each subtree ends, which leaf is its proposal. Positions, momenta and energies: within the
//! roundings of single precision, added up leaf by leaf from the operands.

use super::{device, emissivities, metric, position, problems};
use crate::backend::gpu::subtree::SubtreeKernel;
use crate::model::{Evaluator, ModelObject};
use crate::nuts::{DrawId, Ending, Growth, Metric, Phase, Progress, Subtree, Trajectory};
use crate::rng::{Key, normal, purpose};

/// Unit roundoff of single precision.
const ROUNDOFF: f64 = 1.0 / (1 << 24) as f64;
/// Roundings of exp and ln in a weight: their errors on the device are below 20 units (measured: 17).
const OF_WEIGHT: f64 = 20.0;
const MAX_TREEDEPTH: u32 = 7;
const DRAWS: u32 = 160;

/// The nearest single.
fn single(x: f64) -> f64 {
    f64::from(x as f32)
}

/// A chain: its object, the host's tree, the growth that follows the device, and the bounds of the last leaf.
struct Follower {
    object: usize,
    trajectory: Trajectory,
    growth: Growth,
    device: Subtree,
    bounds: Bounds,
    growing: bool,
    /// The leaf before, on the device.
    last: Phase,
    /// The momentum of the subtree's first leaf, on the device.
    first_momentum: Vec<f64>,
}

/// What the roundings of single precision can come to at the last leaf: of a position, a momentum, an energy, and the
/// largest of the energies so far.
#[derive(Clone, Copy, Default)]
struct Bounds {
    position: f64,
    momentum: f64,
    worst_energy: f64,
}

fn largest(vector: &[f64]) -> f64 {
    vector.iter().fold(0.0, |most, x| most.max(x.abs()))
}

impl Bounds {
    /// Adds a leapfrog from one leaf to the next: per half kick a product and a sum, per drift the same.
    fn add(&mut self, from: &Phase, to: &Phase, step: f64) {
        let kick = 0.5 * step.abs() * largest(&from.grad).max(largest(&to.grad));
        let fastest = largest(&from.momentum).max(largest(&to.momentum)) + kick;
        self.momentum += 2.0 * ROUNDOFF * (3.0 * kick + fastest);
        let widest = largest(&from.position).max(largest(&to.position));
        self.position += step.abs() * self.momentum + ROUNDOFF * (2.0 * step.abs() * fastest + widest);
    }

    /// Of the energy error at a leaf of this kinetic energy and log density.
    fn energy(&mut self, to: &Phase, (kinetic, logdensity): (f64, f64), initial: (f64, f64)) -> f64 {
        let dim = to.momentum.len() as f64;
        let sum = kinetic.abs() + initial.0.abs() + logdensity.abs() + initial.1.abs();
        let bound = ROUNDOFF * ((dim + 4.0) * sum) + self.momentum * to.momentum.iter().map(|p| p.abs()).sum::<f64>();
        self.worst_energy = self.worst_energy.max(bound);
        bound
    }
}

#[track_caller]
fn near(what: &str, found: &[f64], truth: &[f64], bound: f64) {
    for (k, (a, b)) in found.iter().zip(truth).enumerate() {
        assert!(
            (a - b).abs() <= bound,
            "{what} {k}: {a} on the device, {b} here, bound {bound:e}"
        );
    }
}

impl Follower {
    /// The chain's next draw, from a point of the posterior's Gaussian approximation.
    fn start(&mut self, id: DrawId, metric: &Metric, object: &ModelObject<f64>) {
        const STEPS: [f64; 7] = [0.04, 0.08, 0.15, 0.25, 0.4, 0.8, 1.4];
        let dim = metric.dim();
        let normals = |name| (0..dim as u32).map(move |k| single(normal(&id.key, id.chain, id.draw, purpose(name), k)));
        let x: Vec<f64> = normals("position").collect();
        let momentum: Vec<f64> = normals("momentum").collect();
        let (mut position, mut grad, mut whitened) = (vec![0.0; dim], vec![0.0; dim], vec![0.0; dim]);
        metric.to_position(&x, &mut position);
        let logdensity = Evaluator::new(object, &emissivities().grid).logdensity(&position, &mut grad);
        metric.pull_gradient(&grad, &mut whitened);
        let whitened: Vec<f64> = whitened.iter().map(|&g| single(g)).collect();
        let logdensity = object.header.constant + single(logdensity - object.header.constant);
        self.trajectory.place(&x, logdensity, &whitened);
        let step = single(STEPS[(id.draw + id.chain) as usize % STEPS.len()]);
        self.trajectory.start(id, &momentum, step, None);
    }

    fn begin(&mut self) {
        let doubling = self.trajectory.doubling();
        self.growth.begin(&doubling);
        self.last = doubling.from.clone();
        self.bounds = Bounds::default();
        self.growing = true;
    }

    /// Takes the leaf that the device has grown, of log density `logdensity` + `constant`; the ending there and here.
    fn follow(&mut self, name: &str, (logdensity, constant): (f64, f64), still_growing: bool) -> Option<Ending> {
        let doubling = self.trajectory.doubling();
        let device = &self.device;
        self.bounds.add(&self.last, &device.end, doubling.step);
        self.last = device.end.clone();
        near(
            name,
            &device.end.position,
            &self.growth.subtree.end.position,
            self.bounds.position,
        );
        let halfway = self.growth.subtree.end.momentum.iter().zip(&device.end.grad);
        let momentum: Vec<f64> = halfway.map(|(p, g)| p + 0.5 * doubling.step * g).collect();
        let ending = self.growth.absorb(logdensity + constant, &device.end.grad);
        let own = &self.growth.subtree;
        assert_eq!(device.n_leaves, own.n_leaves, "{name}");
        let expected = if still_growing { None } else { Some(device.ending) };
        assert_eq!(expected, ending, "{name}, leaf {}", own.n_leaves);
        if ending == Some(Ending::Diverging) {
            return ending;
        }
        near(name, &device.end.momentum, &momentum, self.bounds.momentum);
        let kinetic = 0.5 * device.end.momentum.iter().map(|p| p * p).sum::<f64>();
        let initial = (doubling.initial_kinetic, doubling.initial_logdensity - constant);
        self.bounds.energy(&device.end, (kinetic, logdensity), initial);
        if own.n_leaves == 1 {
            self.first_momentum.clone_from(&device.end.momentum);
        }
        // The join of the subtree to its tree takes it from there: a checkpoint elsewhere would show only as joined trees
        // that turn at once.
        assert_eq!(
            device.first_momentum, self.first_momentum,
            "{name}, leaf {}: the lowest checkpoint is not leaf 1",
            own.n_leaves
        );
        self.compare(name);
        ending
    }

    /// The subtree so far: the same proposal to the bit, weights and energy within bounds.
    fn compare(&self, name: &str) {
        let (device, own) = (&self.device, &self.growth.subtree);
        assert_eq!(
            device.proposal.logdensity, own.proposal.logdensity,
            "{name}: another proposal"
        );
        assert_eq!(device.proposal.grad, own.proposal.grad, "{name}: another proposal");
        near(
            name,
            &device.proposal.position,
            &own.proposal.position,
            self.bounds.position,
        );
        let energy = self.bounds.worst_energy;
        near(name, &[device.proposal_energy], &[own.proposal_energy], energy);
        let leaves = f64::from(own.n_leaves);
        let of_sum = leaves * ROUNDOFF * (OF_WEIGHT + own.log_weight.abs()) + energy;
        near(name, &[device.log_weight], &[own.log_weight], of_sum);
        let accepted = leaves * (ROUNDOFF * (OF_WEIGHT + leaves) + energy);
        near(name, &[device.acceptance_sum], &[own.acceptance_sum], accepted);
        let momenta = leaves * (self.bounds.momentum + ROUNDOFF * largest(&own.momentum_sum).max(leaves));
        near(name, &device.momentum_sum, &own.momentum_sum, momenta);
    }
}

/// The objects, their metrics, and a kernel that holds them with a place for each of `chains`.
fn loaded(chains: usize) -> Option<(SubtreeKernel, Vec<ModelObject<f64>>, Vec<Metric>)> {
    let mut kernel = SubtreeKernel::new(device()?, &emissivities().grid).unwrap();
    let chosen = [0, 5, 9, 20];
    let objects: Vec<ModelObject<f64>> = chosen.iter().map(|&i| problems()[i].object.clone()).collect();
    let metrics: Vec<Metric> = chosen
        .iter()
        .map(|&i| metric(&problems()[i].object, &position(&problems()[i], 0)))
        .collect();
    kernel.load(&objects, 2 * chains, MAX_TREEDEPTH as usize).unwrap();
    for (object, metric) in metrics.iter().enumerate() {
        kernel.set_metric(object, metric);
    }
    Some((kernel, objects, metrics))
}

/// Grows the subtrees of all places that are not idle; of each place, `look` sees the results of every dispatch.
fn dispatch(kernel: &mut SubtreeKernel) {
    kernel.submit(0);
    kernel.collect(0).unwrap();
}

#[test]
fn every_leaf_is_the_hosts_and_any_cut_into_dispatches_gives_the_same_bits() {
    const CHAINS: usize = 24;
    let Some((mut kernel, objects, metrics)) = loaded(CHAINS) else {
        return;
    };
    let mut endings = [0; 3];
    let mut chains: Vec<Follower> = (0..CHAINS)
        .map(|chain| {
            let object = chain % objects.len();
            let dim = metrics[object].dim();
            Follower {
                object,
                trajectory: Trajectory::new(dim, MAX_TREEDEPTH),
                growth: Growth::new(dim, MAX_TREEDEPTH),
                device: Subtree::zero(dim),
                bounds: Bounds::default(),
                growing: false,
                last: Trajectory::new(dim, 1).doubling().from.clone(),
                first_momentum: Vec::new(),
            }
        })
        .collect();
    for draw in 0..DRAWS {
        let mut active = [true; CHAINS];
        for (chain, follower) in chains.iter_mut().enumerate() {
            let id = DrawId {
                key: Key::new(3, "subtrees"),
                chain: chain as u32,
                draw,
            };
            follower.start(id, &metrics[follower.object], &objects[follower.object]);
        }
        while active.contains(&true) {
            grow_leaf_by_leaf(&mut kernel, &mut chains, &active, &mut endings);
            grow_at_once(&mut kernel, &mut chains, &active);
            for (follower, active) in chains.iter_mut().zip(&mut active).filter(|(_, active)| **active) {
                let progress = follower.trajectory.absorb_subtree(&mut follower.device);
                *active = progress == Progress::NeedMore;
            }
        }
    }
    assert!(endings[0] > 1000 && endings[1] > 300 && endings[2] > 3, "{endings:?}");
}

/// One doubling of the active chains, one leapfrog a dispatch, each leaf compared.
fn grow_leaf_by_leaf(kernel: &mut SubtreeKernel, chains: &mut [Follower], active: &[bool], endings: &mut [usize; 3]) {
    kernel.limit_leapfrogs(1);
    for (place, follower) in chains.iter_mut().enumerate().filter(|(place, _)| active[*place]) {
        let constant = kernel.constant(follower.object);
        let (lane, doubling) = (kernel.lane(0), follower.trajectory.doubling());
        lane.request(place, follower.object as u32, &doubling, constant);
        follower.begin();
    }
    while chains.iter().any(|follower| follower.growing) {
        dispatch(kernel);
        for (place, follower) in chains.iter_mut().enumerate().filter(|(_, follower)| follower.growing) {
            let constant = kernel.constant(follower.object);
            let lane = kernel.lane(0);
            let results = lane.results();
            let doubling = follower.trajectory.doubling();
            results.take(place, &doubling, constant, &mut follower.device);
            let at = (results.end_logdensity(place), constant);
            let growing = results.is_growing(place);
            let name = format!("chain {place}, draw {}", doubling.id.draw);
            match follower.follow(&name, at, growing) {
                Some(ending) => {
                    endings[ending as usize] += 1;
                    follower.growing = false;
                    lane.clear(place);
                }
                None => lane.resume(place),
            }
        }
    }
}

/// The same doubling with as many leapfrogs a dispatch as there are leaves: the same subtree to the bit.
fn grow_at_once(kernel: &mut SubtreeKernel, chains: &mut [Follower], active: &[bool]) {
    kernel.limit_leapfrogs(1 << MAX_TREEDEPTH);
    for (place, follower) in chains.iter_mut().enumerate().filter(|(place, _)| active[*place]) {
        let constant = kernel.constant(follower.object);
        let lane = kernel.lane(0);
        lane.request(place, follower.object as u32, &follower.trajectory.doubling(), constant);
    }
    dispatch(kernel);
    for (place, follower) in chains.iter_mut().enumerate().filter(|(place, _)| active[*place]) {
        let constant = kernel.constant(follower.object);
        let lane = kernel.lane(0);
        let mut whole = Subtree::zero(follower.device.end.position.len());
        let doubling = follower.trajectory.doubling();
        lane.results().take(place, &doubling, constant, &mut whole);
        lane.clear(place);
        if whole.ending == Ending::Whole {
            assert_eq!(whole, follower.device, "place {place}");
        } else {
            let key = |tree: &Subtree| (tree.ending, tree.n_leaves, tree.acceptance_sum);
            assert_eq!(key(&whole), key(&follower.device), "place {place}");
        }
    }
}

/// A start beyond single precision diverges at once; its neighbours do not notice.
#[test]
fn what_is_not_finite_diverges() {
    let Some((mut kernel, objects, metrics)) = loaded(2) else {
        return;
    };
    for bad in [1e3, 1e38, f64::INFINITY, f64::NAN] {
        let dim = metrics[0].dim();
        let mut trajectory = Trajectory::new(dim, MAX_TREEDEPTH);
        trajectory.place(&vec![0.0; dim], objects[0].header.constant, &vec![0.0; dim]);
        let id = DrawId {
            key: Key::new(4, "finite"),
            chain: 0,
            draw: 0,
        };
        let mut momentum = vec![0.1; dim];
        momentum[dim - 1] = bad;
        for (place, momentum) in [vec![0.1; dim], momentum].into_iter().enumerate() {
            trajectory.start(id, &momentum, 0.5, None);
            let constant = kernel.constant(0);
            kernel.lane(0).request(place, 0, &trajectory.doubling(), constant);
        }
        dispatch(&mut kernel);
        let (mut sound, mut broken) = (Subtree::zero(dim), Subtree::zero(dim));
        let results = kernel.lane(0).results();
        results.take(0, &trajectory.doubling(), 0.0, &mut sound);
        results.take(1, &trajectory.doubling(), 0.0, &mut broken);
        assert_eq!(broken.ending, Ending::Diverging, "{bad}");
        assert_eq!(sound.n_leaves, 1);
    }
}
