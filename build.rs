//! Tells the program its commit and features at build time.

use std::path::Path;
use std::process::Command;

/// Features that a build may have.
const FEATURES: [&str; 4] = ["cli", "gpu", "parquet", "parquet-zstd"];
/// Files whose change makes another program.
const SOURCES: [&str; 4] = ["src", "shaders", "data", "Cargo.toml"];
/// Commit of a build that has none: from an archive without git, or in the debug profile.
const UNKNOWN: &str = "unknown";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    // A debug build would otherwise begin anew at each commit.
    let commit = if is_release { commit() } else { None };
    println!(
        "cargo::rustc-env=NEBULIUM_COMMIT={}",
        commit.as_deref().unwrap_or(UNKNOWN)
    );
    let variable = |feature: &str| format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"));
    let has = |feature: &&str| std::env::var_os(variable(feature)).is_some();
    let features: Vec<&str> = FEATURES.into_iter().filter(has).collect();
    println!("cargo::rustc-env=NEBULIUM_FEATURES={}", features.join(", "));
}

/// The commit of the sources, with a `+` where files differ from it; none where they are no
/// checkout, or git is not installed.
fn commit() -> Option<String> {
    // The archive of a release may lie inside the checkout of something else.
    if !Path::new(".git").exists() {
        return None;
    }
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo::rerun-if-changed={log}");
    SOURCES
        .iter()
        .for_each(|source| println!("cargo::rerun-if-changed={source}"));
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let mut compare = vec!["status", "--porcelain", "--"];
    compare.extend(SOURCES);
    let changed = git(&compare)?;
    Some(format!("{commit}{}", if changed.is_empty() { "" } else { "+" }))
}

/// Output of a git command without the blanks around it; none if it fails.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
