//! Closed-form targets for the sampler's tests.

use nebulium::metric::Metric;
use nebulium::nuts::{DrawId, ObjectSampler, Sampled, Settings};
use nebulium::rng::{Key, normal, purpose};

/// Four chains of 200 + 1000 draws, for which the bounds of the tests hold.
pub fn four_chains() -> Settings {
    Settings {
        chains: 4,
        warmup: 200,
        draws: 1000,
        ..Settings::default()
    }
}

/// Standard normal in any dimension, unnormalised.
pub fn standard_normal(x: &[f64], grad: &mut [f64]) -> f64 {
    for (g, x) in grad.iter_mut().zip(x) {
        *g = -x;
    }
    -0.5 * x.iter().map(|x| x * x).sum::<f64>()
}

/// Names "x0", "x1", …
pub fn names(dim: usize) -> Vec<String> {
    (0..dim).map(|i| format!("x{i}")).collect()
}

/// A sampler under the identity metric with starts drawn from the standard normal.
pub fn sampler(dim: usize, seed: u64, settings: Settings) -> ObjectSampler {
    let key = Key::new(seed, "test");
    let start = |chain| {
        (0..dim as u32)
            .map(|i| normal(&key, chain, 0, purpose("start"), i))
            .collect()
    };
    let starts: Vec<Vec<f64>> = (0..settings.chains as u32).map(start).collect();
    let names = names(dim);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    ObjectSampler::new(&starts, Metric::identity(dim), &names, key, settings)
}

/// Coordinate i of all draws, `[chain, draw]`.
pub fn coordinate(sampled: &Sampled, i: usize) -> Vec<f64> {
    sampled
        .positions
        .iter()
        .skip(i)
        .step_by(sampled.metric.dim())
        .copied()
        .collect()
}

/// Independent standard Gumbel coordinates: skewed, −x − e⁻ˣ each.
pub fn gumbel(x: &[f64], grad: &mut [f64]) -> f64 {
    for (g, x) in grad.iter_mut().zip(x) {
        *g = (-x).exp() - 1.0;
    }
    x.iter().map(|x| -x - (-x).exp()).sum()
}

/// Pairs (a, b) with a ~ N(0, 1), b ~ N(3a², 0.3²): a curved ridge.
pub fn banana(x: &[f64], grad: &mut [f64]) -> f64 {
    let mut logdensity = 0.0;
    for (x, g) in x.chunks_exact(2).zip(grad.chunks_exact_mut(2)) {
        let residual = (x[1] - 3.0 * x[0] * x[0]) / 0.3;
        logdensity -= 0.5 * (x[0] * x[0] + residual * residual);
        g[1] = -residual / 0.3;
        g[0] = -x[0] - 6.0 * x[0] * g[1];
    }
    logdensity
}

/// A momentum for a bare trajectory.
pub fn momentum(id: &DrawId, dim: usize) -> Vec<f64> {
    (0..dim as u32)
        .map(|i| normal(&id.key, id.chain, id.draw, purpose("momentum"), i))
        .collect()
}
