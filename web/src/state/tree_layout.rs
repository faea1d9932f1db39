//! Where the parts of the drawn tree go. Pure arithmetic over the nodes.

use eqlens_engine::wire::{Explanation, Node, NodeKind, Verdict};

use crate::state::tree::{TreeRow, op_word, rows};

/// Height and width of things, in the drawing's own units (one is a CSS pixel at full size).
mod measure {
    pub(super) const CATEGORY: (f32, f32) = (72.0, 44.0);
    pub(super) const PILL: (f32, f32) = (48.0, 22.0);
    pub(super) const LEAF_HEIGHT: f32 = 24.0;
    pub(super) const PITCH: f32 = 28.0;
    /// More room where one group ends and another begins.
    pub(super) const GROUP_GAP: f32 = 6.0;
    /// From the left edge of a pill to the one below it.
    pub(super) const STEP: f32 = 68.0;
    /// From the left edge of a pill to its leaves.
    pub(super) const LEAF_STEP: f32 = 62.0;
    pub(super) const TOP: f32 = 4.0;
    /// Advance of one monospaced character at 11 px, a little generous.
    pub(super) const CHAR: f32 = 6.65;
    /// From the left edge of a leaf to its text.
    pub(super) const TEXT: f32 = 37.0;
    /// Room for the count and its meter right of the longest text.
    pub(super) const COUNT: f32 = 70.0;
    pub(super) const MIN_WIDTH: f32 = 520.0;
}

/// Longest leaf text drawn, in characters; the whole text is a tooltip and stands in the outline.
const LONGEST: usize = 64;

/// What a part of the drawing is.
#[derive(Clone, Debug, PartialEq)]
pub enum PartKind {
    /// The box of the event category.
    Category,
    /// The pill of an operator.
    Op,
    /// A leaf's row.
    Leaf,
}

/// One part of the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its row in the annotated tree.
    pub row: TreeRow,
    /// Its text.
    pub text: String,
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A line between two parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The node it leads to.
    pub to: u16,
    /// Path data.
    pub path: String,
}

/// The drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width in its own units.
    pub width: f32,
    /// Height in its own units.
    pub height: f32,
    /// Boxes, pills and rows.
    pub parts: Vec<Part>,
    /// Lines.
    pub edges: Vec<Edge>,
}

/// Lays the condition out from left to right.
#[must_use]
pub fn layout(nodes: &[Node]) -> Drawing {
    use measure::{CATEGORY, COUNT, LEAF_HEIGHT, MIN_WIDTH, TOP};
    let rows = rows(nodes);
    let mut layout = Layout { nodes, rows: &rows, y: TOP, was_group: None, parts: Vec::new() };
    let category = rows.iter().find(|row| kind(nodes, row) == Some(NodeKind::Category));
    let top = rows.iter().find(|row| kind(nodes, row) != Some(NodeKind::Category));
    let mut edges = Vec::new();
    let left = if category.is_some() { CATEGORY.0 + 12.5 } else { 0.5 };
    let middle = match top {
        Some(top) => layout.place(top, left, &mut edges),
        None => TOP + CATEGORY.1 / 2.0,
    };
    let Layout { mut parts, y, .. } = layout;
    let mut height = y.max(TOP + LEAF_HEIGHT);
    if let Some(row) = category {
        // A condition of one row is lower than the box; the box then sets the height.
        let shift = (CATEGORY.1 / 2.0 + 0.5 - middle).max(0.0);
        for part in &mut parts {
            part.y += shift;
        }
        let middle = middle + shift;
        height = (height + shift).max(middle + CATEGORY.1 / 2.0 + 0.5);
        if let Some(top) = top {
            let path = format!("M{} {middle}H{left}", CATEGORY.0 + 0.5);
            edges.insert(0, Edge { to: top.node, path });
        }
        parts.insert(
            0,
            Part {
                kind: PartKind::Category,
                row: *row,
                text: category_word(nodes, row),
                x: 0.5,
                y: middle - CATEGORY.1 / 2.0,
                width: CATEGORY.0,
                height: CATEGORY.1,
            },
        );
    }
    let widest = parts.iter().map(|part| part.x + part.width).fold(0.0, f32::max);
    let width = (widest + COUNT).max(MIN_WIDTH);
    for part in &mut parts {
        if part.kind == PartKind::Leaf {
            part.width = width - 0.5 - part.x;
        }
    }
    Drawing { width, height: height + 1.0, parts, edges }
}

fn kind(nodes: &[Node], row: &TreeRow) -> Option<NodeKind> {
    nodes.get(usize::from(row.node)).map(|node| node.kind)
}

/// The category's name without its `where`.
#[must_use]
pub fn category_word(nodes: &[Node], row: &TreeRow) -> String {
    let label = nodes.get(usize::from(row.node)).map_or("", |node| node.label.as_str());
    label.strip_suffix("where").unwrap_or(label).trim().to_owned()
}

struct Layout<'a> {
    nodes: &'a [Node],
    rows: &'a [TreeRow],
    /// Top of the next leaf.
    y: f32,
    /// Operator the last leaf belongs to.
    was_group: Option<u16>,
    parts: Vec<Part>,
}

impl Layout<'_> {
    /// Places a row and all below it; answers with the height of its middle.
    fn place(&mut self, row: &TreeRow, x: f32, edges: &mut Vec<Edge>) -> f32 {
        use measure::{LEAF_STEP, PILL, STEP};
        if !row.is_op {
            return self.leaf(row, x);
        }
        let children: Vec<TreeRow> = self
            .rows
            .iter()
            .filter(|child| self.parent(child) == Some(row.node))
            .copied()
            .collect();
        let ends: Vec<(u16, f32, f32)> = children
            .iter()
            .map(|child| {
                let left = x + if child.is_op { STEP } else { LEAF_STEP };
                (child.node, left, self.place(child, left, edges))
            })
            .collect();
        let first = ends.first().map_or(self.y, |end| end.2);
        let last = ends.last().map_or(first, |end| end.2);
        let middle = f32::midpoint(first, last);
        let right = x + PILL.0;
        let bend = right + 7.0;
        for (to, left, y) in ends {
            let path = format!("M{right} {middle}H{bend}V{y}H{left}");
            edges.push(Edge { to, path });
        }
        let node = self.nodes.get(usize::from(row.node));
        self.parts.push(Part {
            kind: PartKind::Op,
            row: *row,
            text: node.map_or("", |node| op_word(node.kind)).to_owned(),
            x,
            y: middle - PILL.1 / 2.0,
            width: PILL.0,
            height: PILL.1,
        });
        middle
    }

    fn leaf(&mut self, row: &TreeRow, x: f32) -> f32 {
        use measure::{GROUP_GAP, LEAF_HEIGHT, PITCH};
        let group = self.parent(row);
        if self.was_group.is_some() && self.was_group != group {
            self.y += GROUP_GAP;
        }
        self.was_group = group;
        let label = self.nodes.get(usize::from(row.node)).map_or("", |node| node.label.as_str());
        let text = abridged(label);
        let width = text_width(&text);
        let y = self.y;
        self.y += PITCH;
        let kind = PartKind::Leaf;
        self.parts.push(Part { kind, row: *row, text, x, y, width, height: LEAF_HEIGHT });
        y + LEAF_HEIGHT / 2.0
    }

    fn parent(&self, row: &TreeRow) -> Option<u16> {
        self.nodes.get(usize::from(row.node)).and_then(|node| node.parent)
    }
}

/// From the left edge of a leaf to the end of its text.
#[must_use]
pub fn text_width(text: &str) -> f32 {
    measure::TEXT + measure::CHAR * text.chars().count() as f32
}

fn abridged(label: &str) -> String {
    match label.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}\u{2026}", label.get(..end).unwrap_or(label)),
        None => label.to_owned(),
    }
}

/// True for a line that leads to a clause which decides: the path along which the event fails.
#[must_use]
pub fn is_on_failing_path(nodes: &[Node], explanation: &Explanation, to: u16) -> bool {
    let below = |mut at: usize| loop {
        if at == usize::from(to) {
            return true;
        }
        match nodes.get(at).and_then(|node| node.parent) {
            Some(parent) => at = usize::from(parent),
            None => return false,
        }
    };
    explanation.nodes.iter().enumerate().any(|(at, node)| {
        let is_leaf =
            nodes.get(at).is_some_and(|node| node.kind == NodeKind::Leaf || node.clause.is_some());
        node.decisive && is_leaf && node.verdict != Verdict::Holds && below(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::openssl_nodes;

    #[test]
    fn leaves_stand_in_reading_order_without_overlap() {
        let drawing = layout(&openssl_nodes());
        let leaves: Vec<_> =
            drawing.parts.iter().filter(|part| part.kind == PartKind::Leaf).collect();
        assert_eq!(leaves.len(), 10);
        assert!(
            leaves.iter().zip(leaves.iter().skip(1)).all(|(one, two)| {
                one.y + one.height <= two.y && one.row.clause < two.row.clause
            })
        );
    }

    #[test]
    fn operators_sit_in_the_middle_of_their_parts() {
        let drawing = layout(&openssl_nodes());
        let middle = |word: &str, nth: usize| {
            let mut all: Vec<_> = drawing
                .parts
                .iter()
                .filter(|part| part.text == word)
                .map(|part| (part.x, part.y + part.height / 2.0))
                .collect();
            all.sort_by(|one, two| one.partial_cmp(two).unwrap());
            all[nth].1
        };
        assert_eq!(middle("and", 0), 151.0);
        assert_eq!(middle("or", 0), 200.0);
        assert_eq!((middle("and", 1), middle("and", 2)), (162.0, 238.0));
        assert_eq!(middle("process", 0), 151.0);
    }

    #[test]
    fn every_part_but_the_category_has_one_line_to_it() {
        let drawing = layout(&openssl_nodes());
        let mut reached: Vec<_> = drawing.edges.iter().map(|edge| edge.to).collect();
        let mut parts: Vec<_> = drawing
            .parts
            .iter()
            .filter(|part| part.kind != PartKind::Category)
            .map(|part| part.row.node)
            .collect();
        reached.sort_unstable();
        parts.sort_unstable();
        assert_eq!(reached, parts);
    }

    #[test]
    fn a_single_clause_is_as_high_as_the_category() {
        let nodes = [&openssl_nodes()[..2], &openssl_nodes()[3..4]].concat();
        let drawing = layout(&nodes);
        assert!(drawing.parts.iter().all(|part| part.y >= 0.0));
        assert!(drawing.parts.iter().all(|part| part.y + part.height <= drawing.height));
    }

    #[test]
    fn nothing_gives_an_empty_drawing() {
        assert!(layout(&[]).parts.is_empty());
    }
}
