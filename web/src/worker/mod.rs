//! The worker: owns the engine's desk and answers the page's requests.

mod listen;

use std::rc::Rc;

use eqlens_engine::desk::Desk;
use eqlens_engine::diag::{DiagKind, Diagnostic};
use eqlens_engine::schema::Mapping;
use eqlens_engine::span::{LineIndex, Span, byte_of_utf16};
use eqlens_engine::wire::Finding;
use eqlens_engine::wire::assist::{Completions, Hover, Suggestion};
use eqlens_engine::wire::synth::Synthesised;
use eqlens_engine::wire::timeline::Of;
use eqlens_engine::{ingest, link};

use crate::protocol::{
    Bytes, Decoded, Export, FILE_LIMIT_BYTES, Help, Kept, Made, MappingReport, Request, Response,
    Wish,
};

pub use listen::listen;

/// Rows of the table of events that a clause stops: one reads a few of them.
const FAILING_ROWS: u32 = 100;

/// Answers one request. `clock` gives milliseconds; only differences count.
pub fn handle(desk: &mut Desk, request: Request, clock: &dyn Fn() -> f64) -> Response {
    if !matches!(request, Request::Load { .. }) {
        desk.settle();
    }
    match request {
        Request::Load { run, events, is_more } => {
            let report = if is_more { desk.load_more(&events) } else { desk.load(&events) };
            Response::Loaded { run, report }
        }
        Request::SetMapping { run, mapping } => {
            Response::MappingSet { run, report: set_mapping(desk, &mapping) }
        }
        Request::Run { run, rule } => {
            Response::Outcome { run, outcome: Box::new(desk.run(&rule, clock)) }
        }
        Request::Rows { run, filter, text, first, count } => {
            Response::Rows { run, sifted: desk.sifted(&text, filter, first, count) }
        }
        Request::Failing { run, node } => {
            Response::Failing { run, failing: desk.failing(node, FAILING_ROWS) }
        }
        Request::Explain { run, event } => {
            Response::Explained { run, explanation: desk.explain(event).map(Box::new) }
        }
        Request::Timeline { run, key } => {
            let timeline = match &key {
                Some(key) => desk.timeline_of(&Of::Keys(key.clone())),
                None => desk.timeline(),
            };
            Response::Timeline { run, key, timeline: Box::new(timeline) }
        }
        Request::Table { run, by_time, first, count, around } => {
            Response::Table { run, table: desk.table(by_time, (first, count), around, &[]) }
        }
        Request::Cursor { run, at } => {
            Response::Cursor { run, cursor: desk.cursor(at).map(Box::new) }
        }
        Request::Assist { run, rule, at, is_hover } => {
            let byte = byte_of_utf16(&rule, at);
            let help =
                if is_hover { meaning(desk, &rule, byte) } else { suggestions(desk, &rule, byte) };
            Response::Assisted { run, help: Help { is_hover, at, ..help } }
        }
        Request::Make { run, rule, wish } => Response::Made { run, made: make(desk, &rule, wish) },
        Request::Compare { run, old, new } => {
            Response::Compared { run, comparison: Box::new(desk.compare(&old, &new)) }
        }
        Request::Export { run, export } => {
            let text = match export {
                Export::Note(options) => desk.note(&options),
                Export::Matches => desk.matches_ndjson(false),
                Export::Event(event) => desk.source(event).map(str::to_owned),
            };
            Response::Exported { run, text }
        }
        Request::MakeLink { run, investigation } => {
            Response::LinkMade { run, fragment: link::encode(&investigation) }
        }
        Request::ReadLink { run, fragment } => {
            let read = link::decode(&fragment);
            let investigation = read.map(Box::new).map_err(|error| error.to_string());
            Response::LinkRead { run, investigation }
        }
        Request::Decode { run, name, bytes } => {
            Response::Decoded { run, name, decoded: decode(bytes) }
        }
    }
}

fn make(desk: &Desk, rule: &str, wish: Wish) -> Made {
    let first = |findings: &[Finding], what: &str| match findings.first() {
        Some(found) => format!("{what}: {}", found.message),
        None => what.to_owned(),
    };
    match wish {
        Wish::Format => Made::Format(
            desk.format(rule).map_err(|findings| first(&findings, "The rule is left as it is")),
        ),
        Wish::Reading => Made::Reading(desk.describe(rule)),
        Wish::Change(event) => Made::Change(desk.change(event)),
        Wish::Try { event, is_line } => Made::Tried(desk.tried(event, is_line)),
        Wish::Keep { event, .. } => {
            let kept = desk.shrink(event, 0).filter(|kept| kept.events.len() < kept.of as usize);
            Made::Kept(kept.map(|kept| Kept {
                count: kept.events.len() as u32,
                event: kept.events.iter().position(|at| Some(*at) == event).map(|at| at as u32),
                text: kept.text,
            }))
        }
        Wish::Events => {
            let Synthesised { events, impossible, findings, .. } = desk.synthesise(rule, true);
            Made::Events(if !events.is_empty() {
                Ok(events)
            } else if let Some(why) = impossible.first() {
                let why = why.trim_start_matches("no event can match: ");
                Err(format!("No event can match this rule: {why}"))
            } else {
                Err(first(&findings, "No events could be made"))
            })
        }
    }
}

fn suggestions(desk: &Desk, rule: &str, at: u32) -> Help {
    let Completions { span, items } = desk.complete(rule, at);
    let mut help = Help { span, ..Help::default() };
    for item in items {
        let Suggestion { kind, label, insert, detail, note } = item;
        help.texts.extend([kind.name().to_owned(), label, insert, detail, note]);
    }
    help
}

fn meaning(desk: &Desk, rule: &str, at: u32) -> Help {
    let mut help = Help::default();
    if let Some(Hover { span, explained }) = desk.hover(rule, at) {
        help.span = span;
        help.texts = vec![explained.title, explained.detail];
        help.texts.extend(explained.lines);
        for (value, count) in explained.values {
            help.values.extend([value, count.to_string()]);
        }
    }
    help
}

fn decode(bytes: Bytes) -> Result<Decoded, String> {
    let bytes = Rc::unwrap_or_clone(bytes.0);
    let decoded = ingest::decode(bytes, FILE_LIMIT_BYTES).map_err(|finding| finding.message())?;
    let trouble = decoded.findings.first().map(|finding| {
        let line = LineIndex::new(&decoded.text).position(finding.span.start).line;
        let more = match (decoded.skipped as usize).max(decoded.findings.len()) - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        format!("line {line}: {}{more}", finding.kind.message())
    });
    Ok(Decoded { text: decoded.text, trouble })
}

/// Uses a mapping from the next run on; one that cannot be read counts as none.
fn set_mapping(desk: &mut Desk, text: &str) -> MappingReport {
    let read = if text.trim().is_empty() { Ok(Mapping::default()) } else { Mapping::parse(text) };
    let (mapping, findings) = match read {
        Ok(mapping) => (mapping, Vec::new()),
        Err(why) => (Mapping::default(), vec![unreadable(text, &why)]),
    };
    let fields = u32::try_from(mapping.names().count()).unwrap_or(u32::MAX);
    desk.set_mapping(mapping);
    MappingReport { fields, findings }
}

/// The finding, at the place the reason names. Reasons of the JSON reader end in
/// `at line 3 column 5`; others are about the whole.
fn unreadable(text: &str, why: &str) -> Finding {
    let (reason, place) = match why.rsplit_once(" at line ") {
        Some((reason, place)) => (reason, place.split_once(" column ")),
        None => (why, None),
    };
    let number = |word: &str| word.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    let at = place.and_then(|(line, column)| {
        let before = text.split_inclusive('\n').take(number(line)?).map(str::len).sum::<usize>();
        // The reader counts bytes.
        Some((before + number(column).unwrap_or(0)).min(text.len()))
    });
    let at = at.filter(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let span = Span::new(at as u32, (at + length) as u32);
    let found = Diagnostic::new(DiagKind::BadMapping(reason.to_owned()), span);
    Finding::new(&found, &LineIndex::new(text), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{RunId, decode as decode_message, encode};

    #[test]
    fn answers_repeat_the_run() {
        let mut desk = Desk::new();
        let run = RunId(7);
        let events = "{\"event\":{\"category\":\"process\"}}".to_owned();
        let answer = handle(&mut desk, Request::Load { run, events, is_more: false }, &|| 0.0);
        let Response::Loaded { run: RunId(7), report } = answer else { panic!("{answer:?}") };
        assert_eq!(report.events, 1);
    }

    #[test]
    fn files_become_text() {
        let decoded = |bytes: &[u8]| {
            let bytes = Bytes(Rc::new(bytes.to_vec()));
            let request = Request::Decode { run: RunId(1), name: "f".to_owned(), bytes };
            // Through the codec, as on the page.
            let request = decode_message(&encode(&request).unwrap()).unwrap();
            let answer = handle(&mut Desk::new(), request, &|| 0.0);
            let Response::Decoded { decoded, .. } = answer else { panic!("{answer:?}") };
            decoded.map(|decoded| (decoded.text, decoded.trouble))
        };
        assert_eq!(decoded(b"\xff\xfe{\0}\0"), Ok(("{}".to_owned(), None)));
        let trouble = Some("line 2: line skipped: not UTF-8, and 1 more".to_owned());
        assert_eq!(decoded(b"{}\n\xff\n\xff\n"), Ok(("{}\n \n \n".to_owned(), trouble)));
        assert!(decoded(b"PK\x03\x04").is_err_and(|why| why.starts_with("this is not text")));
    }

    #[test]
    fn a_mapping_decides_what_a_field_is() {
        let mut desk = Desk::new();
        desk.load("{\"event\":{\"category\":\"process\"},\"port\":443}");
        let mut matches = |mapping: &str| {
            let report = set_mapping(&mut desk, mapping);
            let outcome = desk.run("process where port > 5", &|| 0.0);
            (report, outcome.result.map(|result| result.matches))
        };
        assert_eq!(matches(""), (MappingReport::default(), Some(1)));
        let (report, found) = matches(r#"{"properties":{"port":{"type":"keyword"}}}"#);
        assert_eq!((report.fields, found), (1, Some(0)), "a keyword is compared as text");
        let (report, found) = matches("{\"properties\":\n  {\"port\": oops}}");
        let [finding] = &report.findings[..] else { panic!("{report:?}") };
        assert_eq!(
            (finding.code.as_str(), finding.span.line, finding.span.column),
            ("D-104", 2, 12)
        );
        assert!(!finding.message.contains("line 2"), "{}", finding.message);
        assert_eq!(found, Some(1), "one that cannot be read counts as none");
    }

    #[test]
    fn a_link_that_is_none_is_refused_in_words() {
        let mut desk = Desk::new();
        let request = Request::ReadLink { run: RunId(1), fragment: "#nonsense".to_owned() };
        let Response::LinkRead { investigation: Err(why), .. } =
            handle(&mut desk, request, &|| 0.0)
        else {
            panic!("read nonsense")
        };
        assert!(!why.is_empty());
    }
}
