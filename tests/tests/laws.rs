//! Laws that hold for any query and any events.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::desk::Desk;
use eqlens_engine::eval::Recording;
use eqlens_engine::explain::nearness::flips;
use eqlens_engine::explain::{Repeats, distances};
use eqlens_engine::ingest::load;
use eqlens_engine::plan::{NodeId, NodeKind, Plan};
use eqlens_engine::rule::IndexPatterns;
use eqlens_engine::run::{Options, compile, search};
use eqlens_engine::schema::Mapping;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::print;
use eqlens_engine::wire::{Filter, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A condition, and what it says of one event, written down a second time without columns.
#[derive(Clone, Debug)]
enum Law {
    /// `field == "value"` or, insensitively and with wildcards, `field : "value"`.
    Test {
        field: &'static str,
        op: &'static str,
        value: &'static str,
    },
    Not(Box<Law>),
    And(Box<Law>, Box<Law>),
    Or(Box<Law>, Box<Law>),
}

impl Law {
    fn text(&self) -> String {
        match self {
            Self::Test { field, op, value } => format!("{field} {op} \"{value}\""),
            Self::Not(inner) => format!("not ({})", inner.text()),
            Self::And(a, b) => format!("({}) and ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({}) or ({})", a.text(), b.text()),
        }
    }

    fn holds(&self, event: &Value) -> bool {
        match self {
            Self::Test { field, op, value } => {
                let values = match &event[*field] {
                    Value::Array(values) => values.clone(),
                    Value::Null => Vec::new(),
                    one => vec![one.clone()],
                };
                let any = values.iter().any(|found| {
                    let found = found.as_str().unwrap();
                    match *op {
                        ":" if *value == "*" => true,
                        ":" => found.eq_ignore_ascii_case(value),
                        _ => found == *value,
                    }
                });
                any != (*op == "!=")
            }
            Self::Not(inner) => !inner.holds(event),
            Self::And(a, b) => a.holds(event) && b.holds(event),
            Self::Or(a, b) => a.holds(event) || b.holds(event),
        }
    }
}

fn law() -> impl Strategy<Value = Law> {
    let field = prop::sample::select(vec!["f", "g", "h"]);
    let op = prop::sample::select(vec!["==", "!=", ":"]);
    let value = prop::sample::select(vec!["a", "A", "b", "*"]);
    let leaf = (field, op, value).prop_map(|(field, op, value)| Law::Test { field, op, value });
    leaf.prop_recursive(4, 8, 2, |inner| {
        let (a, b) = (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(|law| Law::Not(Box::new(law))),
            (a, b).prop_map(|(a, b)| Law::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Law::Or(Box::new(a), Box::new(b))),
        ]
    })
}

fn events() -> impl Strategy<Value = Vec<Value>> {
    let text = prop::sample::select(vec!["a", "A", "b", "c"]);
    let field = prop_oneof![
        Just(Value::Null),
        text.clone().prop_map(Value::from),
        prop::collection::vec(text, 0..3).prop_map(Value::from),
    ];
    let event =
        (field.clone(), field.clone(), field).prop_map(|(f, g, h)| json!({"f": f, "g": g, "h": h}));
    prop::collection::vec(event, 0..80)
}

/// The value of a node when the leaves have these values.
fn decide(plan: &Plan, node: NodeId, leaf: &impl Fn(NodeId) -> bool) -> bool {
    match plan.node(node).unwrap().kind {
        NodeKind::Leaf { .. } => leaf(node),
        NodeKind::Not => !plan.children(node).all(|child| decide(plan, child, leaf)),
        ref kind if kind.is_any() => plan.children(node).any(|child| decide(plan, child, leaf)),
        _ => plan.children(node).all(|child| decide(plan, child, leaf)),
    }
}

proptest! {
    #[test]
    fn columns_say_what_the_definition_says(law in law(), events in events()) {
        let query = format!("any where {}", law.text());
        let ndjson: String = events.iter().map(|event| format!("{event}\n")).collect();
        let store = load(&ndjson).store;
        let compiled = compile(&query, &Mapping::default(), &store, &Options::default());
        let plan = compiled.plan.unwrap();
        let mut recording = Recording::default();
        let (patterns, options) = (IndexPatterns::default(), Options::default());
        let found = search(&plan, &store, &patterns, &options, &mut recording, &mut ());
        let silent = search(&plan, &store, &patterns, &options, &mut (), &mut ());
        prop_assert_eq!(&found.matches, &silent.matches);
        let repeats = Repeats::new(&plan);
        let far = distances(&plan, &repeats, &recording, &store);
        for (at, event) in events.iter().enumerate() {
            let at = at as u32;
            prop_assert_eq!(found.matches.get(at), law.holds(event), "{} on {}", query, event);
            // Every node's bit follows from the bits of the leaves.
            let leaf = |node| recording.holds(node, at);
            for (id, _) in plan.iter() {
                prop_assert_eq!(recording.holds(id, at), decide(&plan, id, &leaf));
            }
            let flips = flips(&plan, &repeats, NodeId(0), &leaf);
            // Nothing is nearer than the column says; 0, 1 and what no test repeats are exact.
            let column = usize::from(far[at as usize]);
            if found.matches.get(at) || !flips.is_empty() {
                prop_assert!(flips.len() <= column, "{} on {}", query, event);
            } else {
                prop_assert_eq!(column, 255, "{} on {}", query, event);
            }
            if flips.len() == 1 || column <= 1 || repeats.groups().is_empty() {
                let is_none = flips.is_empty() && column == 255;
                prop_assert!(is_none || flips.len() == column, "{} on {}", query, event);
            }
        }
    }

    #[test]
    fn every_reading_of_a_run_says_the_same(law in law(), events in events()) {
        let query = format!("any where {}", law.text());
        let ndjson: String = events.iter().map(|event| format!("{event}\n")).collect();
        let mut desk = Desk::new();
        desk.load(&ndjson);
        let outcome = desk.run(&query, &|| 0.0);
        let verdicts = outcome.result.unwrap().verdicts;
        let near = desk.rows(Filter::Near, 0, u32::MAX).rows;
        let nearest = desk.nearest(u32::MAX).events;
        for row in desk.rows(Filter::All, 0, u32::MAX).rows {
            let event = &events[row.event as usize];
            let holds = law.holds(event);
            let explained = desk.explain(row.event).unwrap();
            prop_assert_eq!(verdicts[row.event as usize], row.verdict, "{} on {}", query, event);
            prop_assert_eq!(explained.verdict, row.verdict);
            prop_assert_eq!(row.verdict == Verdict::Holds, holds, "{} on {}", query, event);
            prop_assert_eq!(explained.nodes[0].verdict == Verdict::Holds, holds);
            prop_assert_eq!(row.why.is_empty(), holds, "{}", row.why);
            // A test that stands twice is one, in two cells.
            let distance = nearest.iter().find(|other| other.event == row.event);
            let is_near = holds || distance.is_some_and(|near| near.distance == 1);
            prop_assert_eq!(near.iter().any(|other| other.event == row.event), is_near);
        }
    }

    #[test]
    fn any_text_is_answered_and_prints_the_same_twice(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "any", "where", "a", "==", "\"x\"", "'y'", "and", "or", "not", "(", ")", "[", "]", "|",
            ",", "in", ":", "like", "1", "1.5e", "-", "=", "?", ".", "`q`", "`", "\"", "\\", "/*",
            "sequence", "by", "with", "maxspan", "until", "head", "null", "true", "\u{a0}", "f(",
        ]), 0..24)
    ) {
        let source = pieces.join(" ");
        let (tree, findings) = parse(&source);
        for finding in &findings {
            let span = finding.span;
            prop_assert!(span.start <= span.end && span.end as usize <= source.len());
            prop_assert!(source.is_char_boundary(span.start as usize));
        }
        if findings.is_empty() {
            let printed = print(&tree, &source);
            let (again, findings) = parse(&printed);
            prop_assert!(findings.is_empty(), "{source} printed as {printed}");
            prop_assert_eq!(print(&again, &printed), printed);
        }
    }
}

/// What is said of a clause that fails is true of the clause.
#[test]
fn bounds_and_nulls_are_not_told_as_equalities() {
    let mut desk = Desk::new();
    desk.load("{\"n\":7,\"m\":0,\"x\":\"a\"}");
    let mut told = |query: &str| {
        desk.run(query, &|| 0.0);
        desk.explain(0).unwrap().sentence
    };
    assert!(told("any where not n > 5").contains("`n` is `7`, which this clause excludes"));
    assert!(told("any where \"b\" < x").contains("`x` is `a`, not "));
    assert!(told("any where n / m > 5").contains("the result is `null`"));
}
