//! Tree to checked condition: resolves names, reads literals, finds type mistakes (spec §3, §4).

mod call;
mod literal;
mod operand;
mod shape;
mod slips;
mod terms;

use crate::diag::{DiagKind, Diagnostic, Severity};
use crate::hir::{
    Checked, Condition, ConditionKind, EventQuery, FieldRef, Predicate, Subject, Test,
};
use crate::schema::{FieldInfo, KnownBy, Schema};
use crate::span::Span;
use crate::syntax::ast::{Category, Expr, ExprKind, Field, Filter, Query};
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Precision, Scalar};

use literal::Constant;
use operand::Operand;

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
    /// What `now` is in a date (spec §12.5); asked only where a date names it.
    pub now: &'c dyn Fn() -> Instant,
}

/// Checks a query. `None` where it cannot be run; the findings then say why.
#[must_use]
pub fn check(query: &Query, context: Context<'_>) -> (Option<Checked>, Vec<Diagnostic>) {
    let run = |optional| {
        let mut checker = Checker { context, findings: Vec::new(), optional };
        let form = checker.shape(query);
        // Errors of one phase stop the next (spec §11.1).
        let sound = checker.findings.is_empty();
        (form.filter(|_| sound).and_then(|form| checker.query(query, form)), checker)
    };
    let (mut checked, mut checker) = run(Vec::new());
    // A field that is marked in one place is optional in all, also in those before it (§4.11).
    let is_marked = |finding: &Diagnostic| match &finding.kind {
        DiagKind::UnknownField { name, .. } => checker.optional.contains(name),
        _ => false,
    };
    if checker.findings.iter().any(is_marked) {
        (checked, checker) = run(checker.optional);
    }
    let mut findings = checker.findings;
    crate::diag::in_source_order(&mut findings);
    let refused = findings.iter().any(|finding| finding.kind.severity() == Severity::Error);
    (checked.filter(|_| !refused), findings)
}

struct Checker<'c> {
    context: Context<'c>,
    findings: Vec<Diagnostic>,
    /// Names that are marked with `?` somewhere.
    optional: Vec<String>,
}

impl Checker<'_> {
    fn error(&mut self, kind: DiagKind, span: Span) {
        self.findings.push(Diagnostic::new(kind, span));
    }

    fn filter(&mut self, filter: &Filter) -> Option<EventQuery> {
        let category = match &filter.category {
            Category::Any => Some(None),
            Category::Name(name) => {
                let info = self.context.schema.field(self.context.category_field);
                self.category_name(&info.column, name, filter.category_span);
                Some(Some(Test {
                    subject: Subject::Field(FieldRef {
                        name: self.context.category_field.into(),
                        column: info.column,
                        ty: Type::String,
                        precision: Precision::Exact,
                        declared: info.known_by != KnownBy::Values,
                    }),
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

    /// A category is compared exactly, so one in other letters matches nothing (L-28).
    fn category_name(&mut self, column: &str, name: &str, span: Span) {
        if !self.context.has_events {
            return;
        }
        if let Some(near) = self.context.schema.meant_category(column, name) {
            let kind = DiagKind::CategoryNowhere { name: name.to_owned(), near: near.clone() };
            let plain = near.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let text = if plain { near.clone() } else { format!("{near:?}") };
            let finding =
                Diagnostic::new(kind, span).with_fix(format!("Write `{near}`"), span, text);
            self.findings.push(finding);
        }
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
                Operand::Condition(kind) => kind,
                Operand::Constant(Constant::Bool(value)) => ConditionKind::Constant(Some(value)),
                Operand::Constant(Constant::Null) => ConditionKind::Constant(None),
                Operand::Constant(constant) => {
                    self.error(DiagKind::NotBoolean(constant.ty()), span);
                    return None;
                }
                Operand::Field(field) if is_boolean(&field.ty) => truth_of(Subject::Field(field)),
                Operand::Computed(computed) if is_boolean(&computed.ty) => {
                    truth_of(Subject::Computed(computed))
                }
                other => {
                    self.error(DiagKind::NotBoolean(other.ty()), span);
                    return None;
                }
            },
        };
        Some(Condition { kind, span })
    }

    /// The operands of `a and b and c`, all checked even if one is refused.
    fn chain(&mut self, expr: &Expr) -> Option<Vec<Condition>> {
        let parts = expr.chain();
        let mut checked = Vec::with_capacity(parts.len());
        let mut rest = parts.as_slice();
        while let Some((part, after)) = rest.split_first() {
            checked.push(self.condition(part));
            rest = after;
            let is_text = |it: &&&Expr| matches!(it.kind, ExprKind::Str(_));
            let (texts, others) = rest.split_at(rest.iter().take_while(is_text).count());
            let is_leaf = matches!(
                part.kind,
                ExprKind::Compare { .. } | ExprKind::Pattern { .. } | ExprKind::In { .. }
            );
            if is_leaf && !texts.is_empty() {
                self.bare_values(part, texts, matches!(expr.kind, ExprKind::Or(..)));
                checked.push(None);
                rest = others;
            }
        }
        checked.into_iter().collect()
    }

    fn field(&mut self, field: &Field, span: Span) -> Option<FieldRef> {
        let info = self.context.schema.field(&field.name);
        let name = field.name.to_string();
        let refused = match &info.ty {
            Type::Text => Some(DiagKind::TextField(name)),
            Type::Inexact => Some(DiagKind::InexactField(name)),
            Type::Nested => Some(DiagKind::NestedField(name)),
            Type::Unsupported(ty) => Some(DiagKind::UnsupportedType { name, ty: ty.to_string() }),
            // Of a mapping only where its indices disagree.
            Type::Mixed if info.known_by == KnownBy::Mapping => {
                let strict = self.context.missing_fields == MissingFields::Error;
                Some(DiagKind::FieldConflict { name, strict })
            }
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
            let is_error = finding.kind.severity() == Severity::Error;
            self.findings.push(finding);
            if is_error {
                return None;
            }
        }
        let declared = matches!(info.known_by, KnownBy::Mapping | KnownBy::Table);
        Some(FieldRef {
            name: field.name.clone(),
            column: info.column,
            ty: info.ty,
            precision: info.precision,
            declared,
        })
    }

    /// Names like that of a field that nobody knows.
    fn near(&self, name: &str) -> Vec<String> {
        if self.findings.len() < MAX_NEAR { self.context.schema.nearest(name) } else { Vec::new() }
    }

    /// What is to be said of a field that nobody knows (spec §4.8 to §4.12).
    fn missing_field(&mut self, field: &Field, info: &FieldInfo) -> Option<DiagKind> {
        let schema = self.context.schema;
        let name = field.name.to_string();
        if field.optional {
            self.optional.push(name);
            return None;
        }
        match self.context.missing_fields {
            MissingFields::Error => {
                let by_table = info.known_by == KnownBy::Table && schema.mapping.is_empty();
                let known =
                    by_table || info.known_by == KnownBy::Mapping || schema.has_values(info);
                (!known).then(|| match self.optional.contains(&name) {
                    true => DiagKind::FieldNowhere { near: self.near(&name), name },
                    false => DiagKind::UnknownField { near: self.near(&name), name },
                })
            }
            MissingFields::Null => (info.known_by == KnownBy::Nothing && self.context.has_events)
                .then(|| DiagKind::FieldNowhere { near: self.near(&name), name }),
        }
    }
}

/// Names like that of an unknown field are looked for so often; it takes a look at all names.
const MAX_NEAR: usize = 50;

/// The test that a boolean is true.
fn truth_of(subject: Subject) -> ConditionKind {
    let predicate = Predicate::Equals(Scalar::Bool(true));
    ConditionKind::Test(Test { subject, predicate, negated: false })
}

/// May the value be a text?
fn is_string(ty: &Type) -> bool {
    ty.is_text() || matches!(ty, Type::Mixed | Type::Null)
}

/// May the value stand alone as a condition?
fn is_boolean(ty: &Type) -> bool {
    matches!(ty, Type::Boolean | Type::Mixed | Type::Null)
}

#[cfg(test)]
mod tests;
