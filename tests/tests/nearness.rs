//! The smallest set of tests that must turn over, against its definition: every subset tried.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use std::collections::BTreeMap;

use eqlens_engine::explain::Repeats;
use eqlens_engine::explain::nearness::{Flips, MAX_REPEATS, flips};
use eqlens_engine::ingest::load;
use eqlens_engine::plan::{NodeId, NodeKind, Plan};
use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::store::Store;
use proptest::prelude::*;

/// A condition over tests that are known by their number, so that one may stand many times.
#[derive(Clone, Debug)]
enum Tree {
    /// `x3 == 1`, or `x3 != 1`.
    Test(usize, bool),
    Constant(bool),
    Not(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

impl Tree {
    fn text(&self) -> String {
        let joined = |parts: &[Self], word: &str| {
            let parts: Vec<String> =
                parts.iter().map(|part| format!("({})", part.text())).collect();
            parts.join(word)
        };
        match self {
            Self::Test(n, is) => format!("x{n} {} 1", if *is { "==" } else { "!=" }),
            Self::Constant(value) => value.to_string(),
            Self::Not(inner) => format!("not ({})", inner.text()),
            Self::All(parts) => joined(parts, " and "),
            Self::Any(parts) => joined(parts, " or "),
        }
    }

    /// With the values of `x0 == 1`, `x1 == 1`, … as bits.
    fn holds(&self, values: u32) -> bool {
        match self {
            Self::Test(n, is) => (values >> n & 1 == 1) == *is,
            Self::Constant(value) => *value,
            Self::Not(inner) => !inner.holds(values),
            Self::All(parts) => parts.iter().all(|part| part.holds(values)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(values)),
        }
    }
}

/// Trees of at most 12 leaves over so many tests: the fewer tests, the more of them repeat.
fn tree(tests: usize) -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        12 => (0..tests, any::<bool>()).prop_map(|(n, is)| Tree::Test(n, is)),
        1 => any::<bool>().prop_map(Tree::Constant),
    ];
    leaf.prop_recursive(5, 12, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..5);
        prop_oneof![
            1 => inner.clone().prop_map(|tree| Tree::Not(Box::new(tree))),
            2 => parts().prop_map(Tree::All),
            2 => parts().prop_map(Tree::Any),
        ]
    })
}

fn plan(condition: &str) -> Plan {
    let (mapping, options) = (Mapping::default(), Options::default());
    let query = format!("any where {condition}");
    let compiled = compile(&query, &mapping, &Store::default(), &options);
    compiled.plan.unwrap_or_else(|| panic!("{query}: {:?}", compiled.findings))
}

/// Which test each leaf of a plan is, by its text, and whether it is negated.
fn leaves(plan: &Plan, query: &str) -> BTreeMap<NodeId, (usize, bool)> {
    let leaf = |(id, node): (NodeId, &eqlens_engine::plan::Node)| {
        let is_leaf = matches!(node.kind, NodeKind::Leaf { is_category: false, .. });
        let text = node.span.text(query).trim_matches(['(', ')']);
        let (field, is) = match text.split_once(" == ") {
            Some((field, _)) => (field, true),
            None => (text.split_once(" != ")?.0, false),
        };
        is_leaf.then_some((id, (field.strip_prefix('x')?.parse().ok()?, is)))
    };
    plan.iter().filter_map(leaf).collect()
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

/// The flips of the condition for these values, as a set of tests.
fn found(condition: &str, values: u32) -> (Flips, u32) {
    let query = format!("any where {condition}");
    let plan = plan(condition);
    let repeats = Repeats::new(&plan);
    let leaves = leaves(&plan, &query);
    let constant = |node: NodeId| {
        // `true` and `false`, and the category of `any`.
        plan.node(node).unwrap().span.text(&query) != "false"
    };
    let leaf = |node: NodeId| match leaves.get(&node) {
        Some((n, is)) => (values >> n & 1 == 1) == *is,
        None => constant(node),
    };
    let flips = flips(&plan, &repeats, NodeId(0), &leaf);
    let mut tests = 0;
    for node in flips.nodes() {
        tests |= 1_u32 << leaves.get(&node).unwrap_or_else(|| panic!("{query}: {node:?}")).0;
    }
    // All leaves of a test turn, or none of them.
    for (node, (n, _)) in &leaves {
        assert_eq!(flips.contains(*node), tests >> n & 1 == 1, "{query}");
    }
    assert_eq!(tests.count_ones() as usize, flips.len(), "{query}");
    if !flips.is_empty() {
        let turned = |node| leaf(node) != flips.contains(node);
        assert!(decide(&plan, NodeId(0), &turned), "{query} {values:b} {flips:?}");
    }
    (flips, tests)
}

/// All smallest sets of tests, by trying each subset; none where no subset helps.
fn smallest(holds: impl Fn(u32) -> bool, tests: usize, values: u32) -> Vec<u32> {
    let mut masks: Vec<u32> = (0..1_u32 << tests).filter(|mask| holds(values ^ mask)).collect();
    let fewest = masks.iter().map(|mask| mask.count_ones()).min();
    masks.retain(|mask| Some(mask.count_ones()) == fewest);
    masks
}

/// The set whose first differing test stands further ahead: that of the smallest list of places.
fn foremost(masks: &[u32], condition: &str) -> Option<u32> {
    let place = |n: u32| condition.find(&format!("x{n} ")).unwrap();
    let key = |mask: u32| {
        let mut places: Vec<usize> = (0..32).filter(|n| mask >> n & 1 == 1).map(place).collect();
        places.sort_unstable();
        places
    };
    masks.iter().copied().min_by_key(|mask| key(*mask))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_flips_are_the_fewest_of_all_subsets_and_the_foremost(
        (tree, tests) in (2_usize..10).prop_flat_map(|tests| (tree(tests), Just(tests))),
    ) {
        let condition = tree.text();
        if !condition.contains('x') {
            return Ok(());
        }
        // What the query does not name cannot be told apart from nothing.
        for values in 0..1_u32 << tests.min(5) {
            let values = values.wrapping_mul(0x9E37) & ((1 << tests) - 1);
            let (flips, mask) = found(&condition, values);
            prop_assert!(flips.is_exact());
            let masks = smallest(|values| tree.holds(values), tests, values);
            if masks.is_empty() || tree.holds(values) {
                prop_assert!(flips.is_empty(), "{} {:b}", condition, values);
            } else {
                prop_assert_eq!(Some(mask), foremost(&masks, &condition), "{} {:b}", condition, values);
            }
        }
    }
}

#[test]
fn a_test_that_stands_more_than_once_turns_everywhere_at_once() {
    for (condition, values, expected) in [
        // Twice in one conjunction: one flip. The tree alone counts two.
        ("x0 == 1 and x1 == 1 and x0 == 1", 0b10, Some(0b01)),
        // What helps here spoils it there: the tree alone counts one.
        ("x0 == 1 and (x0 != 1 or x1 == 1)", 0b00, Some(0b11)),
        ("x0 == 1 or not x0 == 1", 0b0, Some(0)),
        ("x0 == 1 and not x0 == 1", 0b0, None),
        ("(x0 == 1 and x1 == 1) or (x0 != 1 and x2 == 1)", 0b000, Some(0b100)),
        ("(x0 == 1 or x1 == 1) and (x0 == 1 or x2 == 1)", 0b000, Some(0b001)),
        ("x1 == 1 or x0 == 1 and x2 == 1", 0b000, Some(0b010)),
        ("false and x0 == 1", 0b0, None),
        ("not (x0 == 1 and x1 == 1 and x0 == 1)", 0b11, Some(0b01)),
    ] {
        let (flips, mask) = found(condition, values);
        let none = flips.is_empty() && expected.is_none();
        assert!(none || Some(mask) == expected, "{condition}: {mask:b}");
    }
}

/// A test and its negation are one, `<` and `>=` are two; a stage is fitted by itself.
#[test]
fn the_same_test_is_told_from_another() {
    for (condition, groups) in [
        ("x0 == 1 and x0 != 1", 1),
        ("x0 == 1 and x0   ==  1", 1),
        ("x0 == 1 and x0 == 2", 0),
        ("x0 < 1 and x0 >= 1", 0),
        ("x0 in (1, 2) and not x0 in (1, 2)", 1),
        ("x0 in (1, 2) and x0 in (1, 3)", 0),
        ("x0 : \"a*\" and x0 like~ \"a*\"", 0),
        ("x0 : \"a*\" and x0 : \"a*\"", 1),
        ("length(x0) > 3 and length(x0) > 3 and length(x1) > 3", 1),
        ("x0 == null and x0 != null", 1),
    ] {
        assert_eq!(Repeats::new(&plan(condition)).groups().len(), groups, "{condition}");
    }
    let store = load("{}").store;
    let query = "sequence [any where a == 1 and b == 1] [any where a == 1 and c == 1]";
    let compiled = compile(query, &Mapping::default(), &store, &Options::default());
    assert!(Repeats::new(&compiled.plan.unwrap()).groups().is_empty());
}

/// Up to the limit every choice is tried; beyond it the set is one that helps, and says what it is.
#[test]
fn many_tests_that_repeat_are_searched_as_far_as_is_said() {
    // A ring: of each two neighbours one must hold. Half of them are enough.
    let ring = |n: usize| {
        let pairs: Vec<String> =
            (0..n).map(|at| format!("(x{at} == 1 or x{} == 1)", (at + 1) % n)).collect();
        pairs.join(" and ")
    };
    let (flips, _) = found(&ring(MAX_REPEATS), 0);
    assert!(flips.is_exact());
    assert_eq!(flips.len(), MAX_REPEATS / 2);
    let (flips, _) = found(&ring(31), 0);
    assert!(flips.len() >= 16 && !flips.is_empty(), "{flips:?}");
    // One flip is the least there is, however many there are to choose from.
    let all: Vec<String> = (0..31).map(|at| format!("(x{at} == 1 or x31 == 1)")).collect();
    let (flips, mask) = found(&all.join(" and "), 0);
    assert!(flips.is_exact());
    assert_eq!(mask, 1 << 31);
}
