//! A program with the parts of its code sorted by kind: all operations, all numbers of locals, all
//! constants and so on. Like stands next to like then, which takes a twelfth off what it packs to.
//! `web/js/unpack.js` puts the parts back where they were.

use crate::wasm::{CODE, number, sections, take, take_number};

/// Where a part of the code goes. Numbers are those of `web/js/unpack.js`.
#[derive(Clone, Copy)]
enum Stream {
    /// What is not code, and of the code what is rare.
    Rest = 0,
    Operation = 1,
    Local = 2,
    Small = 3,
    Offset = 4,
    Call = 5,
    Large = 6,
    Branch = 7,
    Block = 8,
}

const STREAMS: usize = 9;

/// The parts of the program: its length, the length of what comes before the functions, their
/// number, the lengths of the streams, each in 32 bits, and the streams. `None` where it is no
/// program, or has operations that are not known here.
pub(crate) fn separate(program: &[u8]) -> Option<Vec<u8>> {
    let (_, code) = sections(program)?.into_iter().find(|(kind, _)| *kind == CODE)?;
    let mut rest = code;
    let count = number(&mut rest)?;
    // Both are parts of the same bytes.
    let start = rest.as_ptr() as usize - program.as_ptr() as usize;
    let mut parts = Parts { rest, streams: Default::default() };
    parts.streams.first_mut()?.extend(program.get(..start)?);
    for _ in 0..count {
        parts.function()?;
    }
    if !parts.rest.is_empty() {
        return None;
    }
    let end = start + rest.len();
    parts.streams.first_mut()?.extend(program.get(end..)?);

    let lengths = parts.streams.iter().map(Vec::len);
    let numbers = [program.len(), start, count].into_iter().chain(lengths);
    let mut separated = Vec::new();
    for number in numbers {
        separated.extend(u32::try_from(number).ok()?.to_le_bytes());
    }
    Some(parts.streams.into_iter().fold(separated, |all, stream| [all, stream].concat()))
}

struct Parts<'p> {
    rest: &'p [u8],
    streams: [Vec<u8>; STREAMS],
}

impl Parts<'_> {
    fn put(&mut self, stream: Stream, length: usize) -> Option<()> {
        let bytes = take(&mut self.rest, length)?;
        self.streams.get_mut(stream as usize)?.extend(bytes);
        Some(())
    }

    /// A number, as it is written; returns its value.
    fn number(&mut self, stream: Stream) -> Option<usize> {
        let value = number(&mut { self.rest });
        let written = take_number(&mut self.rest)?;
        self.streams.get_mut(stream as usize)?.extend(written);
        value
    }

    fn numbers(&mut self, stream: Stream, count: usize) -> Option<()> {
        (0..count).try_for_each(|_| self.number(stream).map(drop))
    }

    fn function(&mut self) -> Option<()> {
        let length = self.number(Stream::Rest)?;
        let after = self.rest.len().checked_sub(length)?;
        for _ in 0..self.number(Stream::Rest)? {
            self.number(Stream::Rest)?;
            self.put(Stream::Rest, 1)?;
        }
        while self.rest.len() > after {
            self.operation()?;
        }
        (self.rest.len() == after).then_some(())
    }

    fn operation(&mut self) -> Option<()> {
        let operation = *self.rest.first()?;
        self.put(Stream::Operation, 1)?;
        match operation {
            // Without anything; from 0x45 on arithmetic.
            0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Some(()),
            0x02..=0x04 => self.numbers(Stream::Block, 1),
            0x0c | 0x0d => self.numbers(Stream::Branch, 1),
            0x0e => {
                let count = self.number(Stream::Branch)?;
                self.numbers(Stream::Branch, count + 1)
            }
            0x10 => self.numbers(Stream::Call, 1),
            0x11 => self.numbers(Stream::Call, 2),
            0x1c => {
                let count = self.number(Stream::Rest)?;
                self.put(Stream::Rest, count)
            }
            0x20..=0x22 => self.numbers(Stream::Local, 1),
            // Globals, tables, the size of memory, references to functions.
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => self.numbers(Stream::Rest, 1),
            0x28..=0x3e => {
                // The alignment follows from the operation, nearly.
                self.numbers(Stream::Operation, 1)?;
                self.numbers(Stream::Offset, 1)
            }
            0x41 => self.numbers(Stream::Small, 1),
            0x42 => self.numbers(Stream::Large, 1),
            0x43 => self.put(Stream::Rest, 4),
            0x44 => self.put(Stream::Rest, 8),
            0xfc => {
                let count = match self.number(Stream::Operation)? {
                    // Numbers to integers.
                    0..=7 => 0,
                    8 | 10 | 12 | 14 => 2,
                    9 | 11 | 13 | 15..=17 => 1,
                    _ => return None,
                };
                self.numbers(Stream::Rest, count)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::separate;
    use crate::wasm::{CODE, program};

    /// A program of one function with this body.
    fn with_body(body: &[u8]) -> Vec<u8> {
        let mut code = vec![1, body.len() as u8];
        code.extend(body);
        program([(1, &b"types"[..]), (CODE, &code), (11, b"data")])
    }

    #[test]
    fn parts_are_sorted_by_kind() {
        // One local; local.get 0, i32.load align 2 offset 300, i32.const 7, call 9, end.
        let body = [1, 1, 0x7f, 0x20, 0, 0x28, 2, 0xac, 2, 0x41, 7, 0x10, 9, 0x0b];
        let whole = with_body(&body);
        let separated = separate(&whole).unwrap();
        let (header, streams) = separated.split_at(12 * 4);
        let header: Vec<u32> =
            header.chunks(4).map(|four| u32::from_le_bytes(four.try_into().unwrap())).collect();
        assert_eq!(header, [whole.len() as u32, 18, 1, 28, 6, 1, 1, 2, 1, 0, 0, 0]);
        let (rest, streams) = streams.split_at(28);
        assert!(rest.starts_with(b"\0asm") && rest.ends_with(b"data"));
        assert_eq!(streams, [0x20, 0x28, 2, 0x41, 0x10, 0x0b, 0, 7, 0xac, 2, 9]);
    }

    #[test]
    fn what_cannot_be_put_back_is_refused() {
        assert_eq!(separate(b"text"), None);
        // `try`, of a proposal that came to nothing.
        assert_eq!(separate(&with_body(&[0, 0x06, 0x40, 0x0b])), None);
        // A number that goes on behind the end of its function.
        assert_eq!(separate(&with_body(&[0, 0x41, 0x80])), None);
    }
}
