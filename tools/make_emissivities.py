"""Write the emissivity sets `data/emissivities/*`, the four coefficients, and the fixtures that test them.

    python tools/make_emissivities.py            # writes them and tests/fixtures/emissivity_*.csv
    python tools/make_emissivities.py --check    # recomputes them and compares, byte by byte

A set is the values of smooth emissivity surfaces (surfaces.py) at the nodes of a natural bicubic spline in
(log10 T, log10 n_e), with a manifest that says for each line where they come from and how far they can be trusted.
"""

import argparse
import hashlib
import io
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one order of summation, so identical bytes

import numpy as np
import pyneb as pn

from alternatives import ALTERNATIVES, lines_of, source_of
from four_coefficients import coefficients_file
from line_list import COLLISIONAL, MERGED, OTHER_COLLISIONS, Line, all_lines, ion_of
from surfaces import Array, Source, bicubic, collisional, helium, natural_spline, recombination

NAME = "pyneb23"
PYNEB, DICTIONARY = "1.1.32", "PYNEB_23_01"
DESCRIPTION = "PyNeb's default atomic data, interpolated smoothly; natural bicubic spline of log10(emissivity / H-beta)"
CITATIONS = [
    "Luridiana, Morisset & Shaw 2015, A&A 573, A42",
    "Morisset et al. 2020, Atoms 8, 66",
    "Mendoza et al. 2023, Atoms 11, 63",
]
ROOT = Path(__file__).resolve().parent.parent
SETS, FIXTURES = Path("data/emissivities"), Path("tests/fixtures")

# Nodes: the box is wider than any prior, for a spline is worst at its edge. T in K, n_e in cm^-3.
AXIS_T = np.linspace(math.log10(3500.0), math.log10(35000.0), 32)
AXIS_NE = np.linspace(-0.5, 6.5, 24)
DECIMALS = 10  # of log10 in nodes.npy: far below the spline's error, far above rounding that differs by machine
HBETA = "H1_4861A"
ROUNDING = 1e-12  # relative, of a node that stands on the edge of a box

# The boxes of the error figures: everyday use, and all that the priors allow.
USED_T, USED_NE = (7000.0, 25000.0), (1.0, 1e4)
WIDE_T, WIDE_NE = (5000.0, 25000.0), (1.0, 1e5)
MESH_T, MESH_NE = 139, 101  # points of the off-node mesh: six a cell

POINTS_PER_LINE, POINTS_SEED = 6, 23
PYNEB_NE = (1e2, 1e4, 1e3, 1e5)  # nodes of every table; one for each temperature of a line's fixture
RECOMBINATION = {"H1": bicubic, "He2": bicubic, "He1": helium}


@dataclass(frozen=True)
class Row:
    """One line with its source and what was measured of it; arrays are log10 of the ratio to H-beta."""

    line: Line
    source: Source
    nodes: Array
    error_pyneb: float
    error_used: float
    error_wide: float


def load_sources() -> tuple[dict[str, Source], list[Line]]:
    """The data source of every label, and all lines in order."""
    recombined = {ion: recombination(ion, interpolate) for ion, interpolate in RECOMBINATION.items()}
    collided = {key: collisional(*key) for key in dict.fromkeys(map(model_atom, COLLISIONAL))}
    lines = all_lines(lambda label, level: collided[model_atom(label)][1].getEnergy(level))
    sources = {x.label: recombined[x.ion] if x.transition else collided[model_atom(x.label)][0] for x in lines}
    return sources, lines


def model_atom(label: str) -> tuple[str, str | None]:
    """The ion of a collisional line, and its collision file where it is not PyNeb's default."""
    return ion_of(label), OTHER_COLLISIONS.get(label)


def key_of(line: Line) -> object:
    """What a source calls the line."""
    return line.transition or line.levels


def by_source(lines: list[Line], sources: dict[str, Source]) -> list[tuple[Source, list[Line]]]:
    """Lines grouped by source, so that level populations are solved once an ion."""
    groups: dict[int, tuple[Source, list[Line]]] = {}
    for line in lines:
        source = sources[line.label]
        groups.setdefault(id(source), (source, []))[1].append(line)
    return list(groups.values())


def evaluate(lines: list[Line], sources: dict[str, Source], T: Array, n_e: Array) -> dict[str, Array]:
    """log10 emissivity [T, n_e] of every line on the smooth surfaces."""
    values = {}
    for source, members in by_source(lines, sources):
        surface = source.smooth([key_of(line) for line in members], T, n_e)
        values.update({line.label: value for line, value in zip(members, surface, strict=True)})
    return values


def percent(log_ratio: Array) -> float:
    """The largest relative deviation [%] that differences of log10, to the decimals that are shipped, stand for."""
    return float(np.max(np.abs(np.expm1(np.round(log_ratio, DECIMALS) * math.log(10.0))))) * 100.0


def pyneb_nodes(source: Source) -> tuple[Array, Array]:
    """The nodes (T, n_e) of PyNeb's own tables within the wide box, where its linear interpolation is exact."""
    return within(source.node_T, WIDE_T), within(source.node_ne, WIDE_NE)


def within(nodes: Array, box: tuple[float, float]) -> Array:
    """The nodes inside a closed interval, up to rounding."""
    return nodes[(nodes >= box[0] * (1.0 - ROUNDING)) & (nodes <= box[1] * (1.0 + ROUNDING))]


def pyneb_errors(lines: list[Line], sources: dict[str, Source]) -> dict[str, float]:
    """Largest deviation [%] of each line's smooth emissivity from PyNeb's at PyNeb's own nodes."""
    errors = {}
    for source, members in by_source(lines, sources):
        keys, nodes = [key_of(line) for line in members], pyneb_nodes(source)
        difference = source.smooth(keys, *nodes) - source.pyneb(keys, *nodes)
        errors.update({line.label: percent(row) for line, row in zip(members, difference, strict=True)})
    return errors


def spline(nodes: Array, log_T: Array, log_ne: Array) -> Array:
    """The natural bicubic spline through a line's nodes on the mesh log_T x log_ne."""
    return natural_spline(AXIS_T, natural_spline(AXIS_NE, nodes, log_ne).T, log_T).T


def spline_errors(nodes: Array, surface: Array, log_T: Array, log_ne: Array) -> tuple[float, float]:
    """Largest deviation [%] of the spline from the surface over the used and the wide box."""
    difference = spline(nodes, log_T, log_ne) - surface
    warm, thin = log_T >= math.log10(USED_T[0]) - ROUNDING, log_ne <= math.log10(USED_NE[1]) + ROUNDING
    return percent(difference[np.ix_(warm, thin)]), percent(difference)


def mesh() -> tuple[Array, Array]:
    """log10 T and log10 n_e of the off-node mesh over the wide box, with the used box's edges."""
    log_T = np.linspace(*np.log10(WIDE_T), MESH_T)
    log_ne = np.linspace(*np.log10(WIDE_NE), MESH_NE)
    return np.union1d(log_T, np.log10(USED_T)), np.union1d(log_ne, np.log10(USED_NE))


def measure(lines: list[Line], sources: dict[str, Source]) -> tuple[Array, list[Row]]:
    """The nodes of log10 H-beta [T, n_e], and one row a line."""
    at_nodes = evaluate(lines, sources, 10.0**AXIS_T, 10.0**AXIS_NE)
    log_T, log_ne = mesh()
    dense = evaluate(lines, sources, 10.0**log_T, 10.0**log_ne)
    from_pyneb = pyneb_errors(lines, sources)
    rows = []
    for line in lines:
        nodes = np.round(at_nodes[line.label] - at_nodes[HBETA], DECIMALS)
        errors = spline_errors(nodes, dense[line.label] - dense[HBETA], log_T, log_ne)
        rows.append(Row(line, sources[line.label], nodes, from_pyneb[line.label], *errors))
    return np.round(at_nodes[HBETA], DECIMALS), rows


def nodes_file(hbeta: Array, rows: list[Row]) -> bytes:
    """nodes.npy: little-endian f64, C order, [1 + line, T, n_e]."""
    stack = np.stack([hbeta] + [row.nodes for row in rows]).astype("<f8") + 0.0
    if not np.isfinite(stack).all():
        raise ValueError("a node is not finite")
    buffer = io.BytesIO()
    np.save(buffer, stack)
    return buffer.getvalue()


def upwards(value: float) -> float:
    """Two significant figures, rounded up, so that the figure is a bound; exact agreement stays 0."""
    if value == 0.0:
        return 0.0
    digits = 1 - math.floor(math.log10(value))
    return float(f"{math.ceil(value * 10.0**digits) / 10.0**digits:.2g}")


def text(value: str) -> str:
    """A TOML basic string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def strings(values: list[str]) -> str:
    """A TOML array of strings."""
    return "[" + ", ".join(text(value) for value in values) + "]"


def interval(low: float, high: float) -> str:
    """A TOML array of two floats, to ten digits."""
    return f"[{float(f'{low:.10g}')!r}, {float(f'{high:.10g}')!r}]"


def line_table(row: Row) -> str:
    """The [[line]] table of one line."""
    line, source = row.line, row.source
    transition = f"transition = {text(line.transition)}" if line.transition else f"levels = {list(line.levels)}"
    valid_ne = max(source.valid_ne[0], 10.0 ** AXIS_NE[0]), min(source.valid_ne[1], 10.0 ** AXIS_NE[-1])
    return "\n".join([
        "[[line]]",
        f"label = {text(line.label)}",
        f"ion = {text(line.ion)}",
        transition,
        f"wavelength_air = {line.air:.3f}",
        f"wavelength_vac = {line.vacuum:.3f}",
        f"data = {strings(source.files)}",
        f"references = {strings(source.references)}",
        f"valid_T = {interval(source.node_T[0], source.node_T[-1])}",
        f"valid_ne = {interval(*valid_ne)}",
        f"error_pyneb_nodes = {upwards(row.error_pyneb)!r}",
        f"error_spline_used = {upwards(row.error_used)!r}",
        f"error_spline_wide = {upwards(row.error_wide)!r}",
        "",
    ])  # fmt: skip


def merged_table(label: str, members: tuple[str, ...]) -> str:
    """The [[merged]] table of one merged label."""
    return f"[[merged]]\nlabel = {text(label)}\nmembers = {strings(list(members))}\n"


def axis(nodes: Array) -> str:
    """An axis of the node table."""
    return f"{{ first = {float(nodes[0])!r}, last = {float(nodes[-1])!r}, nodes = {nodes.size} }}"


def manifest_file(name: str, description: str, rows: list[Row], nodes: bytes) -> bytes:
    """manifest.toml."""
    head = "\n".join([
        "# Written by tools/make_emissivities.py. Wavelengths in angstrom (air; vacuum below 2000), valid_T in K,",
        "# valid_ne in cm^-3, errors in per cent: error_pyneb_nodes is the smooth emissivity against PyNeb's at the",
        "# nodes of PyNeb's own tables within 5-25 kK; error_spline_used and _wide are the spline through the nodes",
        "# against the smooth ratio over 7-25 kK x 1-1e4 cm^-3 and 5-25 kK x 1-1e5 cm^-3.",
        "format = 1",
        f"name = {text(name)}",
        f"description = {text(description)}",
        f"pyneb = {text(PYNEB)}",
        f"dictionary = {text(DICTIONARY)}",
        'nodes = "nodes.npy"',
        f"nodes_sha256 = {text(hashlib.sha256(nodes).hexdigest())}",
        f"citations = {strings(CITATIONS)}",
        "",
        "[axes]",
        f"log10_T = {axis(AXIS_T)}",
        f"log10_ne = {axis(AXIS_NE)}",
        "",
        "",
    ])  # fmt: skip
    labels = {row.line.label for row in rows}
    merged = [merged_table(label, members) for label, members in MERGED.items() if labels.issuperset(members)]
    return (head + "\n".join([line_table(row) for row in rows] + merged)).encode()


def points_file(lines: list[Line], sources: dict[str, Source]) -> bytes:
    """The surfaces' (not the spline's) log10 ratio at a few pseudo-random points a line, within the wide box."""
    random = np.random.default_rng(POINTS_SEED)
    out = ["line,T,n_e,log10_ratio"]
    for line in lines:
        for u, v in random.random((POINTS_PER_LINE, 2)):
            T = round(float(WIDE_T[0] * (WIDE_T[1] / WIDE_T[0]) ** u), 1)
            n_e = float(f"{WIDE_NE[0] * (WIDE_NE[1] / WIDE_NE[0]) ** v:.4g}")
            at = np.array([T]), np.array([n_e])
            ratio = sources[line.label].smooth([key_of(line)], *at) - sources[HBETA].smooth(["4_2"], *at)
            out.append(f"{line.label},{T!r},{n_e!r},{ratio.item() + 0.0:.10f}")
    return ("\n".join(out) + "\n").encode()


def pyneb_file(lines: list[Line], sources: dict[str, Source]) -> bytes:
    """PyNeb's own values at a few of its own nodes a line.

    `log10_emissivity` [erg s^-1 cm^3] is PyNeb's number; `log10_ratio` divides it by the smooth H-beta, for PyNeb's own
    H-beta is exact at the nodes of its own table only.
    """
    return "\n".join(["line,T,n_e,log10_ratio,log10_emissivity", *pyneb_rows(lines, sources), ""]).encode()


def pyneb_rows(lines: list[Line], sources: dict[str, Source]) -> list[str]:
    """The rows of `pyneb_file`."""
    out = []
    for line in lines:
        source = sources[line.label]
        T, _ = pyneb_nodes(source)
        spread = T[np.linspace(0, T.size - 1, len(PYNEB_NE)).astype(int)]
        for t, n in zip(spread, PYNEB_NE, strict=True):
            at = np.array([t]), np.array([n])
            value = source.pyneb([key_of(line)], *at).item()
            ratio = value - sources[HBETA].smooth(["4_2"], *at).item()
            out.append(f"{line.label},{float(f'{t:.10g}')!r},{n!r},{ratio + 0.0:.10f},{value:.10f}")
    return list(dict.fromkeys(out))


def alternatives(sources: dict[str, Source], lines: list[Line]) -> dict[Path, bytes]:
    """The sets of one ion's lines from other atomic data, each with H-beta, and PyNeb's values to test them."""
    files, fixture = {}, ["set,line,T,n_e,log10_ratio,log10_emissivity"]
    hbeta = next(line for line in lines if line.label == HBETA)
    for name, alternative in ALTERNATIVES.items():
        source = source_of(alternative)
        own = lines_of(alternative, source, lines)
        of_label = {HBETA: sources[HBETA]} | {line.label: source for line in own}
        row, rows = measure([hbeta, *own], of_label)
        nodes = nodes_file(row, rows)
        files[SETS / name / "nodes.npy"] = nodes
        files[SETS / name / "manifest.toml"] = manifest_file(name, alternative.description, rows, nodes)
        fixture += [f"{name},{values}" for values in pyneb_rows(own, of_label)]
    files[FIXTURES / "emissivity_alternatives.csv"] = ("\n".join(fixture) + "\n").encode()
    return files


def ratio_surfaces(lines: list[Line], sources: dict[str, Source]) -> Callable:
    """Maps (T, n_e) to log10 of the ratio to H-beta [T, n_e] by label, on the smooth surfaces."""

    def surfaces(T: Array, n_e: Array) -> dict[str, Array]:
        values = evaluate(lines, sources, T, n_e)
        return {line.label: values[line.label] - values[HBETA] for line in lines}

    return surfaces


def build() -> dict[Path, bytes]:
    """Every file that this tool owns, by path below the repository's root."""
    if pn.__version__ != PYNEB or pn.atomicData.defaultDict != DICTIONARY:
        raise SystemExit(f"needs PyNeb {PYNEB} with {DICTIONARY}; pip install -r tools/requirements.txt")
    sources, lines = load_sources()
    hbeta, rows = measure(lines, sources)
    nodes = nodes_file(hbeta, rows)
    return {
        SETS / NAME / "nodes.npy": nodes,
        SETS / NAME / "manifest.toml": manifest_file(NAME, DESCRIPTION, rows, nodes),
        SETS / "talk_coefficients.csv": coefficients_file(ratio_surfaces(lines, sources)),
        FIXTURES / "emissivity_points.csv": points_file(lines, sources),
        FIXTURES / "emissivity_pyneb.csv": pyneb_file(lines, sources),
    } | alternatives(sources, lines)


def main() -> int:
    """Write the files, or with --check compare them with those that stand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files that stand; write nothing")
    check = parser.parse_args().check
    pn.log_.level = 0
    differing = 0
    for path, content in build().items():
        target = ROOT / path
        if check:
            same = target.exists() and target.read_bytes() == content
            differing += not same
            print(f"{path}: {'identical' if same else 'DIFFERS'}")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(f"{path}: {len(content)} bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
