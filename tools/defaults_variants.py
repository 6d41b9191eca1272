"""Variants of the choices of temperature, each a configuration in TOML.

A variant is named PRIOR+ZONES+WEIGHT, e.g. `log40+two+f20`; `V0` is the preset as it stands,
`preset+preset+preset`.
"""

# Priors of every zone's temperature [K]; an empty one leaves the preset's.
PRIORS = {
    "preset": "",
    "n15": '{ family = "Normal", mean = 15000, sd = 5000 }',
    "n8": '{ family = "Normal", mean = 8000, sd = 2500 }',
    "log40": '{ family = "LogNormal", mean = 0, sd = 0.4, scale = 10000, lower = 3510, upper = 30000 }',
    "l9_40": '{ family = "LogNormal", mean = 0, sd = 0.4, scale = 9000 }',
    "l9_60": '{ family = "LogNormal", mean = 0, sd = 0.6, scale = 9000 }',
    "log25": '{ family = "LogNormal", mean = 0, sd = 0.25, scale = 11500, lower = 3510, upper = 30000 }',
    "flat": '{ family = "Uniform", lower = 3600, upper = 25000 }',
}
# Lines with auroral levels that a dense clump brightens, resolved and blended.
DENSE_LINES = {
    "O2": ["7319A", "7320A", "7330A", "7331A", "7319A_m", "7330A_m", "7325A_m"],
    "S2": ["4069A", "4076A", "4072A_m"],
}
# The same by member, as the preset has them.
DENSE_MEMBERS = ["O2_7319A", "O2_7320A", "O2_7330A", "O2_7331A", "S2_4069A", "S2_4076A"]
# Error floors of these lines as a fraction of the flux; None leaves the lines out.
WEIGHTS = {"full": 0.0, "f10": 0.1, "f20": 0.2, "f30": 0.3, "out": None}
# t = slope · t(high) + intercept, t in units of 10 000 K: Garnett 1992, AJ 103, 1330; DESI DR2
# direct catalogue, arXiv 2601.02463; Hägele et al. 2006, MNRAS 372, 293.
RELATIONS = {
    "g": "slope = 0.70, intercept = 0.30",
    "d": "slope = 0.648, intercept = 0.327",
    "m": "slope = 0.83, intercept = 0.17",
    "h": 'relation = "hagele2006"',
}
WHEN = {"a": "always", "n": "no_thermometer"}
MID_IONS = '["S3", "Ar3", "Cl3"]'


def rule(code):
    """TOML of a temperature's relation to `high`: letter of the relation, scatter [K], a or n."""
    relation, scatter, when = RELATIONS[code[0]], int(code[1:-1]), WHEN[code[-1]]
    return f'{{ from = "high", {relation}, scatter = {scatter}, when = "{when}" }}'


def zones(code):
    """TOML of the zones: `preset`, `two` with T_low free, `two:LOW` or `three:LOW:MID`; LOW and MID as in `rule`."""
    count, *rules = code.split(":")
    if count == "preset":
        return ""
    low = rule(rules[0]) if rules else '"free"'
    text = f"[zones.low]\ntemperature = {low}\n[zones.high]\n"
    if count == "three":
        text += f"[zones.mid]\nions = {MID_IONS}\ntemperature = {rule(rules[1])}\n"
    return text


def weight(code, labels):
    """Keys of `[model]`, and tables: the preset's trust in dense lines gives way to error floors."""
    if code == "preset":
        return "", ""
    floor = WEIGHTS[code]
    lines = [f"{ion}_{line}" for ion, waves in DENSE_LINES.items() for line in waves]
    lines = [line for line in lines if line in labels]
    if floor is None and lines:
        return "exclude = [" + ", ".join(f'"{line}"' for line in lines) + "]\n", ""
    trusted = "[model.emissivity_error]\n" + "".join(f"{line} = 0.0\n" for line in DENSE_MEMBERS)
    floors = "[error_floors]\n" + "".join(f"{line} = {floor}\n" for line in lines)
    return "", trusted + (floors if floor and lines else "")


def configuration(name, labels, law):
    """TOML of the variant `name` for a sample with lines `labels` and the reddening law `law`."""
    prior, zoning, weighting = ("preset+preset+preset" if name == "V0" else name).split("+")
    model, floors = weight(weighting, labels)
    text = f'[model]\npreset = "default"\n{model}{floors}[extinction]\nlaw = "{law}"\n{zones(zoning)}'
    if PRIORS[prior]:
        names = ["T_low", "T_high"] + (["T_mid"] if zoning.startswith("three") else [])
        text += "[priors]\n" + "".join(f"{zone} = {PRIORS[prior]}\n" for zone in names)
    return text
