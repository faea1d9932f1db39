//! Tokens of EQL (spec §1).

use crate::span::Span;
use crate::value::Number;

/// One token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: Tok,
    /// Where.
    pub span: Span,
}

/// Kinds of token.
#[derive(Clone, Debug, PartialEq)]
pub enum Tok {
    /// A plain name that is no keyword (§1.7).
    Ident,
    /// A name in backticks, without them (§1.8).
    QuotedIdent(Box<str>),
    /// A function name with its `~` (§1.23).
    TildeIdent,
    /// A reserved word (§1.5).
    Keyword(Keyword),
    /// A string, decoded (§1.13, §1.17).
    Str(Box<str>),
    /// Digits (§1.20), or a decimal (§1.21).
    Number(Number),
    /// An operator or mark (§1.22).
    Symbol(Symbol),
    /// Something the lexer has complained about already; stands for one operand.
    Bad,
    /// The end of the text.
    End,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = concat!("`", $text, "`")] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As it is written.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

words! {
    /// The reserved words and fused operators (§1.5), lower case only.
    Keyword {
        And "and", Any "any", By "by", False "false", In "in", InInsensitive "in~", Join "join",
        Like "like", LikeInsensitive "like~", Maxspan "maxspan", Not "not", Null "null", Of "of",
        Or "or", Regex "regex", RegexInsensitive "regex~", Sample "sample", Sequence "sequence",
        True "true", Until "until", Where "where", With "with",
    }
}

words! {
    /// Symbols (§1.22), longest first, so that the first that fits is the token.
    Symbol {
        NotBracket "![", Equal "==", NotEqual "!=", LessEqual "<=", GreaterEqual ">=",
        Colon ":", Assign "=", Less "<", Greater ">", Plus "+", Minus "-", Star "*", Slash "/",
        Percent "%", Dot ".", Comma ",", OpenBracket "[", CloseBracket "]", OpenParen "(",
        CloseParen ")", Pipe "|", Optional "?",
    }
}
