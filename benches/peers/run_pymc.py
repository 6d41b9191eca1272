"""PyMC as in the talk: likelihoods one by one, priors in physical units, NUTS with PyMC's own adaptation.

Compiled by numba: gradients are three times as fast as with the default, C.
"""

import time

import in_jax
import numpy as np
import pymc as pm

from peer import Peer, starts
from talk_model import parameters, talk_model, variables


def main():
    peer = Peer(__doc__)
    options, of = peer.options, peer.objects[0]
    physical = np.stack([in_jax.Model(of.shape, peer.rows).physical(of.numbers, x) for x in starts(of, options.chains)])
    initial = [variables(of.shape, row) for row in physical]
    arrived = {}

    def note(trace, draw):
        """The time of each chain's first draw, first draw after tuning, and last draw."""
        now = time.perf_counter()
        arrived.setdefault("first", now)
        if not draw.tuning:
            arrived.setdefault("tuned", now)
        arrived["last"] = now

    begin = time.perf_counter()
    with talk_model(of, peer.rows):
        trace = pm.sample(
            draws=options.draws,
            tune=options.warmup,
            chains=options.chains,
            cores=min(2, options.chains),
            random_seed=1,
            init="adapt_diag",
            initvals=initial,
            callback=note,
            compile_kwargs={"mode": "NUMBA"},
            progressbar=False,
            discard_tuned_samples=False,
            compute_convergence_checks=False,
        )
    peer.seconds = {
        "compile": arrived["first"] - begin,
        "warmup": arrived["tuned"] - arrived["first"],
        "sampling": arrived["last"] - arrived["tuned"],
    }
    posterior = {name: values.values for name, values in trace.posterior.items()}
    peer.finish(
        parameters(of.shape, posterior)[None],
        gradients=trace.sample_stats.n_steps.sum(),
        warmup_gradients=trace.warmup_sample_stats.n_steps.sum(),
        divergences=trace.sample_stats.diverging.sum(),
    )


if __name__ == "__main__":
    main()
