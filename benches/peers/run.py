#!/usr/bin/env python3
"""Runs nebulium and every peer in turn on the same log density and writes what each took and what its draws are worth.

`python3.11 benches/peers/run.py` makes a virtual environment, builds nebulium, exports the problem, shows that the peers' log
density is nebulium's, then runs each peer in a process of its own. Results: `peers.md` and `peers.csv` in the output directory.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TALK = ROOT / "tests/fixtures/talk_fluxes.csv"
CORES = os.cpu_count()
# JAX: a device a core.
ENVIRONMENT = {"XLA_FLAGS": f"--xla_force_host_platform_device_count={CORES}", "JAX_PLATFORMS": "cpu"}

# Name, script, and its flags.
ONE_GALAXY = [
    ("PyMC, as in the talk", "run_pymc.py", dict(chains=2, warmup=2000, draws=7000)),
    ("nutpie, the talk's model", "run_nutpie.py", dict(variant="talk", chains=2, warmup=2000, draws=7000)),
    ("nutpie, whitened", "run_nutpie.py", dict(variant="whitened", chains=2, warmup=400, draws=7000)),
    ("NumPyro, 16 chains, whitened", "run_numpyro.py", dict(chains=16, warmup=300, draws=1000)),
    ("BlackJAX NUTS, 4 chains, whitened", "run_blackjax.py", dict(variant="nuts", chains=4, warmup=300, draws=3500)),
    ("BlackJAX NUTS, 64 chains, whitened", "run_blackjax.py", dict(variant="nuts", chains=64, warmup=300, draws=500)),
    ("BlackJAX NUTS, 4096 chains, whitened", "run_blackjax.py", dict(variant="nuts", chains=4096, warmup=300, draws=50)),
    ("BlackJAX ChEES, 256 chains, whitened", "run_blackjax.py", dict(variant="chees", chains=256, warmup=300, draws=200)),
    ("LM + Laplace + importance", "run_laplace.py", dict(draws=14000)),
]
SURVEY = [
    ("nutpie, whitened", "run_nutpie.py", dict(variant="whitened", chains=4, warmup=300, draws=1000)),
    ("BlackJAX NUTS, whitened", "run_blackjax.py", dict(variant="nuts", chains=4, warmup=300, draws=1000, batch=CORES)),
    ("LM + Laplace + importance", "run_laplace.py", dict(draws=2500)),
]
# Each of nebulium's: name, chains, warm-up, draws, and true for independence steps, which serve tails and R-hat, not means.
OWN = ("nebulium, its own setting", 4, 200, 1000, True)
ONE_GALAXY_OWN = [
    ("nebulium, the talk's setting", 2, 2000, 7000, True),
    OWN,
    ("nebulium, 64 chains", 64, 60, 500, True),
    ("nebulium, 64 chains, NUTS alone", 64, 60, 500, False),
]
SURVEY_OWN = [OWN, ("nebulium, a survey's setting", 8, 60, 220, True)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "target/peers", help="where everything goes")
    parser.add_argument("--catalogue", type=Path, default=TALK, help="the one galaxy")
    parser.add_argument("--config", type=Path, default=HERE / "plain.toml", help="nebulium's configuration")
    parser.add_argument("--objects", type=int, default=200, help="simulated galaxies of the survey")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds that a peer may take")
    parser.add_argument("--only", default="", help="runs only peers whose name holds this")
    parser.add_argument("--quick", action="store_true", help="a tenth of draws and warm-up: to see that everything runs")
    return parser.parse_args()


def do(command, **more):
    print("$", " ".join(map(str, command)), flush=True)
    subprocess.run(list(map(str, command)), check=True, **more)


def prepared(options):
    """The environment's Python and the built programs' directory."""
    venv = options.out / "venv"
    if not venv.exists():
        do([sys.executable, "-m", "venv", venv])
    do([venv / "bin/pip", "install", "--quiet", "-r", HERE / "requirements.txt"])
    do(["cargo", "build", "--release", "--bin", "nebulium", "--example", "export", "--example", "phases"], cwd=ROOT)
    return venv / "bin/python", Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"


def child(command, log, limit):
    """Runs a command in a process of its own: its status, wall time [s] and peak memory [MiB]."""
    start = time.perf_counter()
    with open(log, "w") as file:
        process = subprocess.Popen(list(map(str, command)), stdout=file, stderr=subprocess.STDOUT, env=os.environ | ENVIRONMENT)
    status = "time limit"
    while time.perf_counter() - start < limit:
        pid, code, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            status = "ok" if code == 0 else f"failed: {last_line(log)}"
            break
        time.sleep(0.002)
    else:
        process.kill()
        _, code, usage = os.wait4(process.pid, 0)
    process.returncode = code
    return {"status": status, "wall": time.perf_counter() - start, "memory": usage.ru_maxrss / 1024}


def last_line(log):
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip() and not line.startswith("---")]
    return lines[-1][:120] if lines else "no message"


def measured(python, draws, out):
    """What measure.py says of some draws."""
    do([python, HERE / "measure.py", draws, out])
    return json.loads(out.read_text())


def run_peer(options, python, problem, kind, name, script, settings):
    """One peer's row."""
    if options.quick:
        least = {"warmup": 100, "draws": 50}
        settings = settings | {key: max(low, settings[key] // 10) for key, low in least.items() if key in settings}
    out = options.out / kind / "".join(c if c.isalnum() else "-" for c in name)
    out.mkdir(parents=True, exist_ok=True)
    for old in ("draws.npy", "numbers.json"):
        (out / old).unlink(missing_ok=True)
    flags = [part for key, value in settings.items() for part in (f"--{key}", value)]
    command = [python, HERE / script, problem, out, *flags]
    row = {"name": name} | settings
    row |= child(command, out / "log.txt", options.limit)
    print(f"{name}: {row['status']}, {row['wall']:.1f} s", flush=True)
    if row["status"] == "ok":
        # What a peer says of itself stands above what its draws seem to say: importance sampling has no chains.
        row |= measured(python, out / "draws.npy", out / "measured.json")
        row |= json.loads((out / "numbers.json").read_text())
    return row


def with_independence(config, independence):
    """A configuration with or without independence steps."""
    sampler = f"[sampler]\nindependence = {str(independence).lower()}\n"
    return config.replace("[sampler]\n", sampler) if "[sampler]\n" in config else f"{config}\n{sampler}"


def run_nebulium(options, python, programs, catalogue, kind, setting, repeats):
    """nebulium's row: wall of the program, stages by `phases`."""
    name, chains, warmup, draws, independence = setting
    out = options.out / kind / "-".join(name.replace(",", "").replace("'", "").split())
    out.mkdir(parents=True, exist_ok=True)
    config = out / "config.toml"
    config.write_text(with_independence(options.config.read_text(), independence))
    fit = [programs / "nebulium", "fit", catalogue, "--config", config, "--backend", "cpu", "--quiet", "--force"]
    fit += ["--chains", chains, "--warmup", warmup, "--draws", draws, "--seed", 1, "--keep-draws", "all", "--out", out / "result"]
    runs = [child(fit, out / "log.txt", options.limit) for _ in range(repeats)]
    row = {"name": name, "chains": chains, "warmup": warmup, "draws": draws}
    row |= sorted(runs, key=lambda run: run["wall"])[repeats // 2]
    print(f"{name}: {row['status']}, {row['wall']:.2f} s", flush=True)
    phases = [programs / "examples/phases", config, catalogue, chains, warmup, draws, repeats]
    row["seconds"] = json.loads(subprocess.run(list(map(str, phases)), check=True, capture_output=True).stdout)
    row |= table.from_results(out / "result/results.csv")
    return row | measured(python, out / "result/draws.npy", out / "measured.json")


def machine():
    """The machine in words."""
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{names[0] if names else platform.processor()}, {CORES} cores, load {load:.1f} at the start"


def main():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    of_machine = machine()
    python, programs = prepared(options)
    problem, survey, simulated = (options.out / name for name in ("problem.json", "survey.json", "survey.csv"))
    do([programs / "nebulium", "simulate", "--objects", options.objects, "--out", simulated, "--force"])
    for catalogue, exported in ((options.catalogue, problem), (simulated, survey)):
        do([programs / "examples/export", options.config, catalogue, exported])
    if len(json.loads(problem.read_text())["objects"]) != 1:
        sys.exit(f"{options.catalogue}: one galaxy is expected")
    agreement = options.out / "agreement.json"
    do([python, HERE / "agreement.py", problem, agreement], env=os.environ | ENVIRONMENT)
    one = [run_nebulium(options, python, programs, options.catalogue, "one", setting, 5) for setting in ONE_GALAXY_OWN]
    one += [run_peer(options, python, problem, "one", *peer) for peer in ONE_GALAXY if options.only in peer[0]]
    many = [run_nebulium(options, python, programs, simulated, "survey", setting, 1) for setting in SURVEY_OWN]
    many += [run_peer(options, python, survey, "survey", *peer) for peer in SURVEY if options.only in peer[0]]
    table.write(options, of_machine, json.loads(agreement.read_text()), one, many)


if __name__ == "__main__":
    main()
