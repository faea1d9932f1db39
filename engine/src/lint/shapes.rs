//! Values that a field cannot have, by what the field is.

use crate::diag::{Diagnostic, Severity};
use crate::lint::clause::{Clause, Op, bare, is_constant, walk};
use crate::lint::fields::{Kind, allowed_values, is_foreign, kind};
use crate::lint::{Context, finding};
use crate::span::Span;
use crate::syntax::ast::{Category, Comparison, ExprKind, Filter};
use crate::syntax::lexer::quote_text;

/// The systems that write paths in their own ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Windows,
    /// Linux and macOS.
    Unix,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for filter in context.filters() {
        let system = system_of(filter);
        walk(&filter.condition, true, &mut |expr, _| {
            if let ExprKind::Field(field) = &expr.kind {
                foreign_field(context, filter, &field.name, expr.span, findings);
            }
            if let Some(clause) = Clause::of(expr)
                && let Some(field) = clause.field()
                && !clause.is_regex()
            {
                known_values(context, &clause, &field.name, findings);
                if let Some(kind) = kind(&field.name) {
                    shapes(&clause, kind, system, findings);
                    letter_case(&clause, kind, system, findings);
                }
            }
        });
    }
}

/// The system that the filter asks for by `host.os.type`.
fn system_of(filter: &Filter) -> Option<System> {
    let mut systems = Vec::new();
    for part in bare(&filter.condition).chain() {
        if let Some(clause) = Clause::of(bare(part))
            && clause.field().is_some_and(|field| &*field.name == "host.os.type")
            && !clause.negated
        {
            systems.extend(clause.texts().map(|(text, _)| text));
        }
    }
    match systems.as_slice() {
        ["windows"] => Some(System::Windows),
        [] => None,
        some if some.iter().all(|name| matches!(*name, "linux" | "macos")) => Some(System::Unix),
        _ => None,
    }
}

/// L-61: a field of events of other kinds.
fn foreign_field(
    context: &Context<'_>,
    filter: &Filter,
    name: &str,
    span: Span,
    findings: &mut Vec<Diagnostic>,
) {
    let Category::Name(category) = &filter.category else { return };
    let is_own = context.rule.event_category_override.is_some();
    if is_own || !is_foreign(category, name) {
        return;
    }
    // The events know better.
    if !context.schema.has_values(&context.schema.field(name)) {
        let message = format!("events of the category `{category}` have no `{name}`");
        let help = "correct the field or the category before `where`";
        findings.push(finding("L-61", Severity::Warning, span, message, help));
    }
}

/// L-51: a value that the Elastic Common Schema does not have for the field.
fn known_values(
    context: &Context<'_>,
    clause: &Clause<'_>,
    name: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(known) = allowed_values(name) else { return };
    let has = |text: &str| {
        if clause.has_wildcards() && text.contains(['*', '?']) {
            return true;
        }
        known.split(' ').any(|value| {
            if clause.is_case_sensitive() {
                value == text
            } else {
                value.eq_ignore_ascii_case(text)
            }
        })
    };
    let unknown: Vec<_> = clause.texts().filter(|(text, _)| !has(text)).collect();
    if unknown.is_empty() {
        return;
    }
    // The events know better.
    let seen = context.schema.values.texts(name);
    let none = unknown.len() == clause.texts().count();
    for (text, span) in unknown.into_iter().filter(|(text, _)| !seen.iter().any(|s| s == text)) {
        let lower = text.to_ascii_lowercase();
        let is_known = known.split(' ').any(|value| value == lower);
        // A list may name what another source calls it.
        let level = if none { Severity::Warning } else { Severity::Info };
        let message = format!("`{name}` is never `{text}` in the Elastic Common Schema");
        let help = format!("use one of: {known}");
        let found = finding("L-51", level, span, message, &help);
        let fix = is_known.then(|| (format!("Write `{lower}`"), quote_text(&lower)));
        findings.push(match fix {
            Some((title, text)) => found.with_fix(title, span, text),
            None => found,
        });
    }
}

/// L-50, L-52, L-53, L-54, L-58, L-60.
fn shapes(clause: &Clause<'_>, kind: Kind, system: Option<System>, findings: &mut Vec<Diagnostic>) {
    let has_wildcards = clause.has_wildcards();
    let exact = match clause.op {
        Op::Compare(op) => op.is_equality(),
        _ => true,
    };
    if !exact {
        return;
    }
    for (text, span) in clause.texts() {
        let bytes = text.as_bytes();
        let opens_wild = has_wildcards && text.starts_with(['*', '?']);
        let is_wild = has_wildcards && text.contains(['*', '?']);
        let has_drive = bytes.get(1) == Some(&b':')
            && bytes.first().is_some_and(|c| c.is_ascii_alphabetic() || *c == b'?');
        let is_windows_path = text.starts_with("\\") || has_drive && bytes.get(2) == Some(&b'\\');
        let tail = text.rsplit(['\\', '/']).next().unwrap_or_default();
        let found = match kind {
            Kind::Name
                if tail.len() < text.len()
                    && (is_windows_path || text.starts_with('/') || text.contains('\\')) =>
            {
                Some((
                    "L-50",
                    Severity::Warning,
                    "a name holds no path, so this never matches",
                    "leave the folders out, or test the path",
                ))
            }
            Kind::Path if text.is_empty() => None,
            Kind::Path if system == Some(System::Unix) && is_windows_path => Some((
                "L-52",
                Severity::Warning,
                "this is a path of Windows, and `host.os.type` asks for another system",
                "correct the path or the system",
            )),
            Kind::Path
                if system == Some(System::Windows)
                    && text.starts_with('/')
                    && !text.contains('\\') =>
            {
                Some((
                    "L-52",
                    Severity::Warning,
                    "this is no path of Windows, which `host.os.type` asks for",
                    "correct the path or the system",
                ))
            }
            // A folder without a drive; a name alone is that of a process of the system.
            Kind::Path
                if system == Some(System::Windows)
                    && text.contains('\\')
                    && !(opens_wild || is_windows_path || text.starts_with('%')) =>
            {
                Some((
                    "L-53",
                    Severity::Warning,
                    "a path begins with a drive, so this never matches",
                    "put `?:\\\\` or `*\\\\` before it",
                ))
            }
            Kind::CommandLine if text.starts_with(' ') => Some((
                "L-54",
                Severity::Warning,
                "a command line begins with a program, not with a blank",
                "put `*` before it",
            )),
            Kind::CommandLine if !is_wild && !text.contains(' ') && is_no_program(text) => Some((
                "L-54",
                Severity::Warning,
                "this is compared with the whole command line, which begins with a program",
                "put `*` around it, or test `process.args`",
            )),
            Kind::Extension if text.len() > 1 && text.starts_with('.') => Some((
                "L-58",
                Severity::Warning,
                "an extension is kept without its dot, so this never matches",
                "leave the dot out",
            )),
            Kind::Registry
                if !opens_wild
                    && !["HK", "\\REG", "MACHINE", "USER", "\\\\REG"]
                        .iter()
                        .any(|start| starts_folded(text, start)) =>
            {
                Some((
                    "L-60",
                    Severity::Warning,
                    "a registry path begins with its hive, so this never matches",
                    "begin it with `HKLM\\\\`, `HKEY_USERS\\\\` or `*\\\\`",
                ))
            }
            _ => None,
        };
        if let Some((code, level, message, help)) = found {
            let found = finding(code, level, span, message.to_owned(), help);
            let (title, mended) = match code {
                // Of a folder no name is left: the path is meant.
                "L-50" if tail.trim_matches(['*', '?']).is_empty() => {
                    let owner = clause.field().and_then(|it| it.name.strip_suffix(".name"));
                    let Some(owner) = owner.filter(|_| clause.items.len() == 1) else {
                        findings.push(found);
                        continue;
                    };
                    let is_process = owner.starts_with("process");
                    let path = if is_process { "executable" } else { "path" };
                    let path = format!("{owner}.{path}");
                    let title = format!("Test `{path}`");
                    findings.push(found.with_fix(title, clause.value.span, path));
                    continue;
                }
                "L-50" => ("Leave the folders out", tail.to_owned()),
                "L-58" => ("Leave the dot out", text.trim_start_matches('.').to_owned()),
                "L-53" | "L-60" if has_wildcards => {
                    ("Put `*` before it", format!("*\\{}", text.trim_start_matches('\\')))
                }
                "L-54" if has_wildcards => {
                    let end = if text.ends_with('*') { "" } else { "*" };
                    ("Put `*` around it", format!("*{text}{end}"))
                }
                _ => ("", String::new()),
            };
            findings.push(if mended.is_empty() {
                found
            } else {
                found.with_fix(title, span, quote_text(&mended))
            });
        }
    }
}

/// A folder, a file of settings or a script that something else must run.
fn is_no_program(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_path = lower.starts_with('/') || lower.get(1..3) == Some(":\\");
    let is_run = ["/etc/init.d/", "/etc/cron", "/etc/rc", "/etc/update", "/etc/kernel"]
        .iter()
        .any(|start| lower.starts_with(start));
    let is_data = [".ps1", ".txt", ".log", ".conf", ".dll", ".xml", ".json", "/"]
        .iter()
        .any(|end| lower.ends_with(end));
    is_path && (is_data || lower.starts_with("/etc/") && !is_run)
}

fn starts_folded(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// L-03.
fn letter_case(
    clause: &Clause<'_>,
    kind: Kind,
    system: Option<System>,
    findings: &mut Vec<Diagnostic>,
) {
    let (Some(System::Windows), true) = (system, clause.is_case_sensitive()) else { return };
    let has_letters = |(text, _): (&str, _)| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if kind == Kind::Extension || !clause.texts().any(has_letters) {
        return;
    }
    let has_wildcard = clause.texts().any(|(text, _)| text.contains(['*', '?']));
    let word = match clause.op {
        Op::Compare(Comparison::Equal) if !has_wildcard && is_constant_last(clause) => ":",
        Op::Compare(Comparison::NotEqual) => "",
        Op::In { .. } => "in~",
        Op::Pattern(_) => "like~",
        Op::Compare(_) => return,
    };
    let message = "letter case counts here, and Windows does not mind it".to_owned();
    let help = "use `:`, `in~` or `like~`";
    let found = finding("L-03", Severity::Info, clause.op_span, message, help);
    let is_plain = !word.is_empty() && !clause.negated;
    findings.push(if is_plain {
        found.with_fix(format!("Write `{word}`"), clause.op_span, word)
    } else {
        found
    });
}

/// Does the constant stand on the right, where a pattern must stand?
fn is_constant_last(clause: &Clause<'_>) -> bool {
    clause.value.span.start < clause.op_span.start
        && clause.items.iter().all(|item| is_constant(item))
}
