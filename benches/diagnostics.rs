//! Diagnostics and percentiles of one quantity, as a survey takes them some thirty times a galaxy.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use nebulium::diagnostics::Workspace;
use nebulium::rng::{Key, normal, purpose};

/// Chains.
const CHAINS: usize = 4;
/// Draws a chain.
const DRAWS: [usize; 3] = [500, 1000, 1001];
/// Autocorrelation of neighbouring draws.
const CORRELATIONS: [f64; 3] = [-0.3, 0.5, 0.9];

/// Chains of a process with x₀ = z₀, xᵢ = ρ xᵢ₋₁ + √(1 − ρ²) zᵢ, z standard normal.
fn autoregressive(draws: usize, correlation: f64) -> Vec<f64> {
    let key = Key::new(1, "diagnostics");
    let noise = |chain: usize, draw: usize| normal(&key, chain as u32, draw as u32, purpose("bench"), 0);
    let mut values = Vec::with_capacity(CHAINS * draws);
    for chain in 0..CHAINS {
        let mut x = noise(chain, 0);
        for draw in 1..=draws {
            values.push(x);
            x = correlation * x + (1.0 - correlation * correlation).sqrt() * noise(chain, draw);
        }
    }
    values
}

fn quantity(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("quantity");
    for draws in DRAWS {
        for correlation in CORRELATIONS {
            let values = autoregressive(draws, correlation);
            let mut workspace = Workspace::default();
            let id = BenchmarkId::new(format!("{CHAINS}x{draws}"), correlation);
            group.bench_function(id, |bencher| {
                bencher.iter(|| {
                    let mut quantity = workspace.take(black_box(&values), CHAINS);
                    (quantity.diagnose(), quantity.percentile(50.0))
                });
            });
        }
    }
}

criterion_group!(benches, quantity);
criterion_main!(benches);
