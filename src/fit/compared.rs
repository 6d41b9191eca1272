//! One quantity of an object by importance sampling and by chains.

/// Numbers that an audit compares: mean, percentile 2.5, percentile 97.5.
pub const COMPARED: [&str; 3] = ["mean", "p2p5", "p97p5"];

/// One quantity of an object by both methods, in its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Name of the parameter or derived quantity.
    pub name: String,
    /// Numbers by importance sampling, of [`COMPARED`].
    pub weighted: [f64; 3],
    /// Numbers by chains.
    pub chains: [f64; 3],
    /// Posterior standard deviation by chains.
    pub sd: f64,
    /// Largest distances that pass.
    pub allowed: [f64; 3],
}

impl Compared {
    /// True for each number whose distance passes.
    pub fn passes(&self) -> [bool; 3] {
        std::array::from_fn(|k| (self.weighted[k] - self.chains[k]).abs() <= self.allowed[k])
    }
}
