//! The Rule tab: what the rule document says about itself.

use std::rc::Rc;

use eqlens_engine::wire::reading::{Reading, ReadingKind, ReadingLine, ReadingPart};
use eqlens_engine::wire::{Outcome, Rule, Threat};
use yew::prelude::*;

use crate::state::Msg;
use crate::view::parts::markdown::markdown;
use crate::view::parts::tells::Tells;

const GUIDE: &str = "Investigation guide";

/// What the tab needs.
pub struct RuleCardProps {
    /// The rule as it was recognised.
    pub outcome: Rc<Outcome>,
    /// Its query in plain English.
    pub reading: Option<Rc<Reading>>,
    /// Takes what happens.
    pub on: Callback<Msg>,
}

/// Only what was found; a bare query has next to nothing.
pub fn rule_card(props: &RuleCardProps) -> Html {
    let rule = &props.outcome.rule;
    let version = rule.version.map(|version| format!("version {version}"));
    html! {
        <div class="rule-card" role="region" tabindex="0" aria-label="About the rule"
            data-focus="result">
            <header class="rule-card__head">
                <h3 class="rule-card__title">
                    { rule.name.clone().unwrap_or_else(|| "Rule without a name".to_owned()) }
                </h3>
                <span class="rule-card__version">{ version.unwrap_or_default() }</span>
            </header>
            <div class="rule-card__main">
                if let Some(reading) = &props.reading {
                    { section("In plain English", read_aloud(reading, &props.on)) }
                }
                if let Some(description) = &rule.description {
                    { section("Description", html! { <p class="rule-card__text">{ description.trim().to_owned() }</p> }) }
                }
                if !rule.threat.is_empty() {
                    { section("MITRE ATT&CK", threats(&rule.threat)) }
                }
                if !rule.references.is_empty() {
                    { section("References", references(rule)) }
                }
                if let Some(setup) = &rule.setup {
                    { section("Setup", markdown("Setup", setup)) }
                }
                if let Some(note) = &rule.note {
                    { section(GUIDE, markdown(GUIDE, note)) }
                }
                if rule.is_bare {
                    { section("Import", html! {
                        <p class="rule-card__text">
                            { "This is a bare query. Paste a whole rule document, and its name, \
                               index patterns, schedule and threat mapping appear here." }
                        </p>
                    }) }
                }
            </div>
            <div class="rule-card__side">
                { section("Metadata", metadata(rule)) }
                if !rule.tags.is_empty() {
                    { section("Tags", chips(rule.tags.iter().map(|tag| html! { { tag.clone() } }))) }
                }
            </div>
        </div>
    }
}

fn section(title: &'static str, body: Html) -> Html {
    html! {
        <section class="rule-card__section">
            <h4 class="rule-card__heading">{ title }</h4>
            { body }
        </section>
    }
}

/// The query in words. What the line under the pointer speaks of is marked in the rule.
fn read_aloud(reading: &Reading, on: &Callback<Msg>) -> Html {
    let part = |part: &ReadingPart| {
        let text = part.text.clone();
        let kind = match part.kind {
            ReadingKind::Word => return html! { { text } },
            ReadingKind::Field => "field",
            ReadingKind::Value => "value",
            ReadingKind::Note => "note",
        };
        html! { <span class="rule-card__part" data-kind={kind}>{ text }</span> }
    };
    let line = |line: &ReadingLine| {
        let place = line.span;
        let onpointerenter = on.tell_of::<PointerEvent, _>(Some(place), Msg::PlacePointed);
        let onpointerleave = on.tell::<PointerEvent>(|| Msg::PlacePointed(None));
        html! {
            <li class="rule-card__line" ~style={format!("--depth:{}", line.depth)}
                {onpointerenter} {onpointerleave}>
                { for line.parts.iter().map(part) }
            </li>
        }
    };
    html! { <ul class="rule-card__reading">{ for reading.lines.iter().map(line) }</ul> }
}

/// Tactics with their techniques, techniques with their sub-techniques.
fn threats(all: &[Threat]) -> Html {
    let one = |threat: &Threat| {
        html! {
            <li>
                { threat.name.clone() }
                <code class="rule-card__id">{ threat.id.clone() }</code>
                if !threat.below.is_empty() {
                    { threats(&threat.below) }
                }
            </li>
        }
    };
    html! { <ul class="rule-card__threats">{ for all.iter().map(one) }</ul> }
}

fn chips(all: impl Iterator<Item = Html>) -> Html {
    let chip = |text: Html| html! { <li class="rule-card__chip">{ text }</li> };
    html! { <ul class="rule-card__chips">{ for all.map(chip) }</ul> }
}

fn references(rule: &Rule) -> Html {
    let reference = |address: &String| {
        // Only addresses of the web become links: a rule text is hostile input.
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        let text = address.clone();
        if is_web {
            html! { <li><a href={address.clone()} target="_blank" rel="noreferrer noopener">{ text }</a></li> }
        } else {
            html! { <li>{ text }</li> }
        }
    };
    html! { <ul class="rule-card__references">{ for rule.references.iter().map(reference) }</ul> }
}

fn metadata(rule: &Rule) -> Html {
    let indices: Html = rule
        .indices
        .iter()
        .map(|index| html! { <code class="rule-card__index">{ index.clone() }</code> })
        .collect();
    // A document that leaves a member out means what Kibana takes for it; a bare query means
    // nothing of the kind.
    let or_default = |own: bool, text: String| -> Option<Html> {
        let mark = html! { <span class="rule-card__default">{ " default" }</span> };
        match (own, rule.is_bare) {
            (true, _) => Some(text.into()),
            (false, true) => None,
            (false, false) => Some(html! { <>{ text }{ mark }</> }),
        }
    };
    let cap = rule.max_signals_or_default();
    let field = |name: &Option<String>| {
        name.as_ref().map(|name| html! { <code class="rule-card__index">{ name.clone() }</code> })
    };
    let rows: [(&str, Option<Html>); 19] = [
        ("Recognised", Some(rule.form.clone().into()).filter(|_| !rule.form.is_empty())),
        ("Severity", rule.severity.as_deref().map(severity)),
        ("Risk score", rule.risk_score.map(|score| score.to_string().into())),
        (
            "Runs",
            or_default(rule.interval.is_some(), format!("every {}", rule.interval_or_default())),
        ),
        ("Looks back", or_default(rule.from.is_some(), rule.from_or_default().to_owned())),
        ("Up to", rule.to.clone().map(Into::into)),
        ("Alert cap", or_default(rule.max_signals.is_some(), format!("{cap} per run"))),
        ("Building block", rule.building_block_type.clone().map(Into::into)),
        ("Indices", Some(if rule.indices.is_empty() { "every index".into() } else { indices })),
        ("Scheduled by", field(&rule.timestamp_override)),
        ("Timestamp", field(&rule.timestamp_field)),
        ("Event category", field(&rule.event_category_override)),
        ("Tiebreaker", field(&rule.tiebreaker_field)),
        ("Integrations", some_joined(&rule.integrations)),
        ("Stack from", rule.min_stack_version.clone().map(Into::into)),
        ("Maturity", rule.maturity.clone().map(Into::into)),
        ("Rule ID", field(&rule.id)),
        ("Author", some_joined(&rule.authors)),
        ("Licence", rule.license.clone().map(Into::into)),
    ];
    let row = |(name, value): (&'static str, Option<Html>)| {
        value.map(|value| {
            html! {
                <div class="rule-card__row">
                    <dt class="rule-card__name">{ name }</dt>
                    <dd class="rule-card__value">{ value }</dd>
                </div>
            }
        })
    };
    html! { <dl class="rule-card__list">{ for rows.into_iter().filter_map(row) }</dl> }
}

fn some_joined(all: &[String]) -> Option<Html> {
    (!all.is_empty()).then(|| all.join(", ").into())
}

/// One to four steps and the word, no colour.
fn severity(word: &str) -> Html {
    let reached = match word {
        "low" => 1,
        "medium" => 2,
        "high" => 3,
        "critical" => 4,
        _ => 0,
    };
    let step = |at: u32| {
        let height = 3 * at;
        html! {
            <rect class="rule-card__step" data-on={(at <= reached).then_some("true")}
                x={((at - 1) * 6).to_string()} y={(12 - height).to_string()}
                width="4" height={height.to_string()} />
        }
    };
    html! {
        <>
            <svg class="rule-card__steps" viewBox="0 0 22 12" aria-hidden="true">
                { for (1..=4).map(step) }
            </svg>
            { word.to_owned() }
        </>
    }
}
