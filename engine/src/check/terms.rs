//! Terms and their join keys (spec §2.19, §7.8).

use crate::check::shape::runs;
use crate::check::{Checker, MissingFields};
use crate::diag::DiagKind;
use crate::hir::{Checked, Form, Key, Term};
use crate::schema::KnownBy;
use crate::syntax::ast::{self, Body, Category, Expr, ExprKind, Query, Terms};
use crate::ty::Type;

impl Checker<'_> {
    pub(super) fn query(&mut self, query: &Query, form: Form) -> Option<Checked> {
        let pipes = self.pipes(&query.pipes);
        let (terms, until) = match &query.body {
            Body::Event(filter) => {
                let filter = self.filter(filter);
                let term = filter.map(|filter| Term {
                    span: filter.span,
                    filter,
                    keys: Vec::new(),
                    missing: false,
                    runs: 1,
                });
                (vec![term], None)
            }
            Body::Sequence(terms) | Body::Sample(terms) => {
                let each = terms.terms.iter().map(|term| self.term(terms, term)).collect();
                (each, terms.until.as_ref().map(|until| self.term(terms, until)))
            }
            Body::Join(_) | Body::Hole => return None,
        };
        self.category_field(query);
        let terms: Vec<Term> = terms.into_iter().collect::<Option<_>>()?;
        let until = match until {
            None => None,
            Some(until) => Some(until?),
        };
        self.key_types(&terms, until.as_ref());
        Some(Checked { form, terms, until, pipes, span: query.span })
    }

    fn term(&mut self, terms: &Terms, term: &ast::Term) -> Option<Term> {
        let keys: Vec<Option<Key>> =
            terms.keys.iter().chain(&term.keys).map(|key| self.key(key)).collect();
        let filter = self.filter(&term.filter);
        Some(Term {
            filter: filter?,
            keys: keys.into_iter().collect::<Option<_>>()?,
            missing: term.missing,
            runs: runs(term),
            span: term.span,
        })
    }

    fn key(&mut self, key: &Expr) -> Option<Key> {
        let ExprKind::Field(field) = &key.kind else { return None };
        // A key of the header is checked once per term and told once.
        let before = self.findings.len();
        let checked = self.field(field, key.span);
        let again = self.findings.get(..before).unwrap_or_default();
        if self.findings.get(before..).is_some_and(|new| new.iter().all(|f| again.contains(f))) {
            self.findings.truncate(before);
        }
        Some(Key { field: checked?, optional: field.optional, span: key.span })
    }

    /// Keys that meet must be comparable: an error where both types are declared, a warning where
    /// one was inferred from values (spec §7.8, §16.4).
    fn key_types(&mut self, terms: &[Term], until: Option<&Term>) {
        let Some((first, rest)) = terms.split_first() else { return };
        for term in rest.iter().chain(until) {
            for (a, b) in first.keys.iter().zip(&term.keys) {
                if compatible(&a.field.ty, &b.field.ty) {
                    continue;
                }
                let kind = DiagKind::KeyTypes {
                    first: a.field.name.to_string(),
                    first_type: a.field.ty.clone(),
                    second: b.field.name.to_string(),
                    second_type: b.field.ty.clone(),
                    declared: a.field.declared && b.field.declared,
                };
                self.error(kind, b.span);
            }
        }
    }

    /// In strict mode the category field must be known wherever a category is tested (E-417).
    fn category_field(&mut self, query: &Query) {
        if self.context.missing_fields != MissingFields::Error {
            return;
        }
        let info = self.context.schema.field(self.context.category_field);
        let by_table = info.known_by == KnownBy::Table && self.context.schema.mapping.is_empty();
        if by_table || info.known_by == KnownBy::Mapping || self.context.schema.has_values(&info) {
            return;
        }
        let filters = match &query.body {
            Body::Event(filter) => vec![filter],
            Body::Sequence(terms) | Body::Sample(terms) | Body::Join(terms) => {
                terms.terms.iter().chain(terms.until.as_deref()).map(|term| &term.filter).collect()
            }
            Body::Hole => Vec::new(),
        };
        for filter in filters {
            if filter.category != Category::Any {
                let name = self.context.category_field.to_owned();
                self.error(DiagKind::CategoryFieldUnknown(name), filter.category_span);
            }
        }
    }
}

fn compatible(a: &Type, b: &Type) -> bool {
    let open = |ty: &Type| matches!(ty, Type::Null | Type::Mixed);
    a == b
        || (a.is_text() && b.is_text())
        || matches!((a, b), (Type::Date(_), Type::Date(_)))
        || (a.is_number() && b.is_number())
        || open(a)
        || open(b)
}
