//! How measured fluxes are compared with the model, and what may be added to it: settings that
//! reach the records, refusals.

use nebulium::config::Config;
use nebulium::model::code::Likelihood;
use nebulium::model::record::{LineRecord, NONE, Term};
use nebulium::problem::Problem;

use crate::galaxies::{Fixture, objects};
use crate::program::{file, scratch};

const HEADER: &str = "object,line,flux,flux_err,limit\n";
const LINES: &str = "a,H1_4861A,1,0.01,\na,H1_6563A,2.9,0.1,\na,O3_5007A,5,0.05,\na,O3_4363A,0.03,0.01,true\na,O2_3726A_m,1,0.02,\n\
                     a,O2_7325A_m,0.03,0.001,\na,He1_5876A,0.1,0.002,\na,He2_4686A,0.01,0.001,\na,S2_6731A,-0.02,0.05,\n\
                     a,N2_5755A,0.01,0.001,\na,N2_6584A,0.3,0.01,\na,S3_9069A,0.3,0.01,\n";

fn with(name: &str, toml: &str, lines: &str) -> Result<Problem, String> {
    let config: Config = toml::from_str(toml).map_err(|error| error.to_string())?;
    let recipe = config.recipe(&Fixture::get().set).map_err(|error| error.to_string())?;
    let object = &objects(&format!("likelihoods_{name}.csv"), &format!("{HEADER}{lines}"))[0];
    Problem::new(&recipe, object).map_err(|error| error.to_string())
}

/// The problem of `LINES` under a configuration of the plain preset.
fn plain(name: &str, toml: &str) -> Problem {
    with(name, &format!("model.preset = \"plain\"\n{toml}"), LINES).expect("a problem")
}

fn place(problem: &Problem, label: &str) -> usize {
    let place = problem.lines.iter().position(|line| line.label == label);
    place.expect("a line of the object")
}

fn record<'p>(problem: &'p Problem, label: &str) -> &'p LineRecord<f64> {
    &problem.object.lines[place(problem, label)]
}

fn terms<'p>(problem: &'p Problem, label: &str) -> &'p [Term<f64>] {
    let row = record(problem, label);
    &problem.object.terms[row.first_term as usize..(row.first_term + row.terms) as usize]
}

fn has_flag(problem: &Problem, flag: &str) -> bool {
    problem.flags.iter().any(|known| known.to_string() == flag)
}

/// The default preset gives lines of He I 0.5 % each beside their common shift; what is written
/// wins, `plain` adds nothing.
#[test]
fn the_default_preset_widens_the_errors_of_uncertain_emissivities() {
    let sigma = |name: &str, toml: &str| {
        let config: Config = toml::from_str(toml).expect("a configuration");
        let recipe = config.recipe(&Fixture::get().set).expect("a recipe");
        let rows = "object,line,flux,flux_err\na,H1_4861A,1,0.01\na,O3_5007A,5,0.2\na,He1_5876A,0.1,0.004\n";
        let object = &objects(&format!("uncertain_{name}.csv"), rows)[0];
        let problem = Problem::new(&recipe, object).expect("a problem");
        let line = problem.lines.iter().find(|line| line.label == "He1_5876A");
        line.expect("He I 5876").sigma
    };
    assert!((sigma("default", "") - 0.004_f64.hypot(0.0005)).abs() < 1e-15);
    assert!((sigma("written", "[model.emissivity_error]\nHe1 = 0\n") - 0.004).abs() < 1e-15);
    assert!((sigma("plain", "[model]\npreset = \"plain\"\n") - 0.004).abs() < 1e-15);
}

/// An interval of ± 10 % around 5 ± 0.05 is ten σ wide on either side; a limit stays a limit.
#[test]
fn an_interval_has_its_half_width_in_sigmas() {
    let toml = "model.error_floor = 0.0\nlikelihood.kind = \"interval\"\nlikelihood.half_width = 0.1";
    let problem = plain("interval", toml);
    let line = record(&problem, "O3_5007A");
    assert_eq!(line.likelihood, Likelihood::Interval);
    assert!((line.half_width - 10.0).abs() < 1e-12, "{line:?}");
    assert_eq!(record(&problem, "O3_4363A").likelihood, Likelihood::UpperLimit);
    let refused = with("half_width", "likelihood.half_width = 1.5", LINES).expect_err("no fraction");
    assert!(
        refused.contains("half_width = 1.5") && refused.contains("above 0"),
        "{refused}"
    );
    let idle = with("idle", "likelihood.half_width = 0.1", LINES).expect_err("no interval");
    assert!(
        idle.contains("likelihood.half_width = `0.1`") && idle.contains("interval"),
        "{idle}"
    );
}

/// Each likelihood reaches the record; limits are limits under all of them, and a flux without
/// logarithm is compared linearly.
#[test]
fn each_likelihood_reaches_its_record() {
    let gaussian = plain("gaussian", "");
    assert_eq!(record(&gaussian, "O3_5007A").likelihood, Likelihood::Gaussian);
    assert_eq!(record(&gaussian, "O3_4363A").likelihood, Likelihood::UpperLimit);
    assert_eq!(record(&gaussian, "S2_6731A").flux, -0.02, "a negative flux is data");

    let log = plain("log", "likelihood.kind = \"log-gaussian\"\n");
    let line = record(&log, "H1_6563A");
    let expected = (Likelihood::LogGaussian, 2.9_f64.ln(), 1.0 / (0.1_f64 / 2.9).ln_1p());
    assert_eq!((line.likelihood, line.flux, line.inverse_sigma), expected);
    assert_eq!(record(&log, "S2_6731A").likelihood, Likelihood::Gaussian);
    assert!(has_flag(&log, "linear_flux:S2_6731A"));
    assert_eq!(record(&log, "O3_4363A").likelihood, Likelihood::UpperLimit);

    let student = plain("student", "likelihood.kind = \"student-t\"\n");
    assert_eq!(record(&student, "H1_6563A").likelihood, Likelihood::StudentT);
    let nu = &student.object.slots[student.object.header.nu as usize];
    assert_eq!(
        (nu.location, nu.coordinate, student.parameter_index("nu")),
        (4.0, NONE, None)
    );
    let prior =
        "likelihood.kind = \"student-t\"\npriors.nu = { family = \"LogNormal\", mean = 1.5, sd = 0.5, lower = 1 }\n";
    let free = plain("student_free", prior);
    assert!(
        free.parameters[free.parameter_index("nu").expect("a parameter")]
            .coordinate
            .is_some()
    );
}

/// One line in ten an outlier, at S/N 29: the height of the outliers is ⅑/√(29² + 4) of the
/// Gaussian's. A share without outliers, or no share, is refused.
#[test]
fn outliers_have_their_share_in_the_record() {
    let toml = "model.error_floor = 0.0\nlikelihood.kind = \"outliers\"\n";
    let problem = plain("outliers", &format!("{toml}likelihood.outlier_share = 0.1\n"));
    let line = record(&problem, "H1_6563A");
    assert_eq!(line.likelihood, Likelihood::Outliers);
    assert!((line.outlier_centre - 14.5_f64.asinh()).abs() < 1e-12, "{line:?}");
    assert!(
        (line.outlier_ln_height - (1.0 / 9.0 / 845.0_f64.sqrt()).ln()).abs() < 1e-12,
        "{line:?}"
    );
    assert_eq!(record(&problem, "O3_4363A").likelihood, Likelihood::UpperLimit);
    let of = |share: f64| (share / (1.0 - share) / 845.0_f64.sqrt()).ln();
    let height = record(&plain("outliers_default", toml), "H1_6563A").outlier_ln_height;
    assert!((height - of(0.01)).abs() < 1e-12, "{height}");
    let refused = with("share", "likelihood.outlier_share = 0.5", LINES).expect_err("no share");
    assert!(
        refused.contains("outlier_share = 0.5") && refused.contains("below 0.5"),
        "{refused}"
    );
    let idle = with("idle_share", "likelihood.outlier_share = 0.1", LINES).expect_err("no outliers");
    assert!(
        idle.contains("likelihood.outlier_share = `0.1`") && idle.contains("outliers"),
        "{idle}"
    );
}

/// Deviance and pull of each likelihood, by hand.
#[test]
fn pulls_and_deviances_are_those_of_their_likelihood() {
    let gaussian = plain("pull_gaussian", "");
    let (line, limit) = (place(&gaussian, "H1_6563A"), place(&gaussian, "O3_4363A"));
    assert!((gaussian.pull(line, 2.7) - 2.0).abs() < 1e-12 && (gaussian.deviance(line, 2.7, 0.0) - 4.0).abs() < 1e-12);
    assert_eq!(gaussian.pull(limit, 0.02), 0.0, "below the limit");
    assert!((gaussian.pull(limit, 0.05) + 2.0).abs() < 1e-12);
    // −2 ln Φ(0) = 2 ln 2, and Φ(−2) = 0.0227501319.
    assert!((gaussian.deviance(limit, 0.03, 0.0) - 2.0 * std::f64::consts::LN_2).abs() < 1e-12);
    assert!((gaussian.deviance(limit, 0.05, 0.0) + 2.0 * 0.022_750_131_948_179_2_f64.ln()).abs() < 1e-9);
    let student = plain("pull_student", "likelihood.kind = \"student-t\"\n");
    assert!((student.deviance(line, 2.7, 4.0) - 5.0 * 2.0_f64.ln()).abs() < 1e-12);
    let log = plain("pull_log", "likelihood.kind = \"log-gaussian\"\n");
    assert!(
        (log.pull(line, 2.9 * (0.1_f64 / 2.9).exp_m1().exp()) + (0.1_f64 / 2.9).exp_m1() / (0.1_f64 / 2.9).ln_1p())
            .abs()
            < 1e-9
    );
}

/// An arm's lines share a parameter; Hβ is in none of them where it divides.
#[test]
fn an_arm_has_one_calibration_for_its_lines() {
    let red = "calibration.red = { range = [6000, 10000], prior = { family = \"Normal\", mean = 0, sd = 0.05 } }\n";
    let problem = plain("arm", red);
    let slot = record(&problem, "H1_6563A").arm;
    assert_ne!(slot, NONE);
    assert_eq!(
        (record(&problem, "S3_9069A").arm, record(&problem, "O2_7325A_m").arm),
        (slot, slot)
    );
    assert_eq!(record(&problem, "O3_5007A").arm, NONE);
    let parameter = &problem.parameters[problem.parameter_index("cal_red").expect("a parameter")];
    assert_eq!(parameter.prior.sd, Some(0.05));
    for (toml, words) in [
        (red.replace("6000", "4000"), "a range without Hβ"),
        (red.replace("[6000, 10000]", "[7000, 6000]"), "first < last"),
        (red.replace("sd = 0.05", "sd = 0"), "prior of cal_red"),
        (
            format!("{red}{}", red.replace("red", "far").replace("6000", "9000")),
            "apart from those",
        ),
    ] {
        let message = with("arm_bad", &format!("model.preset = \"plain\"\n{toml}"), LINES).expect_err(&toml);
        assert!(message.contains(words), "{message}");
    }
    let free = red.replace("6000", "4000") + "model.normalisation = \"free\"\n";
    let free = with("arm_free", &free, LINES).expect("Hβ is one more line of the arm");
    assert_ne!(record(&free, "H1_4861A").arm, NONE);
}

/// The four lines of 7325 share Liu's coefficient; N²⁺ and O³⁺ follow from sampled ions; what is
/// missing is flagged.
#[test]
fn recombination_adds_its_terms_or_says_why_not() {
    let off = plain("recombination_off", "");
    let on = plain("recombination_on", "model.recombination = true\n");
    assert_eq!(
        (terms(&off, "O2_7325A_m").len(), terms(&on, "O2_7325A_m").len()),
        (4, 8)
    );
    let ion = |name: &str| on.ions.iter().position(|ion| ion.to_string() == name).expect("an ion") as u32;
    let base = |name: &str| on.object.ions[ion(name) as usize].base;
    let total: f64 = terms(&on, "O2_7325A_m")[4..]
        .iter()
        .map(|term| (term.constant + base("O3")).exp())
        .sum();
    assert!((total / 9.36 - 1.0).abs() < 1e-12, "{total}");
    let nitrogen = &terms(&on, "N2_5755A")[1];
    assert_eq!(
        (nitrogen.ion, nitrogen.times, nitrogen.over),
        (ion("N2"), ion("O3"), ion("O2"))
    );
    assert_eq!((nitrogen.table, nitrogen.k3), (NONE, 0.30));
    let unscaled = nitrogen.constant + base("N2") + base("O3") - base("O2");
    assert!((unscaled.exp() / 3.19 - 1.0).abs() < 1e-12);
    let high = on.zones.iter().position(|zone| zone.name == "high").expect("a zone") as u32;
    assert_eq!((nitrogen.zone, terms(&on, "O3_4363A").len()), (high, 3));
    let some = plain("recombination_some", "model.recombination = [\"N2\"]\n");
    assert_eq!((terms(&some, "N2_5755A").len(), terms(&some, "O3_4363A").len()), (2, 1));

    let poor: String = LINES
        .lines()
        .filter(|row| !row.contains("He2"))
        .map(|row| format!("{row}\n"))
        .collect();
    let poor = with(
        "recombination_poor",
        "model.preset = \"plain\"\nmodel.recombination = true\n",
        &poor,
    )
    .expect("a problem");
    assert_eq!(terms(&poor, "O3_4363A").len(), 1);
    assert!(has_flag(&poor, "no_recombination:O3_4363A") && !has_flag(&poor, "no_recombination:N2_5755A"));
    let message = with("recombination_bad", "model.recombination = [\"S2\"]\n", LINES).expect_err("no such feed");
    assert!(message.contains("some of O2, N2 and O3"), "{message}");
}

/// A table of coefficients takes the place of the emissivities; a line without a row, and a
/// reachable pole, are refused.
#[test]
fn four_coefficients_come_from_a_file() {
    let directory = scratch("four_coefficients");
    let lines = "a,H1_4861A,1,0.01,\na,O3_5007A,5,0.05,\na,S2_6731A,0.1,0.01,\n";
    let toml = |rows: &str, more: &str| {
        let path = file(&directory, "k.csv", &format!("# the talk's\nline,k1,k2,k3,k4\n{rows}"));
        let path = path.display();
        format!("model.four_coefficients = \"{path}\"\nmodel.preset = \"plain\"\n{more}")
    };
    let good = "O3_5007A,2.2,-1.25,0.5,0\nS2_6731A,1.1,-0.9,0.4,1e-3\n";
    let problem = with("four", &toml(good, ""), lines).expect("a problem");
    let term = &terms(&problem, "S2_6731A")[0];
    assert_eq!(
        (term.table, term.k2, term.k3, term.k4),
        (NONE, -0.9 * std::f64::consts::LN_10, 0.4, 1e-3)
    );
    assert_eq!(term.constant + term.k2, 0.0, "its own reference");
    let s2 = problem.object.ions.last().expect("an ion");
    assert!((s2.base - 0.2 * std::f64::consts::LN_10).abs() < 1e-12);
    for (rows, more, words) in [
        (
            "O3_5007A,2.2,-1.25,0.5,0\n",
            "",
            "line S2_6731A: the table of four coefficients has no row",
        ),
        (
            "S2_6731A,1.1,-0.9,0.4,-1e-4\n",
            "",
            "S2_6731A: 1 + k4 n with k4 = -0.0001 is not positive from n_e = 10000",
        ),
        (
            "S2_6731A,1.1,x,0.4,0\n",
            "",
            "k.csv: row 3, column `k2`: found `x`, expected a finite number",
        ),
        ("O2_3726A_m,1,0,0,0\n", "", "expected one line, not a blend"),
    ] {
        let message = with("four_bad", &toml(rows, more), lines).expect_err(words);
        assert!(message.contains(words), "{message}");
    }
    let cut = "priors.log_ne = { family = \"Normal\", mean = 2, sd = 1, upper = 3.5 }\n";
    let fits = "O3_5007A,2.2,-1.25,0.5,0\nS2_6731A,1.1,-0.9,0.4,-1e-4\n";
    assert!(
        with("four_cut", &toml(fits, cut), lines).is_ok(),
        "the prior ends before the pole"
    );
}

/// A law linear in R_V may have it free: the records hold its two parts, and at R_V = 3.1 they make
/// f_λ.
#[test]
fn a_free_rv_reaches_the_records() {
    let toml = "extinction.law = \"CCM89\"\npriors.R_V = { family = \"Normal\", mean = 3.1, sd = 0.3 }\n";
    let problem = plain("rv", toml);
    let parameter = &problem.parameters[problem.parameter_index("R_V").expect("a parameter")];
    assert_eq!(parameter.prior.support(), (2.0, 6.0));
    let header = &problem.object.header;
    let slot = &problem.object.slots[header.rv as usize];
    assert_eq!(slot.location, 3.1);
    let term = &terms(&problem, "O3_5007A")[0];
    let hbeta = header.law_a_hbeta * 3.1 + header.law_b_hbeta;
    let f_lambda = (term.law_a * 3.1 + term.law_b) / hbeta / std::f64::consts::LN_10 - 1.0;
    let law = nebulium::extinction::Law::from_name("CCM89", Some(3.1)).expect("a law");
    assert!(
        (f_lambda - law.f_lambda(5006.843).expect("in the optical")).abs() < 1e-5,
        "{f_lambda}"
    );
    for (wrong, words) in [
        (toml.replace("CCM89", "F99"), "the law F99 is not linear in R_V"),
        (toml.replace("sd = 0.3", "sd = 0.3, lower = 1"), "rv = 1"),
        (
            format!("extinction.rv = 3.1\n{toml}"),
            "rv = `3.1`: expected none where [priors] has R_V",
        ),
    ] {
        let message = with("rv_bad", &format!("model.preset = \"plain\"\n{wrong}"), LINES).expect_err(words);
        assert!(message.contains(words), "{message}");
    }
}
