//! The twins: each function of a WGSL file of the model stands in the Rust file of the same name,
//! with the same arguments.

use std::path::Path;

use crate::sources::{files, without_comments};

/// The last argument of some Rust twins: a value that the host knows beforehand and a kernel
/// computes.
const HOST_ONLY: &str = "cut";

/// The functions of a source: their names and the names of their arguments.
fn functions(code: &str) -> Vec<(String, Vec<String>)> {
    let code = without_comments(code);
    let starts = code.match_indices("fn ").map(|(at, _)| &code[at + 3..]);
    starts
        .filter_map(|text| {
            let name = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
            let generics = text[name.len()..].find('(')?;
            Some((name.to_owned(), arguments(&text[name.len() + generics + 1..])))
        })
        .collect()
}

/// The names of the arguments in `text`, which begins behind the opening parenthesis.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut names, mut current) = (0, Vec::new(), String::new());
    for c in text.chars() {
        match c {
            ')' if depth == 0 => break,
            ',' if depth == 0 => names.push(std::mem::take(&mut current)),
            _ => current.push(c),
        }
        depth += i32::from("([<{".contains(c)) - i32::from(")]>}".contains(c));
    }
    names.push(current);
    let name = |argument: &String| argument.split(':').next().unwrap_or("").trim().to_owned();
    names.iter().map(name).filter(|name| !name.is_empty()).collect()
}

/// Functions of a WGSL file that its Rust twin lacks.
fn missing(wgsl: &str, rust: &str) -> Vec<String> {
    let rust = functions(rust);
    let stands = |(name, expected): &(String, Vec<String>)| {
        rust.iter().any(|(known, arguments)| {
            let kept: Vec<&String> = arguments.iter().filter(|argument| *argument != HOST_ONLY).collect();
            known == name && kept.iter().eq(&expected.iter().collect::<Vec<_>>())
        })
    };
    let lacking = functions(wgsl).into_iter().filter(|function| !stands(function));
    lacking
        .map(|(name, arguments)| format!("{name}({})", arguments.join(", ")))
        .collect()
}

#[test]
fn every_function_of_a_kernel_of_the_model_has_its_twin() {
    let shaders = files("shaders/model", &["wgsl"]);
    assert!(shaders.len() > 10, "shaders/model was not read");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shader in shaders {
        let twin = Path::new("src").join(shader.path.strip_prefix("shaders").unwrap());
        let twin = root.join(twin).with_extension("rs");
        let rust = std::fs::read_to_string(&twin).unwrap_or_else(|_| panic!("{} is missing", twin.display()));
        let missing = missing(&shader.text, &rust);
        assert!(missing.is_empty(), "{} lacks {missing:?}", twin.display());
    }
}

#[test]
fn the_checker_sees_what_is_missing() {
    let wgsl = "// fn no(x)\nfn a(x: f32, y: vec2<f32>) -> f32 { return x; }\nfn b() {}";
    let rust =
        "fn a<F: Real>(x: F, y: [F; 2], cut: Option<Cut<F>>) -> F { x }\npub(super) fn b() {}\nfn more(x: u32) {}";
    assert!(missing(wgsl, rust).is_empty());
    assert_eq!(missing(wgsl, "fn a<F>(y: [F; 2], x: F) {}"), ["a(x, y)", "b()"]);
}
