"""Compares nebulium's emissivities and whole fluxes with those of the second rendering.

Usage, from the root of the repository, with the packages of tools/requirements.txt:
    cargo build --release
    python tools/second_points.py

First come the ratios ε/ε(Hβ) at random points of 6 to 24 kK and 1 to 10⁴ cm⁻³. The table has the
largest difference of each ion above and below 100 cm⁻³, where the data of H I and He II end. Then
come nebulae drawn from the priors of preset `default`, absorption included. Every parameter but
ln F(Hβ) is fixed, so that `lines.csv` holds the program's flux. The exit status is 1 where a
difference exceeds LIMITS.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import second_flux
import second_truths

# Largest differences [%] between two interpolations of the same data. Below EDGE, the first density
# of H I and He II [cm⁻³], both renderings extrapolate.
LIMITS = {"He1": 0.2, "others": 0.1, "low density": 2.0}
EDGE = 100.0


def program_ratios(program, directory, labels, temperature, density):
    """The program's ε/ε(Hβ), a row a label."""
    with open(directory / "points.csv", "w") as points:
        print("line,T,n_e", file=points)
        for label in labels:
            for t, n in zip(temperature, density, strict=True):
                print(f"{label},{float(t)},{float(n)}", file=points)
    command = [program, "emissivity", "--points", directory / "points.csv"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    values = [10 ** float(row["log10_ratio"]) for row in csv.DictReader(text.splitlines())]
    return np.array(values).reshape(len(labels), len(temperature))


def compare_emissivities(program, directory, points, rng):
    """Prints the largest difference of each ion; returns whether all are within their limits."""
    temperature, density = rng.uniform(6000, 24000, points), 10 ** rng.uniform(0, 4, points)
    labels = [label for label in second_flux.LINES if label != "H1_4861A"]
    worst = {}
    for label, theirs in zip(labels, program_ratios(program, directory, labels, temperature, density), strict=True):
        difference = 100 * abs(theirs / second_flux.ratio(second_flux.LINES[label], temperature, density) - 1)
        above, below = difference[density >= EDGE].max(), difference[density < EDGE].max()
        ion = second_flux.LINES[label].ion
        worst[ion] = max(worst.get(ion, (0.0, 0.0, "")), (above, below, label))
    print("| ion | n ≥ 100 cm⁻³ [%] | n < 100 cm⁻³ [%] | line |\n| --- | --- | --- | --- |")
    for ion, (above, below, label) in worst.items():
        print(f"| {ion} | {above:.3f} | {below:.3f} | {label} |")
    return all(
        above <= LIMITS.get(ion, LIMITS["others"]) and below <= LIMITS["low density"] for ion, (above, below, _) in worst.items()
    )


def fixed_configuration(truths, place):
    """Preset `default` with every parameter held at its truth, except ln F(Hβ)."""
    text = second_truths.configuration("default", "gaussian").split("[priors]")[0]
    text += '[zones.low]\n[zones.mid]\nions = ["S3", "Ar3", "Cl3"]\n[zones.high]\n[priors]\n'
    held = {name: values[place] for name, values in truths.items() if name not in ("n_e", "ln_FHbeta")}
    return text + "".join(f"{name} = {{ fixed = {float(value)} }}\n" for name, value in held.items())


def program_fluxes(program, directory, truths, place, lines):
    """The program's fluxes over that of Hβ, by label."""
    (directory / "config.toml").write_text(fixed_configuration(truths, place))
    with open(directory / "nebula.csv", "w") as table:
        print("line,flux,flux_err,ew", file=table)
        for label, (flux, width) in lines.items():
            print(f"{label},{flux},{0.02 * flux},{width}", file=table)
    command = [program, "fit", directory / "nebula.csv", "--config", directory / "config.toml", "--out", directory / "out"]
    subprocess.run([*command, "--quiet", "--force", "--draws", "200"], check=True)
    with open(directory / "out" / "lines.csv") as table:
        rows = {row["line"]: float(row["model"]) for row in csv.DictReader(table)}
    return {label: flux / rows["H1_4861A"] for label, flux in rows.items()}


def compare_fluxes(program, directory, nebulae, rng):
    """Prints the largest difference of each line; returns whether all are within the limits."""
    truths = second_truths.draw("default", nebulae, rng)
    labels = second_truths.LABELS["default"]
    typical = {label: float(second_flux.flux(label, second_truths.medians("default"))[0]) for label in labels}
    widths = second_truths.equivalent_widths(typical, nebulae, rng)
    ours = {label: second_flux.flux(label, truths, widths) * np.ones(nebulae) for label in labels}
    worst = dict.fromkeys(labels, 0.0)
    for place in range(nebulae):
        lines = {label: (float(ours[label][place]), float(widths[label][place])) for label in labels}
        for label, theirs in program_fluxes(program, directory, truths, place, lines).items():
            mine = ours[label][place] / ours["H1_4861A"][place]
            worst[label] = max(worst[label], 100 * abs(theirs / mine - 1))
    print("\n| line | whole flux [%] |\n| --- | --- |")
    print("\n".join(f"| {label} | {difference:.3f} |" for label, difference in worst.items()))
    return max(worst.values()) <= LIMITS["low density"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--nebulae", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default="target/release/nebulium")
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch)
        sound = compare_emissivities(arguments.program, directory, arguments.points, rng)
        sound &= compare_fluxes(arguments.program, directory, arguments.nebulae, rng)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
