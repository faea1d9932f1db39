//! Findings in words: what is wrong, and what to do.

use crate::diag::DiagKind;
use crate::ty::Type;

impl DiagKind {
    /// One line in the user's words: lower case, no final stop, source words in backticks.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownCharacter(c) => match c {
                '&' => "`&` is not part of the language".into(),
                c if c.is_ascii_graphic() => format!("`{c}` is not part of the language"),
                c => format!("the character U+{:04X} is not part of the language", *c as u32),
            },
            Self::ForeignComment(mark) => format!("`{mark}` begins no comment"),
            Self::UnclosedString => "this string is not closed before the end of the line".into(),
            Self::UnopenedString => "this string has no opening quote".into(),
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
            Self::OddNumber(text) => format!("`{}` is no number", shortened(text)),
            Self::EmptyName => "a field name cannot be empty".into(),
            Self::Unexpected { found, wanted } => format!("expected {wanted}, found {found}"),
            Self::ForeignOperator { found, .. } => format!("`{found}` is not part of the language"),
            Self::MisspelledKeyword { found, near } => {
                format!("there is no keyword `{found}`; did you mean `{near}`?")
            }
            Self::UntilNotLast => "`until` comes last, after the terms".into(),
            Self::UnexpectedEnd { wanted } => format!("expected {wanted}, found the end"),
            Self::SingleEquals => "`=` compares nothing".into(),
            Self::ChainedComparison => "comparisons cannot be chained".into(),
            Self::KeywordCase(word) => format!("keywords are lower case: `{word}`"),
            Self::KeywordAsField(word) => format!("`{word}` is a keyword, not a field name"),
            Self::InfixNot(op) => format!("there is no operator `{op}`"),
            Self::EmptyList => "a list is never empty and does not end with a comma".into(),
            Self::PatternNotConstant(op) => {
                format!("the right side of `{op}` is a constant or a list of constants")
            }
            Self::Method { name } => {
                format!("`{name}` is a function here, not a method of a field")
            }
            Self::EmptyTerm => "nothing stands between these brackets".into(),
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
            Self::MaxspanAfterTerms => "`with maxspan` stands before the first term".into(),
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
                // Where decimals may stand, integers may.
                if *want == Type::Decimal { "a number".to_owned() } else { a(want).to_string() },
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
            Self::InexactField(name) => {
                format!("`{name}` has a normalizer or several exact sub-fields")
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
            Self::BadRegex { message, .. }
            | Self::RegexRemark { message, .. }
            | Self::Lint { message, .. } => message.clone(),
            Self::BadBlock => "this is no address block".into(),
            Self::ConstantArithmetic => "this divides by zero or overflows".into(),
            Self::BadLiteral { want } => format!("this cannot be read as {}", a(want)),
            Self::LogicInArgument => "a function takes no `and`, `or` or `not`".into(),
            Self::NoOrder(ty) => format!("{ty} values have no order"),
            Self::FieldNowhere { name, near } => {
                format!("no loaded event has the field `{name}`{}", did_you_mean(near))
            }
            Self::NullOrder => "this comparison with null never holds".into(),
            Self::CategoryNowhere { name, near } => {
                format!("no loaded event has the category `{name}`; did you mean `{near}`?")
            }
            Self::NotANumber { events: 0 } => "this text is no number".into(),
            Self::NotANumber { events } => {
                format!("`number` of a text that is none, in {}", n(*events as usize, "event"))
            }
            Self::Overflow { events } => {
                format!("this overflows in {}", n(*events as usize, "event"))
            }
            Self::DividedByZero { events } => {
                format!("this divides by zero in {}", n(*events as usize, "event"))
            }
            Self::BadAddress { events } => {
                format!("a value that is no address, in {}", n(*events as usize, "event"))
            }
            Self::TooManyKeys { events, limit } => format!(
                "more than {limit} combinations of join keys in {}",
                n(*events as usize, "event")
            ),
            Self::FieldConflict { name, .. } => {
                format!("the indices of the mapping give `{name}` different types")
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
            Self::OtherQuery(found) => format!("this looks like {found}, not like EQL"),
            Self::NotARule(found) => format!("this looks like {found}, not like a rule"),
            Self::BadValue { member, wanted } => format!("`{member}` is not {wanted}"),
            Self::NotHonoured(member) => format!("`{member}` is not carried out"),
            Self::OtherRules(names) => {
                let shown = names.get(..5).unwrap_or(names);
                let more = if names.len() > shown.len() { ", \u{2026}" } else { "" };
                let rules = n(names.len(), "more rule");
                format!("the document holds {rules}: `{}`{more}", shown.join("`, `"))
            }
            Self::LinesLeftOut(lines) => {
                let were = if *lines == 1 { "was" } else { "were" };
                format!("{} of a code viewer {were} left out", n(*lines, "line"))
            }
            Self::PutBackOnLines(parts) => {
                format!("the line breaks were lost; {} put back", n(*parts, "line break"))
            }
            Self::CommentSwallows => {
                "this comment runs to the end, since the line breaks were lost".into()
            }
            Self::PartSkipped(reason) => format!("a part of the document was skipped: {reason}"),
            Self::OtherRuleType(ty) => format!("this rule is of the type `{ty}`, not `eql`"),
            Self::NotFormatted(reason) => format!("the query is left as it is: {reason}"),
            Self::BadJson(reason) => format!("line skipped: {reason}"),
            Self::NotUtf8 => "line skipped: not UTF-8".into(),
            Self::NotAnObject(found) => {
                format!("line skipped: an event is a JSON object, found {found}")
            }
            Self::BadMapping(reason) => format!("the mapping cannot be read: {reason}"),
            Self::NotText(what) => format!("this is not text: {what}"),
            Self::NotEvents(found) => format!("this is {found}, not events"),
            Self::SearchFailed(reason) => {
                format!("this is the error of a search, not its events: {}", shortened(reason))
            }
            Self::BadGzip(reason) => format!("this gzip cannot be unpacked: {reason}"),
            Self::EventsTooLong { limit } => {
                format!("the events have more than {} MB, which is the limit", limit / 1_000_000)
            }
        }
    }

    /// What to do; begins with a verb.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::UnknownCharacter('&') => "write `and`".into(),
            Self::UnknownCharacter(';') => "delete it: a query needs no mark at its end".into(),
            Self::UnknownCharacter('{' | '}') => "write a list in parentheses".into(),
            Self::UnknownCharacter('$') => "write the value itself: there are no variables".into(),
            Self::UnknownCharacter('\\' | '^' | '~') => "put a text in double quotes".into(),
            Self::UnknownCharacter('\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}') => {
                "write plain double quotes: `\"`".into()
            }
            Self::UnknownCharacter('\u{2018}' | '\u{2019}') => {
                "write plain double quotes: `\"`".into()
            }
            Self::UnknownCharacter(c) if !c.is_ascii() => {
                "delete it: such characters come along from web pages".into()
            }
            Self::UnknownCharacter(_) => "delete it, or put the text in double quotes".into(),
            Self::ForeignComment(_) => "write `//`, or `/* … */`".into(),
            Self::UnopenedString => "add the opening `\"`".into(),
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
            Self::ForeignOperator { meant, .. } => format!("write `{meant}`"),
            Self::BadNumber => "write a smaller one".into(),
            Self::OddNumber(_) => "write digits alone, or put the text in double quotes".into(),
            Self::EmptyName => "write the name of a field between the backticks".into(),
            Self::MisspelledKeyword { near, .. } => format!("write `{near}`"),
            Self::UntilNotLast => "move it behind the last term".into(),
            Self::SingleEquals => "use `==`, or `:` to ignore case".into(),
            Self::ChainedComparison => "join two comparisons with `and`".into(),
            Self::KeywordCase(word) => format!("write `{word}`"),
            Self::KeywordAsField(word) => format!("put it in backticks: `` `{word}` ``"),
            Self::InfixNot(_) => "put `not` before the field".into(),
            Self::EmptyList => "put a value there".into(),
            Self::PatternNotConstant(_) => "write a string, or a list of strings".into(),
            Self::Method { name } => format!("write `{name}(field, …)`"),
            Self::EmptyTerm => "write e.g. `[process where true]`".into(),
            Self::CategoryMissing => {
                "begin with `any`, or with a category such as `process`".into()
            }
            Self::BadCategory => "write e.g. `process`, `\"my-category\"` or `any`".into(),
            Self::WhereMissing => "write `where` before the condition".into(),
            Self::Unbalanced { opened: true, .. } => "add the closing one".into(),
            Self::Unbalanced { opened: false, .. } => "delete it, or open it before".into(),
            Self::TooDeep(_) => "split the condition".into(),
            Self::MisplacedOptional => "move the `?` to the front of the name".into(),
            Self::OptionEquals(name) => format!(
                "write e.g. `{name}=5{}`",
                match *name {
                    "runs" => "",
                    _ => "m",
                }
            ),
            Self::KeysAfterMaxspan => "swap the two".into(),
            Self::KeyCount { .. } => "give every term the same number of keys".into(),
            Self::KeyNotField => "write a field name".into(),
            Self::MaxspanUnitMissing(number) => format!("write e.g. `{number}s`"),
            Self::MaxspanUnit(_) => "write `ms`, `s`, `m`, `h` or `d`".into(),
            Self::MaxspanNotWhole => "write it in a smaller unit, e.g. `1500ms`".into(),
            Self::MaxspanNotPositive => "write e.g. `maxspan=5m`".into(),
            Self::MaxspanAfterTerms => "move it behind `sequence` and its keys".into(),
            Self::RunsTooFew => "write e.g. `runs=2`".into(),
            Self::RunsTooMany => "lower it, or write the term several times".into(),
            Self::OnlyMissing => "add a term without `!`".into(),
            Self::MissingOnlyInSequences => "write a sequence `with maxspan`, or use `not`".into(),
            Self::TooFewSampleTerms => "add a term, or search for single events".into(),
            Self::TooManySampleTerms => "delete terms until five are left".into(),
            Self::RepeatedKey(_) => "delete one of the two".into(),
            Self::UnknownPipe { .. } => "use `head` or `tail`".into(),
            Self::ArgumentCount { .. } => "give it the arguments it takes".into(),
            Self::ArgumentNotConstant { .. } => "write the value itself".into(),
            Self::NestedField(_) | Self::UnsupportedType { .. } => {
                "test another field, or export this one as a keyword".into()
            }
            Self::CategoryFieldUnknown(_) => "use `any`, or name the field of the category".into(),
            Self::NeedsNumber(_) => "use a number, or `number(…)`".into(),
            Self::ConstantArithmetic => "correct the numbers".into(),
            Self::ListElement { want: Type::String, .. }
            | Self::BadLiteral { want: Type::String } => "put it in double quotes".into(),
            Self::ListElement { want, .. } => format!("write {} there", a(want)),
            Self::BadLiteral { want: Type::Ip } => {
                "write an address such as `\"10.0.0.1\"`, or a block of them".into()
            }
            Self::BadLiteral { want } if want.is_number() => "write a number".into(),
            Self::OtherQuery(found) => return other_query_help(found).map(str::to_owned),
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
            Self::PipeUnsupported(name) if name == "where" => {
                "put the condition into the query with `and`".into()
            }
            Self::PipeUnsupported(_) => "use `head` or `tail`; group outside the query".into(),
            Self::PipeArguments { name, .. } => format!("write e.g. `| {name} 10`"),
            Self::PipeArgument => "write e.g. `10`".into(),
            Self::ArgumentType { want: Type::Ip, .. } => "use an `ip` field".into(),
            Self::ArgumentType { want: Type::String, .. } => "convert it with `string(…)`".into(),
            Self::ArgumentType { want, .. } => format!("write {} there", a(want)),
            Self::NoInsensitiveForm(_) => "delete the `~`".into(),
            Self::KeyTypes { .. } => "join fields of the same type".into(),
            Self::BadRegex { help, .. } => return help.clone(),
            Self::RegexRemark { help, .. } | Self::Lint { help: Some(help), .. } => help.clone(),
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
            Self::TooManyKeys { .. } => "mind it: the further ones are left out".into(),
            Self::FieldConflict { .. } => {
                "mind it: Elasticsearch refuses it; map the field alike, or search one index".into()
            }
            Self::Lineage => "test `process.parent.…`, or write a sequence by entity id".into(),
            Self::ArrayIndex => "leave the index out: any value of the field may match".into(),
            Self::UnknownField { .. } | Self::FieldNowhere { .. } => {
                "correct the name, or mark the field optional with `?`".into()
            }
            Self::UnknownFunction { name, .. } => match name.to_ascii_lowercase().as_str() {
                "wildcard" => "use `field : (\"a*\", \"b*\")`".into(),
                "match" | "matchlite" => "use `field regex~ \"…\"`".into(),
                "exists" => "use `field != null`".into(),
                "arraycontains" => "use `field : (\"a\", \"b\")`: any value may match".into(),
                "arraysearch" | "arraycount" => "test the values themselves: any may match".into(),
                "safe" => "delete it: what cannot be computed counts as missing".into(),
                _ => "use a function of the language, such as `startsWith` or `length`".into(),
            },
            Self::NotBoolean(Type::Null) => "compare a field with something".into(),
            Self::NotBoolean(_) => "compare it with something".into(),
            Self::NeedsString { found: Type::Ip, .. } => "use `==`, or `cidrMatch`".into(),
            Self::NeedsString { operator: "in~", .. } => "use `in`".into(),
            Self::NeedsString { .. } => "use `==`".into(),
            Self::FieldWithField(_) | Self::FieldInList(_) => "put a constant there".into(),
            Self::TextField(_) => "use its `keyword` sub-field".into(),
            Self::InexactField(_) => "name one exact sub-field".into(),
            Self::BadLiteral { want: Type::Date(_) } => {
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
                wanted => {
                    let help = WANTED.iter().find(|(what, _)| *what == wanted)?;
                    help.1.into()
                }
            },
            Self::NotEvents(_) => "paste it on the left, where the rule stands".into(),
            Self::SearchFailed(_) => "correct the search, and paste what it finds".into(),
            Self::NoQuery { .. } => "paste the whole page, or the query alone".into(),
            Self::OtherLanguage(_) | Self::OtherRuleType(_) => {
                "paste a rule whose language is `eql`".into()
            }
            Self::BadDocument { .. } => {
                "mend the document at this place, or paste the query alone".into()
            }
            Self::NotARule("a Sigma rule") => {
                "convert it to EQL first, e.g. with pySigma's EQL backend".into()
            }
            Self::NotARule("a Python dict") => {
                "convert it to JSON first, e.g. with `json.dumps`".into()
            }
            Self::NotARule("event data") => "paste events into the events pane".into(),
            Self::NotARule(_) => "paste an EQL query, or a document that holds one".into(),
            Self::BadValue { .. } => "correct the value; the rule is read without it".into(),
            Self::NotHonoured("data_view_id") => {
                "expect events of every index to be searched, or name index patterns".into()
            }
            Self::NotHonoured(_) => "expect more matches here than in Elasticsearch".into(),
            Self::OtherRules(_) => "paste another one alone to see it".into(),
            Self::LinesLeftOut(_) | Self::PutBackOnLines(_) => {
                "compare the query with its source".into()
            }
            Self::CommentSwallows => "put a line break behind the comment, or delete it".into(),
            Self::PartSkipped(_) => "mend the document at this place, if the part matters".into(),
            Self::NotFormatted(_) => "format it by itself, and put it back".into(),
            _ => return None,
        })
    }
}

/// What could have stood at a place, and what to do.
const WANTED: &[(&str, &str)] = &[
    (CONDITION, "write a condition; `true` holds for every event"),
    (QUERY, "write e.g. `process where process.name : \"cmd.exe\"`"),
    (CONNECTIVE, "join the two with `and` or `or`"),
    (OPERATOR, "write an operator between the two, such as `==`, `:` or `in`"),
    ("a list in parentheses", "write e.g. `(\"a\", \"b\")`"),
    ("`,` or `)`", "put a comma between two elements"),
    ("`)`", "add the missing `)`, or delete the `(` that is one too many"),
    ("the closing `)`", "add the missing `)`"),
    ("`]`", "add the missing `]`"),
    ("the closing brackets", "add what is missing at the end"),
    ("`[` before the term", "write each term in brackets: `[process where …]`"),
    ("`sequence` before the terms", "write `sequence` in front, or delete the brackets"),
    ("`by` before the key", "write `by` before the join keys"),
    ("a join key", "name the field that joins the events, e.g. `by host.id`"),
    ("`[`", "write at least two terms: `[process where …] [network where …]`"),
    ("`[` after `until`", "write e.g. `until [process where event.type == \"end\"]`"),
    ("the next term", "write the terms after each other, with nothing between them"),
    ("`maxspan`", "write e.g. `with maxspan=5m`"),
    (
        "`maxspan`; `runs` stands behind a term",
        "move `with runs=…` behind the `]` of the term that it repeats",
    ),
    ("`]` before `by`", "move `by` and its keys behind the `]`"),
    ("one value", "write `in` before a list"),
    ("a date in double quotes", "put it in double quotes"),
    ("a text in double quotes", "put it in double quotes, and write `:` before a pattern"),
    ("`with` before `maxspan`", "write e.g. `with maxspan=5m`"),
    ("a number", "write e.g. `5`"),
    ("`head` or `tail`", "write e.g. `| head 10`"),
    ("a field name", "write a field such as `process.name`"),
    ("`and`, `or` or the end of the condition", "delete it, or join what follows with `and`"),
    ("`and`, `or` or the end of the query", "delete it, or join what follows with `and`"),
    ("`,` between the keys", "put a comma between two keys"),
    ("one operator", "delete one of the two"),
];

/// How a condition is called in "expected …" messages.
pub const CONDITION: &str = "a condition";

/// The same of a whole query.
pub const QUERY: &str = "a query";

/// The same of what joins two conditions.
pub const CONNECTIVE: &str = "`and` or `or`";

/// The same of what stands between two values.
pub const OPERATOR: &str = "an operator such as `==`";

/// What to do with a query of another language.
fn other_query_help(found: &str) -> Option<&'static str> {
    Some(match found {
        "a KQL query" => {
            "write `any where` in front, texts in double quotes, and `!= null` for `: *`"
        }
        "a Lucene query" => {
            "write e.g. `any where process.name : \"cmd.exe\" and not user.name == null`"
        }
        "an ES|QL query" | "a Sentinel query" | "an SQL query" | "a Splunk search" => {
            "write the conditions as `any where …`; grouping and counting have no counterpart"
        }
        "a Sigma rule" => "convert it to EQL first, e.g. with pySigma's EQL backend",
        _ => "paste an EQL query, or a document that holds one",
    })
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

/// Source text in a message: on one line, not too long.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// A number of things.
pub(crate) fn n(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => String::new(),
        [one] => format!("; did you mean `{one}`?"),
        many => format!("; did you mean any of `{}`?", many.join("`, `")),
    }
}
