//! Values, their comparison and the folding of case.

mod decimal;
mod precision;
mod version;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::time::Instant;
use crate::ty::Type;

pub use precision::Precision;
pub use version::version_bytes;

/// One value, as it stands in an event or in a query. Borrowed text where possible.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'v> {
    /// A text.
    Str(Cow<'v, str>),
    /// A number.
    Num(Number),
    /// `true` or `false`.
    Bool(bool),
}

/// A number that keeps all 64 bits (spec §3.19).
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// Fits a signed 64-bit integer.
    Int(i64),
    /// Above that, up to 2⁶⁴−1.
    UInt(u64),
    /// Everything else.
    Float(f64),
}

impl Number {
    /// The number written as in JSON, or in the sign-less form of EQL; `None` where it is no
    /// number or overflows to infinity (spec §1.21).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(int) = text.parse() {
            return Some(Self::Int(int));
        }
        if let Ok(uint) = text.parse() {
            return Some(Self::UInt(uint));
        }
        Self::parse_float(text)
    }

    /// The nearest double to a number in decimals, such as `1`, `.5` or `-1e3`; `None` where it is
    /// no number or overflows to infinity (spec §1.21).
    #[must_use]
    pub fn parse_float(text: &str) -> Option<Self> {
        decimal::parse(text).map(Self::Float)
    }

    /// Compared by value; as doubles where one side is a double (spec §3.19).
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Float(_), _) | (_, Self::Float(_)) => self.to_f64().partial_cmp(&other.to_f64()),
            _ => Some(self.to_i128().cmp(&other.to_i128())),
        }
    }

    /// The nearest double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::UInt(uint) => uint as f64,
            Self::Float(float) => float,
        }
    }

    /// The whole part.
    #[must_use]
    pub fn to_i128(self) -> i128 {
        match self {
            Self::Int(int) => int.into(),
            Self::UInt(uint) => uint.into(),
            Self::Float(float) => float as i128,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => write!(f, "{int}"),
            Self::UInt(uint) => write!(f, "{uint}"),
            Self::Float(float) => write!(f, "{float:?}"),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Str(text) => f.write_str(text),
            Self::Num(number) => number.fmt(f),
            Self::Bool(value) => value.fmt(f),
        }
    }
}

impl Value<'_> {
    /// The family of the value itself.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Str(_) => Type::String,
            Self::Num(Number::Float(_)) => Type::Decimal,
            Self::Num(_) => Type::Integer,
            Self::Bool(_) => Type::Boolean,
        }
    }
}

/// A value as the index would hold it: what comparisons compare.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'v> {
    /// A text.
    Str(Cow<'v, str>),
    /// A number.
    Num(Number),
    /// `true` or `false`.
    Bool(bool),
    /// A point in time.
    Date(Instant),
    /// An address, in its 16-byte form.
    Ip(Ipv6Addr),
    /// What texts of a `version` field are compared with: bytes that order as versions do, see
    /// [`version_bytes`].
    Version(Box<[u8]>),
}

impl<'v> Scalar<'v> {
    /// The value under a field type, coerced as Elasticsearch does when it indexes a document:
    /// `"2"` in a `long` is 2, `2` in a `keyword` is `"2"`. `None` where it cannot be read so.
    #[must_use]
    pub fn coerce(value: &Value<'v>, ty: &Type) -> Option<Self> {
        Some(match (ty, value) {
            (Type::String | Type::Version | Type::Text, Value::Str(text)) => {
                Self::Str(text.clone())
            }
            (Type::String | Type::Version | Type::Text, other) => {
                Self::Str(Cow::Owned(other.to_string()))
            }
            (Type::Integer, Value::Num(Number::Float(float))) => {
                // An integer field drops the fraction.
                Self::Num(Number::parse(&format!("{:.0}", float.trunc()))?)
            }
            (Type::Integer, Value::Num(number)) => Self::Num(*number),
            // A decimal field holds doubles: `5` is 5.0 there.
            (Type::Decimal, Value::Num(number)) => Self::Num(Number::Float(number.to_f64())),
            (Type::Integer | Type::Decimal, Value::Str(text)) => {
                return Self::coerce(&Value::Num(Number::parse(text.trim())?), ty);
            }
            (Type::Boolean, Value::Bool(value)) => Self::Bool(*value),
            (Type::Boolean, Value::Str(text)) => match text.as_ref() {
                "true" => Self::Bool(true),
                "false" | "" => Self::Bool(false),
                _ => return None,
            },
            (Type::Date(formats), Value::Str(text)) => Self::Date(formats.read(text)?),
            (Type::Date(formats), Value::Num(number)) => {
                Self::Date(formats.read_number(&plain_text(*number))?)
            }
            (Type::Ip, Value::Str(text)) => Self::Ip(parse_ip(text)?),
            (Type::Mixed | Type::Null, Value::Str(text)) => Self::Str(text.clone()),
            (Type::Mixed | Type::Null, Value::Num(number)) => Self::Num(*number),
            (Type::Mixed | Type::Null, Value::Bool(value)) => Self::Bool(*value),
            _ => return None,
        })
    }

    /// The same value, borrowed.
    #[must_use]
    pub fn borrowed(&self) -> Scalar<'_> {
        match self {
            Self::Str(text) => Scalar::Str(Cow::Borrowed(text)),
            Self::Num(number) => Scalar::Num(*number),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Date(instant) => Scalar::Date(*instant),
            Self::Ip(address) => Scalar::Ip(*address),
            Self::Version(bytes) => Scalar::Version(bytes.clone()),
        }
    }

    /// The same value, owned.
    #[must_use]
    pub fn into_owned(self) -> Scalar<'static> {
        match self {
            Self::Str(text) => Scalar::Str(Cow::Owned(text.into_owned())),
            Self::Num(number) => Scalar::Num(number),
            Self::Bool(value) => Scalar::Bool(value),
            Self::Date(instant) => Scalar::Date(instant),
            Self::Ip(address) => Scalar::Ip(address),
            Self::Version(bytes) => Scalar::Version(bytes),
        }
    }

    /// Order within one family; `None` between families and where a number has none.
    /// Texts order by UTF-8 bytes (spec §3.20), addresses by their 16 bytes (§3.23).
    #[must_use]
    pub fn compare(&self, other: &Scalar<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Str(a), Scalar::Str(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (Self::Num(a), Scalar::Num(b)) => a.compare(*b),
            (Self::Bool(a), Scalar::Bool(b)) => Some(a.cmp(b)),
            (Self::Date(a), Scalar::Date(b)) => Some(a.cmp(b)),
            (Self::Ip(a), Scalar::Ip(b)) => Some(a.octets().cmp(&b.octets())),
            (Self::Version(a), Scalar::Version(b)) => Some(a.cmp(b)),
            (Self::Str(a), Scalar::Version(b)) => Some(version_bytes(a).cmp(b)),
            _ => None,
        }
    }
}

/// The number in decimal, without an exponent.
fn plain_text(number: Number) -> String {
    match number {
        Number::Float(float) => float.to_string(),
        whole => whole.to_string(),
    }
}

/// An address in its 16-byte form; IPv4 as IPv4-mapped.
#[must_use]
pub fn parse_ip(text: &str) -> Option<Ipv6Addr> {
    Some(match text.parse().ok()? {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    })
}

/// A block of addresses such as `10.0.0.0/8`, as first and last address. Host bits may be set
/// (spec §6.11).
#[must_use]
pub fn parse_cidr(text: &str) -> Option<(Ipv6Addr, Ipv6Addr)> {
    let (address, bits) = text.split_once('/')?;
    let bits: u32 = bits.parse().ok()?;
    let address: IpAddr = address.parse().ok()?;
    let (address, bits) = match address {
        IpAddr::V4(v4) if bits <= 32 => (v4.to_ipv6_mapped(), bits + 96),
        IpAddr::V6(v6) if bits <= 128 => (v6, bits),
        _ => return None,
    };
    let host = u128::MAX.checked_shr(bits).unwrap_or(0);
    let first = u128::from(address) & !host;
    Some((first.into(), (first | host).into()))
}

/// A block as `cidrMatch` takes it: also a single address, as published rules write `"::1"`.
#[must_use]
pub fn parse_block(text: &str) -> Option<(Ipv6Addr, Ipv6Addr)> {
    parse_cidr(text).or_else(|| parse_ip(text).map(|address| (address, address)))
}

/// Does the address lie in the block? One of the other version never does (spec §6.11), although
/// IPv4 addresses have a 16-byte form.
#[must_use]
pub fn in_block(address: Ipv6Addr, first: Ipv6Addr, last: Ipv6Addr) -> bool {
    let is_v4 = |address: Ipv6Addr| address.to_ipv4_mapped().is_some();
    (first..=last).contains(&address) && is_v4(address) == is_v4(first)
}

/// Does letter case count?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// It does.
    Sensitive,
    /// ASCII letters are equal to their other case; no other letter is (spec §3.18).
    Insensitive,
}

impl Case {
    /// Are the two texts equal?
    #[must_use]
    pub fn eq(self, a: &str, b: &str) -> bool {
        match self {
            Self::Sensitive => a == b,
            Self::Insensitive => a.eq_ignore_ascii_case(b),
        }
    }

    /// The form under which equal texts are identical.
    #[must_use]
    pub fn fold(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Insensitive if text.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                Cow::Owned(text.to_ascii_lowercase())
            }
            _ => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_64_bits_and_compare_by_value() {
        let n = |text| Number::parse(text).unwrap();
        assert!(matches!(n("9223372036854775807"), Number::Int(i64::MAX)));
        assert!(matches!(n("18446744073709551615"), Number::UInt(u64::MAX)));
        assert_eq!(n("3"), n("3.0"));
        assert_eq!(n("9007199254740993").compare(n("9007199254740992")), Some(Ordering::Greater));
        assert_eq!(n("18446744073709551615").compare(n("-1")), Some(Ordering::Greater));
        assert!(Number::parse("1e999").is_none());
        assert!(Number::parse("inf").is_none() && Number::parse("nan").is_none());
    }

    #[test]
    fn values_are_coerced_as_the_index_would() {
        let text = |text: &'static str| Value::Str(text.into());
        let coerce = |value, ty| Scalar::coerce(&value, &ty);
        assert_eq!(coerce(text("2"), Type::Integer), Some(Scalar::Num(Number::Int(2))));
        assert_eq!(coerce(Value::Num(Number::Int(2)), Type::String), Some(Scalar::Str("2".into())));
        assert_eq!(coerce(text("x"), Type::Integer), None);
        assert_eq!(coerce(text("::1"), Type::Ip), coerce(text("0:0:0:0:0:0:0:1"), Type::Ip));
    }

    #[test]
    fn cidr_blocks_may_carry_host_bits() {
        let (first, last) = parse_cidr("10.6.48.157/8").unwrap();
        assert_eq!((Some(first), Some(last)), (parse_ip("10.0.0.0"), parse_ip("10.255.255.255")));
        assert!(parse_cidr("10.0.0.0/33").is_none() && parse_cidr("10.0.0.0").is_none());
        assert_eq!(parse_cidr("::/0").unwrap().1, Ipv6Addr::from(u128::MAX));
    }
}
