"""Does a 68 % interval hold the truth in 68 % of galaxies? Simulates galaxies from the priors, fits them and counts.

Usage, from the root of the repository, standard library only:
    cargo build --release
    python tools/coverage.py gaussian                 # 1,000 galaxies
    python tools/coverage.py student-t --objects 200 --seed 7
    python tools/coverage.py mine --config F --simulate "--noise gaussian --snr 30"

Truths are drawn from the very priors of the fit (`simulate --truth prior`), so that any departure is an error of the program. The
exit status is 1 if a count leaves its band: a binomial interval that all counts of one run leave with probability 0.1 % together.
"""

import argparse
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

# Intervals: their columns and the probability they claim.
INTERVALS = [("68 %", "p16", "p84", 0.68), ("95 %", "p2p5", "p97p5", 0.95)]
# Probability that a program without error leaves one of all its bands.
FALSE_ALARM = 1e-3
# Priors about as wide as a class of galaxies, so that every line of most galaxies is detected.
PRIORS = """
T_low = { family = "Normal", mean = 13000, sd = 1500, lower = 7000, upper = 22000 }
T_high = { family = "Normal", mean = 14000, sd = 1500, lower = 7000, upper = 22000 }
log_ne = { family = "Normal", mean = 2.3, sd = 0.4, lower = 0, upper = 4 }
cHbeta = { family = "HalfNormal", sd = 0.3 }
tau = { family = "HalfNormal", sd = 1.0, upper = 10.0 }
He1 = { family = "LogNormal", mean = 0, sd = 0.15, scale = 0.085 }
He2 = { family = "LogNormal", mean = 0, sd = 0.3, scale = 0.0015 }
N2 = { family = "Normal", mean = 6.2, sd = 0.2 }
O2 = { family = "Normal", mean = 7.8, sd = 0.2 }
O3 = { family = "Normal", mean = 8.05, sd = 0.2 }
Ne3 = { family = "Normal", mean = 7.2, sd = 0.2 }
S2 = { family = "Normal", mean = 5.6, sd = 0.2 }
S3 = { family = "Normal", mean = 6.4, sd = 0.2 }
Ar3 = { family = "Normal", mean = 5.8, sd = 0.2 }
Ar4 = { family = "Normal", mean = 5.4, sd = 0.2 }
"""
BASE = '[model]\npreset = "plain"\nnormalisation = "ratio"\nerror_floor = 0.0\n'
ARM = '[calibration.red]\nrange = [6000, 10000]\nprior = { family = "Normal", mean = 0.0, sd = 0.05 }\n'
# Likelihood variants: lines of configuration beside BASE and PRIORS, more priors, options of `simulate`.
VARIANTS = {
    "gaussian": ("", "", ""),
    "log-gaussian": ('[likelihood]\nkind = "log-gaussian"\n', "", "--noise log-gaussian --snr 8"),
    "student-t": ('[likelihood]\nkind = "student-t"\n', "nu = { fixed = 4.0 }\n", "--noise student-t:4"),
    "student-t-free": (
        '[likelihood]\nkind = "student-t"\n',
        'nu = { family = "LogNormal", mean = 1.5, sd = 0.5, lower = 1.0, upper = 50.0 }\n',
        "--noise student-t",
    ),
    "outliers": ('[likelihood]\nkind = "outliers"\n', "", "--noise outliers:0.01"),
    "upper-limits": ("", "", "--limits 3 --snr 5"),
    "arm": (ARM, "", ""),
}


def binomial_band(n, p, outside):
    """Least and largest count whose binomial tails, each way, are at least outside/2."""

    def log_pmf(k):
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)

    pmf = [math.exp(log_pmf(k)) for k in range(n + 1)]
    low, total = 0, pmf[0]
    while total < outside / 2:
        low += 1
        total += pmf[low]
    high, total = n, pmf[n]
    while total < outside / 2:
        high -= 1
        total += pmf[high]
    return low, high


def run(*command):
    subprocess.run([str(part) for part in command], check=True)


def count(results, truths):
    """Per parameter: galaxies, and how many truths lie inside each interval; galaxies by status and by looks."""
    counts, statuses, looks = {}, {}, {}
    for row, truth in zip(results, truths, strict=True):
        assert row["object"] == truth["object"]
        statuses[row["status"]] = statuses.get(row["status"], 0) + 1
        looks[row["n_looks"]] = looks.get(row["n_looks"], 0) + 1
        for name, value in truth.items():
            low = row.get(f"{name}_p16", "NaN")
            if name == "object" or low == "NaN" or row[f"{name}_sd"] == "0":
                continue
            tally = counts.setdefault(name, [0] * (1 + len(INTERVALS)))
            tally[0] += 1
            for place, (_, lower, upper, _) in enumerate(INTERVALS):
                inside = float(row[f"{name}_{lower}"]) <= float(value) <= float(row[f"{name}_{upper}"])
                tally[1 + place] += inside
    return counts, statuses, looks


def report(counts):
    """Prints the table; whether every count is inside its band."""
    comparisons = len(counts) * len(INTERVALS)
    sound = True
    print(f"{'parameter':12} {'galaxies':>8}", *(f"{claim + ' covers':>12} {'band':>14}" for claim, *_ in INTERVALS))
    for name, (n, *inside) in counts.items():
        cells = []
        for (_, _, _, p), k in zip(INTERVALS, inside, strict=True):
            low, high = binomial_band(n, p, FALSE_ALARM / comparisons)
            mark = "" if low <= k <= high else " !"
            sound &= not mark
            cells.append(f"{k / n:12.3f} {f'{low / n:.3f}-{high / n:.3f}{mark}':>14}")
        print(f"{name:12} {n:8}", *cells)
    return sound


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variant", help=", ".join(VARIANTS) + ", or any name with --config")
    parser.add_argument("--config", type=pathlib.Path, help="a configuration of your own")
    parser.add_argument("--simulate", default="", help="options of `nebulium simulate` beside it")
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sampler", default="", help="options of `nebulium fit`; absent: draws until the gate holds, as users have")
    parser.add_argument("--program", default="target/release/nebulium")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        config, options = arguments.config, arguments.simulate.split()
        if config is None:
            tables, priors, more = VARIANTS[arguments.variant]
            config, options = directory / "config.toml", options or more.split()
            config.write_text(BASE + tables + "[importance]\ndraws = 0\n[priors]\n" + PRIORS + priors)
        catalogue, out = directory / "catalogue.csv", directory / "out"
        simulate = ["simulate", "--truth", "prior", "--config", config, "--objects", arguments.objects, *options]
        run(arguments.program, *simulate, "--seed", arguments.seed, "--out", catalogue)
        fit = ["fit", catalogue, "--config", config, *arguments.sampler.split(), "--keep-draws", "none", "--quiet"]
        run(arguments.program, *fit, "--seed", arguments.seed, "--out", out)
        with open(out / "results.csv") as results, open(directory / "catalogue_truth.csv") as truths:
            counts, statuses, looks = count(csv.DictReader(results), csv.DictReader(truths))
    print(f"{arguments.variant}, {arguments.objects} galaxies, seed {arguments.seed}:", statuses, "looks:", looks)
    sys.exit(0 if report(counts) else 1)


if __name__ == "__main__":
    main()
