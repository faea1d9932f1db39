//! What words of the language mean, each in one line, and what the parts of a field's name say.
//!
//! The tables are texts, one row a line, columns parted by tabs: that is half as large as slices.

/// Words and signs of the language. Code stands in backticks.
static WORDS: &str = include_str!("words.txt");
/// The functions (spec §6.8): name, arguments with optional ones in brackets, what comes of them, an
/// example.
static FUNCTIONS: &str = include_str!("functions.txt");
/// Whose property a field is, by the first parts of its name.
static OWNERS: &str = include_str!("owners.txt");
/// What a field says of its owner, by the other parts.
static PROPERTIES: &str = include_str!("properties.txt");

/// The row of a table that begins with the word, without it.
fn row(table: &'static str, word: &str) -> Option<&'static str> {
    table.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix('\t'))
}

/// What a word means; empty where nothing is to be said.
pub(super) fn meaning(word: &str) -> &'static str {
    row(WORDS, word).unwrap_or_default()
}

/// A function in words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Doc {
    /// Its name in the table of functions.
    pub(super) name: &'static str,
    /// Names of its arguments, optional ones in brackets.
    pub(super) arguments: &'static str,
    /// What it gives.
    pub(super) gives: &'static str,
    /// A call and what comes of it.
    pub(super) example: &'static str,
}

/// All functions, in order of name.
pub(super) fn docs() -> impl Iterator<Item = Doc> {
    FUNCTIONS.lines().map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        Doc { name: next(), arguments: next(), gives: next(), example: next() }
    })
}

/// The values that the common schema allows in a field, parted by blanks; empty where it names none.
/// Categories are in the schema.
pub(super) fn allowed(field: &str) -> &'static str {
    match field {
        "event.kind" => "alert asset enrichment event metric state pipeline_error signal",
        "event.outcome" => "success failure unknown",
        "event.type" => {
            "access admin allowed change connection creation deletion denied device end error \
             group indicator info installation protocol start user"
        }
        "host.os.type" => "linux macos windows unix ios android",
        _ => "",
    }
}

/// What a field means: its property and whose it is. `None` where the name does not say.
pub(super) fn field_meaning(name: &str) -> Option<String> {
    if name == "@timestamp" {
        return Some("the time of the event".into());
    }
    // The longest owner counts.
    let mut dots = name.rmatch_indices('.').map(|(at, _)| at);
    let (at, of) = dots.find_map(|at| Some((at, row(OWNERS, name.get(..at)?)?)))?;
    let says = row(PROPERTIES, name.get(at + 1..)?)?;
    // A phrase of its own stands beside its owner.
    let is_phrase = says.contains([',', ';', '?']);
    Some(if is_phrase { format!("{of}: {says}") } else { format!("{says} of the {of}") })
}

/// A duration in words: `5 minutes`; `None` for an unknown unit (spec §12.1).
pub(super) fn duration(count: &str, unit: &str) -> Option<String> {
    let unit = match unit {
        "ms" => "millisecond",
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => return None,
    };
    Some(format!("{count} {unit}{}", if count == "1" { "" } else { "s" }))
}
