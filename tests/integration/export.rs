//! The files of a result: what is in them, and that they are whole or not there.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use npyz::NpyFile;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::program::{PROGRAM, Run, entries, file, mixed_catalogue, nebulium, rows, scratch};

/// A short run: what is written does not depend on how long it is.
const SHORT: &str = "fit --quiet --preset plain --chains 2 --warmup 30 --draws 40 --seed 5";

/// Fits the mixed catalogue into `directory`/out.
fn fit(directory: &Path, more: &str) -> Run {
    let out = directory.join("out");
    nebulium(&format!("{SHORT} {more} --out"), &[&out, &mixed_catalogue(directory)])
}

fn manifest(directory: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(directory.join("out/manifest.json")).unwrap()).unwrap()
}

fn array<T: npyz::Deserialize>(directory: &Path, name: &str) -> (Vec<u64>, Vec<T>) {
    let bytes = std::fs::read(directory.join("out").join(name)).unwrap();
    let array = NpyFile::new(bytes.as_slice()).unwrap();
    (array.shape().to_vec(), array.into_vec().unwrap())
}

#[test]
fn rows_stand_in_the_order_of_the_input_and_bad_objects_say_why() {
    let directory = scratch("export_rows");
    assert_eq!(fit(&directory, "").code, 0);
    let results = rows(&directory.join("out/results.csv"));
    let column = |name: &str| results.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
    assert_eq!(column("object"), ["first", "no_hbeta", "wrong", "last"]);
    assert_eq!(column("status")[1..3], ["rejected", "rejected"]);
    assert!(column("reason")[1].contains("H1_4861A"), "{:?}", column("reason"));
    let wrong = column("reason")[2];
    assert!(
        wrong.contains("mixed.csv: row 13, column `flux`: found `much`"),
        "{wrong}"
    );
    assert_eq!(column("T_low_p50")[1..3], ["NaN", "NaN"]);
    for index in [0, 3] {
        let number = |name: &str| column(name)[index].parse::<f64>().unwrap();
        let percentiles = ["p2p5", "p16", "p50", "p84", "p97p5"].map(|suffix| number(&format!("T_high_{suffix}")));
        assert!(percentiles.is_sorted() && number("T_high_sd") > 0.0, "{percentiles:?}");
        assert!((number("log_ne_p50") - number("n_e_p50").log10()).abs() < 0.01);
        assert_eq!(number("n_lines"), 8.0);
        assert!(number("O_H_mean") > number("O3_mean"));
    }
    let lines = rows(&directory.join("out/lines.csv"));
    assert_eq!(lines.len(), 16);
    let number = |name: &str| lines[3][name].parse::<f64>().unwrap();
    assert_eq!(lines[3]["line"], "O3_4363A");
    assert!((number("pull") - (number("flux") - number("model")) / number("sigma")).abs() < 1e-5);
}

#[test]
fn arrays_have_the_shapes_and_hashes_that_the_manifest_says() {
    let directory = scratch("export_arrays");
    assert_eq!(fit(&directory, "").code, 0);
    let manifest = manifest(&directory);
    let files = manifest["files"].as_object().unwrap();
    let mut names: Vec<String> = files.keys().cloned().chain(["manifest.json".to_owned()]).collect();
    names.sort();
    assert_eq!(names, entries(&directory.join("out")));
    for (name, file) in files {
        let bytes = std::fs::read(directory.join("out").join(name)).unwrap();
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            (file["bytes"].as_u64(), file["sha256"].as_str()),
            (Some(bytes.len() as u64), Some(hash.as_str()))
        );
    }
    let parameters = manifest["parameters"].as_array().unwrap();
    let (shape, draws) = array::<f32>(&directory, "draws.npy");
    assert_eq!(shape, [4, 2, 40, parameters.len() as u64]);
    let object = draws.len() / 4;
    assert!(draws[object..3 * object].iter().all(|value| value.is_nan()));
    assert!(
        draws[..object]
            .iter()
            .chain(&draws[3 * object..])
            .all(|value| value.is_finite())
    );
    let (shape, lp) = array::<f64>(&directory, "stats_lp.npy");
    assert_eq!(
        (shape, lp.iter().filter(|lp| lp.is_nan()).count()),
        (vec![4, 2, 40], 160)
    );
    let (_, depth) = array::<i32>(&directory, "stats_tree_depth.npy");
    assert!(depth[..80].iter().all(|depth| *depth >= 0) && depth[80..240].iter().all(|depth| *depth == -1));
    assert_eq!(array::<bool>(&directory, "stats_diverging.npy").0, [4, 2, 40]);
    assert_eq!(
        array::<String>(&directory, "ids.npy").1,
        ["first", "no_hbeta", "wrong", "last"]
    );
}

#[test]
fn the_manifest_names_all_that_the_result_came_from() {
    let directory = scratch("export_manifest");
    assert_eq!(fit(&directory, "").code, 0);
    let manifest = manifest(&directory);
    assert_eq!(manifest["seed"], 5);
    assert_eq!(manifest["status"]["rejected"], 2);
    assert_eq!(manifest["emissivities"]["name"], "pyneb23");
    assert_eq!(manifest["extinction"]["law"], "G03-LMC");
    assert_eq!(
        manifest["lines"]["O2_3726A_m"],
        serde_json::json!(["O2_3726A", "O2_3729A"])
    );
    assert_eq!(
        manifest["parameters"][0],
        serde_json::json!({ "name": "T_low", "unit": "K" })
    );
    let text = manifest["configuration"]["toml"].as_str().unwrap();
    assert!(text.contains("draws = 40") && text.contains("seed = 5"), "{text}");
    let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(manifest["configuration"]["sha256"], hash);
    let config = file(&directory, "again.toml", text);
    let again = directory.join("again");
    let run = nebulium(
        "fit --quiet --config",
        &[&config, Path::new("--out"), &again, &directory.join("mixed.csv")],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let bytes = |place: &str| std::fs::read(directory.join(place).join("draws.npy")).unwrap();
    assert_eq!(
        bytes("again"),
        bytes("out"),
        "the configuration of the manifest repeats the run"
    );
}

#[test]
fn draws_are_thinned_or_left_out_as_asked() {
    let directory = scratch("export_thin");
    assert_eq!(fit(&directory, "--keep-draws all").code, 0);
    let (shape, all) = array::<f32>(&directory, "draws.npy");
    assert_eq!(fit(&directory, "--keep-draws thin:7 --force").code, 0);
    let (thin_shape, thin) = array::<f32>(&directory, "draws.npy");
    assert_eq!(thin_shape, [4, 2, 5, shape[3]]);
    let width = shape[3] as usize;
    assert_eq!(
        thin[..width],
        all[6 * width..7 * width],
        "every seventh draw, the seventh first"
    );
    assert_eq!(
        manifest(&directory)["draws"]["coords"]["draw"],
        serde_json::json!([6, 13, 20, 27, 34])
    );
    assert_eq!(fit(&directory, "--keep-draws none --force").code, 0);
    assert_eq!(
        entries(&directory.join("out")),
        ["ids.npy", "lines.csv", "manifest.json", "results.csv", "results.fits"]
    );
    assert_eq!(manifest(&directory)["draws"], Value::Null);
}

#[test]
fn an_existing_result_is_kept_unless_forced() {
    let directory = scratch("export_force");
    std::fs::create_dir_all(directory.join("out")).unwrap();
    file(&directory.join("out"), "notes.txt", "mine");
    assert_eq!(fit(&directory, "").code, 0, "a directory with other files will do");
    let before = std::fs::read(directory.join("out/results.csv")).unwrap();
    let run = fit(&directory, "--draws 50");
    assert!(
        run.code == 2 && run.err.contains("--force") && run.err.contains("out/manifest.json"),
        "{}",
        run.err
    );
    assert_eq!(std::fs::read(directory.join("out/results.csv")).unwrap(), before);
    assert_eq!(fit(&directory, "--draws 50 --force").code, 0);
    assert_ne!(std::fs::read(directory.join("out/results.csv")).unwrap(), before);
    assert_eq!(std::fs::read(directory.join("out/notes.txt")).unwrap(), b"mine");
}

#[test]
fn a_killed_run_leaves_nothing_under_a_final_name() {
    let directory = scratch("export_kill");
    let (catalogue, out) = (mixed_catalogue(&directory), directory.join("out"));
    let mut command = Command::new(PROGRAM);
    command
        .args("fit --quiet --draws 1000000".split(' '))
        .arg(&catalogue)
        .arg("--out")
        .arg(&out);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !out.join(".unfinished/draws.npy").exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the files are opened before the run"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = fit(&directory, "");
    assert!(second.code == 2 && second.err.contains("another run"), "{}", second.err);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(entries(&out), [".unfinished"]);
    assert_eq!(fit(&directory, "").code, 0);
    assert!(
        !entries(&out).contains(&".unfinished".to_owned()),
        "{:?}",
        entries(&out)
    );
}

/// A limit on the size of files stands in for a full disk: the write fails in the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_that_names_the_file() {
    let directory = scratch("export_full");
    let (catalogue, out) = (mixed_catalogue(&directory), directory.join("out"));
    let script = format!("trap '' XFSZ; ulimit -f 4; exec \"$0\" {SHORT} --draws 400 --out \"$1\" \"$2\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, PROGRAM]).arg(&out).arg(&catalogue);
    let run = Run::from(shell.output().unwrap());
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("out/draws.npy could not be written"), "{}", run.err);
    assert!(!out.exists(), "{:?}", entries(&out));
}
