//! A module names only modules below it: reads the `crate::` paths of the sources.

use crate::sources::{files, without_comments};

/// The floors by name, from the ground up. A module names modules of lower floors, and of its own
/// floor those before it.
const FLOORS: [(&str, &[&str]); 5] = [
    (
        "numbers and randomness",
        &["error", "flag", "text", "number", "rng", "diagnostics", "draws"],
    ),
    ("reading", &["line", "table", "emissivity", "extinction", "abundance"]),
    ("the model", &["model", "problem"]),
    (
        "the sampler and where it runs",
        &["metric", "nuts", "importance", "mode", "predict", "backend"],
    ),
    (
        "runs, words, files",
        &[
            "summary",
            "fit",
            "simulate",
            "classical",
            "convergence",
            "config",
            "export",
            "report",
            "cite",
            "run",
            "cli",
            "main",
        ],
    ),
];

/// Modules of the sampler that know no nebulae: they name nothing of the floors between the numbers
/// and their own.
const WITHOUT_NEBULAE: [&str; 3] = ["metric", "nuts", "importance"];

/// The place of a module: its floor, and its order there.
fn floor(module: &str) -> Option<(usize, usize)> {
    let mut floors = FLOORS.iter().enumerate();
    floors.find_map(|(floor, (_, modules))| Some((floor, modules.iter().position(|known| *known == module)?)))
}

/// The modules named by `crate::NAME` or `nebulium::NAME`, in braces too.
fn named_modules(code: &str) -> Vec<String> {
    let code = without_comments(code);
    let starts = code.match_indices("crate::").chain(code.match_indices("nebulium::"));
    starts
        .flat_map(|(at, root)| {
            let path = code[at + root.len()..].trim_start();
            match path.strip_prefix('{') {
                Some(group) => items(group).iter().map(|item| first_word(item)).collect(),
                None => vec![first_word(path)],
            }
        })
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()) && name != "self") // types and macros are not modules
        .collect()
}

/// The items of a `use` group, up to its closing brace, split at the commas of its own level.
fn items(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            _ => items.last_mut().unwrap().push(c),
        }
        depth += i32::from(c == '{') - i32::from(c == '}');
    }
    items
}

fn first_word(path: &str) -> String {
    path.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// What `module` may not name or be, in words.
fn violations(module: &str, code: &str) -> Vec<String> {
    let Some(own) = floor(module) else {
        return vec![format!("{module} stands on no floor: add it to the table")];
    };
    let named = named_modules(code).into_iter().filter(|name| name != module);
    named
        .filter(|name| {
            let is_nebular = |at: (usize, usize)| WITHOUT_NEBULAE.contains(&module) && at.0 > 0 && at.0 < own.0;
            floor(name).is_none_or(|at| at >= own || is_nebular(at))
        })
        .map(|name| format!("{module} names {name}"))
        .collect()
}

#[test]
fn modules_name_only_those_below() {
    let sources = files("src", &["rs"]);
    assert!(
        sources.iter().any(|source| source.module() == "main"),
        "src was not read"
    );
    let modules = sources.iter().filter(|source| source.module() != "lib");
    let found: Vec<String> = modules
        .flat_map(|source| violations(source.module(), &source.text))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_checker_sees_violations() {
    assert_eq!(violations("nuts", "use crate::model::Flux;"), ["nuts names model"]);
    assert_eq!(
        violations(
            "draws",
            "use crate::{\n    error::{Error, Result},\n    line::Line,\n};"
        ),
        ["draws names line"]
    );
    assert_eq!(
        violations("model", "let b = crate::backend::cpu();"),
        ["model names backend"]
    );
    assert_eq!(violations("model", "use crate::weather;"), ["model names weather"]);
    assert_eq!(
        violations("weather", ""),
        ["weather stands on no floor: add it to the table"]
    );
    let allowed = "/// See [`crate::fit`].\nuse crate::{error::Result, line::*, model::flux}; // crate::cli\npub(crate) fn f() {}";
    assert!(violations("model", allowed).is_empty());
    assert!(violations("main", "nebulium::cli::run()").is_empty());
}
