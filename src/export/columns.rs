//! The list of the columns of `results.csv` and `results.fits`: a new column is a new entry.

use super::column::{Column, Entry, Family, Value, expanded};
use super::values::{
    classical, importance, joined, limit, method, mode_weights, of_decisions, of_importance, of_parameter, of_problem,
    of_summary, outside, reasons_of, resolution,
};
use crate::draws::Method;
use crate::fit::Outcome;

/// Columns in the order of the files. The kept columns of the catalogue stand after the first.
const COLUMNS: &[Entry] = &[
    text("object", "meta.id;meta.main", "name of the object", |o| o.id.clone()),
    statistic("{}_p2p5", "stat.percentile", "percentile 2.5", |o, q| {
        of_parameter(o, q, |p| p.percentiles[0])
    }),
    statistic("{}_p16", "stat.percentile", "percentile 16", |o, q| {
        of_parameter(o, q, |p| p.percentiles[1])
    }),
    statistic("{}_p50", "stat.median", "median", |o, q| {
        of_parameter(o, q, |p| p.percentiles[2])
    }),
    statistic("{}_p84", "stat.percentile", "percentile 84", |o, q| {
        of_parameter(o, q, |p| p.percentiles[3])
    }),
    statistic("{}_p97p5", "stat.percentile", "percentile 97.5", |o, q| {
        of_parameter(o, q, |p| p.percentiles[4])
    }),
    statistic("{}_mean", "stat.mean", "mean", |o, q| of_parameter(o, q, |p| p.mean)),
    statistic("{}_sd", "stat.stdev", "standard deviation", |o, q| {
        of_parameter(o, q, |p| p.sd)
    }),
    Entry {
        in_unit: true,
        ..of_classical("{}_value", "value at the fluxes as measured", |o, q| {
            classical(o, q, |own| own.value)
        })
    },
    of_classical("{}_failed", "fraction of realisations without a value", |o, q| {
        classical(o, q, |own| own.failed)
    }),
    family(
        Family::Measured,
        ("snr_{}", "stat.snr;spect.line"),
        "S/N of the line ratio that measures a temperature or density best",
        resolution,
    ),
    Entry {
        in_unit: true,
        ..family(
            Family::Ions,
            ("{}_limit95", "stat.max"),
            "of an ion that the row calls `undetected`, the abundance below which 95 % of the posterior lies",
            limit,
        )
    },
    family(
        Family::Elements,
        ("{}_outside", "stat.probability"),
        "fraction of draws outside the range of the ionisation correction",
        outside,
    ),
    number(
        "tau_outside",
        "stat.probability",
        "fraction of draws outside the range of the law of He I's optical depth",
        |o| of_summary(o, |s| s.tau_outside),
    ),
    number(
        "rhat_max",
        "",
        "largest R-hat of any parameter, `log_ne` or derived quantity",
        |o| of_summary(o, |s| s.rhat_max),
    ),
    number(
        "nested_rhat_max",
        "",
        "largest nested R-hat, with 64 chains or more",
        |o| of_summary(o, |s| s.nested_rhat_max),
    ),
    number("ess_bulk_min", "", "smallest bulk effective sample size", |o| {
        of_summary(o, |s| s.ess_bulk_min)
    }),
    number("ess_tail_min", "", "smallest tail effective sample size", |o| {
        of_summary(o, |s| s.ess_tail_min)
    }),
    number(
        "e_bfmi_min",
        "",
        "smallest E-BFMI of a chain, with 64 chains or more of a superchain",
        |o| of_summary(o, |s| s.e_bfmi_min),
    ),
    number(
        "n_draws",
        "meta.number",
        "draws after warm-up, all chains together, before any thinning",
        |o| of_summary(o, |s| s.n_draws as f64),
    ),
    number(
        "n_looks",
        "meta.number",
        "looks at the draws: an object that fails one is drawn further",
        |o| of_summary(o, |s| f64::from(s.n_looks)),
    ),
    number("n_divergent", "meta.number", "divergent draws", |o| {
        of_summary(o, |s| s.n_divergent as f64)
    }),
    number(
        "chi2",
        "stat.fit.chi2",
        "χ² at the mode that fits best, of all lines that are no limits",
        |o| of_summary(o, |s| s.chi2.value),
    ),
    number(
        "chi2_dof",
        "stat.fit.dof",
        "degrees of freedom of χ²: lines, less the part of each parameter that they determine",
        |o| of_summary(o, |s| s.chi2.dof),
    ),
    number(
        "chi2_p",
        "stat.fit.goodness",
        "probability of a larger χ² over truths from the priors",
        |o| of_summary(o, |s| s.chi2.p),
    ),
    number("is_khat", "", "shape k̂ of the tail of the importance weights", |o| {
        of_importance(o, |i| i.k_hat)
    }),
    number("is_ess", "", "effective number of weighted draws", |o| {
        of_importance(o, |i| i.ess)
    }),
    number("is_round", "", "refreshments of the proposal", |o| {
        of_importance(o, |i| f64::from(i.round))
    }),
    number(
        "is_shift_max",
        "",
        "largest difference of the means of chains and weighted draws, in sd",
        |o| of_importance(o, |i| i.shift),
    ),
    text("is_shift_of", "", "parameter of that difference", |o| {
        let found = importance(o);
        found.map_or_else(String::new, |found| found.shifted.clone())
    }),
    number("ln_evidence", "", "ln of the evidence P(y)", |o| {
        of_importance(o, |i| i.ln_evidence)
    }),
    number(
        "ln_evidence_se",
        "",
        "Monte Carlo standard error of `ln_evidence`",
        |o| of_importance(o, |i| i.ln_evidence_se),
    ),
    number("modes", "meta.number", "modes of the posterior that were found", |o| {
        of_summary(o, |s| {
            s.modes.as_ref().map_or(f64::NAN, |modes| modes.weights.len() as f64)
        })
    }),
    text(
        "mode_weights",
        "",
        "fractions of the draws in each mode, joined by `;`; empty of one mode",
        mode_weights,
    ),
    number(
        "mode_ess",
        "",
        "smallest effective sample size of the indicator of a mode; NaN of one mode",
        |o| of_summary(o, |s| s.modes.as_ref().map_or(f64::NAN, |modes| modes.ess)),
    ),
    number("n_lines", "meta.number", "lines used", |o| {
        of_problem(o, |p| p.lines.len())
    }),
    number("n_parameters", "meta.number", "free parameters", |o| {
        of_problem(o, |p| p.object.dimension())
    }),
    number(
        "n_gradients",
        "meta.number",
        "gradients evaluated, warm-up included",
        |o| of_summary(o, |s| s.n_gradients as f64),
    ),
    text(
        "method",
        "",
        "method of the row's numbers: `nuts`, `importance` or `classical`; empty without numbers",
        |o| method(o).map_or_else(String::new, |own| own.name().to_owned()),
    ),
    text(
        "status",
        "meta.code.status",
        "`ok`, `warn`, `fail` (the draws do not represent the posterior), `rejected` (not fitted)",
        |o| o.status.name().to_owned(),
    ),
    text(
        "flags",
        "meta.code.qual",
        "codes joined by `;`, each as `code` or `code:subject`, the gravest first",
        |o| joined(&of_decisions(o, false), ";"),
    ),
    text(
        "decisions",
        "meta.note",
        "choices that configuration or preset took for this object, as `code` or `code:subject` joined by `;`",
        |o| joined(&of_decisions(o, true), ";"),
    ),
    text(
        "reason",
        "meta.note",
        "the first five reasons of a rejected or failed object, and the number of further ones",
        reasons_of,
    ),
];

/// Columns of a result, without the kept columns of the catalogue; `parameters` are the names of
/// all parameters of the catalogue, in the order of every file.
pub fn columns(parameters: &[String], method: Method) -> Vec<Column> {
    expanded(COLUMNS, parameters, method)
}

const fn entry(name: &'static str, ucd: &'static str, description: &'static str, value: Value) -> Entry {
    Entry {
        name,
        of: Family::Object,
        in_unit: false,
        ucd,
        description,
        method: None,
        value,
    }
}

/// Column of text.
const fn text(
    name: &'static str,
    ucd: &'static str,
    description: &'static str,
    value: fn(&Outcome) -> String,
) -> Entry {
    entry(name, ucd, description, Value::Text(value))
}

/// Column of numbers.
const fn number(name: &'static str, ucd: &'static str, description: &'static str, value: fn(&Outcome) -> f64) -> Entry {
    entry(name, ucd, description, Value::Number(value))
}

/// Column of a family of quantities, with its name and UCD.
const fn family(
    of: Family,
    (name, ucd): (&'static str, &'static str),
    description: &'static str,
    value: fn(&Outcome, &str) -> f64,
) -> Entry {
    Entry {
        of,
        ..entry(name, ucd, description, Value::OfQuantity(value))
    }
}

/// Statistic of every quantity, in the quantity's unit.
const fn statistic(
    name: &'static str,
    ucd: &'static str,
    description: &'static str,
    value: fn(&Outcome, &str) -> f64,
) -> Entry {
    Entry {
        in_unit: true,
        ..family(Family::All, (name, ucd), description, value)
    }
}

/// Column of every quantity that the classical method alone has.
const fn of_classical(name: &'static str, description: &'static str, value: fn(&Outcome, &str) -> f64) -> Entry {
    Entry {
        method: Some(Method::Classical),
        ..family(Family::All, (name, ""), description, value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::HOLE;
    use super::*;

    #[test]
    fn columns_have_units_and_ucds() {
        let parameters = ["T_low", "n_e", "He2"].map(String::from);
        let found = columns(&parameters, Method::Classical);
        let of = |name: &str| {
            let column = found.iter().find(|column| column.name() == name).unwrap();
            (column.unit(), column.ucd())
        };
        for (name, unit, ucd) in [
            ("T_low_p50", "K", "phys.temperature.electron;stat.median"),
            ("O_H_sd", "dex", "phys.abund;stat.stdev"),
            ("He2_limit95", "", "phys.abund;stat.max"),
            ("He2_p2p5", "", "phys.abund;stat.percentile"),
            ("n_e_mean", "cm-3", "phys.density;phys.electron;stat.mean"),
            ("snr_n_e", "", "stat.snr;spect.line"),
            ("Y_outside", "", "stat.probability"),
            ("T_low_value", "K", "phys.temperature.electron"),
            ("object", "", "meta.id;meta.main"),
        ] {
            assert_eq!(of(name), (unit, Some(ucd.to_owned())), "{name}");
        }
        assert_eq!(of("rhat_max"), ("", None));
    }

    #[test]
    fn the_manual_has_a_row_for_each_column() {
        let page = include_str!("../../docs/outputs.md");
        for entry in COLUMNS {
            let name = entry.name.replace(HOLE, entry.of.placeholder());
            let ucd = match entry.ucd {
                "" => String::new(),
                ucd => format!("`{ucd}` "),
            };
            let row = format!("| `{name}` | {ucd}| {}", entry.description);
            let has = |line: &str| line.starts_with(&row);
            assert!(page.lines().any(has), "docs/outputs.md lacks {row}");
        }
        let rows = page.lines().filter(|line| line.starts_with("| `")).count();
        assert!(rows >= COLUMNS.len());
    }
}
