//! The events and what the rule says of each.

use std::rc::Rc;

use eqlens_engine::wire::{Finding, LoadReport};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::docs::Window;
use crate::state::model::EditorOrder;
use crate::state::text::counted;
use crate::view::editor::{Editor, EditorKind};
use crate::view::parts::by_pointer::ByPointer;
use crate::view::parts::pane;

/// What the pane needs.
#[derive(Properties, PartialEq)]
pub struct EventsPaneProps {
    /// What was recognised, in words.
    pub note: AttrValue,
    /// See [`Editor`].
    pub rev: u32,
    /// See [`Editor`].
    pub text: ByPointer<str>,
    /// See [`Editor`].
    pub findings: Rc<[Finding]>,
    /// See [`Editor`].
    pub glyphs: ByPointer<[u8]>,
    /// See [`Editor`].
    pub line: Option<u32>,
    /// See [`Editor`].
    pub is_stale: bool,
    /// See [`Editor`].
    pub order: EditorOrder,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Head and editor.
#[component]
pub fn EventsPane(props: &EventsPaneProps) -> Html {
    html! {
        <section class="pane" data-pane="events" aria-label="Events">
            { pane::head("Events", props.note.clone(), Html::default()) }
            <Editor kind={EditorKind::Events} label="Events"
                placeholder={PLACEHOLDER}
                language="json" rev={props.rev} text={props.text.clone()}
                findings={Rc::clone(&props.findings)} window={WHOLE}
                glyphs={props.glyphs.clone()} line={props.line} is_stale={props.is_stale}
                order={props.order} on={props.on.clone()} />
        </section>
    }
}

const PLACEHOLDER: &str = "Paste events: NDJSON, JSON, a search\nresponse, a _bulk body or CSV. Or drop\n\
    a file here, also gzipped.";

/// The events editor always shows its whole text.
const WHOLE: Window = Window { start: 0, end: u32::MAX, start_utf16: 0, line: 1, column: 1 };

/// `NDJSON, 200 events, 1 line skipped`.
#[must_use]
pub fn summary(report: &LoadReport) -> String {
    let mut words = vec![counted(report.events, "event", "events")];
    if !report.format.is_empty() {
        words.insert(0, report.format.clone());
    }
    if report.skipped > 0 {
        words.push(format!("{} skipped", counted(report.skipped, "line", "lines")));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_what_was_skipped() {
        let mut report =
            LoadReport { format: "NDJSON".into(), events: 200, ..LoadReport::default() };
        assert_eq!(summary(&report), "NDJSON, 200 events");
        report.skipped = 1;
        assert_eq!(summary(&report), "NDJSON, 200 events, 1 line skipped");
    }
}
