"""Write tests/fixtures/classical_pyneb.csv: the direct method by PyNeb 1.1.32 on tests/fixtures/classical_regions.csv.

The steps are those of docs/classical.md, by PyNeb's own root finder, emissivities and reddening law; Monte Carlo over the
flux errors with numpy's generator. Columns: value at the fluxes as given, then median, 16 % and 84 % of the draws.
"""
import collections
import csv
import pathlib
import warnings

import numpy as np
import pyneb as pn

pn.log_.level = 0
warnings.simplefilter("ignore")

FIXTURES = pathlib.Path(__file__).parent.parent / "tests" / "fixtures"
DRAWS = 400
PASSES = 6
ASSUMED_DENSITY = 100.0
# Observed fluxes; the others are published without reddening.
REDDENED = {"30doradus", "smc_n66"}
# Lines that contradict the fixed ratio of their doublet by more than three standard deviations.
LEFT_OUT = {("ngc2363", "O3_4959A"), ("smc_n66", "N2_6548A")}
# He I is left out: PyNeb interpolates it linearly between its few temperatures.
IONS = {
    "N2": ("low", ["N2_6548A", "N2_6584A"]),
    "O1": ("low", ["O1_6300A", "O1_6364A"]),
    "O2": ("low", ["O2_3726A", "O2_3729A"]),
    "O3": ("high", ["O3_4959A", "O3_5007A"]),
    "Ne3": ("high", ["Ne3_3869A"]),
    "S2": ("low", ["S2_6716A", "S2_6731A"]),
    "S3": ("low", ["S3_6312A"]),
    "Cl3": ("low", ["Cl3_5518A", "Cl3_5538A"]),
    "Ar3": ("low", ["Ar3_7136A", "Ar3_7751A"]),
    "Ar4": ("high", ["Ar4_4711A", "Ar4_4740A"]),
}
TEMPERATURES = {
    "T_O3": (["O3_4363A"], ["O3_4959A", "O3_5007A"]),
    "T_N2": (["N2_5755A"], ["N2_6548A", "N2_6584A"]),
}
DENSITY = (["S2_6716A"], ["S2_6731A"])
HYDROGEN = {"H1_6563A": "3_2", "H1_4341A": "5_2", "H1_4102A": "6_2"}


def read():
    """Fluxes and errors by object and line."""
    objects = collections.defaultdict(dict)
    rows = (row for row in (FIXTURES / "classical_regions.csv").open() if not row.startswith("#"))
    for row in csv.DictReader(rows):
        key = row["object"], row["line"]
        if key not in LEFT_OUT:
            objects[key[0]][key[1]] = float(row["flux"]), float(row["flux_err"])
    return objects


def wavelength(label):
    return float(label.split("_")[1].rstrip("A"))


class Nebula:
    """One object's draws; the first is the fluxes as given."""

    def __init__(self, name, lines, atoms, hydrogen):
        rng = np.random.default_rng(1)
        self.lines, self.atoms, self.hydrogen = lines, atoms, hydrogen
        self.law = pn.RedCorr(law="CCM89", R_V=3.1) if name in REDDENED else None
        noise = {label: np.append(0, rng.normal(size=DRAWS)) for label in lines}
        fluxes = {label: flux + err * noise[label] for label, (flux, err) in lines.items()}
        self.fluxes = {label: flux / fluxes["H1_4861A"] for label, flux in fluxes.items()}
        self.low = self.high = np.full(DRAWS + 1, 1e4)
        self.density = np.full(DRAWS + 1, ASSUMED_DENSITY)
        self.c = np.zeros(DRAWS + 1)

    def f_lambda(self, label):
        if self.law is None:
            return 0.0
        self.law.E_BV = 1.0
        corrections = self.law.getCorr(np.array([wavelength(label), 4861.33]))
        return np.log10(corrections[0]) / np.log10(corrections[1]) - 1

    def intrinsic(self, label):
        return self.fluxes[label] * 10 ** (self.c * self.f_lambda(label))

    def ratio(self, sides):
        there = [[label for label in side if label in self.lines] for side in sides]
        if not all(there):
            return None, None
        top, bottom = (sum(self.intrinsic(label) for label in side) for side in there)
        text = ["(" + "+".join(f"L({wavelength(label):.0f})" for label in side) + ")" for side in there]
        return top / bottom, "/".join(text)

    def extinction(self):
        sums = weights = 0
        for label, transition in HYDROGEN.items():
            f = self.f_lambda(label)
            if label not in self.lines or f == 0:
                continue
            emissivity = pointwise(self.hydrogen, self.low, self.density, label=transition)
            emissivity = emissivity / pointwise(self.hydrogen, self.low, self.density, label="4_2")
            flux, err = self.lines[label]
            weight = (f * flux / err) ** 2
            sums = sums + weight * np.log10(emissivity / self.fluxes[label]) / f
            weights = weights + weight
        return sums / weights if np.any(weights) else self.c

    def solve(self):
        for _ in range(PASSES):
            self.c = self.extinction()
            observed, text = self.ratio(DENSITY)
            self.measured = self.atoms["S2"].getTemDen(observed, tem=self.low, to_eval=text)
            self.density = np.where(np.isfinite(self.measured), self.measured, ASSUMED_DENSITY)
            for name, zone in (("T_O3", "high"), ("T_N2", "low")):
                observed, text = self.ratio(TEMPERATURES[name])
                setattr(self, zone, self.atoms[name[2:]].getTemDen(observed, den=self.density, to_eval=text))

    def abundance(self, ion):
        zone, labels = IONS[ion]
        temperature = getattr(self, zone)
        hbeta = pointwise(self.hydrogen, temperature, self.density, label="4_2")
        sums = weights = 0
        for label in (label for label in labels if label in self.lines):
            emissivity = pointwise(self.atoms[ion], temperature, self.density, wave=wavelength(label)) / hbeta
            weight = (emissivity * 10 ** (-self.c * self.f_lambda(label)) / self.lines[label][1]) ** 2
            sums = sums + weight * self.intrinsic(label) / emissivity
            weights = weights + weight
        return 12 + np.log10(sums / weights) if np.any(weights) else None


def pointwise(atom, temperature, density, **line):
    return atom.getEmissivity(temperature, density, product=False, **line)


def quantities(nebula):
    yield "T_low", nebula.low
    yield "T_high", nebula.high
    yield "n_e", nebula.measured
    if nebula.law is not None:
        yield "cHbeta", nebula.c
    for ion in IONS:
        value = nebula.abundance(ion)
        if value is not None:
            yield ion, value
    yield "O_H", 12 + np.log10(sum(10 ** (nebula.abundance(ion) - 12) for ion in ("O2", "O3")))


def main():
    hydrogen = pn.RecAtom("H", 1)
    atoms = {ion: pn.Atom(ion.rstrip("0123456789"), int(ion[-1])) for ion in IONS}
    with (FIXTURES / "classical_pyneb.csv").open("w") as file:
        file.write(f"# The direct method by PyNeb {pn.__version__} on classical_regions.csv, {DRAWS} draws.\n")
        file.write("# Made by tools/make_classical_fixture.py\nobject,quantity,value,median,p16,p84,failed\n")
        for name, lines in read().items():
            nebula = Nebula(name, lines, atoms, hydrogen)
            nebula.solve()
            for quantity, values in quantities(nebula):
                draws = values[1:][np.isfinite(values[1:])]
                p16, median, p84 = np.percentile(draws, [16, 50, 84])
                failed = 1 - len(draws) / DRAWS
                file.write(f"{name},{quantity},{values[0]:.6g},{median:.6g},{p16:.6g},{p84:.6g},{failed:.3g}\n")


if __name__ == "__main__":
    main()
