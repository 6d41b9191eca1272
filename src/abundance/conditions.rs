//! The state of the gas that ionisation corrections take beside the ions.

/// Emissivities and density at one draw. A ratio of two lines is that of their emissivities times
/// that of their ions.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// log₁₀ of ε(\[O III\] 5007) over ε(\[O II\] 3726 + 3729), each in the zone of its ion.
    pub log_o32: f64,
    /// log₁₀ of ε(N IV\] 1483 + 1487) over ε(N III\] 1747–1754), each in the zone of its ion.
    pub log_n43: f64,
    /// log₁₀ n_e \[cm⁻³\] of the zone of O²⁺.
    pub log_ne: f64,
}

impl Conditions {
    /// NaN for each: nothing is known.
    pub const UNKNOWN: Conditions = Conditions {
        log_o32: f64::NAN,
        log_n43: f64::NAN,
        log_ne: f64::NAN,
    };
}
