//! What would have to change in an event, as a small difference.

use std::io::{self, Write};

use eqlens_engine::wire::change::{Action, Change};

use crate::output::{Style, plain};

/// The sentence; for each edit the line that goes and the line that comes.
pub(super) fn write(out: &mut dyn Write, change: &Change, style: Style) -> io::Result<()> {
    writeln!(out, "{}  {}", style.bold(&plain(&change.id)), plain(&change.sentence))?;
    for edit in &change.edits {
        let field = plain(&edit.field);
        let goes = match edit.action {
            Action::Set | Action::Remove => edit.from.get(..1.min(edit.from.len())),
            Action::Delete => Some(edit.from.as_slice()),
            Action::Add => None,
        };
        let clause = edit.clause.map(|clause| style.dim(&format!("  clause {clause}")));
        let clause = clause.unwrap_or_default();
        for (at, value) in goes.unwrap_or_default().iter().enumerate() {
            let line = style.bad(&format!("- {field}: {}", plain(value)));
            let end = if edit.to.is_none() && at == 0 { clause.as_str() } else { "" };
            writeln!(out, "  {line}{end}")?;
        }
        if let Some(to) = &edit.to {
            writeln!(out, "  {}{clause}", style.good(&format!("+ {field}: {}", plain(to))))?;
        }
    }
    Ok(())
}
