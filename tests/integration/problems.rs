//! What the presets decide for an object, and what makes one impossible.

use std::collections::BTreeMap;

use nebulium::error::Error;
use nebulium::extinction::Law;
use nebulium::fit::Plan;
use nebulium::problem::{Absorption, NoStars, Normalisation, Preset, Prior, Problem, Recipe, Settings};
use nebulium::table;

use crate::galaxies::{Fixture, catalogue, objects, settings};

fn problem(settings: &Settings, priors: &BTreeMap<String, Prior>, object: &table::Object) -> Result<Problem, Error> {
    let law = Law::from_name("CCM89", None)?;
    let recipe = Recipe::new(settings, priors, &Fixture::get().set, law)?;
    Problem::new(&recipe, object)
}

fn flags(problem: &Problem) -> Vec<String> {
    let mut flags: Vec<String> = problem.flags.iter().map(ToString::to_string).collect();
    flags.sort();
    flags
}

fn names(problem: &Problem) -> Vec<&str> {
    problem
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect()
}

const BASE: &str = "object,line,flux,flux_err,ew\na,H1_4861A,1,0.01,100\na,H1_6563A,2.9,0.03,400\na,O3_5007A,5,0.05,\n\
                    a,O3_4363A,0.1,0.005,\na,O2_3726A_m,1,0.02,\na,He1_5876A,0.1,0.002,15\n";

/// `BASE` with a prior of the object's own.
fn with_prior(parameter: &str, mean: f64, sd: f64) -> String {
    let row = |(number, row)| match number {
        0 => format!("{row},prior_{parameter},prior_{parameter}_sd\n"),
        1 => format!("{row},{mean},{sd}\n"),
        _ => format!("{row},,\n"),
    };
    BASE.lines().enumerate().map(row).collect()
}

#[test]
fn the_default_preset_looks_at_the_lines() {
    let default = settings(Preset::Default, None);
    let poor = problem(&default, &BTreeMap::new(), &objects("poor.csv", BASE)[0]).expect("a problem");
    assert_eq!(
        flags(&poor),
        [
            "absorption",
            "dereddened:cHbeta",
            "few_lines",
            "no_density_line",
            "tied:T_low:garnett1992"
        ]
    );
    let order = [
        "T_low",
        "T_high",
        "n_e",
        "cHbeta",
        "tau",
        "He1",
        "O2",
        "O3",
        "a_H",
        "a_He",
        "ln_FHbeta",
        "he1_shift",
    ];
    assert_eq!(names(&poor), order);

    let lines = "a,N2_5755A,0.01,0.001,\na,N2_6584A,0.3,0.01,\na,S2_6716A,0.2,0.01,\na,S2_6731A,0.15,0.01,\na,He1_7281A,0.01,0.001,\n\
                 a,N1_5200A,0.01,0.001,\n";
    let rich = problem(
        &default,
        &BTreeMap::new(),
        &objects("rich.csv", &format!("{BASE}{lines}"))[0],
    )
    .expect("a problem");
    assert_eq!(
        flags(&rich),
        [
            "absorption",
            "dereddened:cHbeta",
            "dropped:N1",
            "few_lines",
            "left_out:He1_7281A",
            "left_out:N1_5200A",
            "lone_partner:N1_5200A"
        ]
    );

    let asked = Settings {
        include: vec!["He1_7281A".into()],
        exclude: vec!["S2_6731A".into()],
        ..default
    };
    let asked = problem(
        &asked,
        &BTreeMap::new(),
        &objects("asked.csv", &format!("{BASE}{lines}"))[0],
    )
    .expect("a problem");
    assert!(flags(&asked).contains(&"no_density_line".into()) && !flags(&asked).contains(&"left_out:He1_7281A".into()));
}

#[test]
fn the_plain_preset_takes_everything_as_given() {
    let plain = settings(Preset::Plain, None);
    let object = &objects("plain.csv", &format!("{BASE}a,He1_7281A,0.01,0.001,\n"))[0];
    let problem = problem(&plain, &BTreeMap::new(), object).expect("a problem");
    assert_eq!(flags(&problem), ["dereddened:cHbeta", "few_lines"]);
    assert_eq!(
        names(&problem),
        ["T_low", "T_high", "n_e", "cHbeta", "tau", "He1", "O2", "O3"]
    );
    assert_eq!(problem.lines.len(), object.measurements.len(), "Hβ divides");
    let free = settings(Preset::Plain, Some(Normalisation::Free));
    let free = self::problem(&free, &BTreeMap::new(), object).expect("a problem");
    assert_eq!(free.lines.len(), object.measurements.len() + 1, "Hβ is one more line");
}

/// A merged label stands for its members: [O II] 7325 for four, each with its own wavelength; a
/// bare blend for H and He.
#[test]
fn merged_labels_become_terms() {
    let text = format!("{BASE}a,O2_7325A_m,0.03,0.001,\na,H1_3889A_m,0.18,0.004,20\n");
    let problem = problem(
        &settings(Preset::Plain, None),
        &BTreeMap::new(),
        &objects("merged.csv", &text)[0],
    )
    .expect("a problem");
    let terms = |label: &str| {
        let place = problem
            .lines
            .iter()
            .position(|line| line.label == label)
            .expect("a line");
        let row = &problem.object.lines[place];
        &problem.object.terms[row.first_term as usize..(row.first_term + row.terms) as usize]
    };
    assert_eq!(terms("O2_7325A_m").len(), 4);
    let blend = terms("H1_3889A_m");
    assert_eq!(blend.len(), 2);
    assert!(
        blend[0].thick == 0 && blend[1].tau_p0 == -0.053,
        "only He I 3889 carries tau"
    );
}

#[test]
fn fixed_parameters_are_not_sampled_and_own_priors_override() {
    let priors = BTreeMap::from([
        ("cHbeta".into(), Prior::fixed(0.2)),
        ("O3".into(), Prior::normal(8.0, 0.5).cut(6.0, 9.0)),
    ]);
    let text = with_prior("T_high", 12_000.0, 300.0);
    let problem = problem(&settings(Preset::Plain, None), &priors, &objects("own.csv", &text)[0]).expect("a problem");
    let parameter = |name: &str| &problem.parameters[problem.parameter_index(name).expect("a parameter")];
    assert_eq!(parameter("cHbeta").coordinate, None);
    assert_eq!(
        parameter("T_high").prior,
        Prior::normal(12_000.0, 300.0).cut(5000.0, 25_000.0)
    );
    assert!(
        parameter("O3").coordinate.is_some(),
        "a cut prior is sampled through its quantiles"
    );
}

#[test]
fn impossible_settings_and_objects_say_why() {
    let object = &objects("why.csv", BASE)[0];
    let plain = settings(Preset::Plain, None);
    let prior = |name: &str, prior| BTreeMap::from([(name.to_owned(), prior)]);
    let message = |settings: &Settings, priors| problem(settings, &priors, object).expect_err("impossible").to_string();
    assert!(message(&plain, prior("O9", Prior::normal(5.0, 5.0))).contains("unknown parameter `O9`"));
    let beyond = Prior::normal(15_000.0, 5000.0).cut(1000.0, 25_000.0);
    assert!(message(&plain, prior("T_low", beyond)).contains("prior of T_low covers"));
    let both = BTreeMap::from([
        ("n_e".into(), Prior::half_normal(1.0)),
        ("log_ne".into(), Prior::normal(2.0, 1.0)),
    ]);
    assert!(message(&plain, both).contains("both n_e and log_ne"));
    let floor = Settings {
        error_floor: 1.5,
        ..plain.clone()
    };
    assert!(message(&floor, BTreeMap::new()).contains("error_floor = 1.5"));
    let nothing = Settings {
        exclude: ["H1_6563A", "O3_5007A", "O3_4363A", "O2_3726A_m", "He1_5876A"]
            .map(String::from)
            .to_vec(),
        ..plain
    };
    assert!(message(&nothing, BTreeMap::new()).contains("object `a`: no line besides Hβ"));
}

/// An object's own Normal stays inside the support of the prior that it replaces: cHbeta and He⁺ do
/// not turn negative.
#[test]
fn own_priors_keep_the_support() {
    let plain = settings(Preset::Plain, None);
    for (name, mean, sd) in [("cHbeta", 0.1, 0.05), ("tau", 1.0, 0.5), ("He1", 0.085, 0.01)] {
        let object = &objects(&format!("own_{name}.csv"), &with_prior(name, mean, sd))[0];
        let problem = problem(&plain, &BTreeMap::new(), object).expect("a problem");
        let prior = problem.parameters[problem.parameter_index(name).expect("a parameter")].prior;
        assert_eq!(
            (prior.mean, prior.sd, prior.support().0),
            (Some(mean), Some(sd), 0.0),
            "{name}"
        );
    }
}

/// Temperatures and densities without bounds of their own are cut to the range that the presets
/// sample, also where an object's own prior takes the place of a fixed value.
#[test]
fn unbounded_priors_do_not_leave_the_tables() {
    let plain = settings(Preset::Plain, None);
    let object = &objects("unbounded.csv", BASE)[0];
    let priors = BTreeMap::from([
        ("T_low".into(), Prior::normal(12_000.0, 1000.0)),
        ("n_e".into(), Prior::log_normal(4.0, 1.0, 1.0)),
    ]);
    let cut = problem(&plain, &priors, object).expect("a problem");
    let support = |name: &str| {
        cut.parameters[cut.parameter_index(name).expect("a parameter")]
            .prior
            .support()
    };
    assert_eq!((support("T_low"), support("n_e")), ((5000.0, 25_000.0), (1.0, 1e5)));
    let object = &objects("own_fixed.csv", &with_prior("T_high", 12_000.0, 300.0))[0];
    let fixed = BTreeMap::from([("T_high".into(), Prior::fixed(11_000.0))]);
    let own = problem(&plain, &fixed, object).expect("a problem");
    let prior = own.parameters[own.parameter_index("T_high").expect("a parameter")].prior;
    assert_eq!(prior, Prior::normal(12_000.0, 300.0).cut(5000.0, 25_000.0));
}

/// Priors that no object could be fitted with are refused once, before any object.
#[test]
fn priors_below_zero_are_refused_as_settings() {
    let refused = |name: &str, prior: Prior| {
        let law = Law::from_name("CCM89", None).expect("a law");
        let priors = BTreeMap::from([(name.to_owned(), prior)]);
        let recipe = Recipe::new(&settings(Preset::Plain, None), &priors, &Fixture::get().set, law);
        recipe.expect_err("refused").to_string()
    };
    for name in ["He1", "He2", "tau", "cHbeta", "a_H", "a_He"] {
        for prior in [
            Prior::fixed(-0.1),
            Prior::normal(0.1, 0.05),
            Prior::normal(0.1, 0.05).cut(-1.0, 1.0),
        ] {
            let message = refused(name, prior);
            assert!(
                message.starts_with(&format!("prior of {name}: expected a")),
                "{message}"
            );
        }
    }
    for (name, words) in [("xi", "collisional_excitation"), ("nu", "student-t")] {
        assert!(refused(name, Prior::half_normal(1.0)).contains(words));
    }
}

/// Fluxes that no unit explains are rejected rather than fitted as infinities.
#[test]
fn fluxes_out_of_range_are_rejected() {
    for (flux, error) in [
        ("1e300", "1e298"),
        ("1e-300", "1e-301"),
        ("1", "1e-300"),
        ("2", "1e200"),
    ] {
        let floor = Settings {
            error_floor: 0.0,
            ..settings(Preset::Plain, None)
        };
        let text = format!("{BASE}a,S2_6716A,{flux},{error},\n");
        let refused = problem(&floor, &BTreeMap::new(), &objects("range.csv", &text)[0]).expect_err("out of range");
        assert!(refused.to_string().contains("line S2_6716A"), "{refused}");
    }
    let text = BASE.replace("H1_4861A,1,0.01", "H1_4861A,1e-300,1e-302");
    let refused = problem(
        &settings(Preset::Plain, None),
        &BTreeMap::new(),
        &objects("tiny.csv", &text)[0],
    );
    assert!(
        refused
            .expect_err("infinite ratios")
            .to_string()
            .contains("relative to Hβ")
    );
}

/// The order of an object's rows says nothing: every record is the same, bit for bit.
#[test]
fn the_order_of_rows_changes_nothing() {
    let default = settings(Preset::Default, None);
    let text = format!(
        "{BASE}a,O2_7325A_m,0.03,0.001,\na,H1_3889A_m,0.18,0.004,20\na,N1_5200A,0.01,0.001,\na,He1_7281A,0.01,0.001,\n"
    );
    let mut rows: Vec<&str> = text.lines().skip(1).collect();
    let first = problem(&default, &BTreeMap::new(), &objects("rows_0.csv", &text)[0]).expect("a problem");
    for turn in 1..rows.len() {
        rows.rotate_left(1);
        rows.swap(0, turn);
        let shuffled = format!("object,line,flux,flux_err,ew\n{}\n", rows.join("\n"));
        let other = problem(
            &default,
            &BTreeMap::new(),
            &objects(&format!("rows_{turn}.csv"), &shuffled)[0],
        );
        let other = other.expect("a problem");
        assert_eq!(format!("{:?}", first.object), format!("{:?}", other.object));
        assert_eq!((&first.flags, first.lines.len()), (&other.flags, other.lines.len()));
    }
}

/// The preset ties T_low only for want of anything better: a prior that the user wrote stands.
#[test]
fn a_written_prior_of_t_low_is_not_tied_away() {
    let object = &objects("written.csv", BASE)[0];
    let written = Prior::normal(11_000.0, 500.0).cut(5000.0, 25_000.0);
    let priors = BTreeMap::from([("T_low".into(), written)]);
    let default = settings(Preset::Default, None);
    let free = problem(&default, &priors, object).expect("a problem");
    assert_eq!(free.parameters[0].prior, written);
    assert!(!flags(&free).contains(&"tied:T_low:garnett1992".into()));
    let asked = Settings {
        tie_t_low: Some(true),
        ..default
    };
    assert!(flags(&problem(&asked, &priors, object).expect("a problem")).contains(&"tied:T_low:garnett1992".into()));
}

/// A blend of nothing but doubtful lines is doubtful itself.
#[test]
fn a_blend_of_doubtful_lines_is_left_out() {
    let text = BASE.replace("ew\n", "ew,blend\n");
    let mut text: String = text
        .lines()
        .map(|row| {
            if row.matches(',').count() == 4 {
                format!("{row},\n")
            } else {
                format!("{row}\n")
            }
        })
        .collect();
    text += "a,N1_5198A_m,0.02,0.002,,N1_5198A+N1_5200A\n";
    let object = &objects("doubtful.csv", &text)[0];
    let left = problem(&settings(Preset::Default, None), &BTreeMap::new(), object).expect("a problem");
    assert!(
        flags(&left).contains(&"left_out:N1_5198A_m".into()),
        "{:?}",
        flags(&left)
    );
    let asked = Settings {
        include: vec!["N1_5198A".into()],
        ..settings(Preset::Default, None)
    };
    let asked = problem(&asked, &BTreeMap::new(), object).expect("a problem");
    assert!(names(&asked).contains(&"N1"));
}

/// The flags of `code`, and the labels of the lines that are fitted.
fn flagged_and_fitted(settings: &Settings, text: &str, code: &str) -> (Vec<String>, Vec<String>) {
    let object = &objects("absorbed.csv", text)[0];
    let problem = problem(settings, &BTreeMap::new(), object).expect("a problem");
    let flagged = flags(&problem).into_iter().filter(|flag| flag.starts_with(code));
    let fitted = problem.lines.iter().map(|line| line.label.clone());
    (flagged.collect(), fitted.collect())
}

const ABSORBED: &str = "a,H1_3889A_m,0.18,0.004,\na,H1_3750A,0.03,0.001,\na,He1_4026A,0.02,0.001,\na,H1_4102A,0.26,0.005,\n\
                        a,H1_9015A,0.02,0.001,\na,Ne3_3968A_m,0.3,0.01,\n";

fn without_widths() -> String {
    let bare = BASE.replace(",100\n", ",\n").replace(",400\n", ",\n");
    format!("{}{ABSORBED}", bare.replace(",15\n", ",\n"))
}

/// Without equivalent widths, lines that stars change most and lines of which no source gives the
/// absorption are left out; a blend with a metal stays.
#[test]
fn lines_whose_absorption_is_unknown_are_left_out() {
    let default = settings(Preset::Default, None);
    let left = [
        "unknown_absorption:H1_3750A",
        "unknown_absorption:H1_3889A_m",
        "unknown_absorption:H1_9015A",
        "unknown_absorption:He1_4026A",
    ];
    let (flagged, fitted) = flagged_and_fitted(&default, &without_widths(), "unknown_absorption");
    assert_eq!(flagged, left);
    assert!(fitted.contains(&"H1_4102A".into()) && fitted.contains(&"Ne3_3968A_m".into()));
    assert!(!fitted.contains(&"H1_3750A".into()));
    let (flagged, _) = flagged_and_fitted(&settings(Preset::Plain, None), &without_widths(), "unknown");
    assert!(flagged.is_empty(), "plain fits every line that is given");
}

#[test]
fn no_line_is_left_out_where_no_stars_are_or_where_it_is_asked_for() {
    for none in [Absorption::Switch(false), Absorption::Word(NoStars::None)] {
        let nebula = Settings {
            absorption: Some(none),
            ..settings(Preset::Default, None)
        };
        let (flagged, fitted) = flagged_and_fitted(&nebula, &without_widths(), "unknown_absorption");
        assert!(flagged.is_empty() && fitted.contains(&"H1_9015A".into()), "{flagged:?}");
    }
    let asked = Settings {
        include: vec!["H1_9015A".into()],
        ..settings(Preset::Default, None)
    };
    let (flagged, fitted) = flagged_and_fitted(&asked, &without_widths(), "unknown_absorption");
    assert!(fitted.contains(&"H1_9015A".into()) && flagged.len() == 3);
}

/// σ² of Hη has (2 Å · 0.20/(EW + 2 Å · 0.62))² in it: an uncertain ratio costs a faint line its
/// weight.
#[test]
fn uncertain_absorption_enters_the_error() {
    let text = format!("{BASE}a,H1_3835A,0.05,0.001,4\na,H1_9015A,0.02,0.001,30\n");
    let object = &objects("widths.csv", &text)[0];
    let default = problem(&settings(Preset::Default, None), &BTreeMap::new(), object).expect("a problem");
    let line = default
        .lines
        .iter()
        .find(|line| line.label == "H1_3835A")
        .expect("a line");
    let error: f64 = 0.05 * 2.0 * 0.20 / (4.0 + 2.0 * 0.62);
    assert!((line.sigma - error.hypot(0.02 * 0.05)).abs() < 1e-4, "{}", line.sigma);
    assert!(
        flags(&default).contains(&"unknown_absorption:H1_9015A".into()),
        "no source has its absorption, width or not"
    );
}

#[test]
fn an_object_with_everything_fixed_has_nothing_to_sample() {
    let text = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,H1_6563A,2.9,0.03\n";
    let fixed = ["T_low", "T_high", "cHbeta"].into_iter().zip([1e4, 1e4, 0.1]);
    let mut priors: BTreeMap<String, Prior> = fixed.map(|(name, value)| (name.into(), Prior::fixed(value))).collect();
    priors.insert("n_e".into(), Prior::fixed(100.0));
    let law = Law::from_name("CCM89", None).expect("a law");
    let recipe = Recipe::new(&settings(Preset::Plain, None), &priors, &Fixture::get().set, law).expect("a recipe");
    let mut plan = Plan::new(catalogue("fixed.csv", text), &recipe);
    let reasons = plan
        .entries
        .remove(0)
        .problem(plan.recipe)
        .expect_err("nothing to sample");
    assert!(reasons[0].to_string().contains("no free parameter"));
}

/// Which coordinate an ion or a density takes follows from the object's own fluxes and errors.
#[test]
fn weakly_measured_ions_and_densities_are_bent() {
    let plain = settings(Preset::Plain, None);
    let ratio = |argon: &str, sulphur: &str, sigma: &str| {
        format!(
            "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,O3_5007A,5,0.05\na,Ar4_4740A,{argon},0.002\n\
             a,S2_6716A,{sulphur},{sigma}\na,S2_6731A,0.1,{sigma}\n"
        )
    };
    let weak = |text: &str, settings: &Settings, priors: &[(&str, Prior)]| {
        let priors = priors
            .iter()
            .map(|(name, prior)| ((*name).to_owned(), *prior))
            .collect();
        let problem = problem(settings, &priors, &objects("weak.csv", text)[0]).expect("a problem");
        let ions = problem.ions.iter().zip(&problem.object.ions);
        let mut weak: Vec<String> = ions
            .filter(|(_, r)| r.low_snr == 1)
            .map(|(ion, _)| ion.to_string())
            .collect();
        weak.extend(
            problem
                .object
                .slots
                .iter()
                .filter(|slot| slot.low_snr == 1)
                .map(|_| "n_e".to_owned()),
        );
        weak
    };
    // [Ar IV] at S/N 2, 20 and below zero; [S II] 1.40 ± 0.06, n = 30 ± 50; and 1.0, well off the
    // low-density limit.
    assert_eq!(weak(&ratio("0.004", "0.14", "0.003"), &plain, &[]), ["Ar4", "n_e"]);
    assert_eq!(weak(&ratio("0.04", "0.10", "0.0005"), &plain, &[]), [""; 0]);
    assert_eq!(weak(&ratio("-0.01", "0.10", "0.0005"), &plain, &[]), ["Ar4"]);
    // A narrow prior has no tail, and the log of a flux no noise below which it is linear.
    let narrow = [
        ("Ar4", Prior::normal(5.0, 0.3)),
        ("log_ne", Prior::normal(2.0, 0.3).cut(0.0, 5.0)),
    ];
    assert_eq!(weak(&ratio("0.004", "0.14", "0.003"), &plain, &narrow), [""; 0]);
}
