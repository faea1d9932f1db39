//! A stretch of time and where its points lie on the page: zoom, pan, ticks.

use eqlens_engine::time::Instant;

/// The shortest stretch one can zoom to, in milliseconds.
const SHORTEST_MS: f64 = 10.0;
/// Room before the first and behind the last event, as parts of the data's own stretch. Behind
/// them is more of it: that nothing came any more is to be seen.
const ROOM: (f64, f64) = (0.03, 0.08);
/// Room for the label of a tick, with milliseconds and without.
const TICK_PX: (f64, f64) = (88.0, 58.0);

/// A stretch of time, in milliseconds since the epoch; never empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
}

impl Range {
    /// All of the data, with room around it.
    #[must_use]
    pub fn around(start_ms: i64, end_ms: i64) -> Self {
        let (start, end) = (start_ms as f64, end_ms as f64);
        // Events of one moment get a second around them.
        let span = if end > start { end - start } else { 1_000.0 };
        Self { start: start - ROOM.0 * span, end: end + ROOM.1 * span }
    }

    /// Its length in milliseconds.
    #[must_use]
    pub fn span(self) -> f64 {
        self.end - self.start
    }

    /// The same point of time stays at `at` (0 to 1) while the stretch becomes `factor` times as
    /// long.
    #[must_use]
    pub fn zoomed(self, factor: f64, at: f64, all: Self) -> Self {
        let span = (self.span() * factor).clamp(SHORTEST_MS.min(all.span()), all.span());
        let fixed = self.start + self.span() * at;
        let start = fixed - span * at;
        Self { start, end: start + span }.within(all)
    }

    /// Moved by a part of its own length.
    #[must_use]
    pub fn panned(self, part: f64, all: Self) -> Self {
        let by = self.span() * part;
        Self { start: self.start + by, end: self.end + by }.within(all)
    }

    /// Of the same length, with this point in the middle.
    #[must_use]
    pub fn centred(self, at_ms: f64, all: Self) -> Self {
        let half = self.span() / 2.0;
        Self { start: at_ms - half, end: at_ms + half }.within(all)
    }

    /// True where the point lies inside, with some room to the edges.
    #[must_use]
    pub fn shows(self, at_ms: i64) -> bool {
        let edge = self.span() * 0.02;
        (self.start + edge..=self.end - edge).contains(&(at_ms as f64))
    }

    /// Moved so that it does not leave the whole.
    fn within(self, all: Self) -> Self {
        let span = self.span().min(all.span());
        let start = self.start.clamp(all.start, (all.end - span).max(all.start));
        Self { start, end: start + span }
    }

    /// Where a point of time lies, in pixels of a drawing so wide.
    #[must_use]
    pub fn x(self, at_ms: i64, width: f64) -> f64 {
        (at_ms as f64 - self.start) * width / self.span()
    }
}

/// A label of the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it stands, in pixels.
    pub x: f64,
    /// `09:00:02`.
    pub label: String,
}

/// Steps that read well, in milliseconds.
const STEPS: [u64; 36] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
    3_650 * DAY,
    7_300 * DAY,
    36_500 * DAY,
];
const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// Ticks at round times, as many as have room.
#[must_use]
pub fn ticks(range: Range, width: f64) -> Vec<Tick> {
    let fits = |step: &u64| {
        let room = if *step < 1_000 { TICK_PX.0 } else { TICK_PX.1 };
        *step as f64 * width >= range.span() * room
    };
    let step = STEPS.into_iter().find(fits).unwrap_or(36_500 * DAY);
    let first = (range.start / step as f64).ceil() as i64;
    let count = (range.span() / step as f64) as i64 + 1;
    (0..count.min(200))
        .map(|at| first.saturating_add(at).saturating_mul(step as i64))
        .filter(|at| (*at as f64) <= range.end)
        .map(|at| Tick { x: range.x(at, width), label: label(at, step) })
        .collect()
}

/// A moment as its tick says it: no finer than the step, the date at midnight.
fn label(at_ms: i64, step: u64) -> String {
    let text = Instant::from_millis(at_ms).to_string();
    let (date, clock) = text.split_once('T').unwrap_or(("", &text));
    let piece = |text: &str, from: usize, to: usize| text.get(from..to).unwrap_or(text).to_owned();
    let is_midnight = at_ms.rem_euclid(DAY as i64) == 0;
    match step {
        _ if step >= 365 * DAY => piece(date, 0, 4),
        _ if step >= DAY => piece(date, 0, 10),
        _ if is_midnight && step >= 60_000 => piece(date, 5, 10),
        0..1_000 => piece(clock, 0, 12),
        1_000..60_000 => piece(clock, 0, 8),
        _ => piece(clock, 0, 5),
    }
}

/// `250 ms`, `1.3 s`, `10 min`, `1.5 h`, `3 d`.
#[must_use]
pub fn span_words(ms: u64) -> String {
    let (unit, name) = match ms {
        0..1_000 => return format!("{ms} ms"),
        1_000..60_000 => (1_000, "s"),
        60_000..HOUR => (60_000, "min"),
        HOUR..DAY => (HOUR, "h"),
        _ => (DAY, "d"),
    };
    let value = format!("{:.1}", ms as f64 / unit as f64);
    format!("{} {name}", value.strip_suffix(".0").unwrap_or(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Range = Range { start: 0.0, end: 10_000.0 };
    /// 2026-03-12T09:00:00Z.
    const NINE: i64 = 1_773_306_000_000;

    #[test]
    fn the_point_under_the_pointer_stays_while_zooming() {
        let near = ALL.zoomed(0.5, 0.3, ALL);
        assert_eq!(near, Range { start: 1_500.0, end: 6_500.0 });
        assert_eq!(near.zoomed(2.0, 0.3, ALL), ALL);
    }

    #[test]
    fn nobody_leaves_the_data_or_zooms_to_nothing() {
        assert_eq!(ALL.zoomed(3.0, 0.5, ALL), ALL);
        assert_eq!(ALL.zoomed(0.5, 0.5, ALL).panned(5.0, ALL).end, 10_000.0);
        assert_eq!(ALL.zoomed(0.5, 0.5, ALL).centred(-99.0, ALL).start, 0.0);
        assert_eq!(ALL.zoomed(1e-9, 0.5, ALL).span(), SHORTEST_MS);
    }

    #[test]
    fn events_of_one_moment_have_a_stretch() {
        assert!(Range::around(5, 5).span() > 0.0);
        assert!(Range::around(5, 5).shows(5));
    }

    #[test]
    fn ticks_stand_at_round_times_and_do_not_crowd() {
        for (span, width) in [(22_000, 740.0), (86_400_000, 740.0), (300, 300.0), (9, 60.0)] {
            let range = Range::around(NINE, NINE + span);
            let ticks = ticks(range, width);
            assert!(!ticks.is_empty() || width < 88.0, "{span}");
            let far = |pair: &[Tick]| pair[1].x - pair[0].x >= 58.0 - 1e-6;
            assert!(ticks.windows(2).all(far), "{span}: {ticks:?}");
        }
        let labels = |span| -> Vec<String> {
            ticks(Range::around(NINE, NINE + span), 380.0).into_iter().map(|t| t.label).collect()
        };
        assert_eq!(labels(22_000), ["09:00:00", "09:00:05", "09:00:10", "09:00:15", "09:00:20"]);
        assert_eq!(labels(86_400_000), ["12:00", "18:00", "03-13", "06:00"]);
        assert_eq!(labels(400)[0], "09:00:00.000");
    }

    #[test]
    fn a_hundred_years_have_ticks_too() {
        let range = Range::around(-2_000_000_000_000, 2_000_000_000_000);
        assert!((2..=13).contains(&ticks(range, 700.0).len()));
        let endless = Range::around(i64::MIN / 4, i64::MAX / 4);
        assert!(ticks(endless, 700.0).len() <= 200);
    }

    #[test]
    fn spans_have_a_fitting_unit() {
        let words: Vec<_> =
            [250, 1_300, 5_000, 600_000, 5_400_000, 259_200_000].map(span_words).into();
        assert_eq!(words, ["250 ms", "1.3 s", "5 s", "10 min", "1.5 h", "3 d"]);
    }
}
