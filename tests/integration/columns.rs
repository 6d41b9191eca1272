//! Columns of the results: each has the value of the object, and FITS has its unit and UCD.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use nebulium::abundance;
use nebulium::backend::cpu::Cpu;
use nebulium::classical;
use nebulium::diagnostics::Diagnostics;
use nebulium::draws::Method;
use nebulium::error::{Error, ProblemError};
use nebulium::export::{LINE_COLUMNS, columns};
use nebulium::extinction::Law;
use nebulium::fit::{self, Options, Outcome, Plan};
use nebulium::flag::Class;
use nebulium::problem::{Recipe, Settings};
use nebulium::summary::{ParameterSummary, Status, Summary};
use nebulium::table::{Catalogue, Entry};

use crate::fit::{options, read};
use crate::galaxies::Fixture;
use crate::kept::{provenance, write};
use crate::program::rows;

/// Relative error of a number with nine significant digits.
const ROUNDING: f64 = 5e-9;

/// A galaxy, one without a detected line of He II, and a rejected object.
fn catalogue() -> Catalogue {
    let mut catalogue = read("data/shoc579.csv");
    let mut limits = read("tests/fixtures/physics/he2_lim2.csv");
    catalogue.entries.push(limits.entries.remove(0));
    catalogue.entries.push(Entry::Rejected {
        id: "no".to_owned(),
        row: 9,
        reasons: vec![
            Error::Problem(ProblemError::TwoDensityPriors),
            Error::Problem(ProblemError::TwoDensityPriors),
        ],
        kept: Vec::new(),
    });
    catalogue
}

/// Outcomes of the catalogue by a method, and the names of its parameters. Chains are as many as
/// nested R-hat takes.
fn fitted(method: Method) -> (Vec<Outcome>, Vec<String>) {
    let model = Settings::default();
    let set = &Fixture::get().set;
    let recipe = Recipe::new(&model, &BTreeMap::new(), set, Law::G03Lmc).expect("sound settings");
    let plan = Plan::new(catalogue(), &recipe);
    let mut parameters = plan.columns.clone();
    let mut short = Options {
        importance: 300,
        ..options(4)
    };
    (short.sampler.chains, short.sampler.warmup) = (64, 20);
    let chosen = classical::Settings {
        realisations: 20,
        ..classical::Settings::default()
    };
    let mut outcomes = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    let stop = AtomicBool::new(false);
    match method {
        Method::Nuts => fit::run(plan, &mut Cpu, &short, &mut sink, &stop),
        Method::Importance => {
            short.importance = 2500;
            fit::first_look::run(plan, &short, 0.0, &mut sink, &stop)
        }
        Method::Classical => {
            let problems = plan.entries.iter().filter_map(|planned| planned.peek(&recipe));
            let named = problems.flat_map(|problem| classical::named(&problem, &recipe, &chosen));
            parameters = classical::columns(&parameters, &named.collect(), &chosen);
            classical::run(plan, &chosen, &short, &mut sink, &stop)
        }
    }
    .expect("a run");
    (outcomes, parameters)
}

/// Value that a column must have: a number, or a text.
#[derive(Debug)]
enum Expected {
    Number(f64),
    Text(String),
}

/// The worst diagnostic of an object's quantities, as [`Summary`] has it.
fn worst(summary: &Summary, value: fn(&Diagnostics) -> f64, choose: fn(f64, f64) -> f64) -> f64 {
    let found = summary
        .parameters
        .iter()
        .filter_map(|p| p.diagnostics.as_ref())
        .map(value);
    found.reduce(choose).unwrap_or(f64::NAN)
}

/// Weights of several modes to three digits.
fn weights_of(summary: Option<&Summary>) -> String {
    let modes = summary.and_then(|summary| summary.modes.as_ref());
    match modes.map_or(&[][..], |modes| &modes.weights) {
        [] | [_] => String::new(),
        several => several
            .iter()
            .map(|weight| format!("{weight:.3}"))
            .collect::<Vec<_>>()
            .join(";"),
    }
}

/// Value of a column that stands once; none for the columns of quantities.
fn of_object(outcome: &Outcome, column: &str) -> Option<Expected> {
    let fitted = outcome.fitted.as_ref();
    let summary = fitted.map(|fitted| &fitted.summary);
    let importance = summary.and_then(|summary| summary.importance.as_ref());
    let number = |value: Option<f64>| Expected::Number(value.unwrap_or(f64::NAN));
    let joined = |texts: Vec<String>, separator: &str| Expected::Text(texts.join(separator));
    Some(match column {
        "object" => Expected::Text(outcome.id.clone()),
        "tau_outside" => number(summary.map(|s| s.tau_outside)),
        "rhat_max" => number(summary.map(|s| worst(s, |d| d.r_hat, f64::max))),
        "nested_rhat_max" => number(summary.map(|s| worst(s, |d| d.nested_r_hat, f64::max))),
        "ess_bulk_min" => number(summary.map(|s| worst(s, |d| d.ess_bulk, f64::min))),
        "ess_tail_min" => number(summary.map(|s| worst(s, |d| d.ess_tail, f64::min))),
        "e_bfmi_min" => number(summary.map(|s| s.e_bfmi_min)),
        // Each weighted draw is an evaluation.
        "n_draws" => number(fitted.map(|fitted| match fitted.method {
            Method::Importance => fitted.summary.n_gradients as f64,
            Method::Nuts | Method::Classical => fitted.draws.sample_stats.lp.len() as f64,
        })),
        "n_looks" => number(summary.map(|s| f64::from(s.n_looks))),
        "n_divergent" => number(fitted.map(|fitted| {
            let diverging = fitted.draws.sample_stats.diverging.iter();
            diverging.filter(|&&diverged| diverged).count() as f64
        })),
        "chi2" => number(summary.map(|s| s.chi2.value)),
        "chi2_dof" => number(summary.map(|s| s.chi2.dof)),
        "chi2_p" => number(summary.map(|s| s.chi2.p)),
        "is_khat" => number(importance.map(|i| i.k_hat)),
        "is_ess" => number(importance.map(|i| i.ess)),
        "is_round" => number(importance.map(|i| f64::from(i.round))),
        "is_shift_max" => number(importance.map(|i| i.shift)),
        "is_shift_of" => Expected::Text(importance.map_or_else(String::new, |i| i.shifted.clone())),
        "ln_evidence" => number(importance.map(|i| i.ln_evidence)),
        "ln_evidence_se" => number(importance.map(|i| i.ln_evidence_se)),
        "modes" => number(summary.and_then(|s| Some(s.modes.as_ref()?.weights.len() as f64))),
        "mode_weights" => Expected::Text(weights_of(summary)),
        "mode_ess" => number(summary.and_then(|s| Some(s.modes.as_ref()?.ess))),
        "n_lines" => number(outcome.problem.as_ref().map(|problem| problem.lines.len() as f64)),
        "n_parameters" => number(outcome.problem.as_ref().map(|problem| {
            let free = problem.parameters.iter().filter(|p| p.coordinate.is_some());
            free.count() as f64
        })),
        "n_gradients" => number(summary.map(|s| s.n_gradients as f64)),
        "method" => Expected::Text(
            outcome
                .fitted
                .as_ref()
                .map_or_else(String::new, |f| f.method.name().to_owned()),
        ),
        "status" => Expected::Text(outcome.status.name().to_owned()),
        "flags" | "decisions" => {
            let wanted = column == "decisions";
            let flags = outcome.flags.iter();
            let flags = flags.filter(|flag| (flag.code.class() == Class::Decision) == wanted);
            joined(flags.map(ToString::to_string).collect(), ";")
        }
        "reason" if outcome.status == Status::Fail => {
            let flags = outcome.flags.iter();
            let grave = flags.filter(|flag| flag.code.class() == Class::Fail);
            joined(
                grave.map(|flag| format!("{flag}: {}", flag.code.advice())).collect(),
                "; ",
            )
        }
        "reason" => joined(outcome.reasons.iter().map(ToString::to_string).collect(), "; "),
        _ => return None,
    })
}

/// Value of a column of a quantity; none for a column that this test does not know.
fn of_quantity(outcome: &Outcome, column: &str) -> Option<f64> {
    let summary = outcome.fitted.as_ref().map(|fitted| &fitted.summary);
    if let Some(name) = column.strip_prefix("snr_") {
        let mut snr = outcome.problem.iter().flat_map(|problem| &problem.snr);
        return Some(snr.find(|(of, _)| of == name).map_or(f64::NAN, |(_, snr)| *snr));
    }
    let (name, statistic) = column.rsplit_once('_')?;
    let parameter = summary.and_then(|s| s.parameters.iter().find(|p| p.name == name));
    let of = |value: fn(&ParameterSummary) -> f64| Some(parameter.map_or(f64::NAN, value));
    match statistic {
        "p2p5" => of(|p| p.percentiles[0]),
        "p16" => of(|p| p.percentiles[1]),
        "p50" => of(|p| p.percentiles[2]),
        "p84" => of(|p| p.percentiles[3]),
        "p97p5" => of(|p| p.percentiles[4]),
        "mean" => of(|p| p.mean),
        "sd" => of(|p| p.sd),
        "value" => of(|p| p.classical.map_or(f64::NAN, |own| own.value)),
        "failed" => of(|p| p.classical.map_or(f64::NAN, |own| own.failed)),
        "limit95" => {
            let mut limits = summary.into_iter().flat_map(|summary| &summary.limits);
            Some(
                limits
                    .find(|limit| limit.ion == name)
                    .map_or(f64::NAN, |limit| limit.below),
            )
        }
        "outside" => {
            let place = abundance::NAMES.iter().position(|other| *other == name)?;
            Some(summary.map_or(f64::NAN, |summary| summary.icf_outside[place]))
        }
        _ => None,
    }
}

/// True if a field says what it must.
fn agrees(field: &str, expected: &Expected) -> bool {
    match expected {
        Expected::Text(text) => field == text,
        Expected::Number(number) => {
            let found: f64 = field.parse().expect("a number");
            (found.is_nan() && number.is_nan()) || (found - number).abs() <= ROUNDING * number.abs()
        }
    }
}

/// Kind of a column: its name without that of the quantity.
fn kind(column: &str) -> String {
    match column.strip_prefix("snr_") {
        Some(_) => "snr".to_owned(),
        None => column.rsplit('_').next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn each_column_has_the_value_of_its_object() {
    for (method, name) in [
        (Method::Nuts, "columns_nuts"),
        (Method::Importance, "columns_importance"),
        (Method::Classical, "columns_classical"),
    ] {
        let (outcomes, parameters) = fitted(method);
        let out = write(name, provenance(method, Vec::new()), &parameters, &outcomes);
        let listed: Vec<String> = columns(&parameters, method)
            .iter()
            .map(|c| c.name().to_owned())
            .collect();
        let header = std::fs::read_to_string(out.join("results.csv")).unwrap();
        assert_eq!(header.lines().next(), Some(listed.join(",").as_str()));
        // Columns of the object, and kinds of columns of quantities, that some object has.
        let mut seen: BTreeMap<String, bool> = BTreeMap::new();
        for (row, outcome) in rows(&out.join("results.csv")).iter().zip(&outcomes) {
            for column in &listed {
                let single = of_object(outcome, column);
                let what = if single.is_some() { column.clone() } else { kind(column) };
                let expected = single.or_else(|| of_quantity(outcome, column).map(Expected::Number));
                let expected = expected.unwrap_or_else(|| panic!("{column} has no test: write what it must be"));
                let field = &row[column];
                assert!(
                    agrees(field, &expected),
                    "{column} of {}: {field}, not {expected:?}",
                    outcome.id
                );
                *seen.entry(what).or_default() |= !matches!(field.as_str(), "" | "NaN");
            }
        }
        let never: Vec<&String> = seen
            .iter()
            .filter(|(_, seen)| !**seen)
            .map(|(column, _)| column)
            .collect();
        // `modes.rs` has posteriors with several modes.
        let of_modes = |column: &str| ["mode_weights", "mode_ess"].contains(&column);
        let none = |column: &&&String| match method {
            Method::Nuts => !of_modes(column),
            Method::Importance => !of_modes(column) && !of_chains(column),
            Method::Classical => !of_draws(column),
        };
        assert!(
            never.iter().filter(none).count() == 0,
            "{}: no object has {never:?}",
            method.name()
        );
    }
}

/// True for a column that only chains have.
fn of_chains(column: &str) -> bool {
    let starts = ["rhat", "nested_rhat", "ess_", "e_bfmi", "is_shift"];
    starts.iter().any(|start| column.starts_with(start))
}

/// True for a column that the classical method leaves blank: diagnostics, importance sampling,
/// modes and limits are of draws.
fn of_draws(column: &str) -> bool {
    let starts = [
        "rhat",
        "nested_rhat",
        "ess_",
        "e_bfmi",
        "is_",
        "ln_evidence",
        "chi2",
        "tau_outside",
        "modes",
        "mode_",
        "limit95",
    ];
    starts.iter().any(|start| column.starts_with(start))
}

#[test]
fn each_column_of_the_lines_has_the_value_of_its_line() {
    let (outcomes, parameters) = fitted(Method::Nuts);
    let out = write(
        "columns_lines",
        provenance(Method::Nuts, Vec::new()),
        &parameters,
        &outcomes,
    );
    let found = rows(&out.join("lines.csv"));
    let fitted = outcomes
        .iter()
        .filter_map(|outcome| Some((outcome, outcome.fitted.as_ref()?)));
    let expected: Vec<_> = fitted
        .flat_map(|(outcome, fitted)| {
            let given = &outcome.problem.as_ref().expect("a problem").lines;
            let lines = fitted.summary.lines.iter().zip(given);
            lines.map(move |(line, given)| (outcome, line, given))
        })
        .collect();
    assert_eq!(found.len(), expected.len());
    for (row, (outcome, line, given)) in found.iter().zip(&expected) {
        for column in LINE_COLUMNS.iter() {
            let expected = match column.name {
                "object" => Expected::Text(outcome.id.clone()),
                "line" => Expected::Text(line.label.clone()),
                "flux" => Expected::Number(given.flux),
                "flux_err" => Expected::Number(given.flux_err),
                "sigma" => Expected::Number(line.sigma),
                "model" => Expected::Number(line.model),
                "model_sd" => Expected::Number(line.model_sd),
                "pull" => Expected::Number(line.pull),
                "outside" => Expected::Number(line.outside),
                "likelihood" => Expected::Text(line.likelihood.to_owned()),
                other => panic!("{other} has no test: write what it must be"),
            };
            let field = &row[column.name];
            assert!(
                agrees(field, &expected),
                "{} of {}: {field}, not {expected:?}",
                column.name,
                line.label
            );
        }
    }
}
