//! What is known of fields beyond their types.

use crate::schema::{KnownBy, Schema};
use crate::ty::Type;

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
