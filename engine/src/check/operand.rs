//! Operands: fields, constants, computed values and conditions, and what is made of two of them.

use crate::check::literal::{self, Constant};
use crate::check::{Checker, is_string, truth_of};
use crate::diag::{DiagKind, Diagnostic};
use crate::funcs::arithmetic;
use crate::hir::{
    Computed, Condition, ConditionKind, FieldRef, Predicate, Subject, Test, ValueExpr,
};
use crate::pattern::Wildcard;
use crate::regex::{Regex, RemarkKind, remarks};
use crate::schema::KnownBy;
use crate::span::Span;
use crate::syntax::ast::{Arithmetic, Comparison, Expr, ExprKind, PatternOp};
use crate::syntax::lexer::{place_in_literal, quote_text, spaced};
use crate::ty::Type;
use crate::value::{Case, Number, Precision};

/// What an expression turns out to be.
#[derive(Debug)]
pub(super) enum Operand {
    Field(FieldRef),
    Constant(Constant),
    Computed(Computed),
    Condition(ConditionKind),
}

/// The constant side of a comparison; the operator reads as if it stood on the right.
struct Other {
    op: Comparison,
    op_span: Span,
    constant: Constant,
    span: Span,
}

impl Operand {
    pub(super) fn ty(&self) -> Type {
        match self {
            Self::Field(field) => field.ty.clone(),
            Self::Constant(constant) => constant.ty(),
            Self::Computed(computed) => computed.ty.clone(),
            Self::Condition(_) => Type::Boolean,
        }
    }

    /// Name of the first field in it; empty where there is none.
    fn first_field(&self) -> String {
        let name = match self {
            Self::Field(field) => Some(&field.name),
            Self::Computed(computed) => computed.fields.first().map(|field| &field.name),
            Self::Condition(kind) => {
                first_test(kind).and_then(|test| Some(&test.subject.fields().first()?.name))
            }
            Self::Constant(_) => None,
        };
        name.map(ToString::to_string).unwrap_or_default()
    }

    /// As a value in a larger expression; its fields go to `fields`, each once (spec §3.12).
    /// `None` for `and`, `or` and `not`, which no function takes.
    pub(super) fn into_value(self, fields: &mut Vec<FieldRef>) -> Option<ValueExpr> {
        Some(match self {
            Self::Constant(constant) => ValueExpr::Constant(constant.scalar()),
            Self::Field(field) => ValueExpr::Field(place(fields, field)),
            Self::Computed(computed) => merged(computed, fields),
            Self::Condition(ConditionKind::Test(test)) => {
                let value = match test.subject {
                    Subject::Field(field) => ValueExpr::Field(place(fields, field)),
                    Subject::Computed(computed) => merged(computed, fields),
                };
                ValueExpr::Test(Box::new(value), Box::new(test.predicate), test.negated)
            }
            Self::Condition(ConditionKind::Constant(value)) => {
                ValueExpr::Constant(value.map(crate::value::Scalar::Bool))
            }
            Self::Condition(_) => return None,
        })
    }
}

fn place(fields: &mut Vec<FieldRef>, field: FieldRef) -> usize {
    fields.iter().position(|known| *known == field).unwrap_or_else(|| {
        fields.push(field);
        fields.len() - 1
    })
}

fn merged(computed: Computed, fields: &mut Vec<FieldRef>) -> ValueExpr {
    let places: Vec<usize> =
        computed.fields.into_iter().map(|field| place(fields, field)).collect();
    let mut expr = computed.expr;
    expr.map_fields(&|at| places.get(at).copied().unwrap_or(at));
    expr
}

fn first_test(kind: &ConditionKind) -> Option<&Test> {
    match kind {
        ConditionKind::Test(test) => Some(test),
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().find_map(|part| first_test(&part.kind))
        }
        ConditionKind::Not(inner) => first_test(&inner.kind),
        ConditionKind::Constant(_) => None,
    }
}

/// The first field in an expression.
fn first_field(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Field(_) => Some(expr),
        ExprKind::Paren(inner) | ExprKind::Not(inner) | ExprKind::Sign { inner, .. } => {
            first_field(inner)
        }
        ExprKind::Call { args, .. } => args.iter().find_map(first_field),
        ExprKind::And(left, right)
        | ExprKind::Or(left, right)
        | ExprKind::Arithmetic { left, right, .. }
        | ExprKind::Compare { left, right, .. } => first_field(left).or_else(|| first_field(right)),
        ExprKind::In { value, .. } | ExprKind::Pattern { value, .. } => first_field(value),
        _ => None,
    }
}

impl Checker<'_> {
    pub(super) fn operand(&mut self, expr: &Expr) -> Option<Operand> {
        match &expr.kind {
            ExprKind::Null => Some(Operand::Constant(Constant::Null)),
            ExprKind::Bool(value) => Some(Operand::Constant(Constant::Bool(*value))),
            ExprKind::Number(number) => Some(Operand::Constant(Constant::Num(*number))),
            ExprKind::Str(text) => Some(Operand::Constant(Constant::Str(text.clone()))),
            ExprKind::Hole => None,
            ExprKind::Paren(inner) => self.operand(inner),
            ExprKind::Field(field) => self.field(field, expr.span).map(Operand::Field),
            ExprKind::Call { name, args } => self.call(*name, args, expr.span),
            ExprKind::Sign { negative, inner } => self.sign(*negative, inner, expr.span),
            ExprKind::Arithmetic { op, op_span, left, right } => {
                // `a + b in (1)` means `a + (b in (1))` (spec §2.5).
                if let ExprKind::In { value, .. } | ExprKind::Pattern { value, .. } = &right.kind {
                    let finding = Diagnostic::new(DiagKind::NeedsNumber(Type::Boolean), right.span);
                    let edits = vec![
                        (Span::empty(left.span.start), "(".to_owned()),
                        (Span::empty(value.span.end), ")".to_owned()),
                    ];
                    let before = self.findings.len();
                    self.findings.push(finding.with_edits("Put the sum in parentheses", edits));
                    self.hyphened(left.span.to(value.span), before, true);
                    return None;
                }
                // One operator, one mistake: the other side is looked at where the first is sound.
                let l = self.number(left)?;
                let r = self.number(right)?;
                self.arithmetic(*op, *op_span, l, r)
            }
            ExprKind::Compare { op, op_span, left, right } => {
                self.compare(*op, *op_span, left, right)
            }
            ExprKind::In { value, negated, insensitive, list, op_span } => self
                .in_list(value, *negated, insensitive.then_some(*op_span), list)
                .map(Operand::Condition),
            ExprKind::Pattern { value, op, op_span, patterns, .. } => {
                self.pattern(value, (*op, *op_span), patterns).map(Operand::Condition)
            }
            ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..) => {
                self.condition(expr).map(|condition| Operand::Condition(condition.kind))
            }
        }
    }

    /// An operand of arithmetic: must be a number (spec §3.26).
    fn number(&mut self, expr: &Expr) -> Option<Operand> {
        let operand = self.operand(expr)?;
        let found = operand.ty();
        if found.is_number() || matches!(found, Type::Null | Type::Mixed) {
            return Some(operand);
        }
        self.error(DiagKind::NeedsNumber(found), expr.span);
        None
    }

    /// The finding with its literal in double quotes as fix, where a text was wanted.
    fn quoted(&mut self, kind: DiagKind, span: Span) {
        let finding = Diagnostic::new(kind, span);
        let text = span.text(self.context.source);
        let is_plain = !text.contains('"') && !text.is_empty();
        self.findings.push(match finding.kind {
            DiagKind::ListElement { want: Type::String, .. }
            | DiagKind::BadLiteral { want: Type::String }
                if is_plain && text != "null" =>
            {
                finding.with_fix("Put it in double quotes", span, quote_text(text))
            }
            _ => finding,
        });
    }

    /// A pattern operator beside what is no text: `==` and `in` do what is meant, where the
    /// constants can be read as the type of the field.
    fn needs_string(&mut self, op: (&'static str, Span), found: Type, left: Span, items: &[Expr]) {
        let mut finding =
            Diagnostic::new(DiagKind::NeedsString { operator: op.0, found: found.clone() }, left);
        let now = self.context.now;
        let reads = |constant: &Constant| {
            literal::predicate(&found, Precision::Exact, Comparison::Equal, constant, now).is_some()
        };
        let fits = |item: &Expr| {
            let constant = match &item.kind {
                ExprKind::Number(number) => Constant::Num(*number),
                ExprKind::Str(text) => Constant::Str(text.clone()),
                ExprKind::Bool(value) => Constant::Bool(*value),
                _ => return false,
            };
            let is_alone = items.len() == 1 && matches!(constant, Constant::Str(_));
            (is_alone || literal::fits_in_list(&found, &constant)) && reads(&constant)
        };
        if !op.1.text(self.context.source).contains("not") && items.iter().all(fits) {
            let is_list = items.len() > 1 || op.0 == "in~";
            let meant = if is_list { "in" } else { "==" };
            let text = spaced(self.context.source, op.1, meant);
            finding = finding.with_fix(format!("Write `{meant}`"), op.1, text);
        }
        self.findings.push(finding);
    }

    fn sign(&mut self, negative: bool, inner: &Expr, span: Span) -> Option<Operand> {
        let operand = self.number(inner)?;
        if !negative {
            return Some(operand);
        }
        let zero = Operand::Constant(Constant::Num(Number::Int(0)));
        self.arithmetic(Arithmetic::Subtract, span, zero, operand)
    }

    fn arithmetic(
        &mut self,
        op: Arithmetic,
        op_span: Span,
        left: Operand,
        right: Operand,
    ) -> Option<Operand> {
        match (&left, &right) {
            (Operand::Constant(Constant::Null), Operand::Constant(_))
            | (Operand::Constant(_), Operand::Constant(Constant::Null)) => {
                return Some(Operand::Constant(Constant::Null));
            }
            (Operand::Constant(Constant::Num(l)), Operand::Constant(Constant::Num(r))) => {
                let folded = arithmetic(op, *l, *r);
                if folded.is_err() {
                    self.error(DiagKind::ConstantArithmetic, op_span);
                }
                return folded.ok().map(|number| Operand::Constant(Constant::Num(number)));
            }
            (_, Operand::Constant(Constant::Num(r)))
                if matches!(op, Arithmetic::Divide | Arithmetic::Modulo)
                    && *r == Number::Int(0) =>
            {
                self.error(DiagKind::ConstantArithmetic, op_span);
                return None;
            }
            _ => {}
        }
        let whole = left.ty() == Type::Integer && right.ty() == Type::Integer;
        let ty = if whole { Type::Integer } else { Type::Decimal };
        let mut fields = Vec::new();
        let sides = (left.into_value(&mut fields)?, right.into_value(&mut fields)?);
        let expr = ValueExpr::Arithmetic(op, Box::new(sides));
        Some(Operand::Computed(Computed { fields, expr, ty }))
    }

    fn compare(
        &mut self,
        op: Comparison,
        op_span: Span,
        left: &Expr,
        right: &Expr,
    ) -> Option<Operand> {
        let before = self.findings.len();
        let read = self.comparison(op, op_span, left, right);
        if read.is_none() {
            self.hyphened(left.span, before, false);
        }
        read
    }

    fn comparison(
        &mut self,
        op: Comparison,
        op_span: Span,
        left: &Expr,
        right: &Expr,
    ) -> Option<Operand> {
        let (l, r) = (self.operand(left), self.operand(right));
        let (mut l, mut r) = (l?, r?);
        // An optional field that nothing knows is null (spec §4.9). It matters only here: beside
        // a constant it is the same as a field that is missing everywhere.
        if !matches!((&l, &r), (Operand::Constant(_), _) | (_, Operand::Constant(_))) {
            for (operand, expr) in [(&mut l, left), (&mut r, right)] {
                if self.is_unknown_optional(expr) {
                    *operand = Operand::Constant(Constant::Null);
                }
            }
        }
        let kind = match (l, r) {
            (Operand::Constant(l), Operand::Constant(r)) => {
                let folded = l.compare(op, &r);
                if folded.is_none() {
                    let (want, found) = (l.ty(), r.ty());
                    self.quoted(DiagKind::ListElement { want, found }, right.span);
                }
                return folded.map(Operand::Constant);
            }
            (operand, Operand::Constant(constant)) => {
                let other = Other { op, op_span, constant, span: right.span };
                self.against(operand, left.span, &other)
            }
            (Operand::Constant(constant), operand) => {
                let other = Other { op: op.swapped(), op_span, constant, span: left.span };
                self.against(operand, right.span, &other)
            }
            (_, second) => {
                let span = first_field(right).map_or(right.span, |field| field.span);
                self.no_field_meant(span);
                let finding = Diagnostic::new(DiagKind::FieldWithField(second.first_field()), span);
                // A name that nobody knows is rather a text without its quotes.
                let is_unknown = self.is_unknown(&second);
                let text = quote_text(span.text(self.context.source));
                self.findings.push(match is_unknown && span == right.span {
                    true => finding.with_fix("Put it in double quotes", span, text),
                    false => finding,
                });
                None
            }
        };
        kind.map(Operand::Condition)
    }

    /// Is it a name that nobody knows as a field?
    fn is_unknown(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Field(field)
            if self.context.schema.field(&field.name).known_by == KnownBy::Nothing)
    }

    fn is_unknown_optional(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Paren(inner) => self.is_unknown_optional(inner),
            ExprKind::Field(field) if field.optional => {
                self.context.schema.field(&field.name).known_by == KnownBy::Nothing
            }
            _ => false,
        }
    }

    /// What is not constant against a constant.
    fn against(&mut self, operand: Operand, span: Span, other: &Other) -> Option<ConditionKind> {
        let is_null = other.constant == Constant::Null && other.op.is_equality();
        match operand {
            Operand::Field(field) => self.test(Subject::Field(field), other),
            Operand::Computed(computed) if computed.ty != Type::Boolean || is_null => {
                self.test(Subject::Computed(computed), other)
            }
            Operand::Computed(computed) => {
                let kind = truth_of(Subject::Computed(computed));
                self.truth(Condition { kind, span }, other)
            }
            // Null where a value it looks at is missing (spec §4.7).
            Operand::Condition(kind @ ConditionKind::Test(_)) if is_null => {
                let mut fields = Vec::new();
                let expr = Operand::Condition(kind).into_value(&mut fields)?;
                let computed = Computed { fields, expr, ty: Type::Boolean };
                self.test(Subject::Computed(computed), other)
            }
            Operand::Condition(kind) => self.truth(Condition { kind, span }, other),
            // Two constants have been folded before.
            Operand::Constant(_) => None,
        }
    }

    /// `condition == true` and its kin (spec §3.21, §16.7).
    fn truth(&mut self, condition: Condition, other: &Other) -> Option<ConditionKind> {
        if !other.op.is_equality() {
            self.error(DiagKind::NoOrder(Type::Boolean), other.op_span);
            return None;
        }
        let equal = other.op == Comparison::Equal;
        match other.constant {
            Constant::Bool(value) if value == equal => Some(condition.kind),
            Constant::Bool(_) => Some(ConditionKind::Not(Box::new(condition))),
            // What `and`, `or` and `not` make of fields is true or false, never null (spec §4.3).
            Constant::Null => Some(ConditionKind::Constant(Some(!equal))),
            _ => {
                self.error(DiagKind::BadLiteral { want: Type::Boolean }, other.span);
                None
            }
        }
    }

    /// A field or a computed value against a constant.
    fn test(&mut self, subject: Subject, other: &Other) -> Option<ConditionKind> {
        let Other { op, op_span, constant, span } = other;
        if *constant == Constant::Null {
            if !op.is_equality() {
                self.findings.push(
                    Diagnostic::new(DiagKind::NullOrder, *op_span)
                        .with_fix("Write `!= null`", *op_span, "!=")
                        .with_fix("Write `== null`", *op_span, "=="),
                );
                return Some(ConditionKind::Constant(None));
            }
            let equal = *op == Comparison::Equal;
            let (predicate, negated) = match subject {
                Subject::Field(_) => (Predicate::Exists, equal),
                Subject::Computed(_) => (Predicate::IsNull, !equal),
            };
            return Some(ConditionKind::Test(Test { subject, predicate, negated }));
        }
        let boolean = *subject.ty() == Type::Boolean || matches!(constant, Constant::Bool(_));
        if !op.is_equality() && boolean {
            self.error(DiagKind::NoOrder(Type::Boolean), *op_span);
            return None;
        }
        // The index reads a literal by the type of the field; nothing does so for what a function
        // gives.
        let unlike = matches!(subject, Subject::Computed(_))
            && !matches!(subject.ty(), Type::Mixed | Type::Null)
            && subject.ty().is_number() != constant.ty().is_number();
        let predicate =
            literal::predicate(subject.ty(), subject.precision(), *op, constant, self.context.now);
        let Some(predicate) = predicate.filter(|_| !unlike) else {
            let want = subject.ty().clone();
            self.quoted(DiagKind::BadLiteral { want }, *span);
            return None;
        };
        Some(ConditionKind::Test(Test { subject, predicate, negated: *op == Comparison::NotEqual }))
    }

    fn in_list(
        &mut self,
        value: &Expr,
        negated: bool,
        // Of `in~`: where it stands.
        insensitive: Option<Span>,
        list: &[Expr],
    ) -> Option<ConditionKind> {
        let value_operand = self.operand(value);
        let mut items = Vec::new();
        let mut sound = true;
        let mut bare = None;
        for item in list {
            match self.operand(item) {
                Some(Operand::Constant(constant)) => items.push((constant, item.span)),
                Some(other) => {
                    let span = first_field(item).map_or(item.span, |field| field.span);
                    self.no_field_meant(span);
                    let finding = Diagnostic::new(DiagKind::FieldInList(other.first_field()), span);
                    sound = false;
                    if !(self.is_unknown(&other) && span == item.span) {
                        self.findings.push(finding);
                        continue;
                    }
                    // One finding for all names that are rather texts without their quotes.
                    let text = quote_text(span.text(self.context.source));
                    let first = bare.and_then(|at: usize| self.findings.get_mut(at));
                    match first.and_then(|it| it.fixes.first_mut()) {
                        Some(fix) => fix.edits.push((span, text)),
                        None => {
                            bare = Some(self.findings.len());
                            self.findings.push(finding.with_fix(
                                "Put it in double quotes",
                                span,
                                text,
                            ));
                        }
                    }
                }
                None => sound = false,
            }
        }
        let case = if insensitive.is_some() { Case::Insensitive } else { Case::Sensitive };
        let subject = match value_operand? {
            Operand::Constant(constant) => {
                return sound.then(|| {
                    let found = items.iter().any(|(item, _)| literal::equal(&constant, item, case));
                    let is_null = constant == Constant::Null;
                    ConditionKind::Constant((!is_null).then_some(found != negated))
                });
            }
            operand => self.subject(operand, value.span)?,
        };
        if let Some(op_span) = insensitive.filter(|_| !is_string(subject.ty())) {
            let found = subject.ty().clone();
            self.needs_string(("in~", op_span), found, value.span, list);
            return None;
        }
        let ty = subject.ty();
        let mut predicates = Vec::new();
        let mut misfit = None;
        for (constant, span) in items {
            // A null element never matches (spec §4.14).
            if constant == Constant::Null {
                continue;
            }
            if !literal::fits_in_list(ty, &constant) {
                sound = false;
                let (want, found) = (ty.clone(), constant.ty());
                let Some(form) = self.other_form(&want, &constant, span) else {
                    self.quoted(DiagKind::ListElement { want, found }, span);
                    continue;
                };
                // One finding for all that lack their quotes, or have them.
                let first = misfit.and_then(|at: usize| self.findings.get_mut(at));
                match first.and_then(|it| it.fixes.first_mut()) {
                    Some(fix) => fix.edits.push((span, form)),
                    None => {
                        let quotes = want == Type::String;
                        let title =
                            if quotes { "Put it in double quotes" } else { "Delete the quotes" };
                        let finding = Diagnostic::new(DiagKind::ListElement { want, found }, span);
                        misfit = Some(self.findings.len());
                        self.findings.push(finding.with_fix(title, span, form));
                    }
                }
                continue;
            }
            match literal::predicate(
                ty,
                subject.precision(),
                Comparison::Equal,
                &constant,
                self.context.now,
            ) {
                Some(predicate) => predicates.push(predicate),
                None => {
                    let want = ty.clone();
                    self.error(DiagKind::BadLiteral { want }, span);
                    sound = false;
                }
            }
        }
        let predicate = Predicate::OneOf(predicates, case);
        sound.then_some(ConditionKind::Test(Test { subject, predicate, negated }))
    }

    /// What is not constant as the subject of a test.
    fn subject(&mut self, operand: Operand, span: Span) -> Option<Subject> {
        match operand {
            Operand::Field(field) => Some(Subject::Field(field)),
            Operand::Computed(computed) => Some(Subject::Computed(computed)),
            other => {
                let mut fields = Vec::new();
                let Some(expr) = other.into_value(&mut fields) else {
                    self.error(DiagKind::LogicInArgument, span);
                    return None;
                };
                Some(Subject::Computed(Computed { fields, expr, ty: Type::Boolean }))
            }
        }
    }

    fn pattern(
        &mut self,
        value: &Expr,
        (op, op_span): (PatternOp, Span),
        patterns: &[Expr],
    ) -> Option<ConditionKind> {
        let value_operand = self.operand(value)?;
        let found = value_operand.ty();
        if !is_string(&found) {
            self.needs_string((op.text(), op_span), found, value.span, patterns);
            return None;
        }
        let mut texts = Vec::new();
        for pattern in patterns {
            match self.operand(pattern)? {
                Operand::Constant(Constant::Str(text)) => texts.push((text, pattern.span)),
                // Null matches nothing (spec §4.6); the others are of no use here.
                Operand::Constant(Constant::Null) => {
                    if patterns.len() == 1 && pattern.span.text(self.context.source) == "null" {
                        let source = self.context.source;
                        let text = spaced(source, op_span, "==");
                        let finding = Diagnostic::new(DiagKind::NullOrder, op_span);
                        self.findings.push(finding.with_fix("Write `== null`", op_span, text));
                    }
                }
                Operand::Constant(constant) => {
                    let is_bool = matches!(constant, Constant::Bool(_));
                    let kind = DiagKind::ListElement { want: Type::String, found: constant.ty() };
                    if is_bool && !found.is_text() && patterns.len() == 1 {
                        let text = spaced(self.context.source, op_span, "==");
                        let finding = Diagnostic::new(kind, pattern.span);
                        self.findings.push(finding.with_fix("Write `==`", op_span, text));
                    } else {
                        self.quoted(kind, pattern.span);
                    }
                    return None;
                }
                _ => return None,
            }
        }
        let predicate = self.patterns(op, &texts)?;
        Some(match value_operand {
            Operand::Constant(Constant::Str(text)) => {
                ConditionKind::Constant(Some(predicate.matches_text(&text)))
            }
            Operand::Constant(_) => ConditionKind::Constant(None),
            operand => {
                let subject = self.subject(operand, value.span)?;
                ConditionKind::Test(Test { subject, predicate, negated: false })
            }
        })
    }

    fn patterns(&mut self, op: PatternOp, texts: &[(Box<str>, Span)]) -> Option<Predicate> {
        let case = match op {
            PatternOp::Like | PatternOp::Regex => Case::Sensitive,
            _ => Case::Insensitive,
        };
        if matches!(op, PatternOp::Regex | PatternOp::RegexInsensitive) {
            return self.regex(case, texts).map(Predicate::Regex);
        }
        let wildcards = texts.iter().map(|(text, _)| Wildcard::new(text, case)).collect();
        Some(Predicate::Like(op, wildcards))
    }

    /// Spans point inside the literals (spec §11.4).
    fn regex(&mut self, case: Case, texts: &[(Box<str>, Span)]) -> Option<Regex> {
        let place = |literal: Span, start: usize, end: usize, source: &str| {
            let raw = literal.text(source);
            let at = |offset| literal.start + place_in_literal(raw, offset) as u32;
            Span::new(at(start), at(end))
        };
        let source = self.context.source;
        for (pattern, literal) in texts {
            // `^…$` around the whole is what the pattern does anyway.
            let end = pattern.len();
            let is_escaped = pattern.ends_with("\\$") || pattern.contains('|');
            let is_both = pattern.starts_with('^') && pattern.ends_with('$') && !is_escaped;
            let ends = (is_both && end > 2)
                .then(|| (place(*literal, 0, 1, source), place(*literal, end - 1, end, source)));
            for remark in remarks(pattern, case) {
                let is_range = remark.kind == RemarkKind::LetterRange;
                // A second repetition changes nothing where the whole value must match, and the
                // operators are of the dialect.
                let is_harmless = matches!(
                    remark.kind,
                    RemarkKind::StackedQuantifier(_) | RemarkKind::Operator(_)
                );
                if !is_harmless {
                    let (message, help) = (remark.kind.message(), remark.kind.help());
                    let span = place(*literal, remark.start, remark.end, source);
                    let kind = DiagKind::RegexRemark { message, help, is_range };
                    let finding = Diagnostic::new(kind, span);
                    let is_anchor = matches!(remark.kind, RemarkKind::Anchor(_));
                    self.findings.push(match ends {
                        Some((first, last)) if is_anchor && remark.start == 0 => {
                            let edits = vec![(first, String::new()), (last, String::new())];
                            finding.with_edits("Delete the anchors", edits)
                        }
                        _ => finding,
                    });
                }
            }
        }
        let patterns: Vec<&str> = texts.iter().map(|(text, _)| text.as_ref()).collect();
        match Regex::new(&patterns, case) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let kind = DiagKind::BadRegex {
                    message: error.kind.message(),
                    help: error.kind.help(),
                    unsupported: error.kind.is_unsupported(),
                };
                let literal = texts.get(error.pattern).map_or(Span::empty(0), |(_, span)| *span);
                self.error(kind, place(literal, error.start, error.end, source));
                None
            }
        }
    }
}
