//! Places of files: no link is followed, and nothing but a file is replaced.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{PROGRAM, Run, entries, nebulium, scratch};

/// Fits SHOC 579 quickly into `out`.
fn fit(out: &Path, more: &str) -> Run {
    let line = "fit data/shoc579.csv --backend cpu --chains 2 --warmup 30 --draws 40 --quiet";
    nebulium(&format!("{line} {more} --out"), &[out])
}

fn refuses(run: &Run, place: &str) {
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains(place), "{}", run.err);
}

#[test]
fn a_link_in_the_place_of_the_working_directory_is_not_followed() {
    let directory = scratch("places_aside");
    let (out, precious) = (directory.join("out"), directory.join("precious"));
    fs::create_dir_all(&out).unwrap();
    fs::create_dir(&precious).unwrap();
    fs::write(precious.join("thesis.tex"), "years of work").unwrap();
    symlink(&precious, out.join(".unfinished")).unwrap();
    for more in ["", "--force"] {
        refuses(&fit(&out, more), "out/.unfinished is a link to");
        assert_eq!(entries(&precious), ["thesis.tex"]);
    }
}

#[test]
fn a_folder_of_the_name_of_the_working_directory_is_left_alone() {
    let directory = scratch("places_folder");
    let own = directory.join("out/.unfinished");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("notes.txt"), "mine").unwrap();
    refuses(
        &fit(&directory.join("out"), "--force"),
        "out/.unfinished holds files that nebulium did not make",
    );
    assert_eq!(entries(&own), ["notes.txt"]);
}

#[test]
fn a_link_is_no_place_for_a_result() {
    let directory = scratch("places_link");
    let (elsewhere, out) = (directory.join("elsewhere"), directory.join("out"));
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, &out).unwrap();
    refuses(&fit(&out, "--force"), "out is a link to");
    assert!(entries(&elsewhere).is_empty());
    fs::remove_file(&out).unwrap();
    assert_eq!(fit(&out, "").code, 0);
    fs::write(elsewhere.join("results.csv"), "another table").unwrap();
    fs::remove_file(out.join("results.csv")).unwrap();
    symlink(elsewhere.join("results.csv"), out.join("results.csv")).unwrap();
    refuses(&fit(&out, "--force"), "out/results.csv is a link to");
    assert_eq!(
        fs::read_to_string(elsewhere.join("results.csv")).unwrap(),
        "another table"
    );
    assert!(out.join("manifest.json").exists(), "{:?}", entries(&out));
}

#[test]
fn a_pipe_or_a_directory_in_the_place_of_a_table_is_refused() {
    let directory = scratch("places_pipe");
    let pipe = directory.join("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    refuses(
        &nebulium("simulate --objects 2 --seed 1 --force --out", &[&pipe]),
        "pipe.csv is a pipe, a socket or a device",
    );
    let folder = directory.join("folder.csv");
    fs::create_dir(&folder).unwrap();
    refuses(
        &nebulium("init data/shoc579.csv --force --out", &[&folder]),
        "folder.csv is a directory",
    );
}

#[test]
fn simulated_tables_are_replaced_only_when_forced() {
    let directory = scratch("places_simulate");
    let catalogue = directory.join("many.csv");
    let simulate = |more: &str| nebulium(&format!("simulate --objects 3 --seed 1 {more} --out"), &[&catalogue]);
    assert_eq!(simulate("").code, 0);
    refuses(&simulate(""), "many.csv exists");
    fs::remove_file(&catalogue).unwrap();
    refuses(&simulate(""), "many_truth.csv exists");
    assert_eq!(simulate("--force").code, 0);
}

/// `/dev/full` fails every write; a reader that closes its end early is no error.
#[test]
fn a_text_that_cannot_be_printed_is_an_error() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: no /dev/full");
        return;
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = Command::new(PROGRAM)
        .arg("lines")
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.code() == Some(1) && err.contains("standard output"), "{err}");
    let mut closed = Command::new(PROGRAM);
    let mut child = closed.arg("lines").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
