//! Queries of other languages, told by name in one sentence instead of by a flood of findings about
//! their words.

use crate::diag::{DiagKind, Diagnostic};
use crate::span::Span;
use crate::syntax::lexer::requoted;
use crate::syntax::parser::parse;
use crate::syntax::token::{Keyword, Symbol, Tok, Token};

/// Fields by which a search of Splunk begins.
const SPLUNK: [&str; 5] = ["index", "source", "sourcetype", "eventtype", "search"];

/// Commands behind a bar that only Splunk has, and that only Sentinel has.
const SPLUNK_COMMANDS: [&str; 8] =
    ["stats", "table", "rex", "tstats", "timechart", "eventstats", "inputlookup", "dedup"];
const SENTINEL_COMMANDS: [&str; 6] = ["where", "extend", "project", "summarize", "join", "take"];

/// Says what language the text is in, where it is plainly none of ours.
pub(super) fn language(source: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let kind = |at: usize| tokens.get(at).map_or(&Tok::End, |token| &token.kind);
    // What begins like a query is one, however it goes on.
    if *kind(1) == Tok::Keyword(Keyword::Where)
        || matches!(kind(0), Tok::Keyword(Keyword::Sequence | Keyword::Sample | Keyword::Join))
        || *kind(0) == Tok::End
    {
        return None;
    }
    let first = tokens.first()?.span;
    let found = name(source, tokens, &kind)?;
    let finding = Diagnostic::new(DiagKind::OtherQuery(found), first);
    Some(match (found == "a KQL query").then(|| converted(source, tokens)).flatten() {
        Some(edits) => finding.with_edits("Write it in EQL", edits),
        None => finding,
    })
}

fn name<'t>(
    source: &str,
    tokens: &'t [Token],
    kind: &impl Fn(usize) -> &'t Tok,
) -> Option<&'static str> {
    let word = |at: usize| {
        let token =
            tokens.get(at).filter(|token| matches!(token.kind, Tok::Ident | Tok::Keyword(_)));
        token.map_or("", |token| token.span.text(source)).to_ascii_lowercase()
    };
    let first = word(0);
    let second = word(1);
    let has_line =
        |start: &str| source.lines().take(400).any(|line| line.trim_end().trim_start() == start);
    let commands = || {
        (0..tokens.len())
            .filter(|at| *kind(*at) == Tok::Symbol(Symbol::Pipe))
            .map(|at| word(at + 1))
    };
    let has_word = |wanted: &str| (0..tokens.len().min(2_000)).any(|at| word(at) == wanted);
    let start = source.trim_start();
    if start.starts_with(['{', '[']) && start.get(1..)?.trim_start().starts_with(['"', '\'', '{']) {
        return Some("JSON");
    }
    if has_line("detection:") || has_line("logsource:") {
        return Some("a Sigma rule");
    }
    if matches!(first.as_str(), "rule" | "private")
        && *kind(1) == Tok::Ident
        && source.contains('{')
    {
        return Some("a YARA rule");
    }
    if first == "select" && has_word("from")
        || first == "with" && second != "maxspan" && has_word("select")
    {
        return Some("an SQL query");
    }
    let is_name = matches!(kind(1), Tok::Ident | Tok::Str(_) | Tok::Symbol(Symbol::Star));
    if first == "from" && is_name || first == "row" && *kind(2) == Tok::Symbol(Symbol::Assign) {
        return Some("an ES|QL query");
    }
    let is_splunk_field = SPLUNK.contains(&first.as_str())
        && (*kind(1) == Tok::Symbol(Symbol::Assign) || first == "search" && *kind(1) == Tok::Ident);
    let has_command = |known: &[&str]| commands().any(|command| known.contains(&command.as_str()));
    if is_splunk_field || *kind(0) == Tok::Symbol(Symbol::Pipe) || has_command(&SPLUNK_COMMANDS) {
        return Some("a Splunk search");
    }
    let is_table = *kind(0) == Tok::Ident && *kind(1) == Tok::Symbol(Symbol::Pipe);
    if (is_table || first == "let" && *kind(2) == Tok::Symbol(Symbol::Assign))
        && has_command(&SENTINEL_COMMANDS)
    {
        return Some("a Sentinel query");
    }
    kibana(source, tokens, kind)
}

/// KQL and Lucene: fields with a colon and values without quotes, and nothing that only EQL has.
fn kibana<'t>(
    source: &str,
    tokens: &'t [Token],
    kind: &impl Fn(usize) -> &'t Tok,
) -> Option<&'static str> {
    let mut evidence = false;
    let mut is_lucene = false;
    let mut last_end = u32::MAX;
    for (at, token) in tokens.iter().enumerate() {
        match &token.kind {
            Tok::Keyword(Keyword::Where)
            | Tok::Symbol(Symbol::Equal | Symbol::NotEqual | Symbol::Pipe) => {
                return None;
            }
            Tok::Symbol(Symbol::Colon) => {
                let is_call = *kind(at + 2) == Tok::Symbol(Symbol::OpenParen);
                let value = match kind(at + 1) {
                    Tok::Ident => !is_call,
                    Tok::Symbol(Symbol::Star) => true,
                    Tok::Symbol(Symbol::OpenParen) => {
                        let joined = Tok::Keyword(Keyword::Or);
                        let first = kind(at + 2);
                        let is_bare = matches!(first, Tok::Ident | Tok::Symbol(Symbol::Star));
                        *kind(at + 3) == joined || is_bare
                    }
                    Tok::Symbol(Symbol::OpenBracket) => {
                        is_lucene = true;
                        true
                    }
                    _ => false,
                };
                evidence |= value;
            }
            Tok::Ident => {
                let text = token.span.text(source);
                is_lucene |= matches!(text, "_exists_" | "TO");
                // Two words in a row: a query of ours without its `where`.
                if last_end < token.span.start && !matches!(text, "AND" | "OR" | "NOT") {
                    let before = at.checked_sub(1).map_or(&Tok::End, kind);
                    let is_word = *before == Tok::Ident;
                    let text = tokens.get(at.wrapping_sub(1)).map_or("", |t| t.span.text(source));
                    if is_word && !matches!(text, "AND" | "OR" | "NOT") {
                        return None;
                    }
                }
            }
            _ => {}
        }
        last_end = token.span.end;
    }
    evidence.then_some(if is_lucene { "a Lucene query" } else { "a KQL query" })
}

/// What to change for a KQL query to be one of ours; `None` where that cannot be told.
fn converted(source: &str, tokens: &[Token]) -> Option<Vec<(Span, String)>> {
    let mut edits = vec![(Span::empty(tokens.first()?.span.start), "any where ".to_owned())];
    let mut at = 0;
    let mut in_list = 0_usize;
    while let Some(token) = tokens.get(at) {
        at += 1;
        // KQL knows its keywords in any letters.
        let word = token.span.text(source);
        let own = [Keyword::And, Keyword::Or, Keyword::Not];
        let own = own.into_iter().find(|it| it.text().eq_ignore_ascii_case(word));
        let kind = own.map_or_else(|| token.kind.clone(), Tok::Keyword);
        let is_joint_of_list = in_list > 0 && own == Some(Keyword::Or);
        if let Some(own) = own.filter(|own| own.text() != word && !is_joint_of_list) {
            edits.push((token.span, own.text().to_owned()));
        }
        match kind {
            Tok::Symbol(Symbol::Colon) => match &tokens.get(at)?.kind {
                Tok::Symbol(Symbol::Star)
                    if tokens.get(at + 1)?.span.start > tokens.get(at)?.span.end
                        || matches!(
                            tokens.get(at + 1)?.kind,
                            Tok::End | Tok::Symbol(Symbol::CloseParen)
                        ) =>
                {
                    let star = tokens.get(at)?.span;
                    edits.push((token.span.to(star), " != null".to_owned()));
                    at += 1;
                }
                Tok::Symbol(Symbol::OpenParen) => {
                    in_list = 1;
                    at += 1;
                    at = quoted_run(source, tokens, at, &mut edits);
                }
                _ => at = quoted_run(source, tokens, at, &mut edits),
            },
            Tok::Keyword(Keyword::Or) if in_list > 0 => {
                let before = at.checked_sub(2).and_then(|at| tokens.get(at));
                let start = before.map_or(token.span.start, |before| before.span.end);
                edits.push((Span::new(start, token.span.end), ",".to_owned()));
                at = quoted_run(source, tokens, at, &mut edits);
            }
            Tok::Keyword(Keyword::And | Keyword::Not) if in_list > 0 => return None,
            Tok::Symbol(Symbol::CloseParen) => in_list = in_list.saturating_sub(1),
            _ => {}
        }
    }
    let mut text = String::new();
    let mut from = 0;
    for (span, fixed) in &edits {
        text.push_str(source.get(from as usize..span.start as usize)?);
        text.push_str(fixed);
        from = span.end;
    }
    text.push_str(source.get(from as usize..)?);
    parse(&text).1.is_empty().then_some(edits)
}

/// Puts a value without quotes into quotes; the place behind it.
fn quoted_run(source: &str, tokens: &[Token], at: usize, edits: &mut Vec<(Span, String)>) -> usize {
    let is_bare = |token: &Token| {
        matches!(
            token.kind,
            Tok::Ident
                | Tok::Number(_)
                | Tok::Bad
                | Tok::Symbol(Symbol::Star | Symbol::Dot | Symbol::Minus | Symbol::Slash)
        )
    };
    let Some(first) = tokens.get(at).filter(|token| is_bare(token)) else { return at };
    let mut run = first.span;
    let mut next = at + 1;
    while let Some(token) =
        tokens.get(next).filter(|token| is_bare(token) && token.span.start == run.end)
    {
        run = run.to(token.span);
        next += 1;
    }
    let text = run.text(source);
    if text.parse::<f64>().is_err() && !matches!(text, "true" | "false") {
        edits.push((run, requoted(text)));
    }
    next
}
