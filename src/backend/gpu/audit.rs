//! Checks what a device computes against the model in double precision.

use super::logdensity::DensityKernel;
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::{Evaluator, ModelObject};

/// How far a device strays from double precision.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Audit {
    /// The largest |ΔU|, U = −ln posterior density; infinite where the device rejects a position that the model accepts.
    pub worst: f64,
    /// The object where it was found.
    pub object: u32,
    /// The request where it was found.
    pub request: usize,
    /// The largest |Δ ∂U/∂z| over all requests and coordinates.
    pub worst_grad: f64,
}

/// Compares log density and gradient of `objects[requests[i]]`, which `kernel` holds, at `positions[i]`, rows of
/// `kernel.stride()`, with the model in double precision. Positions where the model itself is not finite do not count.
///
/// # Errors
/// The device fails or is lost.
pub fn audit(
    kernel: &mut DensityKernel,
    grid: &Grid<f64>,
    objects: &[ModelObject<f64>],
    requests: &[u32],
    positions: &[f64],
) -> Result<Audit> {
    let stride = kernel.stride();
    let mut values = vec![0.0; requests.len()];
    let mut grads = vec![0.0; positions.len()];
    kernel.evaluate(requests, positions, &mut values, &mut grads)?;
    let mut found = Audit::default();
    let mut truth = vec![0.0; stride];
    for (request, &object) in requests.iter().enumerate() {
        let of_object = &objects[object as usize];
        let row = request * stride..request * stride + of_object.dimension();
        let truth = &mut truth[..of_object.dimension()];
        let value = Evaluator::new(of_object, grid).logdensity(&positions[row.clone()], truth);
        if !value.is_finite() {
            continue;
        }
        let off = (values[request] - value).abs();
        if off > found.worst {
            found = Audit {
                worst: off,
                object,
                request,
                ..found
            };
        }
        for (g, t) in grads[row].iter().zip(truth) {
            found.worst_grad = found.worst_grad.max((g - *t).abs());
        }
    }
    Ok(found)
}
