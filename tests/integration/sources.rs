//! The repository's own files, for the tests that read them.

use std::path::{Path, PathBuf};

/// A file of the repository: its path from the root and its text.
pub struct Source {
    pub path: PathBuf,
    pub text: String,
}

impl Source {
    /// The module of `src` that the file belongs to: the first part of its path there.
    pub fn module(&self) -> &str {
        let first = self.path.iter().nth(1).and_then(|part| part.to_str()).unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The text before the unit tests at the file's foot, without comments; nothing of a file of
    /// tests.
    pub fn code(&self) -> String {
        if self.path.iter().any(|part| part == "tests" || part == "tests.rs") {
            return String::new();
        }
        without_comments(self.text.split("#[cfg(test)]\nmod tests").next().unwrap())
    }
}

/// The files under `folder` (from the root) with one of the extensions, sorted; none if there is no
/// such folder.
pub fn files(folder: &str, extensions: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extensions.iter().any(|e| extension == *e))
            {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push(Source {
                    path: path.strip_prefix(root).unwrap().to_owned(),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Rust code without its `//` comments.
pub fn without_comments(code: &str) -> String {
    code.lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}
