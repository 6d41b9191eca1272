"""Do the limits of undetected ions hold? Simulated H II regions with weak lines, fitted.

In every region each weak ion has a true S/N of its own, uniform from 0 to 3. The fit is that of
preset `default`. The tool counts, ion by ion, the rows that say `undetected:ION` and among them
those whose true abundance is below ION_limit95; a limit that is not a number counts as one that
does not hold. It exits with 1 unless 95 to 99 % of all limits together hold.

    python tools/limit_coverage.py target/release/nebulium --objects 400
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

# Weak ions: their lines, the brightest first, whose S/N the truth sets.
WEAK = {
    "He2": ["He2_4686A"],
    "Ar4": ["Ar4_4740A"],
    "Cl3": ["Cl3_5518A", "Cl3_5538A"],
    "N2": ["N2_5755A"],
    "S3": ["S3_6312A"],
}
STRONG = (
    "H1_6563A H1_4861A H1_4341A He1_4471A He1_5876A He1_6678A O2_3726A O2_3729A "
    "O3_4363A O3_4959A O3_5007A S2_6716A S2_6731A"
).split()
ERROR = 0.02  # of a strong line, as a fraction of its flux
WEAK_ERROR = 0.003  # of a weak line, as a fraction of Hbeta
LARGEST_SNR = 3.0
# Abundances of the weak ions at which fluxes are computed, to be scaled: X/H of helium,
# 12 + log10(X/H) of metals.
REFERENCE = {"He2": 1e-3, "Ar4": 5.0, "Cl3": 4.5, "N2": 6.5, "S3": 6.3}
SCATTER = 1500.0  # K, of T_low and T_mid about their relations, as in the priors of `default`
CONFIG = '[model]\npreset = "default"\nabsorption = "none"\n'
PROMISED = (0.95, 0.99)


def truths(objects: int, rng: np.random.Generator) -> pd.DataFrame:
    """Regions with the weak ions at their reference abundances."""
    high = rng.uniform(8_000, 15_000, objects)
    scatter = rng.normal(0, SCATTER, (2, objects))
    table = {
        "T_high": high,
        "T_low": (0.70 * high + 3000 + scatter[0]).clip(5_000, 20_000),
        "T_mid": (0.83 * high + 1700 + scatter[1]).clip(5_000, 20_000),
        "n_e": 10 ** rng.uniform(1.5, 2.5, objects),
        "cHbeta": rng.uniform(0.05, 0.4, objects),
        "tau": rng.uniform(0, 1, objects),
        "He1": rng.normal(0.085, 0.005, objects),
        "O2": rng.normal(7.7, 0.2, objects),
        "O3": rng.normal(8.0, 0.2, objects),
        "S2": rng.normal(5.9, 0.2, objects),
    }
    return pd.DataFrame(table | {ion: np.full(objects, value) for ion, value in REFERENCE.items()})


def scaled(ion: str, factor: pd.Series) -> pd.Series:
    """The abundance of an ion that sends `factor` times the flux of its reference abundance."""
    if ion.startswith("He"):
        return REFERENCE[ion] * factor
    return REFERENCE[ion] + np.log10(factor)


def simulated(program: str, folder: Path, objects: int, seed: int) -> tuple[Path, pd.DataFrame]:
    """A catalogue, its fluxes by the program and its noise by NumPy, and the true weak abundances."""
    rng = np.random.default_rng(seed)
    truths(objects, rng).to_csv(folder / "truth.csv", index=False)
    clean = folder / "clean.csv"
    lines = STRONG + sum(WEAK.values(), [])
    command = [program, "simulate", "--config", folder / "config.toml", "--truth", folder / "truth.csv"]
    command += ["--lines", ",".join(lines), "--snr", "1e5", "--out", clean]
    subprocess.run(command, check=True, capture_output=True)
    fluxes = pd.read_csv(clean).pivot(index="object", columns="line", values="flux")
    errors = ERROR * fluxes
    abundances = {}
    for ion, own in WEAK.items():
        factor = rng.uniform(0, LARGEST_SNR, objects) * WEAK_ERROR / fluxes[own[0]]
        abundances[ion] = scaled(ion, factor)
        fluxes[own] = fluxes[own].mul(factor, axis=0)
        errors[own] = WEAK_ERROR
    noisy = fluxes + rng.normal(0, errors)
    columns = {line: noisy[line] for line in lines} | {f"{line}_err": errors[line] for line in lines}
    catalogue = folder / "catalogue.csv"
    pd.DataFrame(columns).to_csv(catalogue, index_label="object")
    return catalogue, pd.DataFrame(abundances)


def fitted(program: str, folder: Path, catalogue: Path, draws: int) -> pd.DataFrame:
    """The results of preset `default`, by object."""
    out = folder / "result"
    command = [program, "fit", catalogue, "--config", folder / "config.toml", "--draws", str(draws)]
    command += ["--keep-draws", "none", "--out", out, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    if not (out / "results.csv").exists():
        sys.exit(done.stderr)
    return pd.read_csv(out / "results.csv", comment="#").set_index("object")


def counted(rows: pd.DataFrame, ion: str, truth: pd.Series) -> tuple[int, int, int]:
    """Rows that say `undetected:ION`, and those whose limit holds or is not a number."""
    flags = rows["flags"].fillna("").str.split(";")
    said = flags.map(lambda all_flags: f"undetected:{ion}" in [flag.strip() for flag in all_flags])
    limit = rows.loc[said, f"{ion}_limit95"]
    return len(limit), int((truth.loc[limit.index] < limit).sum()), int(limit.isna().sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--objects", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=500, help="a chain, of eight")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text(CONFIG)
        catalogue, abundances = simulated(options.program, folder, options.objects, options.seed)
        rows = fitted(options.program, folder, catalogue, options.draws)
    print("statuses:", rows["status"].value_counts().to_dict())
    print("ion  undetected  hold  fraction  not a number")
    counts = {ion: counted(rows, ion, abundances[ion]) for ion in WEAK}
    counts["all"] = tuple(map(sum, zip(*counts.values(), strict=True)))
    for ion, (undetected, hold, unknown) in counts.items():
        print(f"{ion:4} {undetected:10d} {hold:5d} {hold / max(undetected, 1):9.3f} {unknown:13d}")
    undetected, hold, _ = counts["all"]
    sys.exit(0 if PROMISED[0] * undetected <= hold <= PROMISED[1] * undetected else 1)


if __name__ == "__main__":
    main()
