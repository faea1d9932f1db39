// Unpacks the program: LZMA in the form of a `.lzma` file, and in that the parts of the code sorted
// by kind. It is a quarter smaller than the gzip of a web server, and not every server even has that.

/**
 * The program of the page.
 * @param {Uint8Array} packed the file that the build made of it
 */
export const unpack = (packed) => restore(decompress(packed));

/**
 * Puts the parts of the code back where they were: `xtask/src/streams.rs`, backwards.
 * @param {Uint8Array} parts
 */
function restore(parts) {
  const header = new DataView(parts.buffer);
  const field = (index) => header.getUint32(index * 4, true);
  const out = new Uint8Array(field(0));
  let at = 0;
  /** Where each stream is read next: 0 rest, 1 operations, 2 locals, and so on. */
  const next = [12 * 4];
  for (let stream = 1; stream < 9; stream++) next.push(next[stream - 1] + field(2 + stream));
  const end = next[0] + field(3);

  const bytes = (stream, count) => {
    for (let left = count; left > 0; left--) out[at++] = parts[next[stream]++];
  };
  /** A number as it is written; returns its value. */
  const number = (stream) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = parts[next[stream]++];
      out[at++] = byte;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const numbers = (stream, count) => {
    for (let left = count; left > 0; left--) number(stream);
  };
  const operation = () => {
    const code = parts[next[1]++];
    out[at++] = code;
    if (code >= 0x20 && code <= 0x22) number(2);
    else if (code >= 0x28 && code <= 0x3e) {
      number(1);
      number(4);
    } else if (code === 0x41) number(3);
    else if (code === 0x42) number(6);
    else if (code === 0x10) number(5);
    else if (code === 0x11) numbers(5, 2);
    else if (code === 0x0c || code === 0x0d) number(7);
    else if (code === 0x0e) numbers(7, number(7) + 1);
    else if (code >= 0x02 && code <= 0x04) number(8);
    else if (code === 0x1c) bytes(0, number(0));
    else if (code === 0x43) bytes(0, 4);
    else if (code === 0x44) bytes(0, 8);
    else if (code === 0xfc) {
      const more = number(1);
      numbers(0, more < 8 ? 0 : more < 15 && more % 2 === 0 ? 2 : 1);
    } else if ((code >= 0x23 && code <= 0x26) || code === 0x3f || code === 0x40) number(0);
    else if (code === 0xd0 || code === 0xd2) number(0);
  };

  bytes(0, field(1));
  for (let left = field(2); left > 0; left--) {
    const length = number(0);
    const after = at + length;
    for (let kinds = number(0); kinds > 0; kinds--) {
      number(0);
      bytes(0, 1);
    }
    while (at < after) operation();
  }
  bytes(0, end - next[0]);
  return out;
}

/** Contexts of the decoder, each an adaptive probability, all in one array: where each kind starts. */
const IS_MATCH = 0;
const IS_REPEAT = 192;
const IS_REPEAT_0 = 204;
const IS_REPEAT_1 = 216;
const IS_REPEAT_2 = 228;
const IS_REPEAT_0_LONG = 240;
const SLOTS = 432;
const DISTANCES = 688;
const ALIGN = 816;
const LENGTH = 832;
const REPEAT_LENGTH = LENGTH + 514;
const LITERALS = REPEAT_LENGTH + 514;

/**
 * What the file holds. Its checksum has been compared before: bytes that are no such file make
 * nonsense, though never an endless loop.
 * @param {Uint8Array} packed
 */
function decompress(packed) {
  const properties = packed[0];
  const contextBits = properties % 9;
  const literalMask = (1 << (Math.trunc(properties / 9) % 5)) - 1;
  const positionMask = (1 << Math.trunc(properties / 45)) - 1;
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(5, true);
  const out = new Uint8Array(size);
  const chances = new Uint16Array(LITERALS + (0x300 << (contextBits + 4))).fill(1024);

  // The range coder: its first byte is always 0.
  let next = 14;
  let range = -1;
  let code = 0;
  while (next < 18) code = (code << 8) | packed[next++];

  const bit = (context) => {
    const chance = chances[context];
    const bound = Math.imul(range >>> 11, chance);
    let decoded = 0;
    if (code >>> 0 < bound >>> 0) {
      range = bound;
      chances[context] = chance + ((2048 - chance) >> 5);
    } else {
      range -= bound;
      code -= bound;
      chances[context] = chance - (chance >> 5);
      decoded = 1;
    }
    if (range >>> 24 === 0) {
      range <<= 8;
      code = (code << 8) | packed[next++];
    }
    return decoded;
  };
  /** `count` bits, the highest first, each with a context of its own. */
  const tree = (context, count) => {
    let node = 1;
    for (let left = count; left > 0; left--) node = (node << 1) | bit(context + node);
    return node - (1 << count);
  };
  /** The same, the lowest first. */
  const reverseTree = (context, count) => {
    let node = 1;
    let value = 0;
    for (let at = 0; at < count; at++) {
      const decoded = bit(context + node);
      node = (node << 1) | decoded;
      value |= decoded << at;
    }
    return value;
  };
  /** `count` bits that are as likely 0 as 1. */
  const evenBits = (count) => {
    let value = 0;
    for (let left = count; left > 0; left--) {
      range >>>= 1;
      const decoded = code >>> 0 >= range ? 1 : 0;
      if (decoded) code -= range;
      value = (value << 1) | decoded;
      if (range >>> 24 === 0) {
        range <<= 8;
        code = (code << 8) | packed[next++];
      }
    }
    return value;
  };
  const length = (context, position) => {
    if (!bit(context)) return 2 + tree(context + 2 + (position << 3), 3);
    if (!bit(context + 1)) return 10 + tree(context + 130 + (position << 3), 3);
    return 18 + tree(context + 258, 8);
  };
  const distance = (copied) => {
    const slot = tree(SLOTS + (Math.min(copied - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const count = (slot >> 1) - 1;
    const start = (2 | (slot & 1)) << count;
    if (slot < 14) return start + reverseTree(DISTANCES + start - slot, count);
    return start + (evenBits(count - 4) << 4) + reverseTree(ALIGN, 4);
  };

  // The last four distances, the latest first, and what the last steps were.
  let [one, two, three, four] = [0, 0, 0, 0];
  let state = 0;
  let at = 0;
  while (at < size) {
    const position = at & positionMask;
    if (!bit(IS_MATCH + (state << 4) + position)) {
      const before = at > 0 ? out[at - 1] : 0;
      const kind = ((at & literalMask) << contextBits) + (before >> (8 - contextBits));
      const context = LITERALS + 0x300 * kind;
      let node = 1;
      if (state >= 7) {
        // After a copy: the byte that would have come next is not the one that comes.
        let expected = out[at - one - 1];
        while (node < 256) {
          const likely = (expected >> 7) & 1;
          expected <<= 1;
          const decoded = bit(context + ((1 + likely) << 8) + node);
          node = (node << 1) | decoded;
          if (likely !== decoded) break;
        }
      }
      while (node < 256) node = (node << 1) | bit(context + node);
      out[at++] = node;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let count = 1;
    if (!bit(IS_REPEAT + state)) {
      [two, three, four] = [one, two, three];
      count = length(LENGTH, position);
      one = distance(count);
      state = state < 7 ? 7 : 10;
    } else {
      let isLong = true;
      if (!bit(IS_REPEAT_0 + state)) {
        isLong = bit(IS_REPEAT_0_LONG + (state << 4) + position) === 1;
      } else if (!bit(IS_REPEAT_1 + state)) {
        [one, two] = [two, one];
      } else if (!bit(IS_REPEAT_2 + state)) {
        [one, two, three] = [three, one, two];
      } else {
        [one, two, three, four] = [four, one, two, three];
      }
      if (isLong) count = length(REPEAT_LENGTH, position);
      state = isLong ? (state < 7 ? 8 : 11) : state < 7 ? 9 : 11;
    }
    for (const end = Math.min(at + count, size); at < end; at++) out[at] = out[at - one - 1];
  }
  return out;
}
