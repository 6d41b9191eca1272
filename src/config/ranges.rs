//! Ranges of the numbers that no other module checks.

use super::Config;
use crate::importance;

/// Fewest draws a chain for which split R-hat exists.
pub const LEAST_DRAWS: usize = 4;
/// Most chains of one object.
pub const MOST_CHAINS: usize = 100_000;
/// Most draws of all chains of one object, and most warm-up draws: some gigabytes.
pub const MOST_DRAWS: usize = 10_000_000;
/// Most looks at an object's draws.
pub const MOST_LOOKS: u32 = 4;
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
    /// Ranges of the sampler's numbers and of the draws of importance sampling, in order.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range> {
        self.sizes().into_iter().chain(self.tuning())
    }

    /// Ranges of the numbers of chains, draws and looks.
    fn sizes(&self) -> [Range; 4] {
        let sampler = &self.sampler;
        let most = MOST_DRAWS / sampler.chains.clamp(1, MOST_CHAINS);
        [
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
                "looks",
                sampler.looks,
                (1..=MOST_LOOKS).contains(&sampler.looks),
                "1 to 4",
            ),
        ]
    }

    /// Ranges of the sampler's other numbers, and of the draws of importance sampling.
    fn tuning(&self) -> [Range; 6] {
        let sampler = &self.sampler;
        let (acceptance, jitter) = (sampler.target_accept, sampler.step_size_jitter);
        let (depth, seed) = (sampler.max_treedepth, sampler.seed);
        let (weighted, audited) = (self.importance.draws, self.importance.audit);
        let is_weighted = weighted == 0 || (importance::LEAST_DRAWS..=importance::MOST_DRAWS).contains(&weighted);
        [
            range(
                "target_accept",
                acceptance,
                acceptance > 0.0 && acceptance < 1.0,
                "a number between 0 and 1",
            ),
            range("max_treedepth", depth, (1..=20).contains(&depth), "1 to 20"),
            range(
                "step_size_jitter",
                jitter,
                (0.0..1.0).contains(&jitter),
                "a number from 0 to below 1",
            ),
            range("seed", seed, seed <= LARGEST_SEED, "0 to 2^63 - 1"),
            range(
                "importance.draws",
                weighted,
                is_weighted,
                "0 (no check), or 100 to 10^6",
            ),
            range(
                "importance.audit",
                audited,
                (0.0..=1.0).contains(&audited),
                "a fraction from 0 to 1",
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
