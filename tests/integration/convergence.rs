//! The convergence lab, as a user runs it.

use std::collections::BTreeMap;
use std::path::Path;

use npyz::NpyFile;

use crate::program::{entries, file, nebulium, rows, scratch};

const SHORT: &str = "convergence data/shoc579.csv --backend cpu --quiet --preset plain --chains 2,64 --warmup 20 --draws 8,30 \
                     --replicates 3 --reference-draws 200 --seed 7";

fn array<T: npyz::Deserialize>(directory: &Path, name: &str) -> (Vec<u64>, Vec<T>) {
    let bytes = std::fs::read(directory.join(format!("convergence_{name}.npy"))).unwrap();
    let array = NpyFile::new(bytes.as_slice()).unwrap();
    (array.shape().to_vec(), array.into_vec().unwrap())
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn table_and_arrays_say_the_same() {
    let out = scratch("convergence_same").join("out");
    let run = nebulium(&format!("{SHORT} --out"), &[&out]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert_eq!(entries(&out).len(), 13);
    let (shape, names) = array::<String>(&out, "parameters");
    let parameters = names.len();
    assert_eq!(shape, [parameters as u64]);
    assert!(
        ["T_high", "log_ne", "O_H"]
            .iter()
            .all(|name| names.iter().any(|n| n == name))
    );
    assert_eq!(array::<i64>(&out, "chains").1, [2, 64]);
    assert_eq!(array::<i64>(&out, "draws").1, [8, 30]);
    let (shape, means) = array::<f64>(&out, "mean");
    assert_eq!(shape, [2, 1, 2, 3, parameters as u64]);
    let (shape, gradients) = array::<f64>(&out, "gradients");
    assert_eq!(shape, [2, 1, 2, 3]);

    let table = rows(&out.join("convergence.csv"));
    assert_eq!(table.len(), 4 * parameters);
    // The second point is 2 chains of 30 draws.
    let (point, parameter) = (1, 2);
    let row = &table[point * parameters + parameter];
    assert_eq!(
        [&row["chains"], &row["warmup"], &row["draws"], &row["parameter"]],
        ["2", "20", "30", &names[parameter]]
    );
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let of_point: Vec<f64> = (0..3)
        .map(|replicate| means[(point * 3 + replicate) * parameters + parameter])
        .collect();
    let centre = mean(&of_point);
    let variance = of_point.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / 2.0;
    let expected = [
        ("mean", centre),
        ("mean_variance", variance),
        ("mean_bias2", (centre - number(row, "reference")).powi(2)),
        ("gradients", mean(&gradients[point * 3..][..3])),
    ];
    for (column, value) in expected {
        // The table has nine digits; of a small difference of large means fewer are left.
        assert!(
            (number(row, column) - value).abs() < 1e-4 * value.abs(),
            "{column}: {} {value}",
            row[column]
        );
    }
    assert!(variance > 0.0, "replicates have seeds of their own");
    for row in &table {
        assert_eq!(row["nested_r_hat"] == "NaN", row["chains"] == "2", "{row:?}");
        assert!(number(row, "ess_bulk_per_gradient") > 0.0 && number(row, "ess_tail_per_second") > 0.0);
        assert!(number(row, "reference_sd") > 0.0 && number(row, "sd_bias2") >= 0.0);
    }
}

/// More chains of more draws scatter less; none of it depends on how the runs are spread over
/// threads.
#[test]
fn variance_falls_with_draws_and_runs_can_be_repeated() {
    let directory = scratch("convergence_again");
    let [first, second] = ["first", "second"].map(|name| directory.join(name));
    assert_eq!(nebulium(&format!("{SHORT} --out"), &[&first]).code, 0);
    assert_eq!(nebulium(&format!("{SHORT} --threads 1 --out"), &[&second]).code, 0);
    assert_eq!(array::<f64>(&first, "mean"), array::<f64>(&second, "mean"));
    let table = rows(&first.join("convergence.csv"));
    let parameters = table.len() / 4;
    let scatter = |point: usize| {
        let rows = &table[point * parameters..][..parameters];
        rows.iter()
            .map(|row| number(row, "mean_variance") / number(row, "reference_sd").powi(2))
            .sum::<f64>()
    };
    // 16 and 1920 draws; expected is a ratio of about 120, of sums of some twenty χ² of two degrees
    // of freedom.
    assert!(scatter(0) > 20.0 * scatter(3), "{} {}", scatter(0), scatter(3));
}

#[test]
fn a_truth_takes_the_place_of_the_long_run() {
    let directory = scratch("convergence_truth");
    let catalogue = directory.join("galaxies.csv");
    assert_eq!(nebulium("simulate --objects 2 --seed 4 --out", &[&catalogue]).code, 0);
    let truth = directory.join("galaxies_truth.csv");
    let object = rows(&truth)[1]["object"].clone();
    let line = format!(
        "convergence --backend cpu -q --chains 2 --warmup 20 --draws 8 --replicates 2 --object {object} --truth"
    );
    let out = directory.join("out");
    let run = nebulium(&line, &[&truth, &catalogue, Path::new("--out"), &out]);
    assert_eq!(run.code, 0, "{}", run.err);
    let table = rows(&out.join("convergence.csv"));
    let t_high = table.iter().find(|row| row["parameter"] == "T_high").unwrap();
    let given = number(&rows(&truth)[1], "T_high");
    assert!((number(t_high, "reference") / given - 1.0).abs() < 1e-8);
    assert_eq!(
        (t_high["reference_sd"].as_str(), t_high["reference_error"].as_str()),
        ("NaN", "0")
    );
    let run = nebulium(&line, &[&truth, &catalogue, Path::new("--out"), &out]);
    assert!(run.code == 2 && run.err.contains("exists"), "{}", run.err);
}

#[test]
fn what_cannot_be_run_is_refused_before_anything_is_written() {
    let directory = scratch("convergence_refused");
    let out = directory.join("out");
    let two = directory.join("two.csv");
    assert_eq!(nebulium("simulate --objects 2 --seed 4 --out", &[&two]).code, 0);
    let rejected = file(
        &directory,
        "rejected.csv",
        "object,line,flux,flux_err\na,O3_5007A,5,0.1\n",
    );
    let foreign = file(&directory, "truth.csv", "object,T_high\nnobody,1e4\n");
    let other = file(&directory, "other.csv", "object,colour\nSHOC579,3\n");
    let two = two.display().to_string();
    for (line, code, word) in [
        ("convergence data/shoc579.csv --chains 4,0", 2, "0"),
        ("convergence data/shoc579.csv --chains 200000", 2, "100000"),
        ("convergence data/shoc579.csv --draws 10,3", 2, "3"),
        ("convergence data/shoc579.csv --draws 4000000", 2, "10^7"),
        ("convergence data/shoc579.csv --replicates 1", 2, "1"),
        ("convergence data/shoc579.csv --object nobody", 2, "nobody"),
        (&format!("convergence {two}"), 2, "--object"),
        (&format!("convergence {}", rejected.display()), 3, "H1_4861A"),
        (
            &format!("convergence data/shoc579.csv --truth {}", foreign.display()),
            3,
            "SHOC579",
        ),
        (
            &format!("convergence data/shoc579.csv --truth {}", other.display()),
            3,
            "T_",
        ),
        ("convergence data/shoc579.csv --truth nowhere.csv", 3, "nowhere.csv"),
    ] {
        let run = nebulium(&format!("{line} --out"), &[&out]);
        assert!(
            run.code == code && run.err.contains(word),
            "{line}: {} {}",
            run.code,
            run.err
        );
        assert!(!out.exists(), "{line}");
    }
}

/// Ten thousand chains of one object: each superchain has its own start, and nested R-hat is there.
#[test]
fn many_chains_have_nested_r_hat() {
    let out = scratch("convergence_many").join("out");
    let line = "fit data/shoc579.csv --backend cpu --preset plain --chains 10000 --draws 4 --warmup 30 --out";
    let run = nebulium(line, &[&out]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("Nested R-hat"), "{}", run.out);
    let row = &rows(&out.join("results.csv"))[0];
    let nested = number(row, "nested_rhat_max");
    assert!(nested > 1.0 && nested < 1.01, "{nested}");
    assert!(!row["flags"].contains("rhat"), "{}", row["flags"]);
}
