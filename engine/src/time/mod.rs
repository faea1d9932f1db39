//! Points in time: reading and writing them (spec §3.22, §12).

mod format;
mod math;

use std::fmt;

pub use format::DateFormats;

/// A point in time, to the nanosecond, over the whole range of years 0 to 9999 and beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds after that, below 1,000,000,000.
    pub nanos: u32,
}

impl Instant {
    /// From milliseconds since the epoch.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self { seconds: millis.div_euclid(1000), nanos: millis.rem_euclid(1000) as u32 * 1_000_000 }
    }

    /// Milliseconds since the epoch, rounded down.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(i64::from(self.nanos / 1_000_000))
    }

    /// Nanoseconds from `earlier` to this.
    #[must_use]
    pub fn nanos_since(self, earlier: Self) -> i128 {
        let seconds = i128::from(self.seconds) - i128::from(earlier.seconds);
        seconds * 1_000_000_000 + i128::from(self.nanos) - i128::from(earlier.nanos)
    }

    /// Reads what Elasticsearch reads by default (`strict_date_optional_time||epoch_millis`):
    /// ISO 8601 from the year on, with as much of the rest as is given, zone `Z` or `±hh[:mm]`,
    /// UTC where none is given; or milliseconds since the epoch. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_iso(text).or_else(|| {
            // Four digits are a year; the ISO reader has taken them already.
            epoch(text, 3)
        })
    }

    /// First and last instant of what a date literal names: a year, month or day where it names
    /// no time, one instant otherwise (spec §16.5).
    #[must_use]
    pub fn parse_unit(text: &str) -> Option<(Self, Self)> {
        let first = Self::parse(text)?;
        // Neither a negative number nor `2026-03T10` names a day.
        let is_date = !text.starts_with('-') && !text.contains(['T', 't']);
        let unit = match text.len() {
            4 if is_date => 'y',
            7 if is_date && text.contains('-') => 'M',
            10 if is_date && text.contains('-') => 'd',
            _ => return Some((first, first)),
        };
        Some((first, first.last_of(unit)))
    }

    /// The last instant of the unit of time that begins here.
    fn last_of(self, unit: char) -> Self {
        self.plus(1, unit).map_or(self, Self::before)
    }
}

/// `2026-03-12T09:01:20.114Z`; more digits only where they are not zero.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.seconds.div_euclid(86_400));
        let second = self.seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.nanos {
            nanos if nanos % 1_000_000 == 0 => write!(f, ".{:03}Z", nanos / 1_000_000),
            nanos if nanos % 1_000 == 0 => write!(f, ".{:06}Z", nanos / 1_000),
            nanos => write!(f, ".{nanos:09}Z"),
        }
    }
}

/// A reader over the bytes of a date.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn take(&mut self, mark: u8) -> bool {
        let found = self.0.first() == Some(&mark);
        if found {
            self.0 = self.0.get(1..).unwrap_or_default();
        }
        found
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        head.iter()
            .try_fold(0, |n, byte| byte.is_ascii_digit().then(|| n * 10 + i64::from(byte - b'0')))
    }

    /// One to `most` digits; exactly two where two are asked for.
    fn up_to(&mut self, most: usize) -> Option<i64> {
        if most == 2 {
            return self.number(2);
        }
        let digits = self.0.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 { None } else { self.number(digits) }
    }

    /// A month by the first three letters of its English name.
    fn month_name(&mut self) -> Option<i64> {
        let (name, rest) = self.0.split_at_checked(3)?;
        self.0 = rest;
        let names = b"JanFebMarAprMayJunJulAugSepOctNovDec";
        names.chunks(3).position(|month| month.eq_ignore_ascii_case(name)).map(|at| at as i64 + 1)
    }

    /// `Z`, `±hh[:mm]` or nothing, as seconds east of UTC.
    fn zone(&mut self) -> Option<i64> {
        if self.take(b'Z') || self.take(b'z') || self.0.is_empty() {
            return Some(0);
        }
        let sign = if self.take(b'+') {
            1
        } else if self.take(b'-') {
            -1
        } else {
            return None;
        };
        let hours = self.number(2)?;
        self.take(b':');
        let minutes = if self.0.is_empty() { 0 } else { self.number(2)? };
        Some(sign * (hours * 3600 + minutes * 60))
    }

    /// Digits after the point, read as nanoseconds; digits past the ninth are dropped.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (head, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        let nanos = head.iter().chain([b'0'; 9].iter()).take(9);
        (digits > 0).then(|| nanos.fold(0, |n, byte| n * 10 + u32::from(byte - b'0')))
    }
}

/// A decimal number of seconds since the epoch (`shift` 0) or of milliseconds (3).
fn epoch(text: &str, shift: u32) -> Option<Instant> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // All in nanoseconds; what is finer is dropped.
    let places = 9 - shift;
    let fraction = fraction.bytes().chain(std::iter::repeat(b'0')).take(places as usize);
    let nanos = fraction.fold(0, |n, digit| n * 10 + i128::from(digit - b'0'));
    let nanos = i128::from(whole.parse::<u64>().ok()?) * 10_i128.pow(places) + nanos;
    let nanos = if text.len() > digits.len() { -nanos } else { nanos };
    Some(Instant {
        seconds: nanos.div_euclid(1_000_000_000).try_into().ok()?,
        nanos: nanos.rem_euclid(1_000_000_000) as u32,
    })
}

fn parse_iso(text: &str) -> Option<Instant> {
    let mut r = Reader(text.as_bytes());
    let year = r.number(4)?;
    let (mut month, mut day) = (1, 1);
    if r.take(b'-') {
        month = r.number(2)?;
        if r.take(b'-') {
            day = r.number(2)?;
        }
    }
    let (mut hour, mut minute, mut second, mut nanos, mut offset) = (0, 0, 0, 0, 0);
    if (r.take(b'T') || r.take(b't')) && !r.0.is_empty() {
        hour = r.number(2)?;
        if r.take(b':') {
            minute = r.number(2)?;
            if r.take(b':') {
                second = r.number(2)?;
                if r.take(b'.') || r.take(b',') {
                    nanos = r.fraction()?;
                }
            }
        }
        offset = r.zone()?;
    }
    let in_range = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && offset.abs() <= 18 * 3600;
    (in_range && r.0.is_empty()).then(|| Instant {
        seconds: days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset,
        nanos,
    })
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since the epoch of a date of the proleptic Gregorian calendar. Years begin in March, so
/// that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since the epoch; the inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_written() {
        for (text, written) in [
            ("2026-03-12T09:01:20.114Z", "2026-03-12T09:01:20.114Z"),
            ("2026-03-12T09:01:20Z", "2026-03-12T09:01:20.000Z"),
            ("2026-03-12T09:01:20.123456789+02:00", "2026-03-12T07:01:20.123456789Z"),
            ("2026-03-12T09:01+0530", "2026-03-12T03:31:00.000Z"),
            ("2024-02", "2024-02-01T00:00:00.000Z"),
            ("2024-02-29", "2024-02-29T00:00:00.000Z"),
            ("1970", "1970-01-01T00:00:00.000Z"),
            ("0000-01-01", "0000-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("1773306080114", "2026-03-12T09:01:20.114Z"),
            ("-1", "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Instant::parse(text).unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "-",
            "now",
            "2026-13-01",
            "2026-02-29",
            "2026-1-1",
            "2026-03-12T25:00",
            "2026-03-12 09:01",
            "2026-03-12T09:01:20.Z",
            "12:00",
            "2026-03-12T09:01:20Zx",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }
}
