"""The referee's baseline, without a Markov chain: batched Levenberg–Marquardt, Laplace, Student-t importance sampling with PSIS.

JAX in double precision, vmapped over galaxies. The mode is found from the start that nebulium's own search begins with; the Hessian
there is exact. Importance weights are Pareto-smoothed (Vehtari et al. 2024, JMLR 25, 72; the fit of Zhang & Stephens 2009,
Technometrics 51, 316).
"""

import in_jax
import jax
import jax.numpy as jnp
import numpy as np

import model
from peer import Peer, compiled

# Levenberg–Marquardt: steps at most, first damping, the gain in nats below which it ends.
STEPS, DAMPING, GAIN = 60, 1e-2, 1e-9
# Newton steps on the exact Hessian that follow.
NEWTON = 3
# Degrees of freedom of the proposal.
NU = 5.0
# What a matrix has to exceed on its diagonal to be factored.
RIDGE = 1e-10


def gauss_newton(shared, numbers, x):
    """JᵀJ of the residuals of lines and abundances; the other coordinates have the unit precision of their priors."""

    def of(x):
        _, ln_abundance, fluxes, _ = shared.evaluate(numbers, x)
        return jnp.concatenate(model.residuals(numbers, ln_abundance, fluxes))

    jacobian = jax.jacfwd(of)(x)
    own_prior = np.ones(shared.shape.dimension)
    own_prior[[source for _, _, source in shared.shape.ions if source is not None]] = 0.0
    return jacobian.T @ jacobian + jnp.diag(own_prior)


def climb(shared, numbers, start):
    """The mode by Levenberg–Marquardt (Marquardt 1963), then Newton steps."""
    value = lambda x: shared.logdensity(numbers, x)  # noqa: E731
    slope = jax.grad(value)

    def step(state):
        x, best, damping, gain, count = state
        matrix = gauss_newton(shared, numbers, x)
        move = jnp.linalg.solve(matrix + damping * jnp.diag(jnp.diag(matrix)), slope(x))
        trial = value(x + move)
        better = trial > best
        gained = jnp.where(better, trial - best, jnp.inf)
        damping = jnp.where(better, 0.1 * damping, 10.0 * damping)
        return jnp.where(better, x + move, x), jnp.where(better, trial, best), damping, gained, count + 1

    def going(state):
        _, _, damping, gain, count = state
        return (gain > GAIN) & (count < STEPS) & (damping < 1e12)

    x = jax.lax.while_loop(going, step, (start, value(start), DAMPING, jnp.inf, 0))[0]

    def newton(_, x):
        trial = x - jnp.linalg.solve(jax.hessian(value)(x), slope(x))
        return jnp.where(value(trial) >= value(x), trial, x)

    x = jax.lax.fori_loop(0, NEWTON, newton, x)
    hessian = -jax.hessian(value)(x)
    return x, value(x), hessian


def pareto_smoothed(ln_weights):
    """Smoothed ln weights, and k̂ of their tail."""
    count = len(ln_weights)
    tail = int(min(0.2 * count, 3.0 * np.sqrt(count)))
    order = jnp.argsort(ln_weights)
    ordered = ln_weights[order] - ln_weights[order[-1]]
    threshold = jnp.exp(ordered[-tail - 1])
    k, scale = generalised_pareto(jnp.exp(ordered[-tail:]) - threshold)
    p = (jnp.arange(tail) + 0.5) / tail
    smooth = jnp.where(jnp.abs(k) < 1e-12, -scale * jnp.log1p(-p), scale * jnp.expm1(-k * jnp.log1p(-p)) / k)
    smoothed = ordered.at[-tail:].set(jnp.minimum(jnp.log(threshold + smooth), 0.0))
    return jnp.zeros(count).at[order].set(smoothed), k


def generalised_pareto(excess):
    """Shape and scale of a generalised Pareto distribution by Zhang & Stephens, the shape drawn towards 1/2 as ArviZ does."""
    n = len(excess)
    grid = 30 + int(np.sqrt(n))
    j = jnp.arange(1, grid + 1)
    theta = 1.0 / excess[-1] + (1.0 - jnp.sqrt(grid / (j - 0.5))) / (3.0 * excess[n // 4 - 1 + (n % 4 > 1)])
    shape = jnp.log1p(-theta[:, None] * excess).mean(1)
    ln_likelihood = n * (jnp.log(-theta / shape) - shape - 1.0)
    weight = jax.nn.softmax(ln_likelihood)
    theta = (weight * theta).sum()
    k = jnp.log1p(-theta * excess).mean()
    return (k * n + 5.0) / (n + 10.0), -k / theta


def importance(shared, numbers, mode, hessian, key, draws):
    """Parameters drawn from a Student-t around the mode, their smoothed weights (normalised) and k̂."""
    dimension = shared.shape.dimension
    factor = jnp.linalg.inv(jnp.linalg.cholesky(hessian + RIDGE * jnp.diag(jnp.diag(hessian)))).T
    of_noise, of_scale = jax.random.split(key)
    scale = jnp.sqrt(NU / jax.random.chisquare(of_scale, NU, (draws,)))
    x = jax.random.normal(of_noise, (draws, dimension)) * scale[:, None]
    ln_proposal = -0.5 * (NU + dimension) * jnp.log1p((x**2).sum(1) / NU)
    positions = mode + x @ factor.T
    ln_density, physical = jax.vmap(lambda x: (shared.logdensity(numbers, x), shared.physical(numbers, x)))(positions)
    ln_weights = ln_density - ln_proposal
    ln_smoothed, k_hat = pareto_smoothed(jnp.where(jnp.isfinite(ln_weights), ln_weights, -jnp.inf))
    return physical, jax.nn.softmax(ln_smoothed), k_hat


def main():
    peer = Peer(__doc__)
    options, objects = peer.options, peer.objects
    shared = in_jax.Model(objects[0].shape, peer.rows)
    size = in_jax.whole_batch(options.batch, len(objects))

    def fit(numbers, start):
        return climb(shared, numbers, start)

    def weigh(numbers, mode, hessian, key):
        physical, weights, k_hat = importance(shared, numbers, mode, hessian, key, options.draws)
        # Resampled systematically, so that what is written are draws like any other's.
        even = (jnp.arange(options.draws) + jax.random.uniform(key)) / options.draws
        place = jnp.minimum(jnp.searchsorted(jnp.cumsum(weights), even), options.draws - 1)
        return physical[place], 1.0 / (weights**2).sum(), k_hat

    keys = jax.random.split(jax.random.key(1), size)
    numbers = in_jax.stacked(objects[:1] * size)[0]
    starts = np.stack([objects[0].start] * size)
    hessians = np.zeros((*starts.shape, starts.shape[1]))
    fit = compiled(peer, in_jax.on_all_cores(fit), numbers, starts)
    weigh = compiled(peer, in_jax.on_all_cores(weigh), numbers, starts, hessians, keys)
    draws, effective, shapes, missed = [], [], [], 0
    for batch, count in in_jax.batches(objects, size):
        numbers = in_jax.stacked(batch)[0]
        with peer.stage("mode"):
            modes, values, hessians = jax.block_until_ready(fit(numbers, np.stack([of.start for of in batch])))
        with peer.stage("sampling"):
            of_batch, ess, k_hat = jax.block_until_ready(weigh(numbers, *map(np.asarray, (modes, hessians)), keys))
        expected = np.array([of.tests[0]["logdensity"] for of in batch])
        missed += int((np.abs(values - expected) > 1e-3)[:count].sum())
        draws.append(np.asarray(of_batch)[:count, None])
        effective.extend(np.asarray(ess)[:count])
        shapes.extend(np.asarray(k_hat)[:count])
    effective, shapes = np.array(effective), np.array(shapes)
    peer.finish(
        np.concatenate(draws),
        modes_missed=missed,
        ess_bulk=np.median(effective),
        ess_tail=None,
        rhat=None,
        k_hat=np.median(shapes),
        above_k_hat=np.mean(~(shapes <= 0.7)),
        above_rhat=None,
        below_ess=np.mean(~(effective >= 400)),
    )


if __name__ == "__main__":
    main()
