//! The worker: owns the engine's desk and answers the page's requests.

use std::rc::Rc;

use eqlens_engine::desk::Desk;
use eqlens_engine::span::LineIndex;
use eqlens_engine::{ingest, link};

use crate::protocol::{Bytes, Decoded, FILE_LIMIT_BYTES, Request, Response};

/// Answers one request. `clock` gives milliseconds; only differences count.
pub fn handle(desk: &mut Desk, request: Request, clock: &dyn Fn() -> f64) -> Response {
    match request {
        Request::Load { run, events } => Response::Loaded { run, report: desk.load(&events) },
        Request::Run { run, rule } => {
            Response::Outcome { run, outcome: Box::new(desk.run(&rule, clock)) }
        }
        Request::Rows { run, filter, first, count } => {
            Response::Rows { run, rows: desk.rows(filter, first, count) }
        }
        Request::Explain { run, event } => {
            Response::Explained { run, explanation: desk.explain(event).map(Box::new) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{RunId, decode as decode_message, encode};

    #[test]
    fn answers_repeat_the_run() {
        let mut desk = Desk::new();
        let run = RunId(7);
        let events = "{\"event\":{\"category\":\"process\"}}".to_owned();
        let answer = handle(&mut desk, Request::Load { run, events }, &|| 0.0);
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
