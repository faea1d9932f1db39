//! Verdicts and severities as shapes. The colour comes second.

use eqlens_engine::wire::{Severity, Verdict};
use yew::prelude::*;

/// The word for a verdict in attributes and for screen readers.
#[must_use]
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::Missing => "missing",
        Verdict::Unsearched => "unsearched",
    }
}

/// What a verdict says of an event.
#[must_use]
pub fn event_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "matches",
        Verdict::Fails => "does not match",
        Verdict::Missing => "does not match, a value is missing",
        Verdict::Unsearched => "not searched",
    }
}

/// The word for a severity.
#[must_use]
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// The path of a verdict's shape in a box of 12 by 12.
pub fn verdict_shape(verdict: Verdict) -> Html {
    match verdict {
        Verdict::Holds => html! { <circle class="glyph__filled" cx="6" cy="6" r="5" /> },
        Verdict::Fails => {
            html! { <circle class="glyph__line" cx="6" cy="6" r="4.25" stroke-width="1.75" /> }
        }
        Verdict::Missing => html! {
            <circle class="glyph__line" cx="6" cy="6" r="4.5" stroke-width="1.5"
                stroke-dasharray="2.36 2.36" />
        },
        Verdict::Unsearched => {
            html! { <path class="glyph__line" d="M2 6H10" stroke-width="1.75" /> }
        }
    }
}

/// A verdict's shape with a name of its own.
pub fn verdict(verdict: Verdict, name: &'static str) -> Html {
    html! {
        <svg class="glyph" data-verdict={verdict_name(verdict)} viewBox="0 0 12 12" role="img"
            aria-label={name}>
            { verdict_shape(verdict) }
        </svg>
    }
}

/// A verdict's shape where the words stand beside it.
pub fn silent_verdict(verdict: Verdict) -> Html {
    html! {
        <svg class="glyph" data-verdict={verdict_name(verdict)} viewBox="0 0 12 12"
            aria-hidden="true">
            { verdict_shape(verdict) }
        </svg>
    }
}

/// A severity's shape.
pub fn severity(severity: Severity) -> Html {
    let shape = match severity {
        Severity::Error => {
            html! { <path class="glyph__filled" d="M6 .5L11.5 6L6 11.5L.5 6Z" /> }
        }
        Severity::Warning => html! {
            <path class="glyph__line" d="M6 1.2L11.2 10.6H.8Z" stroke-width="1.6"
                stroke-linejoin="round" />
        },
        Severity::Info => {
            html! { <path class="glyph__line" d="M6 5V11M6 1V3" stroke-width="2" /> }
        }
    };
    let name = severity_name(severity);
    html! {
        <svg class="glyph" data-severity={name} viewBox="0 0 12 12" role="img" aria-label={name}>
            { shape }
        </svg>
    }
}
