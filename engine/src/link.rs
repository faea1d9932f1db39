//! The permalink codec: `#v0.r.<payload>` (product §3.4).
//!
//! The version stands first, outside the compressed part. The payload is base64url without
//! padding of: the CRC-32 of what follows (4 bytes, little endian), the length of the record
//! (4 bytes, little endian), and the record, deflated. Version 0 promises nothing to later ones.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::wire::Investigation;

/// Version and kind of the links that are made.
const PREFIX: &str = "v0.r.";

/// Largest record that is unpacked: a link is hostile input.
const MAX_RECORD: usize = 64 << 20;

/// Why a link cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is no link of ours.
    Foreign,
    /// A version that this engine does not know.
    Version,
    /// It ends too early.
    Truncated,
    /// It was changed on the way.
    Damaged,
    /// It unpacks to more than the limit.
    TooLarge,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Foreign => "this is not a link of EQLens",
            Self::Version => "this link is of a version that this page does not know",
            Self::Truncated => "this link is truncated: its end is missing",
            Self::Damaged => "this link is damaged: it was changed on its way",
            Self::TooLarge => "this link unpacks to more than 64 MB",
        })
    }
}

/// The fragment of a link, from its `#`.
///
/// # Errors
/// In words, where the record cannot be written (out of memory).
pub fn encode(investigation: &Investigation) -> Result<String, String> {
    let record = postcard::to_allocvec(investigation).map_err(|error| error.to_string())?;
    let mut body = (record.len() as u32).to_le_bytes().to_vec();
    body.extend(compress_to_vec(&record, 10));
    let mut bytes = crate::crc::hash(&body).to_le_bytes().to_vec();
    bytes.extend(body);
    Ok(format!("#{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// Reads a link, its fragment, or the fragment without `#`.
///
/// # Errors
/// What is wrong with it.
pub fn decode(link: &str) -> Result<Investigation, LinkError> {
    let fragment = link.trim().rsplit_once('#').map_or(link.trim(), |(_, fragment)| fragment);
    let Some(payload) = fragment.strip_prefix(PREFIX) else {
        // A prefix cut short is ours all the same.
        if PREFIX.starts_with(fragment) && !fragment.is_empty() {
            return Err(LinkError::Truncated);
        }
        let versioned = fragment.strip_prefix('v').is_some_and(|rest| {
            rest.split('.').next().is_some_and(|n| !n.is_empty() && n.parse::<u32>().is_ok())
        });
        return Err(if versioned { LinkError::Version } else { LinkError::Foreign });
    };
    // One character over cannot be decoded; what is before it is enough to see what is wrong.
    let whole = payload.len() - usize::from(payload.len() % 4 == 1);
    let payload_head = payload.get(..whole).ok_or(LinkError::Damaged)?;
    let bytes = decode_lenient(payload_head).ok_or(LinkError::Damaged)?;
    let (checksum, body) = bytes.split_first_chunk::<4>().ok_or(LinkError::Truncated)?;
    let (length, packed) = body.split_first_chunk::<4>().ok_or(LinkError::Truncated)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > MAX_RECORD {
        return Err(LinkError::TooLarge);
    }
    let sound = crate::crc::hash(body) == u32::from_le_bytes(*checksum) && whole == payload.len();
    let record = decompress_to_vec_with_limit(packed, length);
    if !sound {
        // A stream that ends early was cut; anything else was changed.
        use miniz_oxide::inflate::TINFLStatus;
        let cut = matches!(
            &record,
            Err(error) if matches!(
                error.status,
                TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress
            )
        );
        return Err(if cut { LinkError::Truncated } else { LinkError::Damaged });
    }
    let record = record.map_err(|_| LinkError::Damaged)?;
    postcard::from_bytes(&record).map_err(|_| LinkError::Damaged)
}

/// Base64url whose last character may carry bits that were cut off.
fn decode_lenient(text: &str) -> Option<Vec<u8>> {
    use base64::alphabet::URL_SAFE;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    GeneralPurpose::new(&URL_SAFE, config).decode(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn example() -> Investigation {
        Investigation {
            title: "Überwachung \u{1F50D}".into(),
            rule: "process where process.name == \"openssl\" and host.os.type == \"linux\"".into(),
            events: "{\"a\":1}\n{\"a\":\"\u{0}\u{202e}\"}".into(),
            tab: "matches".into(),
            selected: Some(3),
            engine: "0.1.0".into(),
            matches: Some(4),
        }
    }

    #[test]
    fn what_is_sent_arrives() {
        let fragment = encode(&example()).unwrap();
        assert!(fragment.starts_with("#v0.r."));
        assert!(fragment[1..].bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
        for link in
            [fragment.clone(), fragment[1..].into(), format!("https://x.example/e/{fragment}")]
        {
            assert_eq!(decode(&link), Ok(example()));
        }
    }

    #[test]
    fn a_cut_link_says_so_wherever_it_was_cut() {
        let fragment = encode(&example()).unwrap();
        for length in 2..fragment.len() {
            assert_eq!(decode(&fragment[..length]), Err(LinkError::Truncated), "{length}");
        }
    }

    #[test]
    fn other_links_are_told_apart() {
        assert_eq!(decode("#v9.r.AAAA"), Err(LinkError::Version));
        assert_eq!(decode("#section-2"), Err(LinkError::Foreign));
        assert_eq!(decode(""), Err(LinkError::Foreign));
        assert_eq!(decode("#v0.r.!!!!"), Err(LinkError::Damaged));
        let mut changed = encode(&example()).unwrap();
        let at = changed.len() / 2;
        let other = if &changed[at..=at] == "A" { "B" } else { "A" };
        changed.replace_range(at..=at, other);
        assert!(matches!(decode(&changed), Err(LinkError::Damaged | LinkError::Truncated)));
    }

    proptest! {
        #[test]
        fn any_investigation_arrives(rule in any::<String>(), events in any::<String>()) {
            let sent = Investigation { rule, events, ..example() };
            prop_assert_eq!(decode(&encode(&sent).unwrap()), Ok(sent));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), payload in "[A-Za-z0-9_-]{0,200}") {
            let _ = decode(&text);
            let _ = decode(&format!("#v0.r.{payload}"));
        }
    }
}
