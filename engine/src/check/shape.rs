//! The structure of sequences, samples and pipes (spec §2.14 to §2.25, errors of §11.3).

use crate::check::Checker;
use crate::check::literal::Constant;
use crate::check::operand::Operand;
use crate::diag::{DiagKind, Diagnostic};
use crate::hir::{Form, Pipe};
use crate::near::nearest;
use crate::span::Span;
use crate::syntax::ast::{self, Body, Expr, ExprKind, MaxSpan, Query, Term, Terms};
use crate::value::Number;

/// Most stages of a sequence, `runs` expanded (spec §2.16).
const MAX_STAGES: u64 = 256;

/// Most repetitions of a term (spec §2.15).
const MAX_RUNS: i64 = 100;

/// Units of `maxspan` in milliseconds, smallest first (spec §12.1).
const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// What the two pipes are called elsewhere.
const OTHER_PIPES: [(&str, &str); 6] = [
    ("limit", "head"),
    ("take", "head"),
    ("top", "head"),
    ("first", "head"),
    ("last", "tail"),
    ("bottom", "tail"),
];

/// Most terms of a sample (spec §2.22).
const MAX_SAMPLE_TERMS: usize = 5;

/// Pipes of the older dialect that Elasticsearch knows by name only (spec §2.25).
const UNSUPPORTED_PIPES: [&str; 5] = ["count", "filter", "sort", "unique", "unique_count"];

/// How often the term stands in a row.
pub(super) fn runs(term: &Term) -> u32 {
    match term.runs {
        Some((_, Number::Int(runs), _)) => u32::try_from(runs).unwrap_or(1).max(1),
        _ => 1,
    }
}

impl Checker<'_> {
    /// What the query searches for, if its structure is sound.
    pub(super) fn shape(&mut self, query: &Query) -> Option<Form> {
        match &query.body {
            Body::Event(_) => Some(Form::Event),
            Body::Sequence(terms) => Some(self.sequence(terms)),
            Body::Sample(terms) => {
                self.sample(terms);
                if let Some(pipe) = query.pipes.first() {
                    let finding = Diagnostic::new(DiagKind::SamplePipe, pipe.span);
                    let end = query.pipes.last().map_or(pipe.span, |last| last.span);
                    self.findings.push(finding.with_fix("Delete it", pipe.span.to(end), ""));
                }
                Some(Form::Sample)
            }
            Body::Join(terms) => {
                self.error(DiagKind::JoinUnsupported, terms.word);
                None
            }
            Body::Hole => None,
        }
    }

    fn sequence(&mut self, terms: &Terms) -> Form {
        let maxspan = terms.maxspan.as_ref().and_then(|maxspan| self.maxspan(maxspan));
        if let (Some(maxspan), Some(first), Some(last)) =
            (&terms.maxspan, terms.keys.first(), terms.keys.last())
            && maxspan.span.start < first.span.start
        {
            let span = maxspan.span.to(last.span);
            let source = self.context.source;
            let keys = Span::new(maxspan.span.end, last.span.end).text(source).trim();
            let swapped = format!("{keys} {}", maxspan.span.text(source));
            let finding = Diagnostic::new(DiagKind::KeysAfterMaxspan, span);
            self.findings.push(finding.with_fix("Swap the two", span, swapped));
        }
        self.keys_are_fields(terms);
        self.key_counts(terms);
        let mut n_stages = 0;
        for term in &terms.terms {
            self.runs_in_range(term);
            let before = n_stages;
            n_stages += u64::from(runs(term));
            if before <= MAX_STAGES && n_stages > MAX_STAGES {
                let total = terms.terms.iter().map(|term| u64::from(runs(term))).sum();
                self.error(DiagKind::TooManyStages { found: total }, term.span);
            }
            if term.missing && terms.maxspan.is_none() {
                self.error(DiagKind::MissingNeedsMaxspan, term.span);
            }
        }
        if let Some(until) = &terms.until
            && (until.missing || until.runs.is_some())
        {
            let finding = Diagnostic::new(DiagKind::UntilOption, until.span);
            let start = until.span.start;
            let end = until.keys.last().map_or(until.filter.span.end + 1, |key| key.span.end);
            let mut edits = Vec::new();
            if until.missing {
                edits.push((Span::new(start, start + 1), String::new()));
            }
            if until.runs.is_some() {
                edits.push((Span::new(end, until.span.end), String::new()));
            }
            self.findings.push(finding.with_edits("Leave it out", edits));
        }
        if !terms.terms.is_empty() && terms.terms.iter().all(|term| term.missing) {
            self.error(DiagKind::OnlyMissing, terms.span);
        } else if n_stages < 2 {
            self.error(DiagKind::TooFewStages { found: n_stages }, terms.span);
        }
        Form::Sequence { maxspan }
    }

    fn sample(&mut self, terms: &Terms) {
        if let Some(maxspan) = &terms.maxspan {
            let word = self.word_before("maxspan", maxspan.number_span);
            let finding = Diagnostic::new(DiagKind::NotForSamples("maxspan"), word);
            self.findings.push(finding.with_fix("Delete it", maxspan.span, ""));
        }
        if let Some(until) = &terms.until {
            let word = self.word_before("until", until.span);
            let finding = Diagnostic::new(DiagKind::NotForSamples("until"), word);
            self.findings.push(finding.with_fix("Delete it", word.to(until.span), ""));
        }
        self.keys_are_fields(terms);
        for term in &terms.terms {
            if term.missing {
                self.error(DiagKind::MissingOnlyInSequences, term.span);
            }
            if let Some((name, _, number)) = term.runs {
                let finding = Diagnostic::new(DiagKind::NotForSamples("runs"), name);
                let with = self.word_before("with", name);
                self.findings.push(finding.with_fix("Delete it", with.to(number), ""));
            }
        }
        if terms.terms.len() < 2 {
            self.error(DiagKind::TooFewSampleTerms, terms.span);
        }
        if let Some(sixth) = terms.terms.get(MAX_SAMPLE_TERMS) {
            self.error(DiagKind::TooManySampleTerms, sixth.span);
        }
        if terms.keys.is_empty()
            && let Some(keyless) = terms.terms.iter().find(|term| term.keys.is_empty())
        {
            self.error(DiagKind::SampleNeedsKey, keyless.span);
        } else {
            self.key_counts(terms);
        }
        for term in &terms.terms {
            let mut seen: Vec<&str> = Vec::new();
            for key in terms.keys.iter().chain(&term.keys) {
                let ExprKind::Field(field) = &key.kind else { continue };
                if seen.contains(&field.name.as_ref()) {
                    self.error(DiagKind::RepeatedKey(field.name.to_string()), key.span);
                    return;
                }
                seen.push(&field.name);
            }
        }
    }

    /// The last time that a word stands before a place; the place itself where it does not.
    fn word_before(&self, word: &str, place: Span) -> Span {
        let before = Span::new(0, place.start).text(self.context.source);
        let start = before.rfind(word).map(|at| at as u32);
        start.map_or(place, |start| Span::new(start, start + word.len() as u32))
    }

    /// Milliseconds (spec §12.1).
    fn maxspan(&mut self, maxspan: &MaxSpan) -> Option<u64> {
        let number = match maxspan.number {
            Number::Int(number) => number,
            // Longer than time itself, in whatever unit.
            Number::UInt(_) => i64::MAX,
            Number::Float(number) => {
                self.not_whole(number, maxspan);
                return None;
            }
        };
        if number < 1 {
            self.error(DiagKind::MaxspanNotPositive, maxspan.number_span);
            return None;
        }
        let Some(unit) = maxspan.unit else {
            let span = maxspan.number_span;
            let kind = DiagKind::MaxspanUnitMissing(number);
            let fixed = Diagnostic::new(kind, span).with_fix(
                format!("Write `{number}s`"),
                span,
                format!("{number}s"),
            );
            self.findings.push(fixed);
            return None;
        };
        let text = unit.text(self.context.source);
        let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == text) else {
            let finding = Diagnostic::new(DiagKind::MaxspanUnit(text.to_owned()), unit);
            // `sec`, `minutes`, `H`; an `M` may mean months.
            let lower = text.to_ascii_lowercase();
            let meant = ["ms", "msec", "milli", "micro", "mo", "M"]
                .iter()
                .find(|it| lower.starts_with(**it) || text == **it);
            let meant = match meant {
                Some(&("ms" | "msec" | "milli")) => Some("ms"),
                Some(_) => None,
                None => UNITS.iter().map(|(name, _)| *name).find(|name| {
                    *name != "ms"
                        && lower.starts_with(name)
                        && lower.bytes().all(|b| b.is_ascii_alphabetic())
                }),
            };
            let whole = composed(number, text).and_then(in_one_unit);
            let place = maxspan.number_span.to(unit);
            self.findings.push(match (whole, meant) {
                (Some(whole), _) => finding.with_fix(format!("Write `{whole}`"), place, whole),
                (_, Some(meant)) => finding.with_fix(format!("Write `{meant}`"), unit, meant),
                _ => finding,
            });
            return None;
        };
        Some((number as u64).saturating_mul(*factor))
    }

    /// `1.5h` as `90m`: the largest unit in which it is whole.
    fn not_whole(&mut self, number: f64, maxspan: &MaxSpan) {
        let span = maxspan.number_span;
        let finding = Diagnostic::new(DiagKind::MaxspanNotWhole, span);
        let unit = maxspan.unit.map(|unit| unit.text(self.context.source));
        let factor = UNITS.iter().find(|(name, _)| Some(*name) == unit).map(|(_, factor)| *factor);
        let millis = factor
            .map(|factor| number * factor as f64)
            .filter(|millis| *millis >= 1.0 && *millis < 1e15 && millis.fract() == 0.0);
        let whole = millis.and_then(|millis| in_one_unit(millis as u64));
        let place = span.to(maxspan.unit.unwrap_or(span));
        self.findings.push(match whole {
            Some(whole) => finding.with_fix(format!("Write `{whole}`"), place, whole),
            None => finding,
        });
    }

    fn runs_in_range(&mut self, term: &Term) {
        let Some((name, number, span)) = term.runs else { return };
        if name.text(self.context.source) != "runs" {
            let finding = Diagnostic::new(DiagKind::UnknownOption, name);
            self.findings.push(finding.with_fix("Write `runs`", name, "runs"));
            return;
        }
        match number {
            Number::Int(runs) if runs > MAX_RUNS => self.error(DiagKind::RunsTooMany, span),
            Number::Int(1..) => {}
            Number::UInt(_) => self.error(DiagKind::RunsTooMany, span),
            // More than 64 bits hold.
            Number::Float(runs) if runs >= 1e18 => self.error(DiagKind::RunsTooMany, span),
            _ => self.error(DiagKind::RunsTooFew, span),
        }
    }

    fn keys_are_fields(&mut self, terms: &Terms) {
        let of_terms = terms.terms.iter().chain(terms.until.as_deref()).flat_map(|t| &t.keys);
        let is_field = |key: &&Expr| !matches!(key.kind, ExprKind::Field(_) | ExprKind::Hole);
        let others: Vec<Span> =
            terms.keys.iter().chain(of_terms).filter(is_field).map(|key| key.span).collect();
        for span in others {
            self.error(DiagKind::KeyNotField, span);
        }
    }

    /// Every term has as many keys as the first (spec §2.19).
    fn key_counts(&mut self, terms: &Terms) {
        let Some(want) = terms.terms.first().map(|term| term.keys.len()) else { return };
        for term in terms.terms.iter().chain(terms.until.as_deref()) {
            let found = term.keys.len();
            if found != want {
                let span = match (term.keys.first(), term.keys.last()) {
                    (Some(first), Some(last)) => self.word_before("by", first.span).to(last.span),
                    _ => term.span,
                };
                self.error(DiagKind::KeyCount { want, found }, span);
            }
        }
    }

    /// `head` and `tail` (spec §9.1, §9.2).
    pub(super) fn pipes(&mut self, pipes: &[ast::Pipe]) -> Vec<Pipe> {
        pipes.iter().filter_map(|pipe| self.pipe(pipe)).collect()
    }

    fn pipe(&mut self, pipe: &ast::Pipe) -> Option<Pipe> {
        let name = pipe.name.text(self.context.source);
        let make = match name {
            "head" => Pipe::Head,
            "tail" => Pipe::Tail,
            _ if UNSUPPORTED_PIPES.contains(&name) => {
                self.error(DiagKind::PipeUnsupported(name.to_owned()), pipe.span);
                return None;
            }
            _ => {
                let other = OTHER_PIPES.iter().find(|(other, _)| *other == name);
                let near = match other {
                    Some((_, meant)) => vec![(*meant).to_owned()],
                    None => nearest(name, ["head", "tail"].into_iter()),
                };
                let kind = DiagKind::UnknownPipe { name: name.to_owned(), near: near.clone() };
                let mut finding = Diagnostic::new(kind, pipe.name);
                if let Some(near) = near.first() {
                    finding = finding.with_fix(format!("Write `{near}`"), pipe.name, near);
                }
                self.findings.push(finding);
                return None;
            }
        };
        let [arg] = pipe.args.as_slice() else {
            let kind = DiagKind::PipeArguments { name: name.to_owned(), found: pipe.args.len() };
            let finding = Diagnostic::new(kind, pipe.span);
            let end = Span::empty(pipe.span.end);
            self.findings.push(match pipe.args.is_empty() {
                true => finding.with_fix(format!("Write `{name} 10`"), end, " 10"),
                false => finding,
            });
            return None;
        };
        match self.operand(arg)? {
            Operand::Constant(Constant::Num(Number::Int(n))) if n >= 0 => Some(make(n as u64)),
            Operand::Constant(Constant::Num(Number::UInt(n))) => Some(make(n)),
            _ => {
                self.error(DiagKind::PipeArgument, arg.span);
                None
            }
        }
    }
}

/// A number of milliseconds in the largest unit in which it is whole.
fn in_one_unit(millis: u64) -> Option<String> {
    let (name, factor) = UNITS.iter().rev().find(|(_, factor)| millis.is_multiple_of(*factor))?;
    Some(format!("{}{name}", millis / factor))
}

/// Milliseconds of a duration of several units, `1h30m`: its number, and what follows it.
fn composed(number: i64, mut rest: &str) -> Option<u64> {
    let (mut total, mut count) = (0_u64, number as u64);
    loop {
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (unit, after) = rest.split_at(end);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(count.checked_mul(*factor)?)?;
        if after.is_empty() {
            return Some(total);
        }
        let digits = after.find(|c: char| !c.is_ascii_digit())?;
        count = after.get(..digits)?.parse().ok()?;
        rest = after.get(digits..)?;
    }
}
