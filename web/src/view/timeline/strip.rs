//! Matches of an event query over time.

use eqlens_engine::wire::timeline::Timeline;
use yew::prelude::*;

use crate::state::Msg;
use crate::state::text::counted;
use crate::state::timeline::TimelineMsg;
use crate::state::timeline::scale::Range;
use crate::view::timeline::lane::px;

/// Height of a strip, and where its bars stand.
const BASE_Y: f64 = 84.0;
const HIGHEST: f64 = 66.0;
/// Matches closer than this are one bar.
const BUCKET_PX: f64 = 6.0;

/// Events by slice, and matches, each in a strip of its own.
pub(super) fn strips(timeline: &Timeline, range: Range, width: f64, on: &Callback<Msg>) -> Html {
    html! {
        <>
            { strip("Events", "searched, by time", events(timeline, range, width)) }
            { strip("Matches", "choose one to see it", matches(timeline, range, width, on)) }
        </>
    }
}

fn strip(name: &'static str, note: &'static str, bars: Html) -> Html {
    html! {
        <div class="timeline__lane" data-part="strip">
            <div class="timeline__label">
                <span class="timeline__name"><b>{ name }</b></span>
                <span class="timeline__keys">{ note }</span>
            </div>
            { bars }
        </div>
    }
}

fn events(timeline: &Timeline, range: Range, width: f64) -> Html {
    let most = timeline.density.iter().copied().max().unwrap_or(0).max(1);
    let data = timeline.end_ms.saturating_sub(timeline.start_ms).max(1) as f64;
    let slice = data / timeline.density.len().max(1) as f64;
    let to_x = |ms: f64| (ms - range.start) * width / range.span();
    let wide = (to_x(slice) - to_x(0.0) - 1.0).clamp(1.5, 24.0);
    let bar = |(at, count): (usize, &u32)| {
        let x = to_x(timeline.start_ms as f64 + (at as f64 + 0.5) * slice) - wide / 2.0;
        if *count == 0 || x < -wide || x > width {
            return None;
        }
        let high = (f64::from(*count) / f64::from(most) * HIGHEST).max(2.0);
        Some(html! {
            <rect class="timeline__bar" x={px(x)} y={px(BASE_Y - high)} width={px(wide)}
                height={px(high)}><title>{ counted(*count, "event", "events") }</title></rect>
        })
    };
    html! {
        <svg class="timeline__marks" role="img" aria-label="Events over time">
            { for timeline.density.iter().enumerate().filter_map(bar) }
        </svg>
    }
}

fn matches(timeline: &Timeline, range: Range, width: f64, on: &Callback<Msg>) -> Html {
    let buckets = buckets(&timeline.matches_ms, range, width);
    let most = buckets.iter().map(|bucket| bucket.count).max().unwrap_or(1);
    let bar = |bucket: &Bucket| {
        let high = (f64::from(bucket.count) / f64::from(most) * HIGHEST).max(8.0);
        let first = bucket.first;
        let onclick =
            on.reform(move |_: MouseEvent| Msg::Timeline(TimelineMsg::MatchChosen(first)));
        html! {
            <rect class="timeline__bar" data-tone="holds" x={px(bucket.x)} y={px(BASE_Y - high)}
                width={px(BUCKET_PX - 2.0)} height={px(high)} {onclick}>
                <title>{ counted(bucket.count, "match", "matches") }</title>
            </rect>
        }
    };
    let label = counted(timeline.matched, "match", "matches");
    html! {
        <svg class="timeline__marks" role="img" aria-label={format!("{label} over time")}>
            { for buckets.iter().map(bar) }
        </svg>
    }
}

/// Matches that share a bar.
struct Bucket {
    x: f64,
    /// Position of the first among the matches.
    first: u32,
    count: u32,
}

fn buckets(times: &[i64], range: Range, width: f64) -> Vec<Bucket> {
    let mut all: Vec<Bucket> = Vec::new();
    for (at, time) in times.iter().enumerate() {
        let x = range.x(*time, width);
        if !(0.0..=width).contains(&x) {
            continue;
        }
        let x = (x / BUCKET_PX).floor() * BUCKET_PX;
        match all.last_mut() {
            Some(last) if (last.x - x).abs() < 0.1 => last.count += 1,
            _ => all.push(Bucket { x, first: at as u32, count: 1 }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_close_together_share_a_bar_and_know_the_first() {
        let range = Range { start: 0.0, end: 1_000.0 };
        let all = buckets(&[5, 6, 900, 5_000], range, 600.0);
        let told: Vec<_> = all.iter().map(|bucket| (bucket.first, bucket.count)).collect();
        assert_eq!(told, [(0, 2), (2, 1)]);
    }
}
