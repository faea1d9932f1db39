//! Lints of sequences and samples as such: span, keys, stages, pipes, schedule.

use crate::diag::{Diagnostic, Severity};
use crate::hir::{Form, Pipe};
use crate::lint::clause::{bare, constant};
use crate::lint::{Context, finding};
use crate::sort;
use crate::span::Span;
use crate::syntax::ast::{Body, Expr, ExprKind, Filter, Terms};
use crate::syntax::lexer::lex;
use crate::value::Number;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    pipes(context, findings);
    match &context.tree.body {
        Body::Sequence(terms) => {
            if terms.maxspan.is_none() {
                let message = "this sequence has no `maxspan`: events days apart match".to_owned();
                let help = "add `with maxspan=…`";
                findings.push(finding("L-10", Severity::Info, terms.word, message, help));
            }
            if terms.keys.is_empty() && terms.terms.iter().all(|term| term.keys.is_empty()) {
                let message =
                    "this sequence has no join key: events of different hosts match".to_owned();
                let help = "add `by host.id` or a key like it";
                findings.push(finding("L-11", Severity::Info, terms.word, message, help));
            }
            keys(context, terms, findings);
            stages(context, terms, findings);
            look_back(context, terms, findings);
        }
        Body::Sample(terms) => keys(context, terms, findings),
        _ => {}
    }
}

/// The names of keys, in order.
fn names<'t>(keys: &'t [Expr]) -> Vec<&'t str> {
    let name = |key: &'t Expr| match &key.kind {
        ExprKind::Field(field) => Some(&*field.name),
        _ => None,
    };
    keys.iter().filter_map(name).collect()
}

/// L-42, L-43, L-44.
fn keys(context: &Context<'_>, terms: &Terms, findings: &mut Vec<Diagnostic>) {
    let header = names(&terms.keys);
    let first = terms.terms.first().map(|term| names(&term.keys)).unwrap_or_default();
    for term in &terms.terms {
        let own = names(&term.keys);
        let twice = term.keys.iter().zip(&own).find(|(_, name)| header.contains(name));
        if let Some((key, name)) = twice {
            let message = format!("`{name}` is a key of the whole sequence already");
            findings.push(finding("L-43", Severity::Info, key.span, message, "leave it out here"));
        }
        let mut sorted = (own.clone(), first.clone());
        sort::up(&mut sorted.0);
        sort::up(&mut sorted.1);
        if own != first && sorted.0 == sorted.1 {
            let span = span_of(&term.keys);
            let message = "the keys are those of the first term in another order".to_owned();
            let help = "put them in one order: they are paired by position";
            let found = finding("L-44", Severity::Warning, span, message, help);
            let texts: Vec<_> = terms
                .terms
                .first()
                .map(|term| &term.keys)
                .into_iter()
                .flatten()
                .map(|key| key.span.text(context.source))
                .collect();
            findings.push(found.with_fix("Put them in one order", span, texts.join(", ")));
        }
    }
    let is_pid = |names: &[&str]| {
        let all = || header.iter().chain(names);
        all().any(|name| name.ends_with(".pid")) && !all().any(|name| !name.ends_with(".pid"))
    };
    if let (true, None, Some(key)) = (
        is_pid(&first),
        &terms.until,
        terms.keys.iter().chain(terms.terms.iter().flat_map(|term| &term.keys)).next(),
    ) {
        let message = "process ids are used again, and other hosts have the same ones".to_owned();
        let help = "use `process.entity_id`, or add `host.id` and an `until`";
        findings.push(finding("L-42", Severity::Info, key.span, message, help));
    }
}

fn span_of(keys: &[Expr]) -> Span {
    match keys {
        [] => Span::empty(0),
        [first, .., last] => first.span.to(last.span),
        [one] => one.span,
    }
}

/// L-17: a term whose events are all events of the term before, or the other way round.
fn stages(context: &Context<'_>, terms: &Terms, findings: &mut Vec<Diagnostic>) {
    // The words of each conjunct, the category the first; blanks and comments do not count.
    let conjuncts = |filter: &Filter| -> Vec<String> {
        let text = |span: Span| {
            let text = span.text(context.source);
            let words: Vec<_> = lex(text).0.iter().map(|token| token.span.text(text)).collect();
            words.join(" ")
        };
        let parts = bare(&filter.condition);
        let parts = match parts.kind {
            ExprKind::And(..) => parts.chain(),
            _ => vec![parts],
        };
        let spans = parts.into_iter().map(|part| bare(part).span);
        std::iter::once(filter.category_span).chain(spans).map(text).collect()
    };
    let mut before: Option<(Vec<String>, Vec<&str>)> = None;
    for term in &terms.terms {
        let this = (conjuncts(&term.filter), names(&term.keys));
        if let Some((other, keys)) = before.as_ref().filter(|_| !term.missing)
            && *keys == this.1
        {
            let within = |a: &[String], b: &[String]| a.iter().all(|part| b.contains(part));
            let (wider, narrower) = (within(&this.0, other), within(other, &this.0));
            let message = match (wider, narrower) {
                (true, true) => "this is the filter of the term before",
                (true, false) => "every event of the term before passes this filter, too",
                (false, true) => "every event of this filter passes that of the term before",
                (false, false) => "",
            };
            let help = "write `with runs=N` after one term if repetitions are meant";
            if !message.is_empty() {
                let found = finding("L-17", Severity::Info, term.span, message.to_owned(), help);
                findings.push(found);
            }
        }
        // A term that must be missing takes no events.
        before = (!term.missing).then_some(this);
    }
}

/// L-27 (spec §12.6).
fn look_back(context: &Context<'_>, terms: &Terms, findings: &mut Vec<Diagnostic>) {
    let rule = context.rule;
    let (Form::Sequence { maxspan: Some(maxspan) }, Some(span), false) =
        (context.checked.form, &terms.maxspan, rule.is_bare)
    else {
        return;
    };
    let back = rule.from_or_default().strip_prefix("now-").and_then(millis);
    let interval = millis(rule.interval_or_default());
    let (Some(back), Some(interval)) = (back, interval) else { return };
    if back >= interval.saturating_add(maxspan) || rule.to_or_default() != "now" {
        return;
    }
    // A sequence as long as the look-back is seen whole by chance alone.
    let level = if back <= maxspan { Severity::Warning } else { Severity::Info };
    let message = format!(
        "the rule looks back `{}` every `{}`: long sequences within this span are missed",
        rule.from_or_default(),
        rule.interval_or_default(),
    );
    let help = "set `from` to the interval and the span together at least";
    findings.push(finding("L-27", level, span.span, message, help));
}

/// `5m` in milliseconds.
fn millis(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let unit: u64 = match unit {
        "s" => 1000,
        "m" => 60_000,
        "h" | "H" => 3_600_000,
        "d" => 86_400_000,
        "w" => 604_800_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

/// L-45.
fn pipes(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let rule = context.rule;
    let size = match rule.search.size {
        Some(size) => u64::from(size),
        None if rule.is_bare => 10,
        None => u64::from(rule.max_signals_or_default()),
    };
    for (pipe, checked) in context.tree.pipes.iter().zip(&context.checked.pipes) {
        let (Pipe::Head(n) | Pipe::Tail(n)) = checked;
        if *n > size {
            let message = format!("at most {size} results are returned, so this keeps them all");
            let help = "ask for more results by `size`";
            let found = finding("L-45", Severity::Info, pipe.span, message, help);
            let number =
                pipe.args.first().filter(|arg| matches!(constant(arg), Some(Number::Int(_))));
            findings.push(match number {
                Some(arg) => found.with_fix(format!("Write {size}"), arg.span, size.to_string()),
                None => found,
            });
        }
    }
}
