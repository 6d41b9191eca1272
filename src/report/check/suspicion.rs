//! Signs in an object's fluxes that a table does not hold what its columns say. Some of them are
//! flags that a fit would carry: the object's problem decides on these.

use crate::flag::{Code, Flag};
use crate::line::LineList;
use crate::problem::balmer::{Balmer, Ratio, Ratios};
use crate::table::Object;

/// Hα/Hβ of hot gas without dust: case B at 30,000 K and 100 cm⁻³ is 2.72 (Storey & Hummer 1995,
/// MNRAS 272, 41).
const H_ALPHA_LEAST: f64 = 2.7;
/// Standard deviations below [`H_ALPHA_LEAST`] that are no chance.
const BLUER: f64 = 2.0;
/// \[O III\] 5007/4959 about its value of 2.98 (Storey & Zeippen 2000, MNRAS 312, 813).
const OXYGEN: [f64; 2] = [2.8, 3.2];
/// Standard deviations outside [`OXYGEN`] that are no chance.
const OUTSIDE: f64 = 3.0;

/// A kind of suspicion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Hα/Hβ below 2 or above 10.
    HAlpha,
    /// Hα/Hβ below any without dust.
    Bluer,
    /// \[O III\] 5007 without 4959.
    Lone5007,
    /// \[O III\] 5007/4959 off its fixed ratio.
    Oxygen,
    /// No hydrogen line beside Hβ holds the extinction.
    NoBalmer,
    /// Balmer ratios of case B, and extinction in the model.
    Dereddened,
}

/// A suspicion about one object, with the ratio that raised it and the flag that a fit would carry.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Suspicion {
    pub(super) kind: Kind,
    pub(super) ratio: Option<f64>,
    pub(super) flag: Option<Flag>,
}

/// The lines that are looked at, and what the model assumes of the fluxes.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    balmer: Balmer,
    /// Places of \[O III\] 4959 and 5007 in the list.
    oxygen: [Option<usize>; 2],
    /// True where the model has a reddening law.
    reddened: bool,
}

impl Kind {
    /// Every kind.
    pub(super) const ALL: [Kind; 6] = [
        Kind::Dereddened,
        Kind::HAlpha,
        Kind::Bluer,
        Kind::Lone5007,
        Kind::Oxygen,
        Kind::NoBalmer,
    ];

    /// The flag that says so after a fit.
    pub(super) fn code(self) -> Option<Code> {
        match self {
            Kind::HAlpha => Some(Code::BalmerRatio),
            Kind::NoBalmer => Some(Code::NoBalmer),
            Kind::Dereddened => Some(Code::Dereddened),
            Kind::Bluer | Kind::Lone5007 | Kind::Oxygen => None,
        }
    }

    /// The observation, in words.
    pub(super) fn what(self) -> &'static str {
        match self {
            Kind::HAlpha => "Hα/Hβ outside 2 to 10",
            Kind::Bluer => "Hα/Hβ below 2.7, less than any gas without dust, by 2 sigma",
            Kind::Lone5007 => "[O III] 5007 without 4959",
            Kind::Oxygen => "[O III] 5007/4959 outside 2.8 to 3.2 by 3 sigma",
            Kind::NoBalmer => "no Balmer line beside Hβ",
            Kind::Dereddened => "Balmer ratios of case B, as if dereddened already",
        }
    }

    /// The way to mend it.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Kind::HAlpha => Code::BalmerRatio.advice(),
            Kind::Bluer => "check the calibration of Hα, its errors, and the absorption under Hβ",
            Kind::Lone5007 => "if the column holds both lines, say so under [blends]: O3_5007A = \"O3_4959A+O3_5007A\"",
            Kind::Oxygen => "check both lines; one column may hold their sum",
            Kind::NoBalmer => "nothing fixes c(Hβ) but its prior: add Hα or Hγ, or use --dereddened if the fluxes are",
            Kind::Dereddened => "use --dereddened if the fluxes are",
        }
    }
}

/// True for a flag that is told as a suspicion.
pub(in crate::report) fn is_suspicion(flag: &Flag) -> bool {
    Kind::ALL.iter().any(|kind| kind.code() == Some(flag.code))
}

impl Watch {
    /// Looks the lines up in `list`. `reddened` says that the model has a reddening law.
    pub(super) fn new(list: &LineList, reddened: bool) -> Watch {
        Watch {
            balmer: Balmer::new(list),
            oxygen: ["O3_4959A", "O3_5007A"].map(|label| list.position(label)),
            reddened,
        }
    }

    fn ratios(&self, object: &Object) -> Ratios {
        self.balmer.ratios(&object.hbeta, object.measurements.iter())
    }

    /// Tests whether the Balmer lines of an object tell dereddened fluxes from observed ones.
    pub(super) fn tells(&self, object: &Object) -> bool {
        self.reddened && self.ratios(object).is_case_b().is_some()
    }

    /// The suspicions about an object whose problem has `flags`.
    pub(super) fn about(&self, object: &Object, flags: &[Flag]) -> Vec<Suspicion> {
        let h_alpha = self.ratios(object).h_alpha();
        let told = |kind: Kind| {
            let flag = flags.iter().find(|flag| kind.code() == Some(flag.code))?;
            Some(Suspicion {
                kind,
                ratio: h_alpha.filter(|_| kind == Kind::HAlpha).map(|ratio| ratio.value),
                flag: Some(flag.clone()),
            })
        };
        let mut found: Vec<Suspicion> = Kind::ALL.into_iter().filter_map(told).collect();
        let is_bluer = |ratio: &Ratio| ratio.value + BLUER * ratio.sigma < H_ALPHA_LEAST;
        if !found.iter().any(|suspicion| suspicion.kind == Kind::HAlpha) {
            found.extend(h_alpha.filter(is_bluer).map(|ratio| Suspicion {
                kind: Kind::Bluer,
                ratio: Some(ratio.value),
                flag: None,
            }));
        }
        found.extend(self.oxygen(object));
        found
    }

    fn oxygen(&self, object: &Object) -> Option<Suspicion> {
        let [weak, strong] = self.oxygen;
        let (weak, strong) = (weak?, strong?);
        let of = |line| {
            object
                .measurements
                .iter()
                .find(|m| m.line.members == [line] && !m.limit)
        };
        let strong = of(strong).filter(|m| m.flux > 0.0)?;
        if !object.measurements.iter().any(|m| m.line.members.contains(&weak)) {
            let kind = Kind::Lone5007;
            return Some(Suspicion {
                kind,
                ratio: None,
                flag: None,
            });
        }
        let weak = of(weak).filter(|m| m.flux > 0.0)?;
        let ratio = strong.flux / weak.flux;
        let sigma = ratio * (strong.flux_err / strong.flux).hypot(weak.flux_err / weak.flux);
        let outside = ratio + OUTSIDE * sigma < OXYGEN[0] || ratio - OUTSIDE * sigma > OXYGEN[1];
        outside.then_some(Suspicion {
            kind: Kind::Oxygen,
            ratio: Some(ratio),
            flag: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{list, object};
    use super::*;

    fn kinds(lines: &[(&str, f64, f64)], flags: &[Code]) -> Vec<Kind> {
        let list = list();
        let flags: Vec<Flag> = flags.iter().map(|code| Flag::from(*code)).collect();
        let found = Watch::new(&list, true).about(&object(&list, "a", lines), &flags);
        found.into_iter().map(|suspicion| suspicion.kind).collect()
    }

    #[test]
    fn a_sound_object_raises_no_suspicion() {
        let sound = [("H1_6563A", 3.5, 0.1), ("O3_4959A", 1.7, 0.05), ("O3_5007A", 5.1, 0.15)];
        assert_eq!(kinds(&sound, &[Code::FewLines]), []);
    }

    #[test]
    fn what_the_problem_flags_is_told_with_its_ratio() {
        let list = list();
        let flags = [Code::BalmerRatio, Code::NoBalmer, Code::Dereddened].map(Flag::from);
        let found = Watch::new(&list, true).about(&object(&list, "a", &[("H1_6563A", 1.2, 0.1)]), &flags);
        let told: Vec<(Kind, Option<f64>)> = found.iter().map(|told| (told.kind, told.ratio)).collect();
        let expected = [
            (Kind::Dereddened, None),
            (Kind::HAlpha, Some(1.2)),
            (Kind::NoBalmer, None),
        ];
        assert_eq!(told, expected);
        assert_eq!(found[1].flag.as_ref(), Some(&flags[0]));
        assert!(flags.iter().all(is_suspicion) && !is_suspicion(&Code::FewLines.into()));
    }

    #[test]
    fn h_alpha_below_any_without_dust_is_seen() {
        assert_eq!(kinds(&[("H1_6563A", 2.26, 0.11)], &[]), [Kind::Bluer]);
        assert_eq!(kinds(&[("H1_6563A", 2.26, 0.30)], &[]), []);
        assert_eq!(kinds(&[("H1_6563A", 1.26, 0.11)], &[Code::BalmerRatio]), [Kind::HAlpha]);
    }

    #[test]
    fn the_doublet_of_oxygen_is_looked_at() {
        let with = |lines: &[(&'static str, f64, f64)]| kinds(&[&[("H1_6563A", 3.5, 0.1)], lines].concat(), &[]);
        assert_eq!(with(&[("O3_5007A", 6.9, 0.2)]), [Kind::Lone5007]);
        assert_eq!(
            with(&[("O3_5007A", 6.9, 0.05), ("O3_4959A", 1.7, 0.01)]),
            [Kind::Oxygen]
        );
        assert_eq!(with(&[("O3_5007A", 6.9, 0.05), ("O3_4959A", 1.7, 0.3)]), []);
    }
}
