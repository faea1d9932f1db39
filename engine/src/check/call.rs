//! Calls: names, arguments, folding (spec §6.1, §6.7).

use crate::check::Checker;
use crate::check::literal::Constant;
use crate::check::operand::Operand;
use crate::diag::{DiagKind, Diagnostic};
use crate::funcs::{self, Failure, Function, Gives, Param};
use crate::hir::{Computed, ConditionKind, FieldRef, Predicate, Subject, Test, ValueExpr};
use crate::near::nearest;
use crate::span::Span;
use crate::syntax::ast::Expr;
use crate::ty::Type;
use crate::value::{Case, Number, Scalar, parse_block};

impl Checker<'_> {
    pub(super) fn call(&mut self, name: Span, args: &[Expr], span: Span) -> Option<Operand> {
        let operands: Vec<Option<Operand>> = args.iter().map(|arg| self.operand(arg)).collect();
        let text = name.text(self.context.source).to_owned();
        let plain = text.trim_end_matches('~');
        let Some(function) = funcs::find(plain) else {
            let near = nearest(plain, funcs::names());
            let mut finding =
                Diagnostic::new(DiagKind::UnknownFunction { name: text, near: near.clone() }, name);
            if let Some(near) = near.first() {
                finding = finding.with_fix(format!("Write `{near}`"), name, near);
            }
            self.findings.push(finding);
            return None;
        };
        let insensitive = plain.len() < text.len();
        if insensitive && !function.folds {
            self.error(DiagKind::NoInsensitiveForm(function.name), name);
            return None;
        }
        if !function.accepts(args.len()) {
            let (want, found) = (function.arity(), args.len());
            let kind = DiagKind::ArgumentCount { function: function.name, want, found };
            self.error(kind, name);
            return None;
        }
        let mut sound = Vec::with_capacity(operands.len());
        for ((at, arg), operand) in args.iter().enumerate().zip(operands) {
            let checked = operand.and_then(|operand| self.argument(function, at, arg, operand));
            sound.push(checked);
        }
        let operands: Vec<Operand> = sound.into_iter().collect::<Option<_>>()?;
        let case = if insensitive { Case::Insensitive } else { Case::Sensitive };
        if operands.iter().all(|operand| matches!(operand, Operand::Constant(_))) {
            return self.folded(function, case, &operands, name);
        }
        if let (true, [Operand::Field(field), ..]) = (is_cidr_match(function), operands.as_slice())
        {
            return Some(Operand::Condition(in_blocks(field, &operands)));
        }
        if let ("divide" | "modulo", Some(Operand::Constant(Constant::Num(divisor)))) =
            (function.name, operands.get(1))
            && *divisor == Number::Int(0)
        {
            self.error(DiagKind::ConstantArithmetic, name);
            return None;
        }
        let whole = operands.iter().all(|operand| operand.ty() == Type::Integer);
        let ty = match function.gives {
            Gives::String => Type::String,
            Gives::Integer => Type::Integer,
            Gives::Number if whole => Type::Integer,
            Gives::Number | Gives::AnyNumber => Type::Decimal,
            Gives::Boolean => Type::Boolean,
        };
        let mut fields = Vec::new();
        let values: Option<Vec<ValueExpr>> =
            operands.into_iter().map(|operand| operand.into_value(&mut fields)).collect();
        let Some(values) = values else {
            self.error(DiagKind::LogicInArgument, span);
            return None;
        };
        let expr = ValueExpr::Call(function, case, values);
        Some(Operand::Computed(Computed { fields, expr, ty }))
    }

    /// The argument, if it may stand there.
    fn argument(
        &mut self,
        function: &'static Function,
        at: usize,
        arg: &Expr,
        operand: Operand,
    ) -> Option<Operand> {
        let param = function.param(at)?;
        if matches!(
            &operand,
            Operand::Condition(
                ConditionKind::And(_) | ConditionKind::Or(_) | ConditionKind::Not(_)
            )
        ) {
            self.error(DiagKind::LogicInArgument, arg.span);
            return None;
        }
        if param.is_constant() && !matches!(operand, Operand::Constant(_)) {
            let kind = DiagKind::ArgumentNotConstant { function: function.name, n: at + 1 };
            self.error(kind, arg.span);
            return None;
        }
        let found = operand.ty();
        // A field that is declared to be a text is no address; an undeclared one is read as such
        // (spec §6.11).
        let declared_text = param == Param::Ip
            && found == Type::String
            && matches!(&operand, Operand::Field(field) if field.declared);
        if !param.takes(&found) || declared_text {
            let text = arg.span.text(self.context.source).to_owned();
            let kind = DiagKind::ArgumentType {
                function: function.name,
                n: at + 1,
                want: param.ty(),
                text,
                found,
            };
            self.error(kind, arg.span);
            return None;
        }
        if param == Param::Block
            && !matches!(&operand, Operand::Constant(Constant::Str(block)) if parse_block(block).is_some())
        {
            self.error(DiagKind::BadBlock, arg.span);
            return None;
        }
        Some(operand)
    }

    fn folded(
        &mut self,
        function: &'static Function,
        case: Case,
        operands: &[Operand],
        name: Span,
    ) -> Option<Operand> {
        let args: Vec<Option<Scalar<'_>>> = operands
            .iter()
            .map(|operand| match operand {
                Operand::Constant(constant) => constant.scalar(),
                _ => None,
            })
            .collect();
        match function.call(&args, case) {
            Ok(value) => Some(Operand::Constant(Constant::of(value))),
            Err(Failure::NotANumber) => {
                self.error(DiagKind::NotANumber { events: 0 }, name);
                Some(Operand::Constant(Constant::Null))
            }
            Err(_) => {
                self.error(DiagKind::ConstantArithmetic, name);
                None
            }
        }
    }
}

fn is_cidr_match(function: &Function) -> bool {
    function.name == "cidrMatch"
}

/// `cidrMatch` of a field as a test of its addresses, so that the blocks are read once.
fn in_blocks(field: &FieldRef, operands: &[Operand]) -> ConditionKind {
    let blocks = operands.iter().filter_map(|operand| match operand {
        Operand::Constant(Constant::Str(block)) => parse_block(block),
        _ => None,
    });
    let within = blocks.map(|(first, last)| Predicate::Within(Scalar::Ip(first), Scalar::Ip(last)));
    let predicate = Predicate::OneOf(within.collect(), Case::Sensitive);
    let subject = Subject::Field(FieldRef { ty: Type::Ip, ..field.clone() });
    ConditionKind::Test(Test { subject, predicate, negated: false })
}
