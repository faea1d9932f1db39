//! What has to be said above the result.

use std::rc::Rc;

use eqlens_engine::wire::Severity;
use yew::prelude::*;

use crate::state::Msg;
use crate::state::engine::{Crash, Status};
use crate::state::model::{Notice, OpenedLink};
use crate::state::text::{counted, duration, size};
use crate::view::parts::button::{Kind, button};
use crate::view::parts::code::prose;
use crate::view::parts::glyph;
use crate::view::parts::tells::Tells;

/// What can have to be said.
pub struct BannersProps {
    /// How the run stands.
    pub status: Status,
    /// What is being read: a name where it has one, bytes so far and in all, events so far.
    pub reading: Option<(String, usize, usize, u32)>,
    /// Bytes that were read of how many, where the visitor stopped the reading.
    pub partial: Option<(usize, usize)>,
    /// The last crash.
    pub crash: Option<Crash>,
    /// Time of the result on the page, in microseconds.
    pub took_us: Option<u32>,
    /// The result is not that of the rule as it stands: line and message of the error.
    pub stale: Option<(Option<u32>, AttrValue)>,
    /// The opened link.
    pub link: Option<OpenedLink>,
    /// Matches now, where they are final.
    pub matches: Option<u32>,
    /// Notices until dismissed.
    pub notices: Vec<Notice>,
    /// Something was put aside and can be had back.
    pub has_aside: bool,
    /// There is a draft of the visitor's own.
    pub has_draft: bool,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// One line each, the gravest first.
pub fn banners(props: &BannersProps) -> Html {
    let on = &props.on;
    let notice = |(at, notice): (usize, &Notice)| noticed(at, notice, props.has_aside, on);
    html! {
        <div class="banners">
            if let Some(crash) = &props.crash {
                { crashed(crash, props.status, props.took_us, on) }
            }
            { for props.notices.iter().enumerate().map(notice) }
            if props.notices.len() > 1 {
                <p class="banners__all">
                    { button(Kind::Small, "Dismiss all", on.tell(|| Msg::NoticesDismissed)) }
                </p>
            }
            if let Some(reading) = &props.reading {
                { read(reading, on) }
            }
            if let Some((at, all)) = props.partial {
                { banner("caution", Some(Severity::Warning), html! {
                    <>
                        <b>{ "Reading was stopped." }</b>
                        { format!(" {} of {} were read; this is about those.",
                            size(at as u64), size(all as u64)) }
                    </>
                }, button(Kind::Outlined, "Read all", on.tell(|| Msg::RunWanted))) }
            }
            if props.status == (Status::Running { is_long: true }) && props.reading.is_none() {
                { banner("busy", None, html! {
                    <><b>{ "Still computing." }</b>{ " The rule and the events are safe." }</>
                }, button(Kind::Outlined, "Stop", on.tell(|| Msg::RunStopped))) }
            }
            if props.status == Status::Cancelled {
                { banner("caution", Some(Severity::Warning), html! {
                    <><b>{ "Stopped." }</b>{ " What is shown, if anything, is from before." }</>
                }, button(Kind::Outlined, "Run again", on.tell(|| Msg::RunWanted))) }
            }
            if let Some(link) = &props.link {
                { linked(link, props.matches, props.has_draft, on) }
            }
            if let Some((line, message)) = &props.stale {
                <div class="banners__over">{ stale(*line, message, on) }</div>
            }
        </div>
    }
}

fn banner(kind: &'static str, sign: Option<Severity>, text: Html, buttons: Html) -> Html {
    // A crash interrupts; everything else can wait for a pause.
    let role = if kind == "error" { "alert" } else { "status" };
    html! {
        <div class="banners__banner" data-kind={kind} {role}>
            if let Some(sign) = sign {
                { glyph::severity(sign) }
            }
            <p class="banners__text">{ text }</p>
            <span class="banners__buttons">{ buttons }</span>
        </div>
    }
}

fn read((name, at, all, events): &(String, usize, usize, u32), on: &Callback<Msg>) -> Html {
    let (read, whole) = (size(*at as u64), size(*all as u64));
    let so_far = match (*at, *events) {
        (0, _) => whole,
        (_, events) => {
            format!("{read} of {whole} \u{b7} {}", counted(events, "event", "events"))
        }
    };
    let text = html! {
        <>
            <b>{ "Reading events " }</b>{ format!("{name} {so_far}") }
            <progress class="banners__bar" max={all.to_string()} value={at.to_string()}
                aria-label="Read" />
        </>
    };
    banner("busy", None, text, button(Kind::Outlined, "Cancel", on.tell(|| Msg::RunStopped)))
}

fn crashed(crash: &Crash, status: Status, took_us: Option<u32>, on: &Callback<Msg>) -> Html {
    let rest = match (crash.is_final, status, took_us) {
        (true, _, _) => " It stopped again over the same rule and events. Both are as you left \
            them; the next edit is tried anew."
            .to_owned(),
        (false, Status::Done, Some(took_us)) => format!(
            " Rule and events are as you left them; this result was computed again by the new \
            engine in {}.",
            duration(took_us)
        ),
        _ => " Rule and events are as you left them.".to_owned(),
    };
    let text = html! {
        <>
            <b>{ "The engine stopped and was started again." }</b>{ rest }
            if crash.shows_message {
                <code class="banners__detail">{ crash.message.to_string() }</code>
            }
        </>
    };
    let question = if crash.shows_message { "Hide details" } else { "What happened" };
    let buttons = html! {
        <>
            { button(Kind::Outlined, question, on.tell(|| Msg::CrashQuestioned)) }
            { button(Kind::Outlined, "Dismiss", on.tell(|| Msg::CrashDismissed)) }
        </>
    };
    banner("error", Some(Severity::Error), text, buttons)
}

fn stale(line: Option<u32>, message: &AttrValue, on: &Callback<Msg>) -> Html {
    let place = match line {
        Some(line) => format!(" Line {line} of the rule has an error: "),
        None => " The rule has an error: ".to_owned(),
    };
    let text = html! {
        <>
            <b>{ "This is the last result that could be computed." }</b>
            <span key={message.to_string()}>{ place }{ prose(message) }{ "." }</span>
        </>
    };
    let go = line.map_or_else(|| "Go there".to_owned(), |line| format!("Go to line {line}"));
    let buttons = html! {
        <>
            { button(Kind::Outlined, go, on.tell(|| Msg::StaleLineWanted)) }
            { button(Kind::Outlined, "Undo", on.tell(|| Msg::UndoWanted)) }
        </>
    };
    banner("caution", Some(Severity::Warning), text, buttons)
}

fn linked(link: &OpenedLink, matches: Option<u32>, has_draft: bool, on: &Callback<Msg>) -> Html {
    let title = if link.title.is_empty() { String::new() } else { format!(": {}", link.title) };
    let changed = match (link.matches, matches) {
        (Some(then), Some(now)) if then != now && !link.is_edited => {
            format!(" It was made with {then} matches; now there are {now}.")
        }
        _ => String::new(),
    };
    let kept = match (link.is_edited, has_draft) {
        (true, true) => " With your changes, kept in this tab; your own draft is kept, too.",
        (true, false) => " With your changes, kept in this tab.",
        (false, true) => " Your own draft is kept.",
        (false, false) => "",
    };
    let text = html! {
        <><b>{ format!("Opened from a link{title}.") }</b>{ changed }{ kept }</>
    };
    let back = if has_draft { "Back to my draft" } else { "Leave it" };
    let buttons = html! {
        <>
            { button(Kind::Outlined, "Keep as my draft", on.tell(|| Msg::LinkKept)) }
            { button(Kind::Outlined, back, on.tell(|| Msg::DraftWanted)) }
        </>
    };
    banner("link", Some(Severity::Info), text, buttons)
}

fn noticed(at: usize, notice: &Notice, has_aside: bool, on: &Callback<Msg>) -> Html {
    let dismiss = button(Kind::Outlined, "Dismiss", on.tell_of(at, Msg::NoticeDismissed));
    match notice {
        Notice::LinkUnreadable(why) => banner(
            "error",
            Some(Severity::Error),
            html! {
                <>
                    <b>{ "The link could not be read: " }{ prose(why) }{ "." }</b>
                    { " Ask for it again, as a whole. Nothing of yours was touched." }
                </>
            },
            dismiss,
        ),
        Notice::FileUnreadable(why) | Notice::NotMade(why) => {
            banner("error", Some(Severity::Error), html! { <b>{ prose(why) }{ "." }</b> }, dismiss)
        }
        Notice::Look(what) => banner(
            "link",
            None,
            html! {
                <><b>{ "What to look at: " }</b>{ prose(what) }{ "." }</>
            },
            dismiss,
        ),
        Notice::NoLink(fragment) => banner(
            "link",
            Some(Severity::Info),
            html! {
                <>
                    { "The address ends in " }<code>{ fragment.to_string() }</code>
                    { ", which is no link of this page. It was left out of account." }
                </>
            },
            dismiss,
        ),
        Notice::PutAside { what } => {
            let said = match *what {
                "nothing" => "Cleared.".to_owned(),
                "the link" => "The link is your draft now.".to_owned(),
                what => format!("This is {what}."),
            };
            let buttons = html! {
                <>
                    if has_aside {
                        { button(Kind::Outlined, "Bring it back",
                            on.tell(|| Msg::AsideWanted)) }
                    }
                    { dismiss }
                </>
            };
            let text = html! { <><b>{ said }</b>{ " What you had before is kept." }</> };
            banner("link", Some(Severity::Info), text, buttons)
        }
    }
}

/// Line and message of the first error, for the banner over a stale result.
#[must_use]
pub fn first_error(
    problems: &Rc<[crate::state::problems::Problem]>,
) -> Option<(Option<u32>, AttrValue)> {
    use crate::state::problems::TextKind;
    let error = problems.iter().find(|problem| {
        problem.text == TextKind::Rule && problem.finding.severity == Severity::Error
    })?;
    let message = error.finding.message.clone();
    Some((error.place.map(|(line, _)| line), message.into()))
}
