//! How exactly an index holds numbers.

use crate::value::Number;

/// How exactly an index holds the numbers of a field (Elasticsearch's number field types).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// As they are.
    #[default]
    Exact,
    /// `float`: the nearest number of 32 bits.
    Single,
    /// `half_float`: the nearest number of 16 bits.
    Half,
    /// `scaled_float`: the nearest multiple of one over the factor, of which these are the bits.
    Scaled(u64),
    /// `byte` to `unsigned_long`: whole, within so many bits, signed or not.
    Whole {
        /// 8, 16, 32 or 64.
        bits: u8,
        /// Has it a sign?
        signed: bool,
    },
}

impl Precision {
    /// The number as the index holds it; `None` where the index takes no such number.
    #[must_use]
    pub fn held(self, number: Number) -> Option<Number> {
        let float = number.to_f64();
        let held = match self {
            Self::Exact => return Some(number),
            Self::Whole { bits, signed } => {
                let whole = Number::parse(&match number {
                    // The fraction is dropped.
                    Number::Float(float) => format!("{:.0}", float.trunc()),
                    whole => whole.to_string(),
                })?;
                let value = match whole {
                    Number::Float(_) => return None,
                    whole => whole.to_i128(),
                };
                let above = 1_i128 << (bits - u8::from(signed));
                let least = if signed { -above } else { 0 };
                return (least..above).contains(&value).then_some(whole);
            }
            Self::Single => f64::from(float as f32),
            Self::Half => {
                // 10 bits follow the first one; below 2⁻¹⁴ they get no smaller.
                let exponent = (float.abs().to_bits() >> 52) as i32 - 1023;
                let step = 2_f64.powi(exponent.max(-14) - 10);
                Some((float / step).round_ties_even() * step)
                    .filter(|half| half.abs() <= 65_504.0)?
            }
            Self::Scaled(factor) => {
                let factor = f64::from_bits(factor);
                // As Java rounds: a half goes up.
                (float * factor + 0.5).floor() / factor
            }
        };
        held.is_finite().then_some(Number::Float(held))
    }

    /// The literal of a comparison with such a field. An index reads it as it reads a value, so
    /// that `x == 0.1` finds a `float` of 0.1; bounds are multiples of nothing.
    #[must_use]
    pub fn literal(self, number: Number, is_equality: bool) -> Number {
        match self {
            Self::Single | Self::Half => self.held(number).unwrap_or(number),
            Self::Scaled(_) if is_equality => self.held(number).unwrap_or(number),
            _ => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_holds_numbers_by_their_field_type() {
        let held = |precision: Precision, text| {
            precision.held(Number::parse(text).unwrap()).map(|number| number.to_string())
        };
        let single = Precision::Single;
        assert_eq!(held(single, "0.1").as_deref(), Some("0.10000000149011612"));
        assert_eq!(held(single, "1e39"), None);
        assert_eq!(held(Precision::Half, "0.1").as_deref(), Some("0.0999755859375"));
        assert_eq!(held(Precision::Half, "65504").as_deref(), Some("65504.0"));
        assert_eq!(held(Precision::Half, "70000"), None);
        assert_eq!(held(Precision::Half, "0").as_deref(), Some("0.0"));
        let scaled = Precision::Scaled(100_f64.to_bits());
        assert_eq!(held(scaled, "1.235").as_deref(), Some("1.24"));
        assert_eq!(held(scaled, "-0.125").as_deref(), Some("-0.12"));
        let short = Precision::Whole { bits: 16, signed: true };
        assert_eq!(held(short, "-32768.9").as_deref(), Some("-32768"));
        assert_eq!(held(short, "32768"), None);
        let unsigned = Precision::Whole { bits: 64, signed: false };
        assert_eq!(held(unsigned, "18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(held(unsigned, "-1"), None);
        let long = Precision::Whole { bits: 64, signed: true };
        assert_eq!(held(long, "9223372036854775808"), None);
    }
}
