//! The events and what the rule says of each.

use std::rc::Rc;

use eqlens_engine::wire::LoadReport;
use yew::prelude::*;

use crate::protocol::{MappingReport, Wish};
use crate::state::Msg;
use crate::state::model::{EditorOrder, EventsView};
use crate::state::problems::Problem;
use crate::state::text::counted;
use crate::state::window::WHOLE;
use crate::view::editor::{Editor, EditorKind};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::by_pointer::ByPointer;
use crate::view::parts::pane;
use crate::view::parts::segmented::{Segment, segmented};
use crate::view::parts::tells::Tells;

/// What the pane needs.
pub struct EventsPaneProps {
    /// What was recognised, in words.
    pub note: AttrValue,
    /// There is a sound rule to make events from.
    pub has_rule: bool,
    /// Some events match, and others do not: the matches need not all of them.
    pub has_less: bool,
    /// The selected event.
    pub selected: Option<u32>,
    /// See [`Editor`].
    pub rev: u32,
    /// See [`Editor`].
    pub epoch: u32,
    /// See [`Editor`].
    pub text: ByPointer<str>,
    /// See [`Editor`].
    pub findings: Rc<[Problem]>,
    /// See [`Editor`]; of the mapping.
    pub mapping_findings: Rc<[Problem]>,
    /// See [`Editor`].
    pub glyphs: ByPointer<[u8]>,
    /// See [`Editor`].
    pub line: Option<u32>,
    /// See [`Editor`].
    pub is_stale: bool,
    /// See [`Editor`].
    pub order: EditorOrder,
    /// The events stand in their editor.
    pub is_in_editor: bool,
    /// The events as a table.
    pub table: Html,
    /// Text, table or mapping.
    pub view: EventsView,
    /// See [`Editor`]; of the mapping.
    pub mapping_rev: u32,
    /// See [`Editor`]; of the mapping.
    pub mapping: ByPointer<str>,
    /// What became of the mapping.
    pub report: Rc<MappingReport>,
    /// See [`Editor`]; of the mapping.
    pub mapping_order: EditorOrder,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Head and editor.
pub fn events_pane(props: &EventsPaneProps) -> Html {
    let is_mapping = props.view == EventsView::Mapping;
    let segment = |view: EventsView, text: &'static str| Segment {
        text: text.into(),
        is_pressed: props.view == view,
        press: props.on.tell_of(view, Msg::EventsViewChosen),
    };
    let views = [
        segment(EventsView::Text, "Text"),
        segment(EventsView::Table, "Table"),
        segment(EventsView::Mapping, "Mapping"),
    ];
    let make = props.on.tell::<MouseEvent>(|| Msg::Wished(Wish::Events));
    let event = props.selected;
    let keep = props.on.tell_of::<MouseEvent, _>(Wish::Keep { event, is_now: true }, Msg::Wished);
    let controls = html! {
        <>
            if props.has_less && !is_mapping {
                <button class="button" type="button" data-kind="small" onclick={keep}
                    title="Keep only what the matches and the selected event need">
                    { "Shrink" }
                </button>
            }
            if props.has_rule && !is_mapping {
                { button(Kind::Small, "Make from rule", make) }
            }
            { segmented("Show", views) }
        </>
    };
    html! {
        <section class="pane" data-pane="events" aria-label="Events">
            { pane::head("Events", props.note.clone(), controls) }
            if is_mapping {
                <p class="pane__line">{ what_is_known(&props.report, &props.mapping) }</p>
            }
            if is_mapping || !props.mapping.trim().is_empty() {
                <div class="pane__page" hidden={!is_mapping}>
                    <Editor kind={EditorKind::Mapping} label="Mapping"
                        placeholder={MAPPING_PLACEHOLDER} language="json" rev={props.mapping_rev}
                        epoch={props.epoch} text={props.mapping.clone()}
                        findings={Rc::clone(&props.mapping_findings)} window={WHOLE}
                        is_stale=false order={props.mapping_order} on={props.on.clone()} />
                </div>
            }
            if props.view == EventsView::Table {
                <div class="pane__page">{ props.table.clone() }</div>
            }
            if props.is_in_editor {
            <div class="pane__page" hidden={props.view != EventsView::Text}>
            <Editor kind={EditorKind::Events} label="Events"
                placeholder={PLACEHOLDER}
                language="json" rev={props.rev} epoch={props.epoch} text={props.text.clone()}
                findings={Rc::clone(&props.findings)} window={WHOLE}
                glyphs={props.glyphs.clone()} line={props.line} is_stale={props.is_stale}
                order={props.order} on={props.on.clone()} />
            </div>
            }
        </section>
    }
}

const PLACEHOLDER: &str = "Paste events: NDJSON, JSON, a search\nresponse, a _bulk body or CSV. Or drop\n\
    a file here, also gzipped.";

const MAPPING_PLACEHOLDER: &str =
    "Optional: the Elasticsearch mapping of the\nindex, as GET /<index>/_mapping answers it.";

/// Where the types of fields come from.
fn what_is_known(report: &MappingReport, mapping: &str) -> String {
    if !report.findings.is_empty() {
        return "The mapping cannot be read; types come from ECS, else from the values.".to_owned();
    }
    if mapping.trim().is_empty() {
        return "No mapping: types come from ECS, else from the values.".to_owned();
    }
    let fields = counted(report.fields, "field", "fields");
    format!("Types come from the mapping: {fields}; else from ECS; else from the values.")
}

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
