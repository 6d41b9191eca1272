"""The model in PyTensor, for PyMC and nutpie."""

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import disconnected_grad

import model

NAMESPACE = model.Namespace(
    xp=pt,
    softplus=pt.softplus,
    ndtr=lambda x: 0.5 * pt.erfc(-x / np.sqrt(2.0)),
    ndtri=lambda p: -np.sqrt(2.0) * pt.erfcinv(2.0 * p),
    constant=disconnected_grad,
    window=lambda array, i, j: pt.as_tensor(array)[i : i + 4, j : j + 4],
)
