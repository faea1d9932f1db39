//! External material, read in place: the seed page, real rules, real telemetry. Skips, saying so,
//! where it is not at hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::desk::Desk;
use eqlens_engine::rule;
use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::print;
use eqlens_tests::paths::{external, files, repository, text};

#[test]
fn the_openssl_seed_is_read_as_it_stands() {
    let Some(seeds) = external("seeds") else { return };
    let page = text(&files(&seeds, ".txt")[0]);
    let (rule, findings) = rule::read(&page);
    assert_eq!(findings, []);
    assert_eq!(rule.name.as_deref(), Some("Openssl Client or Server Activity"));
    assert_eq!(rule.query_span().unwrap().text(&page), rule.query);
    assert_eq!(rule.indices.len(), 3);
    assert_eq!((rule.risk_score, rule.max_signals, rule.version), (Some(21), Some(100), Some(102)));
    assert_eq!(rule.tags.len(), 7);
    assert_eq!(rule.threat_ids().len(), 5);
    // Over the events of the bundled rule it says what that rule says.
    let events = text(&repository().join("rules/openssl_client_or_server.events.ndjson"));
    let bundled = text(&repository().join("rules/openssl_client_or_server.toml"));
    let mut desk = Desk::new();
    desk.load(&events);
    let of = |desk: &mut Desk, rule: &str| desk.run(rule, &|| 0.0).result.unwrap().verdicts;
    assert_eq!(of(&mut desk, &page), of(&mut desk, &bundled));
}

#[test]
fn real_queries_parse_and_print_alike() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let mut n = 0;
    let mut failures = Vec::new();
    for line in text(&corpus).lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = json["query"].as_str().unwrap();
        n += 1;
        let (tree, findings) = parse(query);
        if let Some(finding) = findings.first() {
            failures.push(format!("{}: {}", json["name"], finding.kind.message()));
            continue;
        }
        let printed = print(&tree, query);
        let (again, _) = parse(&printed);
        if print(&again, &printed) != printed {
            failures.push(format!("{}: prints in two ways", json["name"]));
        }
    }
    println!("{n} queries");
    assert!(failures.is_empty(), "{} of {n}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn real_queries_are_checked_without_error() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let (mut n, mut refused, mut warned) = (0, Vec::new(), 0);
    for line in text(&corpus).lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = json["query"].as_str().unwrap();
        n += 1;
        let (mapping, store) = (Mapping::default(), Store::default());
        let compiled = compile(query, &mapping, &store, &Options::default());
        warned += usize::from(!compiled.findings.is_empty());
        if compiled.plan.is_none() {
            let finding = &compiled.findings[0];
            let place = finding.span.text(query);
            refused.push(format!("{}: {} at `{place}`", json["name"], finding.kind.message()));
        }
    }
    println!("{n} queries, {} refused, {warned} with findings", refused.len());
    for refused in &refused {
        println!("{refused}");
    }
    assert!(refused.len() * 100 <= n * 2, "{} of {n}:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn a_library_of_json_rules_is_read_whole() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let library = text(&corpus);
    let all = rule::read_all(&library);
    assert_eq!(all.len(), library.lines().count());
    for ((rule, findings), line) in all.iter().zip(library.lines()) {
        assert_eq!(findings, &[], "{line}");
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(rule.query, json["query"].as_str().unwrap().trim());
        assert_eq!(rule.name.as_deref(), json["name"].as_str());
        assert_eq!(rule.id.as_deref(), json["rule_id"].as_str());
        assert_eq!(rule.threat.is_empty(), json["threat"].as_array().is_none_or(Vec::is_empty));
        assert_eq!(rule.document.text(&library), line);
        for (in_query, in_library) in rule.places.verbatim_pieces() {
            assert_eq!(in_query.text(&rule.query), in_library.text(&library));
        }
        // Its query can be edited where it stands, by whoever knows the escapes.
        let (rule, _) = rule::read(line);
        let place = rule.escaped_span(line).unwrap_or_else(|| panic!("{line}"));
        let other = format!("{} and x == \"\\\\\u{e9}\"", rule.query);
        let (before, after) = (&line[..place.start as usize], &line[place.end as usize..]);
        let written = [before, &rule::escaped(&other, false), after].concat();
        let mut wanted = json.clone();
        wanted["query"] = json["query"].as_str().unwrap().replace(&rule.query, &other).into();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), wanted);
    }
}

#[test]
fn broken_queries_are_refused_by_the_parser_or_the_checker() {
    let Some(corpus) = external("corpus/malformed-open.ndjson") else { return };
    let (mut n, mut placed) = (0, 0);
    for line in text(&corpus).lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        n += 1;
        let query = json["query"].as_str().unwrap();
        let (mapping, store) = (Mapping::default(), Store::default());
        let findings = compile(query, &mapping, &store, &Options::default()).findings;
        assert!(!findings.is_empty(), "{}: {query}", json["kind"]);
        let near = |offset: &serde_json::Value| {
            let offset = offset.as_u64().unwrap() as i64;
            findings.iter().any(|f| (i64::from(f.span.start) - offset).abs() <= 3)
        };
        let fair = near(&json["offset"]) || json["also"].as_array().unwrap().iter().any(near);
        if fair {
            placed += 1;
        } else {
            println!("{} at {}: {query}", json["kind"], json["offset"]);
        }
    }
    // What is checked only where functions and sequences can be run is not placed yet.
    println!("{placed} of {n} placed");
    assert!(placed * 100 >= n * 85, "{placed} of {n}");
}

#[test]
fn real_telemetry_loads_whole() {
    let Some(data) = external("data/regsvr32.ndjson") else { return };
    let mut desk = Desk::new();
    let report = desk.load(&text(&data));
    assert_eq!(report.skipped, 0);
    assert!(report.events > 100);
    let outcome = desk.run("any where process_name : \"regsvr32*\"", &|| 0.0);
    assert!(outcome.result.unwrap().matches > 0);
}
