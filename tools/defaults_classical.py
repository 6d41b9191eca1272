"""The classical direct method on lists of NEAT's format, by PyNeb 1.1.32."""

import math
import warnings

import numpy as np
import pyneb as pn

pn.log_.level = 0
warnings.simplefilter("ignore")

# Density [cm⁻³] where [S II] 6716/6731 is absent or outside its range.
ASSUMED_DENSITY = 100.0
# Auroral lines count as measured above this ratio of flux to error.
DETECTED = 3.0
# Half-width of the window about a listed wavelength [Å].
WINDOW = 1.5
# Hα/Hβ of case B at 10⁴ K and 100 cm⁻³ (Storey & Hummer 1995).
HALPHA = 2.86
LINES = {
    "Hb": 4861.33, "Ha": 6562.8, "O3_4363": 4363.2, "O3_5007": 5006.84, "N2_5755": 5754.6,
    "N2_6584": 6583.5, "S3_6312": 6312.1, "S3_9069": 9068.6, "S3_9531": 9530.6, "S2_6716": 6716.44,
    "S2_6731": 6730.82, "O2_3726": 3726.03, "O2_3729": 3728.82, "O2_3727": 3727.3,
}  # fmt: skip
ATOMS = {key: pn.Atom(*key) for key in [("O", 2), ("O", 3), ("N", 2), ("S", 2), ("S", 3)]}


def read(path, reddened, error):
    """Line fluxes relative to Hβ with S/N by name.

    Hα/Hβ and CCM89 correct `reddened` lists; `error` is a fraction of the flux for lists without.
    """
    rows = [line.split() for line in open(path) if line.strip() and not line.startswith("#")]
    values = [(float(r[0]), float(r[1]), float(r[2]) if len(r) > 2 else error * float(r[1])) for r in rows]
    lines = {}
    for name, wave in LINES.items():
        near = [v for v in values if abs(v[0] - wave) < (0.8 if name.startswith("O2") else WINDOW)]
        if near:
            lines[name] = (near[0][1], near[0][1] / near[0][2] if near[0][2] > 0 else math.inf)
    if reddened and "Ha" in lines:
        law = pn.RedCorr(law="CCM89", R_V=3.1)
        law.setCorr(lines["Ha"][0] / lines["Hb"][0] / HALPHA, 6562.8, 4861.33)
        lines = {k: (f * float(law.getCorr(LINES[k])), s) for k, (f, s) in lines.items()}
    hb = lines["Hb"][0]
    return {k: (f / hb, s) for k, (f, s) in lines.items()}


def temperature(lines, atom, auroral, nebular, waves, density):
    """T [K] of a ratio nebular/auroral, NaN where the auroral line is below DETECTED."""
    if auroral not in lines or nebular not in lines or lines[auroral][1] < DETECTED:
        return math.nan
    ratio = lines[nebular][0] / lines[auroral][0]
    return float(ATOMS[atom].getTemDen(ratio, den=density, wave1=waves[1], wave2=waves[0]))


def abundance(atom, flux, temperature_, density, waves):
    """12 + log(X/H) from the sum of lines `flux` relative to Hβ; NaN if the temperature is."""
    if not np.isfinite(temperature_) or flux is None:
        return math.nan
    hb = pn.RecAtom("H", 1).getEmissivity(temperature_, density, lev_i=4, lev_j=2)
    line = sum(ATOMS[atom].getEmissivity(temperature_, density, wave=w) for w in waves)
    return 12 + math.log10(flux * float(hb) / float(line))


def direct(path, reddened=False, error=0.05):
    """Classical answers of one list: T_N2, T_S3 [K], O2, O_H [12 + log10]; NaN where not measured.

    O²⁺ takes T[O III], else Garnett's (1992) T[O III] from T[S III]; O_H is NaN without either.
    """
    lines = read(path, reddened, error)
    density = ASSUMED_DENSITY
    if "S2_6716" in lines and "S2_6731" in lines:
        ratio = lines["S2_6716"][0] / lines["S2_6731"][0]
        found = float(ATOMS["S", 2].getTemDen(ratio, tem=8000, wave1=6716, wave2=6731))
        density = found if np.isfinite(found) else density
    t_n2 = temperature(lines, ("N", 2), "N2_5755", "N2_6584", (5755, 6584), density)
    nebular, wave = ("S3_9069", 9069) if "S3_9069" in lines else ("S3_9531", 9531)
    t_s3 = temperature(lines, ("S", 3), "S3_6312", nebular, (6312, wave), density)
    t_o3 = temperature(lines, ("O", 3), "O3_4363", "O3_5007", (4363, 5007), density)
    t_high = t_o3 if np.isfinite(t_o3) else (t_s3 - 1700) / 0.83
    o2 = [lines[k][0] for k in ("O2_3726", "O2_3729", "O2_3727") if k in lines]
    low = abundance(("O", 2), sum(o2) if o2 else None, t_n2, density, (3726, 3729))
    o3 = lines["O3_5007"][0] if "O3_5007" in lines else None
    high = abundance(("O", 3), o3, t_high, density, (5007,))
    total = 12 + math.log10(10 ** (low - 12) + 10 ** (high - 12)) if np.isfinite(low + high) else math.nan
    return {"T_N2": t_n2, "T_S3": t_s3, "O2": low, "O_H": total}
