"""The model as the talk writes it in PyMC: a prior a parameter in physical units, a likelihood a line, one after the other.

Its density is that of the shared model up to the Jacobian of the parameters by the sampled coordinates (agreement.py).
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

import model
import problem
from in_pytensor import NAMESPACE
from problem import LOG_NORMAL, SOFTPLUS, UNBOUNDED


def variable_name(parameter):
    """The variable behind a parameter: n_e is sampled as log_ne."""
    name, kind, _ = parameter
    return "log_ne" if kind == "exp10" else name


def slot_prior(name, kind, numbers, place, **transform):
    """The prior of a temperature, log n_e, cHbeta or tau."""
    mean, sd, lower, upper = (numbers[key][place] for key in ("location", "width", "lower", "upper"))
    if kind[1] == LOG_NORMAL:
        return pm.LogNormal(name, mu=mean, sigma=sd, **transform)
    if kind[0] == SOFTPLUS and mean == 0.0 and lower == 0.0 and upper >= UNBOUNDED:
        return pm.HalfNormal(name, sigma=sd, **transform)
    bounds = {"lower": lower if lower > -UNBOUNDED else None, "upper": upper if upper < UNBOUNDED else None}
    return pm.TruncatedNormal(name, mu=mean, sigma=sd, **bounds, **transform)


def ion_prior(name, kind, numbers, place, **transform):
    """The prior of 12 + log₁₀(X/H) of a metal, or of X/H of helium."""
    mean, sd = numbers["ion_location"][place] - numbers["base"][place], 1.0 / numbers["ion_inverse_width"][place]
    if kind == "helium":
        return pm.LogNormal(name, mu=mean, sigma=sd, **transform)
    return pm.Normal(name, mu=12.0 + mean / model.LN10, sigma=sd / model.LN10)


def f_tau(coefficients, tau, zone_t, zone_log_n):
    """The optical depth of a He I line."""
    a, b0, b1, b2 = coefficients
    n = model.held_density(NAMESPACE, zone_log_n)
    return 1.0 + 0.5 * tau * (a + (b0 + b1 * n + b2 * n * n) * 1e-4 * zone_t)


def talk_model(of, rows, **transform):
    """The PyMC model of an object; `default_transform=None` leaves its variables in physical units."""
    shape, numbers = of.shape, of.numbers
    coefs = problem.coefficients(shape, rows)
    with pm.Model() as talk:
        values, ln_x = {}, {}
        for name, kind, place in shape.parameters:
            if kind in ("slot", "exp10"):
                variable = variable_name((name, kind, place))
                values[place] = slot_prior(variable, shape.slots[place], numbers, place, **transform)
            elif kind == "helium":
                ln_x[place] = pt.log(ion_prior(name, kind, numbers, place, **transform))
            else:
                ln_x[place] = model.LN10 * (ion_prior(name, kind, numbers, place) - 12.0)
        # ln(ε/ε_Hβ) of every transition at the temperature and density of its zone.
        emissivity = {}
        for zone, (t, n) in enumerate(shape.zones):
            of_zone = model.emissivities(NAMESPACE, shape, coefs, zone, values[t], values[n])
            mine = [k for k, term in enumerate(shape.terms) if term[1] == zone]
            emissivity |= {k: of_zone[place] for place, k in enumerate(mine)}
        for line, label in enumerate(shape.labels):
            flux = 0.0
            for k, (ion, zone, _, of_line) in enumerate(shape.terms):
                if of_line != line:
                    continue
                t, log_n = (values[slot] for slot in shape.zones[zone])
                ln_flux = numbers["constant"][k] + emissivity[k]
                ln_flux = ln_flux - numbers["f_lambda"][k] * values[shape.c_hbeta]
                if ion in ln_x:
                    ln_flux = ln_flux + ln_x[ion] + numbers["base"][ion]
                term = pt.exp(ln_flux)
                if np.any(numbers["f_tau"][k]):
                    term = term * f_tau(numbers["f_tau"][k], values[shape.tau], t, log_n)
                flux = flux + term
            sigma = 1.0 / numbers["inverse_sigma"][line]
            pm.Normal(f"likelihood_{label}", mu=flux, sigma=sigma, observed=numbers["flux"][line])
    return talk


def variables(shape, physical):
    """The values of the model's variables from physical parameters, (…, parameter)."""
    columns = {}
    for k, parameter in enumerate(shape.parameters):
        column = physical[..., k]
        columns[variable_name(parameter)] = np.log10(column) if parameter[1] == "exp10" else column
    return columns


def parameters(shape, columns):
    """The inverse of `variables`: (…, parameter)."""
    of = [np.asarray(columns[variable_name(parameter)]) for parameter in shape.parameters]
    physical = [10.0**c if p[1] == "exp10" else c for c, p in zip(of, shape.parameters, strict=True)]
    return np.stack(physical, axis=-1)
