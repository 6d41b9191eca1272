//! Tests of the adaptation: step sizes, random numbers and the refresh window of scripted draws,
//! against a plain replay.

use super::{ChainState, ObjectSampler, noise_purpose};
use crate::metric::Metric;
use crate::nuts::subtree::{Ending, Subtree};
use crate::nuts::{Point, Progress, Settings, Stats};
use crate::rng::{Key, normal, purpose, uniform};

const NAMES: [&str; 2] = ["T_low", "T_high"];
const SETTINGS: Settings = Settings {
    chains: 3,
    warmup: 24,
    draws: 5,
    target_accept: 0.8,
    max_treedepth: 10,
    step_size_jitter: 0.1,
    independence: true,
};

/// Scripted acceptance rate of a draw of a chain: no chain and no draw has that of its neighbour.
fn acceptance(chain: usize, draw: usize) -> f64 {
    0.4 + 0.15 * chain as f64 + 0.25 * (1.3 * draw as f64).sin()
}

/// A subtree of one leaf that is accepted and turns with the tree. It is a draw of a Gaussian of
/// standard deviations 2 and ½ in the coordinates of the first metric.
fn one_leaf(chain: usize, draw: usize) -> Subtree {
    let key = Key::new(1, "leaf");
    let mut subtree = Subtree::zero(2);
    subtree.ending = Ending::Whole;
    subtree.n_leaves = 1;
    subtree.acceptance_sum = acceptance(chain, draw);
    subtree.log_weight = 50.0;
    for (k, sd) in [2.0, 0.5].into_iter().enumerate() {
        let z = normal(&key, chain as u32, draw as u32, purpose("leaf"), k as u32);
        (subtree.proposal.position[k], subtree.proposal.grad[k]) = (sd * z, -z / sd);
    }
    subtree
}

/// Step size and noise with which a draw begins.
#[derive(Clone, Debug, PartialEq)]
struct SetOut {
    step_size: f64,
    candidate: Vec<f64>,
    momentum: Vec<f64>,
}

/// Gives a chain the subtree of its next doubling. Returns the statistics if the draw ends.
fn absorb(sampler: &mut ObjectSampler, chain: usize, subtree: &mut Subtree) -> Option<Stats> {
    let ChainState::Draw(draw) = sampler.states[chain] else {
        panic!("chain {chain} has no draw to make");
    };
    match sampler.chains[chain].trajectory.tree.absorb(subtree) {
        Progress::NeedMore => None,
        Progress::Done(stats) => {
            sampler.end_draw(chain, draw, stats);
            Some(stats)
        }
    }
}

/// Rejects the independence step of a chain, as where there is no density; its candidate.
fn rejected_candidate(sampler: &mut ObjectSampler, chain: usize) -> Vec<f64> {
    let candidate = sampler.chains[chain].trajectory.tree.doubling();
    assert!(candidate.leaves == 1 && candidate.step == 0.0 && candidate.from.momentum == [0.0; 2]);
    let candidate = candidate.from.position.clone();
    let mut nowhere = Subtree {
        ending: Ending::Diverging,
        n_leaves: 1,
        ..Subtree::zero(2)
    };
    assert_eq!(
        absorb(sampler, chain, &mut nowhere),
        None,
        "an independence step is no draw"
    );
    candidate
}

/// Runs the sampler of `key` on the scripted draws: what each set out with, `[draw][chain]`.
fn set_out(key: Key) -> Vec<Vec<SetOut>> {
    let starts = vec![vec![0.1, 0.2]; SETTINGS.chains];
    let mut sampler = ObjectSampler::new(&starts, Metric::identity(2), &NAMES, key, SETTINGS);
    for chain in 0..SETTINGS.chains {
        sampler.absorb(chain, 0.0, &[0.0, 0.0]);
    }
    let mut found = Vec::new();
    for draw in 0..SETTINGS.warmup + SETTINGS.draws {
        let of_draw: Vec<SetOut> = (0..SETTINGS.chains)
            .map(|chain| {
                let candidate = rejected_candidate(&mut sampler, chain);
                let doubling = sampler.chains[chain].trajectory.tree.doubling();
                SetOut {
                    step_size: doubling.step.abs(),
                    candidate,
                    momentum: doubling.from.momentum.clone(),
                }
            })
            .collect();
        for (chain, SetOut { step_size, .. }) in of_draw.iter().enumerate() {
            let stats = absorb(&mut sampler, chain, &mut one_leaf(chain, draw));
            let told = stats.map(|stats| stats.step_size);
            assert_eq!(told, Some(*step_size), "chain {chain}, draw {draw} says another step");
        }
        found.push(of_draw);
        // The scripted draws make a metric at the end of the middle half.
        assert_eq!(sampler.refreshes(), u32::from(draw + 1 >= 18), "draw {draw}");
    }
    assert!(sampler.is_finished());
    found
}

/// Dual averaging as Hoffman & Gelman (2014) write it, section 3.2, algorithm 5. Returns the step
/// size to explore with, and the one to keep, after each of `rates`, starting from `first`.
fn dual_averaging(first: f64, rates: &[f64]) -> Vec<(f64, f64)> {
    let (gamma, t0, kappa, mu) = (0.05, 10.0, 0.75, (10.0 * first).ln());
    // In the paper ln ε̄₀ = 0, which its first weight, 1, forgets.
    let (mut deficit, mut log_mean) = (0.0, 0.0);
    let update = |(m, rate): (f64, &f64)| {
        deficit = (1.0 - 1.0 / (m + t0)) * deficit + (SETTINGS.target_accept - rate) / (m + t0);
        let log_step = mu - m.sqrt() / gamma * deficit;
        let weight = m.powf(-kappa);
        log_mean = weight * log_step + (1.0 - weight) * log_mean;
        (log_step.exp(), log_mean.exp())
    };
    (1..).map(f64::from).zip(rates).map(update).collect()
}

/// The nominal step size of every draw.
fn nominal() -> Vec<f64> {
    let mean = |draw| (0..SETTINGS.chains).map(|c| acceptance(c, draw)).sum::<f64>() / SETTINGS.chains as f64;
    let rates: Vec<f64> = (0..SETTINGS.warmup).map(mean).collect();
    // Two coordinates: D^(−1/4). The metric is refreshed after three quarters, and the step size
    // restarts from its mean.
    let first = 2_f64.powf(-0.25);
    let before = dual_averaging(first, &rates[..18]);
    let after = dual_averaging(before[17].1, &rates[18..]);
    let explored = |steps: &[(f64, f64)]| steps.iter().map(|step| step.0).collect::<Vec<f64>>();
    let warmup = [
        vec![first],
        explored(&before[..17]),
        vec![before[17].1],
        explored(&after[..5]),
    ];
    [warmup.concat(), vec![after[5].1; SETTINGS.draws]].concat()
}

/// Each draw takes the step size after the draw before it, under its own metric. The draws after
/// warm-up keep the last mean.
#[test]
fn every_draw_has_the_step_size_of_a_plain_replay() {
    let key = Key::new(3, "adaptation");
    let (found, nominal) = (set_out(key), nominal());
    assert_eq!(found.len(), nominal.len());
    for (draw, (of_draw, nominal)) in found.iter().zip(nominal).enumerate() {
        for (chain, SetOut { step_size, .. }) in of_draw.iter().enumerate() {
            let u = uniform(&key, chain as u32, draw as u32, purpose("step_size"), 0);
            let expected = nominal * (1.0 + SETTINGS.step_size_jitter * (2.0 * u - 1.0));
            // Some hundred roundings, which γ makes up to 20 √24 times as large.
            assert!(
                (step_size / expected - 1.0).abs() < 1e-11,
                "chain {chain}, draw {draw}: step size {step_size}, expected {expected}"
            );
        }
    }
}

/// No two momenta or candidates of any parameter, draw, chain, object or seed are the same. Each is
/// the number at its address.
#[test]
fn every_momentum_and_candidate_has_its_own_address() {
    let mut seen = std::collections::BTreeMap::new();
    for (seed, object) in [(3, "a"), (3, "b"), (4, "a")] {
        let key = Key::new(seed, object);
        for (draw, of_draw) in set_out(key).iter().enumerate() {
            for (
                chain,
                SetOut {
                    momentum, candidate, ..
                },
            ) in of_draw.iter().enumerate()
            {
                for (index, noise) in [momentum, candidate].into_iter().enumerate() {
                    for (name, z) in NAMES.iter().zip(noise) {
                        let address =
                            format!("seed {seed}, {object}, chain {chain}, draw {draw}, {name}, index {index}");
                        let expected = normal(&key, chain as u32, draw as u32, noise_purpose(name), index as u32);
                        assert_eq!(*z, expected, "{address}");
                        if let Some(other) = seen.insert(z.to_bits(), address.clone()) {
                            panic!("the same noise {z} at {other} and at {address}");
                        }
                    }
                }
            }
        }
    }
}

/// A subtree of one leaf that stands for a draw of a skewed density: every set of draws gives
/// another metric.
fn skewed_leaf(chain: usize, draw: usize) -> Subtree {
    let mut subtree = one_leaf(chain, draw);
    let Point { position, grad, .. } = &mut subtree.proposal;
    for (x, g) in position.iter().zip(grad) {
        *g = (-x).exp() - 1.0;
    }
    subtree
}

/// The metric is that of the middle half of the warm-up, draw by draw and chain by chain, for
/// lengths that four divides and others; fewer than four draws give none.
#[test]
fn the_refresh_takes_the_middle_half_of_the_warm_up() {
    let whole_quarters = [(4, 1..3), (8, 2..6), (10, 2..8), (24, 6..18), (27, 6..21)];
    for (warmup, window) in whole_quarters.into_iter().chain([(3, 0..0)]) {
        let settings = Settings {
            warmup,
            draws: 1,
            independence: false,
            ..SETTINGS
        };
        let starts = vec![vec![0.1, 0.2]; settings.chains];
        let key = Key::new(5, "window");
        let mut sampler = ObjectSampler::new(&starts, Metric::identity(2), &NAMES, key, settings);
        (0..settings.chains).for_each(|chain| sampler.absorb(chain, 0.0, &[0.0; 2]));
        for draw in 0..warmup {
            for chain in 0..settings.chains {
                absorb(&mut sampler, chain, &mut skewed_leaf(chain, draw));
            }
        }
        let leaves: Vec<Point> = window
            .flat_map(|draw| (0..settings.chains).map(move |chain| skewed_leaf(chain, draw).proposal))
            .collect();
        let positions: Vec<f64> = leaves.iter().flat_map(|leaf| leaf.position.clone()).collect();
        let gradients: Vec<f64> = leaves.iter().flat_map(|leaf| leaf.grad.clone()).collect();
        let expected = Metric::identity(2);
        let expected = if leaves.is_empty() {
            expected
        } else {
            expected
                .refreshed(&positions, &gradients)
                .expect("draws in general position")
        };
        assert_eq!(*sampler.metric(), expected, "{warmup} draws of warm-up");
    }
}
