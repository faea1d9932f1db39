//! Where the parts of a lane go. Pure arithmetic over a trace.

use eqlens_engine::sort;
use eqlens_engine::wire::cursor::SlotState;
use eqlens_engine::wire::timeline::{Ended, EventRef, Timeline, Trace};

use crate::state::timeline::scale::{Range, span_words};

/// What a mark, link or word says about the match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Part of a match.
    Holds,
    /// Part of a partial that died.
    Fails,
    /// For want of a value, or of further data.
    Missing,
    /// Only there.
    Neutral,
}

impl Tone {
    /// Its name in attributes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Missing => "missing",
            Self::Neutral => "neutral",
        }
    }

    /// The tone of a trace that ended so.
    #[must_use]
    pub fn of(ended: Ended) -> Self {
        match ended {
            Ended::Matched => Self::Holds,
            Ended::Overwritten | Ended::MaxspanExpired | Ended::Until | Ended::MissingEventSeen => {
                Self::Fails
            }
            Ended::KeyMissing | Ended::OpenAtEndOfData => Self::Missing,
        }
    }
}

/// The square of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Middle of the square, in pixels.
    pub x: f64,
    /// Where the event truly lies; differs where squares would cover each other.
    pub at: f64,
    /// Number of its stage.
    pub number: u16,
    /// As the square shows it.
    pub word: String,
    /// Whose it is.
    pub tone: Tone,
    /// The event.
    pub event: u32,
    /// Event and time, in words.
    pub title: String,
}

/// A line from one event to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// From here.
    pub from: f64,
    /// To here.
    pub to: f64,
    /// Whose it is.
    pub tone: Tone,
    /// It came to nothing: overwritten, or open.
    pub is_dashed: bool,
}

/// The bracket of `maxspan`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// The first event.
    pub from: f64,
    /// The end of the window.
    pub to: f64,
    /// Data end before the window does.
    pub is_open: bool,
    /// `5 s`; empty where there is no room.
    pub label: String,
}

/// Where an unwanted event must not fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Begins here.
    pub from: f64,
    /// Ends here.
    pub to: f64,
    /// What is known of it.
    pub state: SlotState,
}

impl Slot {
    /// Nothing came: teal; something did: vermilion; nobody knows yet: slate and dashed.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self.state {
            SlotState::Satisfied => Tone::Holds,
            SlotState::Violated => Tone::Fails,
            SlotState::Undecided => Tone::Missing,
        }
    }
}

/// The outcome beside the marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Words {
    /// Where the glyph stands, left edge.
    pub glyph: f64,
    /// Where the text begins, or ends.
    pub text: f64,
    /// The text ends at `text`.
    pub is_before: bool,
    /// How far below the marks it stands, in px.
    pub drop: f64,
    /// Characters there is room for.
    pub room: usize,
}

/// One lane, laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Whose it is.
    pub tone: Tone,
    /// Squares in order.
    pub marks: Vec<Mark>,
    /// Lines between them.
    pub links: Vec<Link>,
    /// The piece past the bracket.
    pub late: Option<(f64, f64)>,
    /// `maxspan`.
    pub bracket: Option<Bracket>,
    /// Slots of missing events.
    pub slots: Vec<Slot>,
    /// Where the outcome stands.
    pub words: Words,
    /// All of it lies before (−1) or behind (1) what is shown.
    pub off: i8,
}

/// Width of a square and its neighbourhood.
const MARK_PX: f64 = 18.0;
/// A bracket narrower than this says nothing.
const BRACKET_PX: f64 = 14.0;
/// From a mark to the glyph of the outcome, and from there to its text.
const GLYPH_PX: f64 = 17.0;
const TEXT_PX: f64 = 18.0;
/// From the middle of the marks to that of an outcome below them.
const DROP_PX: f64 = 15.0;
/// Advance of a strong character at 12 px, a little generous.
const CHAR_PX: f64 = 7.0;
/// How far outside the picture things are still drawn.
const OUTSIDE_PX: f64 = 40.0;

/// Lays one trace out.
#[must_use]
pub fn lane(timeline: &Timeline, trace: &Trace, range: Range, width: f64) -> Lane {
    let tone = Tone::of(trace.ended);
    let x = |ms: i64| range.x(ms, width);
    let held = |x: f64| x.clamp(-OUTSIDE_PX, width + OUTSIDE_PX);
    let mut marks = marks(timeline, trace, &x, tone);
    nudge(&mut marks, width);

    let first_ms = trace.events.iter().flatten().find_map(|event| event.time_ms);
    let until_ms = first_ms.zip(timeline.maxspan_ms).map(|(first, span)| after(first, span));
    let own = trace.events.iter().flatten().count();
    let mut links: Vec<Link> = Vec::new();
    for pair in marks.windows(2).take(own.saturating_sub(1)) {
        if let [one, two] = pair {
            links.push(Link { from: one.x, to: two.x, tone, is_dashed: false });
        }
    }
    let last = own.checked_sub(1).and_then(|at| marks.get(at)).map(|mark| mark.x);
    let by = marks.get(own).map(|mark| mark.x);
    match (trace.ended, last, by) {
        (Ended::Overwritten, Some(from), Some(to)) => {
            links.push(Link { from, to, tone, is_dashed: true });
        }
        (Ended::MaxspanExpired | Ended::Until, Some(from), Some(to)) => {
            links.push(Link { from, to, tone, is_dashed: false });
        }
        (Ended::OpenAtEndOfData, Some(from), _) => {
            // With the window closed, nothing is awaited any more.
            let end = until_ms.map_or(timeline.end_ms, |until| until.min(timeline.end_ms));
            let to = x(end).max(from + MARK_PX);
            links.push(Link { from, to, tone, is_dashed: true });
        }
        _ => {}
    }
    for link in &mut links {
        (link.from, link.to) = (held(link.from), held(link.to));
    }

    // An event that no stage can see opens no window.
    let opens = trace.ended != Ended::KeyMissing;
    let bracket = first_ms.zip(until_ms).filter(|_| opens).map(|(first, until)| {
        let (from, to) = (x(first), x(until));
        let is_open = trace.ended == Ended::OpenAtEndOfData && until > timeline.end_ms;
        let label = span_words(timeline.maxspan_ms.unwrap_or(0));
        let has_room = to - from > label.len() as f64 * CHAR_PX + 12.0;
        let label = if has_room { label } else { String::new() };
        Bracket { from: held(from), to: held(to), is_open, label }
    });
    let bracket = bracket.filter(|bracket| bracket.to - bracket.from >= BRACKET_PX);
    let late = match (trace.ended, until_ms, by) {
        (Ended::MaxspanExpired, Some(until), Some(by)) => Some((held(x(until)).min(by), by)),
        _ => None,
    };
    let slots = slots(trace, &x, width);

    let ends = marks.iter().map(|mark| (mark.x - MARK_PX / 2.0, mark.x + MARK_PX / 2.0));
    let ends = ends.chain(slots.iter().map(|slot| (slot.from, slot.to)));
    let ends = ends.chain(links.iter().map(|link| (link.from, link.to)));
    let (left, right) =
        ends.fold((f64::MAX, f64::MIN), |all, end| (all.0.min(end.0), all.1.max(end.1)));
    let off = if right < 0.0 {
        -1
    } else if left > width {
        1
    } else {
        0
    };
    let words = words(left, right, trace.outcome.chars().count(), width);
    Lane { tone, marks, links, late, bracket, slots, words, off }
}

/// The squares: the trace's own events, then the one that ended it.
fn marks(timeline: &Timeline, trace: &Trace, x: &dyn Fn(i64) -> f64, tone: Tone) -> Vec<Mark> {
    let mark = |event: &EventRef, number: u16, tone: Tone| {
        let x = x(event.time_ms?);
        let time = event.time.as_deref().unwrap_or("");
        let word = number_word(timeline, number);
        let title = format!("Stage {word}: event {} at {time}", event.id);
        Some(Mark { x, at: x, number, word, tone, event: event.event, title })
    };
    let mut marks: Vec<Mark> = trace
        .events
        .iter()
        .zip(1..)
        .filter_map(|(event, number)| mark(event.as_ref()?, number, tone))
        .collect();
    let by_tone = match trace.ended {
        // It has a lane of its own, or none.
        Ended::Matched | Ended::Overwritten => Tone::Neutral,
        _ => tone,
    };
    let by = trace.by.as_ref().filter(|by| !marks.iter().any(|mark| mark.event == by.event));
    marks.extend(by.and_then(|by| mark(by, number_of_by(timeline, trace), by_tone)));
    marks
}

/// The stage of the event that ended a trace.
#[must_use]
pub fn number_of_by(timeline: &Timeline, trace: &Trace) -> u16 {
    let mut stages = timeline.stages.iter();
    let found = match trace.ended {
        Ended::Until => stages.find(|stage| stage.until),
        Ended::MissingEventSeen => stages.find(|stage| Some(stage.number) == trace.unwanted_stage),
        // It came again to the stage the trace had reached.
        Ended::Overwritten => stages.find(|stage| stage.number == trace.stage),
        _ => stages.find(|stage| stage.number > trace.stage && !stage.missing),
    };
    found.map_or(trace.stage.saturating_add(1), |stage| stage.number)
}

/// The number of a stage as marks have it: that of its term, with the repetition where `runs` repeats
/// it: `2\u{d7}1`; `U` for the `until` term.
#[must_use]
pub fn number_word(timeline: &Timeline, number: u16) -> String {
    let Some(stage) = timeline.stages.iter().find(|stage| stage.number == number) else {
        return number.to_string();
    };
    let is_repeated = timeline.stages.iter().any(|one| one.term == stage.term && one.nth > 1);
    match (stage.until, is_repeated) {
        (true, _) => "U".to_owned(),
        (_, true) => format!("{}\u{d7}{}", stage.term, stage.nth),
        _ => stage.term.to_string(),
    }
}

/// Squares that would cover each other stand side by side, the last of them still in view.
fn nudge(marks: &mut [Mark], width: f64) {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    sort::by(&mut order, |one, two| {
        let at = |at: &usize| marks.get(*at).map_or(0.0, |mark| mark.at);
        at(one).total_cmp(&at(two))
    });
    let mut free = f64::MIN;
    for at in order {
        if let Some(mark) = marks.get_mut(at) {
            mark.x = mark.at.max(free);
            free = mark.x + MARK_PX;
        }
    }
    let over = free - MARK_PX / 2.0 - width;
    let all_in_view = marks.iter().all(|mark| (0.0..=width).contains(&mark.at));
    if over > 0.0 && all_in_view {
        marks.iter_mut().for_each(|mark| mark.x -= over);
    }
}

/// The windows in which an unwanted event ends a trace (spec §7.28, §7.29).
fn slots(trace: &Trace, x: &dyn Fn(i64) -> f64, width: f64) -> Vec<Slot> {
    let held = |ms: Option<i64>, open: f64| {
        ms.map_or(open, |ms| x(ms).clamp(-OUTSIDE_PX, width + OUTSIDE_PX))
    };
    let mut slots: Vec<Slot> = Vec::new();
    for slot in &trace.slots {
        let (from, to) = (held(slot.from_ms, -OUTSIDE_PX), held(slot.to_ms, width + OUTSIDE_PX));
        // Several missing events in a row share their window (§7.32): the worst that is known of it.
        match slots.iter_mut().find(|old| (old.from, old.to) == (from, to)) {
            Some(old) if old.state == SlotState::Violated => {}
            Some(old) if slot.state == SlotState::Satisfied => old.to = to,
            Some(old) => old.state = slot.state,
            None => slots.push(Slot { from, to, state: slot.state }),
        }
    }
    slots
}

fn after(ms: i64, span: u64) -> i64 {
    ms.saturating_add_unsigned(span)
}

/// Behind the marks where there is room, else before them, else below, up to where they end.
fn words(left: f64, right: f64, chars: usize, width: f64) -> Words {
    let needs = chars as f64 * CHAR_PX + TEXT_PX + 10.0;
    let (left, right) = (left.clamp(0.0, width), right.clamp(0.0, width));
    let is_before = right + needs > width;
    let (glyph, drop) = match is_before {
        false => (right + 6.0, 0.0),
        true if left >= needs => (left - GLYPH_PX, 0.0),
        true => (right - GLYPH_PX, DROP_PX),
    };
    let text = if is_before { glyph - 6.0 } else { glyph + TEXT_PX };
    let room = if is_before { text } else { width - text };
    Words { glyph, text, is_before, drop, room: (room / CHAR_PX).max(0.0) as usize }
}

#[cfg(test)]
mod tests {
    use eqlens_engine::wire::timeline::Stage;

    use super::*;
    use crate::state::timeline::tests::{event, stage, systemd, trace};

    const RANGE: Range = Range { start: 0.0, end: 24_000.0 };

    fn laid(at: usize) -> Lane {
        let timeline = systemd();
        lane(&timeline, &timeline.traces[at], RANGE, 720.0)
    }

    #[test]
    fn a_match_is_linked_and_its_trailing_slot_ends_with_the_window() {
        let lane = laid(0);
        let numbers: Vec<_> = lane.marks.iter().map(|mark| (mark.number, mark.x)).collect();
        assert_eq!(numbers, [(1, 63.0), (2, 102.0)]);
        assert_eq!((lane.links[0].from, lane.links[0].to), (63.0, 102.0));
        assert_eq!(lane.slots, [Slot { from: 102.0, to: 213.0, state: SlotState::Satisfied }]);
        let bracket = lane.bracket.unwrap();
        assert_eq!((bracket.from, bracket.to, bracket.label.as_str()), (63.0, 213.0, "5 s"));
    }

    #[test]
    fn what_came_too_late_is_drawn_past_the_bracket() {
        let lane = laid(1);
        assert_eq!(lane.late, Some((300.0, 339.0)));
        assert_eq!(lane.marks[1].number, 2);
        assert_eq!(lane.tone, Tone::Fails);
    }

    #[test]
    fn overwritten_and_open_links_are_dashed() {
        let overwritten = laid(2);
        assert!(overwritten.links[0].is_dashed);
        assert_eq!(overwritten.marks[1].tone, Tone::Neutral);
        assert_eq!(overwritten.marks[1].number, 1);
        let open = laid(5);
        assert_eq!(open.links[0].to, 660.0, "up to the end of the data");
        assert!(open.bracket.unwrap().is_open);
        assert!(open.words.is_before, "there is no room behind it");
    }

    #[test]
    fn an_unwanted_event_marks_its_slot() {
        let lane = laid(4);
        assert_eq!(lane.slots[0].state, SlotState::Violated);
        assert_eq!(lane.slots[0].tone(), Tone::Fails);
        assert_eq!(lane.marks[2].number, 3);
    }

    #[test]
    fn an_unwanted_event_has_the_number_of_the_stage_it_came_to() {
        let mut timeline = systemd();
        timeline.stages = vec![stage(1, true), stage(2, false), stage(3, true), stage(4, false)];
        let events = vec![None, Some(event(1, 9_000)), None, Some(event(2, 10_000))];
        for number in [1, 3] {
            let by = Some(event(3, 9_500));
            let unwanted_stage = Some(number);
            let trace = trace(Ended::MissingEventSeen, 4, events.clone(), by);
            let trace = Trace { unwanted_stage, ..trace };
            assert_eq!(number_of_by(&timeline, &trace), number);
        }
        let late = trace(Ended::MaxspanExpired, 2, events[..2].to_vec(), Some(event(3, 20_000)));
        assert_eq!(number_of_by(&timeline, &late), 4, "what comes late fits an ordinary stage");
    }

    #[test]
    fn slots_without_bounds_run_out_of_the_picture_and_shared_ones_show_the_worst() {
        let timeline = systemd();
        let events = vec![None, Some(event(1, 9_000)), None, Some(event(2, 10_000))];
        let slot = |state, from_ms, to_ms| eqlens_engine::wire::cursor::Slot {
            stage: 1,
            state,
            by: None,
            from_ms,
            to_ms,
        };
        let slots = vec![
            slot(SlotState::Satisfied, None, Some(9_000)),
            slot(SlotState::Satisfied, Some(9_000), Some(10_000)),
            slot(SlotState::Violated, Some(9_000), Some(10_000)),
            slot(SlotState::Undecided, Some(10_000), None),
        ];
        let trace = Trace { slots, ..trace(Ended::Matched, 4, events, None) };
        let lane = lane(&timeline, &trace, RANGE, 720.0);
        let told: Vec<_> = lane.slots.iter().map(|one| (one.from, one.to, one.state)).collect();
        assert_eq!(
            told,
            [
                (-OUTSIDE_PX, 270.0, SlotState::Satisfied),
                (270.0, 300.0, SlotState::Violated),
                (300.0, 720.0 + OUTSIDE_PX, SlotState::Undecided),
            ]
        );
    }

    #[test]
    fn repeated_stages_are_numbered_by_term_and_repetition() {
        let mut timeline = systemd();
        let again = |number, term, nth| Stage { term, nth, ..stage(number, false) };
        timeline.stages = vec![again(1, 1, 1), again(2, 2, 1), again(3, 2, 2), again(4, 3, 1)];
        let words = [1, 2, 3, 4, 9].map(|number| number_word(&timeline, number));
        assert_eq!(words, ["1", "2\u{d7}1", "2\u{d7}2", "3", "9"]);
    }

    #[test]
    fn squares_do_not_cover_each_other() {
        let timeline = systemd();
        let events = vec![Some(event(1, 23_990)), Some(event(2, 23_991))];
        let trace = trace(Ended::Matched, 2, events, None);
        let lane = lane(&timeline, &trace, RANGE, 720.0);
        assert!(lane.marks[1].x - lane.marks[0].x >= MARK_PX);
        assert!(lane.marks[1].x <= 720.0);
        assert!(lane.marks[0].at > 719.0, "where it truly lies is kept");
    }

    #[test]
    fn an_outcome_with_no_room_beside_the_marks_stands_whole_below_them() {
        let timeline = systemd();
        let events = vec![Some(event(1, 500)), None];
        let by = Some(event(2, 23_500));
        let trace = trace(Ended::MaxspanExpired, 1, events, by);
        let words = lane(&timeline, &trace, RANGE, 720.0).words;
        assert!(words.drop > 0.0 && words.is_before && words.glyph < 720.0);
        assert!(words.room > trace.outcome.len());
        assert_eq!(laid(1).words.drop, 0.0);
    }

    #[test]
    fn a_lane_outside_the_picture_says_where_it_is() {
        let timeline = systemd();
        let range = Range { start: 10_000.0, end: 11_000.0 };
        let before = lane(&timeline, &timeline.traces[0], range, 720.0);
        let behind = lane(&timeline, &timeline.traces[5], range, 720.0);
        assert_eq!((before.off, behind.off), (-1, 1));
        assert!(before.words.room > 60 && behind.words.room > 60);
        assert!(before.words.text < 60.0 && behind.words.text > 650.0);
    }
}
