//! What the conditions of one filter say together (spec §13.2): clauses that exclude each other,
//! values and exclusions that can have no effect, alternatives that are always true.
//!
//! Every conjunction is looked at with all that stands around it: what an `or` or a `not` inside
//! it asks for must be possible beside the rest. All of it holds for single values; of a field
//! that may have several, two clauses can be met by two of them.

use crate::diag::{Diagnostic, Severity};
use crate::lint::clause::{Clause, Op, bare, constant};
use crate::lint::fields::is_single;
use crate::lint::glob::Values;
use crate::lint::{Context, finding};
use crate::span::Span;
use crate::syntax::ast::{Comparison, Expr, ExprKind};
use crate::value::Number;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for filter in context.filters() {
        let mut logic = Logic { context, findings, around: Vec::new(), n_left: MAX_STEPS };
        logic.look(&filter.condition, Frame::Condition);
    }
}

/// Comparisons of texts that one filter may take; nobody writes more by hand.
const MAX_STEPS: usize = 50_000;

/// Clauses around a part that are compared with it.
const MAX_AROUND: usize = 200;

/// What a field must be.
#[derive(Clone, Debug)]
enum Want<'t> {
    /// One of these texts.
    Among(Vec<Values<'t>>),
    /// In this relation to a number.
    Number(Comparison, Number),
    /// There.
    Present,
}

/// What a clause asks of a field.
#[derive(Clone, Debug)]
struct Demand<'t> {
    field: &'t str,
    want: Want<'t>,
    /// False where it must not be so.
    holds: bool,
    /// The clause.
    span: Span,
    /// It stands under a `not`.
    under_not: bool,
}

/// What a conjunction is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// What is searched for.
    Condition,
    /// What is left out: the inside of a `not`.
    Exclusion,
}

struct Logic<'l, 't> {
    context: &'l Context<'t>,
    findings: &'l mut Vec<Diagnostic>,
    /// What is asked outside of what is looked at.
    around: Vec<Demand<'t>>,
    /// Comparisons that may still be made.
    n_left: usize,
}

impl<'t> Logic<'_, 't> {
    /// Looks at an expression beside what stands around it.
    fn look(&mut self, expr: &'t Expr, frame: Frame) {
        let expr = bare(expr);
        match &expr.kind {
            ExprKind::Or(..) => {
                self.always(expr);
                for part in expr.chain() {
                    self.look(part, frame);
                }
            }
            // A `not` alone is a conjunction of one.
            _ => self.conjunction(expr, frame),
        }
    }

    fn conjunction(&mut self, expr: &'t Expr, frame: Frame) {
        let before = self.around.len();
        let mut parts = Vec::new();
        flatten(expr, &mut parts);
        for part in &parts {
            let from = self.around.len();
            demands(part, true, &mut self.around);
            // Against all that came before it, outside and inside.
            for new in from..self.around.len() {
                for old in 0..from.min(MAX_AROUND) {
                    self.pair(old, new, frame, old < before);
                }
            }
        }
        for part in parts {
            match &part.kind {
                ExprKind::Or(..) => self.inside(part, frame),
                ExprKind::Not(inner) => {
                    let inner = bare(inner);
                    // What a `not` leaves out has been compared already where it is a clause.
                    let within = |expr: &'t Expr| !is_clause(expr);
                    let alternatives = match inner.kind {
                        ExprKind::Or(..) => inner.chain(),
                        _ => vec![inner],
                    };
                    if alternatives.len() > 1 {
                        self.always(inner);
                    }
                    for alternative in alternatives.into_iter().map(bare).filter(|e| within(e)) {
                        self.inside(alternative, Frame::Exclusion);
                    }
                }
                _ => {}
            }
        }
        self.around.truncate(before);
    }

    /// Looks at a part of a conjunction beside its other parts.
    fn inside(&mut self, part: &'t Expr, frame: Frame) {
        let own = |demand: &Demand<'_>| {
            part.span.start <= demand.span.start && demand.span.end <= part.span.end
        };
        let all = std::mem::take(&mut self.around);
        self.around = all.iter().filter(|demand| !own(demand)).take(MAX_AROUND).cloned().collect();
        self.look(part, frame);
        self.around = all;
    }

    /// Two demands that must both be met.
    fn pair(&mut self, old: usize, new: usize, frame: Frame, is_outer: bool) {
        let (Some(a), Some(b)) = (self.around.get(old), self.around.get(new)) else { return };
        if a.field != b.field {
            return;
        }
        let size = |want: &Want<'_>| match want {
            Want::Among(values) => values.len(),
            _ => 1,
        };
        let steps = size(&a.want) * size(&b.want) + 1;
        if steps > self.n_left {
            return;
        }
        self.n_left -= steps;
        let single = is_single(self.context.schema, a.field);
        let (a, b) = (a.clone(), b.clone());
        match (&a.want, &b.want) {
            (Want::Among(x), Want::Among(y)) => {
                match (a.holds, b.holds) {
                    (true, true) if single => {
                        let dead_a = |v: &&Values<'t>| !y.iter().any(|w| v.meets(w));
                        let dead_b = |v: &&Values<'t>| !x.iter().any(|w| v.meets(w));
                        let (n, m) = (x.iter().filter(dead_a), y.iter().filter(dead_b));
                        let (n, m): (Vec<_>, Vec<_>) = (n.collect(), m.collect());
                        if n.len() == x.len() {
                            self.impossible(&a, &b, frame, is_outer);
                        } else {
                            // What stands outside may well be narrowed.
                            if !is_outer {
                                self.dead(&n, &b, frame);
                            }
                            self.dead(&m, &a, frame);
                        }
                    }
                    (true, false) => self.excluded(&a, x, &b, y, single, frame, (is_outer, false)),
                    (false, true) => self.excluded(&b, y, &a, x, single, frame, (false, is_outer)),
                    _ => {}
                }
            }
            (Want::Number(c, x), Want::Number(d, y)) if single && (a.holds || b.holds) => {
                let c = if a.holds { *c } else { opposite(*c) };
                let d = if b.holds { *d } else { opposite(*d) };
                if !compatible(c, *x, d, *y) {
                    self.impossible(&a, &b, frame, is_outer);
                }
            }
            (Want::Present, Want::Present) if a.holds != b.holds => {
                self.impossible(&a, &b, frame, is_outer);
            }
            (Want::Present, _) if !a.holds && b.holds => {
                self.impossible(&a, &b, frame, is_outer);
            }
            (_, Want::Present) if a.holds && !b.holds => {
                self.impossible(&a, &b, frame, is_outer);
            }
            _ => {}
        }
    }

    /// Something wanted, and something of the same field that is left out.
    #[allow(clippy::too_many_arguments, reason = "two demands, taken apart")]
    fn excluded(
        &mut self,
        wanted: &Demand<'t>,
        values: &[Values<'t>],
        out: &Demand<'t>,
        excluded: &[Values<'t>],
        single: bool,
        frame: Frame,
        (wanted_is_outer, out_is_outer): (bool, bool),
    ) {
        let dead: Vec<_> =
            values.iter().filter(|value| excluded.iter().any(|out| out.covers(value))).collect();
        if dead.len() == values.len() {
            self.impossible(wanted, out, frame, wanted_is_outer || out_is_outer);
            return;
        }
        if !wanted_is_outer {
            self.dead(&dead, out, frame);
        }
        if single && !out_is_outer {
            let idle = |out: &&Values<'t>| !values.iter().any(|value| value.meets(out));
            for out in excluded.iter().filter(idle) {
                let message = format!(
                    "this exclusion has no effect: `{}` is none of the values asked for",
                    wanted.field
                );
                let help = "correct it, or leave it out";
                self.say("L-56", Severity::Info, out.span, message, help);
            }
        }
    }

    /// A conjunction that nothing fulfils.
    fn impossible(&mut self, a: &Demand<'t>, b: &Demand<'t>, frame: Frame, is_outer: bool) {
        if frame == Frame::Exclusion && is_outer && !(a.holds && b.holds) {
            // What is left out here is left out already.
            let (out, inner) = if a.holds { (b, a) } else { (a, b) };
            let clause = short(out.span.text(self.context.source));
            let message = format!("`{clause}` excludes this already");
            self.say("L-35", Severity::Info, inner.span, message, "leave it out");
            return;
        }
        let line = |demand: &Demand<'_>| {
            let not = if demand.under_not { "not " } else { "" };
            format!("{not}{}", short(demand.span.text(self.context.source)))
        };
        // Two values of a list may each do what one cannot.
        let by_two = a.holds && b.holds && !matches!(a.want, Want::Present);
        let unless = if by_two && is_single(self.context.schema, a.field) {
            " (unless the field is a list)"
        } else {
            ""
        };
        let (code, start) = match frame {
            Frame::Condition => ("L-06", "this can never match"),
            Frame::Exclusion => ("L-55", "this exclusion is never met"),
        };
        let message = format!("{start}: `{}` and `{}`{unless}", line(a), line(b));
        // The clause that came second is at fault, in so far as one is.
        let span = if b.span.start > a.span.start { b.span } else { a.span };
        self.say(code, Severity::Warning, span, message, "join them by `or`, or correct one");
    }

    /// Values of a list that another clause leaves no room for.
    fn dead(&mut self, values: &[&Values<'t>], by: &Demand<'t>, frame: Frame) {
        for value in values {
            let clause = short(by.span.text(self.context.source));
            let (code, level, message) = match (frame, by.holds) {
                (Frame::Exclusion, false) => {
                    ("L-35", Severity::Info, format!("`{clause}` excludes this already"))
                }
                (Frame::Exclusion, true) => {
                    ("L-57", Severity::Info, format!("this is never met here, beside `{clause}`"))
                }
                (Frame::Condition, _) => {
                    let message = format!("this value can never match beside `{clause}`");
                    ("L-57", Severity::Warning, message)
                }
            };
            self.say(code, level, value.span, message, "correct it, or leave it out");
        }
    }

    /// L-05: of two exclusions joined by `or`, one always holds.
    fn always(&mut self, or: &'t Expr) {
        let parts = or.chain();
        let mut all: Vec<(usize, Demand<'t>)> = Vec::new();
        for (place, part) in parts.iter().copied().enumerate() {
            let mut of_part = Vec::new();
            demands(part, true, &mut of_part);
            if let [one] = of_part.as_slice()
                && (is_clause(bare(part)) || matches!(bare(part).kind, ExprKind::Not(_)))
            {
                all.push((place, one.clone()));
            }
        }
        let is_same = |a: &Demand<'_>, b: &Demand<'_>| a.field == b.field && !a.holds && !b.holds;
        for (at, (last, b)) in all.iter().enumerate() {
            for (first, a) in all.iter().take(at).filter(|(_, a)| is_same(a, b)) {
                let (Want::Among(x), Want::Among(y)) = (&a.want, &b.want) else { continue };
                let meet = x.iter().any(|v| y.iter().any(|w| v.meets(w)));
                if !meet && is_single(self.context.schema, b.field) {
                    let message = format!(
                        "always true: `{}` cannot be both, so one of the exclusions holds",
                        b.field
                    );
                    let span = a.span.to(b.span);
                    self.say("L-05", Severity::Warning, span, message, "join them by `and`");
                    // All between the two must be exclusions of the field as well.
                    let between = all
                        .iter()
                        .filter(|(at, it)| (first..=last).contains(&at) && is_same(it, b));
                    let is_run = between.count() == last - first + 1;
                    let joints = parts.get(*first..=*last).filter(|_| is_run).and_then(|parts| {
                        parts.windows(2).map(|two| self.joint(two)).collect::<Option<Vec<_>>>()
                    });
                    if let (Some(edits), Some(found)) = (joints, self.findings.last_mut())
                        && found.fixes.is_empty()
                        && found.span == span
                    {
                        let mended = found.clone().with_edits("Join them by `and`", edits);
                        *found = mended;
                    }
                }
            }
        }
    }

    /// The `or` between two parts as an `and`.
    fn joint(&self, parts: &[&Expr]) -> Option<(Span, String)> {
        let gap = Span::new(parts.first()?.span.end, parts.get(1)?.span.start);
        let text = gap.text(self.context.source);
        let start = gap.start + text.find("or")? as u32;
        (text.trim() == "or").then(|| (Span::new(start, start + 2), "and".to_owned()))
    }

    fn say(
        &mut self,
        code: &'static str,
        level: Severity,
        span: Span,
        message: String,
        help: &str,
    ) {
        let known = |found: &Diagnostic| found.span == span && found.kind.code() == code;
        if !self.findings.iter().any(known) {
            self.findings.push(finding(code, level, span, message, help));
        }
    }
}

/// The parts of nested conjunctions, without parentheses.
fn flatten<'t>(expr: &'t Expr, parts: &mut Vec<&'t Expr>) {
    let expr = bare(expr);
    match expr.kind {
        ExprKind::And(..) => expr.chain().into_iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(expr),
    }
}

/// Is it, or its opposite, a test of a field?
fn is_clause(expr: &Expr) -> bool {
    match &bare(expr).kind {
        ExprKind::Not(inner) => is_clause(inner),
        ExprKind::Compare { .. } | ExprKind::In { .. } | ExprKind::Pattern { .. } => true,
        _ => false,
    }
}

/// What an expression asks of fields, as far as it can be told of each field alone.
fn demands<'t>(expr: &'t Expr, holds: bool, into: &mut Vec<Demand<'t>>) {
    let expr = bare(expr);
    match &expr.kind {
        ExprKind::Not(inner) => demands(inner, !holds, into),
        ExprKind::And(..) if holds => {
            expr.chain().into_iter().for_each(|part| demands(part, true, into));
        }
        ExprKind::Or(..) if !holds => {
            expr.chain().into_iter().for_each(|part| demands(part, false, into));
        }
        // `x : "a" or x : "b"` is a list.
        ExprKind::Or(..) => {
            let mut all: Vec<Demand<'t>> = Vec::new();
            for part in expr.chain() {
                if !is_clause(part) {
                    return;
                }
                let before = all.len();
                demands(part, true, &mut all);
                if all.len() != before + 1 {
                    return;
                }
            }
            let mut all = all.into_iter();
            let Some(mut list) = all.next() else { return };
            for demand in all {
                match (&mut list.want, demand.want) {
                    (Want::Among(values), Want::Among(more))
                        if list.holds && demand.holds && list.field == demand.field =>
                    {
                        values.extend(more);
                    }
                    _ => return,
                }
            }
            list.span = expr.span;
            if matches!(list.want, Want::Among(_)) && list.holds {
                into.push(list);
            }
        }
        _ => into.extend(demand(expr, holds)),
    }
}

fn demand<'t>(expr: &'t Expr, holds: bool) -> Option<Demand<'t>> {
    let clause = Clause::of(expr)?;
    let field = &*clause.field()?.name;
    let under_not = !holds;
    let holds = holds != clause.negated;
    let (span, is_wild) = (expr.span, clause.has_wildcards());
    if clause.is_regex() {
        // Whatever it is, it is a value.
        return holds.then_some(Demand { field, want: Want::Present, holds, span, under_not });
    }
    let want = match (clause.op, clause.items.as_slice()) {
        (Op::Compare(op), [item]) => match (&item.kind, constant(item)) {
            // `x == null` asks for absence.
            (ExprKind::Null, _) => {
                let want = Want::Present;
                return op.is_equality().then_some(Demand {
                    field,
                    want,
                    holds: !holds,
                    span,
                    under_not,
                });
            }
            (_, Some(number)) => {
                let op = if op == Comparison::NotEqual { Comparison::Equal } else { op };
                Want::Number(op, number)
            }
            (ExprKind::Str(_) | ExprKind::Bool(_), _) if op.is_equality() => {
                Want::Among(values(&clause, is_wild)?)
            }
            _ => return None,
        },
        _ => Want::Among(values(&clause, is_wild)?),
    };
    Some(Demand { field, want, holds, span, under_not })
}

/// The texts of a leaf; `None` where it has anything else.
pub(super) fn values<'t>(clause: &Clause<'t>, has_wildcards: bool) -> Option<Vec<Values<'t>>> {
    let folds = !clause.is_case_sensitive();
    let value = |item: &&'t Expr| {
        let text = match &item.kind {
            ExprKind::Str(text) => text.as_ref(),
            ExprKind::Bool(true) => "true",
            ExprKind::Bool(false) => "false",
            _ => return None,
        };
        let is_wild = has_wildcards && text.contains(['*', '?']);
        Some(Values { text: text.into(), span: item.span, is_wild, folds })
    };
    clause.items.iter().map(value).collect()
}

/// Is there a number that is in both relations?
fn compatible(c: Comparison, x: Number, d: Comparison, y: Number) -> bool {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    let Some(order) = x.compare(y) else { return true };
    match (c, d) {
        (Equal, _) => d.holds(order),
        (_, Equal) => c.holds(order.reverse()),
        (NotEqual, _) | (_, NotEqual) => true,
        (Less | LessEqual, Less | LessEqual) => true,
        (Greater | GreaterEqual, Greater | GreaterEqual) => true,
        (LessEqual, GreaterEqual) => order.is_ge(),
        (GreaterEqual, LessEqual) => order.is_le(),
        (Less | LessEqual, _) => order.is_gt(),
        (Greater | GreaterEqual, _) => order.is_lt(),
    }
}

fn opposite(op: Comparison) -> Comparison {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    match op {
        Equal => NotEqual,
        NotEqual => Equal,
        Less => GreaterEqual,
        LessEqual => Greater,
        Greater => LessEqual,
        GreaterEqual => Less,
    }
}

/// A clause in a message: on one line, not too long.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(50) {
        Some((at, _)) => format!("{}\u{2026}", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
