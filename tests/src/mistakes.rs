//! Mistakes made on purpose: a sound query, one mistake of a kind, and where a person would point.

use eqlens_engine::syntax::lexer::lex;
use eqlens_engine::syntax::token::{Keyword, Symbol, Tok, Token};

/// A sequence of numbers that is the same in every run.
pub struct Dice(u64);

impl Dice {
    /// The sequence that begins with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below a limit; 0 where the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }

    /// One of them.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }
}

/// A query with a mistake in it.
#[derive(Debug)]
pub struct Mistaken {
    /// The text.
    pub query: String,
    /// Where a person might point, in bytes.
    pub places: Vec<usize>,
}

/// Every kind of mistake that [`make`] knows.
pub const KINDS: &[&str] = &[
    "unclosed-paren",
    "extra-close-paren",
    "extra-open-paren",
    "unclosed-step-bracket",
    "missing-open-bracket",
    "extra-close-bracket",
    "unterminated-string",
    "missing-open-quote",
    "bad-escape",
    "single-quoted-string",
    "single-equals",
    "foreign-operator",
    "keyword-misspelled",
    "function-misspelled",
    "missing-operand",
    "missing-operator",
    "missing-and-or",
    "doubled-operator",
    "trailing-operator",
    "leading-operator",
    "empty-list",
    "trailing-comma",
    "missing-comma",
    "double-comma",
    "list-without-parens",
    "maxspan-bad-unit",
    "maxspan-bad-value",
    "maxspan-missing-part",
    "unknown-with-parameter",
    "by-without-fields",
    "missing-by",
    "by-count-mismatch",
    "until-misplaced",
    "until-without-step",
    "empty-step",
    "step-without-where",
    "missing-where",
    "missing-category",
    "missing-condition",
    "runs-bad",
    "missing-event-without-maxspan",
    "missing-event-outside-sequence",
    "string-predicate-on-number",
    "function-wrong-arity",
    "bad-pipe",
    "unclosed-comment",
    "unclosed-backtick",
    "keyword-as-field",
    "illegal-character",
    "truncated",
    "trailing-junk",
    "uppercase-keyword",
    "bad-number",
    "bad-optional-marker",
    "literal-of-wrong-type-in-logic",
    "empty-or-comment-only",
    "field-compared-to-field",
];

struct Making<'q> {
    query: &'q str,
    tokens: Vec<Token>,
}

impl Making<'_> {
    /// Positions of the tokens of a kind.
    fn all(&self, is: impl Fn(&Tok) -> bool) -> Vec<usize> {
        self.tokens.iter().enumerate().filter(|(_, t)| is(&t.kind)).map(|(at, _)| at).collect()
    }

    fn kind(&self, at: usize) -> &Tok {
        self.tokens.get(at).map_or(&Tok::End, |token| &token.kind)
    }

    fn start(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(self.query.len(), |token| token.span.start as usize)
    }

    fn end(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(self.query.len(), |token| token.span.end as usize)
    }

    fn text(&self, at: usize) -> &str {
        self.query.get(self.start(at)..self.end(at)).unwrap_or_default()
    }

    /// The text with a range replaced.
    fn with(&self, from: usize, to: usize, text: &str, places: &[usize]) -> Option<Mistaken> {
        let query = format!("{}{text}{}", self.query.get(..from)?, self.query.get(to..)?);
        let end = query.trim_end().len();
        let places = places.iter().map(|at| if *at == usize::MAX { end } else { *at }).collect();
        Some(Mistaken { query, places })
    }

    /// The token replaced; the place is where it stood.
    fn replaced(&self, at: usize, text: &str) -> Option<Mistaken> {
        let start = self.start(at);
        self.with(start, self.end(at), text, &[start])
    }

    /// The token deleted; the place is the next one.
    fn deleted(&self, at: usize, more: &[usize]) -> Option<Mistaken> {
        let (start, end) = (self.start(at), self.end(at));
        let next = self.start(at + 1) - (end - start);
        let mut places = vec![start, next];
        places.extend(more);
        self.with(start, end, "", &places)
    }

    /// The opening partner of a closing bracket.
    fn partner(&self, close: usize) -> usize {
        let mut open = 0;
        for at in (0..=close).rev() {
            match self.kind(at) {
                Tok::Symbol(Symbol::CloseParen | Symbol::CloseBracket) => open += 1,
                Tok::Symbol(Symbol::OpenParen | Symbol::OpenBracket | Symbol::NotBracket) => {
                    open -= 1;
                    if open == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
        0
    }

    /// Where the term ends that holds a token.
    fn term_end(&self, at: usize) -> usize {
        (at..self.tokens.len())
            .find(|at| is_symbol(self.kind(*at), Symbol::CloseBracket))
            .map_or(usize::MAX, |at| self.start(at))
    }
}

fn is_symbol(kind: &Tok, symbol: Symbol) -> bool {
    *kind == Tok::Symbol(symbol)
}

fn is_compare(kind: &Tok) -> bool {
    matches!(kind, Tok::Symbol(Symbol::Equal | Symbol::NotEqual | Symbol::Colon))
}

fn is_word(kind: &Tok) -> bool {
    matches!(kind, Tok::Keyword(Keyword::And | Keyword::Or))
}

/// Makes a mistake of the kind somewhere in the query; `None` where it has no place for one.
#[must_use]
#[allow(clippy::too_many_lines, reason = "one arm for each kind")]
pub fn make(kind: &str, query: &str, dice: &mut Dice) -> Option<Mistaken> {
    let (tokens, _) = lex(query);
    let m = Making { query, tokens };
    let is_steps = matches!(m.kind(0), Tok::Keyword(Keyword::Sequence | Keyword::Sample));
    let symbols = |symbol| m.all(|kind| is_symbol(kind, symbol));
    let keywords = |keyword| m.all(|kind| *kind == Tok::Keyword(keyword));
    let strings = || m.all(|kind| matches!(kind, Tok::Str(_)));
    let plain = |at: &usize| m.text(*at).len() > 3 && !m.text(*at).starts_with("\"\"\"");
    let brackets = || m.all(|k| matches!(k, Tok::Symbol(Symbol::OpenBracket)));
    let list_opens = || -> Vec<usize> {
        symbols(Symbol::OpenParen)
            .into_iter()
            .filter(|at| matches!(m.kind(*at + 1), Tok::Str(_)))
            .filter(|at| {
                at.checked_sub(1).is_some_and(|at| {
                    matches!(
                        m.kind(at),
                        Tok::Keyword(Keyword::In | Keyword::Like) | Tok::Symbol(Symbol::Colon)
                    )
                })
            })
            .collect()
    };
    let pick = |dice: &mut Dice, all: Vec<usize>| dice.of(&all).copied();
    match kind {
        "unclosed-paren" => {
            let at = pick(dice, symbols(Symbol::CloseParen))?;
            let stop = m.term_end(at);
            let stop = if stop == usize::MAX { stop } else { stop - 1 };
            m.deleted(at, &[m.start(m.partner(at)), stop, usize::MAX])
        }
        "extra-close-paren" => {
            let at = pick(dice, strings())?;
            let place = m.end(at);
            // Reading stops where one too many closes.
            let mut depth = 0;
            let mut stop = usize::MAX;
            for at in 0..m.tokens.len() {
                match m.kind(at) {
                    Tok::Symbol(Symbol::OpenParen) => depth += 1,
                    Tok::Symbol(Symbol::CloseParen) => depth -= 1,
                    _ => {}
                }
                if depth <= 0 && m.start(at) > place && is_symbol(m.kind(at), Symbol::CloseParen) {
                    stop = m.start(at) + 1;
                    break;
                }
            }
            m.with(place, place, ")", &[place, stop])
        }
        "extra-open-paren" => {
            let words = m.all(is_word);
            let at = pick(dice, words)? + 1;
            let place = m.start(at);
            let stop = m.term_end(at);
            m.with(place, place, "(", &[place, stop.saturating_add(1), usize::MAX])
        }
        "unclosed-step-bracket" => {
            let at = pick(dice, symbols(Symbol::CloseBracket)).filter(|_| is_steps)?;
            m.deleted(at, &[m.start(m.partner(at))])
        }
        "missing-open-bracket" => m.deleted(pick(dice, brackets()).filter(|_| is_steps)?, &[]),
        "extra-close-bracket" => {
            let end = m.end(m.tokens.len() - 2);
            m.with(end, end, "]", &[end])
        }
        "unterminated-string" => {
            let at = pick(dice, strings().into_iter().filter(plain).collect())?;
            let end = m.end(at);
            let line = query.get(end..)?.find('\n').map_or(query.len(), |n| end + n);
            m.with(end - 1, end, "", &[m.start(at), line - 1])
        }
        "missing-open-quote" => {
            let word = |at: &usize| {
                m.text(*at).get(1..2).is_some_and(|c| c.chars().all(char::is_alphanumeric))
            };
            let at = pick(dice, strings().into_iter().filter(plain).filter(word).collect())?;
            let start = m.start(at);
            m.with(start, start + 1, "", &[start, m.end(at) - 2])
        }
        "bad-escape" => {
            let (at, _) =
                query.match_indices(r"\\").nth(dice.below(query.matches(r"\\").count()))?;
            let next = query.get(at + 2..)?.chars().next()?;
            if "nrtbfu\"'\\".contains(next) {
                return None;
            }
            let open = m
                .tokens
                .iter()
                .find(|t| t.span.start as usize <= at && at < t.span.end as usize)?;
            if query.get(open.span.start as usize..)?.starts_with("\"\"\"")
                || !matches!(open.kind, Tok::Str(_))
            {
                return None;
            }
            m.with(at, at + 1, "", &[at, open.span.start as usize])
        }
        "single-quoted-string" => {
            let at = pick(dice, strings().into_iter().filter(plain).collect())?;
            let inner = m.text(at).trim_matches('"').to_owned();
            (!inner.contains(['"', '\''])).then(|| m.replaced(at, &format!("'{inner}'")))?
        }
        "single-equals" => m.replaced(pick(dice, symbols(Symbol::Equal))?, "="),
        "foreign-operator" => {
            let at = pick(
                dice,
                m.all(|k| {
                    is_word(k)
                        || matches!(
                            k,
                            Tok::Symbol(Symbol::Equal | Symbol::NotEqual)
                                | Tok::Keyword(Keyword::Not)
                        )
                }),
            )?;
            let text = match m.text(at) {
                "and" => *dice.of(&["&&", "&"])?,
                "or" => "||",
                "==" => "===",
                "!=" => "<>",
                _ => "!",
            };
            m.replaced(at, text)
        }
        "keyword-misspelled" => {
            let at = pick(
                dice,
                m.all(|k| {
                    matches!(
                        k,
                        Tok::Keyword(
                            Keyword::And
                                | Keyword::Or
                                | Keyword::Not
                                | Keyword::Where
                                | Keyword::Sequence
                                | Keyword::By
                                | Keyword::In
                                | Keyword::Like
                                | Keyword::Maxspan
                                | Keyword::With
                        )
                    )
                }),
            )?;
            let word = m.text(at);
            let text = match word.len() {
                2 => word.chars().rev().collect(),
                n => {
                    let drop = 1 + dice.below(n - 1);
                    format!("{}{}", word.get(..drop)?, word.get(drop + 1..)?)
                }
            };
            let mut made = m.replaced(at, &text)?;
            let shift = word.len() - text.len();
            made.places.push(m.start(at + 1) - shift);
            Some(made)
        }
        "function-misspelled" | "function-wrong-arity" => {
            let calls = symbols(Symbol::OpenParen).into_iter().filter_map(|at| at.checked_sub(1));
            let calls = calls.filter(|at| matches!(m.kind(*at), Tok::Ident | Tok::TildeIdent));
            let at = pick(dice, calls.collect())?;
            if kind == "function-misspelled" {
                return m.replaced(at, &format!("{}x", m.text(at).trim_end_matches('~')));
            }
            let mut close = at + 1;
            let mut depth = 0;
            loop {
                match m.kind(close) {
                    Tok::Symbol(Symbol::OpenParen) => depth += 1,
                    Tok::Symbol(Symbol::CloseParen) => depth -= 1,
                    Tok::End => return None,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                close += 1;
            }
            m.with(m.end(at + 1), m.start(close), "", &[m.start(at)])
        }
        "missing-operand" => {
            let at = pick(dice, m.all(is_compare))?;
            matches!(m.kind(at + 1), Tok::Str(_)).then(|| m.deleted(at + 1, &[m.start(at)]))?
        }
        "missing-operator" => {
            let at = pick(dice, m.all(is_compare))?;
            matches!(m.kind(at + 1), Tok::Str(_) | Tok::Number(_)).then(|| m.deleted(at, &[]))?
        }
        "missing-and-or" => m.deleted(pick(dice, m.all(is_word))?, &[]),
        "doubled-operator" => {
            let at = pick(
                dice,
                m.all(|k| is_compare(k) || is_word(k) || *k == Tok::Keyword(Keyword::In)),
            )?;
            let end = m.end(at);
            let text = format!(" {}", m.text(at));
            m.with(end, end, &text, &[m.start(at), end + 1])
        }
        "trailing-operator" => {
            let end = m.end(m.tokens.len() - 2);
            let operator = dice.of(&[" and", " or", " not", " =="])?;
            (!is_steps).then(|| m.with(end, end, operator, &[end + 1, usize::MAX]))?
        }
        "leading-operator" => {
            let at = pick(dice, keywords(Keyword::Where))?;
            let end = m.end(at);
            m.with(end, end, dice.of(&[" or", " and"])?, &[end + 1])
        }
        "empty-list" => {
            let at = pick(dice, list_opens())?;
            let close =
                (at..m.tokens.len()).find(|at| is_symbol(m.kind(*at), Symbol::CloseParen))?;
            m.with(m.end(at), m.start(close), "", &[m.start(at), m.end(at)])
        }
        "trailing-comma" => {
            let at = pick(dice, list_opens())?;
            let close =
                (at..m.tokens.len()).find(|at| is_symbol(m.kind(*at), Symbol::CloseParen))?;
            let place = m.end(close - 1);
            m.with(place, place, ",", &[place, m.start(close) + 1])
        }
        "missing-comma" => {
            let commas = symbols(Symbol::Comma)
                .into_iter()
                .filter(|at| matches!(m.kind(*at + 1), Tok::Str(_)));
            m.deleted(pick(dice, commas.collect())?, &[])
        }
        "double-comma" => {
            let commas = symbols(Symbol::Comma)
                .into_iter()
                .filter(|at| matches!(m.kind(*at + 1), Tok::Str(_)));
            let end = m.end(pick(dice, commas.collect())?);
            m.with(end, end, ",", &[end])
        }
        "list-without-parens" => {
            let at = pick(
                dice,
                list_opens()
                    .into_iter()
                    .filter(|at| *m.kind(*at - 1) == Tok::Keyword(Keyword::In))
                    .collect(),
            )?;
            let close =
                (at..m.tokens.len()).find(|at| is_symbol(m.kind(*at), Symbol::CloseParen))?;
            let inner = m.query.get(m.end(at)..m.start(close))?;
            m.with(m.start(at), m.end(close), inner, &[m.start(at), m.start(at + 1) - 1])
        }
        "maxspan-bad-unit" | "maxspan-bad-value" | "maxspan-missing-part" => {
            let at = pick(dice, keywords(Keyword::Maxspan))?;
            let (equals, number, unit) = (at + 1, at + 2, at + 3);
            match kind {
                "maxspan-bad-unit" => {
                    let text = dice.of(&["x", "sec", "M", "w", "hours"])?;
                    let mut made = m.replaced(unit, text)?;
                    made.places.push(m.start(number));
                    Some(made)
                }
                "maxspan-bad-value" => {
                    let text = dice.of(&["0", "-5", "1.5", "0.5"])?;
                    m.replaced(number, text)
                }
                _ => match dice.below(3) {
                    0 => m.deleted(equals, &[]),
                    1 => m.deleted(unit, &[m.start(number)]),
                    _ => m.with(
                        m.start(number),
                        m.end(unit),
                        "",
                        &[m.start(number), m.start(unit + 1) - (m.end(unit) - m.start(number))],
                    ),
                },
            }
        }
        "unknown-with-parameter" => m.replaced(
            pick(dice, keywords(Keyword::Maxspan))?,
            dice.of(&["span", "timespan", "foo", "window"])?,
        ),
        "by-without-fields" => {
            let at = pick(dice, keywords(Keyword::By))?;
            let mut end = at + 1;
            while matches!(
                m.kind(end),
                Tok::Ident
                    | Tok::Symbol(Symbol::Dot | Symbol::Comma | Symbol::Optional)
                    | Tok::QuotedIdent(_)
            ) {
                end += 1;
            }
            let length = m.start(end) - m.start(at + 1);
            m.with(m.start(at + 1), m.start(end), "", &[m.start(at), m.start(end) - length])
        }
        "missing-by" => {
            m.deleted(pick(dice, keywords(Keyword::By).into_iter().take(1).collect())?, &[])
        }
        "by-count-mismatch" => {
            let has_keys = keywords(Keyword::By).len() > 1;
            let last = *symbols(Symbol::CloseBracket).last().filter(|_| is_steps && !has_keys)?;
            let until = !keywords(Keyword::Until).is_empty();
            let end = m.end(last);
            (!until)
                .then(|| m.with(end, end, " by host.id", &[end + 1, m.start(m.partner(last))]))?
        }
        "until-misplaced" => {
            let at = *brackets().first().filter(|_| is_steps)?;
            let place = m.start(at);
            m.with(place, place, "until [any where true] ", &[place])
        }
        "until-without-step" => {
            let end = m.end(m.tokens.len() - 2);
            let until = keywords(Keyword::Until).is_empty() && symbols(Symbol::Pipe).is_empty();
            (is_steps && until).then(|| m.with(end, end, " until", &[end + 1, usize::MAX]))?
        }
        "empty-step" => {
            let at = pick(dice, brackets()).filter(|_| is_steps)?;
            let close =
                (at..m.tokens.len()).find(|at| is_symbol(m.kind(*at), Symbol::CloseBracket))?;
            m.with(m.end(at), m.start(close), "", &[m.start(at), m.end(at)])
        }
        "step-without-where" => {
            let at = pick(dice, brackets()).filter(|_| is_steps)?;
            let close =
                (at..m.tokens.len()).find(|at| is_symbol(m.kind(*at), Symbol::CloseBracket))?;
            m.with(
                m.end(at + 1),
                m.start(close),
                "",
                &[m.start(at), m.start(at + 1), m.end(at + 1)],
            )
        }
        "missing-where" => m.deleted(pick(dice, keywords(Keyword::Where))?, &[]),
        "missing-category" => {
            let at = pick(dice, keywords(Keyword::Where))?;
            m.deleted(at - 1, &[])
        }
        "missing-condition" => {
            let at = *keywords(Keyword::Where).last()?;
            let close = (at..m.tokens.len()).find(|at| {
                matches!(m.kind(*at), Tok::Symbol(Symbol::CloseBracket | Symbol::Pipe) | Tok::End)
            })?;
            m.with(m.end(at), m.start(close), "", &[m.start(at), m.end(at)])
        }
        "runs-bad" => {
            let last = *symbols(Symbol::CloseBracket).last().filter(|_| is_steps)?;
            let bad = dice.of(&["1.5", "0", "-1", "\"2\"", "101"])?;
            let free = *m.kind(last + 1) == Tok::End;
            let end = m.end(last);
            free.then(|| m.with(end, end, &format!(" with runs={bad}"), &[end + 11, end + 6]))?
        }
        "missing-event-without-maxspan" => {
            let at = pick(dice, brackets())
                .filter(|_| is_steps && keywords(Keyword::Maxspan).is_empty())?;
            if *m.kind(0) == Tok::Keyword(Keyword::Sample) {
                return None;
            }
            m.with(m.start(at), m.start(at), "!", &[m.start(at), 0])
        }
        "missing-event-outside-sequence" => {
            let query = format!("![{query}]");
            (!is_steps && symbols(Symbol::Pipe).is_empty())
                .then_some(Mistaken { query, places: vec![0] })
        }
        "string-predicate-on-number" => {
            let at = pick(dice, symbols(Symbol::Colon))?;
            matches!(m.kind(at + 1), Tok::Str(_)).then(|| m.replaced(at + 1, "0"))?
        }
        "field-compared-to-field" => {
            let at = pick(dice, symbols(Symbol::Equal))?;
            let made = matches!(m.kind(at + 1), Tok::Str(_))
                .then(|| m.replaced(at + 1, "destination.ip"))?;
            made.map(|mut made| {
                made.places.push(m.start(at));
                made
            })
        }
        "bad-pipe" => {
            let end = m.end(m.tokens.len() - 2);
            let pipe = dice.of(&[
                " | head (",
                " | heda 5",
                " | head",
                " | head -1",
                " | count",
                " | head 5, 6",
                " |",
                " | 5",
            ])?;
            let sample = *m.kind(0) == Tok::Keyword(Keyword::Sample);
            (!sample).then(|| m.with(end, end, pipe, &[end + 1, end + 3, end + 8, usize::MAX]))?
        }
        "unclosed-comment" => {
            let at = pick(dice, m.all(is_word))?;
            let place = m.start(at);
            (!query.contains("*/")).then(|| m.with(place, place, "/* note ", &[place]))?
        }
        "unclosed-backtick" => {
            let at = pick(dice, m.all(is_word))? + 1;
            let place = m.start(at);
            let ident = *m.kind(at) == Tok::Ident && !query.contains('`');
            ident.then(|| m.with(place, place, "`", &[place]))?
        }
        "keyword-as-field" => {
            let at = pick(dice, symbols(Symbol::Dot))? + 1;
            let next = matches!(m.kind(at), Tok::Ident);
            let word = dice.of(&["in", "by", "any", "like", "sequence", "and", "where"])?;
            next.then(|| m.replaced(at, word))?
        }
        "illegal-character" => {
            let at = pick(dice, m.all(|k| matches!(k, Tok::Ident | Tok::Str(_)) || is_word(k)))?;
            let place = m.start(at);
            let c = dice.of(&["$ ", "# ", "; ", "^ ", "~ ", "& ", "{ ", "\u{a0}", "@ "])?;
            m.with(place, place, c, &[place])
        }
        "truncated" => {
            let at = query.len() / 4 + dice.below(query.len() / 2);
            let at = (at..query.len()).find(|at| query.is_char_boundary(*at))?;
            let cut = query.get(..at)?.trim_end();
            let in_string =
                m.tokens.iter().find(|t| (t.span.start as usize) < at && at < t.span.end as usize);
            let open = in_string.map_or(cut.len(), |t| t.span.start as usize);
            Some(Mistaken { query: cut.to_owned(), places: vec![cut.len(), open] })
        }
        "trailing-junk" => {
            let end = m.end(m.tokens.len() - 2);
            let junk = dice.of(&[" .", " )", " ]", " foo", " ,", " }", " \"x\"", " 5"])?;
            m.with(end, end, junk, &[end + 1, usize::MAX])
        }
        "uppercase-keyword" => {
            let at = pick(dice, m.all(|k| matches!(k, Tok::Keyword(k) if k.text().chars().all(char::is_alphabetic) && !matches!(k, Keyword::True | Keyword::False | Keyword::Null | Keyword::Any))))?;
            m.replaced(at, &m.text(at).to_uppercase())
        }
        "bad-number" => {
            let at = pick(dice, symbols(Symbol::Equal))? + 1;
            let bad = dice.of(&["1_000", "0x1F", "1.2.3", "12ab", "1e999"])?;
            matches!(m.kind(at), Tok::Str(_) | Tok::Number(_)).then(|| m.replaced(at, bad))?.map(
                |mut made| {
                    made.places.push(m.start(at) + 1);
                    made
                },
            )
        }
        "bad-optional-marker" => {
            let at = pick(dice, symbols(Symbol::Dot))?;
            let place = m.start(at) + dice.below(2);
            m.with(place, place, "?", &[place])
        }
        "literal-of-wrong-type-in-logic" => {
            let at = pick(dice, m.all(is_word))?;
            let end = m.end(at);
            let text = format!(" 3.5 {}", m.text(at));
            m.with(end, end, &text, &[end + 1])
        }
        "empty-or-comment-only" => {
            let texts = ["", " \n\t\n", "// nothing", "/* nothing */\n"];
            let query = (*dice.of(&texts)?).to_owned();
            let end = query.len();
            Some(Mistaken { query, places: vec![0, end, usize::MAX] })
        }
        _ => None,
    }
}
