//! From what a computed value should be back to values of its fields: suggestions, not solutions;
//! who takes them computes forward and looks.

use crate::funcs::{Function, arithmetic};
use crate::hir::{FieldRef, Predicate, ValueExpr};
use crate::syntax::ast::Arithmetic;
use crate::synth::natural::{filled, natural, number};
use crate::synth::values::offer;
use crate::ty::Type;
use crate::value::{Number, Scalar, parse_block};

/// Most suggestions for one test, and the longest text that is made to reach a length.
const MAX_SUGGESTIONS: usize = 400;
const MAX_LENGTH: usize = 20_000;

/// Values of fields, by the position of the field.
#[derive(Debug, Default)]
pub(super) struct Suggestions(pub(super) Vec<(usize, Scalar<'static>)>);

impl Suggestions {
    /// What the fields of a computed value may be for the predicate to hold, or not to hold.
    pub(super) fn of(
        expr: &ValueExpr,
        ty: &Type,
        predicate: &Predicate,
        fields: &[FieldRef],
    ) -> Self {
        let mut found = Self::default();
        found.test(expr, ty, predicate, true);
        found.test(expr, ty, predicate, false);
        found.constants(expr);
        for (at, field) in fields.iter().enumerate() {
            natural(&field.column, &field.ty, 0, &mut |scalar| {
                found.add(at, scalar);
                false
            });
            found.add(at, Scalar::Str("".into()));
        }
        found
    }

    fn add(&mut self, field: usize, scalar: Scalar<'static>) {
        if self.0.len() < MAX_SUGGESTIONS {
            self.0.push((field, scalar));
        }
    }

    fn test(&mut self, expr: &ValueExpr, ty: &Type, predicate: &Predicate, holds: bool) {
        let mut n = 0;
        offer(predicate, holds, ("", ty), &mut |scalar| {
            self.value(expr, &scalar);
            n += 1;
            n > 40 || self.0.len() >= MAX_SUGGESTIONS
        });
    }

    /// The constants in an expression may be values of its fields too.
    fn constants(&mut self, expr: &ValueExpr) {
        let mut constants = Vec::new();
        let mut fields = Vec::new();
        parts(expr, &mut constants, &mut fields);
        for field in fields {
            for constant in &constants {
                self.add(field, constant.clone());
            }
        }
    }

    /// The expression should have this value.
    fn value(&mut self, expr: &ValueExpr, target: &Scalar<'static>) {
        match expr {
            ValueExpr::Constant(_) => {}
            ValueExpr::Field(at) => self.add(*at, target.clone()),
            ValueExpr::Arithmetic(op, sides) => self.arithmetic(*op, &sides.0, &sides.1, target),
            ValueExpr::Test(inner, predicate, negated) => {
                let holds = *target == Scalar::Bool(!negated);
                self.test(inner, &Type::Mixed, predicate, holds);
            }
            ValueExpr::Call(function, _, args) => self.call(function, args, target),
        }
    }

    fn arithmetic(
        &mut self,
        op: Arithmetic,
        l: &ValueExpr,
        r: &ValueExpr,
        target: &Scalar<'static>,
    ) {
        use Arithmetic::{Add, Divide, Modulo, Multiply, Subtract};
        let Scalar::Num(target) = *target else { return };
        let guesses = |side: &ValueExpr| match side {
            ValueExpr::Constant(Some(Scalar::Num(number))) => vec![*number],
            _ => vec![Number::Int(1), Number::Int(2), Number::Int(10)],
        };
        // By which operation the one side comes from the result and the other side.
        let (undo_left, undo_right) = match op {
            Add => (Subtract, Subtract),
            Subtract => (Add, Subtract),
            Multiply => (Divide, Divide),
            Divide => (Multiply, Divide),
            Modulo => (Add, Subtract),
        };
        for other in guesses(r) {
            if op == Modulo {
                self.value(l, &Scalar::Num(target));
            }
            let left = arithmetic(undo_left, target, other).ok();
            left.into_iter().for_each(|left| self.value(l, &Scalar::Num(left)));
        }
        for other in guesses(l) {
            let (a, b) = match op {
                Add | Multiply => (target, other),
                Subtract | Divide | Modulo => (other, target),
            };
            let right = arithmetic(undo_right, a, b).ok();
            right.into_iter().for_each(|right| self.value(r, &Scalar::Num(right)));
        }
    }

    fn call(&mut self, function: &Function, args: &[ValueExpr], target: &Scalar<'static>) {
        let Some(first) = args.first() else { return };
        let two = args.get(1).map(|second| (first, second));
        let op = match function.name {
            "add" => Some(Arithmetic::Add),
            "subtract" => Some(Arithmetic::Subtract),
            "multiply" => Some(Arithmetic::Multiply),
            "divide" => Some(Arithmetic::Divide),
            "modulo" => Some(Arithmetic::Modulo),
            _ => None,
        };
        if let (Some(op), Some((l, r))) = (op, two) {
            return self.arithmetic(op, l, r, target);
        }
        let text_at = |at: usize| match args.get(at) {
            Some(ValueExpr::Constant(Some(Scalar::Str(text)))) => Some(text.to_string()),
            _ => None,
        };
        let int_at = |at: usize| match args.get(at) {
            Some(ValueExpr::Constant(Some(Scalar::Num(number)))) => Some(number.to_i128()),
            _ => None,
        };
        let pad = |n: i128| "x".repeat(usize::try_from(n).unwrap_or(0).min(MAX_LENGTH));
        let mut texts: Vec<String> = Vec::new();
        match (function.name, target) {
            ("length", Scalar::Num(n)) => {
                let text = pad(n.to_i128());
                texts.extend([text.replace('x', "a"), text]);
            }
            ("string", target) => return self.value(first, target),
            ("number", Scalar::Num(n)) => texts.push(match int_at(1) {
                Some(base @ 2..=36) if base != 10 => digits(n.to_i128(), base as u32),
                _ => n.to_string(),
            }),
            ("concat", Scalar::Str(text)) => return self.concat(args, text),
            ("startsWith" | "endsWith" | "stringContains", Scalar::Bool(holds)) => {
                let known = text_at(1).or_else(|| text_at(0)).unwrap_or_else(|| "x".into());
                let (before, after) = (format!("x{known}"), format!("{known}x"));
                let cut = known.chars().skip(1).collect();
                texts.extend(if *holds { [known, after, before] } else { [before, after, cut] });
                if let Some((_, second)) = two {
                    texts.iter().for_each(|t| self.value(second, &Scalar::Str(t.clone().into())));
                }
            }
            ("indexOf", Scalar::Num(n)) => {
                let (text, wanted) = (pad(n.to_i128()), text_at(1).unwrap_or_default());
                texts.extend([text.replace('x', "a") + &wanted, text + &wanted]);
            }
            ("substring", Scalar::Str(text)) => {
                let start = int_at(1).unwrap_or(0);
                let end = int_at(2).filter(|end| *end < 0).map_or(0, |end| -end);
                // From the end: what stands between the piece and the end of the text.
                let behind = -start - text.chars().count() as i128;
                texts.push(pad(start) + text + &pad(end.max(behind)));
            }
            ("between", Scalar::Str(text)) => {
                let (left, right) = (text_at(1), text_at(2));
                texts.push(left.unwrap_or_default() + text + &right.unwrap_or_default());
            }
            ("cidrMatch", _) => {
                for block in (1..args.len()).filter_map(|at| parse_block(&text_at(at)?)) {
                    for address in [block.0, block.1] {
                        self.value(first, &Scalar::Ip(address));
                    }
                }
            }
            _ => {}
        }
        for text in texts {
            self.value(first, &Scalar::Str(text.into()));
        }
    }

    /// The parts of a joined text: what stands between the constants, and all that is left for
    /// each field.
    fn concat(&mut self, args: &[ValueExpr], text: &str) {
        let mut rest = text;
        let mut open: Vec<&ValueExpr> = Vec::new();
        for arg in args {
            let ValueExpr::Constant(Some(constant)) = arg else {
                open.push(arg);
                continue;
            };
            let constant = match constant {
                Scalar::Str(text) => text.to_string(),
                Scalar::Num(number) => number.to_string(),
                other => written_bool(other),
            };
            let Some(at) = rest.find(&constant) else { continue };
            let (before, after) = rest.split_at(at);
            self.split(&open, before);
            open.clear();
            rest = after.get(constant.len()..).unwrap_or_default();
        }
        self.split(&open, rest);
    }

    /// Several fields in a row: every place where the text may be cut is suggested to all.
    fn split(&mut self, open: &[&ValueExpr], text: &str) {
        let whole = [(text, "")];
        let cuts = text.char_indices().skip(1).take(24).map(|(at, _)| text.split_at(at));
        for (left, right) in whole.into_iter().chain(cuts.filter(|_| open.len() > 1)) {
            for expr in open {
                self.value(expr, &Scalar::Str(left.to_owned().into()));
                if !right.is_empty() {
                    self.value(expr, &Scalar::Str(right.to_owned().into()));
                }
            }
        }
    }
}

fn written_bool(scalar: &Scalar<'_>) -> String {
    if *scalar == Scalar::Bool(true) { "true".into() } else { "false".into() }
}

/// The constants and the fields of an expression.
fn parts(expr: &ValueExpr, constants: &mut Vec<Scalar<'static>>, fields: &mut Vec<usize>) {
    match expr {
        ValueExpr::Constant(constant) => constants.extend(constant.clone()),
        ValueExpr::Field(at) => fields.push(*at),
        ValueExpr::Call(_, _, args) => args.iter().for_each(|arg| parts(arg, constants, fields)),
        ValueExpr::Arithmetic(_, sides) => {
            parts(&sides.0, constants, fields);
            parts(&sides.1, constants, fields);
        }
        ValueExpr::Test(inner, predicate, _) => {
            parts(inner, constants, fields);
            if let Predicate::Like(_, patterns) = predicate.as_ref() {
                constants
                    .extend(patterns.iter().map(|p| Scalar::Str(filled(p.pattern(), 0).into())));
            }
            constants.push(number(0));
        }
    }
}

/// A number to another base.
fn digits(number: i128, base: u32) -> String {
    let mut left = number.unsigned_abs();
    let mut digits = Vec::new();
    while left > 0 || digits.is_empty() {
        digits.extend(char::from_digit((left % u128::from(base)) as u32, base));
        left /= u128::from(base);
    }
    if number < 0 {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}
