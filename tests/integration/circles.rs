//! No circle of imports between source files, but for the named ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::{files, without_comments};

/// The circles that stand, by their files. The trait of numbers has a method that evaluates a
/// spline in lanes, and splines are written for any number.
const NAMED: [&[&str]; 1] = [&["number::real", "number::spline"]];

/// The sources by the path of their module: `nuts::tree` of `src/nuts/tree.rs`, `nuts` of
/// `src/nuts/mod.rs`; each with its code.
type Modules = BTreeMap<Vec<String>, String>;

fn modules() -> Modules {
    let sources = files("src", &["rs"]);
    let path = |path: &std::path::Path| -> Vec<String> {
        let parts = path.with_extension("");
        let parts = parts.iter().skip(1).map(|part| part.to_string_lossy().into_owned());
        parts.filter(|part| part != "mod" && part != "lib").collect()
    };
    let with_code = sources.iter().map(|source| (path(&source.path), source.code()));
    with_code.filter(|(_, code)| !code.is_empty()).collect()
}

/// The paths that a module names, from the root: of each item of a `use`, and of each path in the
/// code that begins with `crate::`, `super::` or `self::`.
fn named(module: &[String], code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (root, at) in ["crate::", "super::", "self::"]
        .iter()
        .flat_map(|root| code.match_indices(root).map(move |(at, _)| (*root, at)))
    {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        if before.is_alphanumeric() || before == '_' || before == ':' {
            continue;
        }
        let base = match root {
            "crate::" => Vec::new(),
            "self::" => module.to_vec(),
            _ => module[..module.len().saturating_sub(1)].to_vec(),
        };
        expand(base, &code[at + root.len()..], &mut found);
    }
    found
}

/// The paths that a module names through another module that it imports by name.
fn through(imported: &[String], code: &str) -> Vec<Vec<String>> {
    let prefix = format!("{}::", imported.last().expect("a name"));
    let mut found = Vec::new();
    for (at, _) in code.match_indices(&prefix) {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        if !(before.is_alphanumeric() || before == '_' || before == ':') {
            expand(imported.to_vec(), &code[at + prefix.len()..], &mut found);
        }
    }
    found
}

/// The paths that begin with `base` and go on with `text`, groups in braces taken apart.
fn expand(base: Vec<String>, text: &str, found: &mut Vec<Vec<String>>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        for item in items(group) {
            expand(base.clone(), &item, found);
        }
        return;
    }
    let word: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '*')
        .collect();
    let mut path = base;
    if word == "super" {
        path.pop();
    } else if word != "self" {
        path.push(word.clone());
    }
    match text[word.len()..].strip_prefix("::") {
        Some(rest) if !rest.starts_with('<') => expand(path, rest, found),
        _ => found.push(path),
    }
}

/// The items of a group of a `use`, up to its closing brace.
fn items(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            _ => items.last_mut().expect("an item").push(c),
        }
        depth += i32::from(c == '{') - i32::from(c == '}');
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

/// The module where an item is defined: the deepest module of the path, or the child whose item it
/// exports again.
fn home(path: &[String], modules: &Modules, depth: usize) -> Option<Vec<String>> {
    let module = (0..=path.len())
        .rev()
        .map(|k| &path[..k])
        .find(|path| modules.contains_key(*path))?;
    let item = path.get(module.len())?;
    let code = &modules[module];
    let exported = code.match_indices("use ").flat_map(|(at, _)| {
        let mut found = Vec::new();
        let text = code[at + 4..].split(';').next().unwrap_or("");
        let base = if text.starts_with("crate::") {
            Vec::new()
        } else {
            module.to_vec()
        };
        let text = text.trim_start_matches("crate::").trim_start_matches("self::");
        if !text.starts_with("super::") && !text.starts_with("std::") {
            expand(base, text, &mut found);
        }
        found
    });
    let child = exported
        .into_iter()
        .find(|path| path.last() == Some(item) && path.len() > module.len() + 1);
    match child {
        Some(path) if depth > 0 => home(&path, modules, depth - 1).or(Some(module.to_vec())),
        _ => Some(module.to_vec()),
    }
}

/// The groups of modules that name one another in a circle.
fn circles(modules: &Modules) -> Vec<Vec<String>> {
    let edges: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> = modules
        .iter()
        .map(|(module, code)| {
            let (imported, items): (Vec<_>, Vec<_>) = named(module, code)
                .into_iter()
                .partition(|path| !path.is_empty() && modules.contains_key(path));
            let through = imported.iter().flat_map(|path| through(path, code));
            let targets = items
                .into_iter()
                .chain(through)
                .filter_map(|path| home(&path, modules, 3));
            (module, targets.filter(|target| target != module).collect())
        })
        .collect();
    let reach = |from: &Vec<String>| -> BTreeSet<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<Vec<String>> = edges[from].iter().cloned().collect();
        while let Some(next) = open.pop() {
            if seen.insert(next.clone()) {
                open.extend(edges.get(&next).into_iter().flatten().cloned());
            }
        }
        seen
    };
    let reached: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
        edges.keys().map(|module| (*module, reach(module))).collect();
    let mut groups: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, targets) in &reached {
        if targets.contains(*module) {
            let members = reached
                .iter()
                .filter(|(other, back)| targets.contains(**other) && back.contains(*module));
            groups.insert(members.map(|(other, _)| other.join("::")).collect());
        }
    }
    groups.into_iter().collect()
}

#[test]
fn no_circle_between_files_but_the_named() {
    let found = circles(&modules());
    let unnamed: Vec<&Vec<String>> = found
        .iter()
        .filter(|circle| !NAMED.iter().any(|named| *named == circle.as_slice()))
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:#?}");
    assert_eq!(found.len(), NAMED.len(), "a named circle is gone");
}

#[test]
fn the_checker_sees_circles() {
    let modules = |sources: &[(&str, &str)]| -> Modules {
        let path = |path: &str| path.split("::").map(str::to_owned).collect();
        sources
            .iter()
            .map(|(at, code)| (path(at), without_comments(code)))
            .collect()
    };
    let planted = modules(&[
        ("a", "use crate::b::{c::Thing, f};"),
        ("b", "pub use c::Other;\nfn f() {}"),
        ("b::c", "use super::d::g;"),
        ("b::d", "fn g() { crate::a::run() }"),
        ("e", "use crate::b::Other; // crate::a"),
    ]);
    assert_eq!(circles(&planted), [["a", "b::c", "b::d"]]);
}
