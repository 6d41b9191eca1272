//! Checks what a device computes against the model in double precision.

use rayon::prelude::*;

use super::logdensity::DensityKernel;
use crate::emissivity::Grid;
use crate::error::Result;
use crate::model::{Evaluator, ModelObject};

/// Largest differences of a device from double precision.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Audit {
    /// Largest |ΔU|, U = −ln posterior density; infinite where the device rejects a position that
    /// the model accepts.
    pub worst: f64,
    /// The object where it was found.
    pub object: u32,
    /// The request where it was found.
    pub request: usize,
    /// The largest |Δ ∂U/∂z| over all requests and coordinates.
    pub worst_grad: f64,
}

/// Compares a device with the model in double precision. Log density and gradient are those of
/// `objects[requests[i]]`, which `kernel` holds, at `positions[i]`, rows of `kernel.stride()`.
/// Positions where the model itself is not finite are left out.
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
    let compare = |(request, &object): (usize, &u32)| {
        let of_object = &objects[object as usize];
        let row = request * stride..request * stride + of_object.dimension();
        let mut truth = vec![0.0; of_object.dimension()];
        let value = Evaluator::new(of_object, grid).logdensity(&positions[row.clone()], &mut truth);
        if !value.is_finite() {
            return Audit::default();
        }
        let off = grads[row].iter().zip(&truth).map(|(g, t)| (g - t).abs());
        Audit {
            worst: (values[request] - value).abs(),
            object,
            request,
            worst_grad: off.fold(0.0, f64::max),
        }
    };
    let worse = |a: Audit, b: Audit| {
        let worst_grad = a.worst_grad.max(b.worst_grad);
        let worst = if b.worst > a.worst { b } else { a };
        Audit { worst_grad, ..worst }
    };
    Ok(requests
        .par_iter()
        .enumerate()
        .map(compare)
        .reduce(Audit::default, worse))
}
