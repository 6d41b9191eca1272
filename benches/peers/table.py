"""The tables of a run, in Markdown and CSV."""

import csv
import math

# Heading, key of a row or function of it, and format.
ONE = [
    ("sampler", "name", "{}"),
    ("chains", "chains", "{:.0f}"),
    ("warm-up + draws", lambda row: f"{row['warmup']} + {row['draws']}" if "warmup" in row else row["draws"], "{}"),
    ("compile s", lambda row: row["seconds"].get("compile", 0.0), "{:.2f}"),
    ("warm-up s", lambda row: row["seconds"].get("warmup", row["seconds"].get("mode")), "{:.3f}"),
    ("sampling s", lambda row: row["seconds"]["sampling"], "{:.3f}"),
    ("wall s", "wall", "{:.2f}"),
    ("gradients", lambda row: row["gradients"] + row.get("warmup_gradients", 0), "{:.3g}"),
    ("ESS bulk", "ess_bulk", "{:.0f}"),
    ("ESS tail", "ess_tail", "{:.0f}"),
    ("ESS/s", lambda row: row["ess_bulk"] / row["seconds"]["sampling"], "{:.3g}"),
    ("R-hat", "rhat", "{:.4f}"),
    ("divergences", "divergences", "{:.0f}"),
    ("MiB", "memory", "{:.0f}"),
]
SURVEY = [
    ("method", "name", "{}"),
    ("objects", "objects", "{:.0f}"),
    ("left out", "left_out", "{:.0f}"),
    ("compile s", lambda row: row["seconds"].get("compile", 0.0), "{:.1f}"),
    ("wall s", "wall", "{:.1f}"),
    ("galaxies/s, wall", lambda row: row["objects"] / row["wall"], "{:.3g}"),
    ("galaxies/s, computing", lambda row: row["objects"] / computing(row), "{:.3g}"),
    ("modes/s", lambda row: row["objects"] / row["seconds"].get("modes", row["seconds"].get("mode")), "{:.3g}"),
    ("R-hat > 1.01", "above_rhat", "{:.1%}"),
    ("k-hat > 0.7", "above_k_hat", "{:.1%}"),
    ("ESS < 400", "below_ess", "{:.1%}"),
    ("MiB", "memory", "{:.0f}"),
]
# Of nebulium's row: heading, and the value whose ratio is taken; above 1 nebulium is the better.
WALL = ("wall / nebulium's", lambda row: row["wall"], lambda peer, own: peer / own)
ESS = ("nebulium's ESS/s /", lambda row: row["ess_bulk"] / row["seconds"]["sampling"], lambda peer, own: own / peer)
RATE = ("nebulium's galaxies/s /", lambda row: row["objects"] / row["wall"], lambda peer, own: own / peer)


def computing(row):
    """Seconds without compiling, reading and writing."""
    seconds = row["seconds"]
    return seconds.get("total") or sum(value for name, value in seconds.items() if name != "compile")


def from_results(path):
    """Gradients and divergences of nebulium's results, summed over objects."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    total = {"gradients": "n_gradients", "divergences": "n_divergent"}
    return {key: sum(float(row[name] or 0) for row in rows) for key, name in total.items()}


def value(row, what):
    """A number of a row, or none where it has none."""
    try:
        found = what(row) if callable(what) else row[what]
    except (KeyError, TypeError, ZeroDivisionError):
        return None
    return None if isinstance(found, float) and math.isnan(found) else found


def cells(row, columns, ratios, own):
    """A row's values under the columns, then its ratios."""
    values = [(heading, value(row, what), form) for heading, what, form in columns]
    for heading, what, ratio in ratios:
        pair = value(row, what), value(own, what)
        values.append((heading, None if None in pair else ratio(*pair), "{:.3g}"))
    return values


def markdown(rows, columns, ratios):
    """The rows as a table; a peer that did not finish says so in place of its numbers."""
    headings = [heading for heading, _, _ in columns + ratios]
    lines = ["| " + " | ".join(headings) + " |", "| --- |" + " ---: |" * (len(headings) - 1)]
    for row in rows:
        if row["status"] != "ok":
            lines.append(f"| {row['name']} | **{row['status']}** after {row['wall']:.0f} s |" + " |" * (len(headings) - 2))
            continue
        shown = ["" if number is None else form.format(number) for _, number, form in cells(row, columns, ratios, rows[0])]
        lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines) + "\n"


def write(options, machine, agreement, one, survey):
    """Writes peers.md and peers.csv, and prints the first."""
    checks = [f"| {name} | {pair[0]:.1e} | {pair[1]:.1e} |" for name, pair in agreement.items()]
    parts = [
        f"{machine}.{' Quick settings.' if options.quick else ''} One galaxy: `{options.catalogue.name}`; survey: "
        f"`nebulium simulate --objects {options.objects}`.",
        "Worst difference from nebulium at the test positions, relative to the number itself or to 1:",
        "| | log density | gradient |\n| --- | ---: | ---: |\n" + "\n".join(checks),
        "One galaxy. ESS of the worst parameter; ESS/s while sampling; wall from the start of the process to its files:",
        markdown(one, ONE, [WALL, ESS]),
        "Survey. R-hat, k-hat and ESS: the fraction of galaxies beyond:",
        markdown(survey, SURVEY, [RATE]),
    ]
    text = "\n\n".join(parts)
    (options.out / "peers.md").write_text(text)
    print("\n" + text)
    with open(options.out / "peers.csv", "w", newline="") as file:
        writer = csv.writer(file)
        for rows, columns, ratios in ((one, ONE, [WALL, ESS]), (survey, SURVEY, [RATE])):
            writer.writerow(["status"] + [heading for heading, _, _ in columns + ratios])
            for row in rows:
                writer.writerow([row["status"]] + [number for _, number, _ in cells(row, columns, ratios, rows[0])])
            writer.writerow([])
