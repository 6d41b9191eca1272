"""The model in JAX, in double precision."""

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import model  # noqa: E402
import problem  # noqa: E402

# run.py makes a device of every core, so that chains on one need not wait for those on another.
CORES = jax.local_device_count()


@jax.custom_jvp
def ndtri(p):
    """Φ⁻¹, with the derivative 1/φ(Φ⁻¹(p)) in place of that of the library's rational functions."""
    return jax.scipy.special.ndtri(p)


@ndtri.defjvp
def _(primals, tangents):
    n = ndtri(*primals)
    return n, np.sqrt(2.0 * np.pi) * jnp.exp(0.5 * n * n) * tangents[0]


NAMESPACE = model.Namespace(
    xp=jnp,
    softplus=jax.nn.softplus,
    ndtr=jax.scipy.special.ndtr,
    ndtri=ndtri,
    constant=jax.lax.stop_gradient,
    window=lambda array, i, j: jax.lax.dynamic_slice(array, (i, j, np.int32(0)), (4, 4, array.shape[2])),
)


class Model:
    """Functions of (numbers, position) for all objects of one shape."""

    def __init__(self, shape, rows):
        self.shape = shape
        self.coefs = problem.coefficients(shape, rows)

    def logdensity(self, numbers, position):
        return model.logdensity(NAMESPACE, self.shape, self.coefs, numbers, position)

    def physical(self, numbers, position):
        return model.physical(NAMESPACE, self.shape, self.coefs, numbers, position)

    def evaluate(self, numbers, position):
        return model.evaluate(NAMESPACE, self.shape, self.coefs, numbers, position)


def stacked(objects):
    """The numbers, modes and factors of objects of one shape, each with the object as first axis."""
    numbers = {key: np.stack([o.numbers[key] for o in objects]) for key in objects[0].numbers}
    return numbers, np.stack([o.mode for o in objects]), np.stack([o.factor for o in objects])


def whole_batch(most, objects):
    """How many objects a batch has: at most `most` or as many as there are, in whole cores."""
    return -(-min(most, objects) // CORES) * CORES


def batches(objects, size):
    """The objects in batches of `size`, each with how many it has; the last is filled up with its own first."""
    for first in range(0, len(objects), size):
        batch = objects[first : first + size]
        yield batch + batch[:1] * (size - len(batch)), len(batch)


def on_all_cores(function):
    """`function` vmapped over the first axis of its arguments, which the cores share; jitted."""
    mesh = jax.make_mesh((CORES,), ("core",), axis_types=(jax.sharding.AxisType.Auto,))
    shared = jax.sharding.PartitionSpec("core")
    return jax.jit(jax.shard_map(jax.vmap(function), mesh=mesh, in_specs=shared, out_specs=shared, check_vma=False))
