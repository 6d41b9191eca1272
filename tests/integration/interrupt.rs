//! A run that is told to stop leaves nothing under a final name.
#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::program::{PROGRAM, entries, nebulium, scratch};

/// Starts a fit that takes minutes, waits until it samples, sends it a signal and waits for its
/// end.
fn interrupted(directory: &Path, signal: &str) -> Output {
    let catalogue = directory.join("many.csv");
    let run = nebulium("simulate --objects 1000 --seed 1 --out", &[&catalogue]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut command = Command::new(PROGRAM);
    command.args(["fit", "--backend", "cpu", "--threads", "2", "--draws", "500", "--out"]);
    command.arg(directory.join("out")).arg(&catalogue);
    let child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    until_it_writes(&directory.join("out"));
    // The handler is set right after the files are opened.
    sleep(Duration::from_millis(500));
    send(&child, signal);
    child.wait_with_output().unwrap()
}

fn until_it_writes(out: &Path) {
    let begun = Instant::now();
    while !out.join(".unfinished").join("results.csv").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no run began");
        sleep(Duration::from_millis(20));
    }
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn an_interrupted_run_ends_after_the_objects_in_hand_and_leaves_nothing() {
    let directory = scratch("interrupt_int");
    let output = interrupted(&directory, "-INT");
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{err}");
    assert!(
        err.contains("interrupted after") && err.contains("of 1000 objects; nothing was written"),
        "{err}"
    );
    assert_eq!(entries(&directory), ["many.csv", "many_truth.csv"]);
}

/// Slurm sends SIGTERM before the end of a job's time; 143 is 128 + SIGTERM.
#[test]
fn a_terminated_run_ends_as_an_interrupted_one_with_the_code_of_its_signal() {
    let directory = scratch("interrupt_term");
    let output = interrupted(&directory, "-TERM");
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(143), "{err}");
    assert!(err.contains("of 1000 objects; nothing was written"), "{err}");
    assert_eq!(entries(&directory), ["many.csv", "many_truth.csv"]);
}

#[test]
fn a_killed_run_leaves_nothing_under_a_final_name_and_room_for_the_next() {
    let directory = scratch("interrupt_kill");
    let output = interrupted(&directory, "-KILL");
    assert_eq!(output.status.signal(), Some(9));
    let out = directory.join("out");
    assert_eq!(entries(&out), [".unfinished"]);
    let run = nebulium(
        "fit data/shoc579.csv --backend cpu --warmup 30 --draws 40 --quiet --out",
        &[&out],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let names = entries(&out);
    assert!(
        names.contains(&"manifest.json".into()) && !names.contains(&".unfinished".into()),
        "{names:?}"
    );
}

/// `nohup` has a program ignore SIGHUP; a run whose terminal closes then goes on to its end.
#[test]
fn a_run_under_nohup_goes_on_when_its_terminal_closes() {
    let directory = scratch("interrupt_nohup");
    let script = "trap '' HUP; exec \"$0\" fit data/shoc579.csv --backend cpu --chains 2 --warmup 100 --draws 20000 --out \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, PROGRAM]).arg(directory.join("out"));
    let child = shell.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    until_it_writes(&directory.join("out"));
    sleep(Duration::from_millis(200));
    send(&child, "-HUP");
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
