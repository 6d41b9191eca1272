//! Flags, which qualify an object's numbers: codes, each of a class, each with its parameter,
//! line or ion.

use std::fmt;

/// How much a flag weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A choice that configuration or preset took for the object: nothing is to be done.
    Decision,
    /// Worth knowing; never costs the pass.
    Note,
    /// The numbers stand, but something in data or model deserves a look.
    Warn,
    /// The draws do not represent the posterior.
    Fail,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $text:literal, $class:ident, $advice:literal;)+) => {
        /// Code of a flag.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $code),+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$code),+];

            /// The code as it stands in the files.
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => $text),+ }
            }

            /// Its class.
            pub fn class(self) -> Class {
                match self { $(Code::$code => Class::$class),+ }
            }

            /// Advice for the user.
            pub fn advice(self) -> &'static str {
                match self { $(Code::$code => $advice),+ }
            }
        }
    };
}

codes! {
    /// No finite mode was found.
    NoMode = "no_mode", Fail, "check the object's fluxes and priors: no start led to a finite mode";
    /// Rank-normalised split R-hat at or above 1.01.
    RHat = "rhat", Fail, "run longer chains (--draws), two or more of them, or look for two modes";
    /// Bulk effective sample size below 400.
    EssBulk = "ess_bulk", Fail, "run longer chains (--draws)";
    /// Tail effective sample size below 400.
    EssTail = "ess_tail", Fail, "run longer chains (--draws)";
    /// More than 1 % of the draws diverged.
    Divergences = "divergences", Fail, "raise target_accept, or tie what the lines do not determine";
    /// More than 1 % of the draws reached the largest tree.
    TreeDepth = "tree_depth", Fail, "raise max_treedepth or the warm-up";
    /// E-BFMI below 0.3.
    EBfmi = "e_bfmi", Fail, "tighten the priors of what the lines do not determine";
    /// Effective sample size of "this draw is in the mode" below 100.
    ModeEss = "mode_ess", Fail, "the chains cross too rarely between the modes: run longer chains (--draws)";
    /// χ² with p < 10⁻³, and the line with the largest pull.
    Chi2 = "chi2", Warn, "the lines contradict the model; that named has the largest pull: list it under `exclude`, raise `error_floor`, choose [likelihood] kind = \"student-t\", or widen the prior that holds it";
    /// A line with |pull| > 4.
    Pull = "pull", Warn, "check the measurement and identification of this line";
    /// At least one divergent draw.
    Divergence = "divergence", Note, "a few divergences: trust the bulk, not the far tails";
    /// Prior and data disagree by more than one object of 1000 would.
    Conflict = "prior_conflict", Warn, "the data reject this parameter's prior: widen or move it";
    /// More than 1 % of the draws lie outside this line's atomic data.
    Outside = "outside_data", Note, "this line's emissivity is extrapolated there: consider leaving it out";
    /// The error of Hβ, which ratios do not carry, exceeds 5 %.
    HbetaError = "hbeta_error", Warn, "use normalisation = \"free\"";
    /// An error of exactly zero, held at the floor.
    ZeroError = "zero_error", Note, "a rounded error: the floor stands in for it; `zero_error_unknown` under [catalogue] counts it as not known";
    /// The means of chains and importance sampling differ by more than 0.1 sd and 5 Monte Carlo
    /// errors, and the weights are reliable: k̂ + its standard error < 0.5, sd not below the chains'.
    Shift = "is_shift", Warn, "the chains are in doubt: they differ from reliable importance weights; run longer chains (--draws) or look for a second mode";
    /// The same difference, where the weights are not as reliable.
    WeightShift = "is_shift_weights", Note, "importance sampling is in doubt, not the chains: its evidence P(y) may be off; raise `draws` under [importance]";
    /// The posterior is more than 0.8 times as wide as the prior.
    PriorDominated = "prior_dominated", Note, "the lines say little about this parameter";
    /// No line of this ion alone, or of one that this quantity is computed from, reaches 3 σ.
    Undetected = "undetected", Note, "quote the limit of this ion, ION_limit95: its median follows the prior";
    /// None of the ion's lines is used: it is not in the object's model.
    Dropped = "dropped", Note, "none of this ion's lines is used";
    /// Fewer lines than free parameters.
    FewLines = "few_lines", Note, "fewer lines than free parameters: priors decide what is left";
    /// A temperature follows another zone's by the relation named, for want of a thermometer or as
    /// configured.
    Tied = "tied", Decision, "this zone's temperature follows another's by the relation named";
    /// The posterior median of the temperature on the right side of a relation is outside its
    /// range.
    RelationRange = "relation_range", Note, "this temperature follows a relation outside the range that it was published for: choose another under [zones], or free the temperature";
    /// The errors of the lines leave the temperature of the zone of O²⁺ (without O²⁺, of any zone)
    /// as wide as its prior.
    NoThermometer = "no_thermometer", Warn, "this temperature, and what depends on it, rests on its prior: no line ratio measures it";
    /// More than 5 % of the draws lie within 2 % of a bound of a temperature, a density or tau.
    AtBound = "at_bound", Warn, "the draws pile up at a bound of this parameter's prior: the bound decides, not the lines";
    /// Ions that share a density, and whose lines do not have one in common: LOW/HIGH.
    TwoDensities = "two_densities", Warn, "no one density suits both ions: give them zones with densities of their own (docs/zones.md)";
    /// No density line: the narrower density prior.
    NoDensityLine = "no_density_line", Decision, "no density line: the narrower prior of n_e holds";
    /// A line left out by the preset.
    LeftOut = "left_out", Decision, "left out by the preset; list it under `include` to use it";
    /// Underlying absorption is in the model.
    Absorption = "absorption", Decision, "underlying absorption is fitted";
    /// A line of an object with absorption that has no equivalent width, so no correction.
    NoEw = "no_ew", Note, "no equivalent width: this line is not corrected for underlying absorption";
    /// A line of H I or He I that stars change by an amount that no source or equivalent width
    /// gives is left out.
    UnknownAbsorption = "unknown_absorption", Decision, "left out: stars absorb here by an unknown amount; give equivalent widths, list it under `include`, or say absorption = \"none\"";
    /// Most draws lie outside the fit of f_tau.
    TauBox = "f_tau_box", Note, "f_tau is extrapolated beyond the range of its law: 12–20 kK, n_e 300, tau 2 of the built-in one";
    /// The shape k̂ of the importance weights forbids their use.
    KHat = "k_hat", Note, "importance sampling says nothing of this object: no P(y) and no second opinion on its means";
    /// More than 1 % of the draws lie outside the range that the paper of this ionisation
    /// correction gives.
    IcfRange = "icf_range", Note, "this ionisation correction is extrapolated: choose another under [abundances]";
    /// The formula of a quantity was chosen for this object: O/H with O³⁺, C/O, N/O by ultraviolet
    /// lines, Fe/O with Fe⁺.
    Icf = "icf", Decision, "the formula named gives this quantity here; choose another under [abundances]";
    /// The sum of a quantity lacks an ion: S³⁺ where argon does not give it, C³⁺ without a line.
    IcfFallback = "icf_fallback", Note, "the sum lacks S3+ (without [Ar III] and [Ar IV]) or C3+ (without C IV): a lower limit";
    /// Recombination was asked for, but an ion that it takes has no line.
    NoRecombination = "no_recombination", Note, "an ion that this line's recombination takes was not measured: it is left out";
    /// More than 1 % of the draws lie outside the temperatures of a recombination coefficient's
    /// fit.
    RecombinationRange = "recombination_range", Note, "the recombination coefficient of this line is extrapolated there";
    /// A flux that has no logarithm is compared linearly.
    LinearFlux = "linear_flux", Note, "not above zero: compared by the linear Gaussian in place of the log-Gaussian";
    /// No zone has a measured temperature ratio: the classical method has no temperature.
    NoTemperature = "no_temperature", Fail, "no auroral line was measured: only a model with priors has an answer";
    /// Temperatures and density of the classical method do not settle.
    Unsettled = "unsettled", Fail, "temperature and density ratios contradict each other: check these lines";
    /// A ratio of the classical method that is not positive or that no temperature or density in
    /// the tables gives.
    RatioRange = "ratio_range", Warn, "no temperature or density gives this ratio: check its lines; the next one took its place";
    /// More than 1 % of the realisations of the classical method have no value of this quantity.
    FailedRealisations = "failed_realisations", Warn, "its percentiles leave out realisations without a value, so they lean to one side";
    /// A line that contradicts the fixed ratio to the other of its doublet by more than 3 standard
    /// deviations.
    Doublet = "doublet", Warn, "it contradicts the fixed ratio of its doublet: the other line is used alone; check both";
    /// No H I line beside Hβ holds c(Hβ).
    NoBalmer = "no_balmer", Warn, "no H I line beside Hβ: c(Hβ) is its prior's, or 0 in the classical method; add Hα or Hγ, or use --dereddened";
    /// H I lines bluer than without dust by more than 3 sd.
    NegativeExtinction = "negative_extinction", Warn, "hydrogen lines bluer than without dust: check their calibration, errors and absorption";
    /// Hα/Hβ below 2 or above 10.
    BalmerRatio = "balmer_ratio", Warn, "check the units of Hα and Hβ, whether Hβ was detected, and whether Hα holds [N II]";
    /// Balmer ratios of case B without dust.
    Dereddened = "dereddened", Note, "Balmer ratios of case B without dust: use --dereddened if the fluxes are corrected already";
    /// A median of an abundance that no nebula has.
    Unphysical = "unphysical", Warn, "no nebula has this abundance: check the fluxes, units and errors of the lines that it rests on";
    /// The classical density is the assumed one.
    AssumedDensity = "assumed_density", Decision, "no density ratio was measured: n_e is the assumed one";
    /// A density ratio thinner than its range.
    DensityLimit = "density_limit", Note, "the ratio is at its low-density limit: the assumed n_e stands in for emissivities";
    /// A blend with lines of other ions, which the classical method leaves aside.
    Blend = "blend", Decision, "a blend of several ions: the classical method takes no abundance from it";
    /// A label or wavelength that is not one line's own is read as the sum of several.
    ReadAs = "read_as", Decision, "this label is read as the sum named; `[lines]` gives it another meaning";
    /// A line of a doublet that few spectra resolve is given without its partner.
    LonePartner = "lone_partner", Note, "read as this line alone; if the flux is the doublet's, say so under `[lines]`";
    /// A blend and one of its members are both given.
    SharedLine = "shared_line", Warn, "a blend and one of its members are both given: leave one of them out";
    /// A line that a list gives more than once, or whose reading is not clear, is left out.
    UnclearLine = "unclear_line", Note, "the list does not say which flux is this line's: it is left out";
    /// Two unequal errors of a flux: the larger is used.
    AsymmetricError = "asymmetric_error", Note, "the errors of this line are asymmetric: the larger is used";
    /// Errors that exceed most fluxes.
    DoubtfulErrors = "doubtful_errors", Warn, "errors exceed most fluxes: check their unit, and the column that they come from";
    /// First draws of a device or in f32, later ones of the CPU in f64.
    LaterOnCpu = "later_on_cpu", Note, "the draws after the first look are the CPU's in f64; the backend made the first";
    /// The posterior has several modes; the host's cores sampled it.
    SeveralModes = "several_modes", Note, "several answers fit: look at `mode_weights` and the draws before the means; sampled on the host's cores";
}

/// A code and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flag {
    /// What.
    pub code: Code,
    /// The parameter, line or ion concerned; empty for the whole object.
    pub subject: String,
}

impl Flag {
    /// A flag about a parameter, line or ion. In the subject `;`, the separator of flags, and
    /// control characters become `\u{3b}` and the like.
    pub fn about(code: Code, subject: impl Into<String>) -> Self {
        let mut subject = subject.into();
        if subject.contains(separates) {
            subject = subject.chars().map(escaped).collect();
        }
        Flag { code, subject }
    }
}

fn separates(c: char) -> bool {
    c == ';' || c.is_control()
}

fn escaped(c: char) -> String {
    match separates(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    }
}

impl From<Code> for Flag {
    fn from(code: Code) -> Self {
        Flag::about(code, "")
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject.as_str() {
            "" => write!(f, "{}", self.code.name()),
            subject => write!(f, "{}:{subject}", self.code.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_flags_read_as_code_and_subject() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        assert_eq!(Flag::about(Code::Pull, "He1_4922A").to_string(), "pull:He1_4922A");
        assert_eq!(Flag::from(Code::RHat).to_string(), "rhat");
    }

    #[test]
    fn subjects_hold_anything_but_separators() {
        let sum = "O2_3727A=O2_3726A+O2_3729A";
        assert_eq!(Flag::about(Code::ReadAs, sum).to_string(), format!("read_as:{sum}"));
        assert_eq!(Flag::about(Code::Pull, "a;b\n").to_string(), "pull:a\\u{3b}b\\u{a}");
    }
}
