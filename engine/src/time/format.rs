//! Date formats of a mapping: `dd-MM-yyyy||epoch_millis`.

use std::sync::Arc;

use crate::time::{Instant, Reader, days, days_in_month, epoch};

/// The formats of a date field, tried one after the other. Without any, dates are read as
/// [`Instant::parse`] does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateFormats {
    formats: Arc<[Format]>,
    /// A `date` field of an index: it holds whole milliseconds, and drops what is finer.
    in_millis: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Format {
    /// ISO 8601 with as much as is given.
    Iso,
    EpochMillis,
    EpochSecond,
    Pattern(Box<[Piece]>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Literal(u8),
    /// A letter and how often it stands in a row.
    Field(u8, usize),
}

impl DateFormats {
    /// Reads the `format` of a mapping. A format that is not known is read as ISO 8601, so that a
    /// rare one costs no more than the dates written in it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self { formats: text.split("||").map(format).collect(), in_millis: false }
    }

    /// The same for a field that holds whole milliseconds.
    #[must_use]
    pub fn in_millis(self) -> Self {
        Self { in_millis: true, ..self }
    }

    /// The same formats, read like the other field's as to what is finer than milliseconds.
    #[must_use]
    pub fn as_fine_as(self, other: &Self) -> Self {
        Self { in_millis: other.in_millis, ..self }
    }

    /// The point in time as the field holds it.
    fn held(&self, instant: Instant) -> Instant {
        if self.in_millis { Instant::from_millis(instant.millis()) } else { instant }
    }

    /// These formats, and those of another index for the same field. Where they differ ISO 8601 is
    /// among them.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        // A field without a format reads what every date field reads.
        let iso = [Format::Iso, Format::EpochMillis];
        let of = |formats: &Self| -> Vec<Format> {
            if formats.formats.is_empty() { iso.to_vec() } else { formats.formats.to_vec() }
        };
        let mut all = of(self);
        for format in of(other).into_iter().chain([Format::Iso]) {
            if !all.contains(&format) {
                all.push(format);
            }
        }
        Self { formats: all.into(), in_millis: self.in_millis && other.in_millis }
    }

    /// The point in time that a number names: milliseconds since the epoch, unless the field has
    /// formats of its own.
    #[must_use]
    pub fn read_number(&self, number: &str) -> Option<Instant> {
        if self.formats.is_empty() {
            return epoch(number, 3).map(|instant| self.held(instant));
        }
        self.read(number)
    }

    /// First and last instant of what a date literal names: as the field writes its dates, or as
    /// date math and ISO 8601 in any of their forms, see [`Instant::resolve`].
    #[must_use]
    pub fn resolve(&self, text: &str, now: &dyn Fn() -> Instant) -> Option<(Instant, Instant)> {
        // Only what these formats alone can read is theirs: a day in ISO 8601 is a whole day.
        let own = self.formats.iter().find_map(|format| match format {
            Format::Iso => None,
            format => {
                let first = format.read(text)?;
                Some((first, format.unit().map_or(first, |unit| first.last_of(unit))))
            }
        });
        let (first, last) = match Instant::parse_unit(text) {
            Some(unit) if own.is_none_or(|own| own.0 == unit.0) => unit,
            _ => own.or_else(|| Instant::resolve(text, now))?,
        };
        Some((self.held(first), self.held(last)))
    }

    /// The point in time that a text names; `None` where no format fits.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Instant> {
        let read = match self.formats.is_empty() {
            true => Instant::parse(text),
            false => self.formats.iter().find_map(|format| format.read(text)),
        };
        read.map(|instant| self.held(instant))
    }
}

impl Format {
    /// The unit that a date of this format names; `None` for one instant, as of all that name a
    /// time (spec §16.5).
    fn unit(&self) -> Option<char> {
        let Self::Pattern(pieces) = self else { return None };
        let has = |letters: &[u8]| {
            let is_one =
                |piece: &Piece| matches!(piece, Piece::Field(it, _) if letters.contains(it));
            pieces.iter().any(is_one)
        };
        match () {
            () if has(b"HmsS") => None,
            () if has(b"d") => Some('d'),
            () if has(b"M") => Some('M'),
            () => Some('y'),
        }
    }

    fn read(&self, text: &str) -> Option<Instant> {
        match self {
            // Digits alone are an epoch where one is allowed, else a year.
            Self::Iso => Instant::parse(text).filter(|_| !is_number(text) || text.len() == 4),
            Self::EpochMillis => epoch(text, 3),
            Self::EpochSecond => epoch(text, 0),
            Self::Pattern(pieces) => read(pieces, text),
        }
    }
}

/// Digits alone, with or without a sign.
fn is_number(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
}

fn format(name: &str) -> Format {
    let name = name.trim();
    match name.strip_prefix("strict_").unwrap_or(name) {
        "epoch_millis" => Format::EpochMillis,
        "epoch_second" => Format::EpochSecond,
        // The forms of ISO 8601 that do without separators.
        "basic_date" => format("yyyyMMdd"),
        "basic_date_time" => format("yyyyMMdd'T'HHmmss.SSSX"),
        "basic_date_time_no_millis" => format("yyyyMMdd'T'HHmmssX"),
        _ => pattern(name).map_or(Format::Iso, Format::Pattern),
    }
}

/// A pattern of letters such as `yyyy-MM-dd'T'HH:mm:ss`; `None` for a name such as
/// `strict_date_optional_time` and for letters that are not known.
fn pattern(text: &str) -> Option<Box<[Piece]>> {
    let mut pieces = Vec::new();
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' => {
                while let Some(literal) = bytes.next_if(|byte| *byte != b'\'') {
                    pieces.push(Piece::Literal(literal));
                }
                bytes.next()?;
            }
            b'y' | b'u' | b'M' | b'd' | b'H' | b'm' | b's' | b'S' | b'X' | b'x' | b'Z' => {
                let mut n = 1;
                while bytes.next_if(|next| *next == byte).is_some() {
                    n += 1;
                }
                pieces.push(Piece::Field(byte, n));
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => return None,
            byte => pieces.push(Piece::Literal(byte)),
        }
    }
    // A time of day without a date is one of 1970; years of two digits are not read.
    let years = pieces.iter().all(|p| !matches!(p, Piece::Field(b'y' | b'u', n) if *n != 4));
    years.then(|| pieces.into())
}

fn read(pieces: &[Piece], text: &str) -> Option<Instant> {
    let mut r = Reader(text.as_bytes());
    let (mut year, mut month, mut day) = (1970, 1, 1);
    let (mut hour, mut minute, mut second, mut nanos, mut offset) = (0, 0, 0, 0, 0);
    for piece in pieces {
        match piece {
            Piece::Literal(byte) => {
                if !r.take(*byte) {
                    return None;
                }
            }
            Piece::Field(b'y' | b'u', n) => year = r.number(*n)?,
            Piece::Field(b'M', 3) => month = r.month_name()?,
            Piece::Field(b'M', n) => month = r.up_to(*n)?,
            Piece::Field(b'd', n) => day = r.up_to(*n)?,
            Piece::Field(b'H', n) => hour = r.up_to(*n)?,
            Piece::Field(b'm', n) => minute = r.up_to(*n)?,
            Piece::Field(b's', n) => second = r.up_to(*n)?,
            Piece::Field(b'S', _) => nanos = r.fraction()?,
            Piece::Field(..) => offset = r.zone()?,
        }
    }
    let in_range = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    (in_range && r.0.is_empty()).then(|| Instant {
        seconds: days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset,
        nanos,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_by_their_formats() {
        for (formats, text, expected) in [
            ("dd-MM-yyyy", "17-12-2022", Some("2022-12-17T00:00:00.000Z")),
            ("dd-MM-yyyy", "2022-12-17", None),
            ("yyyy-MM-dd", "2022-12-17", Some("2022-12-17T00:00:00.000Z")),
            ("yyyy/M/d H:mm:ss.SSS", "2022/1/7 9:05:06.250", Some("2022-01-07T09:05:06.250Z")),
            ("yyyy-MM-dd'T'HH:mmXXX", "2022-12-17T10:00+02:00", Some("2022-12-17T08:00:00.000Z")),
            ("epoch_second", "1671235200", Some("2022-12-17T00:00:00.000Z")),
            (
                "strict_date_optional_time||epoch_millis",
                "1671235200000",
                Some("2022-12-17T00:00:00.000Z"),
            ),
            ("strict_date_optional_time", "2022-12-17T01:02:03Z", Some("2022-12-17T01:02:03.000Z")),
            ("dd-MM-yyyy||yyyy-MM-dd", "2022-12-17", Some("2022-12-17T00:00:00.000Z")),
            ("yyyy-MM-dd", "2022-13-17", None),
        ] {
            let found = DateFormats::parse(formats).read(text).map(|found| found.to_string());
            assert_eq!(found.as_deref(), expected, "{text} as {formats}");
        }
        let now = || Instant::from_millis(0);
        for (formats, text, first, last) in [
            ("epoch_second", "1671235200", "2022-12-17T00:00:00.000Z", "2022-12-17T00:00:00.000Z"),
            (
                "dd-MM-yyyy",
                "17-12-2022",
                "2022-12-17T00:00:00.000Z",
                "2022-12-17T23:59:59.999999999Z",
            ),
            (
                "yyyy/MM/dd HH:mm",
                "2022/12/17 10:30",
                "2022-12-17T10:30:00.000Z",
                "2022-12-17T10:30:00.000Z",
            ),
            (
                "yyyy-MM-dd",
                "2022-12-17",
                "2022-12-17T00:00:00.000Z",
                "2022-12-17T23:59:59.999999999Z",
            ),
            ("epoch_millis", "now+1d", "1970-01-02T00:00:00.000Z", "1970-01-02T00:00:00.000Z"),
        ] {
            let (a, b) = DateFormats::parse(formats).resolve(text, &now).unwrap();
            assert_eq!((a.to_string(), b.to_string()), (first.into(), last.into()), "{text}");
        }
        let both = DateFormats::parse("dd-MM-yyyy").with(&DateFormats::default());
        assert!(both.read("17-12-2022").is_some() && both.read("2022-12-17").is_some());
        assert!(both.read("1671235200000").is_some());
    }
}
