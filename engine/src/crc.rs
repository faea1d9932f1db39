//! The checksum of gzip and of links: CRC-32 as in RFC 1952 §8, eight bytes at a time.

use std::sync::OnceLock;

/// For every byte what it does to the sum, and for each of the eight places of a word.
type Tables = [[u32; 256]; 8];

/// The polynomial, its bits in reverse.
const POLYNOMIAL: u32 = 0xEDB8_8320;

/// Made when first asked for: as data they would be 8 kB that no compression makes smaller.
static TABLES: OnceLock<Box<Tables>> = OnceLock::new();

fn tables() -> Box<Tables> {
    let mut tables = Box::new([[0; 256]; 8]);
    let mut before = [0; 256];
    for (place, table) in tables.iter_mut().enumerate() {
        for (byte, entry) in (0..).zip(table.iter_mut()) {
            // A further place is one more zero byte after the sum so far.
            let sum: u32 = before.get(byte as usize).copied().unwrap_or_default();
            *entry = if place == 0 { shifted(byte) } else { sum >> 8 ^ shifted(sum & 0xFF) };
        }
        before = *table;
    }
    tables
}

fn shifted(byte: u32) -> u32 {
    (0..8).fold(byte, |sum, _| if sum & 1 == 1 { sum >> 1 ^ POLYNOMIAL } else { sum >> 1 })
}

/// The checksum of these bytes.
#[must_use]
pub fn hash(bytes: &[u8]) -> u32 {
    let tables = TABLES.get_or_init(tables);
    let [last, ..] = &**tables;
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(!0, |sum: u32, word| {
        let word = u64::from_le_bytes(*word) ^ u64::from(sum);
        word.to_le_bytes()
            .into_iter()
            .zip(tables.iter().rev())
            .fold(0, |sum, (byte, table)| sum ^ entry(table, byte))
    });
    !rest.iter().fold(sum, |sum, byte| sum >> 8 ^ entry(last, sum as u8 ^ byte))
}

/// A byte is always inside the table; the compiler sees it, too.
fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_known_sums_come_out() {
        let table: [(&[u8], u32); 5] = [
            (b"", 0),
            (b"a", 0xE8B7_BE43),
            // The check value that every description of this sum gives.
            (b"123456789", 0xCBF4_3926),
            (b"The quick brown fox jumps over the lazy dog", 0x414F_A339),
            (&[0; 32], 0x190A_55AD),
        ];
        for (bytes, sum) in table {
            assert_eq!(hash(bytes), sum, "{bytes:?}");
        }
    }
}
