//! Flags of answers that no nebula gives: abundances, and hydrogen lines bluer than without dust.

use super::ParameterSummary;
use crate::emissivity::Set;
use crate::extinction::{Reddened, c_hbeta};
use crate::flag::{Code, Flag};
use crate::line::{H_BETA, Ion};
use crate::problem::{Problem, ProblemLine};

/// Largest 12 + log₁₀(X/H) of a nebula: twenty times the Sun's oxygen, 8.69 (Asplund et al. 2009,
/// ARA&A 47, 481).
const MOST_METALS: f64 = 10.0;
/// Largest He⁺/H⁺, He²⁺/H⁺ and He/H of a nebula: ten times the solar He/H.
const MOST_HELIUM: f64 = 1.0;
/// Standard deviations below zero from which a c(Hβ) is no chance.
const BLUER: f64 = 3.0;

/// Flags abundances of ions and elements with a median that no nebula has.
pub(crate) fn unphysical(parameters: &[ParameterSummary]) -> impl Iterator<Item = Flag> {
    let absurd = |parameter: &&ParameterSummary| {
        let most = largest_abundance(&parameter.name);
        most.is_some_and(|most| parameter.percentiles[2] > most)
    };
    let found = parameters.iter().filter(absurd);
    found.map(|parameter| Flag::about(Code::Unphysical, &parameter.name))
}

/// Largest value of an abundance; none of another quantity.
fn largest_abundance(name: &str) -> Option<f64> {
    match name {
        "O_H" | "S_H" => Some(MOST_METALS),
        "He_H" => Some(MOST_HELIUM),
        _ => {
            let ion: Ion = name.parse().ok()?;
            Some(if ion.is_metal() { MOST_METALS } else { MOST_HELIUM })
        }
    }
}

/// Flag of hydrogen lines that give a c(Hβ) below zero by more than 3 standard deviations.
pub(crate) fn negative_extinction(lines: &[Reddened], hbeta_error: f64) -> Option<Flag> {
    let [c, sd] = c_hbeta(lines, hbeta_error)?;
    (c + BLUER * sd < 0.0).then(|| Flag::about(Code::NegativeExtinction, "cHbeta"))
}

/// Flag of an object's hydrogen lines, at the posterior medians of temperature and density in the
/// zone of H I. Absorption by stars is ignored: it weakens Hβ more than Hα and Hδ more than Hβ, and
/// both changes look like dust.
pub(super) fn bluer(problem: &Problem, set: &Set, parameters: &[ParameterSummary]) -> Option<Flag> {
    let hydrogen = problem.ions.iter().position(|ion| *ion == Ion::H1)?;
    let zone = &problem.zones[problem.object.ions[hydrogen].zone as usize];
    let median = |name: &str| {
        let parameter = parameters.iter().find(|parameter| parameter.name == name)?;
        Some(parameter.percentiles[2].log10())
    };
    let (log_t, log_n) = (median(&zone.temperature)?, median(&zone.density)?);
    let error = |line: &ProblemLine| line.sigma / line.flux;
    let hbeta = set.list.position(H_BETA)?;
    let is_hbeta = |line: &ProblemLine| line.members == [hbeta];
    let reddened = |(l, line): (usize, &ProblemLine)| {
        let [member] = line.members[..] else { return None };
        let counts = set.list.lines[member].ion == Ion::H1
            && !is_hbeta(line)
            && line.flux > 0.0
            && !problem.object.lines[l].likelihood.is_limit();
        counts.then_some(Reddened {
            f_lambda: line.f_lambda?,
            ln_excess: line.flux.ln() - set.ln_ratio(member, log_t, log_n).0,
            error: error(line),
        })
    };
    let lines: Vec<Reddened> = problem.lines.iter().enumerate().filter_map(reddened).collect();
    let hbeta = problem.lines.iter().find(|line| is_hbeta(line));
    negative_extinction(&lines, hbeta.map_or(0.0, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::finite_summary;

    fn flags(values: &[(&str, f64)]) -> Vec<String> {
        let summary = |&(name, value): &(&str, f64)| finite_summary(name, &[value; 3]);
        let parameters: Vec<ParameterSummary> = values.iter().map(summary).collect();
        unphysical(&parameters).map(|flag| flag.to_string()).collect()
    }

    #[test]
    fn abundances_that_no_nebula_has_are_named() {
        let absurd = [("O3", 15.7), ("He1", 1.2), ("He_H", 1.3), ("O_H", 10.1)];
        let named = ["unphysical:O3", "unphysical:He1", "unphysical:He_H", "unphysical:O_H"];
        assert_eq!(flags(&absurd), named);
    }

    #[test]
    fn temperatures_widths_and_real_abundances_are_none() {
        let real = [
            ("O3", 8.9),
            ("He1", 0.2),
            ("He2", 0.1),
            ("T_high", 2e4),
            ("a_H", 12.0),
            ("N_O", -0.5),
        ];
        assert_eq!(flags(&real), [""; 0]);
    }
}
