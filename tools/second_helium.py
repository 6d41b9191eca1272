"""Does the error of y⁺ hold the difference between two sets of He I emissivities?

Usage, from the root of the repository, with the packages of tools/requirements.txt:
    cargo build --release
    python tools/second_helium.py
    python tools/second_helium.py --config F.toml      # with a configuration of your own

Sixteen metal-poor galaxies have H I and He I lines with 10830, as in Aver, Olive & Skillman (2015).
The second rendering computes their fluxes with the He I emissivities of Porter et al. (2013), then
with those of Del Zanna & Storey (2022), and adds no noise. The program fits them with preset
`default`. For each set the tool prints mean and rms of (y⁺ − truth)/sd over the galaxies, the mean
of y⁺/truth − 1, and the median of sd/y⁺.
"""

import argparse
import csv
import pathlib
import subprocess
import tempfile

import numpy as np
import second_atoms
import second_flux

SETS = {"Porter": "he_i_rec_Pal12-Pal13.hdf5", "Del Zanna & Storey": "he_i_rec_DZS22.hdf5"}
LABELS = """H1_4861A H1_6563A H1_4341A H1_4102A He1_4026A He1_4471A He1_5876A He1_6678A He1_7065A He1_10830A
O2_3726A O2_3729A O3_4363A O3_4959A O3_5007A S2_6716A S2_6731A""".split()
# Errors: a fraction of the flux, and of Hβ.
RELATIVE, ABSOLUTE = 0.01, 0.0005


def truths(objects, rng):
    """Metal-poor galaxies; helium falls off to no side, so that one value of y⁺ serves all."""
    temperature = rng.uniform(11000, 18000, objects)
    return {
        "T_high": temperature,
        "T_low": 0.7 * temperature + 3000,
        "n_e": 10 ** rng.uniform(1.5, 2.7, objects),
        "cHbeta": rng.uniform(0.02, 0.2, objects),
        "tau": rng.uniform(0.0, 2.0, objects),
        "He1": rng.uniform(0.075, 0.09, objects),
        "O2": rng.uniform(6.9, 7.4, objects),
        "O3": rng.uniform(7.4, 7.9, objects),
        "S2": rng.uniform(5.1, 5.6, objects),
        "a_H": rng.uniform(0.0, 2.0, objects),
        "a_He": rng.uniform(0.0, 0.5, objects),
    }


def write(path, nebulae, objects):
    """A catalogue without noise, its equivalent widths those of a continuum of 1/150 Å of Hβ."""
    with open(path, "w") as table:
        print("object,line,flux,flux_err,ew", file=table)
        for label in LABELS:
            plain = second_flux.flux(label, nebulae)
            widths = {label: 150 * plain * np.ones(objects)}
            flux = second_flux.flux(label, nebulae, widths) * np.ones(objects)
            for galaxy in range(objects):
                error = np.hypot(RELATIVE * flux[galaxy], ABSOLUTE)
                print(f"g{galaxy:02},{label},{float(flux[galaxy])},{float(error)},{float(widths[label][galaxy])}", file=table)


def fitted(program, directory, options):
    command = [program, "fit", directory / "catalogue.csv", "--out", directory / "out", "--keep-draws", "none", "--quiet", "--force"]
    subprocess.run([*map(str, command), *options], check=True)
    with open(directory / "out" / "results.csv") as table:
        rows = sorted(csv.DictReader(table), key=lambda row: row["object"])
    return [np.array([float(row[f"He1_{column}"]) for row in rows]) for column in ("mean", "sd")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", help="a configuration in place of the defaults")
    parser.add_argument("--program", default="target/release/nebulium")
    arguments = parser.parse_args()
    options = ["--config", arguments.config] if arguments.config else []
    nebulae = truths(arguments.objects, np.random.default_rng(arguments.seed))
    print("| fluxes by | mean z | rms z | mean y⁺/truth − 1 | median sd/y⁺ |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        for name, file in SETS.items():
            second_flux.ATOMS["He1"] = second_atoms.Helium("He", 1, file)
            write(pathlib.Path(scratch) / "catalogue.csv", nebulae, arguments.objects)
            mean, sd = fitted(arguments.program, pathlib.Path(scratch), options)
            z, off = (mean - nebulae["He1"]) / sd, mean / nebulae["He1"] - 1
            print(f"| {name} | {z.mean():+.2f} | {np.hypot(z.mean(), z.std()):.2f} | {off.mean():+.4f} | {np.median(sd / mean):.4f} |", flush=True)


if __name__ == "__main__":
    main()
