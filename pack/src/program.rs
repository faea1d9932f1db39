//! The walk through a program: which bytes come, and what each depends on.

use crate::model::hash;

/// Ways in which what came before is looked at.
pub(crate) const CONTEXTS: usize = 7;

/// What came before, looked at in each way.
pub(crate) type Context = [u32; CONTEXTS];

/// What the bytes of a program are handed to, or come from.
pub(crate) trait Symbols {
    /// The next byte, of this kind and after this; `known` where the program is.
    fn symbol(&mut self, kind: usize, context: &Context, known: u8) -> u8;

    /// What follows may be what followed the last time with this key.
    fn seek(&mut self, key: u32);
}

/// Kinds of numbers, by what they mean, each with a code of its own. A long number is the count of its
/// digits and then those.
#[derive(Clone, Copy)]
enum Kind {
    Local,
    Small,
    Offset,
    Call,
    Large,
    Branch,
    Block,
    Alignment,
    Rare,
}

/// Behind those the kinds of their digits, of operations, by the one before, and of everything that
/// is no code, by the byte before.
const DIGITS: usize = 16;
const OPERATIONS: usize = 32;
const DATA: usize = 48;

/// All kinds.
pub(crate) const KINDS: usize = 55;

/// A number of more digits than one is announced by this and their count.
const LONG: u8 = 128;

/// The most digits of a number (LEB128 of 64 bits).
const MOST_DIGITS: usize = 10;

/// Digits of a long number, the count first and then the highest first.
type Digits = [u32; MOST_DIGITS + 1];

pub(crate) struct Walk<'k, S> {
    pub(crate) symbols: S,
    /// The program where it is being packed; empty where it is unpacked.
    known: &'k [u8],
    /// The program as far as the walk has come.
    pub(crate) out: Vec<u8>,
    /// How long it is, and how many functions are still to come.
    length: usize,
    functions: usize,
    /// The last operations, and the last 1, 2, 3, 4 operations with their numbers.
    operations: [u32; 5],
    whole: [u32; 4],
    /// The function.
    function: u32,
    /// The last locals, and the last number of other kinds.
    locals: [u32; 2],
    offset: u32,
    small: u32,
    call: u32,
    /// The last long number of each kind.
    long: [Digits; DIGITS],
}

impl<'k, S: Symbols> Walk<'k, S> {
    /// Before the first byte of `length` bytes: of so many functions, or of none and something else.
    pub(crate) fn new(symbols: S, known: &'k [u8], length: usize, functions: usize) -> Self {
        Self {
            symbols,
            known,
            out: Vec::new(),
            length,
            functions,
            operations: [0; 5],
            whole: [0; 4],
            function: 0,
            locals: [0; 2],
            offset: 0,
            small: 0,
            call: 0,
            long: [[0; MOST_DIGITS + 1]; DIGITS],
        }
    }

    pub(crate) fn finish(&mut self) {
        while self.out.len() < self.length {
            match self.functions {
                0 => drop(self.data()),
                _ => self.function(),
            }
        }
        self.out.truncate(self.length);
    }

    fn function(&mut self) {
        let length = self.data_number();
        let end = self.out.len().saturating_add(length as usize).min(self.length);
        self.functions -= 1;
        self.function += 1;
        self.operations = [0; 5];
        self.whole = [0; 4];
        self.locals = [0; 2];
        for _ in 0..self.data_number() {
            self.data_number();
            self.data();
            if self.out.len() >= end {
                return;
            }
        }
        while self.out.len() < end {
            self.operation();
        }
    }

    /// A byte that is no code.
    fn data(&mut self) -> u8 {
        let mut last = [0u32; 8];
        for (byte, last) in self.out.iter().rev().zip(&mut last) {
            *last = u32::from(*byte);
        }
        let [a, b, c, d, e, f, _, h] = last;
        let three = a | b << 8 | c << 16;
        let four = three | d << 24;
        let place = self.out.len() as u32 & 3;
        let context = [
            a,
            a | b << 8 | 1 << 16,
            three | 1 << 24,
            hash(four, 1),
            hash(hash(four, 2), e | f << 8),
            d | h << 8 | 2 << 16,
            d | a << 8 | place << 16 | 1 << 18,
        ];
        self.symbols.seek(hash(four, e));
        let byte = self.known.get(self.out.len()).copied().unwrap_or(0);
        let byte = self.symbols.symbol(DATA + kind_of_byte(a), &context, byte);
        self.out.push(byte);
        byte
    }

    /// A number in LEB128 that is no code.
    fn data_number(&mut self) -> u32 {
        let mut value = 0;
        for digit in 0..MOST_DIGITS as u32 {
            let byte = self.data();
            value |= u32::from(byte & 127).checked_shl(7 * digit).unwrap_or(0);
            if byte < 128 {
                break;
            }
        }
        value
    }

    /// What an operation and its numbers depend on, besides the three that are special to them.
    fn context(&self, base: u32, special: [u32; 3]) -> Context {
        let [a, b, c, ..] = self.operations;
        let [one, _, three, _] = self.whole;
        let [x, y, z] = special;
        [
            hash(base, a | b << 8 | 1 << 24),
            hash(base, a | b << 8 | c << 16 | 2 << 24),
            hash(base, hash(one, a) ^ 3),
            hash(base, hash(three, a) ^ 5),
            hash(base, hash(x, 7)),
            hash(base, hash(y, 8)),
            hash(base, hash(z, 9)),
        ]
    }

    /// A number in LEB128, its highest digit first: what follows depends on that most.
    fn number(&mut self, kind: Kind, special: [u32; 3]) -> u32 {
        let kind = kind as usize;
        let known = self.known.get(self.out.len()..).unwrap_or_default();
        let count = 1 + known.iter().take(MOST_DIGITS - 1).take_while(|byte| **byte >= 128).count();
        let first = match known.first() {
            Some(byte) if count == 1 => *byte,
            _ => LONG + count as u8,
        };
        let base = hash(kind as u32 * 8, 0);
        let first = self.symbols.symbol(kind, &self.context(base, special), first);
        let Some(count) = first.checked_sub(LONG) else {
            self.out.push(first);
            return u32::from(first);
        };
        let count = usize::from(count).clamp(1, MOST_DIGITS);
        let mut digits = [0; MOST_DIGITS + 1];
        digits[0] = count as u32;
        let mut part = hash(0, u32::from(first) + 1);
        let long = self.long.get(kind).copied().unwrap_or([0; MOST_DIGITS + 1]);
        let mut above = (0, 0);
        for (index, (digit, last)) in
            (1..=count).zip(digits.iter_mut().skip(1).zip(long.iter().skip(1)))
        {
            let base = hash((kind * 8 + index) as u32, part);
            let mut context = self.context(base, special);
            if index > 1 {
                // The same place of the number before, which may be near.
                context[3] = base;
                context[4] = hash(hash(base, *last), hash(above.1, 7));
            }
            let byte = known.get(count - index).map_or(0, |byte| byte & 127);
            let byte = self.symbols.symbol(DIGITS + kind, &context, byte);
            *digit = u32::from(byte);
            above = (*digit, *last);
            part = hash(part, *digit + 1);
        }
        if let Some(long) = self.long.get_mut(kind) {
            *long = digits;
        }
        let mut value = 0;
        for (left, digit) in digits.iter().skip(1).take(count).rev().enumerate() {
            self.out.push(*digit as u8 | if left + 1 < count { 128 } else { 0 });
            value |= digit.checked_shl(7 * left as u32).unwrap_or(0);
        }
        value
    }

    fn operation(&mut self) {
        let [a, b, c, d, e] = self.operations;
        let [last, before] = self.locals;
        let function = self.function;
        let recent = a | b << 8 | c << 16 | d << 24;
        let special = [hash(recent, e), hash(last, a), hash(function, hash(a, last))];
        self.symbols.seek(hash(self.whole[3], 77));
        let known = self.known.get(self.out.len()).copied().unwrap_or(0);
        let context = self.context(0, special);
        let byte = self.symbols.symbol(OPERATIONS + kind_of_operation(a), &context, known);
        self.out.push(byte);
        let operation = u32::from(byte);
        self.operations = [operation, a, b, c, d];

        let number = match byte {
            0x02..=0x04 => self.number(Kind::Block, [0; 3]),
            0x0c | 0x0d => self.number(Kind::Branch, [0; 3]),
            0x0e => {
                let count = self.number(Kind::Branch, [1, 0, 0]);
                let (mut one, mut two) = (0, 0);
                for _ in 0..=count {
                    let target = self.number(Kind::Branch, [one, hash(one, two), function]);
                    (one, two) = (target, one);
                    if self.out.len() >= self.length {
                        break;
                    }
                }
                0
            }
            0x10 => {
                let call = self.number(Kind::Call, [hash(self.call, 1), self.small, function]);
                self.call = call;
                call
            }
            0x11 => {
                let kind = self.number(Kind::Call, [2, 3, 4]);
                self.number(Kind::Call, [5, 6, 7]);
                kind
            }
            0x1c => {
                for _ in 0..self.data_number() {
                    self.data();
                    if self.out.len() >= self.length {
                        break;
                    }
                }
                0
            }
            0x20..=0x22 => {
                let here = hash(function, last);
                let both = hash(function, last | before << 16);
                let kinds = hash(function, operation | a << 8);
                let special = [hash(here, operation), hash(both, operation), kinds];
                let local = self.number(Kind::Local, special);
                self.locals = [local, last];
                local
            }
            0x28..=0x3e => {
                self.number(Kind::Alignment, [0; 3]);
                let (here, offset) = (hash(function, last), self.offset);
                let special = [hash(here, operation), hash(offset, operation), hash(here, offset)];
                self.offset = self.number(Kind::Offset, special);
                self.offset
            }
            0x41 => {
                let special = [hash(self.small, a), hash(last, self.small), function];
                self.small = self.number(Kind::Small, special);
                self.small
            }
            0x42 => self.number(Kind::Large, [last, function, 0]),
            0x43 => (0..4).map(|_| u32::from(self.data())).sum(),
            0x44 => (0..8).map(|_| u32::from(self.data())).sum(),
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => self.number(Kind::Rare, [operation; 3]),
            0xfc => {
                let more = self.number(Kind::Rare, [operation; 3]);
                let count = match more {
                    0..=7 => 0,
                    8 | 10 | 12 | 14 => 2,
                    _ => 1,
                };
                (0..count).map(|_| self.number(Kind::Rare, [more; 3])).sum()
            }
            _ => 0,
        };
        let whole = hash(operation + 1, number);
        let [one, two, three, _] = self.whole;
        self.whole = [whole, hash(one, whole), hash(two, whole), hash(three, whole)];
    }
}

/// Where in a program its functions are.
pub(crate) struct Code {
    /// Where the first begins.
    pub(crate) start: usize,
    /// Where each ends.
    pub(crate) functions: Vec<usize>,
    /// Where the last ends.
    pub(crate) end: usize,
}

/// The functions of a program; `None` where it is none.
pub(crate) fn code(program: &[u8]) -> Option<Code> {
    let mut at = PREAMBLE.len();
    if program.get(..at)? != PREAMBLE {
        return None;
    }
    loop {
        let kind = *program.get(at)?;
        at += 1;
        let end = plain_number(program, &mut at)? + at;
        if kind == CODE {
            let count = plain_number(program, &mut at)?;
            let start = at;
            let mut functions = Vec::new();
            for _ in 0..count {
                at = plain_number(program, &mut at)? + at;
                functions.push(at);
            }
            return (at == end && end <= program.len()).then_some(Code { start, functions, end });
        }
        at = end;
    }
}

/// A number in LEB128 of 32 bits at a place, which moves behind it.
fn plain_number(program: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0;
    for digit in 0..5 {
        let byte = *program.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 127) << (7 * digit);
        if byte < 128 {
            return usize::try_from(value).ok();
        }
    }
    None
}

/// What every program begins with.
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";

/// The kind of section that holds the functions.
const CODE: u8 = 10;

/// What an operation is, 0 to 15: after those of a kind the same ones follow.
fn kind_of_operation(operation: u32) -> usize {
    match operation {
        0x20 => 1,
        0x21 => 2,
        0x22 => 3,
        0x41 => 4,
        0x28..=0x35 => 5,
        0x36..=0x3e => 6,
        0x10 | 0x11 => 7,
        0x0c..=0x0f => 8,
        0x02..=0x05 => 9,
        0x0b => 10,
        0x45..=0x66 => 11,
        0x67..=0x8a => 12,
        0x1a | 0x1b => 13,
        0x42 => 14,
        0x8b.. => 15,
        _ => 0,
    }
}

/// What a byte of text or of numbers is, 0 to 6.
fn kind_of_byte(byte: u32) -> usize {
    match byte as u8 {
        0 => 0,
        b'a' | b'e' | b'i' | b'o' | b'u' => 1,
        b'a'..=b'z' => 2,
        b'0'..=b'9' => 3,
        b' '..=0x7f => 4,
        1..b' ' => 5,
        0x80.. => 6,
    }
}
