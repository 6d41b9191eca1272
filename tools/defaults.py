"""Which prior, zones and line weights are right from 12 + log(O/H) 7 to 9? One Markdown table, a row a variant.

Usage, from the root of the repository, with the packages of tools/requirements.txt and scipy:
    cargo build --release
    apt-get download neat && dpkg -x neat_*.deb neat
    python tools/defaults.py --neat neat/usr/share/doc/neat/examples \\
        --hebcd hebcd.csv hebcd_published.csv --simulated rich rich.csv rich_truth.json \\
        --forward 100 --variants V0 log40+two+full log40+two+f20
A variant is PRIOR+ZONES+WEIGHT: the names stand in tools/defaults_variants.py. Simulated
regions, classical answers and fits stay in the folder --work, so that another call adds rows only.
Another program or other data need another folder.
"""

import argparse
import pathlib
import resource
import shutil
import subprocess

import defaults_measures
import defaults_samples
import defaults_variants

SAMPLER = '[sampler]\nchains = 4\nwarmup = 200\ndraws = {draws}\n[output]\nkeep_draws = "none"\n'


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/nebulium", help="the built program")
    parser.add_argument("--neat", metavar="DIR", help="lists in NEAT's format")
    parser.add_argument("--hebcd", nargs=2, metavar=("LINES", "PUBLISHED"), help="long table; T[O III] and O/H")
    parser.add_argument("--simulated", nargs=3, action="append", default=[], metavar=("NAME", "LINES", "TRUTHS"))
    parser.add_argument("--forward", type=int, default=0, metavar="N", help="regions a kind of the forward code")
    parser.add_argument("--clump", type=float, default=0.1, help="share of Hβ from dense gas in a third kind")
    parser.add_argument("--variants", nargs="+", default=["V0"])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("defaults-work"))
    parser.add_argument("--table", type=pathlib.Path, default=pathlib.Path("defaults.md"))
    parser.add_argument("--draws", type=int, default=250)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def samples(args):
    """Every sample that the options name."""
    found = []
    if args.neat:
        from defaults_classical import direct

        found += defaults_samples.neat(args.neat, direct, args.work / "classical.json")
    if args.hebcd:
        found += defaults_samples.hebcd(*args.hebcd, args.work)
    for name, table, truths in args.simulated:
        found += defaults_samples.simulation(name, table, truths)
    kinds = [("rich", 0.0), ("poor", 0.0), ("rich", args.clump)] if args.forward else []
    for kind, clump in kinds:
        stem = args.work / f"{kind}{'_clump' if clump else ''}_{args.seed}"
        paths = stem.with_suffix(".csv"), stem.with_suffix(".json")
        if not all(path.exists() for path in paths):
            from defaults_forward import simulate

            paths = simulate(args.work, kind, args.forward, args.seed, clump)
        found += defaults_samples.simulation(f"own {kind}{' clump' if clump else ''}", *paths)
    return found


def fit(args, variant, index, sample):
    """Fit `sample` with `variant` unless done; returns the folder of results."""
    folder = args.work / f"{variant.replace(':', '_')}-{index}-{sample.name.replace(' ', '_')}"
    if (folder / "results.csv").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    config = args.work / "variant.toml"
    text = defaults_variants.configuration(variant, sample.labels(), sample.law)
    config.write_text(text + SAMPLER.format(draws=args.draws))
    command = [args.program, "fit", *map(str, sample.files), "--config", str(config), "--out", str(folder), "--quiet"]
    command += ["--backend", "cpu", "--threads", str(args.threads), *sample.options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    (folder / "seconds").write_text(str(after.ru_utime - before.ru_utime))
    return folder


def row(args, variant, all_samples):
    """Measures of `variant`: columns of every sample and the CPU seconds of its fits."""
    rows, seconds = {}, 0.0
    for index, sample in enumerate(all_samples):
        folder = fit(args, variant, index, sample)
        rows.setdefault(sample.name, {}).update(defaults_measures.results(folder))
        seconds += float((folder / "seconds").read_text())
    columns = {}
    for sample in {s.name: s for s in all_samples}.values():
        measure = getattr(defaults_measures, sample.kind)
        for key, found in measure(rows[sample.name], sample.truth).items():
            columns[f"{sample.name}: {key}"] = found
    return columns | {"CPU s": seconds}


def shown(found):
    return found if isinstance(found, str) else f"{found:.3g}" if abs(found) < 1 else f"{found:.1f}"


def main():
    args = arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    all_samples, lines = samples(args), []
    for variant in args.variants:
        columns = row(args, variant, all_samples)
        if not lines:
            lines = ["| variant | " + " | ".join(columns) + " |", "| --- " * (len(columns) + 1) + "|"]
        lines.append(f"| {variant} | " + " | ".join(shown(v) for v in columns.values()) + " |")
        args.table.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
