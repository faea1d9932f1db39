//! The functions of the language as a table: names, parameters, results and what they compute
//! (spec §6).
//!
//! A function sees one value per argument, never an array (§6.4). `None` is null; unless its row
//! says otherwise a null argument makes the result null (§6.3). Letter case is folded for ASCII
//! only, on computed strings too (§3.18, a choice the specification leaves open).

mod math;
mod text;

use crate::ty::Type;
use crate::value::{Case, Scalar};

pub use math::{arithmetic, number_text};

/// What a call gives for the values of one event.
pub type Answer = Result<Option<Scalar<'static>>, Failure>;

/// Why a call gives null where Elasticsearch would fail the whole search (spec §11.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// `number()` of a text that is none.
    NotANumber,
    /// A result that does not fit 64 bits.
    Overflow,
    /// A zero divisor.
    DivisionByZero,
    /// A value that should be an address and is none.
    BadAddress,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// A text.
    String,
    /// Any number.
    Number,
    /// A whole number.
    Integer,
    /// A whole number, known when the query is compiled.
    ConstantInteger,
    /// `true` or `false`.
    Boolean,
    /// An address.
    Ip,
    /// An address block, known when the query is compiled.
    Block,
    /// Anything.
    Any,
}

impl Param {
    /// The type that messages name.
    #[must_use]
    pub fn ty(self) -> Type {
        match self {
            Self::String | Self::Block | Self::Any => Type::String,
            Self::Number => Type::Decimal,
            Self::Integer | Self::ConstantInteger => Type::Integer,
            Self::Boolean => Type::Boolean,
            Self::Ip => Type::Ip,
        }
    }

    /// Must the argument be constant?
    #[must_use]
    pub fn is_constant(self) -> bool {
        matches!(self, Self::ConstantInteger | Self::Block)
    }

    /// May a value of this type stand here? What is mixed or unknown is judged value by value.
    #[must_use]
    pub fn takes(self, ty: &Type) -> bool {
        matches!(ty, Type::Null | Type::Mixed)
            || match self {
                Self::Any => true,
                Self::String | Self::Block => ty.is_text(),
                Self::Number => ty.is_number(),
                Self::Integer | Self::ConstantInteger => *ty == Type::Integer,
                Self::Boolean => *ty == Type::Boolean,
                Self::Ip => *ty == Type::Ip || ty.is_text(),
            }
    }
}

/// What a call gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// Whole where all arguments are, else decimal (spec §3.27).
    Number,
    /// Whole or decimal, as the text says.
    AnyNumber,
    /// `true` or `false`.
    Boolean,
}

/// One row of the table.
#[derive(Debug)]
pub struct Function {
    /// Its name as it is shown.
    pub name: &'static str,
    /// Its parameters; the last one repeats where `variadic`.
    pub params: &'static [Param],
    /// How many arguments there must be at least.
    pub required: usize,
    /// May the last parameter repeat?
    pub variadic: bool,
    /// What it gives.
    pub gives: Gives,
    /// Has it a `~` form?
    pub folds: bool,
    call: fn(&[Option<Scalar<'_>>], Case) -> Answer,
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Function {
    /// The parameter at a position; `None` past the last.
    #[must_use]
    pub fn param(&self, at: usize) -> Option<Param> {
        match self.params.get(at) {
            None if self.variadic => self.params.last().copied(),
            found => found.copied(),
        }
    }

    /// How many arguments it takes, in words: `2 or 3 arguments`.
    #[must_use]
    pub fn arity(&self) -> String {
        let (least, most) = (self.required, self.params.len());
        let plural = |n: usize| if n == 1 { "argument" } else { "arguments" };
        if self.variadic {
            return format!("{least} or more {}", plural(2));
        }
        match most - least {
            0 => format!("{least} {}", plural(least)),
            1 => format!("{least} or {most} {}", plural(most)),
            _ => format!("{least} to {most} {}", plural(most)),
        }
    }

    /// May it be called with so many arguments?
    #[must_use]
    pub fn accepts(&self, n: usize) -> bool {
        n >= self.required && (self.variadic || n <= self.params.len())
    }

    /// Calls it; `None` in the arguments is null. Arguments of another type than the parameter's
    /// give null.
    ///
    /// # Errors
    /// Where Elasticsearch would fail the search; to be taken as null.
    pub fn call(&self, args: &[Option<Scalar<'_>>], case: Case) -> Answer {
        (self.call)(args, case)
    }
}

/// Looks a name up, without regard to case and without its `~` (spec §6.1).
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|row| row.name.eq_ignore_ascii_case(name))
}

/// All names, as they are shown.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.name)
}

macro_rules! function {
    ($name:literal, [$($param:ident),*], $required:literal, $gives:ident, $call:expr) => {
        Function {
            name: $name,
            params: &[$(Param::$param),*],
            required: $required,
            variadic: false,
            gives: Gives::$gives,
            folds: false,
            call: $call,
        }
    };
}

/// The table of spec §6.8, in order of name.
static TABLE: [Function; 16] = [
    function!("add", [Number, Number], 2, Number, math::add),
    Function {
        folds: true,
        ..function!("between", [String, String, String, Boolean], 3, String, text::between)
    },
    Function {
        variadic: true,
        ..function!("cidrMatch", [Ip, Block], 2, Boolean, text::cidr_match)
    },
    Function { variadic: true, ..function!("concat", [Any], 1, String, text::concat) },
    function!("divide", [Number, Number], 2, Number, math::divide),
    Function {
        folds: true,
        ..function!("endsWith", [String, String], 2, Boolean, text::ends_with)
    },
    Function {
        folds: true,
        ..function!("indexOf", [String, String, Number], 2, Integer, text::index_of)
    },
    function!("length", [String], 1, Integer, text::length),
    function!("modulo", [Number, Number], 2, Number, math::modulo),
    function!("multiply", [Number, Number], 2, Number, math::multiply),
    function!("number", [String, ConstantInteger], 1, AnyNumber, math::number),
    Function {
        folds: true,
        ..function!("startsWith", [String, String], 2, Boolean, text::starts_with)
    },
    function!("string", [Any], 1, String, text::string),
    Function {
        folds: true,
        ..function!("stringContains", [String, String], 2, Boolean, text::string_contains)
    },
    function!("substring", [String, Integer, Integer], 2, String, text::substring),
    function!("subtract", [Number, Number], 2, Number, math::subtract),
];

/// The text of an argument; `None` for null and for anything else.
fn text_of<'a>(args: &'a [Option<Scalar<'_>>], at: usize) -> Option<&'a str> {
    match args.get(at) {
        Some(Some(Scalar::Str(text))) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
