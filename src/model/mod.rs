//! Log density and gradient of the direct method: fluxes, likelihood, priors and coordinates of one object.
//!
//! The flux of a line relative to Hβ is the sum over its terms k, each a transition of an ion X in a zone of temperature T
//! and density n (Fernández et al. 2019, MNRAS 487, 3221, eq. 1 and 2, with the helium terms of Benjamin, Skillman & Smits
//! 2002, ApJ 569, 288):
//!
//! ```text
//! ln F_k = ln X + ln[ε_k(T,n)/ε_Hβ(T,n)] − ln10 f_λ cHbeta + ln f_tau(T,n,tau) + ln G + ln F(Hβ)
//! ```
//!
//! with G the loss to underlying stellar absorption; `docs/model.md` has the corrections that may join it. The coordinate of an ion is not its abundance but φ = ln of what the ion
//! sends into its reference line, φ = ln X + r, where r = ln Σ exp(ln F_k − ln X) over the ion's own
//! terms there, which no other abundance enters. The map
//! (ln X, rest) → (φ, rest) is a shear: its Jacobian is one. An ion that is hardly detected has a coordinate x with φ = φ(x)
//! (`shared::weak`), and ln dφ/dx joins the log density.

mod collisional;
mod curvature;
mod density;
mod lanes;
mod object;
mod plan;
mod pulls;
mod terms;

pub(crate) use collisional::collisional;
pub use density::{ABUNDANCE_ZERO, Compiled, Evaluator};
pub use lanes::{FEW_LANES, LANES, LaneEvaluator, ONE_LANE, SINGLE_LANES, SideBySide, SingleEvaluator};
pub use object::ModelObject;

use crate::shared::wgsl::Constant;

/// The constants of the model that kernels use.
pub(crate) const ALL_CONSTANTS: [&[(&str, Constant)]; 3] =
    [density::CONSTANTS, terms::CONSTANTS, collisional::CONSTANTS];
