//! A lint fires where it should, and its fix mends what it found.

mod literals;
mod text;

use super::*;
use crate::diag::Fix;
use crate::eval::Recording;
use crate::ingest::load;
use crate::join::Trails;
use crate::rule::{self, IndexPatterns};
use crate::run::{Options, compile, search};

/// All findings of a rule text, those of the data among them where there are events.
fn lint(text: &str, events: &str) -> (Rule, Vec<Diagnostic>) {
    let (rule, document) = rule::read(text);
    assert_eq!(document, [], "{text}");
    let (mapping, store) = (Mapping::default(), load(events).store);
    let options = Options::default().for_rule(&rule);
    let compiled = compile(&rule.query, &mapping, &store, &options);
    let allowed = Allowed::default();
    let mut found = findings(&compiled, &rule, &mapping, &store, &allowed);
    if let (Some(plan), Some(checked)) = (&compiled.plan, &compiled.checked) {
        let (mut recording, mut trails) = (Recording::default(), Trails::default());
        let patterns = IndexPatterns::new(&rule.indices);
        let result = search(plan, &store, &patterns, &options, &mut recording, &mut trails);
        let schema = Schema { mapping: &mapping, values: &store };
        let text =
            Context { source: &rule.query, tree: &compiled.tree, checked, schema, rule: &rule };
        found.extend(data::findings(&data::Context {
            text,
            store: &store,
            plan,
            recording: &recording,
            found: &result,
            trails: &trails,
        }));
        found = silence(found, &rule.query, &allowed);
    }
    (rule, found)
}

fn mended(query: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut mended = query.to_owned();
    for (span, text) in edits {
        mended.replace_range(span.start as usize..span.end as usize, &text);
    }
    mended
}

/// Query, code, the text of the span, and the query after the fix (empty: no fix).
pub(super) type Row<'r> = (&'r str, &'r str, &'r str, &'r str);

/// Each row fires, at this place, and its fix gives this query, which is sound and without the
/// finding.
pub(super) fn fire(rows: &[Row<'_>], events: &str) {
    for (query, code, place, after) in rows {
        let (rule, found) = lint(query, events);
        let errors: Vec<_> =
            found.iter().filter(|found| found.kind.severity() == Severity::Error).collect();
        assert!(errors.is_empty(), "{query}: {errors:?}");
        let Some(finding) = found.iter().find(|found| found.kind.code() == *code) else {
            panic!("{query}: no {code} in {found:?}");
        };
        assert_eq!(finding.span.text(&rule.query), *place, "{query}: {code}");
        let mended = finding.fixes.first().map(|fix| mended(&rule.query, fix));
        assert_eq!(mended.as_deref().unwrap_or_default(), *after, "{query}: {code}");
        if let Some(mended) = mended {
            let (_, found) = lint(&mended, events);
            let left = found.iter().find(|found| {
                found.kind.severity() == Severity::Error || found.kind.code() == *code
            });
            assert_eq!(left, None, "{query}: mended as {mended}");
        }
    }
}

/// None of the queries gives the finding.
pub(super) fn stay_silent(code: &str, queries: &[&str], events: &str) {
    for query in queries {
        let (_, found) = lint(query, events);
        let wrong = found
            .iter()
            .find(|found| found.kind.code() == code || found.kind.severity() == Severity::Error);
        assert_eq!(wrong, None, "{query}");
    }
}

#[test]
fn every_lint_has_one_row() {
    let mut codes: Vec<_> = all().iter().map(|lint| lint.code).collect();
    let n = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), n);
    for n in 1..=allow::LAST {
        let code = format!("L-{n:02}");
        assert!(lookup(&code).is_some(), "{code}");
    }
    assert_eq!(n, usize::from(allow::LAST));
    assert!(lookup("l-01").is_some() && lookup("L-1").is_none());
}

#[test]
fn the_register_is_one_voice() {
    for lint in all() {
        assert!(!lint.title.ends_with('.') && lint.why.ends_with('.'), "{}", lint.code);
        assert!(!lint.title.starts_with(|c: char| c.is_ascii_uppercase()), "{}", lint.code);
    }
}

#[test]
fn comments_allow_lints() {
    let query = "sequence // eqlens: allow L-10, l-11\n [a where true] [b where true]";
    assert_eq!(lint(query, "").1, []);
    let query = "sequence /* eqlens: allow L-10 */ [a where true] [b where true]";
    stay_silent("L-10", &[query], "");
    fire(
        &[
            (query, "L-11", "sequence", ""),
            (
                "any where x == \"eqlens: allow L-01*\"",
                "L-01",
                "\"eqlens: allow L-01*\"",
                "any where x : \"eqlens: allow L-01*\"",
            ),
            ("any where true // eqlens: allow L-99", "L-59", "eqlens: allow L-99", ""),
            ("any where true /* eqlens: deny */", "L-59", "eqlens: deny", ""),
        ],
        "",
    );
}
