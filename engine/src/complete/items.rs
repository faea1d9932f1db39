//! Suggestions for a place.

use crate::complete::known::{Best, begins, fits, holds, top_values};
use crate::complete::place::{Expect, Right, Walk, is_name};
use crate::complete::words::{allowed, docs, meaning};
use crate::complete::{Facts, LIMIT, Suggestion, SuggestionKind, events, field_name, words};
use crate::diag::{DiagKind, Diagnostic};
use crate::funcs;
use crate::schema::CATEGORIES;
use crate::span::Span;
use crate::syntax::lexer::{lex, quote_text};
use crate::syntax::print::field_path;
use crate::syntax::token::{Keyword, Symbol, Tok};
use crate::ty::Type;
use crate::value::{Number, Value};

/// Most fields where other things may stand as well.
const FIELDS: usize = 30;
/// Longer values are no help in a list.
const LONGEST_VALUE: usize = 500;

/// The word at the cursor.
struct Typed<'q> {
    /// What stands before the cursor of it; in a text, what it means so far.
    text: String,
    /// What a suggestion replaces.
    span: Span,
    /// The text literal it is in, up to the cursor.
    literal: Option<&'q str>,
}

/// The suggestions, and what they replace.
pub(super) fn find(query: &str, at: usize, facts: &Facts<'_>) -> Option<(Span, Vec<Suggestion>)> {
    let before = query.get(..at)?;
    let after = query.get(at..)?;
    let (mut tokens, findings) = lex(before);
    tokens.pop();
    let end = at as u32;
    let last = tokens.last().map_or(0, |token| token.span.end);
    // Behind `//` on its line, or within `/*`.
    let gap = before.get(last as usize..).unwrap_or_default();
    let line = gap.rsplit('\n').next().unwrap_or_default();
    let line = line.rsplit("*/").next().unwrap_or_default();
    if line.contains("//") || findings.iter().any(|it| it.kind == DiagKind::UnclosedComment) {
        return None;
    }
    // A text without an end: the reader goes on where it probably ends, but the cursor is in it.
    let is_open = |it: &&Diagnostic| it.kind == DiagKind::UnclosedString && it.span.end == end;
    let literal = findings.iter().find(is_open).map(|it| it.span);
    let mut from = end;
    if let Some(literal) = literal {
        from = literal.start;
        tokens.retain(|token| token.span.start < from);
    }
    let mut start = tokens.len();
    while let Some(token) = start.checked_sub(1).and_then(|at| tokens.get(at)) {
        let is_part =
            is_name(token) || matches!(token.kind, Tok::Number(_) | Tok::Symbol(Symbol::Dot));
        if literal.is_some() || token.span.end != from || !is_part {
            break;
        }
        (start, from) = (start - 1, token.span.start);
    }
    let literal = literal.map(|span| span.text(query));
    let text = Span::new(from, end).text(query);
    let typed = Typed {
        text: literal.map_or_else(|| field_name(text), decoded),
        span: Span::new(from, end + rest(query, from, after, literal)),
        literal,
    };
    let walk = Walk::over(tokens.get(..start).unwrap_or_default());
    if typed.text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && literal.is_none()
        && !matches!(walk.expects, Expect::Duration)
    {
        return None;
    }
    let mut list = List { facts, typed: &typed, items: Vec::new() };
    list.fill(query, &walk, after);
    let mut items = list.items;
    // What is there to the letter needs no help: the next key is meant for the text. A field may
    // be the beginning of others, which come behind it.
    if let Some(whole) = items.iter().position(|item| item.insert == text) {
        let is_field = items.get(whole).is_some_and(|it| it.kind == SuggestionKind::Field);
        match is_field && items.len() > 1 {
            true => items.get_mut(..=whole).unwrap_or_default().rotate_right(1),
            false => items.clear(),
        }
    }
    (!items.is_empty()).then_some((typed.span, items))
}

/// How many bytes behind the cursor belong to the word, or to the text.
fn rest(query: &str, from: u32, after: &str, literal: Option<&str>) -> u32 {
    if literal.is_none() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | '~');
        return after.find(|c| !is_part(c)).unwrap_or(after.len()) as u32;
    }
    let whole = lex(query).0.into_iter().find(|token| token.span.start == from);
    let Some(Tok::Str(_)) = whole.as_ref().map(|token| &token.kind) else { return 0 };
    let end = whole.map_or(0, |token| token.span.end as usize);
    let length = (end + after.len()).saturating_sub(query.len());
    // A quote that was just typed makes a text of all up to the next one.
    let swallowed = after.get(..length).unwrap_or_default();
    let is_code =
        [" and ", " or ", "==", " : ", " in ", " where "].iter().any(|it| swallowed.contains(it));
    if is_code { 0 } else { length as u32 }
}

/// What an unfinished text means so far.
fn decoded(literal: &str) -> String {
    if let Some(raw) = literal.strip_prefix("\"\"\"") {
        return raw.to_owned();
    }
    let closed = format!("{literal}\"");
    match lex(&closed).0.into_iter().next().map(|token| token.kind) {
        Some(Tok::Str(text)) => text.into(),
        // A backslash that begins nothing is meant as one.
        _ => literal.get(1..).unwrap_or_default().to_owned(),
    }
}

struct List<'l> {
    facts: &'l Facts<'l>,
    typed: &'l Typed<'l>,
    items: Vec<Suggestion>,
}

impl List<'_> {
    fn fill(&mut self, query: &str, walk: &Walk, after: &str) {
        use Expect as E;
        let subject = walk.about().map(|span| field_name(span.text(query)));
        if self.typed.literal.is_some() {
            if let Some(field) = subject {
                self.values(&field, walk.right);
            } else if matches!(walk.expects, E::Start | E::Category) {
                self.categories(after);
            }
            return;
        }
        let is_sequence = walk.form == Some(Keyword::Sequence);
        match walk.expects {
            E::Start => {
                self.categories(after);
                self.words(&["any", "sequence", "sample"]);
            }
            E::Category => {
                self.categories(after);
                self.words(&["any"]);
            }
            E::Where => self.words(&["where"]),
            E::Condition => {
                self.operands(&["not", "true", "false"]);
            }
            E::Operand => self.operands(&[]),
            E::Value => {
                if let Some(field) = subject {
                    self.values(&field, walk.right);
                }
                self.words(&["null"]);
                if !self.typed.text.is_empty() {
                    self.operands(&[]);
                }
            }
            E::Constant => {
                if let Some(field) = subject {
                    self.values(&field, walk.right);
                }
            }
            E::In => self.operators(&["in", "in~"]),
            E::Operator => {
                let subject = walk.subject.map(|span| field_name(span.text(query)));
                self.after_operand(subject.as_deref(), walk);
            }
            E::Joint => self.joints(walk),
            E::Header => {
                self.words(&["by"]);
                if is_sequence {
                    self.word("with maxspan=");
                }
            }
            E::Key => self.fields(LIMIT),
            E::AfterKey | E::Term => {
                if walk.expects == E::Term {
                    self.words(&["by"]);
                }
                match (is_sequence, walk.has_terms) {
                    (true, false) => self.word("with maxspan="),
                    (true, true) => {
                        self.word("with runs=");
                        self.words(&["until"]);
                        self.pipes();
                    }
                    _ => {}
                }
            }
            E::With => self.word(if walk.has_terms { "runs=" } else { "maxspan=" }),
            E::Duration => self.durations(),
            E::Pipe => self.words(&["head", "tail"]),
            E::List | E::SpanSign | E::Nothing => {}
        }
    }

    fn add(&mut self, kind: SuggestionKind, label: &str, insert: &str, detail: &str, note: &str) {
        if self.items.len() >= LIMIT {
            return;
        }
        self.items.push(Suggestion {
            kind,
            label: label.to_owned(),
            insert: insert.to_owned(),
            detail: detail.to_owned(),
            note: note.to_owned(),
        });
    }

    fn words(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.word(word));
    }

    /// A word, with what its first known part means.
    fn word(&mut self, word: &str) {
        if begins(word, &self.typed.text) {
            let parts = word.split([' ', '=']).map(meaning);
            let note = parts.rev().find(|note| !note.is_empty()).unwrap_or_default();
            self.add(SuggestionKind::Keyword, word, word, "", note);
        }
    }

    fn pipes(&mut self) {
        self.word("| head 10");
        self.word("| tail 10");
    }

    fn operators(&mut self, operators: &[&str]) {
        for operator in operators {
            if !begins(operator, &self.typed.text) {
                continue;
            }
            let is_list = matches!(*operator, "in" | "in~" | "not in");
            let insert = if is_list { format!("{operator} (") } else { format!("{operator} ") };
            let note = meaning(operator.strip_prefix("not ").unwrap_or(operator));
            let note = if operator.starts_with("not") { "equals none of the list" } else { note };
            self.add(SuggestionKind::Operator, operator, &insert, "", note);
        }
    }

    fn joints(&mut self, walk: &Walk) {
        self.words(&["and", "or"]);
        if walk.is_outermost() {
            self.pipes();
        }
    }

    fn after_operand(&mut self, field: Option<&str>, walk: &Walk) {
        let ty = field.map(|field| self.facts.ty(field));
        let texts: &[&str] =
            &["==", ":", "in", "in~", "like", "like~", "regex", "regex~", "!=", "not in"];
        let ordered: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
        let (operators, is_condition): (&[&str], bool) = match ty {
            Some(Type::Boolean) => (&["==", "!="], true),
            Some(Type::Integer | Type::Decimal | Type::Date(_)) => {
                self.operators(ordered);
                (&["in", "not in"], false)
            }
            Some(Type::Ip) => (&["==", "!=", "in", "not in"], false),
            Some(Type::String | Type::Text | Type::Inexact) => (texts, false),
            // Unknown, mixed, or what a function gives: all of them.
            Some(_) | None => {
                self.operators(texts);
                (ordered.get(2..).unwrap_or_default(), field.is_none())
            }
        };
        self.operators(operators);
        if is_condition {
            self.joints(walk);
        }
    }

    fn durations(&mut self) {
        let typed = self.typed.text.as_str();
        let digits = typed.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = typed.split_at(digits);
        let units = ["ms", "s", "m", "h", "d"];
        let common = [("10", "s"), ("30", "s"), ("1", "m"), ("5", "m"), ("1", "h"), ("1", "d")];
        let mut add = |count: &str, unit: &str| {
            let text = format!("{count}{unit}");
            let words = words::duration(count, unit).unwrap_or_default();
            self.add(SuggestionKind::Duration, &text, &text, "", &words);
        };
        if count.is_empty() {
            common.iter().for_each(|(count, unit)| add(count, unit));
        } else {
            units.iter().filter(|it| it.starts_with(unit)).for_each(|unit| add(count, unit));
        }
    }

    fn categories(&mut self, after: &str) {
        let facts = *self.facts;
        let field = facts.schema().field(facts.category_field);
        let seen = facts.store.column(&field.column);
        let typed = self.typed;
        let seen = seen.map_or_else(Vec::new, |column| top_values(column, &typed.text, LIMIT));
        let seen: Vec<(String, u32)> =
            seen.into_iter().map(|(value, count)| (value.to_string(), count)).collect();
        let mut rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        rest = rest.strip_prefix('"').unwrap_or(rest);
        let tail = if rest.trim_start().starts_with("where") { "" } else { " where " };
        let mut add = |name: &str, note: &str| {
            // What is no plain word stands in quotes (§1.24).
            let path = field_path(name);
            let is_plain = path == name && !name.contains('.');
            let word = if is_plain && typed.literal.is_none() {
                name.to_owned()
            } else {
                quote_text(name)
            };
            self.add(SuggestionKind::Category, name, &format!("{word}{tail}"), "", note);
        };
        for (name, count) in &seen {
            add(name, &events(*count));
        }
        let others = CATEGORIES.iter().filter(|name| begins(name, &typed.text));
        for name in others.filter(|name| seen.iter().all(|(it, _)| it != **name)) {
            add(name, "ECS");
        }
    }

    /// Fields and functions, and the words that may stand in their place.
    fn operands(&mut self, words: &[&str]) {
        let typed: &str = &self.typed.text;
        // So much of a word or of a function's name is no accident.
        let is_clear = typed.len() > 2;
        if is_clear {
            self.words(words);
        }
        if is_clear {
            self.functions(|name| begins(name, typed));
        }
        self.fields(if typed.contains('.') { LIMIT } else { FIELDS });
        if !is_clear {
            self.words(words);
        }
        self.functions(|name| !(is_clear && begins(name, typed)) && holds(name, typed));
    }

    fn fields(&mut self, limit: usize) {
        let facts = *self.facts;
        let typed = &self.typed.text;
        let fields = &facts.known.fields;
        let name = |at: u32| fields.get(at as usize).map(|field| &*field.name);
        let by_name = |a: u32, b: u32| name(a) < name(b);
        let mut best = Best::new(limit, &by_name);
        for (at, field) in (0..).zip(fields) {
            if field.events == 0 && typed.is_empty() {
                continue;
            }
            let Some(class) = fits(&field.name, typed) else { continue };
            let depth = field.name.bytes().filter(|byte| *byte == b'.').count() as u64;
            let seen = u64::from(field.events == 0) << 2 | u64::from(class);
            best.add(seen << 40 | u64::from(u32::MAX - field.events) << 8 | depth.min(255), at);
        }
        for (_, at) in best.found {
            let Some(field) = fields.get(at as usize) else { continue };
            let note = facts.share(field.events, field.known_by);
            let path = field_path(&field.name);
            self.add(SuggestionKind::Field, &field.name, &path, &field.ty.to_string(), &note);
        }
    }

    fn functions(&mut self, is_wanted: impl Fn(&str) -> bool) {
        for doc in docs().filter(|doc| is_wanted(doc.name)) {
            let detail = format!("({})", doc.arguments);
            let mut add = |name: &str, note: &str| {
                self.add(SuggestionKind::Function, name, &format!("{name}("), &detail, note);
            };
            add(doc.name, doc.gives);
            if funcs::find(doc.name).is_some_and(|it| it.folds) {
                add(&format!("{}~", doc.name), "the same, ignoring case");
            }
        }
    }

    /// Values of a field, as they are written here.
    fn values(&mut self, field: &str, right: Right) {
        let facts = *self.facts;
        let typed = &self.typed.text;
        let ty = facts.ty(field);
        let column = facts.column(field);
        let values = column.map_or_else(Vec::new, |column| top_values(column, typed, LIMIT));
        let mut seen: Vec<String> = Vec::new();
        for (value, count) in &values {
            let text = value.to_string();
            if text.len() <= LONGEST_VALUE {
                let written = self.written(value, &text, &ty, right);
                self.add(SuggestionKind::Value, &written, &written, "", &events(*count));
            }
            seen.push(text);
        }
        let mut allowed: Vec<&str> = allowed(field).split(' ').collect();
        if field == "event.category" {
            allowed = CATEGORIES.to_vec();
        }
        if ty == Type::Boolean {
            allowed = vec!["true", "false"];
        }
        allowed.retain(|text| !text.is_empty());
        for text in allowed.into_iter().filter(|text| begins(text, typed)) {
            if seen.iter().all(|it| it != text) {
                let value = match text {
                    "true" | "false" => Value::Bool(text == "true"),
                    _ => Value::Str(text.into()),
                };
                let written = self.written(&value, text, &ty, right);
                self.add(SuggestionKind::Value, &written, &written, "", "ECS");
            }
        }
    }

    /// A value as the query has to write it.
    fn written(&self, value: &Value<'_>, text: &str, ty: &Type, right: Right) -> String {
        let is_plain = match (value, ty) {
            (_, Type::String | Type::Text | Type::Ip | Type::Date(_)) => false,
            (Value::Str(_), Type::Integer | Type::Decimal) => Number::parse(text).is_some(),
            (Value::Str(_), _) => false,
            _ => true,
        };
        if is_plain {
            return text.to_owned();
        }
        let mut meant = text.to_owned();
        if right == Right::Regex {
            meant.clear();
            for c in text.chars() {
                if ".?+*|{}[]()\"\\#@&<>~".contains(c) {
                    meant.push('\\');
                }
                meant.push(c);
            }
        }
        let is_raw = self.typed.literal.is_some_and(|literal| literal.starts_with("\"\"\""));
        let fits_raw =
            !meant.contains("\"\"\"") && !meant.contains(['\n', '\r']) && !meant.ends_with('"');
        if is_raw && fits_raw && !meant.starts_with('"') {
            return format!("\"\"\"{meant}\"\"\"");
        }
        quote_text(&meant)
    }
}
