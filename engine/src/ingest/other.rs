//! What is pasted for events and is none: a rule, or the error of a search.

use crate::diag::DiagKind;
use crate::json::{Event, Mistake, Reader};

/// Says what a text is, in words and as a finding, where it is plainly no events.
pub(super) fn what(text: &str) -> Option<(&'static str, DiagKind)> {
    let body = text.trim_start();
    if body.starts_with('{') {
        return object(body).ok().flatten();
    }
    is_rule(body).then_some(("a rule", DiagKind::NotEvents("a rule")))
}

/// A query, or a rule file.
fn is_rule(body: &str) -> bool {
    let first = body
        .lines()
        .map(str::trim)
        .find(|line| !(line.is_empty() || line.starts_with("//") || line.starts_with('#')));
    let Some(first) = first else { return false };
    let mut words = first.split([' ', '\t']).filter(|word| !word.is_empty());
    let (word, next) = (words.next().unwrap_or_default(), words.next());
    let is_header = matches!(word, "sequence" | "sample")
        && next.is_none_or(|next| matches!(next, "by" | "with") || next.starts_with('['));
    let is_filter = next == Some("where") && !word.contains([',', '{', ':']);
    let is_file = ["[metadata]", "[rule]"].contains(&first);
    is_header || is_filter || is_file
}

/// A rule in JSON by its members, and an error of Elasticsearch, which has two.
fn object(body: &str) -> Result<Option<(&'static str, DiagKind)>, Mistake> {
    let mut reader = Reader::new(body, 0);
    reader.next_event()?;
    let (mut n, mut marks) = (0, 0);
    let mut reason = None;
    let mut has_status = false;
    while let Event::Key(key) = reader.next_event()? {
        n += 1;
        // An event is no rule, however it goes on.
        if n > 60 || matches!(key.as_ref(), "@timestamp" | "_source" | "_index" | "event" | "hits")
        {
            return Ok(None);
        }
        marks += i32::from(matches!(key.as_ref(), "query" | "rule_id" | "risk_score" | "language"));
        let event = reader.next_event()?;
        match (key.as_ref(), &event) {
            ("status", Event::Num(_)) => has_status = true,
            ("error", Event::Str(text)) => reason = Some(text.to_string()),
            ("error", Event::OpenObject) => {
                reason = Some(error_reason(&mut reader)?);
                continue;
            }
            _ => {}
        }
        super::documents::skip(&mut reader, &event)?;
    }
    // Events may have these two members alone, but seldom is there but one.
    let is_alone = body.get(reader.position()..).is_some_and(|rest| rest.trim().is_empty());
    Ok(match reason {
        Some(reason) if has_status && n == 2 && is_alone => {
            Some(("the error of a search", DiagKind::SearchFailed(reason)))
        }
        _ if marks >= 3 => Some(("a rule", DiagKind::NotEvents("a rule"))),
        _ => None,
    })
}

/// The reason in an object whose `{` has been read.
fn error_reason(reader: &mut Reader<'_>) -> Result<String, Mistake> {
    let (mut reason, mut ty) = (String::new(), String::new());
    while let Event::Key(key) = reader.next_event()? {
        let event = reader.next_event()?;
        match (key.as_ref(), &event) {
            ("reason", Event::Str(text)) => reason = text.to_string(),
            ("type", Event::Str(text)) => ty = text.to_string(),
            _ => super::documents::skip(reader, &event)?,
        }
    }
    Ok(if reason.is_empty() { ty } else { reason })
}

#[cfg(test)]
mod tests {
    use crate::ingest::load;

    #[test]
    fn what_is_no_events_is_named_and_events_are_not() {
        for (text, code) in [
            ("process where true", "D-120"),
            ("// note\nsequence by host.id\n [any where true]", "D-120"),
            ("[metadata]\ncreation_date = \"2026\"\n[rule]\nname = \"x\"", "D-120"),
            (
                "{\"rule_id\":\"a\",\"name\":\"n\",\"query\":\"any where true\",\"language\":\"eql\"}",
                "D-120",
            ),
            (
                "{\"error\":{\"root_cause\":[],\"type\":\"x\",\"reason\":\"line 1\"},\"status\":400}",
                "D-121",
            ),
            ("{\"error\":\"no\",\"status\":403}", "D-121"),
        ] {
            let loaded = load(text);
            let codes: Vec<_> = loaded.findings.iter().map(|f| f.kind.code()).collect();
            assert_eq!((codes, loaded.store.n_events()), (vec![code], 0), "{text}");
        }
        for text in [
            "{\"error\":\"x\",\"status\":400,\"@timestamp\":1}",
            "{\"query\":\"a\",\"language\":\"b\"}",
            "{\"status\":1}",
        ] {
            assert_eq!((load(text).store.n_events(), load(text).findings.len()), (1, 0), "{text}");
        }
    }

    #[test]
    fn log_lines_of_an_error_and_a_status_are_events() {
        let loaded = load("{\"error\":\"x\",\"status\":500}\n{\"error\":\"y\",\"status\":502}\n");
        assert_eq!((loaded.store.n_events(), loaded.findings.len()), (2, 0));
    }

    #[test]
    fn a_response_in_a_wrapper_is_unwrapped() {
        let response = "{\"took\":1,\"hits\":{\"hits\":[{\"_id\":\"1\",\"_source\":{\"a\":1}}]}}";
        for text in [
            format!("{{\"rawResponse\":{response}}}"),
            format!("{{\"id\":\"x\",\"is_running\":false,\"response\":{response}}}"),
            format!("{{\"id\":\"x\",\"rawResponse\":{response},\"isPartial\":false}}"),
            format!("{{\"response\":{{\"rawResponse\":{response}}}}}"),
        ] {
            let loaded = load(&text);
            assert_eq!((loaded.store.n_events(), loaded.findings.len()), (1, 0), "{text}");
            assert_eq!(loaded.format, "_search response");
            assert_eq!(loaded.store.id(0), "1");
        }
        // A field that is called so is a field.
        let loaded = load("{\"response\":{\"code\":200}}");
        assert!(loaded.store.column("response.code").is_some());
    }
}
