//! Ranges of the numbers that no other module checks.

use super::Config;
use crate::importance;

/// Fewest draws a chain for which split R-hat exists.
pub const LEAST_DRAWS: usize = 4;
/// Most chains of one object.
pub const MOST_CHAINS: usize = 100_000;
/// Most draws of all chains of one object, and most warm-up draws: some gigabytes.
pub const MOST_DRAWS: usize = 10_000_000;
/// Largest seed: an integer of TOML.
pub const LARGEST_SEED: u64 = i64::MAX as u64;

/// Number of the configuration, with its range.
pub(super) struct Range {
    /// Key in TOML.
    pub key: &'static str,
    /// Value as the user wrote it.
    pub value: String,
    /// True if the value is in its range.
    pub holds: bool,
    /// Range in words.
    pub expected: &'static str,
}

impl Config {
    /// Ranges of the sampler's numbers and of the draws of importance sampling.
    pub(super) fn ranges(&self) -> Vec<Range> {
        let sampler = &self.sampler;
        let most = MOST_DRAWS / sampler.chains.clamp(1, MOST_CHAINS);
        let weighted = self.importance.draws;
        let is_weighted = weighted == 0 || (importance::LEAST_DRAWS..=importance::MOST_DRAWS).contains(&weighted);
        let acceptance = sampler.target_accept;
        let jitter = sampler.step_size_jitter;
        vec![
            range(
                "chains",
                sampler.chains,
                (1..=MOST_CHAINS).contains(&sampler.chains),
                "1 to 100000",
            ),
            range(
                "warmup",
                sampler.warmup,
                sampler.warmup <= most,
                "no more than 10^7 over all chains",
            ),
            range(
                "draws",
                sampler.draws,
                (LEAST_DRAWS..=most).contains(&sampler.draws),
                "4 or more, and no more than 10^7 over all chains",
            ),
            range(
                "target_accept",
                acceptance,
                acceptance > 0.0 && acceptance < 1.0,
                "a number between 0 and 1",
            ),
            range(
                "max_treedepth",
                sampler.max_treedepth,
                (1..=20).contains(&sampler.max_treedepth),
                "1 to 20",
            ),
            range(
                "step_size_jitter",
                jitter,
                (0.0..1.0).contains(&jitter),
                "a number from 0 to below 1",
            ),
            range("seed", sampler.seed, sampler.seed <= LARGEST_SEED, "0 to 2^63 - 1"),
            range(
                "importance.draws",
                weighted,
                is_weighted,
                "0 (no check), or 100 to 10^6",
            ),
        ]
    }
}

/// Number `value` under `key`, and the range that holds it.
fn range(key: &'static str, value: impl ToString, holds: bool, expected: &'static str) -> Range {
    Range {
        key,
        value: value.to_string(),
        holds,
        expected,
    }
}
