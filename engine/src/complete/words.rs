//! What words of the language mean, each in one line, and what the parts of a field's name say.

/// A word, what is written for it, and what it means.
pub(super) type Word = (&'static str, &'static str);

/// Words and signs of the language. Code stands in backticks.
pub(super) const WORDS: &[Word] = &[
    ("any", "events of every category, and of none"),
    ("where", "the condition follows; `where true` takes all events"),
    ("sequence", "stages that follow each other in time"),
    ("sample", "filters that find events with equal keys, in any order"),
    ("by", "these values are equal in all stages"),
    ("with", "`with maxspan=` limits the time, `with runs=` repeats a stage"),
    ("maxspan", "the longest time from the first event to the last"),
    ("runs", "so many events in a row fit this stage"),
    ("until", "an event that ends the sequences of its key"),
    ("and", "both hold"),
    ("or", "one of them holds, or both"),
    ("not", "holds where the rest does not, also where a field is missing"),
    ("in", "equals one of the list; letter case counts"),
    ("in~", "equals one of the list, ignoring case"),
    (":", "equals, ignoring case; `*` and `?` are wildcards"),
    ("like", "fits a pattern; `*` and `?` are wildcards, letter case counts"),
    ("like~", "fits a pattern, ignoring case; `*` and `?` are wildcards"),
    ("regex", "the whole value fits a regular expression (Lucene's dialect)"),
    ("regex~", "as `regex`, ignoring case"),
    ("==", "equals; letter case counts, `*` and `?` are plain characters"),
    ("!=", "differs; holds for a missing field as well"),
    ("<", "less than"),
    ("<=", "at most"),
    (">", "greater than"),
    (">=", "at least"),
    ("true", "the boolean value"),
    ("false", "the boolean value"),
    ("null", "no value: `== null` finds events without the field"),
    ("head", "the first results: `| head 10`"),
    ("tail", "the last results: `| tail 10`"),
    ("?", "the field may be unknown: it counts as missing instead of being an error"),
    ("[", "a stage begins"),
    ("![", "a stage that must not occur"),
    ("+", "sum"),
    ("-", "difference"),
    ("*", "product"),
    ("/", "quotient; of whole numbers a whole one"),
    ("%", "remainder"),
    ("|", "a pipe: what becomes of the results"),
];

/// What a word means; empty where nothing is to be said.
pub(super) fn meaning(word: &str) -> &'static str {
    WORDS.iter().find(|(name, _)| *name == word).map_or("", |(_, meaning)| meaning)
}

/// A function in words.
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

macro_rules! docs {
    ($($name:literal $arguments:literal $gives:literal $example:literal,)*) => {
        &[$(Doc { name: $name, arguments: $arguments, gives: $gives, example: $example },)*]
    };
}

/// The functions (spec §6.8).
pub(super) const DOCS: &[Doc] = docs! {
    "add" "a, b" "the sum" "add(4, 0.5) is 4.5",
    "between" "text, left, right[, greedy]" "the text between two others" r#"between("k=v1;k=v2;", "k=", ";") is "v1""#,
    "cidrMatch" "ip, block, …" "true for an address in one of the blocks" r#"cidrMatch(source.ip, "10.0.0.0/8")"#,
    "concat" "value, …" "all values as one text" r#"concat("a", 1, true) is "a1true""#,
    "divide" "a, b" "the quotient; of whole numbers a whole one" "divide(7, 3) is 2",
    "endsWith" "text, end" "true where the text ends so" r#"endsWith(file.name, ".exe")"#,
    "indexOf" "text, part[, start]" "where the part begins, from 0; null if nowhere" r#"indexOf("a.b.c", ".", 2) is 3"#,
    "length" "text" "its length in UTF-16 units; never the size of an array" r#"length("cmd") is 3"#,
    "modulo" "a, b" "the remainder of a division" "modulo(-10, -6) is -4",
    "multiply" "a, b" "the product" "multiply(0.25, 2) is 0.5",
    "number" "text[, base]" "the number that the text is" r#"number("0x1f") is 31"#,
    "startsWith" "text, start" "true where the text begins so" r#"startsWith(file.path, "/tmp/")"#,
    "string" "value" "the value as text" r#"string(314) is "314""#,
    "stringContains" "text, part" "true where the text holds the part" r#"stringContains(process.command_line, "-enc")"#,
    "substring" "text, start[, end]" "a piece of the text; negative positions count from its end" r#"substring("report.docx", -4) is "docx""#,
    "subtract" "a, b" "the difference" "subtract(-2, 4) is -6",
};

/// Values that the common schema allows, per field, beside the categories.
pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("event.kind", "alert asset enrichment event metric state pipeline_error signal"),
    ("event.outcome", "success failure unknown"),
    ("host.os.type", "linux macos windows unix ios android"),
    (
        "event.type",
        "access admin allowed change connection creation deletion denied device end error group \
         indicator info installation protocol start user",
    ),
];

/// Whose property a field is, by the first parts of its name; the longest that fits counts.
pub(super) const OWNERS: &[(&str, &str)] = &[
    ("agent", "agent that sent the event"),
    ("client", "client of a connection"),
    ("cloud", "cloud resource"),
    ("container", "container"),
    ("destination", "receiver of a connection"),
    ("dll", "loaded library"),
    ("dns", "DNS exchange"),
    ("dns.question", "DNS question"),
    ("email", "e-mail"),
    ("event", "event"),
    ("file", "file"),
    ("host", "host"),
    ("host.os", "host's operating system"),
    ("http.request", "HTTP request"),
    ("http.response", "HTTP response"),
    ("network", "network connection"),
    ("observer", "device that observed it"),
    ("process", "process"),
    ("process.parent", "parent process"),
    ("process.parent.parent", "parent's parent process"),
    ("process.group_leader", "leader of the process group"),
    ("process.session_leader", "leader of the session"),
    ("process.entry_leader", "process through which the session was entered"),
    ("process.thread", "thread"),
    ("registry", "registry entry"),
    ("server", "server of a connection"),
    ("service", "service"),
    ("source", "sender of a connection"),
    ("source.user", "user on the sending side"),
    ("target", "target"),
    ("url", "URL"),
    ("user", "user"),
    ("user.effective", "user whose rights are used"),
    ("user.target", "user acted upon"),
    ("user_agent", "client program as it names itself"),
];

/// What a field says of its owner, by the last parts of its name.
pub(super) const PROPERTIES: &[(&str, &str)] = &[
    ("action", "what was done, as the source names it"),
    ("address", "address, name or number"),
    ("args", "arguments, one value each"),
    ("args_count", "number of arguments"),
    ("as.number", "number of the autonomous system"),
    ("bytes", "bytes sent"),
    ("category", "kind in the large; what the word before `where` tests"),
    ("code_signature.exists", "is it signed?"),
    ("code_signature.status", "outcome of the check of the signature"),
    ("code_signature.subject_name", "who signed it"),
    ("code_signature.trusted", "is the signature trusted here?"),
    ("code_signature.valid", "does the signature fit the content?"),
    ("command_line", "whole command line in one text"),
    ("created", "time of its creation"),
    ("data.strings", "text data, one value each"),
    ("direction", "direction, seen from the observer"),
    ("domain", "domain"),
    ("entity_id", "id that is unique among all hosts and times"),
    ("executable", "full path of the program"),
    ("exit_code", "exit code"),
    ("extension", "ending of the name, without its dot"),
    ("geo.country_iso_code", "country, in two letters"),
    ("hash.md5", "MD5 of the content"),
    ("hash.sha1", "SHA-1 of the content"),
    ("hash.sha256", "SHA-256 of the content"),
    ("hostname", "name as the system tells it"),
    ("id", "id"),
    ("ip", "IP address"),
    ("kind", "what sort of record this is"),
    ("key", "path of the key"),
    ("mac", "hardware address"),
    ("method", "method"),
    ("name", "name"),
    ("outcome", "success or failure"),
    ("parent.name", "name of its parent"),
    ("path", "full path"),
    ("pe.original_file_name", "file name from the time it was built"),
    ("pid", "process id; the system uses it again"),
    ("port", "port"),
    ("protocol", "protocol"),
    ("size", "size in bytes"),
    ("start", "time of its start"),
    ("title", "title"),
    ("type", "kind"),
    ("uptime", "seconds since its start"),
    ("value", "value"),
    ("version", "version"),
    ("working_directory", "working directory"),
];

/// What a field means: its property and whose it is. `None` where the name does not say.
pub(super) fn field_meaning(name: &str) -> Option<String> {
    if name == "@timestamp" {
        return Some("the time of the event".into());
    }
    let (owner, of) = OWNERS
        .iter()
        .filter(|(owner, _)| name.strip_prefix(owner).is_some_and(|rest| rest.starts_with('.')))
        .max_by_key(|(owner, _)| owner.len())?;
    let property = name.get(owner.len() + 1..)?;
    let (_, says) = PROPERTIES.iter().find(|(known, _)| *known == property)?;
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
