//! Packs the page's program to three fifths of what a web server's gzip makes of it, and unpacks it in
//! the browser: the first visit is mostly this program.
//!
//! Every byte is foretold from what the program has said so far (`program`: the grammar of
//! WebAssembly says what may come next and what it depends on), bit by bit, by several models whose
//! voices are weighed by how right they were (`model`: context mixing, Mahoney's PAQ), and written by
//! a range coder in as many bits as it came as a surprise (`coder`). Packing and unpacking are the
//! same walk, with the bits known or read. All arithmetic is exact or of IEEE 754 without library
//! functions, so that every machine foretells the same.

mod coder;
mod model;
mod odds;
mod past;
mod program;
mod states;
mod trees;

use coder::{Decoder, Encoder};
use model::Model;
use program::Walk;
use trees::{Counts, Tree};

/// How many pieces the functions are packed in. Each is unpacked by a worker of its own; more would
/// take less time where there are processors for them, and each begins without knowing anything.
const PIECES: usize = 2;

/// Bytes before what the coder wrote: the length of the piece and the number of its functions.
const HEADER: usize = 8;

/// A program in pieces.
#[derive(Debug, PartialEq)]
pub struct Packed {
    /// How much of the first piece stands before the functions; the rest stands behind them.
    pub before: usize,
    /// What is no function, and then the functions. Each is for [`unpack`].
    pub pieces: Vec<Vec<u8>>,
}

/// The packed program; `None` where it would not come out again as it was, since it is no program.
pub fn pack(program: &[u8]) -> Option<Packed> {
    let code = program::code(program)?;
    let around = [program.get(..code.start)?, program.get(code.end..)?].concat();
    let mut pieces = vec![pack_piece(&around, 0)?];
    let mut rest = code.functions.as_slice();
    let mut start = code.start;
    for left in (1..=PIECES).rev() {
        let share = start + (code.end - start) / left;
        let count = rest.iter().take_while(|end| **end <= share).count();
        let (here, there) = rest.split_at_checked(if left == 1 { rest.len() } else { count })?;
        let end = here.last().copied().unwrap_or(start);
        pieces.push(pack_piece(program.get(start..end)?, here.len())?);
        (rest, start) = (there, end);
    }
    Some(Packed { before: code.start, pieces })
}

/// A piece with so many functions, or with none and anything else.
fn pack_piece(piece: &[u8], functions: usize) -> Option<Vec<u8>> {
    let mut counting = Walk::new(Counts::default(), piece, piece.len(), functions);
    counting.finish();
    let mut coder = Encoder::default();
    let trees = Tree::write(counting.symbols.lengths(), &mut coder);
    let mut walk = Walk::new(Model::new(coder, trees), piece, piece.len(), functions);
    walk.finish();
    let header = [piece.len(), functions].map(u32::try_from);
    let mut packed = Vec::new();
    for number in header {
        packed.extend(number.ok()?.to_le_bytes());
    }
    packed.extend(walk.symbols.coder.finish());
    (unpack(packed.clone()) == piece).then_some(packed)
}

/// What was packed in a piece. Of bytes that [`pack`] did not write it makes nonsense, though no more
/// of it than the first four announce.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn unpack(piece: Vec<u8>) -> Vec<u8> {
    let number = |at: usize| {
        let four = piece.get(at..).and_then(|rest| rest.first_chunk()).copied();
        u32::from_le_bytes(four.unwrap_or_default()) as usize
    };
    let (length, functions) = (number(0), number(4));
    let mut coder = Decoder::new(piece, HEADER);
    let trees = Tree::read(&mut coder);
    let mut walk = Walk::new(Model::new(coder, trees), &[], length, functions);
    walk.finish();
    walk.out
}

#[cfg(test)]
mod tests;
