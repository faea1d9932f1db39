//! The tree as text and as data: canonical EQL, and nodes for `eqlens parse`.

use std::fmt::Write as _;

use crate::span::Span;
use crate::syntax::ast::{Body, Category, Expr, ExprKind, Field, Filter, Query, Term, Terms};
use crate::syntax::lexer::quote_text;
use crate::syntax::token::Keyword;

/// A node of the syntax tree as the command line shows it: `kind` in snake case after the
/// productions of spec §2.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Name of the construct.
    pub kind: &'static str,
    /// Where it stands.
    pub span: Span,
    /// For leaves: a field's name, a string's value, an operator.
    pub text: Option<String>,
    /// Its parts in source order.
    pub children: Vec<Outline>,
}

impl Outline {
    fn new(kind: &'static str, span: Span, children: Vec<Self>) -> Self {
        Self { kind, span, text: None, children }
    }

    fn leaf(kind: &'static str, span: Span, text: impl Into<String>) -> Self {
        Self { kind, span, text: Some(text.into()), children: Vec::new() }
    }

    fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

/// The tree as nested nodes.
#[must_use]
pub fn outline(query: &Query, source: &str) -> Outline {
    let mut children = match &query.body {
        Body::Event(filter) => vec![outline_filter("event", filter, source)],
        Body::Sequence(terms) => vec![outline_terms("sequence", "stage", terms, source)],
        Body::Sample(terms) => vec![outline_terms("sample", "term", terms, source)],
        Body::Join(terms) => vec![outline_terms("join", "term", terms, source)],
        Body::Hole => vec![Outline::new("hole", query.span, Vec::new())],
    };
    for pipe in &query.pipes {
        let args = pipe.args.iter().map(|arg| outline_expr(arg, source)).collect();
        children.push(Outline::new("pipe", pipe.span, args).with_text(pipe.name.text(source)));
    }
    Outline::new("query", query.span, children)
}

fn outline_filter(kind: &'static str, filter: &Filter, source: &str) -> Outline {
    let category = match &filter.category {
        Category::Any => Outline::leaf("any", filter.category_span, "any"),
        Category::Name(name) => Outline::leaf("category", filter.category_span, name.as_ref()),
        Category::Hole => Outline::new("hole", filter.category_span, Vec::new()),
    };
    Outline::new(kind, filter.span, vec![category, outline_expr(&filter.condition, source)])
}

fn outline_terms(kind: &'static str, each: &'static str, terms: &Terms, source: &str) -> Outline {
    let mut children: Vec<Outline> =
        terms.keys.iter().map(|key| outline_expr(key, source)).collect();
    if let Some(maxspan) = &terms.maxspan {
        let unit = maxspan.unit.map(|unit| unit.text(source)).unwrap_or_default();
        let text = format!("{}{unit}", maxspan.number);
        children.push(Outline::leaf("maxspan", maxspan.span, text));
    }
    let term = |kind, term: &Term| {
        let mut parts = vec![outline_filter("filter", &term.filter, source)];
        parts.extend(term.keys.iter().map(|key| outline_expr(key, source)));
        if let Some((name, number, span)) = &term.runs {
            parts.push(Outline::leaf("runs", name.to(*span), number.to_string()));
        }
        Outline::new(if term.missing { "missing_stage" } else { kind }, term.span, parts)
    };
    children.extend(terms.terms.iter().map(|each_term| term(each, each_term)));
    children.extend(terms.until.iter().map(|until| term("until", until)));
    Outline::new(kind, terms.span, children)
}

fn outline_expr(expr: &Expr, source: &str) -> Outline {
    let of = |part: &Expr| outline_expr(part, source);
    let all = |parts: &[Expr]| parts.iter().map(of).collect::<Vec<_>>();
    let span = expr.span;
    match &expr.kind {
        ExprKind::Null => Outline::leaf("null", span, "null"),
        ExprKind::Bool(value) => Outline::leaf("boolean", span, value.to_string()),
        ExprKind::Number(number) => Outline::leaf("number", span, number.to_string()),
        ExprKind::Str(text) => Outline::leaf("string", span, text.as_ref()),
        ExprKind::Field(field) if field.optional => {
            Outline::leaf("optional_field", span, field.name.as_ref())
        }
        ExprKind::Field(field) => Outline::leaf("field", span, field.name.as_ref()),
        ExprKind::Call { name, args } => {
            Outline::new("call", span, all(args)).with_text(name.text(source))
        }
        ExprKind::Sign { negative, inner } => {
            Outline::new("sign", span, vec![of(inner)]).with_text(if *negative { "-" } else { "+" })
        }
        ExprKind::Arithmetic { op, left, right, .. } => {
            Outline::new("arithmetic", span, vec![of(left), of(right)]).with_text(op.text())
        }
        ExprKind::Compare { op, left, right, .. } => {
            Outline::new("comparison", span, vec![of(left), of(right)]).with_text(op.text())
        }
        ExprKind::In { value, negated, insensitive, list, .. } => {
            let text = match (negated, insensitive) {
                (false, false) => "in",
                (false, true) => "in~",
                (true, false) => "not in",
                (true, true) => "not in~",
            };
            let children = [vec![of(value)], all(list)].concat();
            Outline::new("in_list", span, children).with_text(text)
        }
        ExprKind::Pattern { value, op, patterns, .. } => {
            let children = [vec![of(value)], all(patterns)].concat();
            Outline::new("pattern", span, children).with_text(op.text())
        }
        ExprKind::Not(inner) => Outline::new("not", span, vec![of(inner)]),
        ExprKind::And(..) => Outline::new("and", span, expr.chain().into_iter().map(of).collect()),
        ExprKind::Or(..) => Outline::new("or", span, expr.chain().into_iter().map(of).collect()),
        ExprKind::Paren(inner) => Outline::new("parenthesis", span, vec![of(inner)]),
        ExprKind::Hole => Outline::new("hole", span, Vec::new()),
    }
}

/// Canonical text: `parse(print(parse(q)))` equals `parse(q)` apart from spans.
#[must_use]
pub fn print(query: &Query, source: &str) -> String {
    let mut text = match &query.body {
        Body::Event(filter) => print_filter(filter, source),
        Body::Sequence(terms) => print_terms("sequence", terms, source),
        Body::Sample(terms) => print_terms("sample", terms, source),
        Body::Join(terms) => print_terms("join", terms, source),
        Body::Hole => String::new(),
    };
    for pipe in &query.pipes {
        let _ = write!(text, " | {}", pipe.name.text(source));
        if !pipe.args.is_empty() {
            let _ = write!(text, " {}", print_list(&pipe.args, source));
        }
    }
    text
}

fn print_filter(filter: &Filter, source: &str) -> String {
    let category = match &filter.category {
        Category::Any => "any".to_owned(),
        Category::Name(name) => {
            // A word stays a word; whatever else needs its quotes.
            let written = filter.category_span.text(source);
            if written.starts_with('"') { quote_text(name) } else { name.to_string() }
        }
        Category::Hole => String::new(),
    };
    format!("{category} where {}", print_expr(&filter.condition, source))
}

fn print_terms(word: &str, terms: &Terms, source: &str) -> String {
    let mut text = word.to_owned();
    if !terms.keys.is_empty() {
        let _ = write!(text, " by {}", print_list(&terms.keys, source));
    }
    if let Some(maxspan) = &terms.maxspan {
        let unit = maxspan.unit.map(|unit| unit.text(source)).unwrap_or_default();
        let _ = write!(text, " with maxspan={}{unit}", maxspan.number);
    }
    for term in &terms.terms {
        let _ = write!(text, " {}", print_term(term, source));
    }
    if let Some(until) = &terms.until {
        let _ = write!(text, " until {}", print_term(until, source));
    }
    text
}

fn print_term(term: &Term, source: &str) -> String {
    let open = if term.missing { "![" } else { "[" };
    let mut text = format!("{open}{}]", print_filter(&term.filter, source));
    if !term.keys.is_empty() {
        let _ = write!(text, " by {}", print_list(&term.keys, source));
    }
    if let Some((name, number, _)) = &term.runs {
        let _ = write!(text, " with {}={number}", name.text(source));
    }
    text
}

fn print_list(items: &[Expr], source: &str) -> String {
    let mut text = String::new();
    Writer { source, bare: false, sink: &mut |_, part| text.push_str(part) }.list(items);
    text
}

fn print_expr(expr: &Expr, source: &str) -> String {
    let mut text = String::new();
    Writer { source, bare: false, sink: &mut |_, part| text.push_str(part) }.expr(expr, 0);
    text
}

/// What a piece of a written expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// An operator, a function's name, a bracket.
    Code,
    /// A field.
    Field,
    /// A constant.
    Value,
}

/// Writes expressions piece by piece.
pub(super) struct Writer<'w> {
    /// The text that was parsed.
    pub(super) source: &'w str,
    /// Without the author's parentheses, but with those that the tree needs; and with strings as
    /// people read them.
    pub(super) bare: bool,
    /// Takes the pieces.
    pub(super) sink: &'w mut dyn FnMut(Piece, &str),
}

impl Writer<'_> {
    fn code(&mut self, text: &str) {
        (self.sink)(Piece::Code, text);
    }

    fn value(&mut self, text: &str) {
        (self.sink)(Piece::Value, text);
    }

    pub(super) fn list(&mut self, items: &[Expr]) {
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                self.code(", ");
            }
            self.expr(item, 0);
        }
    }

    /// An expression, in parentheses where it binds less tightly than `least`.
    pub(super) fn expr(&mut self, expr: &Expr, least: u8) {
        let expr = if self.bare { expr.inner() } else { expr };
        let level = expr.level();
        if level < least {
            self.code("(");
            self.expr(expr, 0);
            return self.code(")");
        }
        match &expr.kind {
            ExprKind::Null => self.value("null"),
            ExprKind::Bool(value) => self.value(if *value { "true" } else { "false" }),
            ExprKind::Number(number) => self.value(&number.to_string()),
            ExprKind::Str(text) => {
                let text = if self.bare { quote_plainly(text) } else { quote_text(text) };
                self.value(&text);
            }
            ExprKind::Field(field) => (self.sink)(Piece::Field, &print_field(field)),
            ExprKind::Call { name, args } => {
                self.code(name.text(self.source));
                self.code("(");
                self.list(args);
                self.code(")");
            }
            ExprKind::Sign { negative, inner } => {
                self.code(if *negative { "-" } else { "+" });
                self.expr(inner, level);
            }
            // What is on the right of an operator binds more tightly than it (§2.2).
            ExprKind::Arithmetic { op, left, right, .. } => {
                self.infix(left, level, op.text(), right, level + 1);
            }
            ExprKind::Compare { op, left, right, .. } => {
                self.infix(left, level + 1, op.text(), right, level + 1);
            }
            ExprKind::In { value, negated, insensitive, list, .. } => {
                self.expr(value, level + 1);
                self.code(match (negated, insensitive) {
                    (false, false) => " in (",
                    (false, true) => " in~ (",
                    (true, false) => " not in (",
                    (true, true) => " not in~ (",
                });
                self.list(list);
                self.code(")");
            }
            ExprKind::Pattern { value, op, patterns, listed, .. } => {
                self.expr(value, level + 1);
                self.code(" ");
                self.code(op.text());
                let (open, close) = if *listed && !(self.bare && patterns.len() == 1) {
                    (" (", ")")
                } else {
                    (" ", "")
                };
                self.code(open);
                self.list(patterns);
                self.code(close);
            }
            ExprKind::Not(inner) => {
                self.code("not ");
                self.expr(inner, level);
            }
            ExprKind::And(..) | ExprKind::Or(..) => {
                let is_and = matches!(expr.kind, ExprKind::And(..));
                let operands = if self.bare { expr.operands() } else { expr.chain() };
                for (n, operand) in operands.into_iter().enumerate() {
                    if n > 0 {
                        self.code(if is_and { " and " } else { " or " });
                    }
                    self.expr(operand, level + 1);
                }
            }
            ExprKind::Paren(inner) => {
                self.code("(");
                self.expr(inner, 0);
                self.code(")");
            }
            ExprKind::Hole => {}
        }
    }

    fn infix(&mut self, left: &Expr, least: u8, op: &str, right: &Expr, right_least: u8) {
        self.expr(left, least);
        self.code(" ");
        self.code(op);
        self.code(" ");
        self.expr(right, right_least);
    }
}

/// The text in quotes that do not occur in it, without escapes, as people read it. Where that
/// cannot be, or where it holds what cannot be seen, with escapes, and it says so.
pub(super) fn quote_plainly(text: &str) -> String {
    let is_odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{a0}' | '\u{61c}')
    };
    let quote = ['"', '\''].into_iter().find(|quote| !text.contains(*quote));
    if let Some(quote) = quote.filter(|_| !text.contains(is_odd)) {
        return format!("{quote}{text}{quote}");
    }
    let mut escaped = String::new();
    for c in quote_text(text).chars() {
        if is_odd(c) {
            let _ = write!(escaped, "\\u{{{:x}}}", c as u32);
        } else {
            escaped.push(c);
        }
    }
    escaped + " (with escapes)"
}

/// The field with backticks where a part needs them (§1.8, §1.10).
pub(super) fn print_field(field: &Field) -> String {
    format!("{}{}", if field.optional { "?" } else { "" }, field_path(&field.name))
}

/// The name of a field as a query writes it: with backticks where a part needs them.
#[must_use]
pub fn field_path(name: &str) -> String {
    let quoted = |part: &str| format!("`{}`", part.replace('`', "``"));
    let part = |part: &str| if is_word(part) { part.to_owned() } else { quoted(part) };
    // A part of nothing cannot be written by itself.
    if name.split('.').any(str::is_empty) {
        return quoted(name);
    }
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Is it a name that is no keyword (§1.5, §1.7)?
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '@')
        && text.chars().skip(1).all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !Keyword::ALL.iter().any(|keyword| keyword.text() == text)
}
