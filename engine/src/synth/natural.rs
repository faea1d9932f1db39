//! What values look like where a rule leaves them open: texts by the name of their field, fillings
//! of wildcards, names of indices.

use crate::rule::IndexPatterns;
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Number, Scalar, parse_ip};

/// The first case begins at this time, 2026-03-12T09:00:00Z: there is no clock.
pub(super) const START: i64 = 1_773_306_000_000;

/// Takes a value, or passes it over; true ends the offers.
pub(super) type Take<'t> = &'t mut dyn FnMut(Scalar<'static>) -> bool;

/// By the end of a field's name the texts that fit there, as a list with bars. The first row that
/// fits counts.
const TEXTS: [(&str, &str); 24] = [
    ("os.type", "linux|windows|macos"),
    ("os.family", "debian|windows|darwin"),
    ("event.category", "process|file|network|registry|authentication"),
    ("event.type", "start|change|creation|connection|info|end|deletion"),
    ("event.outcome", "success|failure|unknown"),
    ("event.action", "started|modified|logged-in"),
    ("event.dataset", "endpoint.events.process|system.security"),
    ("event.module", "endpoint|system"),
    ("event.code", "4688|4624"),
    ("extension", "txt|dat"),
    ("executable", "/opt/acme/agent|C:\\Program Files\\Acme\\agent.exe"),
    ("path", "/srv/acme/report.txt|C:\\Users\\alice\\Documents\\report.txt"),
    ("directory", "/srv/acme|C:\\Users\\alice\\Documents"),
    ("command_line", "agent --run|agent.exe /run"),
    ("args", "--run|--verbose"),
    ("user.name", "alice|bob"),
    ("host.name", "web-07|ws-21"),
    ("email", "alice@acme.example|bob@acme.example"),
    ("domain", "acme.example|ACME"),
    ("subject_name", "Acme Corporation|Example Ltd"),
    ("question.name", "files.acme.example|updates.example.net"),
    ("hostname", "web-07|ws-21"),
    ("protocol", "http|dns"),
    ("name", "agent|updater"),
];

/// Addresses: of a company, of the Internet, IPv6.
const ADDRESSES: [&str; 6] =
    ["10.20.1.41", "45.83.64.11", "172.20.3.9", "192.168.56.10", "127.0.0.1", "2a01:4f8:1::7"];

/// Offers values that a field of this name and type may have. `n` tells equal fields of different
/// cases apart; 0 where it does not matter.
pub(super) fn natural(column: &str, ty: &Type, n: u32, take: Take<'_>) -> bool {
    match ty {
        Type::Boolean => [true, false].into_iter().any(|value| take(Scalar::Bool(value))),
        Type::Date(_) => take(Scalar::Date(Instant::from_millis(START + i64::from(n)))),
        Type::Integer | Type::Decimal => {
            let base = match column.rsplit('.').next().unwrap_or_default() {
                // A process and its parent are two.
                "pid" => 4100 + column.len() as i64,
                "port" => 49_200,
                _ => 1,
            };
            let n = i64::from(n) * if base > 1 { 40 } else { 1 };
            [base, 0, 7].into_iter().any(|base| take(number(base + n)))
        }
        Type::Ip => {
            let own = (n > 0).then(|| format!("10.20.{}.{}", n / 250 % 250, n % 250 + 1));
            let mut all = own.iter().map(String::as_str).chain(ADDRESSES);
            all.any(|text| parse_ip(text).is_some_and(|address| take(Scalar::Ip(address))))
        }
        _ => texts(column, n, take),
    }
}

fn texts(column: &str, n: u32, take: Take<'_>) -> bool {
    if column.ends_with("id") || column.ends_with("hash") || column.contains("hash.") {
        // Reads like an identifier, and is the same whenever it is made.
        let seed = column.bytes().fold(u64::from(n) + 1, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
        });
        return text(format!("{seed:016x}"), take);
    }
    let known = alternatives(column).unwrap_or("value|other");
    known.split('|').any(|known| {
        let numbered = if n > 0 { format!("{known}-{n}") } else { known.to_owned() };
        text(numbered, take)
    })
}

/// The values that are usual in a field of this name, in a list with bars.
fn alternatives(column: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(end, _)| column.ends_with(end)).map(|(_, known)| *known)
}

/// Offers texts that are not this one, as like it as they can be.
pub(super) fn others(column: &str, like: &str, take: Take<'_>) -> bool {
    // A field whose values are a small vocabulary has another of them.
    let closed = ["os.type", "event.category", "event.type", "event.outcome"];
    if closed.iter().any(|end| column.ends_with(end)) && texts(column, 0, take) {
        return true;
    }
    let dot = like.rfind('.').filter(|at| *at > 0 && like.len() - at <= 5).unwrap_or(like.len());
    let (stem, end) = like.split_at(dot);
    text(format!("{stem}-other{end}"), take)
        || text(format!("{like}-other"), take)
        || text(format!("other-{like}"), take)
        || texts(column, 0, take)
}

fn text(text: String, take: Take<'_>) -> bool {
    take(Scalar::Str(text.into()))
}

pub(super) fn number(int: i64) -> Scalar<'static> {
    Scalar::Num(Number::Int(int))
}

/// How many ways there are to fill a wildcard.
pub(super) const FILLINGS: usize = 3;

/// A text that the wildcard matches, the given one of [`FILLINGS`].
pub(super) fn filled(pattern: &str, way: usize) -> String {
    let mut text = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '*' => {
                while rest.next_if_eq(&'*').is_some() {}
                text.push_str(stars(text.chars().next_back(), rest.peek().copied(), way));
            }
            '?' if rest.peek() == Some(&':') => text.push(way_of("C|D|E", way)),
            '?' => text.push(way_of("a|1|x", way)),
            c => text.push(c),
        }
    }
    text
}

fn way_of(ways: &'static str, way: usize) -> char {
    ways.split('|').nth(way).and_then(|way| way.chars().next()).unwrap_or('x')
}

/// What a star becomes between two characters.
fn stars(before: Option<char>, after: Option<char>, way: usize) -> &'static str {
    let slash = |c: char| matches!(c, '\\' | '/');
    let ways = match (before, after) {
        (None, None) => "value|x|1",
        (None, Some('\\')) => "C:\\Users\\alice|D:\\tools|E:",
        (None, Some('/')) => "/home/alice|/opt/app|/srv",
        (None, Some('.')) => "sample|app|x1",
        (Some(c), Some('.')) if slash(c) => "sample|app|x1",
        (Some(a), Some(b)) if slash(a) && slash(b) => "alice|app|x1",
        (Some('.'), None) => "cache|x|1",
        (Some('\\'), None) => "app.exe|data.bin|x",
        (Some('/'), None) => "app|data.bin|x",
        (Some(' '), _) | (_, Some(' ')) => "x|-x|1",
        (None | Some(_), Some(_)) => "|x|1",
        (Some(_), None) => "|1|-x",
    };
    ways.split('|').nth(way).unwrap_or("x")
}

/// An index that a rule with these patterns searches, named after what its events are; `None` where
/// it searches none.
pub(super) fn index(patterns: &[String], kind: &str) -> Option<String> {
    let searched = IndexPatterns::new(patterns);
    if patterns.is_empty() {
        return Some("logs-synthetic-default".into());
    }
    let elements = patterns.iter().flat_map(|pattern| pattern.split(','));
    let names = elements.map(str::trim).filter(|element| !element.starts_with('-'));
    let named = |element: &str, fill: &str| element.replacen('*', fill, 1).replace('*', "default");
    let of_kind = format!("{kind}-default");
    names
        .flat_map(|element| {
            let first = if element.ends_with(".*") { &of_kind } else { "default" };
            [named(element, first), named(element, "synthetic"), named(element, "x")]
        })
        .find(|name| !name.is_empty() && searched.search(name))
}
