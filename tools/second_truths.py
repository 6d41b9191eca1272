"""Truths from the priors of a fit, noise from its likelihood, and the configuration of that fit.

Equivalent widths and standard errors are drawn without the truths, so that they carry no
information on them.
"""

import dataclasses

import numpy as np
import second_flux as flux
from scipy import stats

# The error of He I emissivities in preset `default`, and the floor of errors, as fractions of F.
HELIUM_ERROR, ERROR_FLOOR = 0.005, 0.02
# Errors before `depth`: a fraction of the flux at the medians of the priors, and a fraction of Hβ.
RELATIVE, ABSOLUTE = 0.02, 0.001
# Degrees of freedom of the robust likelihood.
NU = 4.0
# Proposals of which one becomes the noise of a flux.
PROPOSALS = 400


@dataclasses.dataclass(frozen=True)
class Prior:
    """A family of nebulium's configuration, cut to lower and upper."""

    family: str
    mean: float
    sd: float
    lower: float = -np.inf
    upper: float = np.inf
    scale: float = 1.0

    def toml(self):
        keys = [f'family = "{self.family}"', f"sd = {self.sd}"]
        if self.family != "HalfNormal":
            keys.append(f"mean = {self.mean}")
        keys += [f"{name} = {value}" for name, value in (("lower", self.lower), ("upper", self.upper)) if np.isfinite(value)]
        keys += [f"scale = {self.scale}"] if self.scale != 1 else []
        return "{ " + ", ".join(keys) + " }"

    def quantile(self, p):
        """The value below which the fraction p of the cut prior lies."""
        if self.family == "LogNormal":
            ends = np.log(np.maximum(np.array([self.lower, self.upper]) / self.scale, 1e-300))
        else:
            ends = np.array([max(self.lower, 0.0) if self.family == "HalfNormal" else self.lower, self.upper])
        cut = stats.norm.cdf((ends - self.mean) / self.sd)
        normal = self.mean + self.sd * stats.norm.ppf(cut[0] + p * (cut[1] - cut[0]))
        return self.scale * np.exp(normal) if self.family == "LogNormal" else normal


PRIORS = {
    "T_high": Prior("Normal", 13000, 2500, 6000, 24000),
    "log_ne": Prior("Normal", 2.3, 0.5, 0, 4),
    "cHbeta": Prior("HalfNormal", 0, 0.3),
    "tau": Prior("HalfNormal", 0, 1.0, upper=10),
    "He1": Prior("LogNormal", 0, 0.2, scale=0.085),
    "He2": Prior("LogNormal", 0, 0.7, scale=0.001),
    "O2": Prior("Normal", 7.8, 0.5),
    "O3": Prior("Normal", 8.05, 0.5),
    "N2": Prior("Normal", 6.3, 0.7),
    "S2": Prior("Normal", 5.7, 0.7),
    "S3": Prior("Normal", 6.4, 0.7),
    "Ar3": Prior("Normal", 5.8, 0.7),
    "Ar4": Prior("Normal", 5.2, 1.0),
    "Ne3": Prior("Normal", 7.3, 0.6),
    "Cl3": Prior("Normal", 4.5, 1.0),
}
PLAIN_PRIORS = {"T_low": Prior("Normal", 12000, 2500, 6000, 24000)}
ABSORPTION_PRIORS = {"a_H": Prior("HalfNormal", 0, 2.0), "a_He": Prior("HalfNormal", 0, 1.0)}
SHIFT_PRIORS = {"he1_shift": Prior("Normal", 0, 1.0)}
# Garnett's (1992) relations of preset `default`: slope, intercept and scatter [K], cut to the preset's range.
RELATIONS = {"T_low": (0.70, 3000.0, 1500.0), "T_mid": (0.83, 1700.0, 1500.0)}
RELATION_CUT = 3500.0, 30000.0
COMMON = """H1_4861A H1_6563A H1_4341A H1_4102A He1_4026A He1_4471A He1_5876A He1_6678A He1_7065A He2_4686A O2_3726A O2_3729A
O3_4363A O3_4959A O3_5007A N2_5755A N2_6548A N2_6584A S2_6716A S2_6731A S3_6312A S3_9069A Ar3_7136A Ar4_4740A Ne3_3869A
Cl3_5518A Cl3_5538A""".split()
# `default` gives [O II] 7325 an error of 30 % of the measured flux. Such a likelihood has no finite
# integral over the flux, so no noise can be drawn from it: that line is in `plain` alone.
LABELS = {
    "plain": COMMON + ["H1_3889A_m", "O2_7325A_m", "Ar4_4711A_m"],
    "default": COMMON + ["H1_3835A", "H1_3798A"],
}
ABUNDANCES = '[abundances]\nO = "sum"\nN = "n+/o+"\nS = "sum"\nNe = "ne2+/o2+"\nHe = "sum"\nwithout_thermometer = true\n'


def priors(preset):
    return PRIORS | (PLAIN_PRIORS if preset == "plain" else ABSORPTION_PRIORS | SHIFT_PRIORS)


def configuration(preset, kind):
    """The TOML file of the fit."""
    normalisation = "ratio" if preset == "plain" else "free"
    text = f'[model]\npreset = "{preset}"\nnormalisation = "{normalisation}"\nerror_floor = {ERROR_FLOOR}\n'
    if preset == "default":
        text += f"[model.emissivity_error]\nHe1 = {HELIUM_ERROR}\n"
    text += f'[extinction]\nlaw = "G03-LMC"\n[likelihood]\nkind = "{kind}"\n' + ABUNDANCES
    text += "[priors]\n" + "".join(f"{name} = {prior.toml()}\n" for name, prior in priors(preset).items())
    return text + (f"nu = {{ fixed = {NU} }}\n" if kind == "student-t" else "")


def draw(preset, objects, rng, outside=0.0):
    """True parameters. `outside` moves T and metals up by so many standard deviations of the prior."""
    truths = {name: prior.quantile(rng.random(objects)) for name, prior in priors(preset).items()}
    for name, prior in priors(preset).items():
        if prior.family == "Normal" and name not in ("log_ne", "he1_shift"):
            truths[name] = np.clip(truths[name] + outside * prior.sd, prior.lower, prior.upper)
    if preset == "default":
        for name, (slope, intercept, scatter) in RELATIONS.items():
            mean = slope * truths["T_high"] + intercept
            cut = (np.array(RELATION_CUT)[:, None] - mean) / scatter
            truths[name] = mean + scatter * stats.truncnorm.rvs(*cut, random_state=rng)
    truths["n_e"] = 10 ** truths["log_ne"]
    return truths


def medians(preset):
    """A nebula at the medians of the priors."""
    truths = {name: np.array([prior.quantile(0.5)]) for name, prior in priors(preset).items()}
    if preset == "default":
        truths |= {name: slope * truths["T_high"] + intercept for name, (slope, intercept, _) in RELATIONS.items()}
    return truths | {"n_e": 10 ** truths["log_ne"]}


def equivalent_widths(typical, objects, rng):
    """Equivalent widths [Å]: about 120 of Hβ; other lines by typical flux and a 15 % continuum."""
    hbeta = 120 * np.exp(0.5 * rng.standard_normal(objects))
    return {label: hbeta * value * np.exp(0.15 * rng.standard_normal(objects)) for label, value in typical.items()}


def noisy(model, error, fraction, kind, rng):
    """Measured fluxes F from the likelihood of the fit, σ² = max(error, floor F)² + (fraction F)².

    One of many proposals of Student's t becomes F, with the ratio of the densities as weight. σ
    holds the measured F. The integral of the likelihood over F differs from one by the square of
    the fractions, 10⁻³ at most.
    """
    reach = np.sqrt(np.maximum(error, ERROR_FLOOR * model) ** 2 + (fraction * model) ** 2)[:, None]
    step = stats.t.rvs(3.0, size=(len(model), PROPOSALS), random_state=rng)
    proposed = model[:, None] + reach * step
    sigma = np.sqrt(np.maximum(error[:, None], ERROR_FLOOR * abs(proposed)) ** 2 + (np.reshape(fraction, (-1, 1)) * proposed) ** 2)
    residual = (proposed - model[:, None]) / sigma
    density = stats.norm.pdf(residual) if kind == "gaussian" else stats.t.pdf(residual, NU)
    weight = np.cumsum(density / sigma / stats.t.pdf(step, 3.0), axis=1)
    chosen = (weight < rng.random((len(model), 1)) * weight[:, -1:]).sum(axis=1)
    return proposed[np.arange(len(model)), chosen]


def observe(preset, kind, truths, rng):
    """The measured lines {label: (flux, error, width)}, and ln F(Hβ) added to the truths."""
    objects = len(truths["T_high"])
    typical = {label: float(flux.flux(label, medians(preset))[0]) for label in LABELS[preset]}
    widths = equivalent_widths(typical, objects, rng) if preset == "default" else None
    depth = np.exp(rng.uniform(np.log(0.7), np.log(3.0), objects))
    scale = {name: prior.sd for name, prior in ABSORPTION_PRIORS.items()}
    lines = {}
    for label in LABELS[preset]:
        model = flux.flux(label, truths, widths) * np.ones(objects)
        error = depth * np.hypot(RELATIVE * typical[label], ABSOLUTE)
        fraction = np.hypot(
            flux.absorption_error(label, widths, scale), HELIUM_ERROR * (preset == "default" and label.startswith("He1"))
        ) * np.ones(objects)
        measured = noisy(model, error, fraction, kind, rng)
        if preset == "plain" and label == "H1_4861A":
            measured, error = np.ones(objects), np.full(objects, 0.01)
        lines[label] = measured, error, widths[label] if widths else np.full(objects, np.nan)
    if preset == "default":
        truths["ln_FHbeta"] = -np.log(lines["H1_4861A"][0])
    return lines


def derive(truths):
    """Total abundances by the formulas that the configuration names."""
    number = {ion: flux.abundance(ion, truths) for ion in ("O2", "O3", "N2", "S2", "S3", "Ne3")}
    oxygen = number["O2"] + number["O3"]
    helium = truths["He1"] + truths["He2"]
    truths["O_H"] = 12 + np.log10(oxygen)
    truths["N_O"] = np.log10(number["N2"] / number["O2"])
    truths["S_H"] = 12 + np.log10(number["S2"] + number["S3"])
    truths["Ne_O"] = np.log10(number["Ne3"] / number["O3"])
    truths["He_H"] = helium
    truths["Y"] = 4 * helium * (1 - 20 * oxygen) / (1 + 4 * helium)
