"""NumPyro's NUTS with vectorised chains on the shared log density, whitened at the mode."""

import in_jax
import jax
import jax.numpy as jnp
import numpy as np
from numpyro.infer import NUTS

from peer import Peer, compiled


def main():
    peer = Peer(__doc__)
    options, of = peer.options, peer.objects[0]
    shared = in_jax.Model(of.shape, peer.rows)

    def position(x):
        return of.mode + of.factor @ x

    kernel = NUTS(potential_fn=lambda x: -shared.logdensity(of.numbers, position(x)), target_accept_prob=0.85)
    keys = jax.random.split(jax.random.key_data(jax.random.key(1)), options.chains)
    start = jax.random.normal(jax.random.key(2), (options.chains, of.shape.dimension))

    def chain(state, length):
        """`length` draws of all chains."""

        def step(state, _):
            state = kernel.sample(state, (), {})
            return state, (state.z, state.num_steps, state.diverging)

        return jax.lax.scan(step, state, None, length)

    with peer.stage("compile"):
        state = kernel.init(keys, options.warmup, start, (), {})
    warm = compiled(peer, jax.jit(lambda state: chain(state, options.warmup)), state)
    draw = compiled(peer, jax.jit(lambda state: chain(state, options.draws)), state)
    to_physical = compiled(
        peer,
        jax.jit(jax.vmap(jax.vmap(lambda x: shared.physical(of.numbers, position(x))))),
        jax.ShapeDtypeStruct((options.draws, options.chains, of.shape.dimension), jnp.float64),
    )
    with peer.stage("warmup"):
        state, (_, warmup_steps, _) = jax.block_until_ready(warm(state))
    with peer.stage("sampling"):
        state, (x, steps, diverging) = jax.block_until_ready(draw(state))
    peer.finish(
        np.moveaxis(to_physical(x), 0, 1)[None],
        warmup_gradients=warmup_steps.sum(),
        gradients=steps.sum(),
        divergences=diverging.sum(),
    )


if __name__ == "__main__":
    main()
