//! Catalogues that are read object by object: the same objects, columns and answers as held whole,
//! whatever the order of the rows.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::slice;
use std::sync::atomic::AtomicBool;

use nebulium::backend::cpu::Cpu;
use nebulium::error::{Error, FitError, Result};
use nebulium::extinction::Law;
use nebulium::fit::{self, Options, Outcome, Plan, Survey};
use nebulium::nuts;
use nebulium::problem::{Preset, Recipe, Settings};
use nebulium::table::{self, Entry, Sources};

use crate::fit::{options, read, run_on};
use crate::galaxies::{Fixture, settings};
use crate::program::{PROGRAM, Run, file, scratch};

/// Six galaxies of the HeBCD sample in long form, the rows in another order: each galaxy's first
/// stays before the next one's.
fn shuffled(name: &str) -> PathBuf {
    let text = std::fs::read_to_string("data/hebcd_sample.csv").expect("the shipped catalogue");
    let mut rows = text.lines().filter(|row| !row.starts_with('#'));
    let header = rows.next().expect("a header");
    let mut of_objects: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows {
        let id = row.split(',').next().expect("a name");
        match of_objects.last_mut() {
            Some((last, of_object)) if *last == id => of_object.push(row),
            _ => of_objects.push((id, vec![row])),
        }
    }
    of_objects.truncate(6);
    let most = of_objects.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
    // The first row of each, then the second of each, and so on.
    let turns = (0..most).flat_map(|turn| of_objects.iter().filter_map(move |(_, rows)| rows.get(turn).copied()));
    let shuffled: Vec<&str> = [header].into_iter().chain(turns).collect();
    file(&scratch(name), "shuffled.csv", &(shuffled.join("\n") + "\n"))
}

fn model() -> Settings {
    settings(Preset::Plain, None)
}

fn recipe(model: &Settings) -> Recipe<'_> {
    let law = Law::from_name("CCM89", None).expect("a known law");
    Recipe::new(model, &BTreeMap::new(), &Fixture::get().set, law).expect("sound settings")
}

/// Runs a survey of the file; `between` comes after its first reading.
fn survey(path: &PathBuf, options: &Options, between: impl FnOnce()) -> (Result<()>, Vec<Outcome>, Vec<String>) {
    let (model, read) = (model(), table::Settings::default());
    let recipe = recipe(&model);
    let sources = Sources::open(slice::from_ref(path), &recipe.set.list, &read).expect("readable");
    let survey = Survey::new(&sources, &recipe, &|_| Vec::new()).expect("a catalogue");
    between();
    let mut outcomes = Vec::new();
    let mut sink = |outcome| {
        outcomes.push(outcome);
        Ok(())
    };
    let stop = AtomicBool::new(false);
    let run = survey.run(|queue| fit::run(queue, &mut Cpu, options, &mut sink, &stop));
    (run, outcomes, survey.columns.clone())
}

#[test]
fn objects_read_one_by_one_are_those_read_at_once() {
    let path = shuffled("survey_order");
    let (run, outcomes, columns) = survey(&path, &options(30), || ());
    run.expect("a fit");
    let held = read(path.to_str().expect("UTF-8"));
    let straight = read("data/hebcd_sample.csv");
    for (a, b) in held.entries.iter().zip(&straight.entries) {
        let (Entry::Fit(a), Entry::Fit(b)) = (a, b) else {
            panic!("all can be fitted")
        };
        assert_eq!(a.id, b.id);
        let fluxes = |object: &table::Object| object.measurements.iter().map(|m| m.flux.to_bits()).collect::<Vec<_>>();
        assert_eq!(fluxes(a), fluxes(b), "{}", a.id);
    }
    let model = model();
    let recipe = recipe(&model);
    let plan = Plan::new(read(path.to_str().expect("UTF-8")), &recipe);
    assert_eq!(columns, plan.columns);
    let together = run_on(&mut Cpu, held, &model, "CCM89", &options(30));
    assert_eq!((outcomes.len(), together.len()), (6, 6));
    for (place, (a, b)) in outcomes.iter().zip(&together).enumerate() {
        assert_eq!((a.index, &a.id), (place, &b.id));
        let [a, b] = [a, b].map(|outcome| &outcome.fitted.as_ref().expect("sampled").draws);
        assert_eq!(a, b);
    }
}

#[test]
fn a_catalogue_that_changes_under_the_fit_is_an_error() {
    let path = shuffled("survey_changed");
    let text = std::fs::read_to_string(&path).expect("written");
    let (run, ..) = survey(&path, &options(20), || {
        std::fs::write(&path, text.replace("\n", "\n# a comment\n")).expect("writable");
    });
    assert!(matches!(run, Err(Error::Fit(FitError::CatalogueChanged { path: found })) if found == path));
    let (run, ..) = survey(&path, &options(20), || {
        std::fs::write(&path, b"object,\xff").expect("writable")
    });
    assert!(matches!(run, Err(Error::CatalogueLost { .. })));
}

/// More objects than are read ahead, and a sink that has enough after the first: nobody waits for
/// anybody.
#[test]
fn a_run_that_ends_early_reads_no_further() {
    let mut text = "object,H1_4861A,H1_4861A_err,H1_6563A,H1_6563A_err,O3_5007A,O3_5007A_err\n".to_owned();
    for object in 0..3000 {
        text += &format!("galaxy {object},1,0.01,2.9,0.03,4,0.04\n");
    }
    let path = file(&scratch("survey_early"), "many.csv", &text);
    let model = model();
    let recipe = recipe(&model);
    let read = table::Settings::default();
    let sources = Sources::open(slice::from_ref(&path), &recipe.set.list, &read).expect("readable");
    let survey = Survey::new(&sources, &recipe, &|_| Vec::new()).expect("a catalogue");
    assert_eq!(survey.ids.len(), 3000);
    let short = Options {
        sampler: nuts::Settings {
            chains: 2,
            warmup: 8,
            draws: 4,
            ..nuts::Settings::default()
        },
        ..options(4)
    };
    let mut seen = 0;
    let mut sink = |outcome: Outcome| {
        seen += 1;
        Err(Error::Fit(FitError::NothingToSample { object: outcome.id }))
    };
    let stop = AtomicBool::new(false);
    let run = survey.run(|queue| fit::run(queue, &mut Cpu, &short, &mut sink, &stop));
    assert!(matches!(run, Err(Error::Fit(FitError::NothingToSample { object })) if object == "galaxy 0"));
    assert_eq!(seen, 1);
}

/// What can be read but once is held.
#[cfg(unix)]
#[test]
fn a_catalogue_may_come_through_a_pipe() {
    let directory = scratch("survey_pipe");
    let text = std::fs::read("data/shoc579.csv").expect("the shipped catalogue");
    let mut child = Command::new(PROGRAM)
        .args("fit /dev/stdin --method both --draws 40 --warmup 20 --quiet --backend cpu --out".split(' '))
        .arg(directory.join("out"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("a pipe").write_all(&text).expect("taken");
    let run = Run::from(child.wait_with_output().expect("an end"));
    assert_eq!(run.code, 0, "{}", run.err);
    for method in ["out", "out/classical"] {
        let results = std::fs::read_to_string(directory.join(method).join("results.csv")).expect("results");
        assert!(results.lines().any(|row| row.starts_with("SHOC579")), "{results}");
    }
}
