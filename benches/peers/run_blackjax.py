"""BlackJAX on the shared log density, whitened at the mode: vmapped NUTS with window adaptation (`nuts`), or ChEES (`chees`).

A batch of objects, or copies of one object with a share of its chains each, is spread over the cores. Window adaptation runs on at
most four chains of each; all its chains then take their mean step size and metric. Adapted on its own, one of many chains now and
then ends with a tiny step size, and in lockstep all others wait for it.
"""

import blackjax
import in_jax
import jax
import numpy as np
import optax

from peer import Peer, compiled

# Most chains that adapt, and the acceptance rate that they aim at.
ADAPTING, TARGET = 4, 0.85


def adapt_nuts(logdensity, warmup, settings, key, start):
    """States, parameters that functions can return, and gradients."""
    adapting = min(ADAPTING, len(start))
    adaptation = blackjax.window_adaptation(blackjax.nuts, logdensity, target_acceptance_rate=TARGET)
    run = jax.vmap(lambda key, x: adaptation.run(key, x, num_steps=warmup))
    (states, parameters), info = run(jax.random.split(key, adapting), start[:adapting])
    place = np.arange(len(start)) % adapting
    shared = jax.tree.map(lambda value: value.mean(0), parameters)
    return jax.tree.map(lambda value: value[place], states), shared, info.info.num_integration_steps.sum()


def adapt_chees(logdensity, warmup, settings, key, start):
    """The same; what are functions among the parameters goes to `settings`."""
    adaptation = blackjax.chees_adaptation(logdensity, len(start))
    (states, parameters), info = adaptation.run(key, start, 0.5, optax.adam(0.02), num_steps=warmup)
    settings.update({name: value for name, value in parameters.items() if callable(value)})
    numbers = {name: value for name, value in parameters.items() if not callable(value)}
    return states, numbers, info.info.num_integration_steps.sum()


VARIANTS = {"nuts": (adapt_nuts, blackjax.nuts), "chees": (adapt_chees, blackjax.dynamic_hmc)}


def main():
    peer = Peer(__doc__)
    options, objects = peer.options, peer.objects
    shape, single = objects[0].shape, len(objects) == 1
    if single:
        objects, chains, size = objects * in_jax.CORES, options.chains // in_jax.CORES, in_jax.CORES
    else:
        chains, size = options.chains, in_jax.whole_batch(options.batch, len(objects))
    shared = in_jax.Model(shape, peer.rows)
    adapt_one, algorithm = VARIANTS[options.variant]
    settings = {}

    def whitened(numbers, centre, factor):
        return lambda x: shared.logdensity(numbers, centre + factor @ x)

    def adapt(key, *of):
        start = jax.random.normal(key, (chains, shape.dimension))
        return adapt_one(whitened(*of), options.warmup, settings, key, start)

    def sample(key, states, parameters, *of):
        step = algorithm(whitened(*of), **parameters, **settings).step

        def draw(states, key):
            states, info = jax.vmap(step)(jax.random.split(key, chains), states)
            return states, (states.position, info.num_integration_steps.sum(), info.is_divergent.sum())

        _, (x, steps, diverging) = jax.lax.scan(draw, states, jax.random.split(key, options.draws))
        return x.swapaxes(0, 1), steps.sum(), diverging.sum()

    def to_physical(x, numbers, centre, factor):
        return jax.vmap(jax.vmap(lambda x: shared.physical(numbers, centre + factor @ x)))(x)

    run = None
    draws, counts = [], np.zeros(3, int)
    for number, (batch, count) in enumerate(in_jax.batches(objects, size)):
        of = in_jax.stacked(batch)
        keys = jax.random.split(jax.random.key(number), (2, size))
        if run is None:
            first = compiled(peer, in_jax.on_all_cores(adapt), keys[0], *of)
        with peer.stage("warmup"):
            states, parameters, warmup_steps = jax.block_until_ready(first(keys[0], *of))
        if run is None:
            run = compiled(peer, in_jax.on_all_cores(sample), keys[1], states, parameters, *of)
        with peer.stage("sampling"):
            x, steps, diverging = jax.block_until_ready(run(keys[1], states, parameters, *of))
        counts += [int(each[:count].sum()) for each in (warmup_steps, steps, diverging)]
        draws.append(np.asarray(in_jax.on_all_cores(to_physical)(x, *of))[:count])
    draws = np.concatenate(draws)
    peer.finish(
        draws.reshape(1, -1, *draws.shape[2:]) if single else draws,
        warmup_gradients=counts[0],
        gradients=counts[1],
        divergences=counts[2],
    )


if __name__ == "__main__":
    main()
