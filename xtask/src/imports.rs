//! Short names for what a WebAssembly program imports. The generator of its JavaScript ends each
//! with a hash, which no compression makes smaller and which stands in both files.

use crate::wasm::{self, number, push_number, take};
use std::fmt::Write as _;

/// The program and its script with a short name for each import that the script defines in one
/// place; `None` where the program is not of the form known here.
pub(crate) fn shorten(program: &[u8], script: &str) -> Option<(Vec<u8>, String)> {
    let mut script = script.to_owned();
    let sections = wasm::sections(program)?;
    let imports = sections.iter().find(|(kind, _)| *kind == wasm::IMPORTS);
    let imports = imports.map_or(Some(Vec::new()), |(_, all)| shorten_section(all, &mut script))?;
    let sections = sections.iter().map(|(kind, content)| match *kind {
        wasm::IMPORTS => (*kind, imports.as_slice()),
        _ => (*kind, *content),
    });
    Some((wasm::program(sections), script))
}

fn shorten_section(mut section: &[u8], script: &mut String) -> Option<Vec<u8>> {
    let count = number(&mut section)?;
    let mut shorter = Vec::new();
    push_number(&mut shorter, count);
    for index in 0..count {
        let module = text(&mut section)?;
        let mut name = text(&mut section)?.to_owned();
        let definition = format!("{name}: ");
        let is_generated = name.starts_with("__wb");
        if is_generated && script.matches(&definition).count() == 1 {
            name = short_name(index);
            *script = script.replace(&definition, &format!("{name}: "));
        }
        for word in [module, &name] {
            push_number(&mut shorter, word.len());
            shorter.extend(word.bytes());
        }
        let kind = section;
        match *take(&mut section, 1)?.first()? {
            FUNCTION => drop(number(&mut section)?),
            TABLE => {
                take(&mut section, 1)?;
                limits(&mut section)?;
            }
            MEMORY => limits(&mut section)?,
            GLOBAL => drop(take(&mut section, 2)?),
            _ => return None,
        }
        shorter.extend(kind.get(..kind.len() - section.len())?);
    }
    section.is_empty().then_some(shorter)
}

/// What an import is.
const FUNCTION: u8 = 0;
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;

/// `a` to `z`, `a1` and so on; nothing else in the object of imports is named like this.
fn short_name(index: usize) -> String {
    let mut name = String::from(char::from(b'a' + (index % 26) as u8));
    if index >= 26 {
        // Writing to a string does not fail.
        let _ = write!(name, "{}", index / 26);
    }
    name
}

fn limits(bytes: &mut &[u8]) -> Option<()> {
    let has_maximum = take(bytes, 1)?.first()? & 1 == 1;
    number(bytes)?;
    if has_maximum {
        number(bytes)?;
    }
    Some(())
}

fn text<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    let length = number(bytes)?;
    std::str::from_utf8(take(bytes, length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{short_name, shorten};
    use crate::wasm::{self, push_number};

    /// A program with one section of imports, all of them functions, and one section after it.
    fn program(names: &[&str]) -> Vec<u8> {
        let mut section = Vec::new();
        push_number(&mut section, names.len());
        for name in names {
            for word in ["./app_bg.js", name] {
                push_number(&mut section, word.len());
                section.extend(word.bytes());
            }
            section.extend([0, 5]);
        }
        wasm::program([(wasm::IMPORTS, section.as_slice()), (3, &[1, 0])])
    }

    #[test]
    fn both_files_get_the_same_names() {
        let before = program(&["__wbg_body_e549239eaff082e1", "mine", "__wbg_absent_12"]);
        let script = "{ __wbg_body_e549239eaff082e1: function() {}, mine: 0 }";
        let (after, script) = shorten(&before, script).unwrap();
        assert_eq!(script, "{ a: function() {}, mine: 0 }");
        assert_eq!(after, program(&["a", "mine", "__wbg_absent_12"]));
    }

    #[test]
    fn names_differ_and_start_with_a_letter() {
        let names: std::collections::BTreeSet<String> = (0..1000).map(short_name).collect();
        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|name| name.starts_with(|c: char| c.is_ascii_lowercase())));
    }

    #[test]
    fn what_is_no_program_is_left_alone() {
        let mut broken = program(&["__wbg_a_1"]);
        broken.truncate(20);
        assert_eq!(shorten(&broken, ""), None);
    }
}
