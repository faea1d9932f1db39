//! Which rows the drawing has: a lane per trace; where there are too many, a lane per key; of an
//! event query strips of all events and a lane per host.

use std::collections::BTreeMap;
use std::rc::Rc;

use eqlens_engine::wire::timeline::{Ended, Point, QueryForm, Standing, Timeline, Trace};

use crate::state::timeline::events_of;

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
    let mut by_key: BTreeMap<&[Option<String>], Vec<usize>> = BTreeMap::new();
    for (at, trace) in all() {
        by_key.entry(&trace.keys).or_default().push(at);
    }
    let mut lanes: Vec<Vec<usize>> = by_key.into_values().collect();
    // As of traces: by the time of the first event.
    lanes.sort_by_key(|lane| lane.first().copied());
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
        spots.sort_unstable();
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

/// Things that share a bar, since they are too close to be told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Left edge, in pixels.
    pub x: f64,
    /// How many.
    pub count: u32,
    /// The first of them: its trace and event.
    pub first: (usize, u32),
}

/// Width of a bar and its gap.
pub const BAR_PX: f64 = 6.0;

/// Bars of what lies within so many pixels, where it is in view.
#[must_use]
pub fn bars(spots: impl Iterator<Item = (f64, usize, u32)>, width: f64) -> Vec<Bar> {
    let mut all: BTreeMap<i64, Bar> = BTreeMap::new();
    for (x, trace, event) in spots.filter(|(x, ..)| (0.0..=width).contains(x)) {
        let at = (x / BAR_PX).floor();
        let new = Bar { x: at * BAR_PX, count: 0, first: (trace, event) };
        all.entry(at as i64).or_insert(new).count += 1;
    }
    all.into_values().collect()
}
