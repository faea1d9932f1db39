//! The import table: which module of a crate may use which. A new module adds its row here in the
//! change that adds the module.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use eqlens_tests::paths::{repository, text};

/// Module of the engine, and what it may import from its own crate.
const ENGINE: &[(&str, &str)] = &[
    ("span", ""),
    ("crc", ""),
    ("sort", ""),
    ("near", "sort"),
    ("markdown", ""),
    ("shrink", ""),
    ("time", ""),
    ("ty", "time"),
    ("value", "time ty"),
    ("diag", "sort span ty"),
    ("syntax", "span diag value near"),
    ("json", "value"),
    ("change", "json sort value"),
    ("schema", "json near sort time ty value"),
    ("pattern", "ty value"),
    ("regex", "sort value"),
    ("store", "schema sort time ty value"),
    ("ingest", "crc diag schema span store value json"),
    ("funcs", "syntax ty value"),
    ("hir", "funcs pattern regex span syntax ty value"),
    ("check", "diag funcs hir ingest pattern regex schema span syntax time ty value near"),
    ("plan", "hir sort span store value pattern"),
    ("eval", "funcs hir plan regex store ty value pattern"),
    ("join", "eval hir plan sort store time value"),
    ("explain", "hir join plan eval regex sort store span time value pattern ingest syntax json"),
    ("rule", "diag ingest pattern span syntax value json sort"),
    ("run", "check diag eval funcs hir join plan rule schema store syntax time ty value span"),
    (
        "lint",
        "diag eval hir join plan rule run schema sort span store syntax ty value pattern explain",
    ),
    ("complete", "diag funcs schema span store syntax ty value"),
    ("compare", "diag eval explain hir join plan rule run schema sort store syntax wire"),
    ("link", "crc wire"),
    ("scan", "diag hir plan rule run schema store wire"),
    (
        "synth",
        "diag eval explain funcs hir ingest join json plan regex rule run schema sort span store syntax time ty value",
    ),
    (
        "desk",
        "change compare complete diag eval explain hir ingest join json lint markdown near pattern plan rule run scan schema shrink sort span store synth time value wire",
    ),
    ("project", "desk json"),
    ("expect", "desk json plan rule store synth wire"),
    ("wire", "complete diag explain hir join rule run span store syntax value"),
    ("wasm", "desk schema span wire"),
];

/// Module of the page, and what it may import from its own crate.
const WEB: &[(&str, &str)] = &[
    ("protocol", ""),
    ("state", "protocol"),
    ("examples", "state"),
    ("effects", "state protocol examples"),
    ("view", "state protocol"),
    ("worker", "protocol"),
    ("app", "state protocol effects view examples"),
];

/// The module a file belongs to, and the modules of its crate that it imports. Tests may import
/// anything.
fn imports(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in sources(root) {
        let relative = file.strip_prefix(root).unwrap();
        let first = relative.iter().next().unwrap().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "bin" || relative.to_string_lossy().contains("tests") {
            continue;
        }
        let source = text(&file);
        let code = source.split("#[cfg(test)]").next().unwrap();
        let entry = found.entry(module.clone()).or_default();
        for rest in code.split("crate::").skip(1) {
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() && name != module {
                entry.insert(name);
            }
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

fn check(crate_root: &str, table: &[(&str, &str)]) {
    let table: BTreeMap<&str, BTreeSet<&str>> =
        table.iter().map(|(module, may)| (*module, may.split_whitespace().collect())).collect();
    let mut wrong = Vec::new();
    for (module, used) in imports(&repository().join(crate_root)) {
        let Some(may) = table.get(module.as_str()) else {
            wrong.push(format!("`{module}` has no row in the table"));
            continue;
        };
        for other in used {
            if !may.contains(other.as_str()) {
                wrong.push(format!("`{module}` must not import `{other}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{crate_root}:\n{}", wrong.join("\n"));
}

#[test]
fn the_engine_keeps_its_layers() {
    check("engine/src", ENGINE);
}

#[test]
fn the_page_keeps_its_layers() {
    check("web/src", WEB);
}

#[test]
fn the_engine_has_no_cycles() {
    // Every module may import only what stands in a lower row, except for the two that meet at
    // the border: `link` carries a wire type.
    let rows: Vec<&str> = ENGINE.iter().map(|(module, _)| *module).collect();
    for (at, (module, may)) in ENGINE.iter().enumerate() {
        for other in may.split_whitespace().filter(|other| *other != "wire") {
            let below = rows.iter().position(|row| *row == other).unwrap();
            assert!(below < at, "`{module}` imports `{other}` from a higher row");
        }
    }
}

#[test]
fn files_stay_readable() {
    for root in ["engine/src", "web/src", "cli/src", "xtask/src", "tests/src"] {
        for file in sources(&repository().join(root)) {
            let lines = text(&file).lines().count();
            assert!(lines <= 700, "{} has {lines} lines: split it", file.display());
        }
    }
}

#[test]
fn only_the_tokens_name_colours_fonts_and_pixels() {
    for file in eqlens_tests::paths::files(&repository().join("static/css"), ".css") {
        if file.ends_with("tokens.css") {
            continue;
        }
        let source = text(&file);
        for (number, line) in source.lines().enumerate() {
            let code = line.split("/*").next().unwrap();
            let hex = code
                .split('#')
                .skip(1)
                .any(|rest| rest.chars().take_while(char::is_ascii_hexdigit).count() >= 3);
            let is_query = code.contains("@media") || code.contains("@container");
            let pixels = !is_query
                && code.rsplit("px").skip(1).any(|before| {
                    before.ends_with(|c: char| c.is_ascii_digit()) && !before.ends_with(" 0")
                });
            let colour = ["rgb(", "hsl(", "light-dark("].iter().any(|name| code.contains(name));
            assert!(
                !(hex || pixels || colour),
                "{}:{}: `{}` belongs in tokens.css",
                file.display(),
                number + 1,
                line.trim()
            );
        }
    }
}
