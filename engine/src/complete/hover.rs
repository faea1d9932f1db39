//! What a word in a query means.

use crate::complete::known::top_values;
use crate::complete::place::{Expect, Right, Walk, is_name, path_length};
use crate::complete::words::{docs, duration, field_meaning, meaning};
use crate::complete::{Explained, Facts, LIMIT, TOP_VALUES, events, field_name, tokens_of};
use crate::funcs;
use crate::schema::KnownBy;
use crate::span::Span;
use crate::syntax::token::{Keyword, Symbol, Tok};
use crate::value::Value;

/// Longer values are cut.
const VALUE_CHARS: usize = 60;

/// The word at a byte, and where it stands.
pub(super) fn find(query: &str, at: usize, facts: &Facts<'_>) -> Option<(Span, Explained)> {
    let tokens = tokens_of(query);
    let at = at as u32;
    let found = tokens.partition_point(|token| token.span.end <= at);
    let token = tokens.get(found).filter(|token| token.span.start <= at)?;
    let mut start = found;
    let is_dot = |at: usize| tokens.get(at).is_some_and(|it| it.kind == Tok::Symbol(Symbol::Dot));
    if is_dot(start) {
        start = start.checked_sub(1)?;
    }
    while start >= 2 && is_dot(start - 1) && tokens.get(start - 2).is_some_and(is_name) {
        start -= 2;
    }
    let walk = Walk::over(tokens.get(..start).unwrap_or_default());
    let rest = tokens.get(start..)?;
    let length = path_length(rest).max(1);
    let span = rest.first()?.span.to(rest.get(length - 1)?.span);
    let next = rest.get(length).map(|token| &token.kind);
    let text = span.text(query);
    let hover = About { facts, text };
    let is_category = matches!(walk.expects, Expect::Start | Expect::Category);
    let explained = match &token.kind {
        Tok::Str(text) if is_category => hover.category(text),
        Tok::Ident if is_category => hover.category(text),
        Tok::Str(value) => hover.literal(value, walk.right, walk.expects),
        Tok::Keyword(Keyword::Maxspan) => {
            let count = tokens.get(found + 2).map_or("", |token| token.span.text(query));
            let unit = tokens.get(found + 3).map_or("", |token| token.span.text(query));
            hover.maxspan(count, unit)
        }
        Tok::Number(_) if walk.expects == Expect::Duration => {
            let unit = rest.get(1)?;
            let whole = Span::new(span.start, unit.span.end);
            let about = About { facts, text: whole.text(query) };
            let found = about.maxspan(text, unit.span.text(query))?;
            return Some((whole, Explained { title: about.text.to_owned(), ..found }));
        }
        Tok::Keyword(_) if length == 1 => hover.word(),
        Tok::Ident | Tok::TildeIdent if next == Some(&Tok::Symbol(Symbol::OpenParen)) => {
            hover.function()
        }
        Tok::Ident if matches!(walk.expects, Expect::Pipe | Expect::With) => hover.word(),
        kind if length > 1 || is_field(kind) => {
            let is_operand = matches!(
                walk.expects,
                Expect::Condition
                    | Expect::Operand
                    | Expect::Value
                    | Expect::Constant
                    | Expect::Key
            );
            if is_operand { hover.field(&field_name(text)) } else { None }
        }
        Tok::Symbol(_) => hover.word(),
        _ => None,
    };
    Some((span, explained?))
}

fn is_field(kind: &Tok) -> bool {
    matches!(kind, Tok::Ident | Tok::QuotedIdent(_))
}

struct About<'a> {
    facts: &'a Facts<'a>,
    text: &'a str,
}

impl About<'_> {
    fn explained(&self, detail: &str, lines: Vec<String>) -> Explained {
        Explained {
            title: self.text.to_owned(),
            detail: detail.to_owned(),
            lines,
            values: Vec::new(),
        }
    }

    fn word(&self) -> Option<Explained> {
        let says = meaning(self.text);
        (!says.is_empty()).then(|| self.explained("", vec![says.to_owned()]))
    }

    fn maxspan(&self, count: &str, unit: &str) -> Option<Explained> {
        let says = match duration(count, unit) {
            Some(words) => format!("the last event comes at most {words} after the first"),
            None => meaning("maxspan").to_owned(),
        };
        Some(self.explained("", vec![says]))
    }

    fn function(&self) -> Option<Explained> {
        let (name, folds) = match self.text.strip_suffix('~') {
            Some(name) => (name, true),
            None => (self.text, false),
        };
        let function = funcs::find(name)?;
        let doc = docs().find(|doc| doc.name == function.name)?;
        let mut lines = vec![doc.gives.to_owned(), format!("`{}`", doc.example)];
        lines.extend(match (function.folds, folds) {
            (true, false) => Some(format!("letter case counts; `{name}~` ignores it")),
            (true, true) => Some("letter case does not count".to_owned()),
            (false, _) => None,
        });
        Some(Explained {
            title: format!("{}({})", self.text, doc.arguments),
            ..self.explained("function", lines)
        })
    }

    fn category(&self, name: &str) -> Option<Explained> {
        let field = self.facts.category_field;
        let column = self.facts.column(field);
        let like = column.map_or_else(Vec::new, |column| top_values(column, name, LIMIT));
        let count = like.iter().find(|(value, _)| value.to_string() == name);
        let count = count.map_or(0, |(_, count)| *count);
        let all = self.facts.store.n_events();
        let mut lines = vec![format!("events in which `{field}` is `{name}`")];
        if all > 0 {
            lines.push(format!("{count} of {}", events(all)));
        }
        Some(self.explained("category", lines))
    }

    fn field(&self, name: &str) -> Option<Explained> {
        let facts = self.facts;
        let info = facts.schema().field(name);
        let source = match info.known_by {
            KnownBy::Mapping => "mapping",
            KnownBy::Table => "ECS",
            KnownBy::Values => "seen in events",
            KnownBy::Nothing => "unknown field",
        };
        let mut detail = source.to_owned();
        if info.known_by != KnownBy::Nothing {
            detail = format!("{}, {source}", info.ty);
        }
        let mut lines: Vec<String> = field_meaning(name).into_iter().collect();
        if &*info.column != name {
            lines.push(format!("another name of `{}`", info.column));
        }
        let column = facts.store.column(&info.column);
        let all = facts.store.n_events();
        match column.map_or(0, |column| column.n_events()) {
            0 if all == 0 => {}
            0 => lines.push("no loaded event has a value".into()),
            n if n == all => lines.push("all events have a value".into()),
            n => lines.push(format!("{n} of {} have a value", events(all))),
        }
        let values = column.map_or_else(Vec::new, |column| top_values(column, "", TOP_VALUES));
        let values = values.into_iter().map(|(value, count)| (shown(&value), count));
        Some(Explained { values: values.collect(), ..self.explained(&detail, lines) })
    }

    /// A text of which more is to be said than stands there: escapes, wildcards, odd characters.
    fn literal(&self, value: &str, right: Right, expects: Expect) -> Option<Explained> {
        let mut lines = Vec::new();
        let written = self.text.trim_matches('"');
        if written != value {
            lines.push(format!("means `{}`", cut(&value.replace('`', "'"))));
        }
        let is_pattern = expects == Expect::Constant && right == Right::Pattern;
        if value.contains(['*', '?']) && right != Right::Regex {
            lines.push(match (is_pattern, expects) {
                (true, _) => "`*` is any run of characters, `?` exactly one".into(),
                (false, Expect::Value | Expect::Constant) => {
                    "`*` and `?` are plain characters here; `:` takes them as wildcards".into()
                }
                _ => "`*` and `?` are plain characters here".to_owned(),
            });
        }
        let mut odd: Vec<String> = Vec::new();
        for c in value.chars().filter(|c| !c.is_ascii() || c.is_ascii_control()) {
            let number = format!("`U+{:04X}`", u32::from(c));
            if !odd.contains(&number) && odd.len() < TOP_VALUES {
                odd.push(number);
            }
        }
        if !odd.is_empty() {
            lines.push(format!("holds {}", odd.join(", ")));
        }
        let title = cut(self.text);
        (!lines.is_empty()).then(|| Explained { title, ..self.explained("text", lines) })
    }
}

fn shown(value: &Value<'_>) -> String {
    cut(&value.to_string())
}

/// At most so many characters, without line ends.
fn cut(text: &str) -> String {
    let mut out: String = text.chars().take(VALUE_CHARS).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out.replace(['\n', '\r', '\t'], " ")
}
