"""nutpie with its numba backend: on the talk's PyMC model (`talk`), or on the shared log density whitened at the mode."""

import in_jax
import jax
import numpy as np
import nutpie
import pymc as pm

import model
import problem
from in_pytensor import NAMESPACE
from peer import Peer
from talk_model import parameters, talk_model, variables

# Cores that its chains run on.
CORES = 2


def whitened_model(of, rows):
    """The shared log density at mode + L x, x the variable; numbers, mode and L are data, so that another object can take them."""
    coefs = problem.coefficients(of.shape, rows)
    with pm.Model() as whitened:
        data = {key: pm.Data(key, value) for key, value in (of.numbers | frame(of)).items()}
        x = pm.Flat("x", shape=of.shape.dimension)
        position = data["centre"] + data["factor"] @ x
        pm.Potential("ln_posterior", model.logdensity(NAMESPACE, of.shape, coefs, data, position))
    return whitened


def frame(of):
    return {"centre": of.mode, "factor": of.factor}


def sample(compiled, options, seed=1):
    return nutpie.sample(
        compiled,
        draws=options.draws,
        tune=options.warmup,
        chains=options.chains,
        cores=min(CORES, options.chains),
        seed=seed,
        save_warmup=True,
        progress_bar=False,
    )


def compile_talk(of, rows):
    at_mode = variables(of.shape, np.asarray(in_jax.Model(of.shape, rows).physical(of.numbers, of.mode)))
    return nutpie.compile_pymc_model(talk_model(of, rows), backend="numba", initial_points=at_mode)


def compile_whitened(of, rows):
    return nutpie.compile_pymc_model(whitened_model(of, rows), backend="numba")


def physical_of(shape, rows):
    """A function from whitened draws, (chain, draw, coordinate), to parameters."""
    shared = in_jax.Model(shape, rows)

    def of_draw(numbers, centre, factor, x):
        return shared.physical(numbers, centre + factor @ x)

    over_draws = jax.vmap(jax.vmap(of_draw, (None, None, None, 0)), (None, None, None, 0))
    return jax.jit(over_draws)


def on_talk(peer, of):
    """Draws and statistics on the talk's model."""
    with peer.stage("compile"):
        compiled = compile_talk(of, peer.rows)
    with peer.stage("both"):
        trace = sample(compiled, peer.options)
    posterior = {name: values.values for name, values in trace.posterior.items()}
    return parameters(of.shape, posterior)[None], [statistics(trace)]


def on_whitened(peer, objects):
    """Draws and statistics on the whitened density, compiled once, object after object."""
    with peer.stage("compile"):
        compiled = compile_whitened(objects[0], peer.rows)
        physical = physical_of(objects[0].shape, peer.rows)
    draws, found = [], []
    for of in objects:
        with peer.stage("both"):
            # Numbers that the density does not use are no data of the compiled model.
            data = {key: value for key, value in (of.numbers | frame(of)).items() if key in compiled.shared_data}
            trace = sample(compiled.with_data(**data), peer.options)
        found.append(statistics(trace))
        draws.append(np.asarray(physical(of.numbers, of.mode, of.factor, trace.posterior.x.values)))
    return np.stack(draws), found


def statistics(trace):
    """Gradients of warm-up and of sampling, and divergences."""
    steps = [int(stats.n_steps.sum()) for stats in (trace.warmup_sample_stats, trace.sample_stats)]
    return *steps, int(trace.sample_stats.diverging.sum())


def main():
    peer = Peer(__doc__)
    talk = peer.options.variant == "talk"
    draws, found = on_talk(peer, peer.objects[0]) if talk else on_whitened(peer, peer.objects)
    warmup_gradients, gradients, divergences = np.sum(found, axis=0)
    peer.share_out(warmup_gradients, gradients)
    peer.finish(draws, warmup_gradients=warmup_gradients, gradients=gradients, divergences=divergences)


if __name__ == "__main__":
    main()
