"""What a peer's draws are worth: ESS and R-hat by ArviZ on the physical parameters, the worst parameter of each object.

`python measure.py DRAWS.npy OUT.json`, draws as (object, chain, draw, parameter).
"""

import json
import sys
from pathlib import Path

import arviz
import numpy as np


def of_object(draws):
    """Smallest bulk and tail ESS and largest R-hat of one object's draws, (chain, draw, parameter); NaN where they say nothing."""
    data = arviz.convert_to_dataset({"x": draws})
    bulk = arviz.ess(data, method="bulk").x.values
    tail = arviz.ess(data, method="tail").x.values
    rhat = arviz.rhat(data).x.values if len(draws) > 1 else np.full(1, np.nan)
    return bulk.min(), tail.min(), rhat.max()


def main(path, out):
    draws = np.load(path).astype(float)
    sampled = ~np.isnan(draws).all(axis=(0, 1, 2))
    measured = np.array([of_object(each) for each in draws[..., sampled]])
    bulk, tail, rhat = measured.T
    result = {
        "objects": len(draws),
        "chains": draws.shape[1],
        "draws": draws.shape[2],
        "ess_bulk": float(np.median(bulk)),
        "ess_tail": float(np.median(tail)),
        "rhat": float(np.median(rhat)),
        # Written so that an object without numbers is among the bad.
        "above_rhat": float(np.mean(~(rhat <= 1.01))),
        "below_ess": float(np.mean(~(np.minimum(bulk, tail) >= 400))),
        "mean": np.nanmean(draws[..., sampled], axis=(1, 2))[0].tolist(),
        "sd": np.nanstd(draws[..., sampled], axis=(1, 2))[0].tolist(),
    }
    out.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
