//! Runs the program as a user does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_nebulium");

/// What a run came to.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs `nebulium` with the words of `line` and the arguments `more`, from the repository's root.
pub fn nebulium(line: &str, more: &[&Path]) -> Run {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(line.split_whitespace())
        .args(more);
    command.output().unwrap().into()
}

/// A fresh directory of this name.
pub fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Writes `text` to the file `name` of a directory; its path.
pub fn file(directory: &Path, name: &str, text: &str) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The names of what is in a directory, sorted.
pub fn entries(directory: &Path) -> Vec<String> {
    let entries = directory.read_dir().into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The rows of a CSV file by the names of its columns.
pub fn rows(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_path(path)
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

/// A catalogue with a galaxy, one without Hβ, one with a wrong flux, and another galaxy, in that
/// order.
pub fn mixed_catalogue(directory: &Path) -> PathBuf {
    let lines = [
        ("H1_4861A", 1.0),
        ("H1_4341A", 0.46),
        ("H1_6563A", 2.99),
        ("O2_3726A_m", 1.0),
        ("O3_4363A", 0.1),
        ("O3_4959A", 1.9),
        ("O3_5007A", 5.7),
        ("S2_6716A", 0.15),
        ("S2_6731A", 0.12),
    ];
    let galaxy = |id: &str| {
        lines
            .map(|(line, flux)| format!("{id},{line},{flux},{}\n", 0.03 * flux))
            .concat()
    };
    let text = format!(
        "object,line,flux,flux_err\n{}no_hbeta,O3_5007A,5,0.1\nwrong,H1_4861A,1,0.01\nwrong,O3_5007A,much,0.1\n{}",
        galaxy("first"),
        galaxy("last")
    );
    file(directory, "mixed.csv", &text)
}
