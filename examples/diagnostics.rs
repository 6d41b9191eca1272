//! Convergence diagnostics of chains from any sampler.
//!
//! `cargo run --release --example diagnostics`. Four chains of an autoregressive process stand for
//! the draws of one parameter; the last chain may stand apart from the others.

use nebulium::diagnostics::diagnose;
use nebulium::rng::{Key, normal, purpose};

/// Number of chains.
const CHAINS: u32 = 4;
/// Draws of each chain.
const DRAWS: u32 = 1000;
/// Correlation of a draw with the next.
const CORRELATION: f64 = 0.5;

/// Draws `[chain, draw]` of unit variance; the last chain is shifted by `shift` sd.
fn chains(shift: f64) -> Vec<f64> {
    let key = Key::new(1, "diagnostics");
    let mut values = Vec::new();
    for chain in 0..CHAINS {
        let noise = |draw| normal(&key, chain, draw, purpose("example"), 0);
        let centre = if chain == CHAINS - 1 { shift } else { 0.0 };
        let mut value = noise(0);
        for draw in 1..=DRAWS {
            values.push(centre + value);
            value = CORRELATION * value + (1.0 - CORRELATION * CORRELATION).sqrt() * noise(draw);
        }
    }
    values
}

fn main() {
    println!("last chain       R-hat  ESS bulk  ESS tail  MCSE of the mean");
    for (name, shift) in [("like the others", 0.0), ("shifted by 1 sd", 1.0)] {
        let found = diagnose(&chains(shift), CHAINS as usize);
        println!(
            "{name:15} {:6.3} {:9.0} {:9.0} {:17.4}",
            found.r_hat, found.ess_bulk, found.ess_tail, found.mcse_mean
        );
        assert_eq!(found.r_hat < 1.01, shift == 0.0, "R-hat tells the two apart");
    }
}
