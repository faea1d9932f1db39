//! The share dialog: what leaves, how long the link is, where it fits.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::protocol::Wish;
use crate::state::Msg;
use crate::state::share::{CHANNELS, Copy, Include, SCALE, Share};
use crate::state::text::{counted, number, size};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::dialog::Dialog;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What the dialog needs.
pub struct ShareProps {
    /// Choices and the link.
    pub share: Share,
    /// The rule text.
    pub rule: Rc<str>,
    /// The events text.
    pub events: Rc<str>,
    /// There is a mapping; no link holds one yet.
    pub has_mapping: bool,
    /// Number of events.
    pub count: u32,
    /// How many of them the matches and the selected event need, where that is known and not all.
    pub kept: Option<u32>,
    /// The selected event.
    pub selected: Option<u32>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Lines of each text shown of what leaves; the panes hold the rest.
const PREVIEW_LINES: usize = 200;
/// Characters shown of each line.
const PREVIEW_CHARS: usize = 2_000;

/// Choices on the left, consequences on the right.
pub fn share_dialog(props: &ShareProps) -> Html {
    let share = &props.share;
    let footer = html! {
        <footer class="dialog__foot">
            { link_field(share) }
            <span class="share__said" role="status">{ said(share.copy) }</span>
            <button class="button" type="button" data-kind="primary"
                disabled={share.link.is_none()}
                onclick={props.on.tell::<MouseEvent>(|| Msg::CopyWanted)}>
                { "Copy link" }
            </button>
        </footer>
    };
    html! {
        <Dialog title="Share this investigation" name="share" {footer} on={props.on.clone()}
            note="The link carries everything; no server keeps a copy.">
            <div class="share">
                <div class="share__choices">{ choices(props) }</div>
                <div class="share__result">
                    { meter(share.link.as_deref()) }
                    <h3 class="share__heading">
                        { "Exactly what leaves " }
                        <span class="share__quiet">{ "before compression" }</span>
                    </h3>
                    { preview(props) }
                </div>
            </div>
        </Dialog>
    }
}

fn choices(props: &ShareProps) -> Html {
    let share = &props.share;
    let choice = |include: Include, label: String, bytes: usize| {
        html! {
            <label class="share__option">
                <input type="radio" name="include" checked={share.include == include}
                    onchange={props.on.tell_of::<Event, _>(include, Msg::ShareIncludeChosen)} />
                <span>{ label }</span>
                <span class="share__size">{ size(bytes as u64) }</span>
            </label>
        }
    };
    let title = props.on.reform(|event: InputEvent| {
        let field = event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        Msg::ShareTitleEdited(field.map_or_else(String::new, |field| field.value()).into())
    });
    let has_events = !props.events.trim().is_empty();
    let event = props.selected;
    let keep = props.on.tell_of::<MouseEvent, _>(Wish::Keep { event, is_now: true }, Msg::Wished);
    html! {
        <>
            <fieldset class="share__group">
                <legend class="share__heading">{ "What to include" }</legend>
                { choice(Include::Rule, "The rule only".to_owned(), props.rule.len()) }
                if has_events {
                    { choice(
                        Include::RuleAndEvents,
                        format!("The rule and {}", all_events(props.count)),
                        props.rule.len() + props.events.len(),
                    ) }
                }
            </fieldset>
            if let Some(kept) = props.kept {
                <div class="share__group">
                    { button(Kind::Outlined, format!("Keep only these ({kept} of {})", number(props.count.into())), keep) }
                    <p class="share__quiet">
                        { "The fewest events with the same matches, and the selected one. Yours can be \
                           brought back." }
                    </p>
                </div>
            }
            <label class="share__group">
                <span class="share__heading">
                    { "Title " }<span class="share__quiet">{ "optional" }</span>
                </span>
                <input class="share__field" type="text" maxlength="200" oninput={title}
                    value={share.title.to_string()} placeholder="What this is about" />
            </label>
            if props.has_mapping {
                <p class="share__quiet" data-role="left-behind">
                    { "The mapping stays behind: a link does not hold it, and whoever opens the \
                       link sees the types that the values and the common fields give." }
                </p>
            }
            <p class="share__quiet">
                { "Whoever has the link can read everything in it. It opens as a copy and never \
                   replaces anybody\u{2019}s own draft." }
            </p>
        </>
    }
}

fn all_events(count: u32) -> String {
    if count == 1 {
        "its event".to_owned()
    } else {
        format!("all {}", counted(count, "event", "events"))
    }
}

fn meter(link: Option<&str>) -> Html {
    let length = link.map(|link| u32::try_from(link.chars().count()).unwrap_or(u32::MAX));
    let fits = length.is_none_or(|length| CHANNELS.iter().all(|channel| length <= channel.limit));
    let part = f64::from(length.unwrap_or(0).min(SCALE)) / f64::from(SCALE) * 100.0;
    let mark = |limit: u32| {
        let x = f64::from(limit) / f64::from(SCALE) * 100.0;
        html! {
            <>
                <line class="share__limit" x1={format!("{x}%")} x2={format!("{x}%")} y1="16" y2="36" />
                <text class="share__number" x={format!("{x}%")} y="12">{ number(limit.into()) }</text>
            </>
        }
    };
    html! {
        <div class="share__meter">
            <p class="share__length">
                <b class="share__count">{ length.map_or_else(|| "\u{2026}".to_owned(), |length| number(length.into())) }</b>
                { " characters" }
            </p>
            <svg class="share__track" aria-hidden="true">
                <rect class="meter__all" y="20" width="100%" height="12" />
                <rect class="share__part" data-fits={fits.to_string()} y="20" height="12"
                    width={format!("{part:.1}%")} />
                { for CHANNELS.iter().map(|channel| mark(channel.limit)) }
            </svg>
            <ul class="share__channels">{ for length.map(channels) }</ul>
        </div>
    }
}

fn channels(length: u32) -> Html {
    use eqlens_engine::wire::Verdict;
    CHANNELS
        .iter()
        .map(|channel| {
            let (verdict, word) = match channel.limit.checked_sub(length) {
                Some(spare) => (Verdict::Holds, format!("fits, {} to spare", number(spare.into()))),
                None => {
                    let over = length - channel.limit;
                    (Verdict::Fails, format!("would cut it, {} too long", number(over.into())))
                }
            };
            html! {
                <li class="share__channel">
                    { glyph::silent_verdict(verdict) }{ format!("{}: {word}", channel.name) }
                </li>
            }
        })
        .collect()
}

fn preview(props: &ShareProps) -> Html {
    let with_events = props.share.include == Include::RuleAndEvents;
    let mut text = String::new();
    if !props.share.title.is_empty() {
        text.push_str(&format!("# title\n{}\n", props.share.title));
    }
    text.push_str("# rule\n");
    text.push_str(&cut(&props.rule));
    if with_events {
        text.push_str(&format!("# events: {}\n", all_events(props.count)));
        text.push_str(&cut(&props.events));
    }
    html! {
        <pre class="share__preview" tabindex="0" role="region" aria-label="Exactly what leaves">
            { text }
        </pre>
    }
}

/// The first lines of a text, and how many more there are.
fn cut(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().take(PREVIEW_LINES) {
        match line.char_indices().nth(PREVIEW_CHARS) {
            Some((end, _)) => out.extend([line.get(..end).unwrap_or(line), " \u{2026} (cut here)"]),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    let more = text.lines().skip(PREVIEW_LINES).count();
    if more > 0 {
        out.push_str(&format!("\u{2026} {more} more lines, as they stand in the pane\n"));
    }
    out
}

fn link_field(share: &Share) -> Html {
    let link = share.link.as_deref().or(share.refused.as_deref());
    let link = link.unwrap_or("making the link\u{2026}").to_owned();
    let select = |event: FocusEvent| {
        let field = event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field {
            field.select();
        }
    };
    html! {
        <input class="share__link" type="text" readonly=true aria-label="Link" value={link}
            onfocus={select} />
    }
}

fn said(copy: Copy) -> &'static str {
    match copy {
        Copy::NotAsked => "",
        Copy::Done => "Copied",
        Copy::Refused => "The browser refused; select the link and copy it by hand",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_says_what_it_leaves_out() {
        let text = "line\n".repeat(PREVIEW_LINES + 3);
        let shown = cut(&text);
        assert!(shown.ends_with("3 more lines, as they stand in the pane\n"));
        assert_eq!(cut("a\nb"), "a\nb\n");
    }
}
