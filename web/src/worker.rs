//! The worker: owns the engine's desk and answers the page's requests.

use eqlens_engine::desk::Desk;
use eqlens_engine::link;

use crate::protocol::{Request, Response};

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
        Request::Timeline { run } => {
            Response::Timeline { run, timeline: Box::new(desk.timeline()) }
        }
        Request::MakeLink { run, investigation } => {
            Response::LinkMade { run, fragment: link::encode(&investigation) }
        }
        Request::ReadLink { run, fragment } => {
            let read = link::decode(&fragment);
            let investigation = read.map(Box::new).map_err(|error| error.to_string());
            Response::LinkRead { run, investigation }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::RunId;

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
