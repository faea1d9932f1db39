//! Lints of what stands in a literal: escapes that were meant as backslashes, wildcards of SQL.

use crate::diag::{Diagnostic, Severity};
use crate::lint::clause::{Clause, Op, walk};
use crate::lint::{Context, finding};
use crate::span::Span;
use crate::syntax::ast::PatternOp;
use crate::syntax::lexer::quote_text;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for filter in context.filters() {
        walk(&filter.condition, true, &mut |expr, _| {
            let Some(clause) = Clause::of(expr) else { return };
            for (text, span) in clause.texts() {
                escapes(context, &clause, (text, span), findings);
                percent(&clause, (text, span), findings);
            }
        });
    }
}

/// L-62: `"C:\temp\new"`, where `\t` is a tab and `\n` a line break.
fn escapes(
    context: &Context<'_>,
    clause: &Clause<'_>,
    (text, span): (&str, Span),
    findings: &mut Vec<Diagnostic>,
) {
    let raw = span.text(context.source);
    let is_control = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{8}' | '\u{c}');
    let Some(at) = text.find(is_control).filter(|_| !raw.starts_with("\"\"\"")) else { return };
    let control = text.get(at..).and_then(|it| it.chars().next()).unwrap_or_default();
    let before_word = |at: usize| {
        text.get(at + 1..).is_some_and(|it| it.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    let has_drive =
        text.get(1..2) == Some(":") && text.starts_with(|c: char| c.is_ascii_alphabetic());
    let last = clause.field().and_then(|field| field.name.rsplit('.').next()).unwrap_or_default();
    let is_path_field = matches!(last, "path" | "executable" | "command_line" | "directory");
    let is_path = has_drive && at == 2
        || (has_drive || is_path_field || text.contains('\\'))
            && text.match_indices(is_control).any(|(at, _)| before_word(at));
    if !is_path || clause.is_regex() {
        return;
    }
    let what = match control {
        '\t' => "a tab",
        '\n' | '\r' => "a line break",
        _ => "a control character",
    };
    let message = format!("this text holds {what}, where a path has a backslash");
    let help = "double the backslashes, or use a raw string: `\"\"\"…\"\"\"`";
    let found = finding("L-62", Severity::Warning, span, message, help);
    findings.push(found.with_fix("Double the backslashes", span, doubled(raw)));
}

/// The literal with two backslashes for each one that stands alone.
fn doubled(raw: &str) -> String {
    let mut text = String::new();
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        text.push(c);
        if c == '\\' {
            match chars.next_if(|next| matches!(next, '\\' | '"')) {
                Some(next) => text.push(next),
                None => text.push('\\'),
            }
        }
    }
    text
}

/// Variables of the environment of Windows, which stand between two percent signs.
const VARIABLES: &str = "allusersprofile appdata commonprogramfiles computername comspec homedrive \
    homepath localappdata os path programdata programfiles programw6432 public systemdrive \
    systemroot temp tmp userdnsdomain userdomain userdomain_roamingprofile username userprofile windir";

/// L-63: `like "%cmd%"`, the wildcard of SQL.
fn percent(clause: &Clause<'_>, (text, span): (&str, Span), findings: &mut Vec<Diagnostic>) {
    let is_like = matches!(clause.op, Op::Pattern(PatternOp::Like | PatternOp::LikeInsensitive));
    let inner = text.trim_matches('%');
    let (opens, closes) = (text.starts_with('%'), text.ends_with('%'));
    let is_both = opens && closes;
    if !clause.has_wildcards()
        || !(is_both || is_like && (opens || closes))
        || inner.is_empty()
        || inner.contains(['*', '?', '%'])
    {
        return;
    }
    let lower = inner.to_ascii_lowercase();
    let is_variable = lower == lower.trim() && VARIABLES.split(' ').any(|it| it == lower)
        || !inner.contains(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    if is_both && is_variable {
        return;
    }
    let level = if is_both { Severity::Warning } else { Severity::Info };
    let message = "`%` stands for itself here".to_owned();
    let found = finding("L-63", level, span, message, "write `*` for any text");
    let star = |is_there: bool| if is_there { "*" } else { "" };
    let mended = format!("{}{inner}{}", star(opens), star(closes));
    findings.push(found.with_fix("Write `*`", span, quote_text(&mended)));
}
