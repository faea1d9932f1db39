//! What can be wrong with a pattern, and what is legal but seldom meant.

/// Why a set of patterns cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexError {
    /// Which of the patterns, from 0.
    pub pattern: usize,
    /// First byte of the guilty part in that pattern, as decoded from its literal.
    pub start: usize,
    /// The byte after the guilty part.
    pub end: usize,
    /// What is wrong with it.
    pub kind: RegexErrorKind,
}

/// What is wrong with a pattern (spec §5.12 to §5.20, §16.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegexErrorKind {
    /// `(?i)`, `(?:…)`, `(?=…)`: these exist in other dialects alone.
    Extension(Extension),
    /// `\b`: a letter that has no meaning after a backslash.
    UnknownEscape(char),
    /// `a\`
    EscapeAtEnd,
    /// `a|`, `(a|)`, `a&`: nothing on one side of the operator.
    EmptyAlternative(char),
    /// `~` with nothing after it.
    NothingToNegate,
    /// `a)`
    UnmatchedParen,
    /// `(a`
    UnclosedGroup,
    /// `[a`, `[]`
    UnclosedClass,
    /// `"a`
    UnclosedQuote,
    /// `<1-5`
    UnclosedInterval,
    /// `a{x}`, `a{,3}`
    RepeatWithoutNumber,
    /// `a{3`
    UnclosedRepeat,
    /// `a{4,2}`
    RepeatOrder,
    /// `[z-a]`
    RangeOrder(char, char),
    /// `[a-]`: the bracket would be the end of a range.
    RangeWithoutEnd,
    /// `[a-\d]`
    RangeToClass(char),
    /// `<name>`, `<1-2-3>`
    BadInterval,
    /// `<1-99999999999>`
    IntervalTooLarge,
    /// All patterns together have more characters than [`super::MAX_CHARS`].
    TooLong,
    /// Groups are nested deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// Written out without counts, the patterns have more than [`super::MAX_SIZE`] positions.
    TooLarge,
}

/// Groups that begin with `(?`, by what they do elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// `(?i)`, `(?s:…)`
    Flags,
    /// `(?:…)`, `(?>…)`
    NonCapturing,
    /// `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`
    LookAround,
    /// `(?<name>…)`, `(?P<name>…)`
    Named,
    /// Anything else.
    Other,
}

impl Extension {
    /// The kind of a group by what follows its `(?`.
    pub(super) fn of(rest: &str) -> Self {
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some('=' | '!'), _) | (Some('<'), Some('=' | '!')) => Self::LookAround,
            (Some(':' | '>' | '|'), _) => Self::NonCapturing,
            (Some('<' | '\''), _) | (Some('P'), Some('<')) => Self::Named,
            (Some('-'), _) => Self::Flags,
            (Some(c), _) if c.is_ascii_lowercase() => Self::Flags,
            _ => Self::Other,
        }
    }
}

impl RegexErrorKind {
    /// True for what other dialects have and this one does not (E-420); everything else is an
    /// invalid pattern (E-419).
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::Extension(_))
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        let text = match self {
            Self::Extension(Extension::LookAround) => "there is no look-around",
            Self::Extension(_) => "`(?` has no special meaning here",
            Self::UnknownEscape(c) => return format!("`\\{c}` is not defined"),
            Self::EscapeAtEnd => "the pattern ends in a backslash",
            Self::EmptyAlternative(c) => return format!("nothing stands on one side of `{c}`"),
            Self::NothingToNegate => "nothing follows `~`",
            Self::UnmatchedParen => "`)` closes nothing",
            Self::UnclosedGroup => "`(` is not closed",
            Self::UnclosedClass => "`[` is not closed",
            Self::UnclosedQuote => "`\"` is not closed",
            Self::UnclosedInterval => "`<` is not closed",
            Self::RepeatWithoutNumber => "expected a number after `{`",
            Self::UnclosedRepeat => "expected `}` after the number of repetitions",
            Self::RepeatOrder => "the least number of repetitions is above the most",
            Self::RangeOrder(first, last) => {
                return format!("the range `{first}-{last}` runs backwards");
            }
            Self::RangeWithoutEnd => "the `-` makes `]` the end of a range",
            Self::RangeToClass(c) => return format!("a range cannot end in `\\{c}`"),
            Self::BadInterval => "`<…>` holds two numbers, such as `<1-31>`",
            Self::IntervalTooLarge => return format!("a bound is above {}", i32::MAX),
            Self::TooLong => {
                return format!("the patterns have more than {} characters", super::MAX_CHARS);
            }
            Self::TooDeep => return format!("groups are nested deeper than {}", super::MAX_DEPTH),
            Self::TooLarge => {
                return format!(
                    "with all repetitions written out, the patterns have more than {} places",
                    super::MAX_SIZE
                );
            }
        };
        text.into()
    }

    /// What to do; begins with a verb.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Extension(Extension::Flags) => {
                "use `regex~` to ignore case; `.` matches line breaks anyway"
            }
            Self::Extension(Extension::NonCapturing) => "write a plain `(…)`: nothing is captured",
            Self::Extension(Extension::Named) => "write a plain `(…)`: groups have no names",
            Self::Extension(Extension::LookAround) => {
                "join two patterns with `&` or negate one with `~`: each covers the whole text, \
                 as in `a.*&~(.*b.*)`"
            }
            Self::Extension(Extension::Other) => "write `(\\?` for a question mark",
            Self::UnknownEscape('b' | 'B') => {
                "spell out what may stand there: there are no word boundaries"
            }
            Self::UnknownEscape('A' | 'z' | 'Z' | 'G') => {
                "delete it: the pattern covers the whole value"
            }
            Self::UnknownEscape('p' | 'P') => "list the characters, as in `[a-zA-Z]`",
            Self::UnknownEscape('x' | 'u') => "put the character itself there",
            Self::UnknownEscape('n' | 'r' | 't') => {
                "use a string in plain quotes, where EQL turns it into the character"
            }
            Self::UnknownEscape(_) | Self::RangeToClass(_) => "delete the backslash",
            Self::EscapeAtEnd => "double it to match a backslash",
            Self::EmptyAlternative('|') => {
                "write `()` for the empty text, or `\\|` for the character"
            }
            Self::EmptyAlternative(_) => "write `\\&` for the character",
            Self::NothingToNegate => "write `\\~` for the character",
            Self::UnmatchedParen => "delete it, or write `\\)` for the character",
            Self::UnclosedGroup => "add `)`, or write `\\(` for the character",
            Self::UnclosedClass => {
                "add `]`, or write `\\[` for the character; right after `[` or `[^`, a `]` is \
                 an ordinary character"
            }
            Self::UnclosedQuote => "write `\\\"` for the character",
            Self::UnclosedInterval | Self::BadInterval => "write `\\<` for the character",
            Self::RepeatWithoutNumber | Self::UnclosedRepeat => {
                "write `{0,3}`, `{2}` or `{2,}`, or `\\{` for the character"
            }
            Self::RepeatOrder => "swap the numbers",
            Self::RangeOrder(..) => "swap the ends, or write `\\-` for the character",
            Self::RangeWithoutEnd => "write `\\-` for the character",
            Self::IntervalTooLarge => "use smaller numbers",
            Self::TooLong | Self::TooDeep => "split the pattern",
            Self::TooLarge => "repeat less often",
        };
        Some(help.into())
    }
}

/// Something legal that people take for something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is.
    pub kind: RemarkKind,
    /// First byte of it in the pattern, as decoded from its literal.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
}

/// Kinds of [`Remark`] (spec §5.15, §5.16). Each goes away by escaping the character or by writing
/// the pattern as the help says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemarkKind {
    /// `^` or `$` outside a class: an ordinary character.
    Anchor(char),
    /// `a-c` in a class under `regex~`, without its other case: stays case-sensitive.
    LetterRange,
    /// `*` where nothing stands before it: an ordinary character.
    LiteralQuantifier(char),
    /// The `?` of `a+?` or the `+` of `a{2}+`: a second repetition, not a lazy or possessive one.
    StackedQuantifier(char),
    /// `\1`: the digit.
    BackReference(char),
    /// `[:alpha:]` inside a class: its characters.
    PosixClass,
    /// One of `"`, `#`, `@`, `&`, `~`, which other dialects take for themselves.
    Operator(char),
}

impl RemarkKind {
    /// What the pattern means.
    #[must_use]
    pub fn message(&self) -> String {
        let text = match self {
            Self::Anchor(c) => return format!("`{c}` is an ordinary character here"),
            Self::LetterRange => "a range stays case-sensitive under `regex~`",
            Self::LiteralQuantifier(c) => {
                return format!("`{c}` has nothing before it and is an ordinary character");
            }
            Self::StackedQuantifier(c) => return format!("`{c}` repeats the repetition before it"),
            Self::BackReference(c) => return format!("`\\{c}` is the digit {c}"),
            Self::PosixClass => "`[:` begins no named class here",
            Self::Operator('"') => "`\"` encloses literal text",
            Self::Operator('#') => "`#` matches nothing at all",
            Self::Operator('@') => "`@` matches any text",
            Self::Operator('&') => "`&` asks for both sides at once",
            Self::Operator(c) => return format!("`{c}` negates what follows"),
        };
        text.into()
    }

    /// What to do; begins with a verb.
    #[must_use]
    pub fn help(&self) -> String {
        let text = match self {
            Self::Anchor(c) => {
                return format!(
                    "delete it: the pattern covers the whole value; or write `\\{c}` for the character"
                );
            }
            Self::LetterRange => "name both cases, as in `[a-zA-Z]`",
            Self::LiteralQuantifier('*') => "write `.*` for any text, or `\\*` for the character",
            Self::LiteralQuantifier(c) => return format!("write `\\{c}` for the character"),
            Self::StackedQuantifier(_) => {
                "delete it: the pattern covers the whole value, lazy or not"
            }
            Self::BackReference(_) => "delete the backslash: there are no back-references",
            Self::PosixClass => "list the characters, as in `[a-zA-Z]`",
            Self::Operator(c) => return format!("write `\\{c}` for the character"),
        };
        text.into()
    }
}
