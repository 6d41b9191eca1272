//! Facts of an object that corrections take beside its ionic abundances.

use super::conditions::Conditions;

/// Detections and state of the gas of an object.
#[derive(Clone, Copy)]
pub struct Observed<'a> {
    /// True if a line that the ion alone sends was detected.
    pub detects: &'a dyn Fn(&str) -> bool,
    /// The state of the gas at a draw, `[parameter]`.
    pub conditions: &'a dyn Fn(&[f64]) -> Conditions,
}
