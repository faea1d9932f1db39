//! The register of lints and its page; what the lints say of real rules.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::cmp::Reverse;

use eqlens_engine::desk::Desk;
use eqlens_engine::diag::{Diagnostic, Fix, Severity};
use eqlens_engine::lint::{self, Allowed};
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_engine::wire;
use eqlens_tests::paths::{external, files, repository, text};

/// The warnings that published rules get: their ids and the codes. Each has been read beside its
/// rule and is a defect of it. A new warning here is a false alarm until it has been, too.
const WARNINGS: &[(&str, &str)] = &[
    ("0f4d35e4-925e-4959-ab24-911be207ee6f", "L-01"),
    ("17c7f6a5-5bc9-4e1f-92bf-13632d24384d", "L-23"),
    ("3838e0e3-1850-4850-a411-2e8c5ba40ba8", "L-01"),
    ("39c06367-b700-4380-848a-cab06e7afede", "L-01"),
    ("40e60816-5122-11f0-9caa-f661ea17fbcd", "L-27"),
    ("5610b192-7f18-11ee-825b-f661ea17fbcd", "L-27"),
    ("5bdad1d5-5001-4a13-ae99-fa8619500f1a", "L-01"),
    ("5bdad1d5-5001-4a13-ae99-fa8619500f1a", "L-07"),
    ("5d1d6907-0747-4d5d-9b24-e4a18853dc0a", "L-54"),
    ("61d29caf-6c15-4d1e-9ccb-7ad12ccc0bc7", "L-23"),
    ("627374ab-7080-4e4d-8316-bef1122444af", "L-54"),
    ("627374ab-7080-4e4d-8316-bef1122444af", "L-57"),
    ("7b08314d-47a0-4b71-ae4e-16544176924f", "L-07"),
    ("80d7f4ef-c3b6-4466-80f4-805bdd10507d", "L-54"),
    ("a7f2c1b4-5d8e-4f3a-9b0c-2e1d4a6b8f3e", "L-27"),
    ("b0046934-486e-462f-9487-0d4cf9e429c6", "L-01"),
    ("b84264aa-37a3-49f8-8bbc-60acbe9d4f86", "L-01"),
    ("bc0fc359-68db-421e-a435-348ced7a7f92", "L-01"),
    ("bd18f4a3-c4c6-43b9-a1e4-b05e09998110", "L-54"),
    ("cd89602e-9db0-48e3-9391-ae3bf241acd8", "L-27"),
    ("d1ee711a-a3ba-4d73-b5ab-84cab5b37fb3", "L-55"),
    ("d26331be-affe-46b2-bf4e-203d0e2d364c", "L-01"),
    ("d55436a8-719c-445f-92c4-c113ff2f9ba5", "L-32"),
    ("da87eee1-129c-4661-a7aa-57d0b9645fad", "L-23"),
    ("dacfbecd-7927-46a7-a8ba-feb65a2e990d", "L-27"),
    ("e0dacebe-4311-4d50-9387-b17e89c2e7fd", "L-07"),
    ("f5fb4598-4f10-11ed-bdc3-0242ac120002", "L-23"),
    ("fcd2e4be-6ec4-482f-9222-6245367cd738", "L-27"),
];

#[test]
fn the_page_of_lints_is_the_register() {
    let page = text(&repository().join("docs/LINTS.md"));
    let made = lint::markdown();
    assert_eq!(page, made, "write it with `eqlens check --explain all > docs/LINTS.md`");
}

fn findings(rule: &Rule) -> Vec<Diagnostic> {
    let (mapping, store) = (Mapping::default(), Store::default());
    let compiled = compile(&rule.query, &mapping, &store, &Options::default().for_rule(rule));
    lint::findings(&compiled, rule, &mapping, &store, &Allowed::default())
}

#[test]
fn warnings_of_real_rules_are_few_and_known() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let rules = rule::read_all(&text(&corpus));
    let mut found = Vec::new();
    let mut infos = 0;
    for (rule, _) in &rules {
        let id = rule.id.as_deref().unwrap();
        for finding in findings(rule) {
            match finding.kind.severity() {
                Severity::Warning => found.push((id.to_owned(), finding.kind.code())),
                Severity::Info => infos += 1,
                Severity::Error => {}
            }
        }
    }
    found.sort();
    found.dedup();
    let mut warned: Vec<_> = found.iter().map(|(id, _)| id).collect();
    warned.dedup();
    println!("{} rules, {} with warnings, {infos} infos", rules.len(), warned.len());
    let found: Vec<_> = found.iter().map(|(id, code)| (id.as_str(), *code)).collect();
    assert_eq!(found, WARNINGS);
    assert!(warned.len() * 20 <= rules.len(), "{} of {}", warned.len(), rules.len());
}

fn mended(query: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|(span, _)| Reverse(span.start));
    let mut mended = query.to_owned();
    for (span, text) in edits {
        mended.replace_range(span.start as usize..span.end as usize, &text);
    }
    mended
}

#[test]
fn fixes_of_real_rules_mend_what_they_are_for() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let mut n = 0;
    for (rule, _) in rule::read_all(&text(&corpus)) {
        let before = findings(&rule);
        let count = |all: &[Diagnostic], code| all.iter().filter(|f| f.kind.code() == code).count();
        for finding in before.iter().filter(|f| f.kind.severity() != Severity::Error) {
            let Some(fix) = finding.fixes.first() else { continue };
            n += 1;
            let query = mended(&rule.query, fix);
            let after = findings(&Rule { query: query.clone(), ..rule.clone() });
            let code = finding.kind.code();
            let errors = |all: &[Diagnostic]| {
                all.iter().filter(|f| f.kind.severity() == Severity::Error).count()
            };
            assert_eq!(errors(&after), errors(&before), "{:?} {code}: {query}", rule.id);
            assert!(count(&after, code) < count(&before, code), "{:?} {code}: {fix:?}", rule.id);
        }
    }
    println!("{n} fixes");
    assert!(n > 50);
}

/// Whoever opens an example must not meet a warning that means nothing; letter case is worth a
/// note, since among the events are names in other letters.
#[test]
fn the_events_of_the_examples_raise_no_false_alarm() {
    let rules = files(&repository().join("rules"), ".toml");
    let rules = rules.iter().filter(|path| !path.to_string_lossy().ends_with(".cases.toml"));
    let mut told = Vec::new();
    for rule in rules {
        let mut desk = Desk::new();
        desk.load(&text(&rule.with_extension("events.ndjson")));
        let outcome = desk.run(&text(rule), &|| 0.0);
        assert!(outcome.result.is_some(), "{}", rule.display());
        for found in outcome.findings {
            let of_data = lint::lookup(&found.code).is_some_and(|lint| lint.data);
            if of_data || found.message.contains("without regard to case") {
                told.push((found.severity, found.code));
            }
        }
    }
    assert!(told.iter().all(|told| *told == (wire::Severity::Info, "L-03".to_owned())), "{told:?}");
    assert!(!told.is_empty());
}
