//! The syntax tree: everything the user typed, with spans (spec §2.1).

use std::cmp::Ordering;

use crate::span::Span;
use crate::value::Number;

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What is searched for.
    pub body: Body,
    /// `| head 5` and so on.
    pub pipes: Vec<Pipe>,
    /// From the first token to the last.
    pub span: Span,
}

/// The kinds of query.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// `process where …`
    Event(Filter),
    /// `sequence by … [ … ] [ … ]`
    Sequence(Terms),
    /// `sample by … [ … ] [ … ]`
    Sample(Terms),
    /// `join …`, which is always refused (§2.23).
    Join(Terms),
    /// Nothing that could be read.
    Hole,
}

/// Terms of a sequence, sample or join.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// The word that begins it.
    pub word: Span,
    /// Keys of the header.
    pub keys: Vec<Expr>,
    /// `with maxspan=…`: the number and its unit.
    pub maxspan: Option<MaxSpan>,
    /// The bracketed terms.
    pub terms: Vec<Term>,
    /// The term after `until`.
    pub until: Option<Box<Term>>,
    /// All of it.
    pub span: Span,
}

/// `maxspan=5s`
#[derive(Clone, Debug, PartialEq)]
pub struct MaxSpan {
    /// The number as written.
    pub number: Number,
    /// Where the number stands.
    pub number_span: Span,
    /// The unit, if there is one.
    pub unit: Option<Span>,
    /// From `with` on.
    pub span: Span,
}

/// One bracketed term.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// `![`: the event must be missing.
    pub missing: bool,
    /// What stands in the brackets.
    pub filter: Filter,
    /// Keys of the term.
    pub keys: Vec<Expr>,
    /// `with runs=N`: the name's span, the number and its span.
    pub runs: Option<(Span, Number, Span)>,
    /// All of it.
    pub span: Span,
}

/// `process where …`
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The event category.
    pub category: Category,
    /// Where the category stands.
    pub category_span: Span,
    /// What must hold.
    pub condition: Expr,
    /// All of it.
    pub span: Span,
}

/// The event category before `where` (§1.24).
#[derive(Clone, Debug, PartialEq)]
pub enum Category {
    /// `any`
    Any,
    /// A name.
    Name(Box<str>),
    /// Nothing that could be read.
    Hole,
}

/// `| tail 10`
#[derive(Clone, Debug, PartialEq)]
pub struct Pipe {
    /// Name of the pipe.
    pub name: Span,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// From the bar on.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first token to its last.
    pub span: Span,
}

impl Expr {
    /// The operands of `a and b and c` (or of `or`), in source order; the expression itself where
    /// it is neither. A loop, since such a chain may be thousands long.
    #[must_use]
    pub fn chain(&self) -> Vec<&Self> {
        let is_and = matches!(self.kind, ExprKind::And(..));
        let mut operands = Vec::new();
        let mut left = self;
        while let (ExprKind::And(a, b), true) | (ExprKind::Or(a, b), false) = (&left.kind, is_and) {
            operands.push(b.as_ref());
            left = a;
        }
        operands.push(left);
        operands.reverse();
        operands
    }

    /// The expression in the author's parentheses, which are part of the tree for the sake of
    /// those who show it.
    #[must_use]
    pub fn inner(&self) -> &Self {
        let mut inner = self;
        while let ExprKind::Paren(expr) = &inner.kind {
            inner = expr;
        }
        inner
    }

    /// As [`Expr::chain`], without regard to parentheses that change nothing: the operands of
    /// `(a and b) and c` are those of `a and b and c`. They keep theirs.
    #[must_use]
    pub fn operands(&self) -> Vec<&Self> {
        let root = self.inner();
        let is_and = matches!(root.kind, ExprKind::And(..));
        let (mut operands, mut left) = (Vec::new(), self);
        while let (ExprKind::And(a, b), true) | (ExprKind::Or(a, b), false) =
            (&left.inner().kind, is_and)
        {
            operands.push(b.as_ref());
            left = a;
        }
        operands.push(left);
        operands.reverse();
        operands
    }

    /// How tightly it binds, loosest first (§2.2); the levels of the parser, and predicates and
    /// primaries above them.
    #[must_use]
    pub fn level(&self) -> u8 {
        match &self.kind {
            ExprKind::Or(..) => 1,
            ExprKind::And(..) => 2,
            ExprKind::Not(_) => 3,
            ExprKind::Compare { .. } => 4,
            ExprKind::Arithmetic { op: Arithmetic::Add | Arithmetic::Subtract, .. } => 5,
            ExprKind::Arithmetic { .. } => 6,
            ExprKind::Sign { .. } => 7,
            ExprKind::In { .. } | ExprKind::Pattern { .. } => 8,
            _ => 9,
        }
    }
}

/// A chain of `and` or `or` leans to the left and may be thousands of links long: taken down in a
/// loop, so that dropping it cannot overflow the stack.
impl Drop for Expr {
    fn drop(&mut self) {
        while let ExprKind::And(left, _) | ExprKind::Or(left, _) = &mut self.kind {
            let inner = std::mem::replace(&mut left.kind, ExprKind::Hole);
            // What was on the right is dropped here; the rest of the chain moves up.
            self.kind = inner;
        }
    }
}

/// Kinds of expression.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are the parts of the example")]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `42`, `4.2`
    Number(Number),
    /// `"…"`, decoded.
    Str(Box<str>),
    /// `process.name`, `?user.id`
    Field(Field),
    /// `length(x)`
    Call { name: Span, args: Vec<Expr> },
    /// `-x`, `+x`
    Sign { negative: bool, inner: Box<Expr> },
    /// `a + b`
    Arithmetic { op: Arithmetic, op_span: Span, left: Box<Expr>, right: Box<Expr> },
    /// `a == b`
    Compare { op: Comparison, op_span: Span, left: Box<Expr>, right: Box<Expr> },
    /// `x in (…)`, `x not in~ (…)`
    In { value: Box<Expr>, negated: bool, insensitive: bool, op_span: Span, list: Vec<Expr> },
    /// `x : "a*"`, `x like ("a", "b")`
    Pattern { value: Box<Expr>, op: PatternOp, op_span: Span, patterns: Vec<Expr>, listed: bool },
    /// `not a`
    Not(Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b`
    Or(Box<Expr>, Box<Expr>),
    /// `(a)`
    Paren(Box<Expr>),
    /// A stretch that could not be read; a finding says why.
    Hole,
}

/// A field path (§1.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The parts joined by dots, without backticks.
    pub name: Box<str>,
    /// Marked with `?` (§1.11).
    pub optional: bool,
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}

impl Arithmetic {
    /// As it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Comparison {
    /// As it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// The operator with its sides swapped: `5 < x` is `x > 5`.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }

    /// Does the comparison hold for this order of its sides?
    #[must_use]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }

    /// `==` or `!=`.
    #[must_use]
    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// Pattern operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatternOp {
    /// `:`
    Colon,
    /// `like`
    Like,
    /// `like~`
    LikeInsensitive,
    /// `regex`
    Regex,
    /// `regex~`
    RegexInsensitive,
}

impl PatternOp {
    /// As it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Colon => ":",
            Self::Like => "like",
            Self::LikeInsensitive => "like~",
            Self::Regex => "regex",
            Self::RegexInsensitive => "regex~",
        }
    }
}
