"""Reads an exported problem: what is the same for all objects of a kind (`Shape`), and the numbers of each object."""

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

# Codes of the records (src/model/record.rs).
FIXED, QUANTILE, SOFTPLUS = 0, 1, 2
NORMAL, LOG_NORMAL = 0, 1
FLUX, UNITY = 0, 3
GAUSSIAN = 0
UNBOUNDED = 1e30
EDGE = 40.0


class Unsupported(Exception):
    """The problem has a record that the peers' model does not know."""


@dataclass(frozen=True)
class Shape:
    """What the log density of an object looks like, numbers aside; objects of one shape can be evaluated together."""

    dimension: int
    coordinates: tuple  # names
    parameters: tuple  # (name, kind, place)
    slots: tuple  # (kind, family, coordinate, log10, cut)
    zones: tuple  # (temperature slot, density slot)
    c_hbeta: int
    tau: int
    ions: tuple  # (name, kind, coordinate)
    terms: tuple  # (ion, zone, row, line)
    labels: tuple  # of the lines
    grid: tuple  # first and nodes per unit of log10 T, nodes; the same of log10 n


@dataclass
class Object:
    """One object: its numbers as arrays, its mode, and what nebulium says at a few positions."""

    name: str
    shape: Shape
    numbers: dict
    mode: np.ndarray
    hessian: np.ndarray
    tests: list
    start: np.ndarray

    @property
    def factor(self):
        """L with L Lᵀ = Hessian⁻¹: position = mode + L x has unit covariance where the posterior is Gaussian."""
        return np.linalg.inv(np.linalg.cholesky(self.hessian)).T


def read(path):
    """The coefficients of every row, by row; the objects of the commonest shape; and how many others there were.

    Others are objects without a mode, of another shape, or with a record that the peers' model does not know. Where nothing is left
    the first of those records is the error.
    """
    with open(path) as file:
        text = json.load(file)
    grid = text["grid"]
    size = (grid["nodes_t"] + 2, grid["nodes_n"] + 2)
    rows = {int(row): np.reshape(values, size) for row, values in grid["rows"].items()}
    axes = (*grid["log10_t"], grid["nodes_t"], *grid["log10_n"], grid["nodes_n"])
    objects, refusals = [], []
    for value in text["objects"]:
        try:
            _require(value["mode"] is not None, value["id"], "an object without a mode")
            objects.append(_object(value, axes))
        except Unsupported as refusal:
            refusals.append(refusal)
    if not objects:
        raise refusals[0]
    commonest = Counter(of.shape for of in objects).most_common(1)[0][0]
    kept = [of for of in objects if of.shape == commonest]
    return rows, kept, len(text["objects"]) - len(kept)


def coefficients(shape, rows):
    """Spline coefficients of the terms, (node of T, node of n, term): what a point touches lies together."""
    return np.stack([rows[row] for _, _, row, _ in shape.terms], axis=-1)


def _require(condition, name, what):
    if not condition:
        raise Unsupported(f"{name}: {what} is not in the peers' model; the preset plain is")


def _object(value, axes):
    name, records, mode = value["id"], value["records"], value["mode"]
    slots, ions, terms, lines = (records[key] for key in ("slots", "ions", "terms", "lines"))
    _refuse(name, records)
    line_of = np.concatenate([[index] * line["terms"] for index, line in enumerate(lines)])
    shape = Shape(
        dimension=records["dimension"],
        coordinates=tuple(value["coordinates"]),
        parameters=tuple((p["name"], p["kind"], p["place"]) for p in value["parameters"]),
        slots=tuple((s["kind"], s["family"], s["coordinate"], s["log10"], _is_cut(s)) for s in slots),
        zones=tuple(map(tuple, records["zones"])),
        c_hbeta=records["c_hbeta"],
        tau=records["tau"],
        ions=tuple((i["name"], i["kind"], i["source"]) for i in ions),
        terms=tuple((t["ion"], t["zone"], t["table"], int(line)) for t, line in zip(terms, line_of, strict=True)),
        labels=tuple(line["label"] for line in lines),
        grid=axes,
    )
    return Object(
        name=name,
        shape=shape,
        numbers=_numbers(records),
        mode=np.array(mode["position"]),
        hessian=np.reshape(mode["hessian"], (shape.dimension, shape.dimension)),
        tests=mode["tests"],
        start=_start(records),
    )


def _refuse(name, records):
    slots = records["slots"]
    for slot in slots:
        _require(slot["parent"] is None, name, "a tied parameter")
        _require(slot["kind"] == FIXED or slot["family"] in (NORMAL, LOG_NORMAL), name, "a prior's family")
    for what, place in records["absent"].items():
        _require(slots[place]["kind"] == FIXED and slots[place]["location"] == 0.0, name, what)
    _require(slots[records["rv"]]["kind"] == FIXED, name, "a free R_V")
    for ion in records["ions"]:
        _require(ion["kind"] in (FLUX, UNITY), name, f"the coordinate of {ion['name']}")
    for term in records["terms"]:
        _require(term["times"] is None and term["over"] is None, name, "recombination of a metal")
        _require(term["table"] is not None, name, "a term without a table")
    for line in records["lines"]:
        _require(line["likelihood"] == GAUSSIAN, name, f"the likelihood of {line['label']}")
        _require(line["arm"] is None, name, f"the calibration of {line['label']}")


def _is_cut(slot):
    return slot["lower"] > -UNBOUNDED or slot["upper"] < UNBOUNDED


def _numbers(records):
    """The object's numbers as arrays over slots, ions, terms and lines."""
    slots, ions, terms, lines = (records[key] for key in ("slots", "ions", "terms", "lines"))

    def array(rows, key):
        return np.array([row[key] for row in rows], float)

    location, width = array(slots, "location"), array(slots, "width")
    alpha = np.clip((array(slots, "lower") - location) / width, -EDGE, EDGE)
    beta = np.clip((array(slots, "upper") - location) / width, -EDGE, EDGE)
    rv = slots[records["rv"]]["location"]
    a_hbeta, b_hbeta = records["law_hbeta"]
    reference = np.zeros((len(ions), len(terms)))
    for mask, ion in zip(reference, ions, strict=True):
        mask[ion["first_reference"] : ion["first_reference"] + ion["references"]] = 1.0
    return {
        "location": location,
        "width": width,
        "lower": array(slots, "lower"),
        "upper": array(slots, "upper"),
        "offset": array(slots, "offset"),
        "scale": array(slots, "scale"),
        **{key: array(slots, key) for key in ("low_snr", "ln_unit", "tail_slope")},
        **{f"ion_{key}": array(ions, key) for key in ("low_snr", "ln_unit", "tail_slope")},
        # Probabilities that a truncated prior cuts off below and above, and what is left.
        "below": ndtr(alpha),
        "above": ndtr(-beta),
        "mass": np.where(alpha > 0, ndtr(-alpha) - ndtr(-beta), ndtr(beta) - ndtr(alpha)),
        "ion_location": array(ions, "location"),
        "ion_inverse_width": array(ions, "inverse_width"),
        "base": array(ions, "base"),
        "reference": reference,
        "constant": array(terms, "constant"),
        # ln 10 · f_λ.
        "f_lambda": (array(terms, "law_a") * rv + array(terms, "law_b")) / (a_hbeta * rv + b_hbeta) - np.log(10.0),
        "f_tau": np.array([term["tau"] for term in terms], float),
        "flux": array(lines, "flux"),
        "inverse_sigma": array(lines, "inverse_sigma"),
        "ln_constant": np.float64(records["constant"]),
    }


def _start(records):
    """Where a search for the mode may begin: each ion's reference line at its measured flux, temperatures below their prior."""
    start = np.zeros(records["dimension"])
    temperatures = {zone[0] for zone in records["zones"]}
    line_of = [line for line in records["lines"] for _ in range(line["terms"])]
    for place, slot in enumerate(records["slots"]):
        if slot["kind"] != FIXED:
            start[slot["coordinate"]] = 2.0 if slot["kind"] == SOFTPLUS else -0.5 if place in temperatures else 0.0
    for ion in records["ions"]:
        if ion["kind"] == FLUX:
            flux = line_of[ion["first_reference"]]["start"]
            start[ion["source"]] = max(flux / np.exp(ion["ln_unit"]), 1.0) if ion["low_snr"] else np.log(flux)
    return start
