//! Lints of the operators and literals of single clauses.

use crate::diag::{Diagnostic, Severity};
use crate::lint::clause::{Clause, Op, walk};
use crate::lint::glob::Values;
use crate::lint::logic::values;
use crate::lint::{Context, finding};
use crate::sort;
use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind, PatternOp};
use crate::syntax::lexer::quote_text;
use crate::ty::Type;
use crate::value::Case;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for filter in context.filters() {
        let mut clauses = Vec::new();
        walk(&filter.condition, true, &mut |expr, _| clauses.extend(Clause::of(expr)));
        for clause in &clauses {
            literal_wildcard(context, clause, &clauses, findings);
            presence(clause, findings);
            backslashes(context, clause, findings);
            for (text, span) in clause.texts() {
                characters(context, clause, (text, span), findings);
            }
            if let ExprKind::Pattern { .. } | ExprKind::In { .. } = clause.expr.kind {
                repeated(context, clause, findings);
            }
            if clause.is_regex() {
                plain_regex(context, clause, findings);
            }
        }
    }
}

/// L-01.
fn literal_wildcard(
    context: &Context<'_>,
    clause: &Clause<'_>,
    all: &[Clause<'_>],
    findings: &mut Vec<Diagnostic>,
) {
    let words: &[&str] = match clause.op {
        Op::Compare(Comparison::Equal | Comparison::NotEqual) | Op::In { insensitive: false } => {
            &[":", "like"]
        }
        Op::In { insensitive: true } => &[":"],
        _ => return,
    };
    let patterns: Vec<_> = clause.texts().filter(|(text, _)| is_pattern(text)).collect();
    let Some(&(text, span)) = patterns.first() else { return };
    // Who writes the same pattern, or another one for the same field, where patterns are read
    // knows the difference, or loses nothing.
    let knows = |other: &&Clause<'_>| {
        let same_field = clause.field().is_some() && other.field() == clause.field();
        let covered = |(text, _): &(&str, Span)| other.texts().any(|(other, _)| other == *text);
        let is_list = matches!(clause.op, Op::In { .. });
        same_field && other.has_wildcards() && (!is_list || patterns.iter().all(covered))
    };
    let is_known = all.iter().find(knows).is_some();
    let level = if is_known { Severity::Info } else { Severity::Warning };
    let message = format!("`{text}` is no pattern here: `*` and `?` stand for themselves");
    let help = "use `:`, or `like` where letter case counts";
    let mut found = finding("L-01", level, span, message, help);
    let subject = clause.value.span;
    let is_text = clause.field().is_none_or(|field| {
        matches!(context.schema.field(&field.name).ty, Type::String | Type::Mixed | Type::Null)
    });
    let all_texts = clause.texts().count() == clause.items.len();
    if is_text && all_texts && subject.start < clause.op_span.start {
        for word in words {
            let mut edits = vec![(clause.op_span, (*word).to_owned())];
            if clause.negated {
                edits.insert(0, (Span::empty(clause.expr.span.start), "not ".to_owned()));
            }
            found = found.with_edits(format!("Write `{word}`"), edits);
        }
    }
    findings.push(found);
}

/// A text with a wildcard. A `?` inside, as in addresses of the web, may well be meant; shares are
/// logged as `\\*\name`.
fn is_pattern(text: &str) -> bool {
    let has = text.contains('*') || text.starts_with('?') || text.ends_with('?');
    has && !text.starts_with("\\\\*\\") && text != "*" && text != "?"
}

/// L-25.
fn presence(clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let [(text, _)] = clause.texts().collect::<Vec<_>>()[..] else { return };
    if clause.has_wildcards() && text == "*" && clause.items.len() == 1 {
        let message = "`*` matches every value: this tests whether there is one".to_owned();
        let span = clause.op_span.to(clause.expr.span);
        let span = Span::new(clause.op_span.start, span.end);
        let found = finding("L-25", Severity::Info, span, message, "write `!= null`");
        findings.push(found.with_fix("Write `!= null`", span, "!= null"));
    }
}

/// L-26. Only paths are plain enough to be sure: elsewhere a text may well have two backslashes.
fn backslashes(context: &Context<'_>, clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(field) = clause.field() else { return };
    if clause.is_regex() {
        return;
    }
    let is_path = ["executable", "path", "directory", "key"]
        .contains(&field.name.rsplit('.').next().unwrap_or_default());
    for (text, span) in clause.texts() {
        let inner = text.trim_start_matches('\\');
        if !inner.contains("\\\\") {
            continue;
        }
        let all_doubled = !inner.replace("\\\\", "").contains('\\');
        let level = if is_path && all_doubled { Severity::Warning } else { Severity::Info };
        let message = "this asks for two backslashes in a row".to_owned();
        let raw = span.text(context.source);
        let (is_raw, help) = match raw.starts_with("\"\"\"") {
            true => (true, "write one: a raw string takes it as it stands"),
            false => (false, "write two for one"),
        };
        let mut found = finding("L-26", level, span, message, help);
        if all_doubled && !text.starts_with('\\') {
            let (four, two) = if is_raw { ("\\\\", "\\") } else { ("\\\\\\\\", "\\\\") };
            found = found.with_fix("Halve the backslashes", span, raw.replace(four, two));
        }
        findings.push(found);
    }
}

/// L-47, L-48.
fn characters(
    context: &Context<'_>,
    clause: &Clause<'_>,
    (text, span): (&str, Span),
    findings: &mut Vec<Diagnostic>,
) {
    // What is written as an escape is meant.
    let raw = span.text(context.source);
    if raw.is_ascii() || clause.is_regex() {
        return;
    }
    if let Some(c) = raw.chars().find(|c| is_invisible(*c)) {
        let message = format!("this text holds the invisible character U+{:04X}", u32::from(c));
        let help = format!("delete it, or write `\\u{{{:x}}}`", u32::from(c));
        let found = finding("L-48", Severity::Warning, span, message, &help);
        findings.push(found);
        return;
    }
    // A word that is Latin but for one letter is a slip; one with many is a trap set on purpose.
    let chars: Vec<char> = raw.chars().collect();
    let around = |at: usize| [at.checked_sub(1), Some(at + 1)].map(|at| chars.get(at?).copied());
    let alike = |&(at, c): &(usize, &char)| {
        let near = around(at).into_iter().flatten();
        let mut letters = near.filter(|c| c.is_ascii_alphabetic() || is_letter(*c)).peekable();
        looks_latin(*c) && letters.peek().is_some() && letters.all(|c| c.is_ascii())
    };
    let mut all = chars.iter().enumerate().filter(alike);
    if let Some((_, c)) = all.next() {
        let level = if all.next().is_none() { Severity::Warning } else { Severity::Info };
        let code = u32::from(*c);
        let message = format!("`{c}` (U+{code:04X}) looks like a Latin letter and is none");
        let help = format!("type the letter anew, or write `\\u{{{code:x}}}` if it is meant");
        findings.push(finding("L-48", level, span, message, &help));
    } else if !clause.is_case_sensitive() && text.chars().any(is_letter) {
        // The same with other letters beyond ASCII may be its other case.
        let ascii = |text: &str| text.replace(|c: char| !c.is_ascii(), "").to_ascii_lowercase();
        let is_other = |(other, _): (&str, Span)| other != text && ascii(other) == ascii(text);
        if !clause.texts().any(is_other) {
            let message = "letters beyond ASCII are compared with regard to case".to_owned();
            findings.push(finding("L-47", Severity::Info, span, message, "list both forms"));
        }
    }
}

/// Characters that are not seen, or that turn the direction of those around them.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0xa0 | 0xad | 0x61c | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x2069 | 0xfeff)
}

/// Cyrillic and Greek letters that are drawn like Latin ones.
fn looks_latin(c: char) -> bool {
    "\u{430}\u{435}\u{43e}\u{440}\u{441}\u{443}\u{445}\u{456}\u{458}\u{455}\u{410}\u{412}\u{415}\
     \u{41a}\u{41c}\u{41d}\u{41e}\u{420}\u{421}\u{422}\u{425}\u{3bf}\u{3bd}\u{3b1}\u{3c5}\u{3c1}\
     \u{391}\u{392}\u{395}\u{397}\u{399}\u{39a}\u{39c}\u{39d}\u{39f}\u{3a1}\u{3a4}\u{3a5}\u{3a7}"
        .contains(c)
}

/// A letter of the scripts that have two cases.
fn is_letter(c: char) -> bool {
    matches!(u32::from(c), 0xc0..=0x24f | 0x370..=0x3ff | 0x400..=0x52f)
        && c != '\u{d7}'
        && c != '\u{f7}'
}

/// Pairs of a list's values that are compared; nobody writes more by hand.
const MAX_PAIRS: usize = 20_000;

/// L-35: values of a list that another one covers.
fn repeated(context: &Context<'_>, clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    if clause.is_regex() {
        return;
    }
    let Some(all) = values(clause, clause.has_wildcards()) else { return };
    let case = if clause.is_case_sensitive() { Case::Sensitive } else { Case::Insensitive };
    let folded: Vec<_> = all.iter().map(|value| case.fold(&value.text)).collect();
    // Equal texts by order, so that long lists stay quick; then the wildcards.
    let mut order: Vec<usize> = (0..all.len()).collect();
    sort::by(&mut order, |&one, &two| folded.get(one).cmp(&folded.get(two)));
    let mut covered: Vec<(usize, usize)> = order
        .windows(2)
        .filter_map(|pair| match *pair {
            [a, b] if folded.get(a) == folded.get(b) => Some((b, a)),
            _ => None,
        })
        .collect();
    let is_wild = |(_, value): &(usize, &Values<'_>)| value.is_wild;
    let n_wild = all.iter().filter(|value| value.is_wild).count();
    let few = if n_wild * all.len() <= MAX_PAIRS { all.len() } else { 0 };
    for (by, wild) in all.iter().enumerate().take(few).filter(is_wild) {
        for (at, value) in all.iter().enumerate() {
            let known = covered.iter().any(|(known, _)| *known == at);
            let is_new = at != by && folded.get(at) != folded.get(by) && !known;
            if is_new && wild.covers(value) {
                covered.push((at, by));
            }
        }
    }
    for (at, by) in covered {
        let (Some(value), Some(by)) = (all.get(at), all.get(by)) else { continue };
        let message = format!("`{}` covers this already", by.text);
        let found = finding("L-35", Severity::Info, value.span, message, "leave it out");
        // Up to the neighbour, with the comma between.
        let edit = match (at.checked_sub(1).and_then(|at| all.get(at)), all.get(at + 1)) {
            (_, Some(next)) => Span::new(value.span.start, next.span.start),
            (Some(before), None) => Span::new(before.span.end, value.span.end),
            (None, None) => continue,
        };
        let between = edit.text(context.source);
        // A comment between the values stays.
        let is_plain = !between.contains("//") && !between.contains("/*");
        findings.push(if is_plain { found.with_fix("Leave it out", edit, "") } else { found });
    }
}

/// L-24.
fn plain_regex(context: &Context<'_>, clause: &Clause<'_>, findings: &mut Vec<Diagnostic>) {
    let [(pattern, span)] = clause.texts().collect::<Vec<_>>()[..] else { return };
    let Some(texts) = plain(pattern) else { return };
    let folds = !clause.is_case_sensitive();
    let is_wild = texts.iter().any(|text| text.contains('\0'));
    // What a wildcard cannot say.
    let stars = texts.iter().any(|text| text.contains(['*', '?']));
    if (is_wild || folds) && stars {
        return;
    }
    let word = match (is_wild, folds, texts.len()) {
        (true, true, _) => "like~",
        (true, false, _) => "like",
        (false, true, 1) => ":",
        (false, true, _) => "in~",
        (false, false, 1) => "==",
        (false, false, _) => "in",
    };
    let list: Vec<_> = texts.iter().map(|text| quote_text(&text.replace('\0', "*"))).collect();
    let list = match list.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    };
    let message = format!("this regular expression needs none: `{word}` says the same");
    let help = format!("write `{word} {list}`");
    let found = finding("L-24", Severity::Info, span, message, &help);
    let edit = Span::new(clause.op_span.start, clause.expr.span.end);
    let ends_there = clause.expr.span.end == span.end && !edit.text(context.source).contains("/*");
    let fix = format!("{word} {list}");
    findings.push(if ends_there {
        found.with_fix(format!("Write `{word}`"), edit, fix)
    } else {
        found
    });
}

/// The alternatives of a regular expression that are plain texts, with NUL for `.*` at their ends;
/// `None` where there is more to it.
fn plain(pattern: &str) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for part in pattern.split('|') {
        let (mut text, mut chars) = (String::new(), part.chars().peekable());
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next()? {
                    c if c.is_ascii_alphanumeric() => return None,
                    c => text.push(c),
                },
                '.' if chars.peek() == Some(&'*') => {
                    chars.next();
                    let at_end = text.is_empty() || chars.peek().is_none();
                    at_end.then(|| text.push('\0'))?;
                }
                '.' | '?' | '+' | '*' | '{' | '}' | '[' | ']' | '(' | ')' | '"' | '#' | '@'
                | '&' | '<' | '>' | '~' | '^' | '$' => return None,
                c => text.push(c),
            }
        }
        texts.push(text);
    }
    let is_some = |text: &String| !text.trim_matches('\0').is_empty();
    (!pattern.ends_with('\\') && texts.iter().all(is_some)).then_some(texts)
}

/// A leaf of the same field and kind, for lists (L-34).
pub(super) fn listable<'t>(expr: &'t Expr) -> Option<Clause<'t>> {
    let clause = Clause::of(expr)?;
    let kind = matches!(
        clause.op,
        Op::Compare(Comparison::Equal)
            | Op::In { .. }
            | Op::Pattern(PatternOp::Colon | PatternOp::Like | PatternOp::LikeInsensitive)
    );
    let is_text = clause.texts().count() == clause.items.len() && !clause.negated;
    (kind && is_text && clause.field().is_some()).then_some(clause)
}
