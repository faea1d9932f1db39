//! The result list: which stretch of it the page holds, and what it is looking for in it.

use std::rc::Rc;

use eqlens_engine::wire::list::Sifted;
use eqlens_engine::wire::timeline::QueryForm;
use eqlens_engine::wire::{Filter, Row, Rows, RunResult, Verdict};

/// Rows are asked for and kept in stretches of this many.
pub const CHUNK: u32 = 64;
/// Stretches kept at most; those farthest from the visible ones go first.
const KEPT_CHUNKS: usize = 12;

/// Rows by stretch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunks(Vec<(u32, Rc<[Row]>)>);

impl Chunks {
    /// The rows of a stretch, where they are loaded.
    #[must_use]
    pub fn get(&self, chunk: u32) -> Option<&Rc<[Row]>> {
        self.0.iter().find(|(at, _)| *at == chunk).map(|(_, rows)| rows)
    }

    /// Puts rows in place of those of the stretch.
    fn put(&mut self, chunk: u32, rows: Rc<[Row]>) {
        self.0.retain(|(at, _)| *at != chunk);
        self.0.push((chunk, rows));
    }
}

/// Where a movement goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One on.
    Next,
    /// One back.
    Previous,
    /// To the start.
    First,
    /// To the end.
    Last,
}

/// A row to be selected as soon as it is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// The row at this position.
    Index(u32),
    /// The next near miss from this position on, forwards or backwards.
    NearMiss {
        /// Where to look first.
        from: u32,
        /// Towards the end?
        is_forward: bool,
    },
}

/// What a look at the loaded rows gave for a [`Seek`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This event, at this position.
    Event {
        /// Its place in the list.
        index: u32,
        /// The event.
        event: u32,
    },
    /// The stretch that must be loaded first, and the seek to go on with.
    NotLoaded(u32, Seek),
    /// There is none.
    Nothing,
}

/// What was read of the text that was typed over the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sieve {
    /// The text.
    pub text: Rc<str>,
    /// Rows that fit.
    pub total: u32,
    /// It was read as a condition; otherwise as words.
    pub is_condition: bool,
    /// Why a text that looks like a condition was read as words.
    pub trouble: Option<Rc<str>>,
}

/// The part of the result list the page holds.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What the visitor chose to see; `None` leaves it to the result.
    pub choice: Option<Filter>,
    /// What the visitor typed to see only what fits it.
    pub text: Rc<str>,
    /// What was read of it; `None` where the loaded rows are all of the filter.
    pub sieve: Option<Sieve>,
    /// The text that was sent and is not answered yet.
    pub sifting: Option<Rc<str>>,
    /// The clause the strips begin with, from 0, where the visitor moved them there.
    pub strip: Option<usize>,
    /// First and one past the last visible row.
    pub visible: (u32, u32),
    /// Loaded stretches.
    pub chunks: Rc<Chunks>,
    /// Stretches that were asked for.
    pub asked: Vec<u32>,
    /// What is being looked for.
    pub seek: Option<Seek>,
    /// Position the list should bring into view; the number tells one request from the next.
    pub reveal: Option<(u32, u32)>,
}

impl List {
    /// The filter in force: what was chosen, else near misses, else everything where nothing
    /// comes near a match.
    #[must_use]
    pub fn filter(&self, result: Option<&RunResult>) -> Filter {
        self.choice.unwrap_or(match result {
            Some(result) if result.matches + result.near == 0 => Filter::All,
            _ => Filter::Near,
        })
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.chunks = Rc::default();
        self.asked.clear();
        self.seek = None;
    }

    /// The height of the visible part, in rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.visible.1.saturating_sub(self.visible.0)
    }

    /// Takes in rows and what was read of the text; says whether they are of another text than those
    /// before, which then give way.
    pub fn take_sifted(&mut self, sifted: Sifted) -> bool {
        let Sifted { text, is_condition, trouble, rows } = sifted;
        let is_blank = text.trim().is_empty();
        let sieve = (!is_blank).then(|| Sieve {
            text: text.into(),
            total: rows.total,
            is_condition,
            trouble: trouble.map(Into::into),
        });
        let is_new = self.sieve != sieve;
        if is_new {
            self.clear();
            self.visible = (0, self.height());
            self.sieve = sieve;
        }
        self.take(rows);
        is_new
    }

    /// Takes in rows; a stretch that is not whole on its lower side is cut to whole ones.
    pub fn take(&mut self, rows: Rows) {
        let Rows { first, total, rows, .. } = rows;
        let chunks = Rc::make_mut(&mut self.chunks);
        let mut left = rows.as_slice();
        let mut at = first;
        while !left.is_empty() {
            let (here, rest) = left.split_at_checked(CHUNK as usize).unwrap_or((left, &[]));
            let is_whole = here.len() == CHUNK as usize || at + here.len() as u32 >= total;
            if at.is_multiple_of(CHUNK) && is_whole {
                chunks.put(at / CHUNK, here.into());
                self.asked.retain(|asked| *asked != at / CHUNK);
            }
            at += CHUNK;
            left = rest;
        }
        let centre = (self.visible.0 / CHUNK + self.visible.1 / CHUNK) / 2;
        // What has just come was asked for, be it far from what is in view: something is sought there.
        let fresh = first / CHUNK..at.div_ceil(CHUNK);
        while chunks.0.len() > KEPT_CHUNKS {
            let old =
                chunks.0.iter().map(|(chunk, _)| *chunk).filter(|chunk| !fresh.contains(chunk));
            let far = old.max_by_key(|chunk| chunk.abs_diff(centre));
            let Some(far) = far else { break };
            chunks.0.retain(|(chunk, _)| *chunk != far);
        }
    }

    /// The stretches to ask for so that the visible rows are there, as `(first, count)`.
    pub fn wanted(&mut self, total: u32) -> Vec<(u32, u32)> {
        let (first, end) = (self.visible.0, self.visible.1.min(total));
        if first >= end {
            return Vec::new();
        }
        (first / CHUNK..=(end - 1) / CHUNK).filter_map(|chunk| self.want(chunk)).collect()
    }

    /// Marks one stretch as asked for; `None` where it is loaded or on its way.
    pub fn want(&mut self, chunk: u32) -> Option<(u32, u32)> {
        if self.chunks.get(chunk).is_some() || self.asked.contains(&chunk) {
            return None;
        }
        self.asked.push(chunk);
        Some((chunk * CHUNK, CHUNK))
    }

    /// The row at a position, where it is loaded.
    #[must_use]
    pub fn row(&self, index: u32) -> Option<&Row> {
        self.chunks.get(index / CHUNK)?.get((index % CHUNK) as usize)
    }

    /// The position of an event, where its row is loaded.
    #[must_use]
    pub fn position(&self, event: u32) -> Option<u32> {
        self.chunks.0.iter().find_map(|(chunk, rows)| {
            let at = rows.iter().position(|row| row.event == event)?;
            Some(chunk * CHUNK + u32::try_from(at).ok()?)
        })
    }

    /// Looks for what is sought among the loaded rows.
    #[must_use]
    pub fn find(&self, seek: Seek, filter: Filter, total: u32) -> Found {
        match seek {
            Seek::Index(index) if index >= total => Found::Nothing,
            Seek::Index(index) => match self.row(index) {
                Some(row) => Found::Event { index, event: row.event },
                None => Found::NotLoaded(index / CHUNK, seek),
            },
            Seek::NearMiss { mut from, is_forward } => {
                while from < total {
                    match self.row(from) {
                        Some(row) if is_near_miss(row, filter) => {
                            return Found::Event { index: from, event: row.event };
                        }
                        Some(_) => {}
                        None => {
                            let seek = Seek::NearMiss { from, is_forward };
                            return Found::NotLoaded(from / CHUNK, seek);
                        }
                    }
                    // Below zero wraps round to beyond the end, which ends the search.
                    from = if is_forward { from + 1 } else { from.wrapping_sub(1) };
                }
                Found::Nothing
            }
        }
    }
}

/// Clauses a strip shows at a time.
pub const STRIP: usize = 20;

/// With more clauses than this a strip shows a part of them.
const STRIP_WHOLE: usize = 24;

/// First and one past the last clause that the strips show, from 0. They are turned over page by
/// page, so that all rows show the same ones and none jump: to where the visitor went, else to the
/// first clause that decides in the selected row.
#[must_use]
pub fn strip(clauses: usize, chosen: Option<usize>, deciding: Option<usize>) -> (usize, usize) {
    if clauses <= STRIP_WHOLE {
        return (0, clauses);
    }
    let at = chosen.or(deciding).unwrap_or(0).min(clauses - 1);
    let first = at / STRIP * STRIP;
    (first, (first + STRIP).min(clauses))
}

/// True for an event one clause away from a match.
#[must_use]
pub fn is_near_miss(row: &Row, filter: Filter) -> bool {
    row.verdict != Verdict::Holds
        && (filter == Filter::Near || row.cells.iter().filter(|cell| cell.decisive).count() == 1)
}

/// Events that match or are part of a match; a sequence has several.
#[must_use]
pub fn matching_events(result: &RunResult) -> u32 {
    match result.form {
        QueryForm::Event => result.matches,
        QueryForm::Sequence | QueryForm::Sample => {
            let held = result.verdicts.iter().filter(|verdict| **verdict == Verdict::Holds);
            u32::try_from(held.count()).unwrap_or(u32::MAX)
        }
    }
}

/// How many rows a filter shows.
#[must_use]
pub fn total(result: &RunResult, filter: Filter) -> u32 {
    match filter {
        Filter::All => result.events,
        Filter::Matches => matching_events(result),
        Filter::Near => matching_events(result).saturating_add(result.near),
    }
}

#[cfg(test)]
mod tests {
    use eqlens_engine::wire::Cell;

    use super::*;

    fn row(event: u32, verdict: Verdict) -> Row {
        Row {
            event,
            id: event.to_string(),
            time: None,
            host: None,
            summary: String::new(),
            verdict,
            stages: Vec::new(),
            why: String::new(),
            cells: vec![Cell { verdict, decisive: verdict == Verdict::Missing }],
        }
    }

    fn rows(first: u32, count: u32, total: u32) -> Rows {
        let verdict = |at| if at % 100 == 99 { Verdict::Missing } else { Verdict::Fails };
        Rows {
            filter: Filter::All,
            total,
            first,
            rows: (first..(first + count).min(total)).map(|at| row(at, verdict(at))).collect(),
        }
    }

    #[test]
    fn only_missing_stretches_are_asked_for_and_once() {
        let mut list = List { visible: (60, 130), ..List::default() };
        assert_eq!(list.wanted(1000), [(0, 64), (64, 64), (128, 64)]);
        assert_eq!(list.wanted(1000), []);
        list.take(rows(0, 64, 1000));
        assert_eq!(list.row(63).map(|row| row.event), Some(63));
        assert_eq!(list.row(64), None);
    }

    #[test]
    fn the_last_stretch_may_be_short() {
        let mut list = List::default();
        list.take(rows(64, 64, 70));
        assert_eq!(list.row(69).map(|row| row.event), Some(69));
        assert_eq!(list.position(69), Some(69));
    }

    #[test]
    fn strips_turn_their_pages_to_what_decides() {
        assert_eq!(strip(11, None, Some(9)), (0, 11));
        assert_eq!(strip(24, Some(20), None), (0, 24));
        assert_eq!(strip(200, None, None), (0, 20));
        assert_eq!(strip(200, None, Some(31)), (20, 40));
        assert_eq!(strip(200, Some(199), Some(31)), (180, 200));
        assert_eq!(strip(30, Some(99), None), (20, 30));
    }

    #[test]
    fn rows_of_another_text_take_the_place_of_all() {
        let mut list = List { visible: (640, 660), ..List::default() };
        list.take(rows(640, 64, 1000));
        let sifted = |text: &str, total| Sifted {
            text: text.into(),
            rows: rows(0, total, total),
            ..Sifted::default()
        };
        assert!(list.take_sifted(sifted("web", 3)));
        assert_eq!(
            (list.visible, list.row(640), list.sieve.as_ref().map(|s| s.total)),
            ((0, 20), None, Some(3))
        );
        assert!(!list.take_sifted(sifted("web", 3)));
        assert!(list.take_sifted(sifted(" ", 64)));
        assert_eq!(list.sieve, None);
    }

    #[test]
    fn far_stretches_are_dropped() {
        let mut list = List { visible: (6400, 6430), ..List::default() };
        for chunk in 90..110 {
            list.take(rows(chunk * CHUNK, CHUNK, 100_000));
        }
        assert_eq!(list.chunks.0.len(), 12);
        assert!(list.row(6400).is_some());
    }

    #[test]
    fn what_is_sought_far_away_is_found_though_many_stretches_are_kept() {
        let mut list = List { visible: (0, 30), ..List::default() };
        for chunk in 0..12 {
            list.take(rows(chunk * CHUNK, CHUNK, 100_000));
        }
        let seek = Seek::Index(99_999);
        let Found::NotLoaded(chunk, seek) = list.find(seek, Filter::All, 100_000) else { panic!() };
        list.take(rows(chunk * CHUNK, CHUNK, 100_000));
        let found = Found::Event { index: 99_999, event: 99_999 };
        assert_eq!(list.find(seek, Filter::All, 100_000), found);
        assert_eq!(list.chunks.0.len(), 12);
    }

    #[test]
    fn the_next_near_miss_is_found_across_stretches() {
        let mut list = List::default();
        list.take(rows(0, 64, 1000));
        let seek = Seek::NearMiss { from: 1, is_forward: true };
        let Found::NotLoaded(1, seek) = list.find(seek, Filter::All, 1000) else { panic!() };
        list.take(rows(64, 64, 1000));
        let found = list.find(seek, Filter::All, 1000);
        assert_eq!(found, Found::Event { index: 99, event: 99 });
        let back = Seek::NearMiss { from: 98, is_forward: false };
        assert_eq!(list.find(back, Filter::All, 1000), Found::Nothing);
    }

    #[test]
    fn everything_is_shown_where_nothing_comes_near() {
        let list = List::default();
        assert_eq!(list.filter(None), Filter::Near);
        let none = RunResult { events: 9, ..RunResult::default() };
        assert_eq!(list.filter(Some(&none)), Filter::All);
        let chosen = List { choice: Some(Filter::Matches), ..List::default() };
        assert_eq!(chosen.filter(Some(&none)), Filter::Matches);
    }
}
