//! Whole fits with each instruction set that the machine has.

use std::path::Path;
use std::process::Command;

use nebulium::number::simd::{Simd, widest};

use crate::program::{PROGRAM, Run, scratch};

/// Instruction sets, with their names in `NEBULIUM_SIMD` and in the list of devices.
const SETS: [(Simd, &str, &str); 3] = [
    (Simd::Portable, "portable", std::env::consts::ARCH),
    (Simd::Avx2, "avx2", "AVX2"),
    (Simd::Avx512, "avx512", "AVX-512"),
];

/// Runs the program with an instruction set.
fn restricted(set: &str, line: &str, more: &[&Path]) -> Run {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NEBULIUM_SIMD", set)
        .args(line.split_whitespace())
        .args(more);
    command.output().unwrap().into()
}

/// Draws, statistics and tables of a fit of one galaxy with an instruction set.
fn files_of_fit(set: &str, options: &str) -> Vec<Vec<u8>> {
    let out = scratch(&format!("instruction_set_{set}"));
    let line = "fit data/hs0811.csv --quiet --backend cpu --warmup 30 --draws 30 --keep-draws all";
    let run = restricted(set, &format!("{line} {options} --force --out"), &[&out]);
    assert_eq!(run.code, 0, "{set}: {}", run.err);
    let files = [
        "draws.npy",
        "derived.npy",
        "stats_energy.npy",
        "results.csv",
        "lines.csv",
    ];
    files.map(|name| std::fs::read(out.join(name)).unwrap()).to_vec()
}

/// Four chains fill narrow vectors, nine fill wide ones in either precision.
#[test]
fn draws_are_the_same_bits_with_each_instruction_set() {
    for options in ["--chains 4", "--chains 9", "--chains 9 --precision f32"] {
        let expected = files_of_fit("portable", options);
        for (_, set, _) in SETS.iter().skip(1).filter(|(set, ..)| *set <= widest()) {
            assert!(files_of_fit(set, options) == expected, "{set} {options}");
        }
    }
}

#[test]
fn an_instruction_set_is_used_or_refused() {
    for (set, name, listed) in SETS {
        let run = restricted(name, "devices", &[]);
        match set <= widest() {
            true => assert!(
                run.code == 0 && run.out.lines().next().unwrap().ends_with(listed),
                "{name}: {}",
                run.out
            ),
            false => assert!(run.code == 2 && run.err.contains(name), "{name}: {}", run.err),
        }
    }
    let run = restricted("sse9", "devices", &[]);
    assert!(
        run.code == 2 && run.err.contains("NEBULIUM_SIMD = `sse9`: expected portable"),
        "{}",
        run.err
    );
}
