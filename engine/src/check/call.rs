//! Calls: names, arguments, folding (spec §6.1, §6.7).

use crate::check::Checker;
use crate::check::literal::Constant;
use crate::check::operand::Operand;
use crate::diag::{DiagKind, Diagnostic};
use crate::funcs::{self, Failure, Function, Gives, Param};
use crate::hir::{Computed, ConditionKind, FieldRef, Predicate, Subject, Test, ValueExpr};
use crate::near::nearest;
use crate::schema::KnownBy;
use crate::span::Span;
use crate::syntax::ast::Expr;
use crate::syntax::lexer::spaced;
use crate::ty::Type;
use crate::value::{Case, Number, Scalar, parse_block};

/// What functions are called elsewhere.
const OTHER_NAMES: [(&str, &str); 16] = [
    ("contains", "stringContains"),
    ("has", "stringContains"),
    ("len", "length"),
    ("strlen", "length"),
    ("size", "length"),
    ("cidr", "cidrMatch"),
    ("cidr_match", "cidrMatch"),
    ("ipv4_is_in_range", "cidrMatch"),
    ("substr", "substring"),
    ("tostring", "string"),
    ("to_string", "string"),
    ("tonumber", "number"),
    ("toint", "number"),
    ("strcat", "concat"),
    ("mod", "modulo"),
    ("instr", "indexOf"),
];

impl Checker<'_> {
    pub(super) fn call(&mut self, name: Span, args: &[Expr], span: Span) -> Option<Operand> {
        let operands: Vec<Option<Operand>> = args.iter().map(|arg| self.operand(arg)).collect();
        let text = name.text(self.context.source).to_owned();
        let plain = text.trim_end_matches('~');
        let Some(function) = funcs::find(plain) else {
            let finding = self.unknown_function(plain, name, args, &operands, span);
            self.findings.push(finding);
            return None;
        };
        let insensitive = plain.len() < text.len();
        if insensitive && !function.folds {
            let finding = Diagnostic::new(DiagKind::NoInsensitiveForm(function.name), name);
            let tilde = Span::new(name.end - 1, name.end);
            self.findings.push(finding.with_fix("Delete the `~`", tilde, ""));
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

    /// A name that is no function: one like it, or what stands for it here (spec §6.21).
    fn unknown_function(
        &self,
        plain: &str,
        name: Span,
        args: &[Expr],
        operands: &[Option<Operand>],
        span: Span,
    ) -> Diagnostic {
        let lower = plain.to_ascii_lowercase();
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == lower);
        let near = match other {
            Some((_, meant)) => vec![(*meant).to_owned()],
            None => nearest(plain, funcs::names()),
        };
        let name_text = name.text(self.context.source).to_owned();
        let kind = DiagKind::UnknownFunction { name: name_text, near: near.clone() };
        let finding = Diagnostic::new(kind, name);
        if let Some(near) = near.first() {
            return finding.with_fix(format!("Write `{near}`"), name, near);
        }
        // The name of a field, and a list without its operator.
        let is_constant = |it: &Option<Operand>| matches!(it, Some(Operand::Constant(_)));
        let is_list = !operands.is_empty() && operands.iter().all(is_constant);
        if is_list && self.context.schema.field(plain).known_by != KnownBy::Nothing {
            let place = Span::empty(name.end);
            let text = spaced(self.context.source, place, "in");
            return finding.with_fix("Write `in`", place, text);
        }
        let [Some(Operand::Field(_)), rest @ ..] = operands else { return finding };
        let [field, values @ ..] = args else { return finding };
        let field = field.span.text(self.context.source);
        let is_text = |operand: &Option<Operand>| {
            matches!(operand, Some(Operand::Constant(Constant::Str(_))))
        };
        let fixed = match (lower.as_str(), values) {
            ("exists" | "isnotnull", []) => format!("({field} != null)"),
            ("isnull", []) => format!("({field} == null)"),
            ("wildcard" | "arraycontains", [first, .., last] | [first @ last])
                if rest.iter().all(is_text) =>
            {
                let values = first.span.to(last.span).text(self.context.source);
                format!("{field} : ({values})")
            }
            _ => return finding,
        };
        finding.with_fix(format!("Write `{fixed}`"), span, fixed)
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
            && found.is_text()
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
