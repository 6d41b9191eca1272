//! Choice of the ratios for the density and for the temperature of each zone: the first in order
//! with a solution at the measured fluxes.

use super::chain::{Chain, Choice, Solution, Stuck};
use super::ratio::Solved;
use crate::flag::{Code, Flag};
use crate::summary::negative_extinction;

/// The choice, the solution of the measured fluxes if there is one, and the flags.
pub(super) fn choose(chain: &Chain<'_>, fluxes: &[f64]) -> (Choice, Option<Solution>, Vec<Flag>) {
    let measured = chain.measured;
    let mut flags = Vec::new();
    let mut densities: Vec<usize> = (0..measured.densities.len()).collect();
    let mut temperatures: Vec<Vec<usize>> = (0..measured.zones.len()).map(|zone| candidates(chain, zone)).collect();
    // A density ratio in its low-density limit gives way to one outside its limit.
    let mut limited: Vec<usize> = Vec::new();
    loop {
        let choice = Choice {
            density: densities.first().or(limited.first()).copied(),
            temperatures: temperatures.iter().map(|open| open.first().copied()).collect(),
        };
        match chain.solve(fluxes, &choice) {
            Ok(solution) if solution.state.density == Solved::Below && !densities.is_empty() => {
                limited.push(densities.remove(0));
            }
            Ok(solution) => {
                flags.extend(said(chain, &choice, &solution, fluxes));
                return (choice, Some(solution), flags);
            }
            Err(Stuck::Density(ratio)) => {
                flags.push(Flag::about(Code::RatioRange, measured.densities[ratio].ratio.name));
                densities.retain(|&open| open != ratio);
                limited.retain(|&open| open != ratio);
            }
            Err(Stuck::Temperature { zone, ratio }) => {
                flags.push(Flag::about(Code::RatioRange, measured.temperatures[ratio].ratio.name));
                temperatures[zone].retain(|&open| open != ratio);
            }
            Err(Stuck::Relation) => {
                flags.push(Code::NoTemperature.into());
                return (choice, None, flags);
            }
            Err(Stuck::Unsettled) => {
                flags.push(Code::Unsettled.into());
                return (choice, None, flags);
            }
        }
    }
}

/// Temperature ratios of a zone's ions, in order.
fn candidates(chain: &Chain<'_>, zone: usize) -> Vec<usize> {
    let measured = chain.measured;
    let of_zone = |place: &usize| {
        let found = &measured.temperatures[*place];
        found.zone == zone && (!found.ratio.needs_density || !measured.densities.is_empty())
    };
    (0..measured.temperatures.len()).filter(of_zone).collect()
}

/// Flags of quantities that were assumed without a ratio, and of an extinction below zero.
fn said(chain: &Chain<'_>, choice: &Choice, solution: &Solution, fluxes: &[f64]) -> Vec<Flag> {
    let mut flags = Vec::new();
    match choice.density {
        None => flags.push(Flag::about(Code::AssumedDensity, "n_e")),
        Some(ratio) if solution.state.density == Solved::Below => {
            let name = chain.measured.densities[ratio].ratio.name;
            flags.push(Flag::about(Code::DensityLimit, name));
        }
        Some(_) => {}
    }
    let tied = chain
        .measured
        .zones
        .iter()
        .zip(&choice.temperatures)
        .filter(|(_, ratio)| ratio.is_none());
    flags.extend(tied.map(|(zone, _)| Flag::about(Code::Tied, zone)));
    let hbeta = chain.measured.hbeta.map(|hbeta| &chain.measured.lines[hbeta]);
    let hbeta_error = hbeta.map_or(0.0, |line| line.sigma / line.flux);
    flags.extend(negative_extinction(
        &chain.reddened(fluxes, &solution.state),
        hbeta_error,
    ));
    flags
}
