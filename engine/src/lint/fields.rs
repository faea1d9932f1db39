//! What is known of fields beyond their types.

use crate::schema::{KnownBy, Schema};

/// Last parts of names of fields that hold one value.
const SINGLE: &[&str] = &[
    "name",
    "executable",
    "path",
    "extension",
    "command_line",
    "directory",
    "working_directory",
    "pid",
    "port",
    "hive",
    "key",
    "value",
    "original_file_name",
    "subject_name",
    "transport",
    "direction",
    "code",
    "outcome",
    "entity_id",
    "exists",
    "trusted",
    "args_count",
    "status",
    "domain",
    "platform",
    "family",
];

/// Parts of names under which lists are kept.
const LISTED: &[&str] =
    &["answers", "related", "threat", "email", "relationships", "groups", "x509"];

/// Does the field hold one value at most, as far as is known? Unknown fields may hold many.
pub(super) fn is_single(schema: Schema<'_>, name: &str) -> bool {
    if name == "host.os.type" {
        return true;
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    SINGLE.contains(&last)
        && !name.split('.').any(|part| LISTED.contains(&part))
        && matches!(schema.field(name).known_by, KnownBy::Table | KnownBy::Mapping)
}

/// What the values of a field look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The name of a file, without its folders.
    Name,
    /// A path with all its folders.
    Path,
    /// A command line as it was typed.
    CommandLine,
    /// The ending of a file's name.
    Extension,
    /// A path of the registry, with its hive.
    Registry,
}

/// What the values of a field look like, where that is known.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let (before, last) = name.rsplit_once('.')?;
    let owner = before.rsplit('.').next().unwrap_or(before);
    Some(match (owner, last) {
        ("process" | "parent" | "effective_parent" | "file" | "dll", "name")
            if before.starts_with("process") || before == owner =>
        {
            Kind::Name
        }
        ("registry", "path") => Kind::Registry,
        (_, "executable") | ("file" | "dll", "path") => Kind::Path,
        ("process" | "parent", "command_line") => Kind::CommandLine,
        ("file", "extension") => Kind::Extension,
        _ => return None,
    })
}

/// The values that the Elastic Common Schema allows in a field, in alphabetical order.
pub(super) fn allowed_values(name: &str) -> Option<&'static str> {
    Some(match name {
        "event.type" => {
            "access admin allowed change connection creation deletion denied device end error group \
             indicator info installation protocol start user"
        }
        "event.outcome" => "failure success unknown",
        "event.kind" => "alert asset enrichment event metric pipeline_error signal state",
        "host.os.type" => "android ios linux macos unix windows",
        _ => return None,
    })
}

/// Does a field never occur in events of this category, whatever the source?
pub(super) fn is_foreign(category: &str, name: &str) -> bool {
    let categories = match name.split('.').next() {
        Some("registry") => "authentication driver file iam library network process web",
        Some("dll") => "authentication file iam network registry web",
        Some("dns") => "authentication driver file iam library process registry",
        _ => return false,
    };
    categories.split(' ').any(|foreign| foreign == category)
}
