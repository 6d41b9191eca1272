"""The lines of the emissivity set: label, ion, transition and laboratory wavelength.

A collisionally excited line is named by its upper and lower level in PyNeb's numbering, never by a rounded wavelength;
its wavelength follows from the level energies. A hydrogenic line is named by its two principal quantum numbers, a He I
line by the key of its column in the table of Porter et al.
"""

from collections.abc import Callable
from dataclasses import dataclass

# Rydberg constants of 1H and 4He [cm^-1] (CODATA 2018, reduced mass), and the fine-structure constant.
RYDBERG = {"H1": 109677.5834, "He2": 109722.2735}
CHARGE = {"H1": 1, "He2": 2}
FINE_STRUCTURE = 7.2973525693e-3
# Lines below this wavelength are labelled and listed by their vacuum wavelength [angstrom].
VACUUM_BELOW = 2000.0
# A label may differ from the wavelength by its rounding, no more: [angstrom], or a fraction for a label in micron.
LABEL_SLACK_ANGSTROM = 0.9
LABEL_SLACK_MICRON = 0.01

# label: (upper, lower) in PyNeb's level numbers.
COLLISIONAL = {
    "Ar3_5192A": (5, 4), "Ar3_7136A": (4, 1), "Ar3_7751A": (4, 2), "Ar3_8.99um": (2, 1),
    "Ar4_4711A": (3, 1), "Ar4_4740A": (2, 1), "Ar4_7171A": (5, 2), "Ar4_7237A": (5, 3), "Ar4_7263A": (4, 2),
    "Ar5_6435A": (4, 2), "Ar5_7006A": (4, 3),
    "C3_1907A": (4, 1), "C3_1909A": (3, 1),
    "C4_1548A": (3, 1), "C4_1551A": (2, 1),
    "Cl2_8579A": (4, 1),
    "Cl3_5518A": (3, 1), "Cl3_5538A": (2, 1),
    "Cl4_7531A": (4, 2), "Cl4_8046A": (4, 3),
    "Fe3_4607A": (13, 1), "Fe3_4658A": (12, 1), "Fe3_4702A": (13, 2), "Fe3_4734A": (14, 3), "Fe3_4755A": (12, 2),
    "Fe3_4769A": (13, 3), "Fe3_4778A": (14, 4), "Fe3_4881A": (9, 1), "Fe3_4986A": (7, 1), "Fe3_4987A": (9, 2),
    "Fe3_5011A": (10, 3), "Fe3_5270A": (6, 2),
    "K4_6102A": (4, 1),
    "N1_5198A": (3, 1), "N1_5200A": (2, 1),
    "N2_5755A": (5, 4), "N2_6548A": (4, 2), "N2_6584A": (4, 3),
    "N3_1747A": (4, 1), "N3_1749A": (3, 1), "N3_1750A": (5, 2), "N3_1752A": (4, 2), "N3_1754A": (3, 2),
    "N4_1483A": (4, 1), "N4_1487A": (3, 1),
    "Ne2_12.8um": (2, 1),
    "Ne3_3343A": (5, 4), "Ne3_3869A": (4, 1), "Ne3_3968A": (4, 2), "Ne3_15.6um": (2, 1),
    "Ne4_4714A": (5, 2), "Ne4_4715A": (4, 2), "Ne4_4724A": (5, 3), "Ne4_4725A": (4, 3),
    "Ne5_3346A": (4, 2), "Ne5_3426A": (4, 3),
    "O1_5577A": (5, 4), "O1_6300A": (4, 1), "O1_6364A": (4, 2),
    "O2_3726A": (3, 1), "O2_3729A": (2, 1),
    "O2_7319A": (5, 2), "O2_7320A": (4, 2), "O2_7330A": (5, 3), "O2_7331A": (4, 3),
    "O3_1661A": (6, 2), "O3_1666A": (6, 3),
    "O4_1397A": (4, 1), "O4_1400A": (3, 1), "O4_1401A": (5, 2), "O4_1405A": (4, 2), "O4_1407A": (3, 2),
    "O3_4363A": (5, 4), "O3_4959A": (4, 2), "O3_5007A": (4, 3), "O3_52um": (3, 2), "O3_88um": (2, 1),
    "S2_4069A": (5, 1), "S2_4076A": (4, 1), "S2_6716A": (3, 1), "S2_6731A": (2, 1),
    "S3_3722A": (5, 2), "S3_6312A": (5, 4), "S3_9069A": (4, 2), "S3_9531A": (4, 3),
    "S3_18.7um": (3, 2), "S3_33.5um": (2, 1),
    "S4_10.5um": (2, 1),
    "Si3_1883A": (4, 1), "Si3_1892A": (3, 1),
}

# label: (upper, lower) principal quantum numbers.
HYDROGENIC = {
    "H1_6563A": (3, 2), "H1_4861A": (4, 2), "H1_4341A": (5, 2), "H1_4102A": (6, 2), "H1_3970A": (7, 2),
    "H1_3889A": (8, 2), "H1_3835A": (9, 2), "H1_3798A": (10, 2), "H1_3771A": (11, 2), "H1_3750A": (12, 2),
    "H1_18751A": (4, 3), "H1_12818A": (5, 3), "H1_10938A": (6, 3), "H1_10049A": (7, 3), "H1_9546A": (8, 3),
    "H1_9229A": (9, 3), "H1_9015A": (10, 3), "H1_8863A": (11, 3), "H1_8750A": (12, 3), "H1_8665A": (13, 3),
    "H1_26252A": (6, 4), "H1_21655A": (7, 4),
    "He2_1640A": (3, 2), "He2_3203A": (5, 3), "He2_4542A": (9, 4), "He2_4686A": (4, 3), "He2_5412A": (7, 4),
    "He2_10124A": (5, 4),
}

# label: (air wavelength of the multiplet [angstrom], NIST Atomic Spectra Database; PyNeb's key in the Porter table).
HELIUM = {
    "He1_3188A": (3187.745, "3188.0"), "He1_3889A": (3888.647, "3889.0"), "He1_3965A": (3964.729, "3965.0"),
    "He1_4026A": (4026.197, "4026.0"), "He1_4388A": (4387.929, "4388.0"), "He1_4471A": (4471.491, "4471.0"),
    "He1_4713A": (4713.162, "4713.0"), "He1_4922A": (4921.931, "4922.0"), "He1_5016A": (5015.678, "5016.0"),
    "He1_5876A": (5875.640, "5876.0"), "He1_6678A": (6678.152, "6678.0"), "He1_7065A": (7065.217, "7065.0"),
    "He1_7281A": (7281.351, "7281.0"), "He1_10830A": (10830.250, "10830.0"), "He1_20581A": (20581.283, "20581.0"),
}

# Merged labels: what a spectrograph or the sky gives as one line.
MERGED = {
    "O2_3726A_m": ("O2_3726A", "O2_3729A"),
    "O2_7319A_m": ("O2_7319A", "O2_7320A"),
    "O2_7330A_m": ("O2_7330A", "O2_7331A"),
    "O2_7325A_m": ("O2_7319A", "O2_7320A", "O2_7330A", "O2_7331A"),
    "H1_3889A_m": ("H1_3889A", "He1_3889A"),
    "Ne3_3968A_m": ("Ne3_3968A", "H1_3970A"),
    "Ar4_4711A_m": ("Ar4_4711A", "He1_4713A"),
    "C3_1907A_m": ("C3_1907A", "C3_1909A"),
    "C4_1548A_m": ("C4_1548A", "C4_1551A"),
    "O4_1401A_m": ("O4_1397A", "O4_1400A", "O4_1401A", "O4_1405A", "O4_1407A"),
    "Si3_1883A_m": ("Si3_1883A", "Si3_1892A"),
    "N4_1483A_m": ("N4_1483A", "N4_1487A"),
    "O3_1661A_m": ("O3_1661A", "O3_1666A"),
    "N3_1750A_m": ("N3_1747A", "N3_1749A", "N3_1750A", "N3_1752A", "N3_1754A"),
    "S2_4069A_m": ("S2_4069A", "S2_4076A"),
    "S2_6716A_m": ("S2_6716A", "S2_6731A"),
    "N1_5198A_m": ("N1_5198A", "N1_5200A"),
    "Ne4_4714A_m": ("Ne4_4714A", "Ne4_4715A"),
    "Ne4_4724A_m": ("Ne4_4724A", "Ne4_4725A"),
    "Cl3_5518A_m": ("Cl3_5518A", "Cl3_5538A"),
    "Ar4_4726A_m": ("Ar4_4711A", "Ar4_4740A"),
    "Fe3_4986A_m": ("Fe3_4986A", "Fe3_4987A"),
}

# Lines that need a model atom with more levels than the ion's default collision file has: label -> collision file.
OTHER_COLLISIONS = {"O3_1661A": "o_iii_coll_AK99.dat", "O3_1666A": "o_iii_coll_AK99.dat"}


@dataclass(frozen=True)
class Line:
    """One line: `transition` is PyNeb's key of a recombination line, or None; wavelengths in angstrom."""

    label: str
    ion: str
    levels: tuple[int, int] | None
    transition: str | None
    air: float
    vacuum: float


def refraction(vacuum: float) -> float:
    """Refractive index of standard air at a vacuum wavelength [angstrom]: Peck & Reeder 1972, JOSA 62, 958, eq. 2."""
    sigma2 = (1e4 / vacuum) ** 2
    return 1.0 + 1e-8 * (8060.51 + 2480990.0 / (132.274 - sigma2) + 17455.7 / (39.32957 - sigma2))


def vacuum_to_air(vacuum: float) -> float:
    """Air wavelength [angstrom]; below 2000 angstrom the vacuum wavelength itself, as astronomers list it."""
    return vacuum if vacuum < VACUUM_BELOW else vacuum / refraction(vacuum)


def air_to_vacuum(air: float) -> float:
    """Inverse of `vacuum_to_air` above 2000 angstrom, by fixed-point iteration."""
    vacuum = air
    for _ in range(5):
        vacuum = air * refraction(vacuum)
    return vacuum


def hydrogenic_term(ion: str, n: int) -> float:
    """Energy of shell n below the continuum [cm^-1]: Bohr's plus the fine structure's centre of gravity.

    Bethe & Salpeter 1957, eq. 17.1, averaged over the shell's states: alpha^2 Z^4 R / n^4 (5/4 - 1/n).
    """
    charge, rydberg = CHARGE[ion], RYDBERG[ion]
    return rydberg * charge**2 / n**2 * (1.0 + (FINE_STRUCTURE * charge / n) ** 2 * (1.25 - 1.0 / n))


def hydrogenic_vacuum(ion: str, upper: int, lower: int) -> float:
    """Vacuum wavelength [angstrom] of the transition between two shells."""
    return 1e8 / (hydrogenic_term(ion, lower) - hydrogenic_term(ion, upper))


def ion_of(label: str) -> str:
    """`O3` of `O3_5007A`."""
    return label.split("_")[0]


def check_label(line: Line) -> None:
    """Raise if a label's number is not its line's wavelength, rounded."""
    number = line.label.split("_")[1]
    if number.endswith("um"):
        off, slack = abs(line.vacuum / 1e4 / float(number[:-2]) - 1.0), LABEL_SLACK_MICRON
    else:
        off, slack = abs(line.air - float(number[:-1])), LABEL_SLACK_ANGSTROM
    if off > slack:
        raise ValueError(f"{line.label}: the transition lies at {line.air:.3f} angstrom")


def sort_key(line: Line) -> tuple[str, int, float]:
    """Element, then stage, then wavelength."""
    symbol = line.ion.rstrip("0123456789")
    return symbol, int(line.ion[len(symbol) :]), line.vacuum


def all_lines(energy: Callable[[str, int], float]) -> list[Line]:
    """Every line, by ion then wavelength; `energy(label, level)` gives a level's energy in 1/angstrom."""
    lines = []
    for label, (upper, lower) in COLLISIONAL.items():
        vacuum = 1.0 / (energy(label, upper) - energy(label, lower))
        lines.append(Line(label, ion_of(label), (upper, lower), None, vacuum_to_air(vacuum), vacuum))
    for label, (upper, lower) in HYDROGENIC.items():
        vacuum = hydrogenic_vacuum(ion_of(label), upper, lower)
        lines.append(Line(label, ion_of(label), None, f"{upper}_{lower}", vacuum_to_air(vacuum), vacuum))
    for label, (air, key) in HELIUM.items():
        lines.append(Line(label, "He1", None, key, air, air_to_vacuum(air)))
    for line in lines:
        check_label(line)
    return sorted(lines, key=sort_key)
