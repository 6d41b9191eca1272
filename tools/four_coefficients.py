"""The talk's form of an emissivity, log10(eps/eps_Hbeta) = k1 + k2/t + k3 log10 t + log10(1 + k4 n), fitted to a surface.

t = T/10^4 K, n in cm^-3. For a given k4 the others follow from linear least squares; k4 is searched for over what keeps
1 + k4 n positive within the box.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Array = NDArray[np.float64]

# The box of the fit: T [K] and n_e [cm^-3], and the points along each, in 1/T and in n.
BOX_T, BOX_NE = (9000.0, 20000.0), (1.0, 600.0)
POINTS_T, POINTS_NE = 41, 41
# k4 between these keeps 1 + 600 k4 above 0.1; beyond the upper one log10(1 + k4 n) is a power of n.
K4 = (-1.5e-3, 1.0)
COARSE = 241  # values of k4 tried before the search is refined around the best
DIGITS = 8  # significant, of the coefficients


def solve(k4: float, basis: Array, surface: Array, n_e: Array) -> tuple[Array, float]:
    """k1, k2, k3 for a given k4 and the sum of squares that is left."""
    right = (surface - np.log10(1.0 + k4 * n_e)).ravel()
    k, *_ = np.linalg.lstsq(basis, right, rcond=None)
    return k, float(np.sum((right - basis @ k) ** 2))


def fit(basis: Array, surface: Array, n_e: Array) -> Array:
    """k1 to k4 of one surface [T, n_e]."""
    stretch = np.linspace(-1.0, 1.0, COARSE)
    trial = np.sort(np.where(stretch < 0, -K4[0] * np.sign(stretch) * stretch**2, K4[1] * np.abs(stretch) ** 6))
    cost = [solve(k4, basis, surface, n_e)[1] for k4 in trial]
    best = int(np.argmin(cost))
    bounds = trial[max(best - 1, 0)], trial[min(best + 1, trial.size - 1)]
    found = minimize_scalar(
        lambda k4: solve(k4, basis, surface, n_e)[1], bounds=bounds, method="bounded", options={"xatol": 1e-12}
    )
    k4 = float(f"{found.x:.{DIGITS - 1}e}")
    return np.append(solve(k4, basis, surface, n_e)[0], k4)


def coefficients_file(surfaces: Callable[[Array, Array], dict[str, Array]]) -> bytes:
    """talk_coefficients.csv: the coefficients of every line and its worst error [%] in the box."""
    T = 1.0 / np.linspace(1.0 / BOX_T[0], 1.0 / BOX_T[1], POINTS_T)
    n_e = np.linspace(*BOX_NE, POINTS_NE)
    t, n = (mesh for mesh in np.meshgrid(T / 1e4, n_e, indexing="ij"))
    basis = np.stack([np.ones(t.size), 1.0 / t.ravel(), np.log10(t.ravel())], axis=1)
    out = [
        "# log10(eps/eps_Hbeta) = k1 + k2/t + k3 log10 t + log10(1 + k4 n), t = T/1e4 K, n in cm^-3: the talk's form.",
        f"# Fitted by tools/make_emissivities.py to the smooth surfaces of pyneb23 over {BOX_T[0]:.0f}-{BOX_T[1]:.0f} K,",
        f"# n {BOX_NE[0]:.0f}-{BOX_NE[1]:.0f} cm^-3; worst_percent is the largest error of the ratio within that box.",
        "line,k1,k2,k3,k4,worst_percent",
    ]
    for label, surface in surfaces(T, n_e).items():
        if np.all(surface == 0.0):
            out.append(f"{label},0.0,0.0,0.0,0.0,0.0")
            continue
        k = [float(f"{value:.{DIGITS - 1}e}") for value in fit(basis, surface, n)]
        form = (basis @ np.array(k[:3])).reshape(t.shape) + np.log10(1.0 + k[3] * n)
        worst = 100.0 * float(np.max(np.abs(10.0 ** (form - surface) - 1.0)))
        out.append(",".join([label, *(repr(value) for value in k), f"{worst:.2g}"]))
    return ("\n".join(out) + "\n").encode()
