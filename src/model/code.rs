//! The closed sets of codes that records hold, for Rust and WGSL: a new code is met by the compiler
//! wherever Rust tells codes apart.

use serde::{Deserialize, Serialize};

pub use crate::emissivity::TauForm;
use crate::number::wgsl::{Constant, shared_enum};

shared_enum! {
    /// The map from a slot's coordinate to its value.
    pub enum SlotKind {
        /// The slot has no coordinate: its value is its location, or what its relation gives.
        Fixed = FIXED,
        /// The quantile function of the truncated prior at Φ(coordinate).
        Quantile = QUANTILE,
        /// A softplus between the bounds, under an explicit prior density.
        Softplus = SOFTPLUS,
    }
}

shared_enum! {
    /// The family of a prior.
    #[derive(Serialize, Deserialize)]
    pub enum Family {
        /// Normal(mean, sd).
        Normal = NORMAL,
        /// exp of Normal(mean, sd).
        LogNormal = LOG_NORMAL,
        /// |Cauchy(0, sd)|.
        HalfCauchy = HALF_CAUCHY,
        /// Uniform(lower, upper).
        Uniform = UNIFORM,
        /// |Normal(0, sd)|.
        HalfNormal = HALF_NORMAL,
        /// Gamma(mean, sd).
        Gamma = GAMMA,
    }
}

shared_enum! {
    /// The form of a relation.
    pub enum RelationForm {
        /// location + slope · parent.
        Linear = LINEAR,
        /// 1/t = location + slope/t_parent, t = T/10⁴ K.
        Inverse = INVERSE,
        /// The temperature of O⁺ from that of O²⁺ (the parent) and the density.
        PerezMontero2009 = PEREZ_MONTERO_2009,
    }
}

shared_enum! {
    /// The way from the coordinates to an ion's abundance.
    pub enum IonKind {
        /// The coordinate is the log flux of the ion's reference line, or a low-S/N coordinate of
        /// it.
        Flux = FLUX,
        /// A slot holds 12 + log₁₀(X/H).
        SlotLog10 = SLOT_LOG10,
        /// A slot holds X/H.
        SlotLinear = SLOT_LINEAR,
        /// Hydrogen, which has no abundance.
        Unity = UNITY,
    }
}

shared_enum! {
    /// The density of a measured flux F around the model's, σ being its error.
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Likelihood {
        /// Normal in F.
        Gaussian = GAUSSIAN,
        /// Normal in ln F.
        LogGaussian = LOG_GAUSSIAN,
        /// Student's t in F, with the degrees of freedom ν of the header.
        StudentT = STUDENT_T,
        /// An upper limit.
        UpperLimit = UPPER_LIMIT,
        /// A lower and an upper limit, blurred by a Gaussian error.
        Interval = INTERVAL,
        /// Normal in F with a share of outliers, which are off by a factor.
        Outliers = OUTLIERS,
    }
}

/// All codes, as kernels see them.
pub(super) const ALL: [&[(&str, Constant)]; 6] = [
    SlotKind::CODES,
    Family::CODES,
    RelationForm::CODES,
    TauForm::CODES,
    IonKind::CODES,
    Likelihood::CODES,
];
