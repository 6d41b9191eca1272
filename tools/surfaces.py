"""Smooth emissivity surfaces from the atomic data that PyNeb holds.

PyNeb interpolates its tables linearly. Here the same data are interpolated smoothly, so that a fit sees no kinks:
collision strengths as natural cubic splines of log Omega in log T with the level populations solved anew; H I and He II
as bicubic splines in logarithms; He I along the variable in which collisional excitation from 2 3S is linear. Beyond
the ends of a table in T a surface continues linearly in logarithms; below the lowest density of a recombination table
it goes to its low-density limit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyneb as pn
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

Array = NDArray[np.float64]
Grid = Callable[[list, Array, Array], Array]

# Photon energy times wavelength [erg angstrom].
ERG_ANGSTROM = pn.CST.HPLANCK * pn.CST.CLIGHT * 1e8
# Porter, Ferland & MacAdam 2007, ApJ 657, 327, eq. 1: 2 3S is collisionally destroyed at n t^0.55 = 3552 cm^-3.
HELIUM_DENSITY, HELIUM_POWER = 3552.0, -0.55


@dataclass(frozen=True)
class Source:
    """The data of one ion: `smooth` and `pyneb` map (keys, T [K], n_e [cm^-3]) to log10 emissivity [key, T, n_e].

    `keys` are the names of the lines of a recombination table.
    """

    smooth: Grid
    pyneb: Grid
    node_T: Array
    node_ne: Array
    valid_ne: tuple[float, float]
    files: list[str]
    references: list[str]
    keys: list[str] | None = None


def natural_spline(x: Array, y: Array, at: Array) -> Array:
    """Natural cubic spline through (x, y[..., x]) at points `at`, continued linearly beyond both ends."""
    spline = CubicSpline(x, y, axis=-1, bc_type="natural")
    inside = np.clip(at, x[0], x[-1])
    return spline(inside) + spline(inside, 1) * (at - inside)


def increasing(nodes: Array) -> int:
    """Length of the leading strictly increasing part (PyNeb's Fe III file repeats a temperature in its last column)."""
    falls = np.nonzero(np.diff(nodes) <= 0)[0]
    return int(falls[0]) + 1 if falls.size else nodes.size


class Collisions:
    """Collision strengths of an atom, interpolated; zero where the file has no data."""

    def __init__(self, atom: pn.Atom) -> None:
        size = atom.NLevels
        temperatures = atom.getTemArray(keep_unit=False)
        self.count = increasing(temperatures)
        self.node_T = temperatures[: self.count]
        table = atom.getOmegaArray()[:size, :size, : self.count]
        self.lower, self.upper = np.nonzero((table > 0).all(axis=-1))
        self.log_omega = np.log10(table[self.lower, self.upper])
        self.weight = atom.getStatWeight()[:size]
        self.energy = atom.getEnergy()[:size]
        partial = (table > 0).any(axis=-1) & ~(table > 0).all(axis=-1)
        if partial.any() or "COEFF" in atom.CollData.comments or "O_UNIT" in atom.CollData.comments:
            raise ValueError(f"{atom.collFile}: collision strengths that this tool does not read")

    def rates(self, T: float) -> Array:
        """Rate coefficients [from, to] in cm^3/s at one temperature: Osterbrock & Ferland 2006, eqs 3.20 and 3.21."""
        omega = 10.0 ** natural_spline(np.log10(self.node_T), self.log_omega, np.log10(T))
        up, low = self.upper, self.lower
        rates = np.zeros((self.weight.size, self.weight.size))
        rates[up, low] = pn.CST.KCOLLRATE / np.sqrt(T) * omega / self.weight[up]
        boltzmann = np.exp((self.energy[low] - self.energy[up]) / (pn.CST.BOLTZMANN_ANGK * T))
        rates[low, up] = rates[up, low] * self.weight[up] / self.weight[low] * boltzmann
        return rates


def populations(rates: Array, decay: Array, n_e: Array) -> Array:
    """Level populations [n_e, level], summing to one, from rate coefficients and spontaneous rates [from, to].

    Entries of `decay` from a lower to a higher level empty their level and feed none, as PyNeb's `product=False` does:
    they are decays between levels whose order in theory and experiment differs (Fe III).
    """
    matrix = n_e[:, None, None] * rates.T + np.tril(decay, -1).T
    loss = n_e[:, None] * rates.sum(axis=1) + decay.sum(axis=1)
    level = np.arange(decay.shape[0])
    matrix[:, level, level] = -loss
    matrix[:, 0, :] = 1.0
    right = np.zeros((n_e.size, level.size, 1))
    right[:, 0] = 1.0
    return np.linalg.solve(matrix, right)[..., 0]


def collisional(name: str, *files: str | None) -> tuple[Source, pn.Atom]:
    """A collisionally excited ion, with other atomic or collision files than PyNeb's default where they are named."""
    for file in filter(None, files):
        pn.atomicData.setDataFile(file)
    atom = pn.Atom(atom=name)
    pn.atomicData.resetDataFileDict()
    collisions = Collisions(atom)
    decay = atom.getA()[: atom.NLevels, : atom.NLevels]

    def photon(upper: int, lower: int) -> float:
        return (collisions.energy[upper - 1] - collisions.energy[lower - 1]) * ERG_ANGSTROM

    def smooth(keys: list, T: Array, n_e: Array) -> Array:
        pops = np.stack([populations(collisions.rates(t), decay, n_e) for t in T])
        return np.stack([np.log10(photon(u, l) * decay[u - 1, l - 1] * pops[..., u - 1] / n_e) for u, l in keys])

    def pyneb(keys: list, T: Array, n_e: Array) -> Array:
        t, n = (mesh.ravel() for mesh in np.meshgrid(T, n_e, indexing="ij"))
        values = [atom.getEmissivity(t, n, u, l, product=False) for u, l in keys]
        return np.log10(np.stack(values)).reshape(len(keys), T.size, n_e.size)

    source = Source(
        smooth, pyneb, collisions.node_T, 10.0 ** np.arange(6), (0.0, np.inf),
        [atom.atomFile, atom.collFile], references(atom.getSources()),
    )  # fmt: skip
    return source, atom


def recombination_table(atom: pn.RecAtom, key: str) -> tuple[Array, Array, Array]:
    """(log10 T, log10 n_e, log10 emissivity [T, n_e]) of one line of a recombination table."""
    T, density, values = (np.asarray(x, dtype=float).ravel() for x in (atom.temp, atom.log_dens, atom._RecombData[key]))
    order = np.lexsort((density, T))
    nodes_T, nodes_ne = np.unique(T), np.unique(density)
    return np.log10(nodes_T), nodes_ne, np.log10(values[order]).reshape(nodes_T.size, nodes_ne.size)


def recombination(name: str, interpolate: Callable, file: str | None = None) -> Source:
    """A recombination ion whose table `interpolate(log T nodes, log n nodes, table, T, n_e)` makes smooth.

    `file` is another table than PyNeb's default.
    """
    if file:
        pn.atomicData.setDataFile(file)
    atom = pn.RecAtom(atom=name)
    pn.atomicData.resetDataFileDict()
    keys_T, keys_ne, _ = recombination_table(atom, atom.labels[0])

    def smooth(keys: list, T: Array, n_e: Array) -> Array:
        return np.stack([interpolate(*recombination_table(atom, key), T, n_e) for key in keys])

    def pyneb(keys: list, T: Array, n_e: Array) -> Array:
        t, n = (mesh.ravel() for mesh in np.meshgrid(T, n_e, indexing="ij"))
        values = [atom.getEmissivity(t, n, label=key, product=False) for key in keys]
        return np.log10(np.stack(values)).reshape(len(keys), T.size, n_e.size)

    return Source(
        smooth, pyneb, 10.0**keys_T, 10.0**keys_ne, (10.0 ** keys_ne[0], 10.0 ** keys_ne[-1]),
        [atom.recFitsFile], references(atom.getSources()), [key for key in atom.labels if key not in ("TEMP", "DENS")],
    )  # fmt: skip


def bicubic(log_T: Array, log_ne: Array, table: Array, T: Array, n_e: Array) -> Array:
    """H I, He II: natural bicubic spline in logarithms.

    The tables begin at 100 cm^-3, close to the low-density limit (the next decade changes the ratio to H-beta by 0.3 %
    or less for Balmer lines, by 1.4 % at most): the lowest row stands at 10, 1 and 0.1 cm^-3 too. PyNeb also holds it.
    """
    thin = log_ne[0] - np.arange(3.0, 0.0, -1.0)
    padded = np.hstack([np.repeat(table[:, :1], thin.size, axis=1), table])
    in_density = natural_spline(np.concatenate([thin, log_ne]), padded, np.log10(n_e))
    return natural_spline(log_T, in_density.T, np.log10(T)).T


def helium(log_T: Array, log_ne: Array, table: Array, T: Array, n_e: Array) -> Array:
    """He I: monotone cubic along s = 1 / (1 + 3552 t^-0.55 / n_e) at each node of T, then a cubic spline in log T.

    s is proportional to the population of 2 3S (Porter, Ferland & MacAdam 2007), in which the emissivities are close to
    linear; an ordinary spline in s overshoots. Below the table, s goes to 0 and the emissivity is linear in s.
    """
    columns = []
    for x, row in zip(log_T, table, strict=True):
        critical = HELIUM_DENSITY * (10.0**x / 1e4) ** HELIUM_POWER
        nodes, at = (n / (n + critical) for n in (10.0**log_ne, n_e))
        curve = PchipInterpolator(nodes, 10.0**row)
        inside = np.clip(at, nodes[0], nodes[-1])
        columns.append(np.log10(curve(inside) + curve(inside, 1) * (at - inside)))
    return natural_spline(log_T, np.array(columns).T, np.log10(T)).T


def references(sources: list[str]) -> list[str]:
    """PyNeb's source strings without the ion's name; links to the level tables become a citation."""
    cleaned = []
    for source in sources:
        text = " ".join(source.split()).rstrip(": ")
        if "of NIST" in text:
            text = "Energy levels: Kramida et al., NIST Atomic Spectra Database (2014)"
        elif text.split(": ")[0].rstrip("0123456789").isalpha() and ": " in text:
            text = text.split(": ", 1)[1]
        if text not in cleaned:
            cleaned.append(text)
    return cleaned
