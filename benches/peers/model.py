"""The log density that nebulium samples, written once over an array namespace: JAX's or PyTensor's.

The equations are those of docs/model.md; the names those of src/model and src/model/coordinate. A namespace is a module in
numpy's likeness (`xp`) and the few functions that such modules spell differently.
"""

from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
from problem import FIXED, FLUX, LOG_NORMAL, QUANTILE

LN10 = np.log(10.0)
TINY = np.finfo(float).tiny
# What `numbers` has for each slot.
SLOT_NUMBERS = ("location", "width", "lower", "upper", "offset", "scale", "below", "above", "mass", "low_snr", "ln_unit", "tail_slope")
# src/number/special: exponents are held inside ± this.
EXPONENT = 80.0
# src/model/terms.rs: the density at which f_tau is held [cm⁻³], how many of it at most, and where f_tau itself is held.
TAU_DENSITY, TAU_DENSITY_RATIO, TAU_FLOOR = 300.0, 1e4, 1e-6


@dataclass(frozen=True)
class Namespace:
    """Arrays of one library."""

    xp: Any
    softplus: Callable
    ndtr: Callable  # Φ
    ndtri: Callable  # Φ⁻¹
    constant: Callable  # x → x, without a derivative
    window: Callable  # (array, i, j) → array[i:i+4, j:j+4]


def bounded_exp(ns, x):
    return ns.xp.exp(ns.xp.clip(x, -EXPONENT, EXPONENT))


def low_snr_score(ns, low_snr, ln_unit, tail_slope, scale, x):
    """What is hardly measured: scale · φ(x) (src/model/coordinate/low_snr.rs) and ln dφ/dx; of all else x and 0."""
    flux = ns.xp.maximum(ns.softplus(x), TINY)
    phi = ln_unit + ns.xp.log(flux) - tail_slope * ns.softplus(2.0 - x)
    slope = ns.xp.exp(-ns.softplus(-x)) / flux + tail_slope * ns.xp.exp(-ns.softplus(x - 2.0))
    return low_snr * scale * phi + (1.0 - low_snr) * x, low_snr * ns.xp.log(slope)


def quantile(ns, family, cut, number, x):
    """The quantile of the truncated prior at Φ(z), the smaller tail inverted; and ln of the prior of z, Normal(0, 1), in x."""
    z, ln_slope = low_snr_score(ns, number["low_snr"], number["ln_unit"], number["tail_slope"], number["scale"], x)
    score = z
    if cut:
        p = ns.xp.maximum(number["below"] + number["mass"] * ns.ndtr(z), TINY)
        q = ns.xp.maximum(number["above"] + number["mass"] * ns.ndtr(-z), TINY)
        n = ns.ndtri(ns.xp.minimum(p, q))
        score = ns.xp.where(p < q, n, -n)
    value = number["location"] + number["width"] * score
    return number["offset"] + (bounded_exp(ns, value) if family == LOG_NORMAL else value), ln_slope - 0.5 * z * z


def softplus(ns, family, number, z):
    """x = lower + s [softplus(z) − softplus(z − h)], and ln of its explicit prior density."""
    h = (number["upper"] - number["lower"]) / number["scale"]
    x = number["lower"] + number["scale"] * (ns.softplus(z) - ns.softplus(z - h))
    ln_slope = -ns.softplus(-z) - ns.softplus(z - h)
    if family == LOG_NORMAL:
        ln_x = ns.xp.log(ns.xp.maximum(x, TINY))
        ln_prior = -0.5 * ((ln_x - number["location"]) / number["width"]) ** 2 - ln_x
    else:
        ln_prior = -0.5 * ((x - number["location"]) / number["width"]) ** 2
    return number["offset"] + x, ln_prior + ln_slope


def slots(ns, shape, numbers, position):
    """The values of all slots, and the sum of ln of their priors; slots of one kind are evaluated together."""
    values, ln_prior = [None] * len(shape.slots), 0.0
    for kind, family, log10, cut in sorted({(s[0], s[1], s[3], s[4]) for s in shape.slots}):
        places = np.array([k for k, s in enumerate(shape.slots) if (s[0], s[1], s[3], s[4]) == (kind, family, log10, cut)])
        mine = {key: numbers[key][places] for key in SLOT_NUMBERS}
        if kind == FIXED:
            value = mine["location"]
        else:
            z = position[np.array([shape.slots[place][2] for place in places])]
            value, of_slots = quantile(ns, family, cut, mine, z) if kind == QUANTILE else softplus(ns, family, mine, z)
            ln_prior = ln_prior + of_slots.sum()
        value = ns.xp.log(value) / LN10 if log10 else value
        for k, place in enumerate(places):
            values[place] = value[k]
    return values, ln_prior


def spline_weights(ns, x, first, inverse_step, nodes):
    """The first of the four coefficients that touch x, and their weights; linear beyond the axis."""
    xp = ns.xp
    place = (x - first) * inverse_step
    cell = xp.clip(xp.floor(place), 0.0, nodes - 2.0)
    fraction = place - cell
    u = xp.clip(fraction, 0.0, 1.0)
    beyond, v = fraction - u, 1.0 - u
    slopes = (-0.5 * v * v, u * (1.5 * u - 2.0), v * (2.0 - 1.5 * v), 0.5 * u * u)
    weights = (v**3 / 6.0, 2.0 / 3.0 + u * u * (0.5 * u - 1.0), 2.0 / 3.0 + v * v * (0.5 * v - 1.0), u**3 / 6.0)
    # Inside the axis `beyond` is zero, and u carries the derivative; outside it is the other way round.
    held = [ns.constant(slope) for slope in slopes]
    return cell.astype("int32"), xp.stack([w + beyond * slope for w, slope in zip(weights, held, strict=True)])


def emissivities(ns, shape, coefs, zone, t, log_n):
    """ln(ε/ε_Hβ) relative to its reference of the terms of one zone."""
    first_t, step_t, nodes_t, first_n, step_n, nodes_n = shape.grid
    i, weights_t = spline_weights(ns, ns.xp.log(t) / LN10, first_t, step_t, nodes_t)
    j, weights_n = spline_weights(ns, log_n, first_n, step_n, nodes_n)
    mine = np.array([term[1] == zone for term in shape.terms])
    touched = ns.window(coefs[..., mine], i, j)
    return (weights_t[:, None] * weights_n).reshape((16,)) @ touched.reshape((16, int(mine.sum())))


def held_density(ns, log_n):
    """n (1 + (n/300)⁸)^(−1/8), the density in f_tau."""
    ratio = ns.xp.minimum(bounded_exp(ns, LN10 * log_n) / TAU_DENSITY, TAU_DENSITY_RATIO)
    return TAU_DENSITY * ratio / (1.0 + ratio**8) ** 0.125


def evaluate(ns, shape, coefs, numbers, position):
    """Slots' values, ln X/H of the ions (relative to their base), the lines' fluxes, and ln of the slots' priors."""
    xp = ns.xp
    values, ln_prior = slots(ns, shape, numbers, position)
    zone_of = np.array([term[1] for term in shape.terms])
    ion_of = np.array([term[0] for term in shape.terms])
    line_of = np.array([term[3] for term in shape.terms])
    parts = [emissivities(ns, shape, coefs, z, values[t], values[n]) for z, (t, n) in enumerate(shape.zones)]
    order = np.argsort(np.argsort(zone_of, kind="stable"))
    emissivity = xp.concatenate(parts)[order]
    t4 = xp.stack([1e-4 * values[t] for t, _ in shape.zones])[zone_of]
    n = xp.stack([held_density(ns, values[n]) for _, n in shape.zones])[zone_of]
    a, b0, b1, b2 = (numbers["f_tau"][:, k] for k in range(4))
    f_tau = xp.maximum(1.0 + 0.5 * values[shape.tau] * (a + (b0 + n * (b1 + n * b2)) * t4), TAU_FLOOR)
    exponent = numbers["constant"] + emissivity - numbers["f_lambda"] * values[shape.c_hbeta]
    per_ion = bounded_exp(ns, exponent) * f_tau
    # The coordinate of an ion is ln of what it sends into its reference line.
    coordinate = np.array([0 if source is None else source for _, _, source in shape.ions])
    is_flux = np.array([float(kind == FLUX) for _, kind, _ in shape.ions])
    low_snr = (numbers["ion_low_snr"], numbers["ion_ln_unit"], numbers["ion_tail_slope"])
    phi, ln_slope = low_snr_score(ns, *low_snr, 1.0, position[coordinate])
    ln_prior = ln_prior + (is_flux * ln_slope).sum()
    ln_abundance = is_flux * (phi - xp.log((numbers["reference"] * per_ion).sum(-1)))
    fluxes = bounded_exp(ns, ln_abundance)[ion_of] * per_ion
    sums = np.equal.outer(np.arange(len(shape.labels)), line_of).astype(float)
    return values, ln_abundance, (sums * fluxes).sum(-1), ln_prior


def residuals(numbers, ln_abundance, fluxes):
    """(F − model)/σ of the lines, and (ln X − mean)/sd of the ions under their priors."""
    return (
        (fluxes - numbers["flux"]) * numbers["inverse_sigma"],
        (ln_abundance - numbers["ion_location"]) * numbers["ion_inverse_width"],
    )


def logdensity(ns, shape, coefs, numbers, position):
    """ln of the posterior density at `position`, without evidence."""
    _, ln_abundance, fluxes, ln_prior = evaluate(ns, shape, coefs, numbers, position)
    of_lines, of_ions = residuals(numbers, ln_abundance, fluxes)
    return numbers["ln_constant"] + ln_prior - 0.5 * (of_lines**2).sum() - 0.5 * (of_ions**2).sum()


def physical(ns, shape, coefs, numbers, position):
    """The parameters that users know, in the order of `shape.parameters`."""
    values, ln_abundance, _, _ = evaluate(ns, shape, coefs, numbers, position)
    ln_x = ln_abundance - numbers["base"]
    meaning = {
        "slot": lambda place: values[place],
        "exp10": lambda place: bounded_exp(ns, LN10 * values[place]),
        "metal": lambda place: 12.0 + ln_x[place] / LN10,
        "helium": lambda place: bounded_exp(ns, ln_x[place]),
    }
    return ns.xp.stack([meaning[kind](place) for _, kind, place in shape.parameters])
