//! House rules that a machine can keep: opening sentences, who prints, who touches the disk, kernel
//! sizes, open ends.

use crate::sources::{Source, files};

/// What only some modules may do: the signs of it in the code, and those modules.
const PRIVILEGES: [(&[&str], &[&str]); 3] = [
    (&["println!", "print!", "dbg!"], &["cli", "main"]),
    (&["env::", "process::exit"], &["cli", "main"]),
    (
        &["fs::", "File::", "OpenOptions"],
        &[
            "table",
            "emissivity",
            "extinction",
            "config",
            "export",
            "report",
            "cite",
        ],
    ),
];

/// Longest kernel in `shaders` \[lines\].
const KERNEL_LINES: usize = 150;

fn breaches(source: &Source) -> Vec<String> {
    let code = source.code();
    let forbidden = PRIVILEGES
        .iter()
        .filter(|(_, allowed)| !allowed.contains(&source.module()));
    let seen = forbidden.flat_map(|(signs, _)| signs.iter().filter(|sign| code.contains(**sign)));
    seen.map(|sign| format!("{}: {sign}", source.path.display())).collect()
}

#[test]
fn every_source_opens_with_its_sentence() {
    for source in files("src", &["rs"]).iter().chain(&files("tests", &["rs"])) {
        assert!(
            source.text.starts_with("//! "),
            "{} does not open with a //! line",
            source.path.display()
        );
    }
}

#[test]
fn only_their_modules_print_and_touch_the_disk() {
    let found: Vec<String> = files("src", &["rs"]).iter().flat_map(breaches).collect();
    assert!(found.is_empty(), "{found:#?}");
    let text = "//! A.\nfn f() { eprintln!(); fs::read(p); } // dbg!\n#[cfg(test)]\nmod tests { print!() }".to_owned();
    let planted = Source {
        path: "src/model/flux.rs".into(),
        text,
    };
    assert_eq!(
        breaches(&planted),
        ["src/model/flux.rs: println!", "src/model/flux.rs: fs::"]
    );
}

/// Longest source file \[lines\].
const SOURCE_LINES: usize = 400;

#[test]
fn sources_are_short() {
    let long: Vec<String> = files("src", &["rs"])
        .iter()
        .filter(|source| source.text.lines().count() > SOURCE_LINES)
        .map(|source| source.path.display().to_string())
        .collect();
    assert!(long.is_empty(), "more than {SOURCE_LINES} lines: {long:?}");
}

#[test]
fn kernels_are_short() {
    for kernel in files("shaders", &["wgsl"])
        .iter()
        .filter(|file| file.path.iter().count() == 2)
    {
        let lines = kernel.text.lines().count();
        assert!(
            lines <= KERNEL_LINES,
            "{} has {lines} lines, more than {KERNEL_LINES}",
            kernel.path.display()
        );
    }
}

#[test]
fn open_ends_name_their_issue() {
    let mark = concat!("TO", "DO");
    for folder in ["src", "shaders", "tests", "tools", "benches"] {
        for source in files(folder, &["rs", "wgsl", "py"]) {
            for (row, line) in source.text.lines().enumerate().filter(|(_, line)| line.contains(mark)) {
                let issue = line
                    .split('#')
                    .skip(1)
                    .any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                assert!(
                    issue,
                    "{} line {}: {mark} without #number",
                    source.path.display(),
                    row + 1
                );
            }
        }
    }
}

#[test]
fn the_manual_has_every_flag_and_an_index_of_every_page() {
    let page = |name: &str| std::fs::read_to_string(format!("docs/{name}")).expect("a page of the manual");
    let flags = page("flags.md");
    for code in nebulium::flag::Code::ALL {
        let row = format!(
            "| `{}` | {} |",
            code.name(),
            format!("{:?}", code.class()).to_lowercase()
        );
        let has = |line: &str| line.starts_with(&row) && line.contains(code.advice());
        assert!(flags.lines().any(has), "docs/flags.md lacks {row} … {}", code.advice());
    }
    let index = page("README.md");
    for entry in std::fs::read_dir("docs").expect("the manual") {
        let name = entry
            .expect("a page")
            .file_name()
            .into_string()
            .expect("a name in ASCII");
        assert!(
            name == "README.md" || index.contains(&format!("({name})")),
            "docs/README.md lacks {name}"
        );
    }
}
