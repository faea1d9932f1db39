//! That programs come out as they went in, and that nothing else does harm.

use crate::{Packed, pack, unpack};
use proptest::prelude::*;

fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A program with a section of types, functions of these bodies, and data.
fn program(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut code = number(bodies.len());
    for body in bodies {
        code.extend([number(body.len()), body.clone()].concat());
    }
    let mut program = b"\0asm\x01\0\0\0".to_vec();
    for (kind, content) in [(1, b"types".to_vec()), (10, code), (11, b"data, data, data".to_vec())]
    {
        program.push(kind);
        program.extend([number(content.len()), content].concat());
    }
    program
}

fn whole(packed: &Packed) -> Vec<u8> {
    let pieces: Vec<Vec<u8>> = packed.pieces.iter().cloned().map(unpack).collect();
    let (before, behind) = pieces[0].split_at(packed.before);
    [before, &pieces[1..].concat(), behind].concat()
}

#[test]
fn every_operation_comes_out_as_it_went_in() {
    // Two locals; every operation with numbers of one digit and of more.
    let body = [
        &[1, 2, 0x7f][..],
        &[0x02, 0x40, 0x03, 0x7f, 0x04, 0x40, 0x05, 0x0b, 0x0c, 0, 0x0d, 1],
        &[0x0e, 2, 0, 1, 2, 0x10, 0xc8, 3, 0x11, 4, 0, 0x1c, 1, 0x7f],
        &[0x20, 0, 0x21, 1, 0x22, 0x80, 1, 0x23, 0, 0x24, 0, 0x25, 0, 0x26, 0],
        &[0x28, 2, 0xac, 2, 0x36, 2, 0x08, 0x3f, 0, 0x40, 0, 0x41, 0x7f],
        &[
            0x41, 0x80, 0x80, 0xc0, 0, 0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
            0x7f,
        ],
        &[0x43, 0, 0, 0x80, 0x3f, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
        &[0xd0, 0x70, 0xd1, 0xd2, 5, 0xfc, 0, 0xfc, 10, 0, 0, 0xfc, 11, 0, 0x6a, 0x0b],
    ]
    .concat();
    let long: Vec<u8> = body.iter().copied().chain(vec![0x01; 1000]).collect();
    for bodies in [vec![], vec![body.clone()], vec![body.clone(), long, body]] {
        let program = program(&bodies);
        assert_eq!(whole(&pack(&program).unwrap()), program);
    }
}

#[test]
fn what_comes_again_takes_little_room() {
    let body: Vec<u8> = (0..200u8).flat_map(|at| [0x20, at % 7, 0x41, at % 50, 0x6a]).collect();
    let body = [vec![0], body].concat();
    let once: usize =
        pack(&program(std::slice::from_ref(&body))).unwrap().pieces.iter().map(Vec::len).sum();
    let often = pack(&program(&vec![body; 20])).unwrap();
    let often: usize = often.pieces.iter().map(Vec::len).sum();
    assert!(often < once * 3, "{often} bytes for twenty times what takes {once}");
}

#[test]
fn what_is_no_program_is_refused() {
    assert_eq!(pack(b""), None);
    assert_eq!(pack(b"text that is no program"), None);
    assert_eq!(pack(b"\0asm\x01\0\0\0"), None);
    let mut cut = program(&[vec![0, 0x0b]]);
    cut.truncate(20);
    assert_eq!(pack(&cut), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Functions of any bytes: they need not be code.
    #[test]
    fn anything_comes_out_as_it_went_in(
        bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..6),
    ) {
        let program = program(&bodies);
        if let Some(packed) = pack(&program) {
            prop_assert_eq!(whole(&packed), program);
        }
    }

    /// Damage makes nonsense of the announced length, and no more.
    #[test]
    fn damaged_pieces_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..300), functions in 0..5u8) {
        let piece = [&[100, 1, 0, 0, functions, 0, 0, 0][..], &bytes].concat();
        prop_assert_eq!(unpack(piece).len(), 356);
    }
}
