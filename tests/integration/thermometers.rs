//! Thermometers and density lines, told by the tables of emissivities and not by a list.

use std::path::Path;

use nebulium::config::Config;
use nebulium::problem::Problem;

use crate::galaxies::{Fixture, objects};

/// The problem of the object of `tests/fixtures/physics/NAME.csv` under the default preset.
fn problem(name: &str) -> Problem {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/physics");
    let text = std::fs::read_to_string(folder.join(format!("{name}.csv"))).expect("readable");
    let object = &objects(&format!("thermometers_{name}.csv"), &text)[0];
    let set = &Fixture::get().set;
    let recipe = Config::default().recipe(set).expect("a recipe");
    Problem::new(&recipe, object).expect("a problem")
}

fn sn(problem: &Problem, name: &str) -> f64 {
    let found = problem.snr.iter().find(|(of, _)| of == name);
    found.expect("a parameter of the object").1
}

fn lacks_density_line(problem: &Problem) -> bool {
    problem.flags.iter().any(|flag| flag.code.name() == "no_density_line")
}

/// C III] 1907/1909 of S/N 10 each: their ratio has 7.
#[test]
fn the_pair_of_c_iii_is_a_density_line() {
    let problem = problem("c3_only_density_0.1");
    assert!((6.0..8.0).contains(&sn(&problem, "n_e")) && !lacks_density_line(&problem));
    assert!(sn(&problem, "T_high") > 20.0 && sn(&problem, "T_low") == 0.0);
}

/// O III] 1661 and 1666 of 6 % each beside 4959 and 5007 of 4 %.
#[test]
fn the_ultraviolet_lines_of_o_iii_are_a_thermometer() {
    let problem = problem("o3_1666");
    assert!((15.0..25.0).contains(&sn(&problem, "T_high")));
}

/// 5007/88 μm depends on both: 52/88 μm, of 5 % each, gives the density.
#[test]
fn far_infrared_lines_give_the_density_and_with_5007_the_temperature() {
    let problem = problem("ir_o3");
    assert!((10.0..17.0).contains(&sn(&problem, "n_e")) && !lacks_density_line(&problem));
    assert!(sn(&problem, "T_high") > 3.0);
}
