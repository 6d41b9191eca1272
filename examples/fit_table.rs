//! Fits a table of line fluxes and prints temperatures and abundances of each object.
//!
//! `cargo run --release --example fit_table [TABLE]`; the table is `data/hs0811.csv` if none is
//! given.

use nebulium::config::Config;
use nebulium::fit::Outcome;
use nebulium::run::{self, Event, Failure};

/// Quantities that are printed.
const QUANTITIES: [&str; 4] = ["T_low", "T_high", "n_e", "O_H"];

fn main() -> Result<(), Failure> {
    let path = std::env::args_os().nth(1).unwrap_or_else(|| "data/hs0811.csv".into());
    let mut observer = |event: Event<'_>| {
        if let Event::Object(outcome) = event {
            print(outcome);
        }
    };
    run::fit(&[path.into()], &Config::default(), None, &mut observer)?;
    Ok(())
}

/// Prints one object: status, quantities with their 68 % intervals, flags or reasons.
fn print(outcome: &Outcome) {
    println!("{}: {}", outcome.id, outcome.status.name());
    for reason in &outcome.reasons {
        println!("  {reason}");
    }
    let Some(fitted) = &outcome.fitted else { return };
    let parameters = fitted.summary.parameters.iter();
    for parameter in parameters.filter(|parameter| QUANTITIES.contains(&parameter.name.as_str())) {
        let [_, p16, p50, p84, _] = parameter.percentiles;
        println!("  {:7} {p50:10.3} +{:.3} -{:.3}", parameter.name, p84 - p50, p50 - p16);
    }
    for flag in &fitted.summary.flags {
        println!("  {flag}");
    }
}
