//! `<7-123>`: decimal numbers between two bounds (spec §5.13).

use super::error::RegexErrorKind;
use super::expr::{self, Arena, Expr};

/// The expression for what stands between the angle brackets, and its size. Any number of leading
/// zeros may stand before a number, unless both bounds are written with the same number of digits:
/// then a number has exactly that many.
pub(super) fn expression(arena: &mut Arena, text: &str) -> Result<(Expr, u64), RegexErrorKind> {
    let (first, last) = text.split_once('-').ok_or(RegexErrorKind::BadInterval)?;
    let (a, b) = (bound(first)?, bound(last)?);
    let (low, high) = (a.min(b), a.max(b));
    if first.len() == last.len() {
        // Bounds such as `<00…01-00…09>` may be longer than their value: the digits in front are
        // zeros.
        let digits = high.to_string().len();
        let zeros = u32::try_from(first.len() - digits).unwrap_or(u32::MAX);
        let zero = digit(arena, b'0', b'0');
        let zeros_expr = arena.repeat(zero, zeros, zeros);
        let (low, high) = (format!("{low:0digits$}"), high.to_string());
        let (numbers, size) = fixed(arena, low.as_bytes(), high.as_bytes());
        return Ok((arena.concat(zeros_expr, numbers), size + u64::from(zeros)));
    }
    // One piece for each length, so that no number in a piece begins with a zero (save 0 itself).
    let (mut parts, mut size) = (Vec::new(), 1);
    let mut least = 0;
    for digits in 1..=high.to_string().len() {
        let most = 10_u64.pow(u32::try_from(digits).unwrap_or_default()) - 1;
        let (from, to) = (low.max(least), high.min(most));
        if from <= to {
            let (piece, piece_size) =
                fixed(arena, from.to_string().as_bytes(), to.to_string().as_bytes());
            parts.push(piece);
            size += piece_size;
        }
        least = most + 1;
    }
    let numbers = arena.union(parts);
    let zero = digit(arena, b'0', b'0');
    let zeros = arena.repeat(zero, 0, expr::UNBOUNDED);
    Ok((arena.concat(zeros, numbers), size))
}

/// A bound: digits alone, not above what Lucene's integers hold.
fn bound(text: &str) -> Result<u64, RegexErrorKind> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RegexErrorKind::BadInterval);
    }
    match text.parse() {
        Ok(number) if number <= i32::MAX as u64 => Ok(number),
        _ => Err(RegexErrorKind::IntervalTooLarge),
    }
}

/// The numbers between two bounds of the same number of digits, with exactly that many.
fn fixed(arena: &mut Arena, low: &[u8], high: &[u8]) -> (Expr, u64) {
    let (Some((a, low)), Some((b, high))) = (low.split_first(), high.split_first()) else {
        return (expr::EMPTY_TEXT, 0);
    };
    let count = low.len();
    if *a == b'0' && *b == b'9' && low.iter().all(|d| *d == b'0') && high.iter().all(|d| *d == b'9')
    {
        let any = any_digits(arena, count + 1);
        return (any, count as u64 + 1);
    }
    if a == b {
        let head = digit(arena, *a, *b);
        let (tail, size) = fixed(arena, low, high);
        return (arena.concat(head, tail), size + 1);
    }
    // The smallest first digit, the greatest, and those in between, after which anything goes.
    let (nines, zeros) = (vec![b'9'; count], vec![b'0'; count]);
    let mut parts = Vec::new();
    let mut total = 0;
    for (first, low, high) in [(*a, low, nines.as_slice()), (*b, zeros.as_slice(), high)] {
        let head = digit(arena, first, first);
        let (tail, size) = fixed(arena, low, high);
        parts.push(arena.concat(head, tail));
        total += size + 1;
    }
    if a + 1 < *b {
        let head = digit(arena, a + 1, b - 1);
        let tail = any_digits(arena, count);
        parts.push(arena.concat(head, tail));
        total += count as u64 + 1;
    }
    (arena.union(parts), total)
}

fn digit(arena: &mut Arena, first: u8, last: u8) -> Expr {
    arena.set(vec![(first.into(), last.into())])
}

fn any_digits(arena: &mut Arena, count: usize) -> Expr {
    let any = digit(arena, b'0', b'9');
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    arena.repeat(any, count, count)
}
