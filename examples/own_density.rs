//! Samples a density of one's own with NUTS on the CPU and checks the chains.
//!
//! `cargo run --release --example own_density`. The density is a straight line through ten points
//! with Gaussian noise of known sd and flat priors. By least squares the slope is 2.018 with sd
//! 0.110.

use nebulium::diagnostics::diagnose;
use nebulium::metric::Metric;
use nebulium::nuts::{ObjectSampler, Settings};
use nebulium::rng::{Key, normal, purpose};

/// Abscissae and noisy ordinates of y = 1 + 2 x.
const POINTS: [(f64, f64); 10] = [
    (0.0, 1.1),
    (0.1, 1.0),
    (0.2, 1.5),
    (0.3, 1.6),
    (0.4, 1.9),
    (0.5, 1.9),
    (0.6, 2.3),
    (0.7, 2.3),
    (0.8, 2.7),
    (0.9, 2.8),
];
/// Standard deviation of the ordinates.
const SIGMA: f64 = 0.1;
/// Names of the coordinates; they key the random numbers.
const NAMES: [&str; 2] = ["intercept", "slope"];

/// Log density of (intercept, slope), up to a constant; fills the gradient.
fn log_density(position: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut value = 0.0;
    for (x, y) in POINTS {
        let residual = (y - position[0] - position[1] * x) / SIGMA;
        value -= 0.5 * residual * residual;
        gradient[0] += residual / SIGMA;
        gradient[1] += residual * x / SIGMA;
    }
    value
}

/// Overdispersed starts around (1, 1), one for each chain.
fn starts(key: &Key, chains: usize) -> Vec<Vec<f64>> {
    let noise = |chain, index| normal(key, chain, 0, purpose("start"), index);
    (0..chains as u32)
        .map(|chain| vec![1.0 + noise(chain, 0), 1.0 + noise(chain, 1)])
        .collect()
}

fn main() {
    let settings = Settings {
        draws: 500,
        ..Settings::default()
    };
    let key = Key::new(1, "line");
    let starts = starts(&key, settings.chains);
    let sampler = ObjectSampler::new(&starts, Metric::identity(NAMES.len()), &NAMES, key, settings);
    let sampled = sampler.run(log_density);
    println!("coordinate     mean      sd   R-hat  ESS bulk  ESS tail");
    for (index, name) in NAMES.iter().enumerate() {
        let coordinates = sampled.positions.iter().skip(index).step_by(NAMES.len());
        let values: Vec<f64> = coordinates.copied().collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64;
        let found = diagnose(&values, settings.chains);
        println!(
            "{name:10} {mean:8.4} {:7.4} {:7.3} {:9.0} {:9.0}",
            variance.sqrt(),
            found.r_hat,
            found.ess_bulk,
            found.ess_tail
        );
        assert!(found.r_hat < 1.01, "the chains do not agree on the {name}");
    }
}
