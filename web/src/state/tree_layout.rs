//! Where the parts of the drawn tree go. Pure arithmetic over the nodes.

use eqlens_engine::wire::{Explanation, Node, NodeKind, Verdict};

use crate::state::tree::{Nodes, TreeRow, op_word, outline, rows, stage_name};

/// Height and width of things, in the drawing's own units (one is a CSS pixel at full size).
mod measure {
    pub(super) const CATEGORY: (f32, f32) = (72.0, 44.0);
    /// A category with the number of its stage.
    pub(super) const STAGE_WIDTH: f32 = 96.0;
    /// Between two stages.
    pub(super) const BLOCK_GAP: f32 = 18.0;
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
    /// Its upper and its lower end.
    pub y: (f32, f32),
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

/// One condition with the box before it: the whole of an event query, or a stage.
struct Block {
    /// Row and text of the box.
    head: Option<(TreeRow, String)>,
    /// Top of the condition.
    top: Option<TreeRow>,
}

/// The conditions from top to bottom.
fn blocks(nodes: &[Node], rows: &[TreeRow]) -> Vec<Block> {
    let is_category = |row: &&TreeRow| kind(nodes, row) == Some(NodeKind::Category);
    let parent = |row: &TreeRow| nodes.get(usize::from(row.node)).and_then(|node| node.parent);
    let stages: Vec<&TreeRow> =
        rows.iter().filter(|row| kind(nodes, row) == Some(NodeKind::Stage)).collect();
    if stages.is_empty() {
        let head = rows.iter().find(is_category).map(|row| (*row, category_word(nodes, row)));
        return vec![Block { head, top: rows.iter().find(|row| !is_category(row)).copied() }];
    }
    let block = |stage: &&TreeRow| {
        let own = || rows.iter().filter(|row| parent(row) == Some(stage.node));
        let category = own().find(is_category).map(|row| category_word(nodes, row));
        let name = stage_name(nodes, stage.node);
        let number = match name.rsplit_once(' ') {
            Some(("Missing event", number)) => format!("!{number}"),
            Some((_, number)) => number.to_owned(),
            None => "until".to_owned(),
        };
        let text = format!("{number} {}", category.unwrap_or_default());
        Block { head: Some((**stage, text)), top: own().find(|row| !is_category(row)).copied() }
    };
    stages.iter().map(block).collect()
}

/// Lays the condition out from left to right; stages stand below each other. What is collapsed is
/// one row.
#[must_use]
pub fn layout(nodes: &[Node], collapsed: &Nodes) -> Drawing {
    use measure::{BLOCK_GAP, CATEGORY, COUNT, LEAF_HEIGHT, MIN_WIDTH, STAGE_WIDTH, TOP};
    let shown: Nodes = outline(nodes, collapsed).into_iter().collect();
    let mut rows = rows(nodes);
    rows.retain(|row| shown.contains(row.node));
    let blocks = blocks(nodes, &rows);
    let box_width = if blocks.len() > 1 { STAGE_WIDTH } else { CATEGORY.0 };
    let (parts, was_group) = (Vec::new(), None);
    let mut layout = Layout { nodes, rows: &rows, collapsed, y: TOP, was_group, parts };
    let mut edges = Vec::new();
    for (at, block) in blocks.into_iter().enumerate() {
        if at > 0 {
            layout.y += BLOCK_GAP;
            layout.was_group = None;
        }
        let (above, first) = (layout.y, layout.parts.len());
        let left = if block.head.is_some() { box_width + 12.5 } else { 0.5 };
        let middle = match &block.top {
            Some(top) => layout.place(top, left, &mut edges),
            None => above + CATEGORY.1 / 2.0,
        };
        let Some((row, text)) = block.head else { continue };
        // A condition of one row is lower than the box; the box then sets the height.
        let shift = (above - TOP + CATEGORY.1 / 2.0 + 0.5 - middle).max(0.0);
        for part in layout.parts.iter_mut().skip(first) {
            part.y += shift;
        }
        let middle = middle + shift;
        layout.y = (layout.y + shift).max(middle + CATEGORY.1 / 2.0 + 0.5);
        if let Some(top) = block.top {
            let path = format!("M{} {middle}H{left}", box_width + 0.5);
            edges.push(Edge { to: top.node, path, y: (middle, middle) });
        }
        let (y, width) = (middle - CATEGORY.1 / 2.0, box_width);
        let kind = PartKind::Category;
        let part = Part { kind, row, text, x: 0.5, y, width, height: CATEGORY.1 };
        layout.parts.insert(first, part);
    }
    let Layout { mut parts, y, .. } = layout;
    let height = y.max(TOP + LEAF_HEIGHT);
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
    /// Nodes drawn as one row.
    collapsed: &'a Nodes,
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
        if !row.is_op || self.collapsed.contains(row.node) {
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
            edges.push(Edge { to, path, y: (middle.min(y), middle.max(y)) });
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
        let node = self.nodes.get(usize::from(row.node));
        let text = match node {
            Some(node) if row.is_op => {
                let parts = self.nodes.iter().filter(|node| node.parent == Some(row.node)).count();
                format!("{} of {parts} parts, closed in the outline", op_word(node.kind))
            }
            _ => abridged(node.map_or("", |node| node.label.as_str())),
        };
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
    use crate::state::tree::folded;

    /// `sequence [process where a] ![file where b]`.
    fn sequence_nodes() -> Vec<Node> {
        let like = openssl_nodes();
        let node = |at: usize, kind, parent, depth, title: &str, label: &str| Node {
            kind,
            parent,
            depth,
            title: title.to_owned(),
            label: label.to_owned(),
            ..like[at].clone()
        };
        vec![
            node(0, NodeKind::Sequence, None, 0, "Sequence", "sequence"),
            node(0, NodeKind::Stage, Some(0), 1, "Stage", ""),
            node(1, NodeKind::Category, Some(1), 2, "Category", "process where"),
            node(3, NodeKind::Leaf, Some(1), 2, "Equals", "a == 1"),
            node(0, NodeKind::Stage, Some(0), 1, "Missing event", ""),
            node(1, NodeKind::Category, Some(4), 2, "Category", "file where"),
            node(3, NodeKind::Leaf, Some(4), 2, "Equals", "b == 1"),
        ]
    }

    #[test]
    fn leaves_stand_in_reading_order_without_overlap() {
        let drawing = layout(&openssl_nodes(), &Nodes::default());
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
        let drawing = layout(&openssl_nodes(), &Nodes::default());
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
        let drawing = layout(&openssl_nodes(), &Nodes::default());
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
        let drawing = layout(&nodes, &Nodes::default());
        assert!(drawing.parts.iter().all(|part| part.y >= 0.0));
        assert!(drawing.parts.iter().all(|part| part.y + part.height <= drawing.height));
    }

    #[test]
    fn nothing_gives_an_empty_drawing() {
        assert!(layout(&[], &Nodes::default()).parts.is_empty());
    }

    #[test]
    fn stages_stand_below_each_other_with_their_numbers() {
        let nodes = sequence_nodes();
        let drawing = layout(&nodes, &Nodes::default());
        let boxes: Vec<_> =
            drawing.parts.iter().filter(|part| part.kind == PartKind::Category).collect();
        let texts: Vec<_> = boxes.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["1 process", "!2 file"]);
        assert!(boxes[0].y + boxes[0].height < boxes[1].y);
        assert_eq!(drawing.edges.len(), 2);
    }

    #[test]
    fn a_long_list_is_closed_at_first_and_one_row() {
        let mut nodes = openssl_nodes();
        let leaf = nodes[3].clone();
        nodes.extend((0..40).map(|_| Node { parent: Some(7), ..leaf.clone() }));
        let folded = folded(&nodes);
        assert_eq!(folded, Nodes::from_iter([7]));
        let drawing = layout(&nodes, &folded);
        let row = drawing.parts.iter().find(|part| part.text.starts_with("or of 42 parts"));
        assert!(row.is_some_and(|part| part.kind == PartKind::Leaf));
        assert!(drawing.parts.len() < 12);
    }
}
