//! The reader takes the language and nothing else: whatever it mends, names or guesses, a text has
//! findings exactly where the grammar (spec §1, §2.1) does not derive it.
//!
//! The grammar is written down here a second time, strictly and without recovery.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::diag::{DiagKind, Diagnostic};
use eqlens_engine::ingest::load;
use eqlens_engine::run::{Options, compile};
use eqlens_engine::schema::Mapping;
use eqlens_engine::syntax::format::format;
use eqlens_engine::syntax::lexer::lex;
use eqlens_engine::syntax::parser::parse;
use eqlens_engine::syntax::print::print;
use eqlens_tests::paths::{external, text};
use proptest::prelude::*;

/// A token as the grammar sees it: `i` identifier, `~` one with a tilde, `q` a quoted one, `s`
/// string, `n` number, `k` keyword, `p` symbol.
type Token = (char, String);

const KEYWORDS: [&str; 22] = [
    "and", "any", "by", "false", "in", "join", "like", "maxspan", "not", "null", "of", "or",
    "regex", "sample", "sequence", "true", "until", "where", "with", "in~", "like~", "regex~",
];

/// §1; `None` where some part is no token.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let c: Vec<char> = text.chars().collect();
    let at = |i: usize| c.get(i).copied().unwrap_or('\0');
    let has = |i: usize, word: &str| word.chars().enumerate().all(|(n, x)| at(i + n) == x);
    let (mut i, mut out) = (0, Vec::new());
    while i < c.len() {
        let start = i;
        let kind = match at(i) {
            ' ' | '\t' | '\r' | '\n' => {
                i += 1;
                continue;
            }
            '/' if at(i + 1) == '/' => {
                while i < c.len() && at(i) != '\n' && at(i) != '\r' {
                    i += 1;
                }
                continue;
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    if i >= c.len() {
                        return None;
                    } else if has(i, "/*") {
                        (depth, i) = (depth + 1, i + 2);
                    } else if has(i, "*/") {
                        (depth, i) = (depth - 1, i + 2);
                        if depth == 0 {
                            break;
                        }
                    } else {
                        i += 1;
                    }
                }
                continue;
            }
            '"' if has(i, r#"""""#) => {
                i += 3;
                while !has(i, r#"""""#) {
                    if i >= c.len() || at(i) == '\n' || at(i) == '\r' {
                        return None;
                    }
                    i += 1;
                }
                let is_empty = i == start + 3;
                i += 3;
                for _ in 0..2 {
                    i += usize::from(!is_empty && at(i) == '"');
                }
                's'
            }
            '"' => {
                i += 1;
                while at(i) != '"' {
                    if i >= c.len() || at(i) == '\n' || at(i) == '\r' {
                        return None;
                    }
                    if at(i) == '\\' {
                        i += 1;
                        if at(i) == 'u' {
                            let rest: String = c[i + 1..].iter().collect();
                            let digits = rest.strip_prefix('{')?.split_once('}')?.0;
                            let hex = digits.chars().all(|d| d.is_ascii_hexdigit());
                            if !hex || !(2..=8).contains(&digits.len()) {
                                return None;
                            }
                            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
                        } else if !"nrtbf\"'\\".contains(at(i)) {
                            return None;
                        }
                    }
                    i += 1;
                }
                i += 1;
                's'
            }
            '`' => {
                i += 1;
                loop {
                    match (at(i), at(i + 1)) {
                        _ if i >= c.len() => return None,
                        ('`', '`') => i += 2,
                        ('`', _) => break,
                        _ => i += 1,
                    }
                }
                i += 1;
                if i == start + 2 {
                    return None;
                }
                'q'
            }
            '?' if matches!(at(i + 1), '"' | '\'') => return None,
            x if x.is_ascii_digit() || x == '.' && at(i + 1).is_ascii_digit() => {
                let digits = |mut i: usize| {
                    while at(i).is_ascii_digit() {
                        i += 1;
                    }
                    i
                };
                i = digits(i);
                if at(i) == '.' {
                    i = digits(i + 1);
                }
                let sign = usize::from(matches!(at(i + 1), '+' | '-'));
                if matches!(at(i), 'e' | 'E') && at(i + 1 + sign).is_ascii_digit() {
                    i = digits(i + 1 + sign);
                }
                let number: String = c[start..i].iter().collect();
                if !number.parse::<f64>().unwrap().is_finite() {
                    return None;
                }
                'n'
            }
            x if x.is_ascii_alphabetic() || x == '_' || x == '@' => {
                while at(i).is_ascii_alphanumeric() || at(i) == '_' || i == start {
                    i += 1;
                }
                let is_fused = at(i) == '~' && x.is_ascii_alphabetic();
                i += usize::from(is_fused);
                let word: String = c[start..i].iter().collect();
                match KEYWORDS.contains(&word.as_str()) {
                    true => 'k',
                    false if is_fused => '~',
                    false => 'i',
                }
            }
            _ => {
                let symbols = ["![", "==", "!=", "<=", ">="];
                i += if symbols.iter().any(|symbol| has(i, symbol)) { 2 } else { 1 };
                if i == start + 1 && !":=<>+-*/%.,[]()|?".contains(at(start)) {
                    return None;
                }
                'p'
            }
        };
        out.push((kind, c[start..i].iter().collect()));
    }
    Some(out)
}

/// The grammar of §2.1. What it derives and Elasticsearch refuses while it reads (lineage, indexes)
/// is refused here, too.
struct Grammar {
    tokens: Vec<Token>,
    at: usize,
    /// It holds a join key that is no field (§2.20), of which other things may be said.
    has_odd_key: bool,
}

type Derived = Option<()>;

impl Grammar {
    fn is(&self, by: usize, kind: char, text: &str) -> bool {
        self.tokens
            .get(self.at + by)
            .is_some_and(|t| t.0 == kind && (text.is_empty() || t.1 == text))
    }

    fn opt(&mut self, kind: char, text: &str) -> bool {
        let is = self.is(0, kind, text);
        self.at += usize::from(is);
        is
    }

    fn take(&mut self, kind: char, text: &str) -> Derived {
        self.opt(kind, text).then_some(())
    }

    fn query(&mut self) -> Derived {
        let is_sequence = self.opt('k', "sequence");
        let is_join = !is_sequence && self.opt('k', "join");
        if is_sequence || is_join || self.opt('k', "sample") {
            self.header(is_sequence)?;
            self.term(is_sequence)?;
            while self.is(0, 'p', "[") || self.is(0, 'p', "![") {
                self.term(is_sequence)?;
            }
            if self.opt('k', "until") {
                self.term(is_sequence)?;
            }
        } else {
            self.filter()?;
        }
        while self.opt('p', "|") {
            self.take('i', "")?;
            if self.at < self.tokens.len() && !self.is(0, 'p', "|") {
                self.listed(Self::expr)?;
            }
        }
        (self.at == self.tokens.len()).then_some(())
    }

    fn header(&mut self, is_sequence: bool) -> Derived {
        let before = self.is(0, 'k', "by");
        self.keys()?;
        if is_sequence && self.opt('k', "with") {
            self.take('k', "maxspan")?;
            self.take('p', "=")?;
            self.take('n', "")?;
            self.opt('i', "");
            if !before {
                self.keys()?;
            }
        }
        Some(())
    }

    fn keys(&mut self) -> Derived {
        if self.opt('k', "by") { self.listed(Self::key) } else { Some(()) }
    }

    fn key(&mut self) -> Derived {
        let start = self.at;
        self.expr()?;
        let is_path = |t: &Token| matches!(t.0, 'i' | 'q') || [".", "?"].contains(&t.1.as_str());
        self.has_odd_key |= !self.tokens[start..self.at].iter().all(is_path);
        Some(())
    }

    fn listed(&mut self, item: fn(&mut Self) -> Derived) -> Derived {
        item(self)?;
        while self.opt('p', ",") {
            item(self)?;
        }
        Some(())
    }

    fn term(&mut self, is_sequence: bool) -> Derived {
        if !self.opt('p', "[") {
            self.take('p', "![")?;
        }
        self.filter()?;
        self.take('p', "]")?;
        self.keys()?;
        if is_sequence && self.opt('k', "with") {
            self.take('i', "")?;
            self.take('p', "=")?;
            self.take('n', "")?;
        }
        Some(())
    }

    fn filter(&mut self) -> Derived {
        if !self.opt('k', "any") && !self.opt('i', "") {
            self.take('s', "")?;
        }
        self.take('k', "where")?;
        self.expr()
    }

    fn expr(&mut self) -> Derived {
        self.not()?;
        while self.opt('k', "and") || self.opt('k', "or") {
            self.not()?;
        }
        Some(())
    }

    fn not(&mut self) -> Derived {
        while self.opt('k', "not") {}
        self.sum()?;
        if ["==", "!=", "<", "<=", ">", ">="].iter().any(|op| self.opt('p', op)) {
            self.sum()?;
        }
        Some(())
    }

    fn sum(&mut self) -> Derived {
        loop {
            while self.opt('p', "-") || self.opt('p', "+") {}
            self.primary()?;
            self.predicate()?;
            if !["+", "-", "*", "/", "%"].iter().any(|op| self.opt('p', op)) {
                return Some(());
            }
        }
    }

    fn predicate(&mut self) -> Derived {
        let by = usize::from(self.is(0, 'k', "not"));
        if self.is(by, 'k', "in") || self.is(by, 'k', "in~") {
            self.at += by + 1;
            self.take('p', "(")?;
            self.listed(Self::expr)?;
            return self.take('p', ")");
        }
        let is_pattern = self.opt('p', ":")
            || ["like", "like~", "regex", "regex~"].iter().any(|op| self.opt('k', op));
        if !is_pattern {
            return Some(());
        }
        if self.opt('p', "(") {
            self.listed(Self::constant)?;
            return self.take('p', ")");
        }
        self.constant()
    }

    fn constant(&mut self) -> Derived {
        let is = self.opt('s', "")
            || self.opt('n', "")
            || ["null", "true", "false"].iter().any(|word| self.opt('k', word));
        is.then_some(())
    }

    fn primary(&mut self) -> Derived {
        if self.constant().is_some() {
            return Some(());
        }
        if self.opt('p', "(") {
            self.expr()?;
            return self.take('p', ")");
        }
        if (self.is(0, 'i', "") || self.is(0, '~', "")) && self.is(1, 'p', "(") {
            // No function is called so, and it is told as the keyword.
            if self.tokens[self.at].1.eq_ignore_ascii_case("not") {
                return None;
            }
            self.at += 2;
            if self.opt('p', ")") {
                return Some(());
            }
            self.listed(Self::expr)?;
            return self.take('p', ")");
        }
        self.opt('p', "?");
        loop {
            if !self.opt('i', "") {
                self.take('q', "")?;
            }
            if !self.opt('p', ".") {
                return Some(());
            }
        }
    }
}

/// `None` where the grammar derives it and it is refused in any case.
fn derived(text: &str) -> Option<bool> {
    let Some(tokens) = tokens(text) else { return Some(false) };
    let mut grammar = Grammar { tokens, at: 0, has_odd_key: false };
    let derived = grammar.query().is_some();
    (!derived || !grammar.has_odd_key).then_some(derived)
}

fn derives(text: &str) -> bool {
    derived(text) == Some(true)
}

fn is_note(finding: &Diagnostic) -> bool {
    matches!(finding.kind, DiagKind::ForeignComment("--"))
}

fn is_refused(text: &str) -> bool {
    let (mapping, options) = (Mapping::default(), Options::default());
    compile(text, &mapping, &load("").store, &options).plan.is_none()
}

/// Does an arithmetic operator directly follow a number?
fn has_fused_sum(text: &str) -> bool {
    let pairs = text.as_bytes().windows(2);
    pairs.into_iter().any(|two| two[0].is_ascii_digit() && b"+-*/%".contains(&two[1]))
}

/// What is wrong with what the reader says of a text.
fn problem(text: &str) -> Option<String> {
    let (query, findings) = parse(text);
    // Deep nesting is a limit of its own.
    if findings.iter().any(|finding| finding.kind.code() == "E-214") {
        return None;
    }
    match (derived(text)?, findings.is_empty()) {
        // What the grammar derives may yet be put together wrongly (§11.3).
        (true, false) if findings.iter().all(|it| it.kind.code().starts_with("E-3")) => None,
        // Two signs in front of a word are a note where nothing is compared with the difference.
        (true, false) if !text.contains(['=', '<', '>']) && findings.iter().any(is_note) => None,
        // `x : 2026-01-01` is a difference, which no condition is.
        (true, false)
            if findings.iter().any(|it| it.kind.code() == "E-209") && has_fused_sum(text) =>
        {
            None
        }
        (true, false) => Some(format!("refused: {text}\n{findings:?}")),
        // What parts of a query can do without is checked after reading.
        (false, true) if is_refused(text) => None,
        (false, true) => Some(format!("taken: {text}\n{}", print(&query, text))),
        (true, true) => {
            let (read, _) = lex(text);
            let spelled: Vec<&str> = read.iter().map(|token| token.span.text(text)).collect();
            let parts = tokens(text)?;
            if !parts.iter().map(|token| token.1.as_str()).chain([""]).eq(spelled) {
                return Some(format!("other tokens: {text}"));
            }
            let printed = print(&query, text);
            let again = print(&parse(&printed).0, &printed);
            let formatted = format(text).unwrap_or_default();
            if print(&parse(&formatted).0, &formatted) != printed {
                return Some(format!("formatted it is another tree: {text}\n{formatted}"));
            }
            (printed != again).then(|| format!("{text}\n{printed}\n{again}"))
        }
        _ => None,
    }
}

/// Words that are keywords here, and words that are keywords elsewhere.
const WORDS: &str = "and any by false in join like maxspan not null of or regex sample sequence true until \
    where with in~ like~ regex~ from select index source search contains is exists between \
    within title detection has eq matches AND NOT Where sequnce startsWith~ length runs head \
    tail span x a.b @timestamp ?x `a``b` `` rule let table wher adn nto s 5 1.5 .5 1. 1e3 \
    0x1F 5s 7m 'a' == != < <= > >= : = + - * / % . , [ ![ ] ( ) | ? ! -- ; { } && || === <>";

/// The same with blanks, quotes and line ends in them.
const TEXTS: &[&str] = &[
    "? y",
    "`od d`",
    "`[(\"`",
    "\"a\"",
    "\"a | where b\"",
    "\"[(\\\"\"",
    "\"// no\"",
    "\"/* \"",
    "\"\"\"C:\\\"\"\"",
    "\"\"\"say \"hi\"\"\"\"",
    "\"\"\"\"\"\"",
    "\"\"\"[(\"\"\"",
    "\"it's\"",
    "\"\\u{1F600}\"",
    "\"\\w\"",
    "?\"a\"",
    "\u{201c}a\u{201d}",
    "-- ",
    "// \" [\n",
    "/* \" ( */",
    "/* /* ] */ */",
    "# x\n",
    "\r\n",
    "\t",
    "\n",
    "\u{a0}",
];

fn words() -> Vec<&'static str> {
    WORDS.split(' ').chain(TEXTS.iter().copied()).collect()
}

/// A sound condition.
fn condition() -> impl Strategy<Value = String> {
    let names = vec![
        "x",
        "contains",
        "is",
        "exists",
        "between",
        "within",
        "title",
        "from",
        "select",
        "NOT",
        "has",
        "a.b",
        "?x",
        "`od d`",
        "`[(\"`",
        "`a``b`",
        "IN",
        "Where",
        "rule",
        "null_",
        "eq.ne",
        "@t",
        "len(x)",
        "length(is, \"a)\")",
        "startsWith~(not_, \"[\")",
    ];
    let strings = vec![
        "\"a\"",
        "\"a | where b\"",
        "\"[(\\\"\"",
        "\"// no\"",
        "\"/* \"",
        "\"\"\"C:\\\"\"\"",
        "\"\"\"say \"hi\"\"\"\"",
        "\"\"\"\"\"\"",
        "\"\"\"[(\"\"\"",
        "\"it's\"",
        "\"-- x\"",
        "\"\\u{1F600}\\\\\"",
        "\"and or not\"",
        "\"SELECT * FROM\"",
        "5",
        "1.5",
        "- 1",
        "- -1",
        "null",
        "true",
    ];
    let string = prop::sample::select(strings);
    let name = prop::sample::select(names);
    let leaf = (name, 0..9, string.clone(), string).prop_map(|(name, form, a, b)| {
        let is_constant = !a.starts_with('-') && !b.starts_with('-');
        match form {
            0 => format!("{name}=={a}"),
            1 => format!("{a}!={name}"),
            2 => format!("{name} not in({a},{b})"),
            3 => format!("{name} in~ (\n{a},\n  {b}\n)"),
            4 if is_constant => format!("{name}:({a},{b})"),
            5 if is_constant => format!("{name} regex~{a}"),
            6 => format!("{name}-- {name}<{a}"),
            7 => format!("{name} + -- 1 >= {b}"),
            _ => name.to_owned(),
        }
    });
    leaf.prop_recursive(4, 8, 2, |inner| {
        let gap = prop::sample::select(vec![
            " ",
            "\n",
            "\r\n",
            "// \" ) [\n",
            "/* \" ( */",
            "/* /* ] */ */",
            "\t",
            " // it's\r\n",
            "// select from\r",
        ]);
        let (a, b) = (inner.clone(), inner.clone());
        prop_oneof![
            (gap.clone(), inner.clone()).prop_map(|(gap, a)| format!("not{gap}{a}")),
            inner.prop_map(|a| format!("({a})")),
            (a, gap, b, prop::bool::ANY).prop_map(|(a, gap, b, and)| {
                // A string or a number may stand directly before a word.
                let close = if a.ends_with(['"', ')', '5']) { "" } else { " " };
                format!("{a}{close}{}{gap}{b}", if and { "and" } else { "or" })
            }),
        ]
    })
}

fn sound() -> impl Strategy<Value = String> {
    let categories = vec![
        "any",
        "process",
        "from",
        "select",
        "index",
        "search",
        "\"any\"",
        "\"a | where\"",
        "\"\"\"sequence [\"\"\"",
        "title",
        "let",
        "rule",
        "row",
    ];
    let filter = (prop::sample::select(categories), condition())
        .prop_map(|(category, condition)| format!("{category} where {condition}"))
        .boxed();
    let keys = prop::sample::select(vec!["", " by is", " by ?x, `a b`.c", "/* by */by within"]);
    let term = (prop::sample::select(vec!["[", "!["]), filter.clone(), keys.clone(), 0..3_usize)
        .prop_map(|(open, filter, keys, runs)| {
            let runs = ["", " with runs=3", " with runs = 2"][runs];
            format!("{open}{filter}]{keys}{runs}")
        });
    let header = prop::sample::select(vec!["", " with maxspan=5m", " with maxspan = 10 s"]);
    let until = prop::sample::select(vec!["", " until [any where true] by x"]);
    let pipe = prop::sample::select(vec!["", "| head 5", "|tail -- 1|count a,b", "| where_ true"]);
    let sequence = (keys, header, prop::collection::vec(term, 1..4), until).prop_map(
        |(keys, header, terms, until)| {
            format!("sequence{keys}{header} {}{until}", terms.join("\r\n  "))
        },
    );
    (prop_oneof![filter, sequence], pipe).prop_map(|(query, pipe)| format!("{query} {pipe}"))
}

/// The text with some words at some places put in, or some of its parts taken out.
fn damaged(text: &str, edits: &[(usize, usize, bool)]) -> String {
    let (words, mut text) = (words(), text.to_owned());
    for (place, word, is_cut) in edits {
        let ends: Vec<usize> = text
            .char_indices()
            .filter(|(_, c)| !c.is_ascii_alphanumeric())
            .map(|(at, _)| at)
            .chain([0, text.len()])
            .collect();
        let at = ends[place % ends.len()];
        if *is_cut {
            let end = ends[(place / 7 + word) % ends.len()];
            if end > at && end - at < 40 {
                text.replace_range(at..end, "");
                continue;
            }
        }
        text.insert_str(at, &format!(" {} ", words[word % words.len()]));
    }
    text
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, bool)>> {
    prop::collection::vec((0..100_000_usize, 0..100_000_usize, prop::bool::ANY), 1..4)
}

/// The real queries: as they are, with comments between all tokens, with other line ends, and with
/// each token left out.
#[test]
fn real_queries_are_taken_where_the_grammar_takes_them() {
    let Some(corpus) = external("corpus/rules-open.ndjson") else { return };
    let mut problems = Vec::new();
    for (at, line) in text(&corpus).lines().enumerate() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = json["query"].as_str().unwrap();
        assert!(derives(query), "{query}");
        let tokens = tokens(query).unwrap();
        let joined = |gap: &str, skip: usize| {
            let kept = tokens.iter().enumerate().filter(|(n, _)| *n != skip);
            kept.map(|(_, token)| token.1.as_str()).collect::<Vec<_>>().join(gap)
        };
        for gap in ["\r\n", "/* \" ( */", " // it's \" [\n", "\t// a\r\n", "/*/* ] */ ' */"] {
            assert!(derives(&joined(gap, usize::MAX)), "{gap}{query}");
            problems.extend(problem(&joined(gap, usize::MAX)));
        }
        problems.extend(problem(query));
        let last = tokens.len().min(300);
        problems.extend((at % 7..last).step_by(7).filter_map(|skip| problem(&joined(" ", skip))));
    }
    assert!(
        problems.is_empty(),
        "{} failed:\n{}",
        problems.len(),
        problems[..problems.len().min(5)].join("\n")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn sound_queries_are_taken(query in sound()) {
        prop_assert!(derives(&query), "{query}");
        prop_assert_eq!(problem(&query), None);
    }

    #[test]
    fn damaged_queries_are_taken_where_the_grammar_takes_them(query in sound(), edits in edits()) {
        prop_assert_eq!(problem(&damaged(&query, &edits)), None);
    }

    #[test]
    fn words_in_a_row_are_taken_where_the_grammar_takes_them(
        words in prop::collection::vec(prop::sample::select(words()), 0..14),
        lead in prop::sample::select(vec!["", "any where ", "sequence by x [any where "]),
    ) {
        prop_assert_eq!(problem(&format!("{lead}{}", words.join(" "))), None);
    }
}
