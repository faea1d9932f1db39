// The file that the program is packed in: how many pieces there are, how much of the first, unpacked,
// stands before the others, how long each is, and the pieces. `xtask/src/program.rs` writes it.

/** The packed pieces of the file, each a buffer of its own. */
export function pieces(file) {
  const [count] = new Uint32Array(file, 0, 1);
  let start = 4 * (2 + count);
  return Array.from(new Uint32Array(file, 8, count), (length) => {
    start += length;
    return file.slice(start - length, start);
  });
}

/** The program, of its unpacked pieces. */
export function joined(file, [around, ...functions]) {
  const [, before] = new Uint32Array(file, 0, 2);
  const parts = [around.subarray(0, before), ...functions, around.subarray(before)];
  const program = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((start, part) => (program.set(part, start), start + part.length), 0);
  return program;
}
