"""Samples on which defaults of temperature are measured: regions, galaxies, simulations."""

import csv
import dataclasses
import json
import math
import pathlib
import re

from defaults_variants import DENSE_LINES

# Text of the comments by which a list in NEAT's format is chosen; True where fluxes are reddened.
REFERENCES = {"Bresolin": False, "Esteban": False, "Tsamis et al., 2003, MNRAS, 338": True}
# Wavelengths [Å] of [N II] 5755 and [S III] 6312, one of which a list must have.
AURORAL = (5754.6, 6312.1)

# Labels that a list of wavelengths can be read as and whose weight a variant changes.
LISTED = " ".join(f"{ion}_{line}" for ion, lines in DENSE_LINES.items() for line in lines)


@dataclasses.dataclass
class Sample:
    """Input files, law of reddening, options of `fit`, kind of measure and right answers by object."""

    name: str
    files: list
    law: str
    options: list
    kind: str
    truth: object

    def labels(self):
        """Text in which labels of lines are looked up; lists of wavelengths can have all of LISTED."""
        if pathlib.Path(self.files[0]).suffix == ".dat":
            return LISTED
        return "".join(pathlib.Path(f).read_text() for f in self.files)


def neat(folder, classical, cache):
    """Samples `Bresolin` and `deep` of a folder of lists, with classical answers, kept in `cache`."""
    chosen = {"Bresolin": [], "deep": []}
    for path in sorted(pathlib.Path(folder).glob("*.dat")):
        text = path.read_text(errors="replace")
        key = next((k for k in REFERENCES if k in text), None)
        waves = [float(m) for m in re.findall(r"^\s*(\d{4,5}\.?\d*)\s", text, re.M)]
        if key is None or not any(abs(w - a) < 1.5 for w in waves for a in AURORAL):
            continue
        chosen["Bresolin" if key == "Bresolin" else "deep"].append((path, REFERENCES[key]))
    chosen["deep"] = [c for c in chosen["deep"] if c[0].stem != "ngc2022"]
    answers = json.loads(cache.read_text()) if cache.exists() else {}
    for path, reddened in chosen["Bresolin"] + chosen["deep"]:
        if path.stem not in answers:
            answers[path.stem] = classical(path, reddened)
    cache.write_text(json.dumps(answers))
    samples = []
    for name, reddened in [("Bresolin", False), ("deep", False), ("deep", True)]:
        files = [p for p, r in chosen[name] if r == reddened]
        options = ["--flux-error", "0.05"] if reddened else ["--dereddened"]
        if files:
            samples.append(Sample(name, files, "CCM89", options, "regions", answers))
    return samples


def hebcd(table, published, folder):
    """The galaxies of Izotov, Thuan & Stasińska (2007) with T[O III] [K] and 12 + log(O/H).

    `table` has the columns object, line, ratio, ratio_err, EW; a ratio of 0 is not measured. A copy with
    the names of the program goes into `folder`.
    """
    copy = pathlib.Path(folder, "hebcd.csv")
    with open(table) as file:
        rows = [row for row in csv.DictReader(file) if float(row["ratio"]) > 0]
    lines = [f"{r['object']},{r['line']},{r['ratio']},{r['ratio_err']},{r['EW']}" for r in rows]
    copy.write_text("object,line,flux,flux_err,ew\n" + "\n".join(lines) + "\n")
    with open(published) as file:
        rows = list(csv.DictReader(file))
    truth = {r["object"]: (1e4 * float(r["Te_OIII_1e4K"]), 7 + math.log10(float(r["OH_1e-5"]))) for r in rows}
    return [Sample("HeBCD", [copy], "CCM89", [], "published", truth)]


def simulation(name, table, truths):
    """A simulated sample with its file of truths."""
    return [Sample(name, [table], "CCM89", [], "simulated", json.loads(pathlib.Path(truths).read_text()))]
