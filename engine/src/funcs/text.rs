//! Functions on texts. Positions and lengths count UTF-16 units, as Java does (spec §6.5).

use crate::funcs::{Answer, Failure, math::number_text, text_of};
use crate::value::{Case, Scalar, in_block, parse_block, parse_ip};

fn string_answer(text: impl Into<String>) -> Answer {
    Ok(Some(Scalar::Str(text.into().into())))
}

fn bool_answer(value: bool) -> Answer {
    Ok(Some(Scalar::Bool(value)))
}

/// Length in UTF-16 units.
fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// The byte at which the unit begins; the end of the text for positions behind it. A position in the
/// middle of a pair counts as its beginning.
fn byte_at(text: &str, unit: usize) -> usize {
    if text.is_ascii() {
        return unit.min(text.len());
    }
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen + c.len_utf16() > unit {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// First place of `wanted` in `text`, in bytes. ASCII folding keeps every byte in its place.
fn find(text: &str, wanted: &str, case: Case) -> Option<usize> {
    match case {
        Case::Sensitive => text.find(wanted),
        Case::Insensitive => case.fold(text).find(case.fold(wanted).as_ref()),
    }
}

fn rfind(text: &str, wanted: &str, case: Case) -> Option<usize> {
    case.fold(text).rfind(case.fold(wanted).as_ref())
}

/// §6.10.
pub(super) fn between(args: &[Option<Scalar<'_>>], case: Case) -> Answer {
    let (Some(text), Some(left), Some(right)) =
        (text_of(args, 0), text_of(args, 1), text_of(args, 2))
    else {
        return Ok(None);
    };
    let greedy = matches!(args.get(3), Some(Some(Scalar::Bool(true))));
    if text.is_empty() || left.is_empty() || right.is_empty() {
        return string_answer(text);
    }
    let Some(from) = find(text, left, case).map(|at| at + left.len()) else {
        return string_answer("");
    };
    let rest = text.get(from..).unwrap_or_default();
    let length = if greedy {
        // The last one in the whole text; one that begins before the end of `left` gives nothing.
        rfind(text, right, case).map(|at| at.saturating_sub(from))
    } else {
        find(rest, right, case)
    };
    string_answer(rest.get(..length.unwrap_or(0)).unwrap_or_default())
}

/// §6.11. In a condition of its own it is a test of blocks instead; this is the call inside another
/// one.
pub(super) fn cidr_match(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    let address = match args.first() {
        Some(Some(Scalar::Ip(address))) => *address,
        Some(Some(Scalar::Str(text))) => parse_ip(text).ok_or(Failure::BadAddress)?,
        _ => return Ok(None),
    };
    let mut blocks = (1..args.len()).filter_map(|at| parse_block(text_of(args, at)?));
    bool_answer(blocks.any(|(first, last)| in_block(address, first, last)))
}

/// §6.12.
pub(super) fn concat(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    let mut joined = String::new();
    for arg in args {
        let Some(value) = arg else { return Ok(None) };
        joined.push_str(&scalar_text(value));
    }
    string_answer(joined)
}

/// §6.13.
pub(super) fn ends_with(args: &[Option<Scalar<'_>>], case: Case) -> Answer {
    let (Some(text), Some(end)) = (text_of(args, 0), text_of(args, 1)) else { return Ok(None) };
    let tail = text.len().checked_sub(end.len()).and_then(|at| text.get(at..));
    bool_answer(tail.is_some_and(|tail| case.eq(tail, end)))
}

/// §6.13.
pub(super) fn starts_with(args: &[Option<Scalar<'_>>], case: Case) -> Answer {
    let (Some(text), Some(start)) = (text_of(args, 0), text_of(args, 1)) else { return Ok(None) };
    bool_answer(text.get(..start.len()).is_some_and(|head| case.eq(head, start)))
}

/// §6.14.
pub(super) fn index_of(args: &[Option<Scalar<'_>>], case: Case) -> Answer {
    let (Some(text), Some(wanted)) = (text_of(args, 0), text_of(args, 1)) else { return Ok(None) };
    let start = match args.get(2) {
        Some(Some(Scalar::Num(start))) => {
            usize::try_from(start.to_i128().max(0)).unwrap_or(usize::MAX)
        }
        _ => 0,
    };
    let from = byte_at(text, start);
    let rest = text.get(from..).unwrap_or_default();
    let found = find(rest, wanted, case).filter(|_| start <= units(text) || wanted.is_empty());
    let position = found.map(|at| units(text.get(..from + at).unwrap_or_default()) as i64);
    Ok(position.map(|at| Scalar::Num(crate::value::Number::Int(at))))
}

/// §6.15.
pub(super) fn length(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    let length = text_of(args, 0).map(|text| units(text) as i64);
    Ok(length.map(|n| Scalar::Num(crate::value::Number::Int(n))))
}

/// §6.17: what is empty contains nothing and is contained in nothing.
pub(super) fn string_contains(args: &[Option<Scalar<'_>>], case: Case) -> Answer {
    let (Some(text), Some(wanted)) = (text_of(args, 0), text_of(args, 1)) else { return Ok(None) };
    bool_answer(!text.is_empty() && !wanted.is_empty() && find(text, wanted, case).is_some())
}

/// §6.18.
pub(super) fn string(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    match args.first() {
        Some(Some(value)) => string_answer(scalar_text(value)),
        _ => Ok(None),
    }
}

/// §6.19: as a slice in Python.
pub(super) fn substring(args: &[Option<Scalar<'_>>], _: Case) -> Answer {
    let Some(text) = text_of(args, 0) else { return Ok(None) };
    let Some(Some(Scalar::Num(start))) = args.get(1) else { return string_answer(text) };
    let length = units(text) as i128;
    let place = |position: i128| {
        let from_start = if position < 0 { position + length } else { position };
        from_start.clamp(0, length) as usize
    };
    let end = match args.get(2) {
        Some(Some(Scalar::Num(end))) => place(end.to_i128()),
        _ => length as usize,
    };
    let (start, end) = (byte_at(text, place(start.to_i128())), byte_at(text, end));
    string_answer(text.get(start..end).unwrap_or_default())
}

/// A value as `string` writes it.
fn scalar_text(value: &Scalar<'_>) -> String {
    match value {
        Scalar::Str(text) => text.to_string(),
        Scalar::Num(number) => number_text(*number),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Date(instant) => instant.to_string(),
        Scalar::Ip(address) => address.to_canonical().to_string(),
        // Stands in predicates only.
        Scalar::Version(_) => String::new(),
    }
}
