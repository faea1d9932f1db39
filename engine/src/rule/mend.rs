//! TOML that was damaged on its way: a code viewer's lines between the lines, or everything on
//! one line.
//!
//! The reader goes from item to item (`[table]`, `name = value`) without a regard for lines, and
//! writes a sound file that remembers where each byte came from.

use crate::rule::source_map::Assembly;
use crate::span::Span;

/// The sound file, and what was done to get it.
pub(super) struct Mended {
    pub(super) text: Assembly,
    /// Number of lines left out, and the place of the first.
    pub(super) left_out: Option<(usize, Span)>,
    /// Number of items that were put on lines of their own.
    pub(super) put_back: usize,
}

/// True of a line that is neither blank nor a comment.
pub(super) fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// True of a line that holds nothing but when a line was last changed: `2024-03-07 12:35:33 +01:00`,
/// a part of that, or `3 years ago`.
pub(super) fn is_stamp(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [] => false,
        [count, unit, "ago"] => {
            let unit = unit.trim_end_matches('s');
            let units = ["second", "minute", "hour", "day", "week", "month", "year"];
            (count.parse::<u32>().is_ok() || matches!(*count, "a" | "an")) && units.contains(&unit)
        }
        words => words.len() <= 3 && words.iter().all(|word| is_time_word(word)),
    }
}

/// Where a whole stamp begins among other words, as it stands where the lines are lost.
fn find_stamp(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        at += rest.find(|c: char| c.is_ascii_digit())?;
        let is_apart = text.get(..at)?.chars().next_back().is_none_or(char::is_whitespace);
        if is_apart && text.get(at..at + STAMP).is_some_and(is_whole_stamp) {
            return Some(at);
        }
        let rest = text.get(at..)?;
        at += rest.find(|c: char| !c.is_ascii_digit())?;
    }
}

/// Length of `2024-03-07 12:35:33 +01:00`.
const STAMP: usize = 26;

fn is_whole_stamp(text: &str) -> bool {
    is_stamp(text) && text.split(' ').count() == 3
}

/// A date, a time of day, an offset, or several of them joined.
fn is_time_word(word: &str) -> bool {
    let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let rest = shape.strip_prefix("0000-00-00").unwrap_or(&shape);
    let rest = rest.strip_prefix('T').unwrap_or(rest);
    let rest = rest.strip_prefix("00:00:00").unwrap_or(rest);
    let rest =
        rest.strip_prefix(['+', '-']).and_then(|rest| rest.strip_prefix("00:00")).unwrap_or(rest);
    !shape.is_empty() && matches!(rest, "" | "Z") && shape != "Z" && shape != "T"
}

pub(super) fn mend(text: &str) -> Mended {
    let mut mender = Mender {
        text,
        at: 0,
        out: Assembly::default(),
        left_out: None,
        put_back: 0,
        on_line: false,
        from_viewer: text.lines().any(is_stamp),
    };
    mender.front();
    mender.items();
    Mended { text: mender.out, left_out: mender.left_out, put_back: mender.put_back }
}

struct Mender<'t> {
    text: &'t str,
    at: usize,
    out: Assembly,
    left_out: Option<(usize, Span)>,
    put_back: usize,
    /// An item stands on the line that is being written.
    on_line: bool,
    /// What is no TOML is taken for the chrome of a code viewer, not for a mistake.
    from_viewer: bool,
}

impl<'t> Mender<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn copy(&mut self, len: usize) {
        let part = self.text.get(self.at..self.at + len).unwrap_or_default();
        if part.contains('\n') {
            self.on_line = false;
        }
        self.out.copy(self.text, self.at..self.at + len);
        self.at += len;
    }

    fn leave_out(&mut self, len: usize) {
        let part = self.text.get(self.at..self.at + len).unwrap_or_default();
        if !part.trim().is_empty() {
            let line = part.trim();
            let start = self.at + (part.len() - part.trim_start().len());
            let first = Span::new(start as u32, (start + line.len()) as u32);
            let (n, first) = self.left_out.unwrap_or((0, first));
            self.left_out =
                Some((n + line.lines().filter(|line| !line.trim().is_empty()).count(), first));
        }
        self.at += len;
    }

    /// Leaves out what stands before the file: its name, its size, buttons.
    fn front(&mut self) {
        let mut at = 0;
        let mut content = false;
        for line in self.text.split_inclusive('\n') {
            if item(line.trim_start()).is_some() {
                break;
            }
            content |= is_content(line);
            at += line.len();
        }
        if at >= self.text.len() {
            // Not even a line of its own was left to the first table.
            let first = ["[metadata]", "[rule]"].iter().filter_map(|it| self.text.find(it)).min();
            at = first.unwrap_or(0);
            content = at > 0;
        }
        if content {
            self.from_viewer = true;
            self.leave_out(at);
        }
    }

    fn items(&mut self) {
        while !self.rest().is_empty() {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start().len();
            if blanks > 0 {
                self.copy(blanks);
            } else if rest.starts_with('#') {
                let line = rest.find('\n').unwrap_or(rest.len());
                let comment = rest.get(..line).unwrap_or_default();
                // A comment above the first table, on one line with it.
                let table = ["[metadata]", "[rule]"].iter().filter_map(|it| comment.find(it)).min();
                self.copy(table.unwrap_or(line));
                self.on_line |= table.is_some();
            } else if let Some(name) = item(rest) {
                if self.on_line {
                    self.out.push("\n", Span::empty(self.at as u32));
                    self.put_back += 1;
                }
                self.copy(name);
                if !rest.starts_with('[') {
                    self.value();
                }
                self.on_line = true;
            } else {
                self.foreign();
            }
        }
    }

    /// What is no TOML, up to the next item or the end of the line.
    fn foreign(&mut self) {
        let rest = self.rest();
        let line = rest.get(..rest.find('\n').unwrap_or(rest.len())).unwrap_or_default();
        let next = line.match_indices([' ', '\t']).map(|(at, _)| at + 1);
        let mut next = next.filter(|at| item(line.get(*at..).unwrap_or_default()).is_some());
        let len = next.next().unwrap_or(line.len());
        let part = line.get(..len).unwrap_or_default();
        if self.from_viewer || is_stamp(part) { self.leave_out(len) } else { self.copy(len) }
    }

    /// The value behind `name =`.
    fn value(&mut self) {
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.copy(blanks);
        let rest = self.rest();
        match rest.bytes().next() {
            Some(b'"' | b'\'') => self.string(),
            Some(b'[' | b'{') => self.brackets(),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '#');
                self.copy(end.unwrap_or(rest.len()));
            }
        }
    }

    /// A list or an inline table, with everything in it.
    fn brackets(&mut self) {
        let mut depth = 0_usize;
        let mut is_line_start = false;
        while let Some(c) = self.rest().chars().next() {
            let rest = self.rest();
            if is_line_start {
                let line = rest.split_inclusive('\n').next().unwrap_or_default();
                if is_stamp(line) {
                    self.leave_out(line.len());
                    continue;
                }
            }
            is_line_start = c == '\n';
            match c {
                '"' | '\'' => self.string(),
                _ if rest.get(..STAMP).is_some_and(is_whole_stamp) => self.leave_out(STAMP),
                '#' => self.copy(rest.find('\n').unwrap_or(rest.len())),
                '[' | '{' => {
                    depth += 1;
                    self.copy(1);
                }
                ']' | '}' => {
                    depth = depth.saturating_sub(1);
                    self.copy(1);
                    if depth == 0 {
                        return;
                    }
                }
                c => self.copy(c.len_utf8()),
            }
        }
    }

    /// A string of any of the four kinds, without the viewer's lines in it.
    fn string(&mut self) {
        let rest = self.rest();
        let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|it| rest.starts_with(it));
        let Some(quotes) = quotes else { return };
        let body = rest.get(quotes.len()..).unwrap_or_default();
        let Some(len) = closing(body, quotes) else {
            let line = if quotes.len() == 3 { None } else { rest.find('\n') };
            return self.copy(line.unwrap_or(rest.len()));
        };
        self.copy(quotes.len());
        let mut is_first = true;
        for line in body.get(..len).unwrap_or_default().split_inclusive('\n') {
            if !is_first && line.ends_with('\n') && is_stamp(line) {
                self.leave_out(line.len());
            } else {
                self.part(line, quotes);
            }
            is_first = false;
        }
        self.copy(quotes.len());
    }

    /// A line of a string. Where lines were lost, stamps stand in their middle.
    fn part(&mut self, mut line: &str, quotes: &str) {
        loop {
            let stamp = find_stamp(line).filter(|_| self.from_viewer && self.put_back > 0);
            let own = stamp.and_then(|at| line.get(..at)).unwrap_or(line);
            if quotes == "\"\"\"" {
                self.continued(own);
            } else {
                self.copy(own.len());
            }
            let Some(rest) = stamp.and_then(|at| line.get(at + STAMP..)) else { return };
            self.leave_out(STAMP);
            line = rest;
        }
    }

    /// Text between `"""`. A backslash at the end of a line takes back the line end; where the
    /// lines are lost it stands before a blank and is no escape.
    fn continued(&mut self, line: &str) {
        let mut copied = 0;
        let mut is_escape = false;
        for (at, byte) in line.bytes().enumerate() {
            let ends_line = || {
                let rest = line.get(at..).unwrap_or_default();
                rest.trim_start_matches([' ', '\t']).starts_with(['\r', '\n'])
            };
            if is_escape && byte == b' ' && !ends_line() {
                self.copy(at - copied);
                copied = at;
                self.out.push("\n", Span::empty(self.at as u32));
            }
            is_escape = byte == b'\\' && !is_escape;
        }
        self.copy(line.len() - copied);
    }
}

/// Where the closing quotes begin. Up to two more quotes of the kind may belong to the text.
fn closing(body: &str, quotes: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = body.get(at..)?;
        if rest.is_empty() || quotes.len() == 1 && rest.starts_with('\n') {
            return None;
        }
        if rest.starts_with(quotes) {
            let mark = quotes.chars().next()?;
            let run = rest.chars().take_while(|c| *c == mark).count();
            return Some(
                at + run.saturating_sub(quotes.len()).min(2) * usize::from(quotes.len() == 3),
            );
        }
        let escaped = quotes.starts_with('"') && rest.starts_with('\\');
        at += rest.chars().take(1 + usize::from(escaped)).map(char::len_utf8).sum::<usize>();
    }
}

/// Length of what begins an item: `[table]`, `[[table]]`, or `name =`.
fn item(rest: &str) -> Option<usize> {
    let opening = rest.bytes().take_while(|byte| *byte == b'[').count();
    let after = rest.get(opening..)?;
    let name = names(after)?;
    match opening {
        0 => {
            let tail = after.get(name..)?;
            let blanks = tail.len() - tail.trim_start_matches([' ', '\t']).len();
            let sign = tail.get(blanks..)?;
            (sign.starts_with('=') && !sign.starts_with("==")).then_some(name + blanks + 1)
        }
        1 | 2 => {
            let closing = after.get(name..)?.bytes().take_while(|byte| *byte == b']').count();
            (closing == opening).then_some(name + 2 * opening)
        }
        _ => None,
    }
}

/// Length of a name, dotted or in quotes.
fn names(rest: &str) -> Option<usize> {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"');
    let len = rest.find(|c| !is_bare(c)).unwrap_or(rest.len());
    (len > 0).then_some(len)
}
