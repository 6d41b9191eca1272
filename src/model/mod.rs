//! Log density and gradient of the direct method: fluxes, likelihood, priors and coordinates of one
//! object.
//!
//! The flux of a line relative to Hβ is the sum over its terms k, each a transition of an ion X in
//! a zone of temperature T and density n (Fernández et al. 2019, MNRAS 487, 3221, eq. 1 and 2, with
//! the helium terms of Benjamin, Skillman & Smits 2002, ApJ 569, 288):
//!
//! ```text
//! ln F_k = ln X + ln[ε_k(T,n)/ε_Hβ(T,n)] − ln10 f_λ cHbeta + ln f_tau(T,n,tau) + ln G + ln F(Hβ)
//! ```
//!
//! with G the loss to underlying stellar absorption; `docs/model.md` has the corrections that may
//! join it. The coordinate of an ion is not its abundance but φ = ln of what the ion sends into its
//! reference line, φ = ln X + r, where r = ln Σ exp(ln F_k − ln X) over the ion's own terms there,
//! which no other abundance enters. The map (ln X, rest) → (φ, rest) is a shear: its Jacobian is
//! one. An ion that is hardly detected has a coordinate x with φ = φ(x) (`coordinate::low_snr`),
//! and ln dφ/dx joins the log density.

#![warn(clippy::wildcard_enum_match_arm)]

mod adjoints;
mod backpropagate;
pub mod code;
pub mod coordinate;
mod curvature;
mod density;
pub mod effect;
mod evaluator;
mod lanes;
pub mod likelihood;
mod object;
mod plan;
pub mod prior;
pub mod record;
mod terms;
mod width;

pub use density::{Compiled, Forward};
pub(crate) use effect::collisions::collisional;
pub use evaluator::{ABUNDANCE_ZERO, Evaluator};
pub use lanes::{LaneEvaluator, SideBySide, SingleEvaluator};
pub use object::ModelObject;
pub use width::{F32_LANES, FEW_LANES, LANES, ONE_LANE};

use crate::number::wgsl::{Constant, declarations};

/// The records, constants and functions of the model that bind nothing, in WGSL.
pub(crate) fn wgsl() -> String {
    let own: [&[(&str, Constant)]; 6] = [
        record::CONSTANTS,
        prior::CONSTANTS,
        coordinate::low_snr::CONSTANTS,
        likelihood::CONSTANTS,
        evaluator::CONSTANTS,
        terms::CONSTANTS,
    ];
    let constants = code::ALL.into_iter().chain(own).chain(effect::ALL_CONSTANTS);
    let mut text = record::wgsl() + &constants.map(declarations).collect::<String>();
    text += effect::relation::WGSL;
    text += &(prior::wgsl() + &coordinate::WGSL.concat() + &likelihood::wgsl() + &effect::WGSL.concat());
    text + include_str!("../../shaders/shared/terms.wgsl")
}
