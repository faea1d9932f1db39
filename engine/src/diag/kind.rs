//! Every finding there is, with its code and how bad it is.

use crate::diag::Severity;
use crate::ty::Type;

/// Every finding there is. Each variant shows what triggers it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are what the message shows")]
pub enum DiagKind {
    /// E-101. `process where a == 1 && b == 2`
    UnknownCharacter(char),
    /// E-101. `any where true # all`
    ForeignComment(&'static str),
    /// E-102. `process where name == "abc`
    UnclosedString,
    /// E-102. `process where name : cmd.exe"`
    UnopenedString,
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
    /// E-111. `any where x == 1_000`
    OddNumber(String),
    /// E-112. ``any where `` == 1``
    EmptyName,
    /// E-201. `any where x == ]`
    Unexpected { found: String, wanted: &'static str },
    /// E-201. `any where a == 1 || b == 2`
    ForeignOperator { found: String, meant: &'static str },
    /// E-201. `sequnce by host.id […] […]`
    MisspelledKeyword { found: String, near: &'static str },
    /// E-201. `sequence until […] […] […]`
    UntilNotLast,
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
    InfixNot(String),
    /// E-208. `any where x in ()`
    EmptyList,
    /// E-209. `any where x : y`
    PatternNotConstant(&'static str),
    /// E-209. `any where x:length() > 3`
    Method { name: String },
    /// E-210. `sequence [] [any where true]`
    EmptyTerm,
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
    /// E-308. `sequence [a where true] [b where true] with maxspan=5s`
    MaxspanAfterTerms,
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
    /// E-415. A keyword with a normalizer, or a text with several exact sub-fields.
    InexactField(String),
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
    /// Any other lint; `engine/src/lint` says which and explains it.
    Lint { code: &'static str, level: Severity, message: String, help: Option<String> },
    /// L-40. `number()` of texts that are none; `events` is 0 where a constant is meant.
    NotANumber { events: u32 },
    /// A computation that does not fit 64 bits, for some events.
    Overflow { events: u32 },
    /// A division by zero, for some events.
    DividedByZero { events: u32 },
    /// A value that should be an address and is none, in some events.
    BadAddress { events: u32 },
    /// More combinations of join key values than are tried, in some events.
    TooManyKeys { events: u32, limit: usize },
    /// The rule text is larger than the limit.
    SourceTooLong { bytes: usize, limit: usize },
    /// The document was recognised but holds no query.
    NoQuery { form: &'static str },
    /// The document is damaged.
    BadDocument { form: &'static str, reason: String },
    /// The rule is of another kind.
    OtherLanguage(String),
    /// The text is plainly something else.
    NotARule(&'static str),
    /// `from logs-* | where true`: the text is a query of another language.
    OtherQuery(&'static str),
    /// A member of the rule with a value it cannot have; it is left out.
    BadValue { member: &'static str, wanted: &'static str },
    /// A member that would change what is found, and is not carried out.
    NotHonoured(&'static str),
    /// A document of several rules, of which one is read: the names of the others.
    OtherRules(Vec<String>),
    /// A file copied from a code viewer: how many lines were left out.
    LinesLeftOut(usize),
    /// A file that lost its lines: how many parts were put on lines of their own.
    PutBackOnLines(usize),
    /// A `//` comment in a query that lost its lines.
    CommentSwallows,
    /// A part of the document cannot be read, another could.
    PartSkipped(String),
    /// The rule is of another type.
    OtherRuleType(String),
    /// Why the query cannot be formatted where it stands.
    NotFormatted(&'static str),
    /// D-101. An event line that is not JSON.
    BadJson(String),
    /// D-102. Bytes that are not UTF-8.
    NotUtf8,
    /// D-103. A line of JSON that is no object.
    NotAnObject(&'static str),
    /// D-104. The mapping cannot be read.
    BadMapping(String),
    /// D-110. Indices of the mapping disagree on a field; an error where missing fields are.
    FieldConflict { name: String, strict: bool },
    /// D-105. A file of events that is no text.
    NotText(&'static str),
    /// D-106. A gzip that cannot be unpacked, or not to its end.
    BadGzip(&'static str),
    /// D-120. What was given for events is something else.
    NotEvents(&'static str),
    /// D-121. The answer to a search that failed: its reason.
    SearchFailed(String),
    /// The events, unpacked, are larger than the limit.
    EventsTooLong { limit: usize },
}

impl DiagKind {
    /// The code of the register.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCharacter(_) => "E-101",
            Self::ForeignComment(_) => "E-101",
            Self::UnclosedString | Self::UnopenedString => "E-102",
            Self::UnknownEscape(_) => "E-103",
            Self::EscapeDigits(_) => "E-104",
            Self::EscapeScalar => "E-105",
            Self::SingleQuotes => "E-106",
            Self::OldRawString => "E-107",
            Self::UnclosedBacktick => "E-108",
            Self::UnclosedComment => "E-109",
            Self::LoneBang => "E-110",
            Self::BadNumber | Self::OddNumber(_) => "E-111",
            Self::EmptyName => "E-112",
            Self::Unexpected { .. }
            | Self::ForeignOperator { .. }
            | Self::MisspelledKeyword { .. }
            | Self::UntilNotLast => "E-201",
            Self::UnexpectedEnd { .. } => "E-202",
            Self::SingleEquals => "E-203",
            Self::ChainedComparison => "E-204",
            Self::KeywordCase(_) => "E-205",
            Self::KeywordAsField(_) => "E-206",
            Self::InfixNot(_) => "E-207",
            Self::EmptyList => "E-208",
            Self::PatternNotConstant(_) | Self::Method { .. } => "E-209",
            Self::CategoryMissing | Self::EmptyTerm => "E-210",
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
            Self::UnknownOption | Self::MaxspanAfterTerms => "E-308",
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
            Self::InexactField(_) => "E-415",
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
            Self::Lint { code, .. } => code,
            Self::NotANumber { .. } => "L-40",
            Self::Overflow { .. } => "X-106",
            Self::DividedByZero { .. } => "X-104",
            Self::BadAddress { .. } => "X-105",
            Self::TooManyKeys { .. } => "X-107",
            Self::SourceTooLong { .. } => "X-102",
            Self::NoQuery { .. } => "R-101",
            Self::BadDocument { .. } => "R-102",
            Self::OtherLanguage(_) => "R-103",
            Self::NotARule(_) | Self::OtherQuery(_) => "R-104",
            Self::BadValue { .. } => "R-105",
            Self::NotHonoured(_) => "R-106",
            Self::OtherRules(_) => "R-107",
            Self::LinesLeftOut(_) => "R-108",
            Self::PutBackOnLines(_) => "R-109",
            Self::CommentSwallows => "R-110",
            Self::PartSkipped(_) => "R-111",
            Self::OtherRuleType(_) => "R-112",
            Self::NotFormatted(_) => "R-120",
            Self::BadJson(_) => "D-101",
            Self::NotUtf8 => "D-102",
            Self::NotAnObject(_) => "D-103",
            Self::BadMapping(_) => "D-104",
            Self::FieldConflict { .. } => "D-110",
            Self::NotText(_) => "D-105",
            Self::BadGzip(_) => "D-106",
            Self::NotEvents(_) => "D-120",
            Self::SearchFailed(_) => "D-121",
            Self::EventsTooLong { .. } => "X-103",
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::Lint { level, .. } => *level,
            Self::FieldNowhere { .. }
            | Self::NullOrder
            | Self::KeyTypes { declared: false, .. }
            | Self::RegexRemark { .. }
            | Self::CategoryNowhere { .. }
            | Self::NotANumber { .. }
            | Self::Overflow { .. }
            | Self::DividedByZero { .. }
            | Self::BadAddress { .. }
            | Self::TooManyKeys { .. }
            | Self::FieldConflict { strict: false, .. }
            | Self::BadValue { .. }
            | Self::NotHonoured(_)
            | Self::CommentSwallows
            | Self::PartSkipped(_) => Severity::Warning,
            Self::OtherRules(_) | Self::LinesLeftOut(_) | Self::PutBackOnLines(_) => Severity::Info,
            _ => Severity::Error,
        }
    }

    /// True where the rule is no EQL rule at all.
    #[must_use]
    pub fn is_other_rule(&self) -> bool {
        matches!(self, Self::OtherLanguage(_) | Self::OtherRuleType(_))
    }
}
