//! Tree to checked condition: resolves names, reads literals, finds type mistakes (spec §3, §4).

mod literal;

use crate::diag::{DiagKind, Diagnostic};
use crate::hir::{Condition, ConditionKind, EventQuery, FieldRef, Predicate, Test};
use crate::pattern::Wildcard;
use crate::schema::{FieldInfo, KnownBy, Schema, nearest};
use crate::span::Span;
use crate::syntax::ast::{
    Body, Category, Comparison, Expr, ExprKind, Field, Filter, PatternOp, Query,
};
use crate::ty::Type;
use crate::value::{Case, Scalar};

use literal::Constant;

/// What a field nobody knows is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingFields {
    /// Missing everywhere; a warning where events are loaded (spec §4.12).
    #[default]
    Null,
    /// An error, as in Elasticsearch (§4.8).
    Error,
}

/// What the checker must know beside the tree.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The source text of the tree.
    pub source: &'c str,
    /// Types of fields.
    pub schema: Schema<'c>,
    /// Field of the event category, usually `event.category`.
    pub category_field: &'c str,
    /// What a field nobody knows is.
    pub missing_fields: MissingFields,
    /// Are there events at all? Without any, nothing is said of missing fields.
    pub has_events: bool,
}

/// The functions of the language (spec §6.8).
const FUNCTIONS: [&str; 16] = [
    "add",
    "between",
    "cidrMatch",
    "concat",
    "divide",
    "endsWith",
    "indexOf",
    "length",
    "modulo",
    "multiply",
    "number",
    "startsWith",
    "string",
    "stringContains",
    "substring",
    "subtract",
];

/// Checks a query. `None` where it cannot be run; the findings then say why.
#[must_use]
pub fn check(query: &Query, context: Context<'_>) -> (Option<EventQuery>, Vec<Diagnostic>) {
    let mut checker = Checker { context, findings: Vec::new() };
    let checked = checker.query(query);
    let mut findings = checker.findings;
    findings.sort_by_key(|finding| finding.span.start);
    (checked, findings)
}

struct Checker<'c> {
    context: Context<'c>,
    findings: Vec<Diagnostic>,
}

/// What an operand of a comparison turns out to be.
enum Operand {
    Field(FieldRef),
    Constant(Constant),
    Condition(Condition),
}

impl Checker<'_> {
    fn error(&mut self, kind: DiagKind, span: Span) {
        self.findings.push(Diagnostic::new(kind, span));
    }

    fn query(&mut self, query: &Query) -> Option<EventQuery> {
        let (what, span) = match &query.body {
            Body::Event(filter) => {
                let checked = self.filter(filter);
                if let Some(pipe) = query.pipes.first() {
                    self.error(DiagKind::NotRunYet("a pipe"), pipe.span);
                    return None;
                }
                return checked;
            }
            Body::Sequence(terms) => ("a sequence", terms.word),
            Body::Sample(terms) => ("a sample", terms.word),
            Body::Join(terms) => ("`join`", terms.word),
            Body::Hole => return None,
        };
        self.error(DiagKind::NotRunYet(what), span);
        None
    }

    fn filter(&mut self, filter: &Filter) -> Option<EventQuery> {
        let category = match &filter.category {
            Category::Any => Some(None),
            Category::Name(name) => {
                let info = self.context.schema.field(self.context.category_field);
                Some(Some(Test {
                    field: FieldRef {
                        name: self.context.category_field.into(),
                        column: info.column,
                        ty: Type::String,
                    },
                    predicate: Predicate::Equals(Scalar::Str(name.to_string().into())),
                    negated: false,
                }))
            }
            Category::Hole => None,
        };
        let condition = self.condition(&filter.condition);
        let end = filter.condition.span.start;
        // The clause of the category reads `process where`.
        let upto_where = Span::new(filter.category_span.start, end).text(self.context.source);
        let length = upto_where.find("where").map_or(upto_where.trim_end().len(), |at| at + 5);
        let start = filter.category_span.start;
        Some(EventQuery {
            category: category?,
            category_span: Span::new(start, start + length as u32),
            condition: condition?,
            span: filter.span,
        })
    }

    fn condition(&mut self, expr: &Expr) -> Option<Condition> {
        let span = expr.span;
        let kind = match &expr.kind {
            ExprKind::Paren(inner) => return self.condition(inner),
            ExprKind::And(..) => ConditionKind::And(self.chain(expr)?),
            ExprKind::Or(..) => ConditionKind::Or(self.chain(expr)?),
            ExprKind::Not(inner) => ConditionKind::Not(Box::new(self.condition(inner)?)),
            ExprKind::Hole => return None,
            _ => match self.operand(expr)? {
                Operand::Condition(condition) => condition.kind,
                Operand::Constant(Constant::Bool(value)) => ConditionKind::Constant(Some(value)),
                Operand::Constant(Constant::Null) => ConditionKind::Constant(None),
                Operand::Constant(constant) => {
                    self.error(DiagKind::NotBoolean(constant.ty()), span);
                    return None;
                }
                Operand::Field(field) if is_boolean(&field.ty) => {
                    let predicate = Predicate::Equals(Scalar::Bool(true));
                    ConditionKind::Test(Test { field, predicate, negated: false })
                }
                Operand::Field(field) => {
                    self.error(DiagKind::NotBoolean(field.ty), span);
                    return None;
                }
            },
        };
        Some(Condition { kind, span })
    }

    /// The operands of `a and b and c`, all checked even if one is refused.
    fn chain(&mut self, expr: &Expr) -> Option<Vec<Condition>> {
        let checked: Vec<_> = expr.chain().into_iter().map(|part| self.condition(part)).collect();
        checked.into_iter().collect()
    }

    fn operand(&mut self, expr: &Expr) -> Option<Operand> {
        if let Some(constant) = self.constant(expr)? {
            return Some(Operand::Constant(constant));
        }
        let condition = match &expr.kind {
            ExprKind::Paren(inner) => return self.operand(inner),
            ExprKind::Field(field) => return self.field(field, expr.span).map(Operand::Field),
            ExprKind::Call { name, args } => return self.call(*name, args),
            ExprKind::Sign { inner, .. } => {
                self.operand(inner)?;
                self.error(DiagKind::NotRunYet("arithmetic on fields"), expr.span);
                return None;
            }
            ExprKind::Arithmetic { left, right, .. } => {
                let (left, right) = (self.number(left), self.number(right));
                left.and(right)?;
                self.error(DiagKind::NotRunYet("arithmetic on fields"), expr.span);
                return None;
            }
            ExprKind::Compare { op, op_span, left, right } => {
                self.compare(*op, *op_span, left, right)?
            }
            ExprKind::In { value, negated, insensitive, list, .. } => {
                self.in_list(value, *negated, *insensitive, list)?
            }
            ExprKind::Pattern { value, op, patterns, .. } => {
                self.pattern(value, *op, patterns, expr.span)?
            }
            _ => return self.condition(expr).map(Operand::Condition),
        };
        Some(Operand::Condition(Condition { kind: condition, span: expr.span }))
    }

    /// An operand of arithmetic on fields: must be a number.
    fn number(&mut self, expr: &Expr) -> Option<()> {
        let found = match self.operand(expr)? {
            Operand::Field(field) => field.ty,
            Operand::Constant(constant) => constant.ty(),
            Operand::Condition(_) => Type::Boolean,
        };
        if found.is_number() || matches!(found, Type::Null | Type::Mixed) {
            return Some(());
        }
        self.error(DiagKind::NeedsNumber(found), expr.span);
        None
    }

    fn call(&mut self, name: Span, args: &[Expr]) -> Option<Operand> {
        for arg in args {
            self.operand(arg);
        }
        let text = name.text(self.context.source).to_owned();
        let plain = text.trim_end_matches('~');
        if FUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(plain)) {
            self.error(DiagKind::NotRunYet("a function"), name);
        } else {
            let near = nearest(plain, FUNCTIONS.iter().copied());
            self.error(DiagKind::UnknownFunction { name: text, near }, name);
        }
        None
    }

    fn field(&mut self, field: &Field, span: Span) -> Option<FieldRef> {
        let info = self.context.schema.field(&field.name);
        let name = field.name.to_string();
        let refused = match &info.ty {
            Type::Text => Some(DiagKind::TextField(name)),
            Type::Nested => Some(DiagKind::NestedField(name)),
            Type::Unsupported(ty) => Some(DiagKind::UnsupportedType { name, ty: ty.to_string() }),
            _ => self.missing_field(field, &info),
        };
        if let Some(kind) = refused {
            let mut finding = Diagnostic::new(kind, span);
            if let DiagKind::UnknownField { near, .. } | DiagKind::FieldNowhere { near, .. } =
                &finding.kind
                && let Some(near) = near.first().cloned()
            {
                finding = finding.with_fix(format!("Write `{near}`"), span, near);
            }
            let is_error = finding.kind.severity() == crate::diag::Severity::Error;
            self.findings.push(finding);
            if is_error {
                return None;
            }
        }
        Some(FieldRef { name: field.name.clone(), column: info.column, ty: info.ty })
    }

    /// What is to be said of a field that nobody knows (spec §4.8 to §4.12).
    fn missing_field(&self, field: &Field, info: &FieldInfo) -> Option<DiagKind> {
        if field.optional {
            return None;
        }
        let schema = self.context.schema;
        let name = field.name.to_string();
        match self.context.missing_fields {
            MissingFields::Error => {
                let by_table = info.known_by == KnownBy::Table && schema.mapping.is_empty();
                let known =
                    by_table || info.known_by == KnownBy::Mapping || schema.has_values(info);
                (!known).then(|| {
                    let near = schema.nearest(&name);
                    DiagKind::UnknownField { name, near }
                })
            }
            MissingFields::Null => (info.known_by == KnownBy::Nothing && self.context.has_events)
                .then(|| {
                    let near = schema.nearest(&name);
                    DiagKind::FieldNowhere { name, near }
                }),
        }
    }

    fn compare(
        &mut self,
        op: Comparison,
        op_span: Span,
        left: &Expr,
        right: &Expr,
    ) -> Option<ConditionKind> {
        let (l, r) = (self.operand(left), self.operand(right));
        match (l?, r?) {
            (Operand::Field(_), Operand::Field(second)) => {
                self.error(DiagKind::FieldWithField(second.name.into()), right.span);
                None
            }
            (Operand::Field(field), Operand::Constant(constant)) => {
                self.test(field, op, op_span, &constant, right.span)
            }
            (Operand::Constant(constant), Operand::Field(field)) => {
                self.test(field, op.swapped(), op_span, &constant, left.span)
            }
            (Operand::Condition(condition), Operand::Constant(constant)) => {
                self.truth(condition, op, op_span, &constant, right.span)
            }
            (Operand::Constant(constant), Operand::Condition(condition)) => {
                self.truth(condition, op, op_span, &constant, left.span)
            }
            (_, Operand::Condition(_)) => {
                self.error(DiagKind::NotRunYet("a condition compared with a field"), right.span);
                None
            }
            (Operand::Condition(_), Operand::Field(field)) => {
                self.error(DiagKind::FieldWithField(field.name.into()), right.span);
                None
            }
            // Two constants have been folded before.
            (Operand::Constant(_), Operand::Constant(_)) => None,
        }
    }

    /// `condition == true` and its kin (spec §3.21, §16.7).
    fn truth(
        &mut self,
        condition: Condition,
        op: Comparison,
        op_span: Span,
        constant: &Constant,
        span: Span,
    ) -> Option<ConditionKind> {
        if !op.is_equality() {
            self.error(DiagKind::NoOrder(Type::Boolean), op_span);
            return None;
        }
        let equal = op == Comparison::Equal;
        match constant {
            Constant::Bool(value) if *value == equal => Some(condition.kind),
            Constant::Bool(_) => Some(ConditionKind::Not(Box::new(condition))),
            // A condition on fields is true or false, never null (spec §4.3).
            Constant::Null => Some(ConditionKind::Constant(Some(!equal))),
            _ => {
                self.error(DiagKind::BadLiteral { want: Type::Boolean }, span);
                None
            }
        }
    }

    /// A field against a constant.
    fn test(
        &mut self,
        field: FieldRef,
        op: Comparison,
        op_span: Span,
        constant: &Constant,
        literal_span: Span,
    ) -> Option<ConditionKind> {
        if *constant == Constant::Null {
            if op.is_equality() {
                let negated = op == Comparison::Equal;
                return Some(ConditionKind::Test(Test {
                    field,
                    predicate: Predicate::Exists,
                    negated,
                }));
            }
            self.error(DiagKind::NullOrder, op_span);
            return Some(ConditionKind::Constant(None));
        }
        let boolean = field.ty == Type::Boolean || matches!(constant, Constant::Bool(_));
        if !op.is_equality() && boolean {
            self.error(DiagKind::NoOrder(Type::Boolean), op_span);
            return None;
        }
        let Some(predicate) = literal::predicate(&field.ty, op, constant) else {
            let want = field.ty.clone();
            self.error(DiagKind::BadLiteral { want }, literal_span);
            return None;
        };
        Some(ConditionKind::Test(Test { field, predicate, negated: op == Comparison::NotEqual }))
    }

    fn in_list(
        &mut self,
        value: &Expr,
        negated: bool,
        insensitive: bool,
        list: &[Expr],
    ) -> Option<ConditionKind> {
        let value_operand = self.operand(value);
        let mut items = Vec::new();
        let mut sound = true;
        for item in list {
            match self.operand(item) {
                Some(Operand::Constant(constant)) => items.push((constant, item.span)),
                Some(Operand::Field(field)) => {
                    self.error(DiagKind::FieldInList(field.name.into()), item.span);
                    sound = false;
                }
                Some(Operand::Condition(_)) => {
                    self.error(DiagKind::NotRunYet("a condition in a list"), item.span);
                    sound = false;
                }
                None => sound = false,
            }
        }
        let case = if insensitive { Case::Insensitive } else { Case::Sensitive };
        match value_operand? {
            Operand::Field(field) => {
                if insensitive && !is_string(&field.ty) {
                    let found = field.ty;
                    self.error(DiagKind::NeedsString { operator: "in~", found }, value.span);
                    return None;
                }
                let mut predicates = Vec::new();
                for (constant, span) in items {
                    // A null element never matches (spec §4.14).
                    if constant == Constant::Null {
                        continue;
                    }
                    if !literal::fits_in_list(&field.ty, &constant) {
                        let (want, found) = (field.ty.clone(), constant.ty());
                        self.error(DiagKind::ListElement { want, found }, span);
                        sound = false;
                        continue;
                    }
                    match literal::predicate(&field.ty, Comparison::Equal, &constant) {
                        Some(predicate) => predicates.push(predicate),
                        None => {
                            let want = field.ty.clone();
                            self.error(DiagKind::BadLiteral { want }, span);
                            sound = false;
                        }
                    }
                }
                let predicate = Predicate::OneOf(predicates, case);
                sound.then_some(ConditionKind::Test(Test { field, predicate, negated }))
            }
            Operand::Constant(constant) => sound.then(|| {
                let found = items.iter().any(|(item, _)| literal::equal(&constant, item, case));
                let is_null = constant == Constant::Null;
                ConditionKind::Constant((!is_null).then_some(found != negated))
            }),
            Operand::Condition(_) => {
                self.error(DiagKind::NotRunYet("a condition in front of `in`"), value.span);
                None
            }
        }
    }

    fn pattern(
        &mut self,
        value: &Expr,
        op: PatternOp,
        patterns: &[Expr],
        span: Span,
    ) -> Option<ConditionKind> {
        let value_operand = self.operand(value)?;
        let mut texts = Vec::new();
        for pattern in patterns {
            match self.operand(pattern)? {
                Operand::Constant(Constant::Str(text)) => texts.push(text),
                // Null matches nothing (spec §4.6); the others are of no use here.
                Operand::Constant(Constant::Null) => {}
                Operand::Constant(constant) => {
                    let (want, found) = (Type::String, constant.ty());
                    self.error(DiagKind::ListElement { want, found }, pattern.span);
                    return None;
                }
                _ => return None,
            }
        }
        if matches!(op, PatternOp::Regex | PatternOp::RegexInsensitive) {
            self.error(DiagKind::NotRunYet("a regular expression"), span);
            return None;
        }
        let case = match op {
            PatternOp::Like => Case::Sensitive,
            _ => Case::Insensitive,
        };
        let wildcards: Vec<_> = texts.iter().map(|text| Wildcard::new(text, case)).collect();
        let found = match value_operand {
            Operand::Field(field) if is_string(&field.ty) => {
                let predicate = Predicate::Like(op, wildcards);
                return Some(ConditionKind::Test(Test { field, predicate, negated: false }));
            }
            Operand::Constant(Constant::Str(text)) => {
                let matched = wildcards.iter().any(|wildcard| wildcard.is_match(&text));
                return Some(ConditionKind::Constant(Some(matched)));
            }
            Operand::Constant(Constant::Null) => return Some(ConditionKind::Constant(None)),
            Operand::Field(field) => field.ty,
            Operand::Constant(constant) => constant.ty(),
            Operand::Condition(_) => Type::Boolean,
        };
        self.error(DiagKind::NeedsString { operator: op.text(), found }, value.span);
        None
    }
}

/// May the field hold texts?
fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Mixed | Type::Null)
}

/// May the field stand alone as a condition?
fn is_boolean(ty: &Type) -> bool {
    matches!(ty, Type::Boolean | Type::Mixed | Type::Null)
}

#[cfg(test)]
mod tests;
