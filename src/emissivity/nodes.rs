//! Node values in numpy's format: float64, C order, (1 + lines, T, n), checked one by one.

use std::path::Path;

use npyz::{NpyFile, Order};

use crate::error::{EmissivityError, Result};

/// All values, row after row, from the bytes of an `.npy` file with this shape.
pub(crate) fn read(bytes: &[u8], path: &Path, shape: [usize; 3]) -> Result<Vec<f64>, EmissivityError> {
    let broken = |source| EmissivityError::Npy {
        path: path.to_owned(),
        source,
    };
    let file = NpyFile::new(bytes).map_err(broken)?;
    let order = if file.order() == Order::C { "C" } else { "Fortran" };
    let found = format!("{} {:?} in {order} order", file.dtype().descr(), file.shape());
    let expected = format!("'<f8' {shape:?} in C order");
    if found != expected {
        return Err(EmissivityError::NodesShape {
            path: path.to_owned(),
            found,
            expected,
        });
    }
    let values: Vec<f64> = file.into_vec().map_err(broken)?;
    if let Some(index) = values.iter().position(|value| !value.is_finite()) {
        let plane = shape[1] * shape[2];
        let (row, rest) = (index / plane, index % plane);
        let index = [row, rest / shape[2], rest % shape[2]];
        return Err(EmissivityError::NodeNotFinite {
            path: path.to_owned(),
            index,
            value: values[row * plane + rest],
        });
    }
    Ok(values)
}
