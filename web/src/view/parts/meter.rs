//! A small bar for a share between 0 and 1.

use yew::prelude::*;

/// The bar. It repeats a number that stands beside it, so it is silent.
pub fn meter(share: f64) -> Html {
    let width = share.clamp(0.0, 1.0) * 28.0;
    html! {
        <svg class="meter" viewBox="0 0 28 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="meter__all" width="28" height="4" />
            <rect class="meter__part" width={format!("{width:.1}")} height="4" />
        </svg>
    }
}
