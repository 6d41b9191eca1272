//! Measurements of an object for the classical method: fluxes with errors, the ratios that were
//! measured, the lines that each abundance comes from.

use super::line::{Line, Member};
use super::ratio::{DENSITIES, Found, Ratio, TEMPERATURES};
use super::settings::Settings;
use crate::emissivity::Set;
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Ion};
use crate::problem::{DETECTION, Ionisation, Problem, Recipe};

/// He I and He II lines that an abundance is taken from where one of them was measured: triplets
/// and singlets of which optical depth and departures from case B change little (Peimbert,
/// Luridiana & Peimbert 2007, ApJ 666, 636).
const HELIUM: [(&str, &[&str]); 2] = [
    ("He1", &["He1_4471A", "He1_5876A", "He1_6678A"]),
    ("He2", &["He2_4686A"]),
];

/// The density of all zones \[cm⁻³\].
pub(super) const DENSITY: &str = "n_e";

/// An ion and the lines that its abundance is the weighted mean of.
#[derive(Clone, Debug)]
pub(super) struct IonLines {
    pub(super) ion: Ion,
    pub(super) zone: usize,
    pub(super) lines: Vec<usize>,
}

/// An object as the classical method sees it.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub(super) id: String,
    pub(super) lines: Vec<Line>,
    /// Hβ among the lines, where its own error counts.
    pub(super) hbeta: Option<usize>,
    /// The H I lines that c(Hβ) comes from.
    pub(super) hydrogen: Vec<usize>,
    /// The ions, hydrogen among them.
    pub(super) ions: Vec<IonLines>,
    /// The zones' temperatures by name, and the zone of H I.
    pub(super) zones: Vec<String>,
    pub(super) hydrogen_zone: usize,
    /// The ratios measured, in the order of the settings.
    pub(super) temperatures: Vec<Found>,
    pub(super) densities: Vec<Found>,
    pub(super) flags: Vec<Flag>,
}

impl Measured {
    /// True if a line of this ion alone was measured at [`DETECTION`] standard deviations or more.
    pub(super) fn detects(&self, ion: &str) -> bool {
        self.lines.iter().any(|line| {
            let own = line.ion().is_some_and(|own| self.ions[own].ion.to_string() == ion);
            own && !line.limit && line.signal_to_noise() >= DETECTION
        })
    }

    /// The lines that measure the ionisation parameter; `names` are those of the realisations'
    /// values.
    pub(super) fn ionisation<'a>(&self, set: &'a Set, names: &[String]) -> Ionisation<'a> {
        let place = |name: &str| names.iter().position(|own| own == name);
        Ionisation::new(set, |ion| {
            let own = self.ions.iter().find(|own| own.ion.to_string() == ion)?;
            Some([place(&self.zones[own.zone])?, place(DENSITY)?])
        })
    }

    /// The lines of `problem`, under the law of `recipe`.
    pub(super) fn new(problem: &Problem, recipe: &Recipe<'_>, settings: &Settings) -> Measured {
        let lines = lines(problem, recipe, settings);
        let labels = |l: usize| members_of(&lines[l], recipe.set);
        let pick = |wanted: &dyn Fn(&[&str]) -> bool| -> Vec<usize> {
            (0..lines.len()).filter(|&l| wanted(&labels(l))).collect()
        };
        let detected =
            |l: &usize| lines[*l].signal_to_noise() >= settings.detection && lines[*l].flux > 0.0 && !lines[*l].limit;
        let reddens = |l: &usize| lines[*l].members[0].f_lambda != 0.0;
        let wanted = |label: &str| {
            settings.hydrogen.iter().any(|own| {
                recipe.set.list.resolve(own, &[]).is_ok_and(|resolved| {
                    resolved
                        .members
                        .iter()
                        .any(|&place| recipe.set.list.lines[place].label == label)
                })
            })
        };
        let mut hydrogen = pick(&|of| matches!(of, [one] if wanted(one)));
        hydrogen.retain(|l| reddens(l) && detected(l));
        let mut measured = Measured {
            id: problem.id.clone(),
            hbeta: pick(&|of| of == [H_BETA]).first().copied(),
            hydrogen,
            ions: ions(problem, &lines, recipe.set),
            zones: problem.zones.iter().map(|zone| zone.temperature.clone()).collect(),
            hydrogen_zone: zone(problem, Ion::H1),
            temperatures: Vec::new(),
            densities: Vec::new(),
            flags: flags(problem, &lines),
            lines,
        };
        if measured.hydrogen.is_empty() && measured.lines.iter().any(|line| line.members[0].f_lambda != 0.0) {
            measured.flags.push(Flag::about(Code::NoBalmer, "cHbeta"));
        }
        measured.densities = measured.ratios(&settings.densities, &DENSITIES, recipe.set, settings);
        measured.temperatures = measured.ratios(&settings.temperatures, &TEMPERATURES, recipe.set, settings);
        measured.without_contradictions(recipe.set, settings)
    }

    /// The ratios of which both sides were detected, in the order of `names`.
    fn ratios(&self, names: &[String], known: &'static [Ratio], set: &Set, settings: &Settings) -> Vec<Found> {
        let by_name = |name: &String| known.iter().find(|ratio| ratio.name == name);
        let found = names.iter().filter_map(by_name);
        found.filter_map(|ratio| self.ratio(ratio, set, settings)).collect()
    }

    fn ratio(&self, ratio: &'static Ratio, set: &Set, settings: &Settings) -> Option<Found> {
        let lines = [ratio.above, ratio.below].map(|side| self.side(side, set));
        let detected = |side: &Vec<usize>| {
            let flux: f64 = side.iter().map(|&l| self.lines[l].flux).sum();
            let variance: f64 = side.iter().map(|&l| self.lines[l].sigma.powi(2)).sum();
            flux > 0.0 && flux >= settings.detection * variance.sqrt()
        };
        if !lines.iter().all(detected) {
            return None;
        }
        let of_temperature = TEMPERATURES.iter().any(|other| other.name == ratio.name);
        let members = lines.iter().flatten().flat_map(|&l| &self.lines[l].members);
        let axis = if of_temperature {
            set.axes.log10_t
        } else {
            set.axes.log10_ne
        };
        let range = members.fold([axis.first, axis.last], |[low, high], member| {
            let line = &set.list.lines[member.index];
            let [from, to] = if of_temperature { line.valid_t } else { line.valid_ne };
            [low.max(from.log10()), high.min(to.log10())]
        });
        let ion = self.ions.iter().find(|own| own.ion.to_string() == ratio.ion)?;
        Some(Found {
            ratio,
            lines,
            zone: ion.zone,
            range,
        })
    }

    /// The lines all of whose members are of one side of a ratio, no member twice.
    fn side(&self, labels: &[&str], set: &Set) -> Vec<usize> {
        let mut taken: Vec<usize> = Vec::new();
        let mut side = Vec::new();
        for (l, line) in self.lines.iter().enumerate() {
            let places: Vec<usize> = line.members.iter().map(|member| member.index).collect();
            let inside = !line.limit
                && places
                    .iter()
                    .all(|&place| labels.contains(&set.list.lines[place].label.as_str()));
            if inside && places.iter().all(|place| !taken.contains(place)) {
                taken.extend(places);
                side.push(l);
            }
        }
        side
    }
}

fn members_of<'s>(line: &Line, set: &'s Set) -> Vec<&'s str> {
    line.members
        .iter()
        .map(|member| set.list.lines[member.index].label.as_str())
        .collect()
}

fn lines(problem: &Problem, recipe: &Recipe<'_>, settings: &Settings) -> Vec<Line> {
    let [a_h, a_he] = settings.absorption;
    let line = |(line, record): (&crate::problem::ProblemLine, &crate::model::record::LineRecord<f64>)| {
        let member = |&index: &usize| {
            let atom = &recipe.set.list.lines[index];
            Member {
                index,
                // A problem has only lines that its law reaches.
                f_lambda: recipe.law.f_lambda(atom.wavelength_air).unwrap_or(f64::NAN),
                ion: problem
                    .ions
                    .iter()
                    .position(|ion| *ion == atom.ion)
                    .expect("a member's ion is in the model"),
            }
        };
        // F → F (1 + (k_H a_H + k_He a_He)/EW) / (1 + a_H/EW_Hβ): Aver, Olive & Skillman 2010, JCAP
        // 05, 003, eq. 3.1, inverted.
        let correction = (1.0 + a_h * record.absorption_h + a_he * record.absorption_he)
            / (1.0 + a_h * problem.object.header.absorption_hbeta);
        Line {
            label: line.label.clone(),
            members: line.members.iter().map(member).collect(),
            flux: line.flux,
            sigma: line.sigma,
            likelihood: line.likelihood,
            limit: record.likelihood.is_limit(),
            correction,
        }
    };
    problem.lines.iter().zip(&problem.object.lines).map(line).collect()
}

fn zone(problem: &Problem, ion: Ion) -> usize {
    let place = problem.ions.iter().position(|own| *own == ion);
    place.map_or(0, |place| problem.object.ions[place].zone as usize)
}

/// Each ion with the lines of it alone that its abundance is taken from: the nebular ones, where it
/// has any; of He I and He II those of `HELIUM`, where there is one.
fn ions(problem: &Problem, lines: &[Line], set: &Set) -> Vec<IonLines> {
    let auroral = |l: &usize| {
        let of = members_of(&lines[*l], set);
        TEMPERATURES
            .iter()
            .any(|ratio| of.iter().all(|label| ratio.above.contains(label)))
    };
    let ion = |(place, ion): (usize, &Ion)| {
        let own: Vec<usize> = (0..lines.len())
            .filter(|&l| lines[l].ion() == Some(place) && !lines[l].limit)
            .collect();
        let name = ion.to_string();
        let helium = HELIUM.iter().find(|(helium, _)| *helium == name);
        let preferred: Vec<usize> = match helium {
            Some((_, labels)) => {
                let among = |l: &usize| members_of(&lines[*l], set).iter().all(|label| labels.contains(label));
                own.iter().copied().filter(among).collect()
            }
            None => own.iter().copied().filter(|l| !auroral(l)).collect(),
        };
        IonLines {
            ion: *ion,
            zone: zone(problem, *ion),
            lines: if preferred.is_empty() { own } else { preferred },
        }
    };
    problem.ions.iter().enumerate().map(ion).collect()
}

/// Flags of the problem that hold for any method, and those of blends that give no abundance.
fn flags(problem: &Problem, lines: &[Line]) -> Vec<Flag> {
    const SHARED: [Code; 12] = [
        Code::LeftOut,
        Code::Dropped,
        Code::ZeroError,
        Code::HbetaError,
        Code::BalmerRatio,
        Code::Dereddened,
        Code::ReadAs,
        Code::LonePartner,
        Code::SharedLine,
        Code::UnclearLine,
        Code::AsymmetricError,
        Code::DoubtfulErrors,
    ];
    let shared = problem.flags.iter().filter(|flag| SHARED.contains(&flag.code)).cloned();
    let blends = lines.iter().filter(|line| line.ion().is_none());
    shared
        .chain(blends.map(|line| Flag::about(Code::Blend, &line.label)))
        .collect()
}
