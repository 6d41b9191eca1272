"""Is chi2_p uniform? Simulates galaxies from the priors of a fit, with noise of the likelihood's own errors, fits them and counts.

Usage, from the root of the repository, standard library only:
    cargo build --release
    python tools/chi2_law.py                    # three sets of 1,000 galaxies
    python tools/chi2_law.py absorption --objects 200 --seed 7

The sets are `plain`; `absorption`, with equivalent widths; and `temperature`, with both temperatures given by narrow priors. Truths
are drawn from the very priors of the fit. The program gives the fluxes without noise; absorption, its errors and the noise are
computed here. The exit status is 1 if a count of small p leaves its binomial band of 99.9 %, or if with all sets a pooled rate or
mean leaves the range that is asked for.
"""

import argparse
import csv
import math
import pathlib
import random
import statistics
import sys
import tempfile

from coverage import BASE, PRIORS, binomial_band, run

# p below which galaxies are counted, and those whose pooled rate must be within 0.5 to 1.5 times the nominal one.
LEVELS = [0.001, 0.01, 0.1]
POOLED_LEVELS = [0.01, 0.1]
POOLED_RATES = (0.5, 1.5)
POOLED_MEAN = (0.45, 0.55)
FALSE_ALARM = 1e-3
# Errors: a fraction of the flux, and one of Hbeta.
RELATIVE, FLOOR = 0.02, 0.001
# Signal-to-noise of fluxes that count as free of noise.
CLEAN = "1e8"
# Equivalent width of Hbeta in Angstrom, and the widths' priors, half-normal.
WIDTH_OF_HBETA = 120.0
DEPTHS = {"a_H": 1.5, "a_He": 0.3}
# Ratios of absorption and their standard deviations, docs/model.md: of H lines to Hbeta, of He I lines to 4471.
RATIOS = {
    "H1_6563A": ("a_H", 0.942, 0.10),
    "H1_4861A": ("a_H", 1.0, 0.0),
    "H1_4341A": ("a_H", 0.959, 0.05),
    "He1_4471A": ("a_He", 1.0, 0.0),
    "He1_4026A": ("a_He", 1.347, 0.30),
    "He1_5876A": ("a_He", 0.874, 0.28),
    "He1_6678A": ("a_He", 0.525, 0.10),
    "He1_7065A": ("a_He", 0.40, 0.13),
}
ABSORPTION = "absorption = true\n", "".join(f'{name} = {{ family = "HalfNormal", sd = {sd} }}\n' for name, sd in DEPTHS.items())
GIVEN = {"T_low": 12000, "T_high": 13000}
# Lines of [model] and priors of each set, beside those of coverage.py.
SETS = {
    "plain": ("", ""),
    "absorption": ABSORPTION,
    "temperature": ("", "".join(f'{t} = {{ family = "Normal", mean = {k}, sd = {0.01 * k} }}\n' for t, k in GIVEN.items())),
}


def configuration(name):
    """The configuration of a set: a prior of its own replaces that of the same parameter."""
    model, priors = SETS[name]
    own = {line.split(" = ")[0] for line in priors.splitlines()}
    common = [line for line in PRIORS.splitlines() if line.split(" = ")[0] not in own]
    return BASE + model + "[importance]\ndraws = 0\n[priors]\n" + "\n".join(common) + "\n" + priors


def clean_fluxes(path):
    """Fluxes of each galaxy, line by line, without Hbeta."""
    galaxies = {}
    with open(path) as rows:
        for row in csv.DictReader(rows):
            galaxies.setdefault(row["object"], {})[row["line"]] = float(row["flux"])
    return galaxies


def absorbed(fluxes, generator):
    """Fluxes, equivalent widths and relative errors of a galaxy under absorption."""
    depth = {name: abs(generator.gauss(0, sd)) for name, sd in DEPTHS.items()}
    widths = {line: max(WIDTH_OF_HBETA * flux, 1.0) for line, flux in fluxes.items()}
    seen, errors = {}, {}
    for line, flux in fluxes.items():
        kind, ratio, sd = RATIOS.get(line, ("a_H", 0.0, 0.0))
        seen[line] = flux * (1 + depth["a_H"] / WIDTH_OF_HBETA) / (1 + ratio * depth[kind] / widths[line])
        errors[line] = DEPTHS[kind] * sd / (widths[line] + ratio * DEPTHS[kind])
    return seen, widths, errors


def write_catalogue(path, galaxies, name, seed):
    """Writes fluxes with noise; returns the errors that the likelihood should have."""
    typical = {line: statistics.median(galaxy[line] for galaxy in galaxies.values()) for line in next(iter(galaxies.values()))}
    generator, expected = random.Random(seed), {}
    with open(path, "w") as out:
        out.write("object,line,flux,flux_err,ew\n")
        for galaxy, fluxes in galaxies.items():
            seen, widths, errors = fluxes, dict.fromkeys(fluxes, ""), dict.fromkeys(fluxes, 0.0)
            if name == "absorption":
                seen, widths, errors = absorbed(fluxes, generator)
            for line, flux in seen.items():
                own = math.hypot(RELATIVE * typical[line], FLOOR)
                sigma = math.hypot(own, errors[line] * flux)
                noise = 0.0 if line == "H1_4861A" else generator.gauss(0, sigma)
                expected[galaxy, line] = sigma
                out.write(f"{galaxy},{line},{flux + noise},{own},{widths[line]}\n")
    return expected


def check_errors(path, expected):
    """The median ratio of the likelihood's errors to the noise; they depend on the flux with noise."""
    with open(path) as rows:
        ratios = [float(row["sigma"]) / expected[row["object"], row["line"]] for row in csv.DictReader(rows)]
    assert abs(statistics.median(ratios) - 1) < 0.01, "the noise is not that of the likelihood"


def p_values(program, name, objects, seed, draws):
    """chi2, chi2_dof and chi2_p of each galaxy of a set."""
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        config, clean, catalogue, out = (directory / part for part in ["config.toml", "clean.csv", "catalogue.csv", "out"])
        config.write_text(configuration(name))
        simulate = ["simulate", "--truth", "prior", "--config", config, "--objects", objects, "--snr", CLEAN, "--seed", seed]
        run(program, *simulate, "--out", clean)
        expected = write_catalogue(catalogue, clean_fluxes(clean), name, seed)
        fit = ["fit", catalogue, "--config", config, "--draws", draws, "--keep-draws", "none", "--quiet", "--seed", seed]
        run(program, *fit, "--out", out)
        check_errors(out / "lines.csv", expected)
        with open(out / "results.csv") as results:
            return [[float(row[column]) for column in ("chi2", "chi2_dof", "chi2_p")] for row in csv.DictReader(results)]


def is_sound(name, rows):
    """Prints the counts of one set; whether each is in its band."""
    values = [p for _, _, p in rows]
    cells, sound = [], all(math.isfinite(p) for p in values)
    for level in LEVELS:
        count = sum(p < level for p in values)
        low, high = binomial_band(len(values), level, FALSE_ALARM)
        sound &= low <= count <= high
        cells.append(f"{count:6} [{low}, {high}]".ljust(20))
    mean_chi2, mean_dof = (statistics.fmean(row[k] for row in rows) for k in (0, 1))
    print(f"{name:12} {len(values):6} {statistics.fmean(values):7.3f} {mean_chi2:7.3f} {mean_dof:7.3f}", *cells, flush=True)
    return sound


def is_pool_sound(values):
    """Prints the rates over all sets; whether they are in the ranges asked for."""
    rates = [sum(p < level for p in values) / (level * len(values)) for level in POOLED_LEVELS]
    mean = statistics.fmean(values)
    print(f"all: mean p {mean:.3f}", *(f"p < {level}: {rate:.2f} x nominal" for level, rate in zip(POOLED_LEVELS, rates)))
    within = all(POOLED_RATES[0] <= rate <= POOLED_RATES[1] for rate in rates)
    return within and POOLED_MEAN[0] <= mean <= POOLED_MEAN[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", help=", ".join(SETS) + "; all without a name")
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=300, help="a chain, of four")
    parser.add_argument("--program", default="target/release/nebulium")
    arguments = parser.parse_args()
    names = arguments.sets or list(SETS)
    print("set          galaxies mean p    chi2 chi2_dof  p < 0.001            p < 0.01             p < 0.1")
    sound, pooled = True, []
    for name in names:
        rows = p_values(arguments.program, name, arguments.objects, arguments.seed, arguments.draws)
        sound &= is_sound(name, rows)
        pooled += [p for _, _, p in rows]
    if len(names) == len(SETS):
        sound &= is_pool_sound(pooled)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
