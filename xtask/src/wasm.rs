//! The parts that WebAssembly programs are made of.

/// Cuts off the first bytes; `None` where there are fewer.
pub(crate) fn take<'b>(bytes: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// Cuts off a number in LEB128, as it is written.
pub(crate) fn take_number<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = bytes.iter().take(10).position(|byte| *byte < 0x80)? + 1;
    take(bytes, length)
}

/// Cuts off a number in LEB128 and reads it.
pub(crate) fn number(bytes: &mut &[u8]) -> Option<usize> {
    let digits = take_number(bytes)?.iter().rev();
    Some(digits.fold(0, |value, byte| (value << 7) | usize::from(byte & 0x7f)))
}

/// Writes a number in LEB128.
pub(crate) fn push_number(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// The sections of a program, each with its kind and its content; `None` where it is no program.
pub(crate) fn sections(mut program: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    if take(&mut program, HEADER.len())? != HEADER {
        return None;
    }
    let mut found = Vec::new();
    while let Some((&kind, rest)) = program.split_first() {
        program = rest;
        let length = number(&mut program)?;
        found.push((kind, take(&mut program, length)?));
    }
    Some(found)
}

/// A program of these sections.
pub(crate) fn program<'b>(sections: impl IntoIterator<Item = (u8, &'b [u8])>) -> Vec<u8> {
    let mut program = HEADER.to_vec();
    for (kind, content) in sections {
        program.push(kind);
        push_number(&mut program, content.len());
        program.extend(content);
    }
    program
}

/// What every program begins with.
const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// The section of the imports.
pub(crate) const IMPORTS: u8 = 2;
