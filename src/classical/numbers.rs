//! The realisations of one object in numbers: percentiles of each quantity, how many failed, each
//! line's pull.

use super::measured::Measured;
use super::ratio::{DENSITIES, TEMPERATURES};
use crate::abundance::{self, Derived, Ions, Noise, Observed, totals};
use crate::draws::{Draws, Method, SampleStats};
use crate::emissivity::Set;
use crate::fit::Fitted;
use crate::flag::{Code, Flag};
use crate::rng::Key;
use crate::summary::{
    Chi2, Classical, LOG_NE, LineSummary, ParameterSummary, Summary, finite_summary, graded, mean_sd, unphysical,
};

/// A quantity earns a warning where more than this fraction of the realisations have no value of
/// it.
const FAILED: f64 = 0.01;

/// One set of fluxes in numbers.
#[derive(Clone, Debug)]
pub(super) struct Realisation {
    /// The quantities, NaN where there is none.
    pub(super) values: Vec<f64>,
    /// The flux that each line should have.
    pub(super) predicted: Vec<f64>,
}

/// Percentiles over the realisations that have a value, with the value at the fluxes measured
/// (`nominal`) and the fraction without one.
pub(super) fn summarise(
    names: Vec<String>,
    measured: &Measured,
    nominal: &Realisation,
    realised: &[Realisation],
    mut flags: Vec<Flag>,
    (corrections, set, seed): (&abundance::Settings, &Set, u64),
) -> Fitted {
    let parameter = |(place, name): (usize, &String)| {
        let values: Vec<f64> = realised.iter().map(|draw| draw.values[place]).collect();
        quantity(name, &values, nominal.values[place])
    };
    let mut parameters: Vec<ParameterSummary> = names.iter().enumerate().map(parameter).collect();
    let draws = Draws {
        chains: 1,
        draws: realised.len(),
        values: realised.iter().flat_map(|draw| &draw.values).copied().collect(),
        sample_stats: SampleStats::default(),
        names,
    };
    let ionisation = measured.ionisation(set, &draws.names);
    let observed = Observed {
        detects: &|ion| measured.detects(ion),
        conditions: &|draw| ionisation.at(draw),
    };
    let derived = Derived::new(corrections, &draws, &Key::new(seed, &measured.id), &observed);
    let place = |name| draws.position(name).map_or(f64::NAN, |place| nominal.values[place]);
    let totals = totals(
        &derived.settings,
        &Ions::from_parameters(Ions::NAMES.map(place)),
        &ionisation.at(&nominal.values),
        Noise::default(),
    );
    for (index, (name, total)) in abundance::NAMES.iter().zip(totals).enumerate() {
        parameters.extend(
            derived
                .quantity(index)
                .map(|values| quantity(name, &values, total.value)),
        );
    }
    flags.extend(derived.flags.iter().cloned());
    flags.extend(parameters.iter().filter_map(failing));
    flags.extend(unphysical(&parameters));
    let status = graded(&mut flags);
    let summary = Summary {
        parameters,
        lines: lines(measured, nominal, realised),
        limits: Vec::new(),
        icf_outside: derived.outside,
        importance: None,
        rhat_max: f64::NAN,
        nested_rhat_max: f64::NAN,
        ess_bulk_min: f64::NAN,
        ess_tail_min: f64::NAN,
        e_bfmi_min: f64::NAN,
        n_draws: 0,
        n_looks: 0,
        n_divergent: 0,
        n_max_treedepth: 0,
        chi2: Chi2::NONE,
        tau_outside: f64::NAN,
        lp_mode: f64::NAN,
        modes: None,
        n_gradients: 0,
        flags,
        status,
    };
    Fitted {
        method: Method::Classical,
        summary,
        draws,
        derived,
        positions: Vec::new(),
    }
}

fn quantity(name: &str, values: &[f64], value: f64) -> ParameterSummary {
    let failed = values.iter().filter(|value| value.is_nan()).count() as f64 / values.len() as f64;
    ParameterSummary {
        classical: Some(Classical { value, failed }),
        ..finite_summary(name, values)
    }
}

/// The warning of a quantity that many realisations lack. Ratios that nothing rests on earn none,
/// nor does log₁₀n_e beside n_e.
fn failing(parameter: &ParameterSummary) -> Option<Flag> {
    let name = parameter.name.as_str();
    let of_ratio = TEMPERATURES.iter().chain(&DENSITIES).any(|ratio| ratio.name == name);
    let some = (FAILED..1.0).contains(&parameter.classical?.failed);
    (some && !of_ratio && name != LOG_NE).then(|| Flag::about(Code::FailedRealisations, name))
}

fn lines(measured: &Measured, nominal: &Realisation, draws: &[Realisation]) -> Vec<LineSummary> {
    let line = |(l, line): (usize, &super::line::Line)| {
        let predicted: Vec<f64> = draws.iter().map(|draw| draw.predicted[l]).collect();
        let finite: Vec<f64> = predicted.iter().copied().filter(|flux| flux.is_finite()).collect();
        LineSummary {
            label: line.label.clone(),
            likelihood: line.likelihood,
            flux: line.flux,
            sigma: line.sigma,
            model: nominal.predicted[l],
            model_sd: mean_sd(&finite).1,
            pull: (line.flux - nominal.predicted[l]) / line.sigma,
            outside: 1.0 - finite.len() as f64 / predicted.len() as f64,
        }
    };
    measured.lines.iter().enumerate().map(line).collect()
}
