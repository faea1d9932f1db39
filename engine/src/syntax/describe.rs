//! A query read aloud: plain English that says no more and no less than the tree.
//!
//! Queries whose trees differ never read the same, and the author's parentheses, comments and
//! spelling make no difference. So every construct has words of its own, every value stands in
//! quotes that tell where it ends, and what belongs to what is told by indentation. Where English
//! would be longer or less clear than the language (arithmetic, calls within calls), the code
//! itself is shown.

mod leaf;
mod verbs;

use crate::span::Span;
use crate::syntax::ast::{Body, Category, Expr, ExprKind, Filter, Query, Term, Terms};
use crate::syntax::describe::leaf::passes_without;
use crate::syntax::print::{Piece, Writer, is_word, quote_plainly};

/// A query in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The lines, in the order of the query.
    pub lines: Vec<Line>,
}

/// One line of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How far it is indented, in steps; a line belongs to the last one before it with less.
    pub depth: u16,
    /// Its pieces; joined they are its text.
    pub parts: Vec<Part>,
    /// The part of the query it tells, with what is indented below it.
    pub span: Span,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its text.
    pub text: String,
}

/// Kinds of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// English, and code that is neither of the others.
    Word,
    /// A field.
    Field,
    /// A constant, an event category, a number.
    Value,
    /// A remark of little weight: that absence counts, in which case a function's name is written.
    Note,
}

impl Reading {
    /// All of it as text: a line each, two blanks for every step.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.extend(std::iter::repeat_n("  ", line.depth.into()));
            text.extend(line.parts.iter().map(|part| part.text.as_str()));
            text.push('\n');
        }
        text
    }
}

/// Reads a query that was parsed from `source`. A part that could not be parsed is told as such.
///
/// ```
/// use eqlens_engine::syntax::{describe::describe, parser::parse};
///
/// let query = "process where process.name : \"cmd.exe\" and not process.args == \"/c\"";
/// assert_eq!(
///     describe(&parse(query).0, query).text(),
///     "Every process event where all of:\n  process.name is \"cmd.exe\" (any case)\n  \
///      process.args does not contain \"/c\" (or missing)\n"
/// );
/// ```
#[must_use]
pub fn describe(query: &Query, source: &str) -> Reading {
    let mut reader = Reader { source, lines: Vec::new() };
    match &query.body {
        Body::Event(filter) => {
            reader.line(0, filter.span);
            reader.word("Every ");
            reader.filter(filter, 0);
        }
        Body::Sequence(terms) => reader.terms("A sequence of ", terms, ""),
        Body::Sample(terms) => reader.terms("A sample of ", terms, " in any order"),
        Body::Join(terms) => reader.terms("A join of ", terms, " (not supported)"),
        Body::Hole => {
            reader.line(0, query.span);
            reader.word(UNREADABLE);
        }
    }
    for pipe in &query.pipes {
        reader.line(0, pipe.span);
        let name = pipe.name.text(source);
        let end = match name {
            "head" => "Of these only the first ",
            _ => "Of these only the last ",
        };
        match pipe.args.as_slice() {
            [Expr { kind: ExprKind::Number(number), .. }] if ["head", "tail"].contains(&name) => {
                reader.word(end);
                reader.push(PartKind::Value, &number.to_string());
            }
            args => {
                reader.word("Then the pipe ");
                reader.word(name);
                if !args.is_empty() {
                    reader.word(" with ");
                    reader.code_list(args);
                }
            }
        }
    }
    Reading { lines: reader.lines }
}

const UNREADABLE: &str = "(what could not be read)";

const NONE_OF: &str = "none of";

/// Said once of all that stands in a group.
const OR_MISSING: &str = " (or missing)";

struct Reader<'s> {
    source: &'s str,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn line(&mut self, depth: u16, span: Span) {
        self.lines.push(Line { depth, parts: Vec::new(), span });
    }

    /// Adds to the last line.
    fn push(&mut self, kind: PartKind, text: &str) {
        let Some(line) = self.lines.last_mut().filter(|_| !text.is_empty()) else { return };
        match line.parts.last_mut() {
            Some(last)
                if last.kind == kind && !matches!(kind, PartKind::Field | PartKind::Value) =>
            {
                last.text.push_str(text)
            }
            _ => line.parts.push(Part { kind, text: text.to_owned() }),
        }
    }

    fn word(&mut self, text: &str) {
        self.push(PartKind::Word, text);
    }

    fn code(&mut self, expr: &Expr, least: u8) {
        let source = self.source;
        let mut sink = |piece, text: &str| {
            let kind = match piece {
                Piece::Code => PartKind::Word,
                Piece::Field => PartKind::Field,
                Piece::Value => PartKind::Value,
            };
            self.push(kind, text);
        };
        Writer { source, bare: true, sink: &mut sink }.expr(expr, least);
    }

    fn code_list(&mut self, items: &[Expr]) {
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                self.word(", ");
            }
            self.code(item, 0);
        }
    }

    /// `sequence …` and its kin: what they are, then a line for each term.
    fn terms(&mut self, what: &str, terms: &Terms, order: &str) {
        let end = terms.terms.first().map_or(terms.span.end, |term| term.span.start);
        self.line(0, Span::new(terms.span.start, end));
        let n = terms.terms.len();
        // What is repeated or missing is no event that could be counted; but a single one is.
        let is_plain = terms.terms.iter().all(|term| !term.missing && term.runs.is_none());
        let (count, noun) = match terms.terms.as_slice() {
            [Term { runs: Some((_, number, _)), missing: false, .. }] => {
                (number.to_string(), " event")
            }
            _ => (n.to_string(), if is_plain { " event" } else { " step" }),
        };
        let word = count.parse().ok().and_then(|n: usize| NUMBERS.get(n));
        self.word(what);
        self.word(word.unwrap_or(&count.as_str()));
        self.word(noun);
        self.word(if count == "1" { "" } else { "s" });
        self.word(order);
        if let Some(maxspan) = &terms.maxspan {
            self.word(if n == 2 && is_plain { ", the second" } else { ", the last" });
            self.word(" at most ");
            let number = maxspan.number.to_string();
            self.push(PartKind::Value, &number);
            self.word(" ");
            let unit = maxspan.unit.map(|unit| unit.text(self.source));
            match UNITS.iter().find(|(short, _)| Some(*short) == unit) {
                Some((_, name)) if number == "1" => self.word(name),
                Some((_, name)) => self.word(&format!("{name}s")),
                None => match unit {
                    Some(unit) => self.push(PartKind::Value, &quote_plainly(unit)),
                    None => self.word("of no unit"),
                },
            }
            self.word(" after the first");
        }
        if !terms.keys.is_empty() {
            self.word(", with the same ");
            self.keys(&terms.keys);
        }
        self.equal_keys(terms);
        self.word(":");
        for (n, term) in terms.terms.iter().enumerate() {
            self.line(1, term.span);
            self.word(&format!("{}. ", n + 1));
            self.term(term);
        }
        if let Some(until) = &terms.until {
            self.line(1, until.span);
            self.word("until ");
            self.term(until);
        }
    }

    fn keys(&mut self, keys: &[Expr]) {
        for (n, key) in keys.iter().enumerate() {
            self.word(if n > 0 { ", " } else { "" });
            self.subject(key);
        }
    }

    /// What must be equal from term to term, key by key, where all terms have as many. Each tells
    /// its own keys beside its event, too: this says what they are for.
    fn equal_keys(&mut self, terms: &Terms) {
        let all = || terms.terms.iter().chain(terms.until.as_deref());
        let n = all().map(|term| term.keys.len()).max().unwrap_or_default();
        if all().any(|term| term.keys.len() != n) {
            return;
        }
        for at in 0..n {
            self.word(match (at, terms.keys.is_empty()) {
                (0, true) => ", with ",
                _ => ", and ",
            });
            let name = |key: &Expr| match &key.kind {
                ExprKind::Field(field) => Some((field.optional, field.name.clone())),
                _ => None,
            };
            let mut keys = all().filter_map(|term| term.keys.get(at));
            let first = keys.next();
            let is_same = |key: &Expr| name(key).is_some() && first.map(name) == Some(name(key));
            if let Some(first) = first.filter(|_| keys.all(is_same)) {
                self.word("the same ");
                self.subject(first);
                self.word(" in each step");
                continue;
            }
            for (step, term) in all().enumerate() {
                self.word(if step > 0 { " = " } else { "" });
                term.keys.get(at).into_iter().for_each(|key| self.subject(key));
                match terms.terms.get(step) {
                    Some(_) => self.word(&format!(" (step {})", step + 1)),
                    None => self.word(" (until)"),
                }
            }
        }
    }

    fn term(&mut self, term: &Term) {
        if let Some((name, number, _)) = &term.runs {
            let name = name.text(self.source);
            let number = number.to_string();
            self.push(PartKind::Value, &number);
            if name != "runs" {
                self.word(" (");
                self.word(name);
                self.word(")");
            }
            self.word(if number == "1" { " time: " } else { " times: " });
        }
        self.word(match (&term.filter.category, term.missing) {
            (_, true) => "no ",
            (Category::Name(name), _) if name.starts_with(['a', 'e', 'i', 'o', 'u']) => "an ",
            (Category::Name(_), _) => "a ",
            _ => "an ",
        });
        let keys = |reader: &mut Self| {
            if !term.keys.is_empty() {
                reader.word(" (joined on ");
                reader.keys(&term.keys);
                reader.word(")");
            }
        };
        self.event(&term.filter.category);
        keys(self);
        self.holds_where(&term.filter, 1);
    }

    fn filter(&mut self, filter: &Filter, depth: u16) {
        self.event(&filter.category);
        self.holds_where(filter, depth);
    }

    /// `process event`.
    fn event(&mut self, category: &Category) {
        match category {
            Category::Any => self.word("event of any category"),
            Category::Hole => self.word(UNREADABLE),
            Category::Name(name) => {
                if is_word(name) {
                    self.push(PartKind::Value, name);
                } else {
                    self.push(PartKind::Value, &quote_plainly(name));
                }
                self.word(" event");
            }
        }
    }

    fn holds_where(&mut self, filter: &Filter, depth: u16) {
        if filter.condition.inner().kind != ExprKind::Bool(true) {
            self.word(" where ");
            self.condition(&filter.condition, depth);
        }
    }

    /// Does each test in a condition fail for want of its field, so that none of them excludes an
    /// event without any?
    fn fails_without(&self, expr: &Expr) -> bool {
        let expr = expr.inner();
        match expr.kind {
            ExprKind::And(..) | ExprKind::Or(..) => {
                expr.operands().iter().all(|operand| self.fails_without(operand))
            }
            _ => passes_without(expr, self.source, true),
        }
    }

    /// A condition, from where the last line stands; what belongs to it is indented below.
    fn condition(&mut self, expr: &Expr, depth: u16) {
        let expr = expr.inner();
        let (inner, group) = match &expr.kind {
            ExprKind::And(..) => (expr, "all of"),
            ExprKind::Or(..) => (expr, "any of"),
            ExprKind::Not(inner) => match inner.inner() {
                inner if matches!(inner.kind, ExprKind::And(..)) => (inner, "not all of"),
                inner if matches!(inner.kind, ExprKind::Or(..)) => (inner, NONE_OF),
                inner if matches!(inner.kind, ExprKind::Not(_)) => {
                    self.word("not: ");
                    return self.condition(inner, depth);
                }
                leaf => return self.leaf(leaf, true, depth),
            },
            _ => return self.leaf(expr, false, depth),
        };
        self.word(group);
        let operands = inner.operands();
        if group == NONE_OF && operands.iter().all(|operand| self.fails_without(operand)) {
            self.push(PartKind::Note, OR_MISSING);
        }
        self.word(":");
        for operand in operands {
            self.line(depth + 1, operand.span);
            self.condition(operand, depth + 1);
        }
    }
}

const NUMBERS: [&str; 11] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

const UNITS: [(&str, &str); 5] =
    [("ms", "millisecond"), ("s", "second"), ("m", "minute"), ("h", "hour"), ("d", "day")];
