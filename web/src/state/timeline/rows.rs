//! Which rows the drawing has: a lane per trace; where there are too many, a lane per key; of an
//! event query strips of all events and a lane per host.

use std::rc::Rc;

use eqlens_engine::sort;
use eqlens_engine::time::Instant;
use eqlens_engine::wire::timeline::{Ended, Point, QueryForm, Standing, Timeline, Trace};

use crate::state::text::{counted, number, time_parts};
use crate::state::timeline::events_of;
use crate::state::timeline::lanes::Tone;
use crate::state::timeline::scale::Range;

/// Marks that are drawn one by one; beyond it the traces of a key share a lane.
pub const MAX_MARKS: usize = 2_000;

/// A row of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A trace by its index.
    Trace(usize),
    /// All traces of a key, by their indices.
    Key(Rc<[usize]>),
    /// All events of a standing.
    Strip(Standing),
    /// A track by its index.
    Track(usize),
}

/// A mark one can be on: its time, the trace it is of (0 in a track), its event.
pub type Spot = (Option<i64>, usize, u32);

/// Strips of an event query, from the top.
pub const STRIPS: [Standing; 3] = [Standing::Matches, Standing::Near, Standing::Searched];

/// The rows; `key` leaves only the traces that have it.
#[must_use]
pub fn rows(timeline: &Timeline, only_matched: bool, key: Option<&[Option<String>]>) -> Vec<Row> {
    if timeline.form == QueryForm::Event {
        // One track says nothing that the strips do not.
        let tracks = if timeline.tracks.len() > 1 { timeline.tracks.len() } else { 0 };
        let strips = STRIPS.into_iter().map(Row::Strip);
        return strips.chain((0..tracks).map(Row::Track)).collect();
    }
    let fits = |trace: &Trace| {
        (!only_matched || trace.ended == Ended::Matched)
            && key.is_none_or(|key| trace.keys.as_slice() == key)
    };
    let all = || timeline.traces.iter().enumerate().filter(|(_, trace)| fits(trace));
    let marks: usize = all().map(|(_, trace)| events_of(trace).count()).sum();
    if marks <= MAX_MARKS || key.is_some() {
        return all().map(|(at, _)| Row::Trace(at)).collect();
    }
    let keys = |at: &usize| timeline.traces.get(*at).map(|trace| trace.keys.as_slice());
    let mut sorted: Vec<usize> = all().map(|(at, _)| at).collect();
    sort::by(&mut sorted, |one, two| keys(one).cmp(&keys(two)));
    let by_key = sorted.chunk_by(|one, two| keys(one) == keys(two));
    let mut lanes: Vec<Vec<usize>> = by_key.map(<[usize]>::to_vec).collect();
    // As of traces: by the time of the first event.
    sort::up(&mut lanes);
    lanes
        .into_iter()
        .map(|lane| match lane.as_slice() {
            [one] => Row::Trace(*one),
            _ => Row::Key(lane.into()),
        })
        .collect()
}

impl Row {
    /// The traces in it.
    #[must_use]
    pub fn traces(&self) -> &[usize] {
        match self {
            Self::Trace(at) => std::slice::from_ref(at),
            Self::Key(all) => all,
            Self::Strip(_) | Self::Track(_) => &[],
        }
    }

    /// What one can be on in it, in the order of time.
    #[must_use]
    pub fn spots(&self, timeline: &Timeline) -> Vec<Spot> {
        let mut spots: Vec<Spot> = Vec::new();
        for &at in self.traces() {
            let events = timeline.traces.get(at).into_iter().flat_map(events_of);
            spots.extend(events.map(|event| (event.time_ms, at, event.event)));
        }
        let points = self.points(timeline);
        spots.extend(points.map(|point| (Some(point.time_ms), 0, point.event)));
        sort::up(&mut spots);
        spots.dedup_by_key(|spot| (spot.1, spot.2));
        spots
    }

    /// The events of a strip or track.
    pub fn points<'t>(&self, timeline: &'t Timeline) -> impl Iterator<Item = &'t Point> {
        let (track, standing) = match self {
            Self::Track(at) => (Some(*at), None),
            Self::Strip(standing) => (None, Some(*standing)),
            Self::Trace(_) | Self::Key(_) => (Some(usize::MAX), None),
        };
        let tracks = timeline.tracks.iter().enumerate();
        let tracks = tracks.filter(move |(at, _)| track.is_none_or(|track| track == *at));
        let points = tracks.flat_map(|(_, track)| &track.points);
        points.filter(move |point| match standing {
            // Whatever is searched is among the searched, too.
            Some(Standing::Searched) | None => true,
            Some(standing) => point.standing == standing,
        })
    }
}

/// A bar of events that are too close to be told apart, or too many to be marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Left edge, in pixels.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub wide: f64,
    /// Height.
    pub high: f64,
    /// What the events came to.
    pub tone: Tone,
    /// How many.
    pub count: u32,
    /// The first of them: its trace and event. `None` where they are only counted.
    pub first: Option<(usize, u32)>,
    /// The first of them in words, and how many there are.
    pub title: String,
}

/// Width of a bar with its gap, and without.
const STEP_PX: f64 = 6.0;
const BAR_PX: f64 = 4.0;
/// Between a bar and the edges of its row.
const EDGE_PX: f64 = 6.0;

/// An event on its way into a bar.
#[derive(Clone, Copy)]
struct Placed<'t> {
    ms: i64,
    trace: usize,
    event: u32,
    id: &'t str,
}

/// What a tone says of an event, or of a partial sequence.
fn words(row: &Row, tone: Tone, many: bool) -> &'static str {
    match (row, tone, many) {
        (Row::Key(_), Tone::Holds, _) => "matched",
        (Row::Key(_), ..) => "ended without a match",
        (_, Tone::Holds, false) => "matches",
        (_, Tone::Holds, true) => "match",
        (_, Tone::Fails, false) => "nearly matches",
        (_, Tone::Fails, true) => "nearly match",
        _ => "searched",
    }
}

/// The bars of a row of this height, in view; what stands lowest comes first.
#[must_use]
pub fn bars(timeline: &Timeline, row: &Row, range: Range, width: f64, height: f64) -> Vec<Bar> {
    let base = height - EDGE_PX;
    let is_strip = matches!(row, Row::Strip(_));
    let mut bars: Vec<Bar> = Vec::new();
    // What of each place is taken.
    let mut tops = vec![base; (width.max(0.0) / STEP_PX) as usize + 1];
    for (tone, placed) in by_tone(timeline, row) {
        let mut cells: Vec<Option<(Placed<'_>, u32)>> = vec![None; tops.len()];
        for one in placed {
            let x = range.x(one.ms, width);
            if (0.0..=width).contains(&x)
                && let Some(cell) = cells.get_mut((x / STEP_PX) as usize)
            {
                cell.get_or_insert((one, 0)).1 += 1;
            }
        }
        for ((at, cell), top) in cells.into_iter().enumerate().zip(&mut tops) {
            let Some((first, count)) = cell else { continue };
            let time = Instant::from_millis(first.ms).to_string();
            let (_, clock, fraction) = time_parts(&time);
            let said = words(row, tone, count > 1);
            let title = match (row, count) {
                (Row::Key(_), _) => {
                    format!("{} {said}, from {clock}{fraction}", number(count.into()))
                }
                (_, 1) => format!("Event {} at {clock}{fraction}: {said}", first.id),
                _ => format!("{} events {said}, from {clock}{fraction}", number(count.into())),
            };
            // More is higher, up to a point; what shares the place stands on top.
            let high =
                if tone == Tone::Neutral { 5.0 } else { 14.0 } + f64::from(count.min(4)) * 2.0;
            let first = Some((first.trace, first.event));
            let (x, y) = (at as f64 * STEP_PX, *top - high);
            *top = y - 1.0;
            bars.push(Bar { x, y, wide: BAR_PX, high, tone, count, first, title });
        }
    }
    if bars.is_empty() && *row == Row::Strip(Standing::Searched) {
        bars = slices(timeline, range, width);
    }
    if is_strip {
        let most = f64::from(bars.iter().map(|bar| bar.count).max().unwrap_or(1));
        for bar in &mut bars {
            bar.high = (f64::from(bar.count) / most * (base - EDGE_PX)).max(8.0);
            bar.y = base - bar.high;
        }
    }
    bars
}

/// Events that were only counted.
fn slices(timeline: &Timeline, range: Range, width: f64) -> Vec<Bar> {
    let data = timeline.end_ms.saturating_sub(timeline.start_ms).max(1) as f64;
    let slice = data / timeline.density.len().max(1) as f64;
    let to_x = |at: f64| range.x(timeline.start_ms, width) + at * slice * width / range.span();
    let wide = (to_x(1.0) - to_x(0.0) - 1.0).max(1.5);
    let bar = |(at, count): (usize, &u32)| {
        let x = to_x(at as f64);
        let title = counted(*count, "event", "events");
        let bar = Bar {
            x,
            y: 0.0,
            wide,
            high: 0.0,
            tone: Tone::Neutral,
            count: *count,
            first: None,
            title,
        };
        (*count > 0 && x + wide > 0.0 && x < width).then_some(bar)
    };
    timeline.density.iter().enumerate().filter_map(bar).collect()
}

/// What a row holds, by tone: what stands lowest comes first.
fn by_tone<'t>(timeline: &'t Timeline, row: &Row) -> [(Tone, Vec<Placed<'t>>); 3] {
    let mut all = [Tone::Neutral, Tone::Fails, Tone::Holds].map(|tone| (tone, Vec::new()));
    let mut add = |tone: Tone, placed| {
        if let Some((_, list)) = all.iter_mut().find(|(one, _)| *one == tone) {
            list.push(placed);
        }
    };
    for &trace in row.traces() {
        let Some(of) = timeline.traces.get(trace) else { continue };
        if let Some((first, ms)) = events_of(of).find_map(|one| Some((one, one.time_ms?))) {
            let tone = if of.ended == Ended::Matched { Tone::Holds } else { Tone::Fails };
            add(tone, Placed { ms, trace, event: first.event, id: &first.id });
        }
    }
    for point in row.points(timeline) {
        let tone = match (row, point.standing) {
            // In its strip everything is searched.
            (Row::Strip(Standing::Searched), _) | (_, Standing::Searched) => Tone::Neutral,
            (_, Standing::Near) => Tone::Fails,
            (_, Standing::Matches) => Tone::Holds,
        };
        add(tone, Placed { ms: point.time_ms, trace: 0, event: point.event, id: &point.id });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::timeline::tests::{systemd, tracks};

    const RANGE: Range = Range { start: 0.0, end: 10_000.0 };

    #[test]
    fn an_event_query_has_strips_and_hosts() {
        let rows = rows(&tracks(), false, None);
        let strips = STRIPS.map(Row::Strip);
        assert_eq!(rows[..3], strips);
        assert_eq!(rows[3..], [Row::Track(0), Row::Track(1)]);
        let one = Timeline { tracks: tracks().tracks[..1].to_vec(), ..tracks() };
        assert_eq!(super::rows(&one, false, None), strips);
    }

    #[test]
    fn bars_tell_the_event_or_how_many_there_are() {
        let timeline = tracks();
        let titles = |row: Row, width| -> Vec<String> {
            let bars = bars(&timeline, &row, RANGE, width, 60.0);
            bars.into_iter().map(|bar| bar.title).collect()
        };
        let far = titles(Row::Track(0), 600.0);
        assert_eq!(far[0], "Event e4 at 00:00:04.000: searched");
        assert_eq!(far[2], "Event e9 at 00:00:09.000: matches");
        assert_eq!(
            titles(Row::Strip(Standing::Matches), 5.0),
            ["2 events match, from 00:00:01.000"]
        );
        assert_eq!(
            titles(Row::Strip(Standing::Near), 600.0),
            ["Event e3 at 00:00:03.000: nearly matches"]
        );
        let all = bars(&timeline, &Row::Strip(Standing::Searched), RANGE, 5.0, 60.0);
        assert_eq!(all[0].count, 4, "a match is searched, too");
    }

    #[test]
    fn what_shares_a_place_is_stacked() {
        let stacked = bars(&tracks(), &Row::Track(0), RANGE, 5.0, 60.0);
        assert_eq!(stacked.len(), 2);
        assert!(stacked[1].y + stacked[1].high < stacked[0].y);
    }

    #[test]
    fn events_that_are_only_counted_are_bars_too() {
        let timeline = Timeline { density: vec![2, 0, 1], end_ms: 9_000, ..Timeline::default() };
        let bars = bars(&timeline, &Row::Strip(Standing::Searched), RANGE, 600.0, 60.0);
        let told: Vec<_> = bars.iter().map(|bar| (bar.count, bar.first)).collect();
        assert_eq!(told, [(2, None), (1, None)]);
    }

    #[test]
    fn too_many_traces_share_lanes_by_key_and_one_key_can_be_opened() {
        let mut timeline = systemd();
        let one = timeline.traces[1].clone();
        timeline.traces = (0..1_500)
            .map(|at| Trace { keys: vec![Some(format!("k{}", at % 3))], ..one.clone() })
            .chain([Trace { keys: vec![None], ..one.clone() }])
            .collect();
        let all = rows(&timeline, false, None);
        let sizes: Vec<_> = all.iter().map(|row| row.traces().len()).collect();
        assert_eq!(sizes, [500, 500, 500, 1]);
        assert!(matches!(all[3], Row::Trace(1_500)));
        let opened = rows(&timeline, false, Some(&[Some("k1".to_owned())]));
        assert_eq!(opened.len(), 500);
        assert_eq!(opened[0], Row::Trace(1));
        let bars = bars(&timeline, &all[0], RANGE, 600.0, 60.0);
        assert_eq!(bars[0].title, "500 ended without a match, from 00:00:05.000");
    }
}
