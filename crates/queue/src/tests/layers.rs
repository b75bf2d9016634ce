//! The order of the crate's modules.

use std::{fs, path::Path};

/// The modules of the crate, the lowest first. A module may use those above it in this list, and itself.
const LAYERS: [&str; 14] = [
    "types", "store", "bells", "enqueue", "job", "batch", "effects", "registry", "cron", "inspect",
    "lanes", "loops", "engine", "testing",
];
/// May use everything: it measures the crate from the outside.
const TOP: &str = "bench";

#[test]
fn no_module_uses_one_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut files = 0;
    for (path, text) in sources(&src, &src) {
        files += 1;
        found.extend(upward(&path, &text));
    }
    assert!(files > 50, "the rule has seen only {files} files");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn sql_stands_in_the_store() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let outside: Vec<String> = sources(&src, &src)
        .into_iter()
        .filter(|(path, text)| {
            let allowed = ["store/", "bench/", "types/state.rs"];
            !allowed.iter().any(|allowed| path.starts_with(allowed))
                && code(text).any(|line| {
                    line.contains("sqlx::query")
                        || line.contains("sql!(")
                        || line.contains("raw_sql(")
                })
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(outside, Vec::<String>::new());
}

#[test]
fn an_import_upwards_is_seen() {
    let seen = |path: &str, text: &str| !upward(path, text).is_empty();
    assert!(seen("types/id.rs", "use crate::store::ack;"));
    assert!(seen(
        "store/ack.rs",
        "use crate::{\n    types::Ack,\n    loops::{run, stop},\n};"
    ));
    assert!(seen("store/ack.rs", "use super::super::engine::Engine;"));
    assert!(seen("bells.rs", "fn ring() { crate::engine::wake() }"));
    assert!(
        seen("job.rs", "use crate::JobId;"),
        "names of the crate's root are above everything"
    );
    assert!(!seen(
        "loops/run.rs",
        "use super::stop::Stop;\nuse crate::{registry::Kind, types::Ack};"
    ));
    assert!(!seen(
        "store/ack.rs",
        "/// [`crate::engine`]\nuse super::end;"
    ));
}

/// The source files without the tests, each with its path from `src`.
fn sources(src: &Path, folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(src).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if name != "tests" {
                found.extend(sources(src, &path));
            }
        } else if name != "lib.rs" {
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// The lines that are no comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// Uses of a module that is not below the file's own.
fn upward(path: &str, text: &str) -> Vec<String> {
    let own = path.split(['/', '.']).next().unwrap();
    if own == TOP {
        return Vec::new();
    }
    let rank = |module: &str| LAYERS.iter().position(|layer| *layer == module);
    let Some(own_rank) = rank(own) else {
        return vec![format!("{path}: {own} is not in LAYERS")];
    };
    used(path, text)
        .into_iter()
        .filter(|module| rank(module).is_none_or(|rank| rank > own_rank))
        .map(|module| format!("{path}: {own} uses {module}, which is not below it"))
        .collect()
}

/// The first names behind `crate::`, and behind a chain of `super::` that leads to the root of the crate.
fn used(path: &str, text: &str) -> Vec<String> {
    // How many times `super::` leads from the file to the root: mod.rs stands for its folder.
    let depth = path.trim_end_matches("/mod.rs").split('/').count();
    let code: String = code(text).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for root in ["crate::".to_owned(), "super::".repeat(depth)] {
        for (at, _) in code.match_indices(&root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            found.extend(firsts(&code[at + root.len()..]));
        }
    }
    found
}

/// The first name of a path, or of each path of a group in braces.
fn firsts(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    if !rest.starts_with('{') {
        return vec![name(rest)];
    }
    let (mut depth, mut found, mut fresh) = (0, Vec::new(), false);
    for (at, c) in rest.char_indices() {
        match c {
            '{' => {
                depth += 1;
                fresh = depth == 1;
            }
            '}' => depth -= 1,
            ',' if depth == 1 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                found.push(name(&rest[at..]));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}
