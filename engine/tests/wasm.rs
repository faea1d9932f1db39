//! The JavaScript API, in Node.
#![cfg(target_arch = "wasm32")]

use eqlens_engine::wasm::Engine;
use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn member(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| Reflect::get(&value, &key.into()).unwrap())
}

#[wasm_bindgen_test]
fn events_are_loaded_run_and_explained() {
    let mut engine = Engine::new();
    let report = engine
        .load(
            br#"{"_id":"a","x":"1"}
{"_id":"b","x":"2"}
{"x" 3}"#,
        )
        .unwrap();
    assert_eq!(json(&member(&report, "events")), "2");
    assert_eq!(json(&member(&report, "skipped")), "1");
    assert_eq!(json(&member(&report, "findings.0.span.line")), "3");
    let outcome = engine.run("any where x == \"2\"").unwrap();
    assert_eq!(json(&member(&outcome, "result.verdicts")), r#"["fails","holds"]"#);
    let rows = engine.rows("matches", 0, 10).unwrap();
    assert_eq!(json(&member(&rows, "rows.0.id")), "\"b\"");
    let why = engine.explain(0).unwrap();
    assert_eq!(json(&member(&why, "nodes.2.reason")), "\"value_differs\"");
    assert!(engine.explain(9).unwrap().is_null());
    assert!(engine.rows("nonsense", 0, 1).is_err());
}

#[wasm_bindgen_test]
fn a_refused_rule_has_findings_and_a_null_result() {
    let mut engine = Engine::new();
    let outcome = engine.run("any where x = 1").unwrap();
    assert_eq!(json(&member(&outcome, "findings.0.code")), "\"E-203\"");
    assert!(member(&outcome, "result").is_null());
    assert!(member(&outcome, "rule.name").is_null());
}

#[wasm_bindgen_test]
fn rules_are_checked_and_scanned_beside_the_last_run() {
    let mut engine = Engine::new();
    engine.load(br#"{"_id":"a","x":"1"}"#).unwrap();
    engine.run("any where x == \"1\"").unwrap();
    let findings = engine.check("any where x = 1").unwrap();
    assert_eq!(json(&member(&findings, "0.code")), "\"E-203\"");
    let rules = ["any where x == \"1\"", "any where x = 1"].map(String::from);
    let scanned = engine.scan(rules.into()).unwrap();
    assert_eq!(json(&member(&scanned, "0.matches")), r#"["a"]"#);
    assert_eq!(json(&member(&scanned, "1.error.code")), "\"E-203\"");
    assert!(member(&scanned, "1.count").is_null());
    assert_eq!(json(&member(&engine.rows("matches", 0, 1).unwrap(), "total")), "1");
    assert!(engine.set_mapping("{}").is_err());
}

#[wasm_bindgen_test]
fn the_deepest_queries_fit_the_stack() {
    let mut engine = Engine::new();
    engine.load(br#"{"a":1}"#).unwrap();
    for (query, expected) in [
        (format!("any where {}a == 1{}", "(".repeat(190), ")".repeat(190)), "1"),
        (format!("any where {}a == 1", "not ".repeat(98)), "1"),
        (format!("any where a == 1{}", " + 0".repeat(390)), "1"),
        (format!("any where a == 2{}", " or a == 1".repeat(20_000)), "1"),
    ] {
        let outcome = engine.run(&query).unwrap();
        assert_eq!(json(&member(&outcome, "result.matches")), expected);
        assert!(!engine.explain(0).unwrap().is_null());
    }
    for open in ["(", "not ", "-", "f(", "x in (", "child of [any where "] {
        let outcome = engine.run(&format!("any where {}", open.repeat(20_000))).unwrap();
        assert!(member(&outcome, "result").is_null());
    }
}
