"""Write tests/fixtures/psis.json: log weights, and their Pareto-smoothed values and k-hat by ArviZ.

Usage, from the root of the repository:
    pip install -r tools/diagnostics-requirements.txt
    python tools/make_importance_fixture.py
"""

import json
import pathlib

import arviz as az
import numpy as np

OUTPUT = pathlib.Path("tests/fixtures/psis.json")
SEED = 20260102
DIGITS = 6  # decimals kept of each log weight, so that the file stays small and both sides see the same numbers


def cases(rng):
    """Name, weights, and whether they are weights themselves or their logs."""
    for shape in (0.1, 0.4, 0.7, 1.2):
        yield f"pareto_{shape}", rng.pareto(1 / shape, 400) * shape, True
    student = rng.standard_t(6, 500)
    yield "gaussian_over_student", -0.5 * student**2 + 3.5 * np.log1p(student**2 / 6), False
    narrow = 0.6 * rng.standard_normal(500)
    yield "gaussian_over_narrow_gaussian", -0.5 * narrow**2 + 0.5 * (narrow / 0.6) ** 2, False
    yield "uniform", rng.random(300), True
    yield "large_offset", -1e4 + 3 * rng.standard_normal(300), False
    yield "few", rng.standard_normal(30), False
    far = rng.standard_normal(200)
    far[::3] = -1000.0
    yield "many_without_weight", far, False
    yield "all_but_three_without_weight", np.where(np.arange(100) < 3, 0.0, -2000.0), False


def main():
    rng = np.random.default_rng(SEED)
    fixture = {"arviz": az.__version__, "cases": []}
    for name, values, linear in cases(rng):
        log_weights = np.round(np.log(values) if linear else values, DIGITS)
        smoothed, shape = az.psislw(log_weights)
        fixture["cases"].append(
            {
                "name": name,
                "log_weights": log_weights.tolist(),
                "smoothed": np.asarray(smoothed).tolist(),
                "k_hat": float(shape) if np.isfinite(shape) else None,
            }
        )
    OUTPUT.write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main()
