//! The dense metric of the sampler as an affine map, its estimate from draws, and fast products.
//!
//! NUTS, importance sampling and the search for the mode all use the same map ([`Metric`]):
//! position = centre + L x, with covariance L Lᵀ. In the whitened coordinates x the metric is the
//! identity.

mod map;
mod mixture;
mod panels;
mod refresh;

pub use map::Metric;
pub use mixture::Mixture;
