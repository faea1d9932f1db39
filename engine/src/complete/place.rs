//! What may stand at a place of a query, told by the tokens before it.
//!
//! Not a parse: a text that is being written is rarely whole. The words that no query can do without
//! (`where`, `and`, brackets) say where one is, whatever came before them.

use crate::span::Span;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// What may come next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Expect {
    /// A category, or the word that begins a sequence or a sample.
    #[default]
    Start,
    /// The category of a stage.
    Category,
    /// `where`.
    Where,
    /// An operand that may begin with `not`.
    Condition,
    /// Any other operand.
    Operand,
    /// The right side of a comparison.
    Value,
    /// A constant: the right side of `:`, `like`, `regex`, or an item of a list.
    Constant,
    /// The parenthesis of a list.
    List,
    /// `in`, after `not`.
    In,
    /// What may follow an operand.
    Operator,
    /// What may follow a whole condition.
    Joint,
    /// `by`, `with`, or the first stage.
    Header,
    /// A join key.
    Key,
    /// What may follow a join key.
    AfterKey,
    /// `maxspan=` or `runs=`.
    With,
    /// The `=` of `maxspan=`.
    SpanSign,
    /// A duration.
    Duration,
    /// What may follow a stage.
    Term,
    /// The name of a pipe.
    Pipe,
    /// Nothing that could be told.
    Nothing,
}

/// What a value on the right of an operator is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Right {
    /// A value.
    #[default]
    Plain,
    /// A pattern with wildcards: of `:`, `like`, `like~`.
    Pattern,
    /// A regular expression.
    Regex,
}

/// A parenthesis that is open.
#[derive(Clone, Copy, Debug)]
enum Frame {
    /// `(a or b)`
    Group,
    /// `in (…)`, `: (…)`, with the field it is about.
    List(Option<Span>, Right),
    /// `f(…)`, with its first argument where that is a field.
    Call(Option<Span>),
}

/// A walk over the tokens up to a place.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// What may come next.
    pub(super) expects: Expect,
    /// The field that an operator or value here is about.
    pub(super) subject: Option<Span>,
    /// What the value to come is.
    pub(super) right: Right,
    /// `sequence` or `sample`.
    pub(super) form: Option<Keyword>,
    /// A stage was begun.
    pub(super) has_terms: bool,
    /// Inside the brackets of a stage.
    pub(super) in_term: bool,
    frames: Vec<Frame>,
}

/// Can the token be part of a field path?
pub(super) fn is_name(token: &Token) -> bool {
    matches!(token.kind, Tok::Ident | Tok::QuotedIdent(_) | Tok::TildeIdent | Tok::Keyword(_))
}

fn is_dot(token: &Token) -> bool {
    token.kind == Tok::Symbol(Symbol::Dot)
}

/// How many of the tokens a path takes: names with dots between, and the dot that ends one which is
/// being written.
pub(super) fn path_length(tokens: &[Token]) -> usize {
    let mut length = usize::from(tokens.first().is_some_and(is_name));
    while length > 0 && tokens.get(length).is_some_and(is_dot) {
        length += 1 + usize::from(tokens.get(length + 1).is_some_and(is_name));
    }
    length
}

impl Walk {
    /// Walks over all of the tokens.
    pub(super) fn over(tokens: &[Token]) -> Self {
        let mut walk = Self::default();
        let mut rest = tokens;
        while !rest.is_empty() {
            let taken = walk.step(rest).max(1);
            rest = rest.get(taken..).unwrap_or_default();
        }
        walk
    }

    /// True where a pipe may follow: neither in a parenthesis nor in a stage.
    pub(super) fn is_outermost(&self) -> bool {
        self.frames.is_empty() && !self.in_term
    }

    /// The field that a text here may hold a value of: in a call, that of its first argument.
    pub(super) fn about(&self) -> Option<Span> {
        match (self.expects, self.frames.last()) {
            (Expect::Value | Expect::Constant, _) => self.subject,
            (Expect::Operand, Some(Frame::Call(subject))) => *subject,
            _ => None,
        }
    }

    /// Takes the first of the tokens, or the path they begin with; answers with how many it took.
    fn step(&mut self, tokens: &[Token]) -> usize {
        use Expect as E;
        let Some(token) = tokens.first() else { return 0 };
        let is_operand = matches!(
            self.expects,
            E::Condition | E::Operand | E::Value | E::Constant | E::Key | E::Nothing
        );
        let path = path_length(tokens);
        if is_operand && (path > 1 || path == 1 && !matches!(token.kind, Tok::Keyword(_))) {
            let last = tokens.get(path - 1).unwrap_or(token);
            self.operand(Some(token.span.to(last.span)));
            return path;
        }
        match &token.kind {
            Tok::Keyword(word) => self.keyword(*word),
            Tok::Symbol(symbol) => self.symbol(*symbol),
            Tok::Ident | Tok::QuotedIdent(_) | Tok::TildeIdent => match self.expects {
                E::Start | E::Category => self.expects = E::Where,
                E::Pipe => self.expects = E::Nothing,
                _ => {}
            },
            Tok::Str(_) if matches!(self.expects, E::Start | E::Category) => {
                self.expects = E::Where;
            }
            Tok::Number(_) if self.expects == E::Duration => self.expects = E::Nothing,
            Tok::Str(_) | Tok::Number(_) | Tok::Bad => self.operand(None),
            Tok::End => {}
        }
        1
    }

    /// An operand came; a field, or something else.
    fn operand(&mut self, field: Option<Span>) {
        self.expects = match self.expects {
            Expect::Condition | Expect::Operand => {
                self.subject = field;
                Expect::Operator
            }
            Expect::Constant if matches!(self.frames.last(), Some(Frame::List(..))) => {
                Expect::Nothing
            }
            Expect::Value | Expect::Constant => Expect::Joint,
            Expect::Key => Expect::AfterKey,
            other => other,
        };
    }

    fn keyword(&mut self, word: Keyword) {
        use Expect as E;
        use Keyword as K;
        self.expects = match word {
            K::Any if matches!(self.expects, E::Start | E::Category) => E::Where,
            K::Sequence | K::Sample if self.expects == E::Start => {
                self.form = Some(word);
                E::Header
            }
            K::Where | K::And | K::Or => E::Condition,
            K::Not if self.expects == E::Operator => E::In,
            K::Not => self.expects,
            K::By => E::Key,
            K::With => E::With,
            K::Maxspan => E::SpanSign,
            K::In | K::InInsensitive => {
                self.right = Right::Plain;
                E::List
            }
            K::Like | K::LikeInsensitive => self.constant(Right::Pattern),
            K::Regex | K::RegexInsensitive => self.constant(Right::Regex),
            K::True | K::False | K::Null => {
                self.operand(None);
                self.expects
            }
            _ => E::Nothing,
        };
    }

    fn constant(&mut self, right: Right) -> Expect {
        self.right = right;
        Expect::Constant
    }

    fn symbol(&mut self, symbol: Symbol) {
        use Expect as E;
        use Symbol as S;
        self.expects = match symbol {
            S::OpenBracket | S::NotBracket => {
                self.frames.clear();
                (self.has_terms, self.in_term) = (true, true);
                E::Category
            }
            S::CloseBracket => {
                self.frames.clear();
                self.in_term = false;
                E::Term
            }
            S::OpenParen => self.opened(),
            S::CloseParen => match self.frames.pop() {
                Some(Frame::List(..)) => E::Joint,
                _ => {
                    self.subject = None;
                    E::Operator
                }
            },
            S::Comma => match self.frames.last_mut() {
                Some(Frame::List(subject, right)) => {
                    (self.subject, self.right) = (*subject, *right);
                    E::Constant
                }
                Some(Frame::Call(first)) => {
                    *first = first.or(self.subject);
                    E::Operand
                }
                _ if self.expects == E::AfterKey => E::Key,
                _ => E::Nothing,
            },
            S::Pipe => {
                self.frames.clear();
                E::Pipe
            }
            S::Colon => self.constant(Right::Pattern),
            S::Assign if self.expects == E::SpanSign => E::Duration,
            S::Assign if self.expects == E::With => E::Nothing,
            S::Equal
            | S::NotEqual
            | S::Less
            | S::LessEqual
            | S::Greater
            | S::GreaterEqual
            | S::Assign => {
                self.right = Right::Plain;
                E::Value
            }
            S::Plus | S::Minus | S::Star | S::Slash | S::Percent => E::Operand,
            S::Optional | S::Dot => self.expects,
        };
    }

    fn opened(&mut self) -> Expect {
        let (frame, next) = match self.expects {
            Expect::List | Expect::Constant => {
                (Frame::List(self.subject, self.right), Expect::Constant)
            }
            // What looked like a field is a function.
            Expect::Operator | Expect::Joint => (Frame::Call(None), Expect::Operand),
            Expect::Value | Expect::Operand => (Frame::Group, Expect::Operand),
            _ => (Frame::Group, Expect::Condition),
        };
        self.frames.push(frame);
        next
    }
}
