//! Runs by a call of the library: the files of the program, the results as values, and a stop.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use nebulium::config::Config;
use nebulium::draws::Method;
use nebulium::run::{self, Event, Phase, Run, Warning};
use nebulium::summary::Status;

use crate::program::{entries, file, mixed_catalogue, nebulium, scratch};

/// The configuration of a short run.
fn short() -> Config {
    let mut config = Config::default();
    (config.sampler.chains, config.sampler.warmup, config.sampler.draws) = (2, 30, 40);
    config.classical.realisations = 20;
    config
}

/// Bytes of each file in a directory, by name.
fn contents(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let names = entries(directory).into_iter();
    let files = names.filter(|name| directory.join(name).is_file());
    files
        .map(|name| {
            let bytes = std::fs::read(directory.join(&name)).unwrap();
            (name, bytes)
        })
        .collect()
}

#[test]
fn a_call_of_the_library_writes_the_files_of_the_program() {
    let directory = scratch("run_files");
    let catalogue = mixed_catalogue(&directory);
    let (library, program) = (directory.join("library"), directory.join("program"));
    let config = short();
    let run = Run {
        methods: vec![Method::Classical, Method::Nuts],
        ..Run::of(&config)
    };
    let results = run
        .fit(std::slice::from_ref(&catalogue), Some(&library), &mut |_| {})
        .unwrap();
    let line = "fit --quiet --method both --chains 2 --warmup 30 --draws 40 --mc 20 --out";
    let told = nebulium(line, &[&program, &catalogue]);
    assert_eq!(told.code, 0, "{}", told.err);
    for folder in ["", "classical"] {
        let (library, program) = (library.join(folder), program.join(folder));
        assert!(contents(&library) == contents(&program), "{}", library.display());
    }
    let methods: Vec<Method> = results.finished.iter().map(|done| done.method).collect();
    assert_eq!(methods, [Method::Classical, Method::Nuts]);
    for done in &results.finished {
        assert_eq!((done.tally.objects(), done.tally.count(Status::Rejected)), (4, 2));
        let folder = if done.method == Method::Classical {
            "classical"
        } else {
            ""
        };
        let mut files: Vec<PathBuf> = done.files.clone();
        files.sort();
        let written: Vec<PathBuf> = contents(&library.join(folder))
            .into_iter()
            .map(|(name, _)| library.join(folder).join(name))
            .collect();
        assert_eq!(files, written);
    }
}

#[test]
fn the_only_object_comes_back_and_nothing_is_written_without_a_directory() {
    let directory = scratch("run_one");
    let catalogue = [PathBuf::from("data/shoc579.csv")];
    let mut heard = Vec::new();
    let mut observer = |event: Event<'_>| {
        heard.push(match event {
            Event::Read(beside) => format!("read {} file", beside.files.len()),
            Event::Begins { method, objects } => format!("{} begins with {objects}", method.name()),
            Event::Object(outcome) => format!("object {}", outcome.id),
            Event::Ends(method) => format!("{} ends", method.name()),
            Event::Warning(warning) => warning.to_string(),
        });
    };
    let results = run::fit(&catalogue, &short(), None, &mut observer).unwrap();
    assert_eq!(
        heard,
        ["read 1 file", "nuts begins with 1", "object SHOC579", "nuts ends"]
    );
    let done = &results.finished[0];
    let only = done.only.as_ref().expect("one object");
    assert!(only.fitted.is_some() && done.files.is_empty() && !results.interrupted);
    assert!(entries(&directory).is_empty());
}

/// The classical method solves 64 objects at a time: a stop at the first ends the run after those.
#[test]
fn a_stopped_run_says_so_and_leaves_no_file() {
    let directory = scratch("run_stopped");
    let mut text = "object,H1_4861A,H1_4861A_err,H1_6563A,H1_6563A_err,O3_5007A,O3_5007A_err\n".to_owned();
    for object in 0..130 {
        text += &format!("galaxy {object},1,0.01,2.9,0.03,4,0.04\n");
    }
    let catalogue = file(&directory, "many.csv", &text);
    let config = short();
    let run = Run {
        methods: vec![Method::Classical],
        ..Run::of(&config)
    };
    let stop = Arc::clone(&run.stop);
    let mut observer = |event: Event<'_>| {
        if let Event::Object(_) = event {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let out = directory.join("out");
    let results = run.fit(&[catalogue], Some(&out), &mut observer).unwrap();
    assert!(results.interrupted && results.finished.is_empty());
    let interrupted = Warning::Interrupted { done: 64, objects: 130 };
    assert_eq!(results.warnings, [interrupted]);
    assert_eq!(entries(&directory), ["many.csv"]);
}

#[test]
fn a_failure_names_its_phase() {
    let directory = scratch("run_phases");
    let phase = |paths: &[&str], config: &Config, out: Option<&Path>| {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        run::fit(&paths, config, out, &mut |_| {}).unwrap_err().phase
    };
    let (shoc, mut config) = ("data/shoc579.csv", short());
    assert_eq!(phase(&["nowhere.csv"], &config, None), Phase::Input);
    let blocked = file(&directory, "blocked", "a file, no directory");
    assert_eq!(phase(&[shoc], &config, Some(&blocked)), Phase::Output);
    config.extinction.law = "no law".to_owned();
    assert_eq!(phase(&[shoc], &config, None), Phase::Settings);
}

#[test]
fn the_error_of_a_setting_names_the_file_that_holds_it() {
    let directory = scratch("run_located");
    let path = file(&directory, "model.toml", "[extinction]\nlaw = \"no law\"\n");
    let config = Config::read(&path).unwrap();
    let failure = run::fit(&["data/shoc579.csv".into()], &config, None, &mut |_| {}).unwrap_err();
    let text = failure.to_string();
    assert!(
        text.starts_with(&format!("{}: extinction law", path.display())),
        "{text}"
    );
}
