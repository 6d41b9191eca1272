//! The sampler of one object: moments, work, adaptation, and independence of the schedule.

use crate::targets::{coordinate, four_chains, gumbel, sampler, standard_normal};
use nebulium::diagnostics::{diagnose, e_bfmi};
use nebulium::metric::Metric;
use nebulium::number::lanes::Lanes;
use nebulium::nuts::{ObjectSampler, Sampled, Settings, Stats};
use nebulium::rng::Key;

/// Mean of a statistic over all draws.
fn mean(sampled: &Sampled, statistic: impl Fn(&Stats) -> f64) -> f64 {
    sampled.stats.iter().map(statistic).sum::<f64>() / sampled.stats.len() as f64
}

#[test]
fn whitened_gaussian_takes_seven_leapfrogs_a_draw() {
    let sampled = sampler(20, 1, four_chains()).run(standard_normal);
    let n_steps = mean(&sampled, |stats| stats.n_steps.into());
    assert!((6.9..7.1).contains(&n_steps), "{n_steps}");
    let acceptance = mean(&sampled, |stats| stats.acceptance_rate);
    assert!((acceptance - 0.9).abs() < 0.025, "{acceptance}");
    assert!(
        sampled
            .stats
            .iter()
            .all(|stats| !stats.diverging && !stats.reached_max_treedepth)
    );
    assert_eq!(sampled.n_gradients as f64, (n_steps + 1.0) * sampled.stats.len() as f64);
    // The refreshed metric is that of the target, but for its ridge.
    let accepted = mean(&sampled, |stats| f64::from(u8::from(stats.independence_accepted)));
    assert!(accepted > 0.999, "{accepted}");
    assert!((7.5..9.5).contains(&(sampled.n_gradients_warmup as f64 / 800.0)));
    let alone = Settings {
        independence: false,
        ..four_chains()
    };
    let alone = sampler(20, 1, alone).run(standard_normal);
    let n_steps: f64 = mean(&alone, |stats| stats.n_steps.into());
    assert_eq!(alone.n_gradients as f64, n_steps * alone.stats.len() as f64);
    assert!(alone.stats.iter().all(|stats| !stats.independence_accepted));
}

/// Draws of the default sampler on a standard normal. `pick` chooses the next chain among those
/// that wait.
fn run_in_order(mut pick: impl FnMut(usize) -> usize) -> Sampled {
    let mut sampler = sampler(
        3,
        2,
        Settings {
            draws: 100,
            warmup: 40,
            ..four_chains()
        },
    );
    let (mut position, mut grad) = ([0.0; 3], [0.0; 3]);
    while !sampler.is_finished() {
        let waiting: Vec<usize> = sampler.requests().collect();
        let chain = waiting[pick(waiting.len())];
        sampler.position(chain, &mut position);
        let logdensity = standard_normal(&position, &mut grad);
        sampler.absorb(chain, logdensity, &grad);
    }
    sampler.into_sampled()
}

#[test]
fn draws_do_not_depend_on_the_schedule() {
    let alone = sampler(
        3,
        2,
        Settings {
            draws: 100,
            warmup: 40,
            ..four_chains()
        },
    )
    .run(standard_normal);
    let mut turn = 0;
    let orders: [&mut dyn FnMut(usize) -> usize; 3] = [&mut |_| 0, &mut |waiting| waiting - 1, &mut |waiting| {
        turn += 7;
        turn % waiting
    }];
    for order in orders {
        let other = run_in_order(order);
        assert!(
            alone
                .positions
                .iter()
                .zip(&other.positions)
                .all(|(a, b)| a.to_bits() == b.to_bits())
        );
        assert_eq!(alone.stats, other.stats);
        assert_eq!(alone.step_size, other.step_size);
        assert_eq!(alone.n_gradients_warmup, other.n_gradients_warmup);
    }
}

/// Answers a sampler's requests until it is done.
fn answer(sampler: &mut ObjectSampler, is_done: impl Fn(&ObjectSampler) -> bool) {
    let (mut position, mut grad) = ([0.0; 3], [0.0; 3]);
    while !is_done(sampler) {
        let chain = sampler.requests().next().expect("a chain that waits");
        sampler.position(chain, &mut position);
        let logdensity = standard_normal(&position, &mut grad);
        sampler.absorb(chain, logdensity, &grad);
    }
}

/// A warm sampler is split, its parts run in any order, and the parts are joined. The draws are the
/// same for every number of parts.
#[test]
fn parts_of_a_sampler_have_the_draws_of_the_whole() {
    let settings = Settings {
        chains: 7,
        warmup: 20,
        draws: 30,
        ..four_chains()
    };
    let whole = sampler(3, 4, settings).run(standard_normal);
    for count in [1, 2, 3, 7, 9] {
        let mut warm = sampler(3, 4, settings);
        answer(&mut warm, ObjectSampler::is_warm);
        let mut parts = warm.split(count);
        assert_eq!(parts.len(), count.min(settings.chains));
        for part in parts.iter_mut().rev() {
            answer(part, ObjectSampler::is_finished);
        }
        let joined = ObjectSampler::joined(parts).into_sampled();
        assert_eq!(joined.positions, whole.positions, "{count} parts");
        assert_eq!(joined.stats, whole.stats, "{count} parts");
        assert_eq!(joined.n_gradients_warmup, whole.n_gradients_warmup, "{count} parts");
    }
}

/// A sampler under a dense metric whose elements are no dyadic numbers, so that a gradient rounded
/// once too often shows.
fn dense_sampler(settings: Settings) -> ObjectSampler {
    let covariance = [1.3, 0.3, 0.1, 0.3, 0.7, -0.2, 0.1, -0.2, 1.1];
    let metric = Metric::from_covariance(&[0.1, -0.3, 0.7], &covariance).expect("positive definite");
    let starts: Vec<Vec<f64>> = (0..settings.chains)
        .map(|chain| vec![0.3 * chain as f64 - 0.9; 3])
        .collect();
    ObjectSampler::new(&starts, metric, &["a", "b", "c"], Key::new(4, "dense"), settings)
}

/// Chains answered side by side, with some lanes empty, have the draws of chains answered one by
/// one.
#[test]
fn lanes_of_a_sampler_have_the_draws_of_single_chains() {
    const LANES: usize = 4;
    let settings = Settings {
        chains: 7,
        warmup: 20,
        draws: 30,
        ..four_chains()
    };
    let single = dense_sampler(settings).run(gumbel);
    let mut sampler = dense_sampler(settings);
    let mut at = [Lanes([0.0; LANES]); 3];
    let mut first = 0;
    while !sampler.is_finished() {
        let chains: Vec<usize> = sampler.requests().filter(|&chain| chain >= first).take(LANES).collect();
        first = chains.last().map_or(0, |last| (last + 1) % settings.chains);
        if chains.is_empty() {
            continue;
        }
        sampler.positions(&chains, &mut at);
        let mut values = [0.0; LANES];
        for (lane, value) in values.iter_mut().enumerate() {
            let mut grad = [0.0; 3];
            *value = gumbel(&at.map(|x| x.0[lane]), &mut grad);
            for (at, grad) in at.iter_mut().zip(grad) {
                at.0[lane] = grad;
            }
        }
        sampler.absorb_lanes(&chains, &values, &mut at);
    }
    let found = sampler.into_sampled();
    assert_eq!(found.positions, single.positions);
    assert_eq!(found.stats, single.stats);
    assert_eq!(found.n_gradients_warmup, single.n_gradients_warmup);
}

/// Mean of `values` `[chain, draw]` and its standard error from the scatter of the chains' means.
fn mean_and_error(values: &[f64], chains: usize) -> (f64, f64) {
    let means: Vec<f64> = values
        .chunks(values.len() / chains)
        .map(|chain| chain.iter().sum::<f64>() / chain.len() as f64)
        .collect();
    let n = chains as f64;
    let mean = means.iter().sum::<f64>() / n;
    let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[test]
fn gaussians_of_every_dimension_have_their_moments() {
    let settings = Settings {
        chains: 32,
        draws: 125,
        warmup: 40,
        ..four_chains()
    };
    let mut squares = Vec::new();
    for dim in [1, 2, 3, 4, 5, 7, 10, 14, 20, 25] {
        let sampled = sampler(dim, 10 + dim as u64, settings).run(standard_normal);
        for i in 0..dim {
            let x = coordinate(&sampled, i);
            let (mean, error) = mean_and_error(&x, settings.chains);
            let x2: Vec<f64> = x.iter().map(|x| x * x).collect();
            let (variance, variance_error) = mean_and_error(&x2, settings.chains);
            squares.extend([(mean / error).powi(2), ((variance - 1.0) / variance_error).powi(2)]);
        }
    }
    // Student's t with 31 degrees of freedom: z² has mean 31/29 and variance 2.6; P(|z| > 5.5) =
    // 5e-6 a number.
    let count = squares.len() as f64;
    let mean = squares.iter().sum::<f64>() / count;
    assert!(
        (mean - 31.0 / 29.0).abs() < 4.0 * (2.6 / count).sqrt(),
        "mean z² = {mean} of {count}"
    );
    let worst = squares.iter().copied().fold(0.0, f64::max);
    assert!(worst < 5.5 * 5.5, "worst z² = {worst}");
}

#[test]
fn skewed_target_has_its_moments_and_enough_independent_draws() {
    // Gumbel: mean Euler's constant, variance π²/6, 5 % quantile −ln(−ln 0.05).
    let sampled = sampler(3, 3, four_chains()).run(gumbel);
    for i in 0..3 {
        let x = coordinate(&sampled, i);
        let found = diagnose(&x, 4);
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let sd = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64).sqrt();
        assert!((mean - 0.577_215_664_9).abs() < 4.0 * found.mcse_mean, "{mean}");
        assert!(
            (sd - std::f64::consts::PI / 6_f64.sqrt()).abs() < 4.0 * found.mcse_sd,
            "{sd}"
        );
        let below = x.iter().filter(|&&x| x < -(-0.05_f64.ln()).ln()).count() as f64 / x.len() as f64;
        assert!(
            (below - 0.05).abs() < 4.0 * (0.05 * 0.95 / found.ess_tail).sqrt(),
            "{below}"
        );
        assert!(
            found.r_hat < 1.01 && found.ess_bulk > 1500.0 && found.ess_tail > 1000.0,
            "{found:?}"
        );
    }
    let energies: Vec<f64> = sampled.stats.iter().map(|stats| stats.energy).collect();
    assert!(e_bfmi(&energies, 4).iter().all(|&fraction| fraction > 0.5));
}

/// A Gaussian of correlations 0.99 and scales 10⁻² and 10², unknown to the metric it starts with.
fn stretched(x: &[f64], grad: &mut [f64]) -> f64 {
    let (a, b) = (x[0] * 100.0, x[1] / 100.0);
    let determinant = 1.0 - 0.99 * 0.99;
    let (ga, gb) = (-(a - 0.99 * b) / determinant, -(b - 0.99 * a) / determinant);
    (grad[0], grad[1]) = (ga * 100.0, gb / 100.0);
    0.5 * (a * ga + b * gb)
}

#[test]
fn the_refresh_makes_a_bad_metric_good() {
    let key = Key::new(4, "refresh");
    let covariance = [0.01, 0.0, 0.0, 100.0];
    let metric = Metric::from_covariance(&[0.0, 0.0], &covariance).unwrap();
    let starts = [[0.01, 100.0], [-0.02, -150.0], [0.0, 10.0], [0.01, 80.0]].map(Vec::from);
    let sampled = ObjectSampler::new(&starts, metric, &["a", "b"], key, four_chains()).run(stretched);
    let factor = sampled.metric.factor();
    let covariance = [
        factor[0] * factor[0],
        factor[0] * factor[2],
        factor[2] * factor[2] + factor[3] * factor[3],
    ];
    // The estimator is exact for a Gaussian but for its ridge.
    for (found, expected) in covariance.iter().zip([1e-4, 0.99, 1e4]) {
        assert!((found / expected - 1.0).abs() < 1e-4, "{covariance:?}");
    }
    assert!(mean(&sampled, |stats| stats.n_steps.into()) < 4.5);
    assert!(diagnose(&coordinate(&sampled, 1), 4).r_hat < 1.01);
}

#[test]
fn a_wall_is_reported_as_divergences_and_never_crossed() {
    let wall = |x: &[f64], grad: &mut [f64]| {
        let logdensity = standard_normal(x, grad);
        if x[0] < 0.5 { f64::NEG_INFINITY } else { logdensity }
    };
    let starts = vec![vec![1.0, 0.0]; 4];
    let settings = Settings {
        warmup: 0,
        draws: 200,
        ..four_chains()
    };
    let sampler = ObjectSampler::new(&starts, Metric::identity(2), &["a", "b"], Key::new(6, "wall"), settings);
    let sampled = sampler.run(wall);
    let diverging = sampled.stats.iter().filter(|stats| stats.diverging).count();
    assert!(diverging > 200, "{diverging}");
    assert!(coordinate(&sampled, 0).iter().all(|&x| x >= 0.5));
}

#[test]
fn noise_is_keyed_by_the_parameters_name() {
    let settings = Settings {
        chains: 1,
        warmup: 0,
        draws: 1,
        ..four_chains()
    };
    // The first candidate of the independence step and, after its rejection, the first step.
    let set_out = |names: &[&str]| {
        let dim = names.len();
        let key = Key::new(7, "names");
        let mut sampler = ObjectSampler::new(&[vec![0.0; dim]], Metric::identity(dim), names, key, settings);
        sampler.absorb(0, 0.0, &vec![0.0; dim]);
        let (mut candidate, mut step) = (vec![0.0; dim], vec![0.0; dim]);
        sampler.position(0, &mut candidate);
        sampler.absorb(0, f64::NEG_INFINITY, &vec![0.0; dim]);
        sampler.position(0, &mut step);
        // From the mode the first step is ±ε p, ε ∝ D^(−1/4) with the same jitter.
        step.iter_mut().for_each(|x| *x *= (dim as f64).powf(0.25));
        candidate.into_iter().zip(step).collect::<Vec<(f64, f64)>>()
    };
    let (two, one) = (set_out(&["T_high", "T_low"]), set_out(&["T_low"]));
    assert!(
        two[1].0 == one[0].0 && (two[1].1 - one[0].1).abs() < 1e-15,
        "{two:?} {one:?}"
    );
    assert!(
        (two[0].0 - one[0].0).abs() > 1e-3 && (two[0].1 - one[0].1).abs() > 1e-3,
        "{two:?} {one:?}"
    );
}
