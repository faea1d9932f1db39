//! Drawn signs. Words stand beside them, or the button has a name.

use yew::prelude::*;

/// The lens of the brand.
pub fn brand() -> Html {
    html! {
        <svg class="icon" data-icon="brand" viewBox="0 0 20 20" aria-hidden="true">
            <circle class="icon__line" cx="9" cy="9" r="6.5" stroke-width="2" />
            <path class="icon__line" d="M14 14L18.5 18.5" stroke-width="2.5" />
            <path class="icon__line" d="M6 7.5H12M6 10.5H12" stroke-width="1.75" />
        </svg>
    }
}

/// A closed lock.
pub fn lock() -> Html {
    html! {
        <svg class="icon" data-icon="lock" viewBox="0 0 12 12" aria-hidden="true">
            <path class="icon__filled" d="M1.5 5.5H10.5V11.5H1.5Z" />
            <path class="icon__line" d="M3.5 5.5V3.5A2.5 2.5 0 0 1 8.5 3.5V5.5"
                stroke-width="1.5" />
        </svg>
    }
}

/// Half dark, half light.
pub fn theme() -> Html {
    html! {
        <svg class="icon" data-icon="theme" viewBox="0 0 12 12" aria-hidden="true">
            <circle class="icon__line" cx="6" cy="6" r="4.5" stroke-width="1.25" />
            <path class="icon__filled" d="M6 1.5A4.5 4.5 0 0 0 6 10.5Z" />
        </svg>
    }
}

/// A cross.
pub fn close() -> Html {
    html! {
        <svg class="icon" data-icon="close" viewBox="0 0 12 12" aria-hidden="true">
            <path class="icon__line" d="M2 2L10 10M10 2L2 10" stroke-width="1.75" />
        </svg>
    }
}
