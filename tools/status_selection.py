"""Does the status of a row choose by noise? Simulated galaxies of a true S/N of [O III] 4363, fitted.

For each temperature and S/N it prints the median z = (posterior mean - truth)/sd of T_high and O_H over
all rows and over the rows without `no_thermometer`. It exits with 1 where they differ by more than
0.15 in a cell in which at least 20 rows are kept.

    python tools/status_selection.py target/release/nebulium --objects 200
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

TEMPERATURES = [8_000, 10_000, 14_000]  # K
SIGNALS = [0.5, 1, 2, 3]
AURORAL = "O3_4363A"
LINES = [
    "H1_6563A",
    "H1_4861A",
    "H1_4341A",
    "O2_3726A",
    "O2_3729A",
    AURORAL,
    "O3_4959A",
    "O3_5007A",
    "S2_6716A",
    "S2_6731A",
    "N2_6584A",
]
ERROR = 0.03  # of every other line, as a fraction of its flux
TOLERANCE = 0.15  # of the medians' difference, in sd
FEWEST = 20  # rows kept, below which a median says nothing
TRUTH = {"n_e": 150.0, "cHbeta": 0.2, "O2": 7.6, "O3": 8.0, "S2": 5.9, "N2": 6.6}


def simulated(program: str, folder: Path, truth: dict[str, float], signal: float, objects: int, seed: int) -> Path:
    """A catalogue of `objects` galaxies of one truth: fluxes by the program, noise by NumPy."""
    pd.DataFrame([truth]).to_csv(folder / "truth.csv", index=False)
    clean = folder / "clean.csv"
    command = [program, "simulate", "--truth", folder / "truth.csv", "--lines", ",".join(LINES)]
    subprocess.run(command + ["--snr", "1e5", "--objects", "1", "--out", clean, "--force"], check=True, capture_output=True)
    fluxes = pd.read_csv(clean, comment="#").set_index("line")["flux"]
    fluxes = fluxes / fluxes.get("H1_4861A", 1.0)
    errors = fluxes * ERROR
    errors[AURORAL] = fluxes[AURORAL] / signal
    rng = np.random.default_rng(seed)
    rows = [
        (f"o{i}", line, flux + rng.normal(0, errors[line]), errors[line])
        for i in range(objects)
        for line, flux in fluxes.items()
    ]
    catalogue = folder / "catalogue.csv"
    pd.DataFrame(rows, columns=["object", "line", "flux", "flux_err"]).to_csv(catalogue, index=False)
    return catalogue


def fitted(program: str, folder: Path, catalogue: Path) -> pd.DataFrame:
    """The results of preset `default`."""
    out = folder / "result"
    command = [program, "fit", catalogue, "--out", out, "--keep-draws", "none", "--force", "--quiet"]
    subprocess.run(command, check=True, capture_output=True)
    return pd.read_csv(out / "results.csv")


def median_z(rows: pd.DataFrame, name: str, truth: float) -> float:
    """The median of (mean - truth)/sd; NaN without rows."""
    return float(((rows[f"{name}_mean"] - truth) / rows[f"{name}_sd"]).median())


def cell(program: str, temperature: float, signal: float, objects: int, seed: int) -> bool:
    """Prints one cell; False where the rows kept are chosen by noise."""
    truth = TRUTH | {"T_high": temperature, "T_low": 0.7 * temperature + 3000}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = fitted(program, folder, simulated(program, folder, truth, signal, objects, seed))
    kept = rows[~rows["flags"].fillna("").str.contains("no_thermometer")]
    oxygen = 12 + np.log10(10 ** (truth["O2"] - 12) + 10 ** (truth["O3"] - 12))
    both = [[median_z(of, *pair) for of in (rows, kept)] for pair in (("T_high", temperature), ("O_H", oxygen))]
    differences = [kept_z - all_z for all_z, kept_z in both]
    words = "  ".join(f"{all_z:+.2f} {kept_z:+.2f}" for all_z, kept_z in both)
    print(f"{temperature:6.0f} {signal:4.1f} {len(kept):5d}/{len(rows)}  {words}", flush=True)
    return len(kept) < FEWEST or max(map(abs, differences)) <= TOLERANCE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--objects", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("T_high  S/N  kept  z of T_high: all kept  z of O_H: all kept")
    cells = [(t, s) for t in TEMPERATURES for s in SIGNALS]
    passed = [cell(options.program, t, s, options.objects, options.seed + i) for i, (t, s) in enumerate(cells)]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
