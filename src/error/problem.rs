//! Errors of priors, likelihoods and the problem of one object.

/// Prior, likelihood or object that makes no problem to sample.
#[derive(Debug, thiserror::Error)]
pub enum ProblemError {
    /// A prior that cannot be used.
    #[error("prior of {parameter}: expected {expected}")]
    BadPrior {
        /// The parameter.
        parameter: String,
        /// Description of a usable prior.
        expected: &'static str,
    },

    /// A prior that extends beyond the nodes of the emissivities.
    #[error(
        "prior of {parameter} covers {lower} to {upper}: expected bounds inside {low:.4} to \
         {high:.4}, where the emissivities have nodes"
    )]
    PriorRange {
        /// The parameter.
        parameter: String,
        /// Lower bound of the prior.
        lower: f64,
        /// Upper bound of the prior.
        upper: f64,
        /// The first node.
        low: f64,
        /// The last node.
        high: f64,
    },

    /// A name that is no parameter.
    #[error(
        "unknown parameter `{parameter}`: expected T_ZONE of a zone such as T_low or T_high that \
         is not tied, n_e, log_ne, n_e_ZONE of a zone with a density of its own, cHbeta, R_V, tau, \
         xi, a_H, a_He, ln_FHbeta, he1_shift, nu, cal_ARM or an ion of the emissivities such as O3"
    )]
    UnknownParameter {
        /// The name.
        parameter: String,
    },

    /// Priors on both n_e and log_ne.
    #[error("priors of both n_e and log_ne: expected one of them")]
    TwoDensityPriors,

    /// An error floor outside its range.
    #[error("error_floor = {value}: expected a fraction from 0 to below 1")]
    ErrorFloor {
        /// The value.
        value: f64,
    },

    /// A spectrograph's arm that cannot be used.
    #[error("calibration `{arm}`: expected {expected}")]
    BadArm {
        /// The arm.
        arm: String,
        /// Description of a usable arm.
        expected: &'static str,
    },

    /// A line that the table of four coefficients lacks.
    #[error(
        "object `{object}`, line {line}: the table of four coefficients has no row of it: add it, \
         or exclude the line"
    )]
    NoCoefficients {
        /// The object.
        object: String,
        /// The line.
        line: String,
    },

    /// Four coefficients that make an emissivity negative.
    #[error(
        "four coefficients of {line}: 1 + k4 n with k4 = {k4} is not positive from n_e = \
         {density:.0} cm-3 on, and the prior reaches {largest:.0} cm-3: cut the prior of the \
         density below that"
    )]
    CoefficientPole {
        /// The line.
        line: String,
        /// Coefficient k₄ of the line \[cm³\].
        k4: f64,
        /// Density at which 1 + k₄ n vanishes \[cm⁻³\].
        density: f64,
        /// Largest density of the prior \[cm⁻³\].
        largest: f64,
    },

    /// A flux beyond the range of single precision.
    #[error(
        "object `{object}`, line {line}: {flux:e} ± {sigma:e} relative to Hβ: expected a flux \
         within 1e9 and an error from 1e-15 to 1e9"
    )]
    FluxRange {
        /// The object.
        object: String,
        /// The line.
        line: String,
        /// Flux relative to Hβ.
        flux: f64,
        /// Error in the likelihood.
        sigma: f64,
    },

    /// An object all of whose lines are left out.
    #[error("object `{object}`: no line besides Hβ is left to fit")]
    NoUsableLine {
        /// The object.
        object: String,
    },

    /// A line with neither an error nor a flux from which an error floor follows.
    #[error(
        "object `{object}`, line {line}: no error and nothing to take a floor of: expected an \
         error > 0"
    )]
    NoSigma {
        /// The object.
        object: String,
        /// The line.
        line: String,
    },

    /// A line where the reddening law is not defined.
    #[error("object `{object}`, line {line}: the law {law} is not defined at {wavelength} Å")]
    LineOutsideLaw {
        /// The object.
        object: String,
        /// The line.
        line: String,
        /// Wavelength of the line \[Å\].
        wavelength: f64,
        /// The law.
        law: String,
    },

    /// An object with more parameters or lines than a problem holds.
    #[error("object `{object}`: {found} {what}, at most {most} fit")]
    ProblemTooLarge {
        /// The object.
        object: String,
        /// Things of which the object has too many.
        what: &'static str,
        /// Number of things that the object has.
        found: usize,
        /// Largest number that a problem holds.
        most: usize,
    },
}
