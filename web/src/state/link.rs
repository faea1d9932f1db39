//! Where the texts come from and go to: draft, link, example, file, share dialog.

use std::mem;
use std::rc::Rc;

use eqlens_engine::wire::Investigation;

use crate::protocol::{Decoded, Request, RunId, Wish};
use crate::state::boot::{Boot, Example};
use crate::state::compare::Base;
use crate::state::draft::{Draft, Stored, link_key};
use crate::state::model::{
    EventsView, Level, Notice, OpenedLink, Order, Origin, Overlay, ReadingLink, State, Tab,
};
use crate::state::share::{Copy, Include, Share};
use crate::state::update::{edited, forget_result, rerun};
use crate::state::{Effect, Msg, compare, export, making, moves, table};

/// The first steps: link first, then the saved draft, then the first example.
pub(super) fn start(state: &mut State, boot: Boot) -> Vec<Effect> {
    state.aside = boot.aside;
    match boot.stored {
        Stored::Nothing => {}
        Stored::Draft(draft) => state.draft = Some(draft),
        Stored::Broken(why) => {
            let said = format!("The saved draft could not be read and was set aside: {why}");
            state.store_trouble = Some(said.into());
        }
        Stored::Refused(why) => state.store_trouble = Some(refused(&why)),
    }
    match boot.fragment {
        Some(fragment) if is_link(&fragment) => {
            state.reading_link =
                Some(ReadingLink { fragment, edits: boot.link_edits, is_first: true });
            ask_for_link(state)
        }
        foreign => {
            foreign.iter().for_each(|fragment| say_foreign(state, fragment));
            state.tab = boot.tab.unwrap_or_default();
            open_own(state)
        }
    }
}

pub(super) fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::ExampleChosen(at) => {
            let Some(example) = state.examples.get(at).copied() else { return Vec::new() };
            let mut effects = put_aside(state, "the example");
            state.origin = Origin::Example;
            state.is_unsaved = false;
            state.tab = example.tab;
            effects.extend(open(state, texts_of(&example)));
            state.wanted_event = example.event;
            if example.event.is_some() {
                state.notices.push(Notice::Look(example.about));
            }
            effects
        }
        Msg::Cleared => {
            let mut effects = put_aside(state, "nothing");
            state.origin = Origin::Draft;
            effects.extend(open(state, Draft::default()));
            // What was put aside stays in the browser until something new takes its place.
            if state.aside.is_none() {
                effects.extend(keep(state));
            }
            effects
        }
        Msg::AsideWanted => {
            let Some(draft) = state.aside.take() else { return Vec::new() };
            // What is the visitor's own goes where the other came from: nothing is ever lost.
            let own = Some(state.texts());
            let own = own.filter(|own| state.origin == Origin::Draft && !own.is_blank());
            let mut effects = leave_link(state);
            state.notices.retain(|notice| !matches!(notice, Notice::PutAside { .. }));
            if own.is_some() {
                state.say(Notice::PutAside { what: "your draft from before" });
            }
            set_aside(state, own);
            state.origin = Origin::Draft;
            effects.extend(open(state, draft));
            effects.extend(keep(state));
            effects
        }
        Msg::FileOpened { name, bytes } => {
            state.file_run = state.file_run.next();
            let request = Request::Decode { run: state.file_run, name, bytes };
            state.engine.open_requests.push(request.clone());
            vec![Effect::Ask(request)]
        }
        Msg::FileRefused(why) => {
            state.say(Notice::FileUnreadable(why.into()));
            Vec::new()
        }
        Msg::ShareTitleEdited(title) => {
            state.share.title = title;
            make_link(state)
        }
        Msg::ShareIncludeChosen(include) => {
            state.share.include = include;
            make_link(state)
        }
        Msg::CopyWanted => state.share.link.iter().cloned().map(Effect::Copy).collect(),
        Msg::Copied(is_done) => {
            if !export::copied(state, is_done) {
                state.share.copy = if is_done { Copy::Done } else { Copy::Refused };
                export::link_made(state, is_done);
            }
            Vec::new()
        }
        Msg::AddressChanged { fragment, edits } => address_changed(state, fragment, edits),
        Msg::LinkKept => kept(state),
        Msg::DraftWanted => {
            let mut effects = leave_link(state);
            effects.extend(open_own(state));
            effects
        }
        Msg::SaveDue => save(state),
        Msg::PageLeft => {
            let mut effects = save(state);
            effects.push(Effect::KeepTab(state.tab));
            effects
        }
        Msg::StoreRefused(why) => {
            if state.store_trouble.is_none() {
                state.store_trouble = Some(refused(&why));
                state.is_store_refusing = true;
            }
            Vec::new()
        }
        Msg::StoreTook => {
            // The trouble is over; what was found broken at the start stays said.
            if mem::take(&mut state.is_store_refusing) {
                state.store_trouble = None;
            }
            Vec::new()
        }
        Msg::NoticesDismissed => {
            state.notices.clear();
            Vec::new()
        }
        Msg::NoticeDismissed(at) => {
            if at < state.notices.len() {
                state.notices.remove(at);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn refused(why: &str) -> Rc<str> {
    format!("The browser does not keep all of the draft: {why}").into()
}

fn is_link(fragment: &str) -> bool {
    fragment.starts_with("#v")
}

/// Shows texts that nobody typed here.
fn open(state: &mut State, texts: Draft) -> Vec<Effect> {
    let baseline = Rc::clone(&texts.baseline);
    state.docs.replace(texts);
    compare::opened(state, baseline);
    state.notices.retain(|notice| !matches!(notice, Notice::Look(_)));
    state.mapping = Rc::default();
    state.events_view = table::fitting_view(&state.docs.events);
    moves::order(&mut state.rule_order, Order::Reveal(0, 0));
    moves::order(&mut state.events_order, Order::Reveal(0, 0));
    forget_result(state);
    state.list.choice = None;
    state.list.text = Rc::default();
    state.list.sieve = None;
    state.wanted_event = None;
    state.level = Level::List;
    state.report = None;
    let mut effects = moves::close_overlay(state);
    effects.extend(rerun(state));
    effects
}

/// The visitor's own draft, or the first example where there is none.
fn open_own(state: &mut State) -> Vec<Effect> {
    let (draft, origin) = match state.draft.take() {
        Some(draft) => (draft, Origin::Draft),
        None => {
            let example = state.examples.first();
            (example.map(texts_of).unwrap_or_default(), Origin::Example)
        }
    };
    state.origin = origin;
    state.is_unsaved = false;
    open(state, draft)
}

fn texts_of(example: &Example) -> Draft {
    Draft { rule: example.rule.into(), events: example.events.into(), ..Draft::default() }
}

/// What can be had back from now on; an older one only gives way to another.
fn set_aside(state: &mut State, draft: Option<Draft>) {
    if draft.is_some() {
        state.aside = draft;
        state.is_aside_unsaved = true;
    }
}

/// Keeps what is about to be replaced, where it is the visitor's work.
fn put_aside(state: &mut State, what: &'static str) -> Vec<Effect> {
    let own = match state.origin {
        Origin::Draft => Some(state.texts()),
        Origin::Link(_) => state.draft.clone(),
        Origin::Example => None,
    };
    let effects = leave_link(state);
    state.draft = None;
    if let Some(own) = own.filter(|own| !own.is_blank()) {
        set_aside(state, Some(own));
        state.say(Notice::PutAside { what });
    }
    effects
}

/// Writes what is not written yet and takes an opened link out of the address.
fn leave_link(state: &mut State) -> Vec<Effect> {
    let mut effects = save(state);
    if matches!(state.origin, Origin::Link(_)) {
        effects.push(Effect::ClearAddress);
    }
    effects
}

fn keep(state: &mut State) -> Vec<Effect> {
    state.is_unsaved = true;
    vec![Effect::SaveSoon]
}

fn save(state: &mut State) -> Vec<Effect> {
    if !mem::take(&mut state.is_unsaved) {
        return Vec::new();
    }
    match &state.origin {
        Origin::Draft => {
            let mut effects = vec![Effect::WriteDraft(state.texts())];
            effects.extend(save_aside(state));
            effects
        }
        Origin::Link(link) => {
            let key = link.key.clone();
            vec![Effect::WriteLinkEdits { key, edits: state.texts() }]
        }
        Origin::Example => Vec::new(),
    }
}

/// Writes the draft that gave way, once the new one takes its place.
fn save_aside(state: &mut State) -> Option<Effect> {
    let is_new = mem::take(&mut state.is_aside_unsaved);
    state.aside.clone().filter(|_| is_new).map(Effect::WriteAside)
}

fn address_changed(
    state: &mut State,
    fragment: Option<String>,
    edits: Option<Draft>,
) -> Vec<Effect> {
    match fragment {
        Some(fragment) if !is_link(&fragment) => {
            say_foreign(state, &fragment);
            Vec::new()
        }
        Some(fragment) => {
            state.reading_link = Some(ReadingLink { fragment, edits, is_first: false });
            ask_for_link(state)
        }
        None if matches!(state.origin, Origin::Link(_)) => {
            let mut effects = save(state);
            effects.extend(open_own(state));
            effects
        }
        None => Vec::new(),
    }
}

/// The address names something that is no link of this page.
fn say_foreign(state: &mut State, fragment: &str) {
    let start: String = fragment.chars().take(FRAGMENT_CHARS).collect();
    let dots = if start.len() < fragment.len() { "\u{2026}" } else { "" };
    state.say(Notice::NoLink(format!("{start}{dots}").into()));
}

/// How much of a foreign fragment is shown.
const FRAGMENT_CHARS: usize = 40;

fn ask_for_link(state: &mut State) -> Vec<Effect> {
    let Some(reading) = &state.reading_link else { return Vec::new() };
    state.share.run = state.share.run.next();
    let request = Request::ReadLink { run: state.share.run, fragment: reading.fragment.clone() };
    state.engine.open_requests.retain(|open| !matches!(open, Request::ReadLink { .. }));
    state.engine.open_requests.push(request.clone());
    vec![Effect::Ask(request)]
}

/// The worker has read a link.
pub(super) fn read(
    state: &mut State,
    run: RunId,
    investigation: Result<Box<Investigation>, String>,
) -> Vec<Effect> {
    let is_this = |open: &Request| matches!(open, Request::ReadLink { run: id, .. } if *id == run);
    if !state.engine.open_requests.iter().any(is_this) {
        return Vec::new();
    }
    state.engine.open_requests.retain(|open| !is_this(open));
    let Some(reading) = state.reading_link.take() else { return Vec::new() };
    let investigation = match investigation {
        Ok(investigation) => investigation,
        Err(why) => return unreadable(state, &why, reading.is_first),
    };
    let mut effects = save(state);
    if state.origin == Origin::Draft && !reading.is_first {
        state.draft = Some(state.texts());
    }
    let is_edited = reading.edits.is_some();
    let texts = reading.edits.unwrap_or_else(|| Draft {
        rule: investigation.rule.as_str().into(),
        events: investigation.events.as_str().into(),
        ..Draft::default()
    });
    state.origin = Origin::Link(OpenedLink {
        key: link_key(&reading.fragment),
        title: investigation.title.as_str().into(),
        matches: investigation.matches,
        is_edited,
    });
    state.notices.retain(|notice| !matches!(notice, Notice::LinkUnreadable(_)));
    effects.extend(open(state, texts));
    state.tab = Tab::named(&investigation.tab);
    state.wanted_event = investigation.selected;
    effects
}

fn unreadable(state: &mut State, why: &str, is_first: bool) -> Vec<Effect> {
    state.say(Notice::LinkUnreadable(why.into()));
    if is_first { open_own(state) } else { Vec::new() }
}

/// The worker died twice; the link and the files it was reading are given up.
pub(super) fn given_up(state: &mut State, open: &[Request]) -> Vec<Effect> {
    for request in open {
        if let Request::Decode { name, .. } = request {
            let why = format!("`{name}`: the engine stopped while reading it");
            state.say(Notice::FileUnreadable(why.into()));
        }
    }
    match state.reading_link.take() {
        Some(reading) => unreadable(state, "the engine stopped while reading it", reading.is_first),
        None => Vec::new(),
    }
}

fn kept(state: &mut State) -> Vec<Effect> {
    if let Some(own) = state.draft.take().filter(|own| !own.is_blank()) {
        set_aside(state, Some(own));
        state.say(Notice::PutAside { what: "the link" });
    }
    state.origin = Origin::Draft;
    state.is_unsaved = false;
    let mut effects = vec![Effect::WriteDraft(state.texts()), Effect::ClearAddress];
    effects.extend(save_aside(state));
    effects
}

/// The worker has made text of a file.
pub(super) fn decoded(
    state: &mut State,
    run: RunId,
    name: &str,
    decoded: Result<Decoded, String>,
) -> Vec<Effect> {
    let is_this = |open: &Request| matches!(open, Request::Decode { run: id, .. } if *id == run);
    if !state.engine.open_requests.iter().any(is_this) {
        return Vec::new();
    }
    state.engine.open_requests.retain(|open| !is_this(open));
    let mut say = |why: &str| {
        state.say(Notice::FileUnreadable(format!("`{name}`: {why}").into()));
    };
    match decoded {
        Ok(Decoded { text, trouble }) => {
            if let Some(trouble) = trouble {
                say(&trouble);
            } else if text.trim().is_empty() {
                say("it is empty; what was here stays");
                return Vec::new();
            }
            file_read(state, name, text.into())
        }
        Err(why) => {
            say(&why);
            Vec::new()
        }
    }
}

/// Keeps the draft, if it is the visitor's own, of which something is about to be replaced.
pub(super) fn set_own_aside(state: &mut State, what: &'static str) {
    let own = Some(state.texts()).filter(|own| state.origin == Origin::Draft && !own.is_blank());
    if own.is_some() {
        set_aside(state, own);
        state.say(Notice::PutAside { what });
    }
}

fn file_read(state: &mut State, name: &str, text: Rc<str>) -> Vec<Effect> {
    set_own_aside(state, "the file");
    // What was typed before is not undone into the file; it can be had back whole.
    state.docs.epoch += 1;
    if holds_events(name, &text) {
        state.docs.replace_events(text);
        if !state.docs.is_in_editor {
            state.events_view = EventsView::Table;
            // It takes a while: nothing of the old events is to be taken for theirs.
            state.report = None;
            forget_result(state);
        }
        state.selected = None;
        state.explained = None;
        state.list.choice = None;
    } else {
        state.docs.replace_rule(text);
        compare::came(state, Base::File);
    }
    edited(state)
}

/// Events or a rule? By the name where it tells, else by the content: a rule document has a
/// query, events have none.
fn holds_events(name: &str, text: &str) -> bool {
    let is_rule_object = || {
        let start: String = text.chars().take(RULE_START_CHARS).collect();
        let has = |member: &str| start.contains(member);
        has("\"query\"") && (has("\"language\"") || has("\"rule_id\"") || has("\"risk_score\""))
    };
    // `[metadata]` begins a rule file, `[{` and any other bracket a list of events.
    let is_list = |text: &str| {
        text.strip_prefix('[').is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()))
    };
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit('.').next().unwrap_or("") {
        "toml" | "md" | "eql" => false,
        "csv" | "log" => true,
        _ => {
            let start = text.trim_start();
            (start.starts_with('{') || is_list(start)) && !is_rule_object()
        }
    }
}

/// How far into a file one looks for the marks of a rule.
const RULE_START_CHARS: usize = 20_000;

pub(super) fn open_share(state: &mut State) -> Vec<Effect> {
    let info = state.read.as_ref().and_then(|read| read.rule.name.as_deref());
    let title = match &state.origin {
        Origin::Link(link) if !link.title.is_empty() => Rc::clone(&link.title),
        _ => info.unwrap_or("").into(),
    };
    let include =
        if state.docs.events.trim().is_empty() { Include::Rule } else { Include::RuleAndEvents };
    state.share = Share { run: state.share.run, title, include, ..Share::default() };
    let mut effects = make_link(state);
    // A link can be shorter with fewer events.
    if include == Include::RuleAndEvents && state.has_less() {
        effects.extend(making::ask(state, Wish::Keep { event: state.selected, is_now: false }));
    }
    effects
}

pub(super) fn make_link(state: &mut State) -> Vec<Effect> {
    let with_events = state.share.include == Include::RuleAndEvents;
    let result = state.result().filter(|_| !state.is_stale());
    let investigation = Investigation {
        title: state.share.title.to_string(),
        rule: state.docs.rule.to_string(),
        events: if with_events { state.docs.events.to_string() } else { String::new() },
        tab: state.tab.name().to_owned(),
        selected: state.selected.filter(|_| with_events),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        matches: result.map(|result| result.matches).filter(|_| with_events),
    };
    state.share.run = state.share.run.next();
    state.share.link = None;
    state.share.refused = None;
    state.share.copy = Copy::NotAsked;
    let request = Request::MakeLink { run: state.share.run, investigation };
    state.engine.open_requests.retain(|open| !matches!(open, Request::MakeLink { .. }));
    state.engine.open_requests.push(request.clone());
    vec![Effect::Ask(request)]
}

/// The worker has made a link.
pub(super) fn made(state: &mut State, run: RunId, fragment: Result<String, String>) -> Vec<Effect> {
    let is_this = |open: &Request| matches!(open, Request::MakeLink { run: id, .. } if *id == run);
    state.engine.open_requests.retain(|open| !is_this(open));
    if run == state.share.run && state.overlay == Overlay::Share {
        match fragment {
            Ok(fragment) => state.share.link = Some(format!("{}{fragment}", state.base).into()),
            Err(why) => state.share.refused = Some(why.into()),
        }
    }
    Vec::new()
}
