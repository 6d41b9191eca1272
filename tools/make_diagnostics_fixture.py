"""Write tests/fixtures/diagnostics.json: small chains and what ArviZ says of them.

Usage, from the root of the repository:
    pip install -r tools/diagnostics-requirements.txt
    python tools/make_diagnostics_fixture.py
"""

import json
import pathlib

import arviz as az
import numpy as np

OUTPUT = pathlib.Path("tests/fixtures/diagnostics.json")
SEED = 20260101
DIGITS = 6  # decimals kept of each draw, so that the file stays small and both sides see the same numbers


def autoregressive(rng, chains, draws, coefficient):
    """Stationary AR(1) chains of unit variance."""
    noise = rng.standard_normal((chains, draws)) * np.sqrt(1 - coefficient**2)
    x = np.empty((chains, draws))
    x[:, 0] = rng.standard_normal(chains)
    for i in range(1, draws):
        x[:, i] = coefficient * x[:, i - 1] + noise[:, i]
    return x


def cases(rng):
    """Name and draws (chain, draw) of every case."""
    yield "iid", rng.standard_normal((4, 250))
    yield "ar_positive", autoregressive(rng, 4, 250, 0.9)
    yield "ar_negative", autoregressive(rng, 4, 250, -0.6)
    yield "slow", autoregressive(rng, 4, 100, 0.995)
    stuck = rng.standard_normal((4, 200))
    stuck[2] = 1.5
    yield "stuck_chain", stuck
    yield "shifted_means", rng.standard_normal((4, 150)) + np.array([0, 0, 1, 2])[:, None]
    yield "different_scales", rng.standard_normal((4, 150)) * np.array([1, 1, 1, 5])[:, None]
    yield "heavy_tails", rng.standard_cauchy((4, 250))
    yield "ties", rng.integers(0, 4, (4, 200)).astype(float)
    yield "two_values", (rng.random((4, 100)) < 0.03).astype(float)
    yield "constant", np.full((4, 50), 3.25)
    yield "constant_apart", np.repeat([[1.0], [2.0]], 20, axis=1)
    yield "odd_draws", autoregressive(rng, 3, 151, 0.5)
    yield "five_draws", rng.standard_normal((2, 5))
    yield "nine_draws", rng.standard_normal((2, 9))
    yield "one_chain", autoregressive(rng, 1, 200, 0.7)
    yield "large_offset", 1e4 + rng.standard_normal((4, 100))
    yield "skewed", np.exp(1.5 * autoregressive(rng, 4, 200, 0.3))


def expected(draws):
    """ArviZ's numbers; None stands for NaN."""
    values = {
        "r_hat": az.rhat(draws),
        "ess_bulk": az.ess(draws, method="bulk"),
        "ess_tail": az.ess(draws, method="tail"),
        "mcse_mean": az.mcse(draws, method="mean"),
        "mcse_sd": az.mcse(draws, method="sd"),
    }
    numbers = {key: float(value) for key, value in values.items()}
    result = {key: value if np.isfinite(value) else None for key, value in numbers.items()}
    bfmi = np.atleast_1d(az.bfmi(draws))
    result["e_bfmi"] = [float(value) if np.isfinite(value) else None for value in bfmi]
    return result


def main():
    rng = np.random.default_rng(SEED)
    fixture = {"arviz": az.__version__, "cases": []}
    for name, draws in cases(rng):
        draws = np.round(draws, DIGITS)
        with np.errstate(all="ignore"):
            case = {"name": name, "chains": draws.shape[0], "values": draws.ravel().tolist()}
            fixture["cases"].append(case | expected(draws))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main()
