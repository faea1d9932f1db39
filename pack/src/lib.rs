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

/// Bytes before what the coder wrote: the length of the program.
const HEADER: usize = 4;

/// The packed program; `None` where it would not come out again as it was, since it is no program or
/// longer than 4 GB.
pub fn pack(program: &[u8]) -> Option<Vec<u8>> {
    let mut packed = u32::try_from(program.len()).ok()?.to_le_bytes().to_vec();
    let mut counting = Walk::new(Counts::default(), program, program.len());
    counting.to_end();
    let mut coder = Encoder::default();
    let trees = Tree::write(counting.symbols.lengths(), &mut coder);
    let mut walk = Walk::new(Model::new(coder, trees), program, program.len());
    walk.to_end();
    packed.extend(walk.symbols.coder.finish());
    (unpack(packed.clone()) == program).then_some(packed)
}

/// What was packed. Of bytes that [`pack`] did not write it makes nonsense, though no more of it than
/// the first four announce.
pub fn unpack(packed: Vec<u8>) -> Vec<u8> {
    let mut unpacker = Unpacker::new(packed);
    unpacker.walk.to_end();
    unpacker.walk.out
}

/// Unpacks a program in pieces, so that the browser can compile the first while the next are made.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Unpacker {
    walk: Walk<'static, Model<Decoder>>,
    given: usize,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
impl Unpacker {
    /// Begins; see [`unpack`].
    #[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen(constructor))]
    pub fn new(packed: Vec<u8>) -> Self {
        let header = packed.first_chunk::<HEADER>().copied().unwrap_or_default();
        let mut coder = Decoder::new(packed, HEADER);
        let trees = Tree::read(&mut coder);
        let length = u32::from_le_bytes(header) as usize;
        Self { walk: Walk::new(Model::new(coder, trees), &[], length), given: 0 }
    }

    /// The next piece, of at least this many bytes where there are as many; empty at the end.
    pub fn next(&mut self, at_least: usize) -> Vec<u8> {
        while self.walk.out.len() < self.given + at_least && self.walk.step() {}
        let piece = self.walk.out.get(self.given..).unwrap_or_default().to_vec();
        self.given = self.walk.out.len();
        piece
    }
}
