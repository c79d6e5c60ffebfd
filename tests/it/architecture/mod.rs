//! The direction of imports and the rooms of fenced crates, read from the sources themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Modules in layer order with the modules each may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("runtime", &[]),
    ("domain", &["runtime"]),
    ("ingest", &["domain", "runtime"]),
    ("network", &["domain", "runtime"]),
    ("routers", &["domain", "runtime", "network"]),
    ("features", &["domain", "runtime", "ingest"]),
    ("speeds", &["domain", "runtime", "network", "features"]),
    ("onnx", &["domain", "runtime", "features"]),
    ("regression", &["domain", "runtime", "features", "onnx"]),
    (
        "forecast",
        &["domain", "runtime", "features", "onnx", "regression"],
    ),
    (
        "customers",
        &["domain", "runtime", "features", "onnx", "regression"],
    ),
    (
        "travel_time",
        &["domain", "runtime", "features", "onnx", "regression"],
    ),
    (
        "service_time",
        &["domain", "runtime", "features", "onnx", "regression"],
    ),
    (
        "cost",
        &["domain", "runtime", "network", "features", "travel_time"],
    ),
    ("solver", &["domain", "runtime", "cost"]),
    ("planning", &["domain", "runtime", "cost", "solver"]),
    ("simulation", &["domain", "runtime"]),
    ("kpi", &["domain", "runtime"]),
    ("anomaly", &["domain", "runtime"]),
    ("report", &["domain", "runtime"]),
    (
        "pipeline",
        &[
            "domain",
            "runtime",
            "ingest",
            "network",
            "routers",
            "features",
            "speeds",
            "onnx",
            "forecast",
            "customers",
            "travel_time",
            "service_time",
            "cost",
            "planning",
            "simulation",
            "kpi",
            "anomaly",
            "report",
        ],
    ),
    ("store", &["domain", "runtime"]),
    (
        "app",
        &[
            "domain",
            "runtime",
            "network",
            "onnx",
            "forecast",
            "travel_time",
            "cost",
            "planning",
            "anomaly",
            "store",
        ],
    ),
    ("api", &["domain", "runtime", "app"]),
    (
        "cli",
        &[
            "domain",
            "runtime",
            "ingest",
            "network",
            "routers",
            "features",
            "speeds",
            "onnx",
            "forecast",
            "customers",
            "travel_time",
            "service_time",
            "cost",
            "solver",
            "planning",
            "simulation",
            "kpi",
            "anomaly",
            "report",
            "pipeline",
            "store",
            "app",
            "api",
        ],
    ),
];

/// Crates with the only modules that may name them.
const FENCES: &[(&str, &[&str])] = &[
    ("polars", &["ingest", "features"]),
    ("polars_io", &["ingest", "features"]),
    ("calamine", &["ingest"]),
    ("osmpbf", &["network"]),
    ("rstar", &["network"]),
    ("ureq", &["routers"]),
    ("memmap2", &["runtime"]),
    ("hessboost", &["regression"]),
    ("linfa", &["regression", "customers", "cost"]),
    ("linfa_clustering", &["customers", "cost"]),
    ("linfa_elasticnet", &["regression"]),
    ("linfa_linear", &["regression"]),
    ("ort", &["onnx"]),
    ("prost", &["onnx"]),
    ("plotters", &["report"]),
    ("rust_xlsxwriter", &["report"]),
    ("sqlx", &["store"]),
    ("axum", &["api"]),
    ("utoipa", &["api"]),
    ("utoipa_axum", &["api"]),
    ("tower_http", &["api"]),
    ("tokio", &["store", "app", "api", "cli"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("anyhow", &["cli"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    found
}

/// The module a file belongs to: its first folder below `src`, `None` for lib.rs and main.rs.
fn module_of(path: &Path) -> Option<String> {
    let below = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    let first = below.components().next()?.as_os_str().to_str()?.to_owned();
    (!first.ends_with(".rs")).then_some(first)
}

/// Code without comments, so that a mention in a doc comment is no import.
fn code(text: &str) -> String {
    let kept = text.lines().map(|line| match line.find("//") {
        Some(at) if !line[..at].contains('"') => &line[..at],
        _ => line,
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Paths that follow `root::` in code, braces of `use root::{a, b}` opened.
fn named_after<'a>(code: &'a str, root: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let needle = format!("{root}::");
    for (at, _) in code.match_indices(&needle) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + needle.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = 0;
            for (i, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth > 0 => depth -= 1,
                    ',' | '}' if depth == 0 => {
                        found.insert(first_word(list[start..i].trim()));
                        start = i + 1;
                        if c == '}' {
                            break;
                        }
                    }
                    _ => {}
                }
            }
        } else {
            found.insert(first_word(rest));
        }
    }
    found
}

fn first_word(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

fn uses_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + name.len()..];
        let starts =
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.');
        let is_use = code[..at].ends_with("use ") && after.starts_with(';');
        starts && (after.starts_with("::") || is_use)
    })
}

fn violations(files: &[(PathBuf, String)]) -> Vec<String> {
    let known: BTreeSet<&str> = MAY_IMPORT.iter().map(|(m, _)| *m).collect();
    let mut found = Vec::new();
    for (path, text) in files {
        let Some(module) = module_of(path) else {
            continue;
        };
        let code = code(text);
        let shown = path
            .strip_prefix(env!("CARGO_MANIFEST_DIR"))
            .unwrap()
            .display();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(m, _)| *m == module) else {
            found.push(format!("{shown}: module {module} is not in the table"));
            continue;
        };
        for target in named_after(&code, "crate") {
            let other = known.contains(target) && target != module;
            if other && !allowed.contains(&target) {
                found.push(format!("{shown}: {module} may not import {target}"));
            }
        }
        for (name, rooms) in FENCES {
            if uses_crate(&code, name) && !rooms.contains(&module.as_str()) {
                found.push(format!(
                    "{shown}: {name} may only be used in {}",
                    rooms.join(", ")
                ));
            }
        }
    }
    found
}

#[test]
fn imports_follow_the_layers_and_fences_hold() {
    let found = violations(&sources());
    assert!(
        found.is_empty(),
        "against ARCHITECTURE.md:\n{}",
        found.join("\n")
    );
}

/// Files that may be unsafe, each in the lines behind an `allow`.
const UNSAFE: &[&str] = &["network/hierarchy/lanes.rs", "runtime/mapped_file.rs"];

#[test]
fn only_the_files_named_are_unsafe() {
    let mut found: Vec<String> = Vec::new();
    for (path, text) in sources() {
        if code(&text).contains("unsafe_code)") && !path.ends_with("src/lib.rs") {
            let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
            found.push(below.unwrap().display().to_string());
        }
    }
    found.sort();
    assert_eq!(found, UNSAFE);
    let lib = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"));
    assert!(lib.unwrap().contains("#![deny(unsafe_code)]"));
}

#[test]
fn lib_declares_modules_in_layer_order() {
    let lib = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    let declared: BTreeSet<&str> = lib
        .lines()
        .filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let table: BTreeSet<&str> = MAY_IMPORT.iter().map(|(m, _)| *m).collect();
    assert_eq!(declared, table);
    let mut above = BTreeSet::new();
    for (module, allowed) in MAY_IMPORT {
        for import in *allowed {
            assert!(
                above.contains(import),
                "{module} may import {import}, which is not above it"
            );
        }
        above.insert(*module);
    }
}

/// The detector itself: what it must catch, and what it must let pass.
#[test]
fn violations_are_caught() {
    let file = |module: &str, text: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(module)
            .join("x.rs");
        violations(&[(path, text.to_owned())])
    };
    assert_eq!(file("solver", "use crate::planning::PlanRequest;").len(), 1);
    assert_eq!(
        file(
            "solver",
            "use crate::{\n    domain::Document,\n    forecast::train,\n};"
        )
        .len(),
        1
    );
    assert_eq!(file("planning", "let x = crate::api::router();").len(), 1);
    assert_eq!(file("kpi", "use polars::prelude::*;").len(), 1);
    assert_eq!(file("report", "let s = sqlx::query(\"\");").len(), 1);
    assert_eq!(file("kitchen", "").len(), 1);
    assert!(
        file(
            "solver",
            "// use crate::planning::PlanRequest;\nuse crate::domain::Document;"
        )
        .is_empty()
    );
    assert!(file("store", "use sqlx::Row;\nuse crate::domain::InputError;").is_empty());
    assert!(file("kpi", "//! As in polars::prelude.\nmod sort;\nsort::by();").is_empty());
}
