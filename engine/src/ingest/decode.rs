//! Bytes to text: gzip (RFC 1952), UTF-16, byte order marks, lines that are not UTF-8.

use std::iter::repeat_n;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::diag::{DiagKind, Diagnostic};
use crate::ingest::MAX_FINDINGS;
use crate::span::Span;

/// A text, and what of it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text. Lines that are not UTF-8 are blank in it, so that the others keep their numbers.
    pub text: String,
    /// Lines that are blank for that reason.
    pub skipped: u32,
    /// Those lines, at most 100, and whether the end is missing; spans are of the text.
    pub findings: Vec<Diagnostic>,
}

/// How much of a file tells whether it is text.
const SAMPLE_BYTES: usize = 4096;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How files begin that somebody may take for events.
const MAGIC: [(&[u8], &str); 7] = [
    (b"PK\x03\x04", "a ZIP archive; unpack it first"),
    (b"ElfFile\0", "a Windows event log (EVTX); convert its events to JSON first"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd; unpack it first"),
    (b"\xfd7zXZ\0", "compressed by xz; unpack it first"),
    (b"BZh91AY&SY", "compressed by bzip2; unpack it first"),
    (b"%PDF-", "a PDF"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// The text of some bytes, which may be gzipped (in several members) and UTF-8 or, with a byte
/// order mark, UTF-16. A gzip that is cut off gives what stands before the cut, and a finding.
///
/// # Errors
/// Where the text has more than `limit` bytes, the gzip is damaged, or the data is no text.
pub fn decode(bytes: Vec<u8>, limit: usize) -> Result<Decoded, DiagKind> {
    let mut trouble = None;
    let mut bytes = if bytes.starts_with(&GZIP) {
        let unpacked = gunzip(&bytes, limit)?;
        trouble = unpacked.trouble;
        unpacked.bytes
    } else {
        bytes
    };
    match bytes.as_slice() {
        [0xff, 0xfe, units @ ..] => bytes = from_utf16(units, u16::from_le_bytes),
        [0xfe, 0xff, units @ ..] => bytes = from_utf16(units, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, ..] => drop(bytes.drain(..3)),
        _ => {}
    }
    if bytes.len() > limit {
        return Err(DiagKind::EventsTooLong { limit });
    }
    if let Some(what) = binary(&bytes) {
        return Err(DiagKind::NotText(what));
    }
    let mut decoded = match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, ..Decoded::default() },
        Err(error) => without_bad_lines(error.as_bytes()),
    };
    if let Some(trouble) = trouble {
        let end = Span::empty(decoded.text.len() as u32);
        decoded.findings.push(Diagnostic::new(DiagKind::BadGzip(trouble), end));
    }
    Ok(decoded)
}

/// What the data is, if it is no text.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let is_control = |byte: &&u8| **byte < b' ' && !b"\t\n\r\x0c\x1b".contains(byte);
    // One odd byte costs a line, not the file.
    (sample.iter().filter(is_control).count() * 20 > sample.len()).then_some("binary data")
}

/// Lines that are not UTF-8 become blanks, a blank for each character up to the bad byte.
fn without_bad_lines(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), ..Decoded::default() };
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let error = match str::from_utf8(line) {
            Ok(line) => {
                decoded.text.push_str(line);
                continue;
            }
            Err(error) => error,
        };
        let (sound, rest) = line.split_at_checked(error.valid_up_to()).unwrap_or((line, &[]));
        let blanks = str::from_utf8(sound).unwrap_or_default().chars().count();
        decoded.text.extend(repeat_n(' ', blanks));
        decoded.skipped += 1;
        if decoded.findings.len() < MAX_FINDINGS {
            let at = decoded.text.len() as u32;
            decoded.findings.push(Diagnostic::new(DiagKind::NotUtf8, Span::new(at, at + 1)));
        }
        decoded.text.extend(rest.iter().map(|&byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    decoded
}

/// UTF-16 as UTF-8. What is half a character stays invalid, for its line to be reported.
fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut utf8 = Vec::with_capacity(bytes.len());
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match c {
            Ok(c) => utf8.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(_) => utf8.push(0xff),
        }
    }
    if !rest.is_empty() {
        utf8.push(0xff);
    }
    utf8
}

struct Unpacked {
    bytes: Vec<u8>,
    /// Why this is not all.
    trouble: Option<&'static str>,
}

fn gunzip(mut packed: &[u8], limit: usize) -> Result<Unpacked, DiagKind> {
    const CUT: &str = "it is cut off; what stands before the cut was read";
    let mut bytes = Vec::new();
    let trouble = loop {
        let Some(deflated) = header(packed)? else { break Some(CUT) };
        let start = bytes.len();
        let Some(trailer) = inflate(deflated, &mut bytes, limit)? else { break Some(CUT) };
        let Some((&[a, b, c, d, e, f, g, h], rest)) = trailer.split_first_chunk::<8>() else {
            break Some(CUT);
        };
        let member = bytes.get(start..).unwrap_or_default();
        let is_sound = crate::crc::hash(member) == u32::from_le_bytes([a, b, c, d])
            && member.len() as u32 == u32::from_le_bytes([e, f, g, h]);
        if !is_sound {
            return Err(DiagKind::BadGzip("its checksum is wrong, so it was damaged"));
        }
        packed = rest;
        // Tapes and block devices pad with zeros.
        if packed.iter().all(|byte| *byte == 0) {
            break None;
        }
        if !packed.starts_with(&GZIP) {
            break Some("other data follows it, which was not read");
        }
    };
    if bytes.is_empty() && trouble == Some(CUT) {
        return Err(DiagKind::BadGzip("it is cut off at its beginning"));
    }
    Ok(Unpacked { bytes, trouble })
}

/// What follows the header of a member; `None` where it is cut off.
fn header(packed: &[u8]) -> Result<Option<&[u8]>, DiagKind> {
    const HEADER_CRC: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let Some((&[_, _, method, flags, ..], mut rest)) = packed.split_first_chunk::<10>() else {
        return Ok(None);
    };
    if method != 8 {
        return Err(DiagKind::BadGzip("it is packed by an unknown method"));
    }
    if flags & EXTRA != 0 {
        let Some((length, after)) = rest.split_first_chunk::<2>() else { return Ok(None) };
        let length = usize::from(u16::from_le_bytes(*length));
        let Some(after) = after.get(length..) else { return Ok(None) };
        rest = after;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let Some(zero) = rest.iter().position(|byte| *byte == 0) else { return Ok(None) };
            rest = rest.get(zero + 1..).unwrap_or_default();
        }
    }
    Ok(if flags & HEADER_CRC != 0 { rest.get(2..) } else { Some(rest) })
}

/// Adds what is deflated and gives what follows it; `None` where it is cut off.
fn inflate<'p>(
    mut deflated: &'p [u8],
    bytes: &mut Vec<u8>,
    limit: usize,
) -> Result<Option<&'p [u8]>, DiagKind> {
    let mut state = Box::<DecompressorOxide>::default();
    let start = bytes.len();
    let mut end = start;
    loop {
        // Where the room is used up, twice as much.
        if end == bytes.len() {
            if end > limit {
                return Err(DiagKind::EventsTooLong { limit });
            }
            let room = end.max(deflated.len()).max(1024);
            // One byte over the limit, to see that there is more.
            bytes.resize(end.saturating_add(room).min(limit.saturating_add(1)).max(end + 1), 0);
        }
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let out = bytes.get_mut(start..).unwrap_or_default();
        let (status, read, written) = decompress(&mut state, deflated, out, end - start, flags);
        deflated = deflated.get(read..).unwrap_or_default();
        end += written;
        match status {
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::Done => {
                bytes.truncate(end);
                return Ok(Some(deflated));
            }
            TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => {
                bytes.truncate(end);
                return Ok(None);
            }
            _ => return Err(DiagKind::BadGzip("it is damaged")),
        }
    }
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;

    use super::*;

    const LIMIT: usize = 1_000_000;

    fn gzip(data: &[u8], flags: u8, extras: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
        bytes.extend_from_slice(extras);
        bytes.extend(compress_to_vec(data, 6));
        bytes.extend(crate::crc::hash(data).to_le_bytes());
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes
    }

    fn text(bytes: Vec<u8>) -> String {
        let decoded = decode(bytes, LIMIT).unwrap();
        assert_eq!((decoded.skipped, decoded.findings), (0, Vec::new()));
        decoded.text
    }

    #[test]
    fn gzip_is_unpacked_member_by_member() {
        let long = "{\"x\":1}\n".repeat(20_000);
        assert_eq!(text(gzip(long.as_bytes(), 0, b"")), long);
        assert_eq!(
            text([gzip(b"a\n", 0, b""), gzip(b"", 0, b""), gzip(b"b", 0, b"")].concat()),
            "a\nb"
        );
        assert_eq!(text([gzip(b"a", 0, b""), vec![0; 512]].concat()), "a");
        // Extra field, name, comment, checksum of the header.
        assert_eq!(text(gzip(b"a", 2 | 4 | 8 | 16, b"\x03\0xyzname\0comment\0\x12\x34")), "a");
        assert_eq!(text(gzip(b"\xff\xfea\0", 0, b"")), "a");
    }

    #[test]
    fn what_a_damaged_gzip_holds_is_kept_only_before_a_cut() {
        let data: String =
            (0..9_000).map(|i| format!("{{\"x\":{}}}\n", i * 7919 % 10_007)).collect();
        let whole = gzip(data.as_bytes(), 0, b"");
        for cut in [whole.len() / 2, whole.len() - 9, whole.len() - 1] {
            let decoded = decode(whole[..cut].to_vec(), LIMIT).unwrap();
            assert!(!decoded.text.is_empty() && data.starts_with(&decoded.text));
            assert_eq!(decoded.findings[0].kind.code(), "D-106");
        }
        let more = decode([whole.clone(), b"more".to_vec()].concat(), LIMIT).unwrap();
        assert_eq!((more.text, more.findings.len()), (data, 1));
        let refused = |bytes: Vec<u8>, limit| decode(bytes, limit).unwrap_err().message();
        let mut changed = whole.clone();
        let at = changed.len() - 6;
        changed[at] ^= 1;
        assert_eq!(
            refused(changed, LIMIT),
            "this gzip cannot be unpacked: its checksum is wrong, so it was damaged"
        );
        assert_eq!(
            refused(whole[..7].to_vec(), LIMIT),
            "this gzip cannot be unpacked: it is cut off at its beginning"
        );
        assert!(refused(b"\x1f\x8b\x07\0\0\0\0\0\0\0".to_vec(), LIMIT).contains("method"));
    }

    #[test]
    fn the_limit_is_of_the_text() {
        let zeros = gzip(&[b' '; 100_000], 0, b"");
        assert_eq!(decode(zeros.clone(), 99_999), Err(DiagKind::EventsTooLong { limit: 99_999 }));
        assert!(decode(zeros, 100_000).is_ok());
        assert!(decode(b"abc".to_vec(), 2).is_err() && decode(b"abc".to_vec(), 3).is_ok());
    }

    #[test]
    fn utf16_and_byte_order_marks_are_read() {
        let wide = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
        };
        for content in ["", "{\"é\":\"\u{1F600}\"}\n"] {
            assert_eq!(text(wide(content, u16::to_le_bytes)), content);
            assert_eq!(text(wide(content, u16::to_be_bytes)), content);
            assert_eq!(text([b"\xef\xbb\xbf", content.as_bytes()].concat()), content);
        }
        let cut = decode(b"\xff\xfea\0\n\0\x3d\xd8b\0".to_vec(), LIMIT).unwrap();
        assert_eq!((cut.text.as_str(), cut.skipped), ("a\n  ", 1));
    }

    #[test]
    fn lines_that_are_not_utf8_become_blanks() {
        let decoded = decode(b"{}\n{\"\xc3\xa9\xff\"}\r\n{}\n\xf0\x9f".to_vec(), LIMIT).unwrap();
        assert_eq!(decoded.text, "{}\n       \n{}\n  ");
        let at: Vec<_> = decoded.findings.iter().map(|found| found.span.start).collect();
        assert_eq!((decoded.skipped, at), (2, vec![6, 14]));
    }

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        for (bytes, message) in [
            (&b"PK\x03\x04abc"[..], "this is not text: a ZIP archive; unpack it first"),
            (b"\0\x01\x02abc", "this is not text: binary data"),
        ] {
            assert_eq!(decode(bytes.to_vec(), LIMIT).unwrap_err().message(), message);
        }
        // One odd byte is the matter of its line.
        assert!(decode(b"{\"x\":\"\0 some longer text here\"}\n{}".to_vec(), LIMIT).is_ok());
    }
}
