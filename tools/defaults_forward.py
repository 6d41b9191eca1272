"""Simulated regions by PyNeb 1.1.32, independent of the program.

A region has three temperatures; part of its Hβ can come from a dense clump.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import pyneb as pn
from scipy.interpolate import CubicSpline

pn.log_.level = 0
warnings.simplefilter("ignore")

# Ranges [K] of T_high drawn and of the temperature by which a region is kept; O/H from T by
# 12 + log(O/H) = 9.22 − 0.89 t (Amorín et al. 2015, A&A 578, A105), scatter 0.1 dex.
RANGES = {"rich": ((3800, 8800), "T_low", (5000, 9000)), "poor": ((15000, 22000), "T_high", (15000, 22000))}
# T_low [10⁴ K] about Garnett (1992) and about DESI DR2 (arXiv 2601.02463), T[S III] about Garnett.
LOW_RELATIONS = [(0.70, 0.30), (0.648, 0.327)]
MID_RELATION = (0.83, 0.17)
SCATTER = 500.0
# Ions: element, spectrum, zone, lines by label with wavelengths [Å].
IONS = {
    "O2": ("O", 2, "low", {"3726A": [3726], "3729A": [3729], "7319A_m": [7319, 7320], "7330A_m": [7330, 7331]}),
    "O3": ("O", 3, "high", {"4363A": [4363], "4959A": [4959], "5007A": [5007]}),
    "N2": ("N", 2, "low", {"5755A": [5755], "6548A": [6548], "6584A": [6584]}),
    "S2": ("S", 2, "low", {"4069A": [4069], "4076A": [4076], "6716A": [6716], "6731A": [6731]}),
    "S3": ("S", 3, "mid", {"6312A": [6312], "9069A": [9069]}),
    "Ar3": ("Ar", 3, "mid", {"7136A": [7136]}),
    "Ne3": ("Ne", 3, "high", {"3869A": [3869]}),
}
HYDROGEN = {"H1_6563A": (3, 6562.8), "H1_4861A": (4, 4861.33), "H1_4341A": (5, 4340.5), "H1_4102A": (6, 4101.7)}
# Nodes [K] and [cm⁻³] of PyNeb's H I table (Storey & Hummer 1995): a cubic in the logarithms joins
# the temperatures; the nearer node stands for a density, which moves H I by less than 1 %.
NODES = np.array([1000, 3000, 5000, 7500, 10000, 12500, 15000, 20000, 30000.0])
DENSITY_NODES = (100.0, 10000.0)
# Line sets: labels left out of a region.
LEFT_OUT = [set(), {"S3_9069A", "S3_6312A"}, {"O2_7319A_m", "O2_7330A_m"}, {"S2_4069A", "S2_4076A"}]
# S/N of the auroral line that sets the noise of weak lines.
AURORAL_SN = {"rich": (1, 30), "poor": (10, 60)}
# Relative error of strong lines, and density [cm⁻³] of the clump.
STRONG_ERROR = 0.02
CLUMP_DENSITY = 1e4


def draw(kind, relation, rng):
    """Truths of one region: T_low, T_mid, T_high [K], n_e [cm⁻³], cHbeta, 12 + log X/H by ion."""
    span, key, kept = RANGES[kind]
    while True:
        t = {"T_high": rng.uniform(*span)}
        t["T_low"] = 1e4 * (relation[0] * t["T_high"] / 1e4 + relation[1]) + rng.normal(0, SCATTER)
        t["T_mid"] = 1e4 * (MID_RELATION[0] * t["T_high"] / 1e4 + MID_RELATION[1]) + rng.normal(0, SCATTER)
        if kept[0] < t[key] < kept[1]:
            break
    oxygen = 9.22 - 0.89e-4 * t["T_high"] + rng.normal(0, 0.1)
    share = rng.uniform(0.1, 0.6) if kind == "rich" else rng.uniform(0.6, 0.95)
    nitrogen = rng.normal(-0.9, 0.15) if kind == "rich" else rng.normal(-1.45, 0.15)
    t |= {"n_e": 10 ** rng.uniform(1.3, 2.7), "cHbeta": abs(rng.normal(0.15, 0.15)), "O_H": oxygen}
    t |= {"O3": oxygen + math.log10(share), "O2": oxygen + math.log10(1 - share)}
    t |= {"N2": t["O2"] + nitrogen, "S3": oxygen - 1.6 - 0.15, "S2": oxygen - 1.6 - 0.6 * share - 0.5}
    return t | {"Ar3": oxygen - 2.35, "Ne3": t["O3"] - 0.75}


class Forward:
    """Emissivities of PyNeb's default atomic data and CCM89 reddening with R_V = 3.1."""

    def __init__(self):
        self.atoms = {ion: pn.Atom(v[0], v[1]) for ion, v in IONS.items()}
        table = pn.RecAtom("H", 1)
        self.splines = {
            (upper, n): CubicSpline(np.log(NODES), [math.log(table.getEmissivity(t, n, lev_i=upper, lev_j=2)) for t in NODES])
            for upper, _ in HYDROGEN.values() for n in DENSITY_NODES
        }  # fmt: skip
        self.law = pn.RedCorr(law="CCM89", R_V=3.1, E_BV=1.0)
        self.hb = self.reddening(4861.33)

    def hydrogen(self, upper, temperature, density):
        """Emissivity of the Balmer line from level `upper` [erg cm³ s⁻¹]."""
        node = min(DENSITY_NODES, key=lambda n: abs(math.log(n / density)))
        return math.exp(self.splines[upper, node](math.log(temperature)))

    def reddening(self, wave):
        return math.log10(float(self.law.getCorr(wave)))

    def dim(self, wave, c):
        """Factor by which extinction of c changes a line relative to Hβ."""
        return 10 ** (-c * (self.reddening(wave) / self.hb - 1))

    def fluxes(self, truth, clump):
        """Fluxes relative to Hβ by label; `clump` is the share of Hβ that comes from dense gas."""
        parts = [(1 - clump, truth["n_e"])] + ([(clump, CLUMP_DENSITY)] if clump else [])
        out = {}
        for label, (upper, wave) in HYDROGEN.items():
            out[label] = sum(
                w * self.hydrogen(upper, truth["T_low"], n) / self.hydrogen(4, truth["T_low"], n) for w, n in parts
            ) * self.dim(wave, truth["cHbeta"])
        for ion, (_, _, zone, lines) in IONS.items():
            t, x = truth[f"T_{zone}"], 10 ** (truth[ion] - 12)
            beta = {n: self.hydrogen(4, t, n) for _, n in parts}
            for line, waves in lines.items():
                em = sum(
                    w * float(self.atoms[ion].getEmissivity(t, n, wave=wave)) / beta[n]
                    for wave in waves for w, n in parts
                )  # fmt: skip
                out[f"{ion}_{line}"] = x * em * self.dim(waves[0], truth["cHbeta"])
        return out


def simulate(folder, kind, count, seed, clump=0.0):
    """Write `count` regions of `kind` as a long table with a file of truths; returns their paths.

    The noise of weak lines gives [N II] 5755 (rich) an S/N from 1 to 30, [O III] 4363 (poor) from 10 to 60.
    """
    rng, forward = np.random.default_rng(seed), Forward()
    table, truths = ["object,line,flux,flux_err"], []
    for i in range(count):
        truth = draw(kind, LOW_RELATIONS[i % 2], rng)
        fluxes = forward.fluxes(truth, clump)
        guide = fluxes["N2_5755A" if kind == "rich" else "O3_4363A"]
        noise = guide / math.exp(rng.uniform(*np.log(AURORAL_SN[kind])))
        for label, flux in fluxes.items():
            if label not in LEFT_OUT[i % len(LEFT_OUT)]:
                error = math.hypot(STRONG_ERROR * flux, noise)
                table.append(f"{kind[0]}{i:03},{label},{flux + rng.normal(0, error):.7g},{error:.5g}")
        truths.append({"object": f"{kind[0]}{i:03}"} | truth)
    name = f"{kind}{'_clump' if clump else ''}_{seed}"
    table_path, truth_path = pathlib.Path(folder, f"{name}.csv"), pathlib.Path(folder, f"{name}.json")
    table_path.write_text("\n".join(table) + "\n")
    truth_path.write_text(json.dumps(truths))
    return table_path, truth_path
