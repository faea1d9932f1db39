//! Decimal numbers to doubles: the nearest one, of two equally near ones the even one.
//!
//! The standard library does the same by a table of powers, ten kilobytes that no compression
//! makes smaller, and the page weighs what it loads. Numbers as people and programs write them take
//! a division here; the few others are compared exactly with the doubles around them.

use std::cmp::Ordering;

/// Decimal digits that always fit 64 bits, and the highest power of ten that does.
const FEW: i64 = 19;

/// Digits that decide: the middle between two doubles has fewer, so of those after them it only
/// matters whether one is not 0.
const DECISIVE: usize = 800;

/// The double of `1`, `1.5`, `1.`, `.5`, `-1e3`, `+.5E+2` and the like; `None` for any other text
/// and for what overflows to infinity.
pub(super) fn parse(text: &str) -> Option<f64> {
    let (sign, rest) = match text.as_bytes().split_first()? {
        (b'-', rest) => (-1.0, rest),
        (b'+', rest) => (1.0, rest),
        _ => (1.0, text.as_bytes()),
    };
    let mut parts = rest.splitn(2, |byte| matches!(byte, b'e' | b'E'));
    let digits = parts.next()?;
    let mut exponent = parts.next().map_or(Some(0), power)?;

    // The first digits as a number, and the digits from the first that is not 0.
    let (mut first, mut count) = (0_u64, 0_i64);
    let (mut is_number, mut is_fraction) = (false, false);
    for byte in digits {
        match byte {
            b'.' if !is_fraction => is_fraction = true,
            b'0'..=b'9' => {
                is_number = true;
                let is_counted = count > 0 || *byte != b'0';
                count += i64::from(is_counted);
                if count <= FEW {
                    first = first * 10 + u64::from(byte - b'0');
                }
                exponent += i64::from(count > FEW) - i64::from(is_fraction);
            }
            _ => return None,
        }
    }
    if !is_number {
        return None;
    }
    let size = match (count, exponent) {
        (0, _) => 0.0,
        (..=FEW, _) if exponent.abs() <= FEW => near(first, exponent),
        _ if exponent + count.min(FEW) > 310 => return None,
        _ if exponent + count.min(FEW) < -330 => 0.0,
        _ => far(digits, first, exponent, (count - FEW).max(0)),
    };
    size.is_finite().then_some(sign * size)
}

/// What stands after the `e`. Beyond a trillion it makes no difference any more.
fn power(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text.split_first()? {
        (b'-', digits) => (-1, digits),
        (b'+', digits) => (1, digits),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let append = |number: i64, digit: &u8| (number * 10 + i64::from(digit - b'0')).min(1 << 40);
    Some(sign * digits.iter().fold(0, append))
}

/// `first` × 10^`exponent`, where that power fits 64 bits: one rounding, at the end.
fn near(first: u64, exponent: i64) -> f64 {
    let power = 10_u64.pow(exponent.unsigned_abs() as u32);
    if first < 1 << 53 {
        // Both are doubles, the power since 5 to the 19 fits 53 bits.
        return if exponent < 0 {
            first as f64 / power as f64
        } else {
            first as f64 * power as f64
        };
    }
    let (first, power) = (u128::from(first), u128::from(power));
    if exponent >= 0 {
        return (first * power) as f64;
    }
    // A quotient of at least 64 bits; that a remainder is left counts as one bit more.
    let shift = first.leading_zeros();
    let shifted = first << shift;
    let quotient = shifted / power;
    let is_exact = quotient * power == shifted;
    (quotient | u128::from(!is_exact)) as f64 * f64::from_bits(u64::from(1023 - shift) << 52)
}

/// The same for any number: guessed, then compared with the middles between doubles. `first` ×
/// 10^`exponent` leaves out the `more` last digits.
fn far(digits: &[u8], first: u64, exponent: i64, more: i64) -> f64 {
    let mut guess = first as f64;
    let mut left = exponent.unsigned_abs() as u32;
    while left > 0 {
        let step = 10_u64.pow(left.min(FEW as u32)) as f64;
        guess = if exponent < 0 { guess / step } else { guess * step };
        left -= left.min(FEW as u32);
    }
    let mut bits = guess.min(f64::MAX).to_bits();

    let mut number = Big::default();
    let mut used = 0;
    let mut left_out = false;
    for byte in digits.iter().filter(|byte| **byte != b'.') {
        if used < DECISIVE {
            number.multiply_add(10, u32::from(byte - b'0'));
            used += usize::from(!number.0.is_empty());
        } else {
            left_out |= *byte != b'0';
        }
    }
    // The last digit that is used has this power.
    let mut exponent = exponent - more + (more + FEW - DECISIVE as i64).max(0);
    if left_out {
        number.multiply_add(10, 1);
        exponent -= 1;
    }
    while bits < f64::INFINITY.to_bits() && is_above(&number, exponent, bits) {
        bits += 1;
    }
    while bits > 0 && !is_above(&number, exponent, bits - 1) {
        bits -= 1;
    }
    f64::from_bits(bits)
}

/// Whether a number belongs to a double above the one of these bits: it lies above the middle
/// between that and the next, or on it where the next is the even one.
fn is_above(number: &Big, exponent: i64, bits: u64) -> bool {
    let biased = (bits >> 52).max(1);
    let hidden = if bits >> 52 == 0 { 0 } else { 1 << 52 };
    let middle = ((bits & ((1 << 52) - 1)) | hidden) * 2 + 1;
    let scale = biased as i64 - 1076;
    let (mut number, mut middle) = (number.clone(), Big::new(middle));
    number.scale(exponent.max(0), (-scale).max(0));
    middle.scale((-exponent).max(0), scale.max(0));
    match number.compare(&middle) {
        Ordering::Less => false,
        Ordering::Equal => bits & 1 == 1,
        Ordering::Greater => true,
    }
}

/// A natural number: 32 bits a word, the lowest first, the last word not 0.
#[derive(Clone, Default)]
struct Big(Vec<u32>);

impl Big {
    fn new(number: u64) -> Self {
        let mut big = Self::default();
        big.multiply_add(1, (number >> 32) as u32);
        big.scale(0, 32);
        big.multiply_add(1, number as u32);
        big
    }

    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for word in &mut self.0 {
            carry += u64::from(*word) * u64::from(factor);
            *word = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Multiplies with powers of ten and of two.
    fn scale(&mut self, mut tens: i64, mut twos: i64) {
        while tens > 0 {
            self.multiply_add(10_u32.pow(tens.min(9) as u32), 0);
            tens -= 9;
        }
        while twos > 0 {
            self.multiply_add(1 << twos.min(31), 0);
            twos -= 31;
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// The standard library's answer, in bits.
    fn theirs(text: &str) -> Option<u64> {
        text.parse().ok().filter(|float: &f64| float.is_finite()).map(f64::to_bits)
    }

    #[track_caller]
    fn check(text: &str) {
        let short = text.get(..60).unwrap_or(text);
        assert_eq!(parse(text).map(f64::to_bits), theirs(text), "{short} ({})", text.len());
    }

    #[test]
    fn forms() {
        let good =
            ["1", "1.5", "1.", ".5", "-1e3", "+.5E+2", "0", "-0", "-0.0", "00012.50", "1e-0"];
        let bad =
            ["", "-", ".", "1e", "1e+", "e5", ".e5", "1.2.3", "1x", "1e5x", " 1", "0x1", "1_0"];
        for text in good.into_iter().chain(bad) {
            check(text);
        }
        for text in ["inf", "nan", "infinity", "-inf"] {
            assert_eq!(parse(text), None);
        }
    }

    #[test]
    fn edges() {
        let long = |digit: &str, count| digit.repeat(count);
        let texts = [
            "9007199254740993".to_owned(),
            "9007199254740992.99999999999".to_owned(),
            "18446744073709551615".to_owned(),
            "18446744073709551616.5".to_owned(),
            "1.7976931348623157e308".to_owned(),
            "1.7976931348623158e308".to_owned(),
            "1.7976931348623159e308".to_owned(),
            "179769313486231580793728971405301e276".to_owned(),
            "2.2250738585072011e-308".to_owned(),
            "2.2250738585072014e-308".to_owned(),
            "4.9e-324".to_owned(),
            "2.4703282292062327e-324".to_owned(),
            "2.4703282292062328e-324".to_owned(),
            "1e-400".to_owned(),
            "1e400".to_owned(),
            "1e99999999999999999999".to_owned(),
            "1e-99999999999999999999".to_owned(),
            "0e99999999999999999999".to_owned(),
            format!("0.{}1", long("0", 500)),
            format!("0.{}1e500", long("0", 500)),
            format!("{}e-500", long("9", 600)),
            format!("1{}", long("0", 308)),
            format!("1{}", long("0", 309)),
            format!("9007199254740993{}1e-1000", long("0", 999)),
            format!("9007199254740993{}e-1000", long("0", 1000)),
            format!("1.{}", long("1234567890", 20_000)),
        ];
        for text in &texts {
            check(text);
        }
    }

    /// Neighbours of doubles all over the range, their middles, and digits of every length.
    #[test]
    fn as_the_standard_library() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..3_000 {
            let float = f64::from_bits(next() & !(1 << 63));
            if float.is_finite() {
                check(&format!("{float}"));
                check(&format!("{float:e}"));
                check(&format!("{float:.25e}"));
            }
            let (digits, length) = (next(), next() % 20 + 1);
            let text = digits.to_string();
            let text = text.get(..length as usize).unwrap_or(&text);
            check(&format!("{text}e{}", (next() % 700) as i64 - 350));
            check(&format!("{text}e{}", (next() % 50) as i64 - 25));
            check(&format!("0.{text}"));
            check(&format!("{}.{text}", next() % 100_000));
        }
        for _ in 0..500 {
            // The middle between two doubles, in full: the even one has it.
            let bits = next() & !(1 << 63);
            let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + 1));
            if high.is_finite() && low > 1e-290 && low < 1e290 {
                let half = (high - low) / 2.0;
                let exact = sum(&format!("{low:.1074}"), &format!("{half:.1074}"));
                check(&exact);
                check(&format!("{exact}1"));
            }
        }
    }

    /// Adds two decimals of the same number of digits after the point.
    fn sum(one: &str, two: &str) -> String {
        let width = one.len().max(two.len()) + 1;
        let (one, two) = (format!("{one:0>width$}"), format!("{two:0>width$}"));
        let mut carry = 0;
        let mut digits = Vec::new();
        for (a, b) in one.bytes().rev().zip(two.bytes().rev()) {
            if a == b'.' {
                digits.push('.');
                continue;
            }
            let digit = (a - b'0') + (b - b'0') + carry;
            carry = digit / 10;
            digits.push(char::from(b'0' + digit % 10));
        }
        digits.into_iter().rev().collect()
    }
}
