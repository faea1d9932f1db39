//! Findings: what is wrong with a text, as data until the outermost layer.
//!
//! Codes are those of the specification (§11); `R-…` are about rule documents, `D-…` about event
//! data and mappings, `X-…` about limits. A code is never used twice.

use crate::span::Span;
use crate::ty::Type;

/// One finding about one source text, still in terms of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What was found.
    pub kind: DiagKind,
    /// Where.
    pub span: Span,
    /// A way to mend it.
    pub fix: Option<Fix>,
}

/// A named replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, for a button.
    pub title: String,
    /// What is replaced, and by what. The ranges do not overlap.
    pub edits: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A finding without a fix.
    #[must_use]
    pub fn new(kind: DiagKind, span: Span) -> Self {
        Self { kind, span, fix: None }
    }

    /// The same with one replacement.
    #[must_use]
    pub fn with_fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![(span, text.into())] });
        self
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// It can, but probably does not do what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// Every finding there is. Each variant shows what triggers it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are what the message shows")]
pub enum DiagKind {
    /// E-101. `process where a == 1 && b == 2`
    UnknownCharacter(char),
    /// E-102. `process where name == "abc`
    UnclosedString,
    /// E-103. `process where path == "C:\Windows"`
    UnknownEscape(char),
    /// E-104. `any where x == "\u{1}"`
    EscapeDigits(usize),
    /// E-105. `any where x == "\u{d800}"`
    EscapeScalar,
    /// E-106. `any where x == 'a'`
    SingleQuotes,
    /// E-107. `any where x == ?"a"`
    OldRawString,
    /// E-108. `` any where `x == 1 ``
    UnclosedBacktick,
    /// E-109. `any where true /* …`
    UnclosedComment,
    /// E-110. `any where !x`
    LoneBang,
    /// E-111. `any where x == 1e999`
    BadNumber,
    /// E-112. ``any where `` == 1``
    EmptyName,
    /// E-201. `any where x == ]`
    Unexpected { found: String, wanted: &'static str },
    /// E-202. `any where x ==`
    UnexpectedEnd { wanted: &'static str },
    /// E-203. `any where x = 1`
    SingleEquals,
    /// E-204. `any where 1 < x < 5`
    ChainedComparison,
    /// E-205. `any where a == 1 AND b == 2`
    KeywordCase(&'static str),
    /// E-206. `any where network.by == 1`
    KeywordAsField(String),
    /// E-207. `any where x not like "a"`
    InfixNot(&'static str),
    /// E-208. `any where x in ()`
    EmptyList,
    /// E-209. `any where x : y`
    PatternNotConstant(&'static str),
    /// E-210. `where true`
    CategoryMissing,
    /// E-211. `event.category where true`
    BadCategory,
    /// E-212. `process name == "a"`
    WhereMissing,
    /// E-213. `any where (a == 1`
    Unbalanced { mark: &'static str, opened: bool },
    /// E-214.
    TooDeep(usize),
    /// E-215. `any where user.?id == 1`
    MisplacedOptional,
    /// E-216. `sequence with maxspan 5s [a where true] [b where true]`
    OptionEquals(&'static str),
    /// E-301. `sequence with maxspan=5s by host.id […] […]`
    KeysAfterMaxspan,
    /// E-302. `sequence [a where true] by x [b where true]`
    KeyCount { want: usize, found: usize },
    /// E-303. `sequence by length(x) […] […]`
    KeyNotField,
    /// E-304. `sequence with maxspan=0s […] […]`
    MaxspanNotPositive,
    /// E-305. `sequence with maxspan=5 […] […]`
    MaxspanUnitMissing(i64),
    /// E-306. `sequence with maxspan=5sec […] […]`
    MaxspanUnit(String),
    /// E-307. `sequence with maxspan=1.5s […] […]`
    MaxspanNotWhole,
    /// E-308. `sequence [a where true] with times=2 […]`
    UnknownOption,
    /// E-309. `sequence [a where true] with runs=0 […]`
    RunsTooFew,
    /// E-310. `sequence [a where true] with runs=101`
    RunsTooMany,
    /// E-311. Three terms `with runs=100`.
    TooManyStages { found: u64 },
    /// E-312. `sequence [a where true]`
    TooFewStages { found: u64 },
    /// E-313. `sequence [a where true] ![b where true]`
    MissingNeedsMaxspan,
    /// E-314. `sequence with maxspan=5s ![a where true] ![b where true]`
    OnlyMissing,
    /// E-315. `sample by x [a where true] ![b where true]`
    MissingOnlyInSequences,
    /// E-316. `sequence […] […] until ![c where true]`
    UntilOption,
    /// E-317. `sample by x [a where true]`
    TooFewSampleTerms,
    /// E-318. A sample of six terms.
    TooManySampleTerms,
    /// E-319. `sample [a where true] [b where true]`
    SampleNeedsKey,
    /// E-320. `sample by x [a where true] by x […]`
    RepeatedKey(String),
    /// E-321. `sample by x […] […] | head 3`
    SamplePipe,
    /// E-322. `sample by x with maxspan=5s […] […]`
    NotForSamples(&'static str),
    /// E-323. `join by x […] […]`
    JoinUnsupported,
    /// E-324. `process where child of [process where true]`
    Lineage,
    /// E-325. `any where x[0] == 1`
    ArrayIndex,
    /// E-326. `any where true | heda 5`
    UnknownPipe { name: String, near: Vec<String> },
    /// E-327. `any where true | count`
    PipeUnsupported(String),
    /// E-328. `any where true | head`
    PipeArguments { name: String, found: usize },
    /// E-329. `any where true | head 1.5`
    PipeArgument,
    /// E-401. `process where process.nmae == "a"`, where missing fields are errors.
    UnknownField { name: String, near: Vec<String> },
    /// E-402. `any where lenght(x) > 3`
    UnknownFunction { name: String, near: Vec<String> },
    /// E-403. `any where length(x, y) > 3`
    ArgumentCount { function: &'static str, want: String, found: usize },
    /// E-404. `any where length(process.pid) > 3`
    ArgumentType { function: &'static str, n: usize, want: Type, text: String, found: Type },
    /// E-405. `any where cidrMatch(source.ip, x)`
    ArgumentNotConstant { function: &'static str, n: usize },
    /// E-406. `any where length~(x) > 3`
    NoInsensitiveForm(&'static str),
    /// E-407. `any where process.name`
    NotBoolean(Type),
    /// E-408. `any where process.pid : "1"`
    NeedsString { operator: &'static str, found: Type },
    /// E-409. `any where process.pid in (1, "x")`
    ListElement { want: Type, found: Type },
    /// E-410. `any where a == b`
    FieldWithField(String),
    /// E-411. `any where a in (b)`
    FieldInList(String),
    /// E-412. `any where message == "a"` on a `text` field without an exact form.
    TextField(String),
    /// E-413. `any where location == "a"` on a `geo_point`.
    UnsupportedType { name: String, ty: String },
    /// E-414.
    NestedField(String),
    /// E-416. `sequence by x […] by y […]` where one is a number; `L-49` where a type is only
    /// inferred from the values.
    KeyTypes { first: String, first_type: Type, second: String, second_type: Type, declared: bool },
    /// E-417. A category where nothing knows the category field.
    CategoryFieldUnknown(String),
    /// E-418. `any where 1 + "a" == 2`
    NeedsNumber(Type),
    /// E-419, E-420. `any where x regex "(a"`
    BadRegex { message: String, help: Option<String>, unsupported: bool },
    /// E-421. `any where cidrMatch(source.ip, "10.0.0.0/33")`
    BadBlock,
    /// E-422. `any where x == 1 / 0`
    ConstantArithmetic,
    /// E-423. `any where @timestamp == "yesterday"`
    BadLiteral { want: Type },
    /// E-424. `any where string(a == 1 and b == 2) == "true"`
    LogicInArgument,
    /// E-425. `any where is_elevated > true`
    NoOrder(Type),
    /// L-08. A field that is in no event and no schema.
    FieldNowhere { name: String, near: Vec<String> },
    /// L-09. `any where x < null`
    NullOrder,
    /// L-22, L-23. `any where x regex "^a$"`: legal, and not what it means elsewhere.
    RegexRemark { message: String, help: String, is_range: bool },
    /// L-28. `Process where true`, where the events say `process`.
    CategoryNowhere { name: String, near: String },
    /// L-40. `number()` of texts that are none; `events` is 0 where a constant is meant.
    NotANumber { events: u32 },
    /// A computation that does not fit 64 bits, for some events.
    Overflow { events: u32 },
    /// A division by zero, for some events.
    DividedByZero { events: u32 },
    /// A value that should be an address and is none, in some events.
    BadAddress { events: u32 },
    /// The rule text is larger than the limit.
    SourceTooLong { bytes: usize, limit: usize },
    /// The document was recognised but holds no query.
    NoQuery { form: &'static str },
    /// The document is damaged.
    BadDocument { form: &'static str, reason: String },
    /// The rule is of another kind.
    OtherLanguage(String),
    /// D-101. An event line that is not JSON.
    BadJson(String),
    /// D-102. Bytes that are not UTF-8.
    NotUtf8,
    /// D-103. A line of JSON that is no object.
    NotAnObject(&'static str),
    /// D-104. The mapping cannot be read.
    BadMapping(String),
}

impl DiagKind {
    /// The code of the register.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCharacter(_) => "E-101",
            Self::UnclosedString => "E-102",
            Self::UnknownEscape(_) => "E-103",
            Self::EscapeDigits(_) => "E-104",
            Self::EscapeScalar => "E-105",
            Self::SingleQuotes => "E-106",
            Self::OldRawString => "E-107",
            Self::UnclosedBacktick => "E-108",
            Self::UnclosedComment => "E-109",
            Self::LoneBang => "E-110",
            Self::BadNumber => "E-111",
            Self::EmptyName => "E-112",
            Self::Unexpected { .. } => "E-201",
            Self::UnexpectedEnd { .. } => "E-202",
            Self::SingleEquals => "E-203",
            Self::ChainedComparison => "E-204",
            Self::KeywordCase(_) => "E-205",
            Self::KeywordAsField(_) => "E-206",
            Self::InfixNot(_) => "E-207",
            Self::EmptyList => "E-208",
            Self::PatternNotConstant(_) => "E-209",
            Self::CategoryMissing => "E-210",
            Self::BadCategory => "E-211",
            Self::WhereMissing => "E-212",
            Self::Unbalanced { .. } => "E-213",
            Self::TooDeep(_) => "E-214",
            Self::MisplacedOptional => "E-215",
            Self::OptionEquals(_) => "E-216",
            Self::KeysAfterMaxspan => "E-301",
            Self::KeyCount { .. } => "E-302",
            Self::KeyNotField => "E-303",
            Self::MaxspanNotPositive => "E-304",
            Self::MaxspanUnitMissing(_) => "E-305",
            Self::MaxspanUnit(_) => "E-306",
            Self::MaxspanNotWhole => "E-307",
            Self::UnknownOption => "E-308",
            Self::RunsTooFew => "E-309",
            Self::RunsTooMany => "E-310",
            Self::TooManyStages { .. } => "E-311",
            Self::TooFewStages { .. } => "E-312",
            Self::MissingNeedsMaxspan => "E-313",
            Self::OnlyMissing => "E-314",
            Self::MissingOnlyInSequences => "E-315",
            Self::UntilOption => "E-316",
            Self::TooFewSampleTerms => "E-317",
            Self::TooManySampleTerms => "E-318",
            Self::SampleNeedsKey => "E-319",
            Self::RepeatedKey(_) => "E-320",
            Self::SamplePipe => "E-321",
            Self::NotForSamples(_) => "E-322",
            Self::JoinUnsupported => "E-323",
            Self::Lineage => "E-324",
            Self::ArrayIndex => "E-325",
            Self::UnknownPipe { .. } => "E-326",
            Self::PipeUnsupported(_) => "E-327",
            Self::PipeArguments { .. } => "E-328",
            Self::PipeArgument => "E-329",
            Self::UnknownField { .. } => "E-401",
            Self::UnknownFunction { .. } => "E-402",
            Self::ArgumentCount { .. } => "E-403",
            Self::ArgumentType { .. } => "E-404",
            Self::ArgumentNotConstant { .. } => "E-405",
            Self::NoInsensitiveForm(_) => "E-406",
            Self::NotBoolean(_) => "E-407",
            Self::NeedsString { .. } => "E-408",
            Self::ListElement { .. } => "E-409",
            Self::FieldWithField(_) => "E-410",
            Self::FieldInList(_) => "E-411",
            Self::TextField(_) => "E-412",
            Self::UnsupportedType { .. } => "E-413",
            Self::NestedField(_) => "E-414",
            Self::KeyTypes { declared: true, .. } => "E-416",
            Self::KeyTypes { declared: false, .. } => "L-49",
            Self::CategoryFieldUnknown(_) => "E-417",
            Self::NeedsNumber(_) => "E-418",
            Self::BadRegex { unsupported: false, .. } => "E-419",
            Self::BadRegex { unsupported: true, .. } => "E-420",
            Self::BadBlock => "E-421",
            Self::ConstantArithmetic => "E-422",
            Self::BadLiteral { .. } => "E-423",
            Self::LogicInArgument => "E-424",
            Self::NoOrder(_) => "E-425",
            Self::FieldNowhere { .. } => "L-08",
            Self::NullOrder => "L-09",
            Self::RegexRemark { is_range: false, .. } => "L-22",
            Self::RegexRemark { is_range: true, .. } => "L-23",
            Self::CategoryNowhere { .. } => "L-28",
            Self::NotANumber { .. } => "L-40",
            Self::Overflow { .. } => "X-106",
            Self::DividedByZero { .. } => "X-104",
            Self::BadAddress { .. } => "X-105",
            Self::SourceTooLong { .. } => "X-102",
            Self::NoQuery { .. } => "R-101",
            Self::BadDocument { .. } => "R-102",
            Self::OtherLanguage(_) => "R-103",
            Self::BadJson(_) => "D-101",
            Self::NotUtf8 => "D-102",
            Self::NotAnObject(_) => "D-103",
            Self::BadMapping(_) => "D-104",
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::FieldNowhere { .. }
            | Self::NullOrder
            | Self::KeyTypes { declared: false, .. }
            | Self::RegexRemark { .. }
            | Self::CategoryNowhere { .. }
            | Self::NotANumber { .. }
            | Self::Overflow { .. }
            | Self::DividedByZero { .. }
            | Self::BadAddress { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// One line in the user's words: lower case, no final stop, source words in backticks.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownCharacter(c) => match c {
                '&' => "`&` is not part of the language".into(),
                c if c.is_ascii_graphic() => format!("`{c}` is not part of the language"),
                c => format!("the character U+{:04X} is not part of the language", *c as u32),
            },
            Self::UnclosedString => "this string is not closed before the end of the line".into(),
            Self::UnknownEscape(c) => format!("`\\{c}` is not an escape"),
            Self::EscapeDigits(n) => {
                format!("a Unicode escape has 2 to 8 hex digits in braces, found {n}")
            }
            Self::EscapeScalar => "this escape is a surrogate or lies above 10FFFF".into(),
            Self::SingleQuotes => "strings stand in double quotes, not in single ones".into(),
            Self::OldRawString => "`?\"…\"` is the raw string of an older dialect".into(),
            Self::UnclosedBacktick => "this backtick has no partner".into(),
            Self::UnclosedComment => "this comment is not closed".into(),
            Self::LoneBang => "`!` alone means nothing".into(),
            Self::BadNumber => "this number cannot be represented".into(),
            Self::EmptyName => "a field name cannot be empty".into(),
            Self::Unexpected { found, wanted } => format!("expected {wanted}, found {found}"),
            Self::UnexpectedEnd { wanted } => format!("expected {wanted}, found the end"),
            Self::SingleEquals => "`=` compares nothing".into(),
            Self::ChainedComparison => "comparisons cannot be chained".into(),
            Self::KeywordCase(word) => format!("keywords are lower case: `{word}`"),
            Self::KeywordAsField(word) => format!("`{word}` is a keyword, not a field name"),
            Self::InfixNot(op) => format!("there is no `not {op}`"),
            Self::EmptyList => "a list is never empty and does not end with a comma".into(),
            Self::PatternNotConstant(op) => {
                format!("the right side of `{op}` is a constant or a list of constants")
            }
            Self::CategoryMissing => "the event category before `where` is missing".into(),
            Self::BadCategory => {
                "an event category is a plain word or a double-quoted string".into()
            }
            Self::WhereMissing => "`where` is missing after the event category".into(),
            Self::Unbalanced { mark, opened: true } => format!("this `{mark}` is not closed"),
            Self::Unbalanced { mark, opened: false } => format!("this `{mark}` closes nothing"),
            Self::TooDeep(limit) => format!("nested more than {limit} levels deep"),
            Self::MisplacedOptional => "`?` stands only before the whole field name".into(),
            Self::OptionEquals(name) => format!("expected one `=` after `{name}`"),
            Self::KeysAfterMaxspan => "`by` comes before `with maxspan`".into(),
            Self::KeyCount { want, found } => {
                format!(
                    "the terms have different numbers of join keys: expected {want}, found {found}"
                )
            }
            Self::KeyNotField => "a join key is a field".into(),
            Self::MaxspanNotPositive => "`maxspan` must be greater than zero".into(),
            Self::MaxspanUnitMissing(_) => "`maxspan` needs a unit".into(),
            Self::MaxspanUnit(unit) => format!("`{unit}` is no unit of time"),
            Self::MaxspanNotWhole => "`maxspan` takes a whole number".into(),
            Self::UnknownOption => "a term has no option but `runs`".into(),
            Self::RunsTooFew => "`runs` is a whole number of at least 1".into(),
            Self::RunsTooMany => "`runs` is at most 100".into(),
            Self::TooManyStages { found } => {
                format!("a sequence has at most 256 stages, this one {found}")
            }
            Self::TooFewStages { found } => {
                format!("a sequence needs at least two stages, this one has {found}")
            }
            Self::MissingNeedsMaxspan => "`![…]` needs `with maxspan`".into(),
            Self::OnlyMissing => "at least one term must not be negated".into(),
            Self::MissingOnlyInSequences => "`![…]` stands only in sequences".into(),
            Self::UntilOption => "`![…]` and `runs` mean nothing after `until`".into(),
            Self::TooFewSampleTerms => "a sample needs at least two terms".into(),
            Self::TooManySampleTerms => "a sample has at most five terms".into(),
            Self::SampleNeedsKey => "every term of a sample needs a join key".into(),
            Self::RepeatedKey(name) => format!("`{name}` is a key of this term already"),
            Self::SamplePipe => "samples take no pipes".into(),
            Self::NotForSamples(word) => format!("`{word}` is not for samples"),
            Self::JoinUnsupported => "`join` is not supported".into(),
            Self::Lineage => "process lineage (`… of […]`) is not supported".into(),
            Self::ArrayIndex => "array indexes are not supported".into(),
            Self::UnknownPipe { name, near } => {
                format!("there is no pipe `{name}`{}", did_you_mean(near))
            }
            Self::PipeUnsupported(name) => format!("the pipe `{name}` is not supported"),
            Self::PipeArguments { name, found } => {
                format!("`{name}` takes exactly one argument, found {found}")
            }
            Self::PipeArgument => "a pipe takes a whole number that is not negative".into(),
            Self::UnknownField { name, near } => {
                format!("no event and no mapping has a field `{name}`{}", did_you_mean(near))
            }
            Self::UnknownFunction { name, near } => {
                format!("there is no function `{name}`{}", did_you_mean(near))
            }
            Self::ArgumentCount { function, want, found } => {
                format!("`{function}` takes {want}, found {found}")
            }
            Self::ArgumentType { function, n, want, text, found } => format!(
                "argument {n} of `{function}` must be {}; `{}` is {}",
                a(want),
                shortened(text),
                a(found)
            ),
            Self::ArgumentNotConstant { function, n } => {
                format!("argument {n} of `{function}` must be constant")
            }
            Self::NoInsensitiveForm(name) => format!("`{name}` has no `~` form"),
            Self::NotBoolean(Type::Null) => "expected a condition".into(),
            Self::NotBoolean(ty) => format!("expected a condition, found {}", a(ty)),
            Self::NeedsString { operator, found } => {
                format!("`{operator}` needs a string on its left, found {}", a(found))
            }
            Self::ListElement { want, found } => {
                format!("expected {} like the left side, found {}", a(want), a(found))
            }
            Self::FieldWithField(name) => {
                format!("a field is compared with a constant, not with the field `{name}`")
            }
            Self::FieldInList(name) => format!("a list holds constants, not the field `{name}`"),
            Self::TextField(name) => {
                format!("`{name}` is a text field without an exact form")
            }
            Self::UnsupportedType { name, ty } => {
                format!("`{name}` is a `{ty}` field, which EQL cannot test")
            }
            Self::NestedField(name) => format!("`{name}` is nested, which EQL cannot test"),
            Self::KeyTypes { first, first_type, second, second_type, .. } => format!(
                "`{second}` is {}, but it is joined with `{first}`, {}",
                a(second_type),
                a(first_type)
            ),
            Self::CategoryFieldUnknown(name) => {
                format!("no event and no mapping has the category field `{name}`")
            }
            Self::NeedsNumber(found) => format!("expected a number, found {}", a(found)),
            Self::BadRegex { message, .. } | Self::RegexRemark { message, .. } => message.clone(),
            Self::BadBlock => "this is no address block".into(),
            Self::ConstantArithmetic => "this divides by zero or overflows".into(),
            Self::BadLiteral { want } => format!("this cannot be read as {}", a(want)),
            Self::LogicInArgument => "a function takes no `and`, `or` or `not`".into(),
            Self::NoOrder(ty) => format!("{ty} values have no order"),
            Self::FieldNowhere { name, near } => {
                format!("no loaded event has the field `{name}`{}", did_you_mean(near))
            }
            Self::NullOrder => "a comparison with null by order never holds".into(),
            Self::CategoryNowhere { name, near } => {
                format!("no loaded event has the category `{name}`; did you mean `{near}`?")
            }
            Self::NotANumber { events: 0 } => "this text is no number".into(),
            Self::NotANumber { events } => {
                format!("`number` of a text that is none, in {}", counted(*events))
            }
            Self::Overflow { events } => format!("this overflows in {}", counted(*events)),
            Self::DividedByZero { events } => {
                format!("this divides by zero in {}", counted(*events))
            }
            Self::BadAddress { events } => {
                format!("a value that is no address, in {}", counted(*events))
            }
            Self::SourceTooLong { bytes, limit } => {
                format!("the rule has {bytes} bytes, more than the limit of {limit}")
            }
            Self::NoQuery { form } => format!("this looks like a {form}, but holds no query"),
            Self::BadDocument { form, reason } => {
                format!("this looks like a {form}, but cannot be read: {reason}")
            }
            Self::OtherLanguage(language) => {
                format!("this rule is written in `{language}`, not in EQL")
            }
            Self::BadJson(reason) => format!("line skipped: {reason}"),
            Self::NotUtf8 => "line skipped: not UTF-8".into(),
            Self::NotAnObject(found) => {
                format!("line skipped: an event is a JSON object, found {found}")
            }
            Self::BadMapping(reason) => format!("the mapping cannot be read: {reason}"),
        }
    }

    /// What to do; begins with a verb.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::UnknownCharacter('&') => "write `and`".into(),
            Self::UnknownCharacter('\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}') => {
                "write plain double quotes: `\"`".into()
            }
            Self::UnknownCharacter('\u{2260}') => "write `!=`".into(),
            Self::UnknownCharacter(c) if !c.is_ascii() => {
                "delete it: such characters come along from web pages".into()
            }
            Self::UnclosedString => "add the closing `\"`".into(),
            Self::UnknownEscape(_) => {
                "double the backslash, or use a raw string: `\"\"\"…\"\"\"`".into()
            }
            Self::EscapeDigits(_) | Self::EscapeScalar => "write it as `\\u{1F600}`".into(),
            Self::SingleQuotes => "use double quotes".into(),
            Self::OldRawString => "use three double quotes: `\"\"\"…\"\"\"`".into(),
            Self::UnclosedBacktick => "close the name with a backtick".into(),
            Self::UnclosedComment => "close it with `*/`; comments nest".into(),
            Self::LoneBang => "write `not`, or `!=` to compare".into(),
            Self::SingleEquals => "use `==`, or `:` to ignore case".into(),
            Self::ChainedComparison => "join two comparisons with `and`".into(),
            Self::KeywordCase(word) => format!("write `{word}`"),
            Self::KeywordAsField(word) => format!("put it in backticks: `` `{word}` ``"),
            Self::InfixNot(_) => "put `not` before the field".into(),
            Self::EmptyList => "put a value there".into(),
            Self::PatternNotConstant(_) => "write a string, or a list of strings".into(),
            Self::CategoryMissing => {
                "begin with `any`, or with a category such as `process`".into()
            }
            Self::BadCategory => "write e.g. `process`, `\"my-category\"` or `any`".into(),
            Self::WhereMissing => "write `where` before the condition".into(),
            Self::Unbalanced { opened: true, .. } => "add the closing one".into(),
            Self::Unbalanced { opened: false, .. } => "delete it, or open it before".into(),
            Self::TooDeep(_) => "split the condition".into(),
            Self::MisplacedOptional => "move the `?` to the front of the name".into(),
            Self::KeysAfterMaxspan => "swap the two".into(),
            Self::KeyCount { .. } => "give every term the same number of keys".into(),
            Self::KeyNotField => "write a field name".into(),
            Self::MaxspanUnitMissing(number) => format!("write e.g. `{number}s`"),
            Self::MaxspanUnit(_) => "write `ms`, `s`, `m`, `h` or `d`".into(),
            Self::MaxspanNotWhole => "write it in a smaller unit, e.g. `1500ms`".into(),
            Self::UnknownOption => "write `with runs=2`".into(),
            Self::TooManyStages { .. } => "lower `runs`, or split the sequence".into(),
            Self::TooFewStages { .. } => {
                "add a term, or search for single events without `sequence`".into()
            }
            Self::MissingNeedsMaxspan => "write `with maxspan=…` after the keys".into(),
            Self::UntilOption => "write a plain `until […]`".into(),
            Self::SampleNeedsKey => "write `sample by host.id […] […]`".into(),
            Self::SamplePipe => "delete the pipe; the size of the search limits samples".into(),
            Self::NotForSamples(_) => "delete it, or write a sequence".into(),
            Self::JoinUnsupported => "write `sample by …`: one event per term in any order".into(),
            Self::PipeUnsupported(_) => "use `head` or `tail`; group outside the query".into(),
            Self::PipeArguments { name, .. } => format!("write e.g. `| {name} 10`"),
            Self::PipeArgument => "write e.g. `10`".into(),
            Self::ArgumentType { want: Type::Ip, .. } => "use an `ip` field".into(),
            Self::ArgumentType { want: Type::String, .. } => "convert it with `string(…)`".into(),
            Self::NoInsensitiveForm(_) => "delete the `~`".into(),
            Self::KeyTypes { .. } => "join fields of the same type".into(),
            Self::BadRegex { help, .. } => return help.clone(),
            Self::RegexRemark { help, .. } => help.clone(),
            Self::BadBlock => "write e.g. `\"10.0.0.0/8\"`".into(),
            Self::LogicInArgument => "take the condition apart".into(),
            Self::NotANumber { .. } | Self::Overflow { .. } | Self::DividedByZero { .. } => {
                "mind it: Elasticsearch fails such a search; here the value counts as missing"
                    .into()
            }
            Self::CategoryNowhere { near, .. } => {
                format!("write `{near}`: a category is compared exactly")
            }
            Self::BadAddress { .. } => "mind it: here such a value counts as missing".into(),
            Self::Lineage => "test `process.parent.…`, or write a sequence by entity id".into(),
            Self::ArrayIndex => "leave the index out: any value of the field may match".into(),
            Self::UnknownField { .. } | Self::FieldNowhere { .. } => {
                "correct the name, or mark the field optional with `?`".into()
            }
            Self::UnknownFunction { name, .. } => match name.to_ascii_lowercase().as_str() {
                "wildcard" => "use `field : (\"a*\", \"b*\")`".into(),
                "match" | "matchlite" => "use `field regex~ \"…\"`".into(),
                "arraycontains" => "use `field : (\"a\", \"b\")`: any value may match".into(),
                _ => return None,
            },
            Self::NotBoolean(Type::Null) => return None,
            Self::NotBoolean(_) => "compare it with something".into(),
            Self::NeedsString { found: Type::Ip, .. } => "use `==`, or `cidrMatch`".into(),
            Self::NeedsString { operator: "in~", .. } => "use `in`".into(),
            Self::NeedsString { .. } => "use `==`".into(),
            Self::FieldWithField(_) | Self::FieldInList(_) => "put a constant there".into(),
            Self::TextField(_) => "use its `keyword` sub-field".into(),
            Self::BadLiteral { want: Type::Date } => {
                "write a date such as `\"2026-03-12T09:00:00Z\"`".into()
            }
            Self::BadLiteral { want: Type::Boolean } => "write `true` or `false`".into(),
            Self::NoOrder(_) => "use `==` or `!=`".into(),
            Self::NullOrder => "use `== null` or `!= null`".into(),
            Self::Unexpected { wanted, .. } | Self::UnexpectedEnd { wanted } => match *wanted {
                VALUE => {
                    "write a field, a text in double quotes, a number, `true`, `false` or `null`"
                        .into()
                }
                _ => return None,
            },
            Self::NoQuery { .. } => "paste the whole page, or the query alone".into(),
            Self::OtherLanguage(_) => "paste a rule whose language is `eql`".into(),
            _ => return None,
        })
    }
}

/// How an operand is called in "expected …" messages.
pub const VALUE: &str = "a value";

/// The name with its article.
fn a(ty: &Type) -> String {
    let name = ty.to_string();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match ty {
        Type::Null => "null".into(),
        Type::Mixed => "mixed values".into(),
        Type::Ip => "an IP address".into(),
        _ => format!("{article} {name}"),
    }
}

fn counted(events: u32) -> String {
    if events == 1 { "one event".into() } else { format!("{events} events") }
}

/// Source text in a message: on one line, not too long.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        [one] => format!("; did you mean `{one}`?"),
        many => format!("; did you mean any of `{}`?", many.join("`, `")),
    }
}
