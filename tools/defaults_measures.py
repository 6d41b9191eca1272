"""Measures of a fit: signed medians, coverage of 68 % intervals, hits against published values."""

import csv
import math
import statistics


def results(folder):
    """Rows of results.csv by object; numbers as floats, blanks as NaN."""
    with open(folder / "results.csv") as file:
        return {row["object"]: row for row in csv.DictReader(file)}


def value(row, column):
    text = row.get(column) or "nan"
    return float(text)


def median(values):
    """Median of the finite `values`, NaN without any."""
    finite = [v for v in values if math.isfinite(v)]
    return statistics.median(finite) if finite else math.nan


def zone_of_s3(row):
    """Name of the temperature of the zone that holds S²⁺."""
    return "T_mid" if row.get("T_mid_p50") else "T_low"


def regions(rows, classical):
    """Signed medians against classical answers: T in %, O⁺ and O/H in dex."""
    pairs = [(rows[name], truth) for name, truth in classical.items() if name in rows]
    relative = lambda column, key: 100 * median([value(r, column) / t[key] - 1 for r, t in pairs])
    return {
        "T_low/T[N II] %": relative("T_low_p50", "T_N2"),
        "T(S2+)/T[S III] %": 100 * median([value(r, zone_of_s3(r) + "_p50") / t["T_S3"] - 1 for r, t in pairs]),
        "O+ dex": median([value(r, "O2_p50") - t["O2"] for r, t in pairs]),
        "O/H dex": median([value(r, "O_H_p50") - t["O_H"] for r, t in pairs]),
    }


def published(rows, table):
    """Percentages of galaxies with T_high within 3 % and O/H within 0.1 dex of published values."""
    pairs = [(rows[name], truth) for name, truth in table.items() if name in rows]
    near = lambda hits: 100 * sum(hits) / len(pairs)
    zwicky = [value(r, "T_high_p50") for r, t in pairs if r["object"].startswith("IZw18")]
    return {
        "T_high 3 %": near(abs(value(r, "T_high_p50") / t[0] - 1) < 0.03 for r, t in pairs),
        "O/H 0.1": near(abs(value(r, "O_H_p50") - t[1]) < 0.1 for r, t in pairs),
        "I Zw 18 T_high": "/".join(f"{t:.0f}" for t in zwicky),
        "I Zw 18 O/H": "/".join(f"{value(r, 'O_H_p50'):.2f}" for r, _ in pairs if r["object"].startswith("IZw18")),
    }


def simulated(rows, truths):
    """Signed medians (dex, or % for T) and the lowest and highest coverage of 68 % intervals."""
    pairs = [(rows[t["object"]], t) for t in truths if t["object"] in rows]
    out, coverage = {}, {}
    for name in ["O_H", "O3", "O2", "N2", "T_low", "T_high", "T_S3"]:
        shifts, holds = [], []
        for row, truth in pairs:
            column = zone_of_s3(row) if name == "T_S3" else name
            true = truth.get("T_mid", truth["T_low"]) if name == "T_S3" else truth_of(truth, name)
            middle = value(row, column + "_p50")
            shifts.append(100 * (middle / true - 1) if name.startswith("T") else middle - true)
            holds.append(value(row, column + "_p16") <= true <= value(row, column + "_p84"))
        out[name], coverage[name] = median(shifts), sum(holds) / max(len(holds), 1)
    low, high = min(coverage, key=coverage.get), max(coverage, key=coverage.get)
    out["68 % hold"] = f"{coverage[low]:.2f} ({low})–{coverage[high]:.2f} ({high})"
    return out


def truth_of(truth, name):
    """Truth of `name`; O/H is the sum of O⁺ and O²⁺ where the file does not give it."""
    if name == "O_H" and "O_H" not in truth:
        return 12 + math.log10(10 ** (truth["O2"] - 12) + 10 ** (truth["O3"] - 12))
    return truth[name]
