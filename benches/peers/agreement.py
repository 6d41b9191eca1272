"""Shows that every peer samples the log density that nebulium samples: values and gradients at the exported positions.

Differences are relative to the larger of the number itself and 1. JAX and PyTensor take the sampled coordinates; the talk's PyMC
model takes physical parameters θ, so ln p(x) = ln p(θ(x)) + ln |det ∂θ/∂x| and its gradient are compared.
"""

import json
import sys
from pathlib import Path

import in_jax
import jax
import jax.numpy as jnp
import numpy as np
import pytensor
import pytensor.tensor as pt

import model
import problem
import talk_model
from in_pytensor import NAMESPACE

LARGEST = 1e-8
# A few evaluations do not repay optimising.
PLAIN = pytensor.compile.mode.Mode(linker="cvm", optimizer=None)


def difference(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    return float(np.max(np.abs(found - expected) / np.maximum(np.abs(expected), 1.0)))


def worst(tests, evaluate):
    """The worst difference of log density, of gradient."""
    values, gradients = [], []
    for test in tests:
        value, gradient = evaluate(np.array(test["position"]))
        values.append(difference(value, test["logdensity"]))
        gradients.append(difference(gradient, test["gradient"]))
    return [max(values), max(gradients)]


def of_jax(of, rows):
    both = jax.jit(jax.value_and_grad(in_jax.Model(of.shape, rows).logdensity, argnums=1))
    return worst(of.tests, lambda x: both(of.numbers, x))


def of_parameters(of, rows):
    """The worst difference of the physical parameters."""
    physical = jax.jit(in_jax.Model(of.shape, rows).physical)
    return max(float(np.max(np.abs(physical(of.numbers, np.array(t["position"])) / np.array(t["physical"]) - 1))) for t in of.tests)


def of_pytensor(of, rows):
    x = pt.dvector("x")
    value = model.logdensity(NAMESPACE, of.shape, problem.coefficients(of.shape, rows), of.numbers, x)
    return worst(of.tests, pytensor.function([x], [value, pytensor.grad(value, x)], mode=PLAIN))


def of_talk(of, rows):
    """The talk's model with the Jacobian of its variables put back."""
    talk = talk_model.talk_model(of, rows, default_transform=None)
    names = [talk_model.variable_name(parameter) for parameter in of.shape.parameters]
    value, gradient = (compiled(mode=PLAIN) for compiled in (talk.compile_logp, talk.compile_dlogp))
    order = [[variable.name for variable in talk.value_vars].index(name) for name in names]
    shared = in_jax.Model(of.shape, rows)

    def variables(x):
        theta = shared.physical(of.numbers, x)
        logs = jnp.array([parameter[1] == "exp10" for parameter in of.shape.parameters])
        return jnp.where(logs, jnp.log10(theta), theta)

    jacobian = jax.jit(jax.jacfwd(variables))
    ln_volume = jax.jit(jax.value_and_grad(lambda x: jnp.linalg.slogdet(jax.jacfwd(variables)(x))[1]))

    def evaluate(x):
        point = dict(zip(names, map(np.float64, variables(x)), strict=True))
        of_volume, d_volume = ln_volume(x)
        pulled = np.asarray(gradient(point))[order] @ np.asarray(jacobian(x))
        return value(point) + of_volume, pulled + d_volume

    return worst(of.tests, evaluate)


def main(path, out):
    rows, objects, _ = problem.read(path)
    of = objects[0]
    found = {
        "JAX": [max(pair) for pair in zip(*(of_jax(each, rows) for each in objects[:20]), strict=True)],
        "PyTensor": of_pytensor(of, rows),
        "PyMC as in the talk": of_talk(of, rows),
    }
    found["physical parameters"] = [of_parameters(of, rows)] * 2
    out.write_text(json.dumps(found, indent=1))
    for name, (value, gradient) in found.items():
        print(f"{name}: log density {value:.1e}, gradient {gradient:.1e}")
    if not all(number < LARGEST for pair in found.values() for number in pair):
        sys.exit(f"the peers' log density is not nebulium's: a difference above {LARGEST}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
