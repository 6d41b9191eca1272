"""Write tests/fixtures/icf_pyneb.csv: ionic abundances and the elements that PyNeb's ICF class makes of them.

Usage, from the root of the repository:
    pip install -r tools/requirements.txt
    python tools/make_icf_fixture.py
"""

import csv
import pathlib

import numpy as np
import pyneb as pn

OUTPUT = pathlib.Path("tests/fixtures/icf_pyneb.csv")
SEED = 20260201
CASES = 40
# PyNeb counts the spectrum that recombination makes by the ion that recombines: its He2 is He+, its He3 He2+.
IONS = {"He1": "He2", "He2": "He3"} | {ion: ion for ion in "N2 O2 O3 Ne3 S2 S3 Cl2 Cl3 Cl4 Ar3 Ar4".split()}
RECIPES = (
    [f"Ial06_{equation}{fit}" for equation in (18, 19, 20, 21, 22, 23) for fit in "abc"]
    + ["TPP77_13", "TPP77_14", "TPP77_15", "KB94_A10", "Ial06_17"]
    + [f"DIMS14_{equation}" for equation in "12 14 14b 17a 17b 17c 23 26 29 32 35 36".split()]
)
DIGITS = 10


def abundances(rng):
    """X/H of each ion: oxygen over two decades at ionisations from 0.05 to 0.98, the rest about the Sun's ratios to it."""
    oxygen = 10 ** rng.uniform(-5.0, -3.3)
    omega = rng.uniform(0.05, 0.98)
    helium = rng.uniform(0.07, 0.12)
    upsilon = 10 ** rng.uniform(-3, -0.1)
    metal = {"N2": -1.2, "Ne3": -0.8, "S2": -2.0, "S3": -1.7, "Cl2": -4.5, "Cl3": -3.6, "Cl4": -3.9, "Ar3": -2.4, "Ar4": -2.8}
    found = {"He1": helium * (1 - upsilon), "He2": helium * upsilon, "O2": oxygen * (1 - omega), "O3": oxygen * omega}
    found |= {ion: oxygen * 10 ** (mean + rng.normal(0, 0.3)) for ion, mean in metal.items()}
    return {ion: float(f"{found[ion]:.6e}") for ion in IONS}


def main():
    rng = np.random.default_rng(SEED)
    pn.log_.level = 0
    icf = pn.ICF()
    with OUTPUT.open("w", newline="") as file:
        file.write(f"# PyNeb {pn.__version__}; X/H of ions, then X/H of elements by recipe\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*IONS, *RECIPES])
        for _ in range(CASES):
            ions = abundances(rng)
            elements = icf.getElemAbundance({IONS[ion]: value for ion, value in ions.items()})
            writer.writerow([*ions.values(), *(f"{elements[recipe]:.{DIGITS}e}" for recipe in RECIPES)])


if __name__ == "__main__":
    main()
