//! Date math: `now-1h`, `2026-03-12||+1M/d` (spec §12.4).

use crate::time::{Instant, civil, days, days_in_month};

/// The farthest point in time from the epoch that a step of date math may reach: about 292 million
/// years.
const MAX_SECONDS: u64 = i64::MAX as u64 / 1000;

impl Instant {
    /// First and last instant of what a date or date-math text names; `now` is what `now` stands
    /// for. Rounding (`/d`) and a date without a time name a whole unit, of which a lower bound
    /// takes the first instant and an upper one the last (spec §12.4, §16.5). UTC throughout.
    #[must_use]
    pub fn resolve(text: &str, now: &dyn Fn() -> Self) -> Option<(Self, Self)> {
        let (mut bounds, mut rest) = match text.strip_prefix("now") {
            Some(rest) => {
                let now = now();
                ((now, now), rest)
            }
            None => match text.split_once("||") {
                Some((date, rest)) => (Self::parse_unit(date)?, rest),
                None => return Self::parse_unit(text),
            },
        };
        while let Some(op) = rest.chars().next() {
            rest = rest.get(1..)?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at_checked(digits)?;
            let unit = after.chars().next()?;
            rest = after.get(unit.len_utf8()..)?;
            bounds = match op {
                '/' if digits == 0 => {
                    (bounds.0.unit_start(unit)?, bounds.1.unit_start(unit)?.plus(1, unit)?.before())
                }
                '+' | '-' => {
                    let n: i64 = if digits == 0 { 1 } else { number.parse().ok()? };
                    let n = if op == '-' { -n } else { n };
                    (bounds.0.plus(n, unit)?, bounds.1.plus(n, unit)?)
                }
                _ => return None,
            };
        }
        Some(bounds)
    }

    /// The last instant before this one that the resolution of a date names.
    pub(super) fn before(self) -> Self {
        Self { seconds: self.seconds - 1, nanos: 999_999_999 }
    }

    /// So many units later; months and years by the calendar, the day clipped to the month's end.
    pub(super) fn plus(self, n: i64, unit: char) -> Option<Self> {
        let fixed = |seconds: i64| {
            let seconds = self.seconds.checked_add(n.checked_mul(seconds)?)?;
            // Milliseconds must be able to name it, so that no later step can overflow.
            (seconds.unsigned_abs() <= MAX_SECONDS).then_some(Self { seconds, ..self })
        };
        let months = match unit {
            's' => return fixed(1),
            'm' => return fixed(60),
            'h' | 'H' => return fixed(3600),
            'd' => return fixed(86_400),
            'w' => return fixed(7 * 86_400),
            'M' => n,
            'y' => n.checked_mul(12)?,
            _ => return None,
        };
        let (year, month, day) = civil(self.seconds.div_euclid(86_400));
        let month = (year * 12 + month - 1).checked_add(months)?;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        if !(-999_999..=999_999).contains(&year) {
            return None;
        }
        let day = day.min(days_in_month(year, month));
        let second = self.seconds.rem_euclid(86_400);
        Some(Self { seconds: days(year, month, day) * 86_400 + second, ..self })
    }

    /// The start of the unit it lies in; weeks begin on Monday.
    fn unit_start(self, unit: char) -> Option<Self> {
        let day = self.seconds.div_euclid(86_400);
        let (year, month, _) = civil(day);
        let seconds = match unit {
            's' => self.seconds,
            'm' => self.seconds.div_euclid(60) * 60,
            'h' | 'H' => self.seconds.div_euclid(3600) * 3600,
            'd' => day * 86_400,
            // 1970-01-01 was a Thursday.
            'w' => (day - (day + 3).rem_euclid(7)) * 86_400,
            'M' => days(year, month, 1) * 86_400,
            'y' => days(year, 1, 1) * 86_400,
            _ => return None,
        };
        Some(Self { seconds, nanos: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_math_names_a_first_and_a_last_instant() {
        let now = Instant::parse("2026-03-12T09:01:20.114Z").unwrap();
        for (text, first, last) in [
            ("now", "2026-03-12T09:01:20.114Z", "2026-03-12T09:01:20.114Z"),
            ("now-1h", "2026-03-12T08:01:20.114Z", "2026-03-12T08:01:20.114Z"),
            ("now-d", "2026-03-11T09:01:20.114Z", "2026-03-11T09:01:20.114Z"),
            ("now-1d/d", "2026-03-11T00:00:00.000Z", "2026-03-11T23:59:59.999999999Z"),
            ("now/w", "2026-03-09T00:00:00.000Z", "2026-03-15T23:59:59.999999999Z"),
            ("now/M+1H", "2026-03-01T01:00:00.000Z", "2026-04-01T00:59:59.999999999Z"),
            ("2026-01-31||+1M", "2026-02-28T00:00:00.000Z", "2026-02-28T23:59:59.999999999Z"),
            ("2024-02-29||-1y", "2023-02-28T00:00:00.000Z", "2023-02-28T23:59:59.999999999Z"),
            ("-123456", "1969-12-31T23:57:56.544Z", "1969-12-31T23:57:56.544Z"),
            ("2026-03T10", "2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.000Z"),
            ("2026-03-12T10:05", "2026-03-12T10:05:00.000Z", "2026-03-12T10:05:00.000Z"),
            ("2026-03-12T10:05:06+02", "2026-03-12T08:05:06.000Z", "2026-03-12T08:05:06.000Z"),
            ("2026-03-12T10:05:06.5Z", "2026-03-12T10:05:06.500Z", "2026-03-12T10:05:06.500Z"),
            ("2024-05", "2024-05-01T00:00:00.000Z", "2024-05-31T23:59:59.999999999Z"),
        ] {
            let (a, b) = Instant::resolve(text, &|| now).unwrap();
            assert_eq!((a.to_string(), b.to_string()), (first.into(), last.into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_math_is_refused() {
        let now = Instant::from_millis(0);
        for text in [
            "now-",
            "now-1",
            "now-1x",
            "now-1ms",
            "now/2d",
            "nowish",
            "x||+1d",
            "now é",
            "now+9223372036854775807y",
            "now+9223372036854775807d",
            "now-9223372036854775807s-1s/d",
            "now-9223372036854775807s-1s/w",
        ] {
            assert_eq!(Instant::resolve(text, &|| now), None, "{text}");
        }
    }
}
