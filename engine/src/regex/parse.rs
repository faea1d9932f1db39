//! Patterns to expressions (spec §5.12).

use std::ops::Range;

use super::chars;
use super::error::{Extension, RegexErrorKind as Kind, Remark, RemarkKind};
use super::expr::{self, Arena, Expr};
use super::{MAX_DEPTH, MAX_SIZE, interval};
use crate::value::Case;

/// What is wrong, and the bytes of the pattern that are.
pub(super) type Fault = (Range<usize>, Kind);

/// An expression and the number of its character positions if all counts are written out: the
/// measure of how large its derivatives can become.
pub(super) struct Piece {
    pub(super) expr: Expr,
    pub(super) size: u64,
}

impl Piece {
    /// An expression for at most one character.
    fn one(expr: Expr) -> Self {
        Self { expr, size: 1 }
    }
}

/// Reads one pattern.
pub(super) struct Parser<'p, 'a> {
    pattern: &'p str,
    pos: usize,
    case: Case,
    arena: &'a mut Arena,
    depth: usize,
    /// The size of the patterns before this one.
    size_before: u64,
    /// What is legal and seldom meant, in the order of the pattern.
    pub(super) remarks: Vec<Remark>,
}

impl<'p, 'a> Parser<'p, 'a> {
    pub(super) fn new(
        pattern: &'p str,
        case: Case,
        size_before: u64,
        arena: &'a mut Arena,
    ) -> Self {
        Self { pattern, pos: 0, case, arena, depth: 0, size_before, remarks: Vec::new() }
    }

    /// The whole pattern; an empty one matches the empty text (spec §5.20).
    pub(super) fn pattern(&mut self) -> Result<Piece, Fault> {
        if self.pattern.is_empty() {
            return Ok(Piece { expr: expr::EMPTY_TEXT, size: 0 });
        }
        let piece = self.union()?;
        match self.peek() {
            None => Ok(piece),
            Some(_) => Err(self.here(Kind::UnmatchedParen)),
        }
    }

    fn union(&mut self) -> Result<Piece, Fault> {
        let (mut parts, mut size) = (Vec::new(), 0);
        loop {
            let start = self.pos;
            let piece = self.intersection()?;
            parts.push(piece.expr);
            size = self.checked(size + piece.size, start)?;
            if !self.eat('|') {
                return Ok(Piece { expr: self.arena.union(parts), size });
            }
        }
    }

    fn intersection(&mut self) -> Result<Piece, Fault> {
        let (mut parts, mut size) = (Vec::new(), 0);
        loop {
            let start = self.pos;
            let piece = self.concatenation()?;
            parts.push(piece.expr);
            size = self.checked(size + piece.size, start)?;
            if !self.eat('&') {
                return Ok(Piece { expr: self.arena.inter(parts), size });
            }
            self.remark_last(RemarkKind::Operator('&'));
        }
    }

    fn concatenation(&mut self) -> Result<Piece, Fault> {
        let (mut parts, mut size) = (Vec::new(), 0);
        loop {
            let start = self.pos;
            let piece = self.repetition()?;
            parts.push(piece.expr);
            size = self.checked(size + piece.size, start)?;
            if matches!(self.peek(), None | Some(')' | '|' | '&')) {
                return Ok(Piece { expr: self.joined(parts), size });
            }
        }
    }

    /// The parts one after the other. Put together from the back, so that each step adds one part
    /// in front.
    fn joined(&mut self, parts: Vec<Expr>) -> Expr {
        let join = |rest, part| self.arena.concat(part, rest);
        parts.into_iter().rev().fold(expr::EMPTY_TEXT, join)
    }

    /// A piece and its quantifiers; each repeats what the one before it made (spec §5.14).
    fn repetition(&mut self) -> Result<Piece, Fault> {
        let mut piece = self.complement()?;
        let mut before: Option<(u32, u32)> = None;
        while let Some(quantifier @ ('?' | '*' | '+' | '{')) = self.peek() {
            let start = self.pos;
            let (min, max) = match quantifier {
                '?' => self.skip((0, 1)),
                '*' => self.skip((0, expr::UNBOUNDED)),
                '+' => self.skip((1, expr::UNBOUNDED)),
                _ => self.counts()?,
            };
            let changes = match (quantifier, before) {
                ('?', Some((min, _))) => min > 0,
                ('+', Some((_, max))) => !matches!(max, 1 | expr::UNBOUNDED),
                _ => false,
            };
            if changes {
                self.remark_last(RemarkKind::StackedQuantifier(quantifier));
            }
            before = Some((min, max));
            let times = if max == expr::UNBOUNDED { min.max(1) } else { max };
            let size = self.checked(piece.size.saturating_mul(times.into()), start)?;
            piece = Piece { expr: self.arena.repeat(piece.expr, min, max), size };
        }
        Ok(piece)
    }

    /// `{n}`, `{n,}` or `{n,m}`.
    fn counts(&mut self) -> Result<(u32, u32), Fault> {
        let start = self.pos;
        self.bump();
        let min = self.number()?.ok_or_else(|| self.since(start, Kind::RepeatWithoutNumber))?;
        let max = if self.eat(',') { self.number()?.unwrap_or(expr::UNBOUNDED) } else { min };
        if !self.eat('}') {
            return Err(self.since(start, Kind::UnclosedRepeat));
        }
        if max < min {
            return Err(self.since(start, Kind::RepeatOrder));
        }
        Ok((min, max))
    }

    /// A number of repetitions. None above the limit of size has a use.
    fn number(&mut self) -> Result<Option<u32>, Fault> {
        let start = self.pos;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
        }
        let digits = self.pattern.get(start..self.pos).unwrap_or_default();
        if digits.is_empty() {
            return Ok(None);
        }
        match digits.parse() {
            Ok(number) if u64::from(number) <= MAX_SIZE => Ok(Some(number)),
            _ => Err(self.since(start, Kind::TooLarge)),
        }
    }

    fn complement(&mut self) -> Result<Piece, Fault> {
        let mut negates = false;
        while self.eat('~') {
            self.remark_last(RemarkKind::Operator('~'));
            negates = !negates;
        }
        let piece = self.atom()?;
        if negates {
            return Ok(Piece { expr: self.arena.not(piece.expr), ..piece });
        }
        Ok(piece)
    }

    fn atom(&mut self) -> Result<Piece, Fault> {
        let start = self.pos;
        let Some(c) = self.peek().filter(|c| !matches!(c, '|' | '&' | ')')) else {
            return Err(self.missing());
        };
        match c {
            '(' => return self.group(),
            '[' => return Ok(Piece::one(self.class()?)),
            '"' => return self.quoted(),
            '<' => return self.interval(),
            '\\' => {
                let ranges = match self.escape()? {
                    Escape::Class(ranges) => ranges,
                    Escape::Char(c) => {
                        if c.is_ascii_digit() {
                            let span = start..self.pos;
                            self.remark(RemarkKind::BackReference(c), span);
                        }
                        chars::single(c, self.case)
                    }
                };
                return Ok(Piece::one(self.arena.set(ranges)));
            }
            _ => self.bump(),
        }
        Ok(Piece::one(match c {
            '.' => self.arena.set(vec![chars::ANY]),
            '#' => {
                self.remark_last(RemarkKind::Operator(c));
                expr::NOTHING
            }
            '@' => {
                self.remark_last(RemarkKind::Operator(c));
                expr::EVERYTHING
            }
            _ => {
                match c {
                    '^' | '$' => self.remark_last(RemarkKind::Anchor(c)),
                    '?' | '*' | '+' | '{' => self.remark_last(RemarkKind::LiteralQuantifier(c)),
                    _ => {}
                }
                self.arena.set(chars::single(c, self.case))
            }
        }))
    }

    /// The fault of an operator, a parenthesis or the end where something to match should stand.
    /// Lucene itself takes an operator there for its character, as in `|a` or `a||b`, which nobody
    /// means; see §16.2 for the same choice.
    #[cold]
    fn missing(&self) -> Fault {
        let before = self.pattern.get(..self.pos).and_then(|text| text.chars().next_back());
        let last = self.pos.saturating_sub(1)..self.pos;
        match (before, self.peek()) {
            (Some('~'), _) => (last, Kind::NothingToNegate),
            (_, Some(c @ ('|' | '&'))) => self.here(Kind::EmptyAlternative(c)),
            (Some(c @ ('|' | '&')), _) => (last, Kind::EmptyAlternative(c)),
            (_, Some(_)) => self.here(Kind::UnmatchedParen),
            (_, None) => (last, Kind::UnclosedGroup),
        }
    }

    fn group(&mut self) -> Result<Piece, Fault> {
        let start = self.pos;
        self.bump();
        let opening = start..self.pos;
        if let Some(rest) = self.rest().strip_prefix('?') {
            return Err((start..self.pos + 1, Kind::Extension(Extension::of(rest))));
        }
        if self.eat(')') {
            return Ok(Piece { expr: expr::EMPTY_TEXT, size: 0 });
        }
        if self.depth >= MAX_DEPTH {
            return Err((opening, Kind::TooDeep));
        }
        self.depth += 1;
        let piece = self.union()?;
        self.depth -= 1;
        if !self.eat(')') {
            return Err((opening, Kind::UnclosedGroup));
        }
        Ok(piece)
    }

    /// `"…"`: no character in it is special, the backslash included.
    fn quoted(&mut self) -> Result<Piece, Fault> {
        let start = self.pos;
        self.bump();
        let Some((text, _)) = self.rest().split_once('"') else {
            return Err((start..self.pos, Kind::UnclosedQuote));
        };
        self.pos += text.len() + 1;
        let mut parts = Vec::new();
        for c in text.chars() {
            parts.push(self.arena.set(chars::single(c, self.case)));
        }
        let size = parts.len() as u64;
        self.remark(RemarkKind::Operator('"'), start..self.pos);
        Ok(Piece { expr: self.joined(parts), size })
    }

    fn interval(&mut self) -> Result<Piece, Fault> {
        let start = self.pos;
        self.bump();
        let Some((text, _)) = self.rest().split_once('>') else {
            return Err((start..self.pos, Kind::UnclosedInterval));
        };
        self.pos += text.len() + 1;
        match interval::expression(self.arena, text) {
            Ok((expr, size)) => Ok(Piece { expr, size }),
            Err(kind) => Err(self.since(start, kind)),
        }
    }

    /// `[…]`. What stands first is always an item, and an escaped character never begins a range:
    /// `[\+-z]` holds three characters.
    fn class(&mut self) -> Result<Expr, Fault> {
        let start = self.pos;
        self.bump();
        let unclosed = (start..self.pos, Kind::UnclosedClass);
        let negates = self.eat('^');
        let (mut ranges, mut letters) = (Vec::new(), Vec::new());
        loop {
            let item = self.pos;
            let Some(first) = self.peek() else { return Err(unclosed) };
            if first == '\\' {
                match self.escape()? {
                    Escape::Class(class) => ranges.extend(class),
                    Escape::Char(c) => ranges.extend(chars::single(c, self.case)),
                }
            } else {
                self.bump();
                if first == '[' && self.peek() == Some(':') {
                    let len = self.rest().find(":]").map_or(1, |len| len + 2);
                    let span = item..self.pos + len;
                    self.remark(RemarkKind::PosixClass, span);
                }
                if self.eat('-') {
                    let range = self.range_end(item, first, &unclosed)?;
                    if range_has_letters(range) {
                        letters.push((range, item..self.pos));
                    }
                    ranges.push(range);
                } else {
                    ranges.extend(chars::single(first, self.case));
                }
            }
            if self.eat(']') {
                break;
            }
        }
        let ranges = chars::normal(ranges);
        if self.case == Case::Insensitive {
            for (range, span) in letters {
                if !has_both_cases(&ranges, range) {
                    self.remark(RemarkKind::LetterRange, span);
                }
            }
        }
        let ranges = if negates { chars::negated(&ranges) } else { ranges };
        Ok(self.arena.set(ranges))
    }

    /// The rest of a range after its `-`. Lucene would let `[a-]…]` run on to the second bracket,
    /// and `[a-\z]` end in a letter; nobody means either.
    fn range_end(
        &mut self,
        item: usize,
        first: char,
        unclosed: &Fault,
    ) -> Result<chars::Range, Fault> {
        let last = match self.peek() {
            None => return Err(unclosed.clone()),
            Some(']') => return Err((self.pos - 1..self.pos + 1, Kind::RangeWithoutEnd)),
            Some('\\') => {
                let start = self.pos;
                match self.escape()? {
                    Escape::Char(c) => c,
                    Escape::Class(_) => {
                        let c = self.pattern.get(start + 1..self.pos);
                        let c = c.and_then(|c| c.chars().next()).unwrap_or('d');
                        return Err(self.since(start, Kind::RangeToClass(c)));
                    }
                }
            }
            Some(c) => self.skip(c),
        };
        if first > last {
            return Err(self.since(item, Kind::RangeOrder(first, last)));
        }
        Ok((first.into(), last.into()))
    }

    /// A backslash and the character after it (spec §5.13).
    fn escape(&mut self) -> Result<Escape, Fault> {
        let start = self.pos;
        self.bump();
        let Some(c) = self.peek() else {
            return Err(self.since(start, Kind::EscapeAtEnd));
        };
        self.bump();
        if let Some(ranges) = chars::predefined(c) {
            return Ok(Escape::Class(ranges.to_vec()));
        }
        if let Some(ranges) = chars::predefined(c.to_ascii_lowercase()) {
            return Ok(Escape::Class(chars::negated(ranges)));
        }
        if c.is_ascii_alphabetic() {
            return Err(self.since(start, Kind::UnknownEscape(c)));
        }
        Ok(Escape::Char(c))
    }

    /// The size, unless it is too large; `start` is where the part that makes it so begins.
    #[inline(never)]
    fn checked(&self, size: u64, start: usize) -> Result<u64, Fault> {
        if self.size_before.saturating_add(size) > MAX_SIZE {
            return Err(self.since(start, Kind::TooLarge));
        }
        Ok(size)
    }

    fn rest(&self) -> &'p str {
        self.pattern.get(self.pos..).unwrap_or_default()
    }

    #[inline(never)]
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    #[inline(never)]
    fn bump(&mut self) {
        self.pos += self.peek().map_or(0, char::len_utf8);
    }

    /// Goes on by one character and returns what that character means.
    fn skip<T>(&mut self, meaning: T) -> T {
        self.bump();
        meaning
    }

    #[inline(never)]
    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.bump();
        }
        found
    }

    /// A fault of the character that comes next.
    #[cold]
    fn here(&self, kind: Kind) -> Fault {
        (self.pos..self.pos + self.peek().map_or(0, char::len_utf8), kind)
    }

    /// A fault of what was read from `start` on.
    #[inline(never)]
    fn since(&self, start: usize, kind: Kind) -> Fault {
        (start..self.pos, kind)
    }

    /// Remarks on the one-byte character just read.
    fn remark_last(&mut self, kind: RemarkKind) {
        self.remark(kind, self.pos - 1..self.pos);
    }

    /// Remarks on a part; a class is judged at its end, so that others may stand behind it.
    #[inline(never)]
    fn remark(&mut self, kind: RemarkKind, span: Range<usize>) {
        let at = self.remarks.partition_point(|other| other.start <= span.start);
        self.remarks.insert(at, Remark { kind, start: span.start, end: span.end });
    }
}

/// What a backslash and a character stand for.
enum Escape {
    Class(Vec<chars::Range>),
    Char(char),
}

/// The ASCII letters of one case that a range covers, by their alphabets' first letters.
fn letters((first, last): chars::Range) -> impl Iterator<Item = u32> {
    let alphabets = [(0x41, 0x5a), (0x61, 0x7a)];
    alphabets.into_iter().flat_map(move |(a, z): chars::Range| first.max(a)..=last.min(z))
}

#[inline(never)]
fn range_has_letters(range: chars::Range) -> bool {
    letters(range).next().is_some()
}

/// Is every letter of the range in the set in its other case as well?
fn has_both_cases(set: &[chars::Range], range: chars::Range) -> bool {
    letters(range).all(|letter| chars::contains(set, letter ^ 0x20))
}
