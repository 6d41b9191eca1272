"""Emissivities of the second rendering, from PyNeb's atomic data at PyNeb's own nodes.

Collisional ions have their level populations solved at each temperature and density. Between the
nodes, log Ω is a natural cubic spline in log T. H I and He II are bicubic splines in logarithms. He
I is monotone in s = 1/(1 + 3552 t^-0.55/n). No grid lies between these data and a line.
"""

import numpy as np
import pyneb
from scipy.interpolate import CubicSpline, PchipInterpolator, RectBivariateSpline

pyneb.log_.level = 1
# Constants in CGS units: Boltzmann [erg/K], Planck times c [erg cm]; 8.629e-6 = h²/(2π m_e)^1.5/√k [cm³ s⁻¹ K^½].
# VACUUM: wavelength in vacuum over that in air, which names the lines of Porter's table.
VACUUM = 1.00028
BOLTZMANN, PLANCK_C, COLLISION = 1.380649e-16, 1.98644586e-16, 8.629e-6


def natural_spline(x, y):
    """A natural cubic spline that goes on as a straight line beyond its ends."""
    spline = CubicSpline(x, y, bc_type="natural")

    def evaluate(at):
        held = np.clip(at, x[0], x[-1])
        return spline(held) + spline(held, 1) * (at - held)

    return evaluate


class Collisional:
    """An ion whose levels electrons excite: emissivities per ion and electron [erg cm³ s⁻¹]."""

    def __init__(self, element, spectrum):
        atom = pyneb.Atom(element, spectrum)
        self.levels = atom.NLevels
        self.energy = np.array(atom._Energy[: self.levels]) * 1e8 * PLANCK_C
        self.weight = np.array(atom._StatWeight[: self.levels])
        self.decay = np.array(atom._A[: self.levels, : self.levels])
        nodes = np.log(atom.getTemArray(keep_unit=False))
        self.strengths = {}
        for upper in range(1, self.levels):
            for lower in range(upper):
                omega = np.array(atom.getOmegaArray(upper + 1, lower + 1), float)
                if (omega > 0).all():
                    self.strengths[upper, lower] = natural_spline(nodes, np.log(omega))

    def rates(self, temperature):
        """Collisional rates [cm³ s⁻¹] from level j to level i at [:, i, j]."""
        rates = np.zeros((len(temperature), self.levels, self.levels))
        for (upper, lower), strength in self.strengths.items():
            down = COLLISION / np.sqrt(temperature) * np.exp(strength(np.log(temperature))) / self.weight[upper]
            gap = (self.energy[upper] - self.energy[lower]) / (BOLTZMANN * temperature)
            rates[:, lower, upper] = down
            rates[:, upper, lower] = down * self.weight[upper] / self.weight[lower] * np.exp(-gap)
        return rates

    def populations(self, temperature, density):
        """Fractions of the ions in each level, from statistical equilibrium."""
        flow = self.rates(temperature) * density[:, None, None] + self.decay.T
        matrix = flow - np.einsum("nij,jk->njk", flow, np.eye(self.levels))
        matrix[:, 0, :] = 1.0
        right = np.zeros((len(temperature), self.levels, 1))
        right[:, 0] = 1.0
        return np.linalg.solve(matrix, right)[:, :, 0]

    def emissivity(self, transition, temperature, density):
        upper, lower = transition[0] - 1, transition[1] - 1
        photon = self.energy[upper] - self.energy[lower]
        return self.populations(temperature, density)[:, upper] * self.decay[upper, lower] * photon / density


class Recombining:
    """An ion whose lines follow recombination: emissivities per ion and electron [erg cm³ s⁻¹]."""

    def __init__(self, element, spectrum, file=None):
        own = pyneb.atomicData.getDataFile(f"{element}{spectrum}", "rec") if file else None
        if file:
            pyneb.atomicData.setDataFile(file)
        atom = pyneb.RecAtom(element, spectrum)
        if own:
            pyneb.atomicData.setDataFile(own)
        temperature = np.array(atom.temp.tolist(), float).ravel()
        density = np.array(atom.log_dens.tolist(), float).ravel()
        self.order = np.lexsort((density, temperature))
        self.log_t, self.log_n = np.log10(np.unique(temperature)), np.unique(density)
        self.data = atom._RecombData
        self.labels = list(atom.labels)

    def table(self, label):
        """log₁₀ of the emissivities at the nodes, temperatures along the first axis."""
        values = np.array(self.data[label].tolist(), float).ravel()[self.order]
        return np.log10(values.reshape(len(self.log_t), len(self.log_n)))

    def emissivity(self, label, temperature, density):
        """A bicubic spline; below the first density the logarithm goes on along its slope."""
        log_t, log_n = np.log10(temperature), np.log10(density)
        surface = RectBivariateSpline(self.log_t, self.log_n, self.table(label), s=0)
        held = np.clip(log_n, self.log_n[0], self.log_n[-1])
        slope = surface(log_t, held, dy=1, grid=False)
        return 10.0 ** (surface(log_t, held, grid=False) + slope * (log_n - held))


class Helium(Recombining):
    """He I, whose density dependence is that of collisions from the metastable level 2³S."""

    def emissivity(self, label, temperature, density):
        """A cubic spline in log T at each density of the table, then a monotone cubic along s.

        Collisions add to ε in proportion to s, so that ε itself, not its logarithm, runs along s.
        """
        log_t = np.log10(temperature)
        if label not in self.labels:
            label = min(self.labels, key=lambda known: abs(float(known) - VACUUM * float(label)))
        columns = CubicSpline(self.log_t, self.table(label), bc_type="natural")(log_t)
        value = np.empty(len(log_t))
        for place, (t, n) in enumerate(zip(log_t, density, strict=True)):
            nodes = 1 / (1 + 3552 * 10 ** (-0.55 * (t - 4)) / 10**self.log_n)
            s = 1 / (1 + 3552 * 10 ** (-0.55 * (t - 4)) / n)
            along = PchipInterpolator(nodes, 10.0 ** columns[place])
            held = max(s, nodes[0])
            value[place] = along(held) + along(held, 1) * (s - held)
        return value
