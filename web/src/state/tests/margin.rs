//! What stands before the lines of the rule editor.

use super::*;
use crate::state::tree::margin;
use crate::state::window::WHOLE;

#[test]
fn stages_that_begin_on_one_line_share_a_square() {
    // Title, label and line of each stage; then line, square, tooltip and dashes of each line.
    type Stages = &'static [(&'static str, &'static str, u32)];
    type Squares = &'static [(u32, &'static str, &'static str, bool)];
    let cases: [(Stages, Squares); 4] = [
        (
            &[("Stage", "[a]", 1), ("Stage", "[b]", 2)],
            &[(1, "1", "Stage 1", false), (2, "2", "Stage 2", false)],
        ),
        (
            &[("Stage", "[a]", 1), ("Stage", "[b]", 1)],
            &[(1, "1\u{2013}2", "Stage 1, Stage 2", false)],
        ),
        (
            &[("Stage", "[a] with runs=2", 1), ("Stage", "[b]", 1), ("Until", "[c]", 1)],
            &[(1, "1\u{2013}u", "Stage 1\u{2013}2, Stage 3, Until", false)],
        ),
        (
            &[("Stage", "[a]", 1), ("Missing event", "![b]", 2), ("Missing event", "![c]", 2)],
            &[
                (1, "1", "Stage 1", false),
                (2, "2\u{2013}3", "Missing event 2, Missing event 3", true),
            ],
        ),
    ];
    for (stages, expected) in cases {
        let stage = |&(title, label, line): &(&str, &str, u32)| Node {
            kind: NodeKind::Stage,
            parent: Some(0),
            depth: 1,
            title: title.into(),
            label: label.into(),
            span: Span { line, column: 1, ..Span::default() },
            clause: None,
            count: None,
            reach: None,
        };
        let nodes: Vec<Node> = stages.iter().map(stage).collect();
        let entries = margin(&nodes, 9, &WHOLE);
        let shown = entries
            .iter()
            .map(|entry| (entry.line, &*entry.stage, &*entry.stage_title, entry.is_missing));
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }
}
