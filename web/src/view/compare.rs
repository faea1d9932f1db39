//! The Compare tab: what the rule as it stands gains and loses beside a baseline, and by which clause.

use std::rc::Rc;

use eqlens_engine::wire::compare::{
    Change, Changes, Clause, ClausePair, ClauseState, Comparison, Setting,
};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::state::Msg;
use crate::state::compare::{Base, Compared, Stretch, common, stretches};
use crate::state::model::Tab;
use crate::state::text::{counted, number, time_parts, visible};
use crate::view::list::skeleton;
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::{eql, prose};
use crate::view::parts::meter::meter;
use crate::view::parts::tells::Tells;

/// What the tab needs.
pub struct CompareProps {
    /// Where version A comes from.
    pub base: Base,
    /// Version A.
    pub baseline: Rc<str>,
    /// The rule as it stands is version A.
    pub is_same: bool,
    /// The text of version A is being edited.
    pub is_editing: bool,
    /// The last comparison of two sound versions.
    pub found: Option<Rc<Compared>>,
    /// A version is broken.
    pub refused: Option<Rc<Comparison>>,
    /// What is found may be of an older rule: the engine was stopped.
    pub is_behind: bool,
    /// Events an index pattern reaches, for shares.
    pub searched: u32,
    /// The selected event.
    pub selected: Option<u32>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// The tool row, what differs, and both versions.
pub fn compare_tab(props: &CompareProps) -> Html {
    let is_blank = props.baseline.trim().is_empty();
    let body = match (&props.found, props.is_same, &props.refused) {
        _ if is_blank => html! {
            <p class="compare__none">{ "Version A is empty: paste a rule into it, or clear the baseline." }</p>
        },
        (_, true, _) => unchanged(props),
        (Some(found), ..) => answer(props, found),
        (None, _, Some(_)) => Html::default(),
        (None, ..) => skeleton(),
    };
    let refused = props.refused.as_ref().filter(|_| !props.is_same && !is_blank);
    html! {
        <div class="compare">
            { tool(props) }
            <div class="compare__page" role="region" tabindex="0" aria-label="Comparison" data-focus="result">
                if let Some(refused) = refused {
                    <p class="compare__refused" role="status">
                        <span>
                            { prose(&refused.sentence) }
                            if props.found.is_some() {
                                { " Below is the last comparison of two versions that run." }
                            }
                        </span>
                    </p>
                }
                if props.is_editing {
                    { baseline_text(props) }
                }
                <div class="compare__answer" data-stale={(refused.is_some() || props.is_behind).then_some("true")}>
                    { body }
                </div>
            </div>
        </div>
    }
}

fn tool(props: &CompareProps) -> Html {
    let on = &props.on;
    let edit = if props.is_editing { "Close version A" } else { "Edit version A" };
    let is_editing = props.is_editing;
    html! {
        <div class="compare__tool">
            <span class="compare__base">
                { "Version A is " }<b>{ props.base.words() }</b>{ "; B is the rule as it stands." }
            </span>
            if !props.is_same {
                { button(Kind::Outlined, "Set as baseline", on.tell(|| Msg::BaselineSet)) }
                { button(Kind::Outlined, "Swap A and B", on.tell(|| Msg::VersionsSwapped)) }
            }
            { button(Kind::Outlined, edit, on.tell_of(!is_editing, Msg::BaselineOpened)) }
            if props.base == Base::Set {
                { button(Kind::Outlined, "Clear baseline", on.tell(|| Msg::BaselineCleared)) }
            }
        </div>
    }
}

/// Version A as it can be typed or pasted.
fn baseline_text(props: &CompareProps) -> Html {
    let oninput = props.on.reform(|event: InputEvent| {
        let area = event.target().and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
        Msg::BaselineEdited(area.map(|area| area.value()).unwrap_or_default().into())
    });
    html! {
        <label class="compare__edit">
            <span class="compare__heading">{ "Version A: paste or edit a rule, in any form the page reads" }</span>
            <textarea class="compare__area" rows="10" spellcheck="false" autocomplete="off"
                value={props.baseline.to_string()} {oninput} />
        </label>
    }
}

/// Nothing was edited yet.
fn unchanged(props: &CompareProps) -> Html {
    html! {
        <div class="compare__none">
            <h3 class="compare__lead">{ "Nothing differs yet" }</h3>
            <p>
                { "The rule is " }{ props.base.words() }{ ". Edit it: which matches are gained and \
                   lost, and by which clause, appears here with each keystroke." }
            </p>
            <p>
                { "To compare with another version, put it into version A, or set the rule as the \
                   baseline and paste the new one over it." }
            </p>
        </div>
    }
}

fn answer(props: &CompareProps, found: &Rc<Compared>) -> Html {
    let Compared { comparison, .. } = &**found;
    let count = |change: &'static str, changes: &Changes, word: &'static str| {
        html! {
            <span class="compare__count" data-change={change}>
                { sign(change) }{ number(changes.total.into()) }{ " " }{ word }
            </span>
        }
    };
    let differing: Vec<(&'static str, &Changes)> = [
        ("gained", &comparison.gained),
        ("lost", &comparison.lost),
        ("changed", &comparison.changed),
    ]
    .into_iter()
    .filter(|(_, changes)| changes.total > 0)
    .collect();
    html! {
        <>
            <div class="compare__summary">
                <p class="compare__lead" role="status">{ prose(&comparison.sentence) }</p>
                <p class="compare__counts">
                    { count("gained", &comparison.gained, "gained") }
                    { count("lost", &comparison.lost, "lost") }
                    if comparison.changed.total > 0 {
                        { count("changed", &comparison.changed, "with other events") }
                    }
                    { count("unchanged", &comparison.unchanged, "unchanged") }
                </p>
            </div>
            if !differing.is_empty() {
                { section("Matches that differ", matches_list(props, &differing)) }
            }
            if !comparison.same_rule {
                { section("Clauses, A and B", clauses(props, comparison)) }
            }
            if !comparison.settings.is_empty() {
                { section("What else differs", settings(&comparison.settings)) }
            }
            { section("Queries, A and B", versions(found)) }
        </>
    }
}

fn section(title: &'static str, body: Html) -> Html {
    html! {
        <section class="compare__section">
            <h3 class="compare__heading">{ title }</h3>
            { body }
        </section>
    }
}

/// The shape of a change, in a box of 12 by 12; words stand beside it or in its name.
fn sign(change: &'static str) -> Html {
    let path = match change {
        "gained" | "added" => "M6 1V11M1 6H11",
        "lost" | "removed" => "M1 6H11",
        "changed" => "M1 8C3 3 5 4 6 6S9 9 11 4",
        _ => "M1 4H11M1 8H11",
    };
    html! {
        <svg class="glyph" data-change={change} viewBox="0 0 12 12" role="img" aria-label={change}>
            <path class="glyph__line" d={path} stroke-width="2" />
        </svg>
    }
}

/// One tab stop; arrows move between the rows and choose them.
fn matches_list(props: &CompareProps, lists: &[(&'static str, &Changes)]) -> Html {
    let firsts: Vec<Option<u32>> = lists
        .iter()
        .flat_map(|(_, changes)| &changes.rows)
        .map(|row| row.events.iter().flatten().next().copied())
        .collect();
    let chosen = firsts.iter().position(|event| event.is_some() && *event == props.selected);
    let stop = chosen.unwrap_or(0);
    let onkeydown = {
        let (on, firsts) = (props.on.clone(), firsts.clone());
        move |event: KeyboardEvent| {
            let last = firsts.len().saturating_sub(1);
            let to = match event.key().as_str() {
                "ArrowDown" => (stop + usize::from(chosen.is_some())).min(last),
                "ArrowUp" => stop.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            let list = event.current_target().and_then(|list| list.dyn_into::<HtmlElement>().ok());
            let row = list.and_then(|list| list.children().item(to as u32));
            let button = row.and_then(|row| row.first_element_child());
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                // A button takes the focus.
                let _ = button.focus();
            }
            if let Some(event) = firsts.get(to).copied().flatten() {
                on.emit(Msg::EventChosen(event));
            }
        }
    };
    let rows = lists
        .iter()
        .flat_map(|(change, changes)| changes.rows.iter().map(move |row| (*change, row)));
    let row = |(at, (change, row)): (usize, (&'static str, &Change))| {
        match_row(props, change, row, at == stop)
    };
    let left_out: u32 = lists.iter().map(|(_, changes)| changes.left_out).sum();
    html! {
        <>
            <ul class="compare__matches" {onkeydown}>{ for rows.enumerate().map(row) }</ul>
            if left_out > 0 {
                <p class="compare__note">{ format!("and {} more, not listed", number(left_out.into())) }</p>
            }
        </>
    }
}

fn match_row(props: &CompareProps, change: &'static str, row: &Change, is_stop: bool) -> Html {
    let first = row.events.iter().flatten().next().copied();
    let is_selected = first.is_some() && first == props.selected;
    let onclick = props.on.reform(move |_: MouseEvent| match first {
        Some(event) => Msg::EventChosen(event),
        None => Msg::TabChosen(Tab::Compare),
    });
    let details = props.on.tell::<MouseEvent>(|| Msg::TabChosen(Tab::Matches));
    let (_, time, fraction) = time_parts(row.time.as_deref().unwrap_or(""));
    let mut name = row.ids.join(" \u{2192} ");
    if !row.old_ids.is_empty() {
        name = format!("{name} instead of {}", row.old_ids.join(" \u{2192} "));
    }
    let keys: Vec<&str> = row.keys.iter().map(|key| key.as_deref().unwrap_or("\u{2013}")).collect();
    html! {
        <li class="compare__item" data-selected={is_selected.then_some("true")}>
            <button class="compare__match" type="button" aria-pressed={is_selected.to_string()}
                tabindex={if is_stop { "0" } else { "-1" }} {onclick}>
                { sign(change) }
                <span class="compare__time" title={row.time.clone()}>{ time }{ fraction }</span>
                <span class="compare__id">{ visible(&name).into_owned() }</span>
                <span class="compare__event" title={row.summary.clone()}>
                    if !keys.is_empty() {
                        <span class="compare__keys">{ visible(&keys.join(", ")).into_owned() }{ " " }</span>
                    }
                    { visible(&row.summary).into_owned() }
                </span>
                <span class="compare__why">{ prose(&row.why) }</span>
            </button>
            if is_selected {
                { button(Kind::Small, "Details in Matches", details) }
            }
        </li>
    }
}

/// Old and new beside each other, with how many events each holds for.
fn clauses(props: &CompareProps, comparison: &Comparison) -> Html {
    let row = |pair: &ClausePair| {
        let state = match pair.state {
            ClauseState::Kept => "kept",
            ClauseState::Changed => "changed",
            ClauseState::Added => "added",
            ClauseState::Removed => "removed",
        };
        let texts = (pair.old.as_ref(), pair.new.as_ref());
        let cut = match texts {
            (Some(old), Some(new)) if pair.state == ClauseState::Changed => {
                Some(common(&old.text, &new.text))
            }
            _ => None,
        };
        html! {
            <li class="compare__clause" data-change={state}>
                { sign(state) }
                { clause_side(props, "A", texts.0, cut) }
                { clause_side(props, "B", texts.1, cut) }
                <span class="compare__decides">
                    if pair.decides > 0 {
                        { "decides " }{ number(pair.decides.into()) }
                    }
                </span>
            </li>
        }
    };
    html! { <ul class="compare__clauses">{ for comparison.clauses.iter().map(row) }</ul> }
}

fn clause_side(
    props: &CompareProps,
    side: &'static str,
    clause: Option<&Clause>,
    cut: Option<(usize, usize)>,
) -> Html {
    let Some(clause) = clause else {
        return html! {
            <span class="compare__side" data-none="true">
                { format!("not in {side}") }
            </span>
        };
    };
    let share = f64::from(clause.count) / f64::from(props.searched.max(1));
    let text = &clause.text;
    let code = match cut {
        Some((head, tail)) => {
            let end = text.len().saturating_sub(tail);
            html! {
                <>
                    { eql(text.get(..head).unwrap_or_default()) }
                    <mark class="compare__mark">{ eql(text.get(head..end).unwrap_or(text)) }</mark>
                    { eql(text.get(end..).unwrap_or_default()) }
                </>
            }
        }
        None => eql(text),
    };
    let place = if clause.place.is_empty() { String::new() } else { format!(" {}", clause.place) };
    html! {
        <span class="compare__side">
            <span class="compare__number">
                <span class="compare__letter">{ side }</span>{ clause.number }{ place }
            </span>
            <span class="compare__code">{ code }</span>
            <span class="compare__share" title={format!("holds for {}", counted(clause.count, "event", "events"))}>
                { number(clause.count.into()) }{ meter(share) }
            </span>
        </span>
    }
}

fn settings(all: &[Setting]) -> Html {
    let row = |setting: &Setting| {
        html! {
            <li class="compare__setting">
                { sign("changed") }
                <span>{ setting.name.clone() }</span>
                <span class="compare__values">
                    <code>{ visible(&setting.old).into_owned() }</code>
                    { " \u{2192} " }
                    <code>{ visible(&setting.new).into_owned() }</code>
                </span>
                <span class="compare__decides">
                    if setting.decides > 0 {
                        { "decides " }{ number(setting.decides.into()) }
                    }
                </span>
            </li>
        }
    };
    html! { <ul class="compare__settings">{ for all.iter().map(row) }</ul> }
}

/// Both queries, with what differs marked.
fn versions(found: &Compared) -> Html {
    let Compared { comparison, old, new } = found;
    let clauses = &comparison.clauses;
    let olds = stretches(old, comparison.old.query_span, clauses, |pair| pair.old.as_ref());
    let news = stretches(new, comparison.new.query_span, clauses, |pair| pair.new.as_ref());
    let piece = |(state, text): Stretch<'_>| {
        let code = eql(text);
        match state {
            None => code,
            Some(state) => {
                let state = if state == ClauseState::Changed { "changed" } else { "alone" };
                html! { <mark class="compare__mark" data-change={state}>{ code }</mark> }
            }
        }
    };
    let version = |name: &'static str, count: Option<u32>, pieces: Vec<Stretch<'_>>| {
        html! {
            <figure class="compare__version">
                <figcaption class="compare__caption">
                    <b>{ name }</b>
                    <span>{ counted(count.unwrap_or_default(), "match", "matches") }</span>
                </figcaption>
                <pre class="compare__query">{ for pieces.into_iter().map(piece) }</pre>
            </figure>
        }
    };
    html! {
        <div class="compare__versions">
            { version("Version A, old", comparison.old.matches, olds) }
            { version("Version B, new", comparison.new.matches, news) }
        </div>
    }
}
