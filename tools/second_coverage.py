"""Do intervals hold truths whose fluxes a second rendering of the model computed?

Usage, from the root of the repository, with the packages of tools/requirements.txt:
    cargo build --release
    python tools/second_coverage.py                 # plain, default; Gaussian, Student's t
    python tools/second_coverage.py plain-gaussian --objects 200
    python tools/second_coverage.py --tables        # other truths, other noise; no bands

Truths are drawn from the priors of the fit, fluxes come from second_flux.py, noise from the
likelihood of the fit. Every galaxy counts, flagged or not. One that is `fail` or `rejected`, or has
no finite interval, is a miss. The exit status is 1 if a count leaves its band. The bands are
binomial. Where the program is right, all counts of one run stay inside with a probability of at
least 99.9 % (Bonferroni).
"""

import argparse
import collections
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import second_truths as truths_of
from scipy.stats import binom

# Probability that a right program leaves one of all the bands of a run.
FALSE_ALARM = 1e-3
# What is counted: a name, the columns of the lower and the upper end, the probability.
CLAIMS = [("68 %", "p16", "p84", 0.68), ("95 %", "p2p5", "p97p5", 0.95), ("below p50", None, "p50", 0.5)]
RUNS = [f"{preset}-{kind}" for preset in ("plain", "default") for kind in ("gaussian", "student-t")]
# Runs without bands: preset, likelihood of the noise, of the fit, distance of the truths from the priors in sd.
TABLES = {
    "truths 2 sd above the priors, plain": ("plain", "gaussian", "gaussian", 2.0),
    "truths 2 sd above the priors, default": ("default", "gaussian", "gaussian", 2.0),
    "robust fit of Gaussian noise, plain": ("plain", "gaussian", "student-t", 0.0),
    "robust fit of Gaussian noise, default": ("default", "gaussian", "student-t", 0.0),
}


def write_catalogue(path, lines, objects):
    with open(path, "w") as table:
        print("object,line,flux,flux_err,ew", file=table)
        for galaxy in range(objects):
            for label, columns in lines.items():
                flux, error, width = (float(column[galaxy]) for column in columns)
                print(f"g{galaxy:05},{label},{flux},{error},{'' if math.isnan(width) else width}", file=table)


def write_truths(path, truths, objects):
    with open(path, "w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["object", *truths])
        writer.writerows([f"g{galaxy:05}", *(float(values[galaxy]) for values in truths.values())] for galaxy in range(objects))


def fit(program, directory, options):
    command = [program, "fit", directory / "catalogue.csv", "--config", directory / "config.toml", "--out", directory / "out"]
    subprocess.run([*map(str, command), "--keep-draws", "none", "--quiet", "--force", *options], check=True)
    with open(directory / "out" / "results.csv") as table:
        return list(csv.DictReader(table))


def inside(row, name, lower, upper, truth):
    """Whether the row claims the truth; a failed row claims nothing."""
    if row["status"] in ("fail", "rejected"):
        return False
    ends = [-math.inf if end is None else float(row[f"{name}_{end}"] or "nan") for end in (lower, upper)]
    return ends[0] <= truth <= ends[1]


def count(rows, truths):
    """For each quantity the number of galaxies that hold the truth, by claim, and mean and sd of (mean − truth)/sd."""
    counts = {}
    for name, values in truths.items():
        if f"{name}_p16" not in rows[0]:
            continue
        held = [sum(inside(row, name, lower, upper, truth) for row, truth in zip(rows, values, strict=True)) for _, lower, upper, _ in CLAIMS]
        z = [(float(row[f"{name}_mean"]) - truth) / float(row[f"{name}_sd"]) for row, truth in zip(rows, values, strict=True) if finite(row, name)]
        counts[name] = held, np.mean(z), np.std(z)
    return counts


def finite(row, name):
    return all(row[f"{name}_{column}"] not in ("", "NaN", "nan", "0") for column in ("mean", "sd"))


def report(title, counts, rows, comparisons):
    """Prints a table of fractions; returns whether every count is inside its band (always, without comparisons)."""
    objects, sound = len(rows), True
    statuses = collections.Counter(row["status"] for row in rows)
    print(f"\n{title}: {objects} galaxies,", ", ".join(f"{number} {status}" for status, number in sorted(statuses.items())))
    bands = [binom.ppf([FALSE_ALARM / comparisons / 2, 1 - FALSE_ALARM / comparisons / 2], objects, p) for *_, p in CLAIMS] if comparisons else []
    if bands:
        print("bands:", ", ".join(f"{claim} {low / objects:.3f}-{high / objects:.3f}" for (claim, *_), (low, high) in zip(CLAIMS, bands, strict=True)))
    print("| quantity |", " | ".join(claim for claim, *_ in CLAIMS), "| mean z | sd z |\n| --- | --- | --- | --- | --- | --- |")
    for name, (held, mean, sd) in counts.items():
        broken = [bool(bands) and not low <= number <= high for number, (low, high) in zip(held, bands or [(0, 0)] * 3, strict=True)]
        sound &= not any(broken)
        cells = [f"{number / objects:.3f}{' !' if outside else ''}" for number, outside in zip(held, broken, strict=True)]
        print(f"| {name} |", " | ".join(cells), f"| {mean:+.2f} | {sd:.2f} |", flush=True)
    return sound


def simulate_and_fit(arguments, preset, noise, kind, outside):
    """Counts and rows of one run."""
    rng = np.random.default_rng([arguments.seed, len(preset), len(noise), int(outside)])
    truths = truths_of.draw(preset, arguments.objects, rng, outside)
    lines = truths_of.observe(preset, noise, truths, rng)
    truths_of.derive(truths)
    with tempfile.TemporaryDirectory() as scratch:
        directory = arguments.keep / f"{preset}-{noise}-{kind}-{outside:.0f}" if arguments.keep else pathlib.Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "config.toml").write_text(truths_of.configuration(preset, kind))
        write_catalogue(directory / "catalogue.csv", lines, arguments.objects)
        write_truths(directory / "truth.csv", truths, arguments.objects)
        rows = fit(arguments.program, directory, arguments.fit.split())
    return count(rows, truths), rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="*", default=RUNS, help=", ".join(RUNS))
    parser.add_argument("--tables", action="store_true", help="the tables without bands")
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", default="", help="further options of `nebulium fit`")
    parser.add_argument("--program", default="target/release/nebulium")
    parser.add_argument("--keep", type=pathlib.Path, help="a directory for the catalogues, truths and results")
    arguments = parser.parse_args()
    if arguments.tables:
        for title, run in TABLES.items():
            report(title, *simulate_and_fit(arguments, *run), 0)
        return
    results = {}
    for run in arguments.runs:
        preset, kind = run.split("-", 1)
        results[run] = simulate_and_fit(arguments, preset, kind, kind, 0.0)
    comparisons = sum(len(counts) * len(CLAIMS) for counts, _ in results.values())
    sound = [report(run, *result, comparisons) for run, result in results.items()]
    sys.exit(0 if all(sound) else 1)


if __name__ == "__main__":
    main()
