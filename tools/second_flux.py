"""The flux equation of docs/model.md, rendered a second time, without a look at the program's code.

It has lines, reddening, the optical depth of He I and underlying absorption. Fluxes are relative to
the Hβ that the gas emits. Truths are arrays with one value for each galaxy, under the names of the
program's parameters.
"""

import dataclasses

import numpy as np
import pyneb
from second_atoms import Collisional, Helium, Recombining

# Ions that nebulium's presets put into the zones `high`, and `mid` of preset `default`; all others are in `low`.
HIGH = {"He1", "He2", "O3", "Ne3", "Ar4"}
MID = {"S3", "Ar3", "Cl3"}
# Coefficients a, b0, b1, b2 of Benjamin, Skillman & Smits 2002, Table 4, and the density where they are held [cm⁻³].
OPTICAL_DEPTH = {
    "He1_3889A": (-0.106, 5.14e-5, -4.20e-7, 1.97e-10),
    "He1_4026A": (0.00143, 4.05e-4, 3.63e-8, 0.0),
    "He1_4471A": (0.00274, 8.81e-4, -1.21e-6, 0.0),
    "He1_4713A": (0.0577, -7.12e-3, -3.10e-5, 3.99e-8),
    "He1_5876A": (0.00470, 2.23e-3, -2.51e-6, 0.0),
    "He1_7065A": (0.359, -3.46e-2, -1.84e-4, 3.039e-7),
    "He1_10830A": (0.0149, 4.45e-3, -6.34e-5, 9.20e-8),
}
HELD_DENSITY = 300.0
# Ratios of underlying absorption with their errors, relative to Hβ (hydrogen) and to He I 4471 (helium).
ABSORPTION = {
    "H1_4861A": (1.0, 0.0), "H1_6563A": (0.942, 0.10), "H1_4341A": (0.959, 0.05), "H1_4102A": (0.896, 0.08),
    "H1_3835A": (0.62, 0.20), "H1_3798A": (0.56, 0.24), "He1_4026A": (1.347, 0.30), "He1_4471A": (1.0, 0.0),
    "He1_5876A": (0.874, 0.28), "He1_6678A": (0.525, 0.10), "He1_7065A": (0.40, 0.13), "He1_10830A": (0.8, 0.4),
}  # fmt: skip
# Lines whose absorption the age of the stars makes larger or smaller together.
TOGETHER = {"H1_3835A", "H1_3798A"}


@dataclasses.dataclass(frozen=True)
class Line:
    """A transition: levels of a collisional ion, or the label of a recombination line in PyNeb's table."""

    label: str
    wavelength: float
    transition: tuple | str

    @property
    def ion(self):
        return self.label.split("_")[0]


def _lines():
    recombination = {
        "H1_4861A": (4861.33, "4_2"), "H1_6563A": (6562.80, "3_2"), "H1_4341A": (4340.46, "5_2"), "H1_4102A": (4101.73, "6_2"),
        "H1_3889A": (3889.05, "8_2"), "H1_3835A": (3835.38, "9_2"), "H1_3798A": (3797.90, "10_2"),
        "He1_3889A": (3888.65, "3889.0"), "He1_4026A": (4026.19, "4026.0"), "He1_4471A": (4471.49, "4471.0"),
        "He1_4713A": (4713.15, "4713.0"), "He1_5876A": (5875.64, "5876.0"), "He1_6678A": (6678.15, "6678.0"),
        "He1_7065A": (7065.22, "7065.0"), "He1_10830A": (10830.25, "10830.0"), "He2_4686A": (4685.70, "4_3"),
    }  # fmt: skip
    collisional = {
        "O2_3726A": (3726.03, (3, 1)), "O2_3729A": (3728.82, (2, 1)), "O2_7319A": (7318.92, (5, 2)), "O2_7320A": (7319.99, (4, 2)),
        "O2_7330A": (7329.67, (5, 3)), "O2_7331A": (7330.73, (4, 3)), "O3_4363A": (4363.21, (5, 4)), "O3_4959A": (4958.91, (4, 2)),
        "O3_5007A": (5006.84, (4, 3)), "N2_5755A": (5754.64, (5, 4)), "N2_6548A": (6548.05, (4, 2)), "N2_6584A": (6583.46, (4, 3)),
        "S2_6716A": (6716.44, (3, 1)), "S2_6731A": (6730.82, (2, 1)), "S3_6312A": (6312.06, (5, 4)), "S3_9069A": (9068.62, (4, 2)),
        "Ar3_7136A": (7135.79, (4, 1)), "Ar4_4711A": (4711.35, (3, 1)), "Ar4_4740A": (4740.12, (2, 1)), "Ne3_3869A": (3868.76, (4, 1)),
        "Cl3_5518A": (5517.71, (3, 1)), "Cl3_5538A": (5537.87, (2, 1)),
    }  # fmt: skip
    return {label: Line(label, *entry) for label, entry in (recombination | collisional).items()}


LINES = _lines()
# Merged lines by their members.
BLENDS = {
    "H1_3889A_m": ("H1_3889A", "He1_3889A"),
    "O2_7325A_m": ("O2_7319A", "O2_7320A", "O2_7330A", "O2_7331A"),
    "Ar4_4711A_m": ("Ar4_4711A", "He1_4713A"),
}
ATOMS = {}
# The set of He I emissivities by Del Zanna & Storey (2022), which the shift of `he1_shift` is about.
OTHER_HELIUM = "he_i_rec_DZS22.hdf5"


def atom(ion):
    """The atomic data of an ion, read once."""
    if ion not in ATOMS:
        element, spectrum = ion[:-1], int(ion[-1])
        kind = {"H1": Recombining, "He1": Helium, "He2": Recombining}.get(ion, Collisional)
        ATOMS[ion] = kind(element, spectrum)
    return ATOMS[ion]


def helium_shift(line, truths):
    """The factor on a line of He I: the ratio of two sets of emissivities, to the amplitude's power."""
    if line.ion != "He1" or "he1_shift" not in truths:
        return 1.0
    if OTHER_HELIUM not in ATOMS:
        ATOMS[OTHER_HELIUM] = Helium("He", 1, OTHER_HELIUM)
    point = line.transition, truths["T_high"], truths["n_e"]
    return (ATOMS[OTHER_HELIUM].emissivity(*point) / atom("He1").emissivity(*point)) ** truths["he1_shift"]


def ratio(line, temperature, density):
    """The emissivity relative to that of Hβ at the same temperature and density."""
    hbeta = atom("H1").emissivity("4_2", temperature, density)
    return atom(line.ion).emissivity(line.transition, temperature, density) / hbeta


def reddening(line, law="G03 LMC"):
    """f(λ) = X(λ)/X(Hβ) − 1 of one of PyNeb's laws."""
    law = pyneb.RedCorr(E_BV=1.0, R_V=3.1, law=law)
    extinction = [np.log10(law.getCorr(wavelength)) for wavelength in (line.wavelength, LINES["H1_4861A"].wavelength)]
    return extinction[0] / extinction[1] - 1


def optical_depth(line, tau, temperature, density):
    """f_tau of He I; 1 for a line without coefficients."""
    if line.label not in OPTICAL_DEPTH:
        return 1.0
    a, b0, b1, b2 = OPTICAL_DEPTH[line.label]
    n = density * (1 + (density / HELD_DENSITY) ** 8) ** -0.125
    return 1 + tau / 2 * (a + (b0 + b1 * n + b2 * n * n) * temperature / 1e4)


def zone(ion, truths):
    """The name of the ion's temperature; preset `plain` has no zone `mid`."""
    if ion in HIGH:
        return "T_high"
    return "T_mid" if ion in MID and "T_mid" in truths else "T_low"


def abundance(ion, truths):
    """X/H: helium's parameters are linear, those of metals 12 + log₁₀."""
    if ion == "H1":
        return 1.0
    return truths[ion] if ion.startswith("He") else 10 ** (truths[ion] - 12)


def line_flux(line, truths):
    """The flux relative to Hβ before absorption."""
    temperature, density = truths[zone(line.ion, truths)], truths["n_e"]
    flux = abundance(line.ion, truths) * ratio(line, temperature, density) * helium_shift(line, truths)
    return flux * optical_depth(line, truths["tau"], temperature, density) * 10 ** (-reddening(line) * truths["cHbeta"])


def flux(label, truths, widths=None):
    """The observed flux relative to the emitted Hβ; `widths` holds equivalent widths [Å] where absorption is in the model."""
    total = sum(line_flux(LINES[member], truths) for member in BLENDS.get(label, (label,)))
    if widths is None or label not in ABSORPTION:
        return total
    stars = truths["a_He" if label.startswith("He1") else "a_H"]
    return total / (1 + ABSORPTION[label][0] * stars / widths[label])


def absorption_error(label, widths, scale):
    """The error of the ratio as a fraction of the flux; `scale` holds the root mean square of a_H and a_He under their priors."""
    if widths is None or label not in ABSORPTION:
        return 0.0
    k, error = ABSORPTION[label]
    stars = scale["a_He" if label.startswith("He1") else "a_H"]
    error *= np.sqrt(len(TOGETHER)) if label in TOGETHER else 1.0
    return stars * error / (widths[label] + k * stars)
