"""Write tests/fixtures/icf_uv.csv: ionic abundances and the ratios to oxygen that jwspecfit and PyNeb make of them.

jwspecfit has the corrections of nitrogen and carbon by log U, PyNeb those of iron and of C2+ + C3+.

Usage, from the root of the repository:
    pip install -r tools/requirements.txt
    pip install jwspecfit==1.1.9
    python tools/make_uv_icf_fixture.py
"""

import csv
import logging
import math
import pathlib

import numpy as np
import pyneb as pn
from jwspecabund import icf as classical
from jwspecabund import martinez25_icf as by_log_u

OUTPUT = pathlib.Path("tests/fixtures/icf_uv.csv")
SEED = 20261129
CASES = 60
IONS = "O2 O3 N2 N3 N4 C3 C4 Fe2 Fe3".split()
CONDITIONS = ["log_o32", "log_n43", "log_ne"]
FROM_PYNEB = ["RR05_2", "RR05_3", "KB94_A12"]
# Names of nebulium's choices, and the ions that jwspecfit's five corrections of nitrogen take.
NITROGEN = {"n2+n3+": "NppNppp_Opp", "n+n2+": "NpNpp_OpOpp", "n2+": "NppOpp", "n+": "NpOp", "n3+": "NpppOpp"}
CHARGES = {"O2": "O+/H+", "O3": "O++/H+", "N2": "N+/H+", "N3": "N++/H+", "N4": "N+++/H+"}
DIGITS = 10


def case(rng):
    """X/H of each ion, log10 of the emissivity ratios of O32 and N43, log10 n_e: mostly inside the models' ranges."""
    oxygen = 10 ** rng.uniform(-4.8, -3.6)
    omega = rng.uniform(0.2, 0.97)
    nitrogen, carbon, iron = (oxygen * 10 ** rng.normal(mean, 0.3) for mean in (-1.2, -0.7, -1.8))
    shares = rng.dirichlet([1.0, 4.0, 2.0])
    found = {"O2": oxygen * (1 - omega), "O3": oxygen * omega}
    found |= {ion: nitrogen * share for ion, share in zip(("N2", "N3", "N4"), shares, strict=True)}
    found |= {"C3": carbon * 0.8, "C4": carbon * 0.1, "Fe2": iron * 0.2, "Fe3": iron * 0.4}
    state = {"log_o32": rng.uniform(-0.1, 0.6), "log_n43": rng.uniform(-0.6, 0.2), "log_ne": rng.uniform(1.5, 6.0)}
    return {name: float(f"{value:.6e}") for name, value in (found | state).items()}


def by_ionisation_parameter(of):
    """log U, N/O of each of five corrections and C/O, by O32 and by N43; NaN outside the range of any."""
    n_e = 10 ** of["log_ne"]
    metallicity = 10 ** (12 + math.log10(of["O2"] + of["O3"]) - by_log_u.LOG_OH_SOLAR)
    ionic = {name: of[ion] for ion, name in CHARGES.items()}
    o32, n43 = (math.log10(of[a] / of[b]) + of[e] for a, b, e in (("O3", "O2", "log_o32"), ("N4", "N3", "log_n43")))
    log_u = {
        "o32": by_log_u.log_U_from_O32(o32, metallicity, n_e),
        "n43": by_log_u.log_U_from_N43(n43, metallicity, n_e),
    }
    found = {}
    for ratio, u in log_u.items():
        for name, tier in NITROGEN.items():
            found[f"{ratio}:{name}"] = by_log_u.compute_NO_martinez25_locked(ionic, u, metallicity, n_e, tier)
        found[f"{ratio}:C"] = by_log_u.icf_CppOpp(u, metallicity, n_e) * of["C3"] / of["O3"]
    return found


def main():
    rng = np.random.default_rng(SEED)
    pn.log_.level = 0
    logging.disable(logging.WARNING)
    icf = pn.ICF()
    rows = []
    for _ in range(CASES):
        of = case(rng)
        oxygen = of["O2"] + of["O3"]
        elements = icf.getElemAbundance({ion: of[ion] for ion in IONS})
        found = by_ionisation_parameter(of)
        found["garnett"] = classical.icf_carbon(of["O2"], of["O3"]) * (of["C3"] + of["C4"]) / of["O3"]
        found |= {recipe: elements[recipe] / oxygen for recipe in FROM_PYNEB}
        # PyNeb's list of ions lacks Fe+: its sum is Fe2+ alone.
        found["RR05_4"] = icf.icf_value["RR05_4"] * (of["Fe2"] + of["Fe3"]) / oxygen
        rows.append([*of.values(), *(f"{value:.{DIGITS}e}" for value in found.values())])
    with OUTPUT.open("w", newline="") as file:
        file.write(f"# jwspecfit 1.1.9, PyNeb {pn.__version__}; X/H of ions, conditions, then X/O; nan outside a range\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*IONS, *CONDITIONS, *found])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
