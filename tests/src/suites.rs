//! Elasticsearch's own EQL suites, in the layout described beside them: questions with accepted
//! answers over events and mappings. They are put to the command line as a process.
//!
//! A case is right when the ids of all returned events, laid end to end, are one of the accepted
//! answers and the join keys are the wanted ones, for both result positions.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The ending that names a suite.
const CASES: &str = ".cases.ndjson";

/// One suite: `<name>.cases.ndjson`, `.events.ndjson` and, where there is one, `.mapping.json`.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name.
    pub name: String,
    cases: Vec<Value>,
    events: PathBuf,
    mapping: Option<PathBuf>,
}

/// How the cases of a suite came out.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Cases that are right at both result positions.
    pub right: usize,
    /// Cases that gave another answer.
    pub wrong: usize,
    /// Cases that gave none.
    pub errors: usize,
    /// In words, what differs: name, query, wanted, got.
    pub differences: Vec<String>,
}

/// What came of one question.
enum Outcome {
    Right,
    Wrong(String),
    Error(String),
}

impl Suite {
    /// The suites of a folder, by name; empty where it holds none.
    ///
    /// # Errors
    /// In words, where the folder or a file of a suite cannot be read.
    pub fn all(folder: &Path) -> Result<Vec<Self>, String> {
        let cannot = |path: &Path, why: &dyn fmt::Display| format!("{}: {why}", path.display());
        let mut suites = Vec::new();
        for entry in fs::read_dir(folder).map_err(|e| cannot(folder, &e))? {
            let path = entry.map_err(|e| cannot(folder, &e))?.path();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let Some(name) = file.as_deref().and_then(|name| name.strip_suffix(CASES)) else {
                continue;
            };
            let text = fs::read_to_string(&path).map_err(|e| cannot(&path, &e))?;
            let cases: Result<Vec<Value>, _> = text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(serde_json::from_str)
                .collect();
            let beside = |ending: &str| folder.join(format!("{name}.{ending}"));
            let events = beside("events.ndjson");
            if !events.exists() {
                return Err(cannot(&events, &"the suite has no events"));
            }
            suites.push(Self {
                name: name.to_owned(),
                cases: cases.map_err(|e| cannot(&path, &e))?,
                events,
                mapping: Some(beside("mapping.json")).filter(|path| path.exists()),
            });
        }
        suites.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(suites)
    }

    /// Puts every case to the program `eqlens`, under both result positions.
    #[must_use]
    pub fn run(&self, eqlens: &Path) -> Report {
        let mut report = Report::default();
        for case in &self.cases {
            let outcomes =
                ["head", "tail"].map(|position| (position, self.ask(eqlens, case, position)));
            let mut is_wrong = false;
            let mut is_error = false;
            for (position, outcome) in outcomes {
                let what = match outcome {
                    Outcome::Right => continue,
                    Outcome::Wrong(what) => {
                        is_wrong = true;
                        what
                    }
                    Outcome::Error(what) => {
                        is_error = true;
                        what
                    }
                };
                let text = |key: &str| case.get(key).and_then(Value::as_str).unwrap_or_default();
                let (name, query) = (text("name"), text("query"));
                report.differences.push(format!("{name} ({position})\n  query   {query}\n{what}"));
            }
            match (is_error, is_wrong) {
                (true, _) => report.errors += 1,
                (false, true) => report.wrong += 1,
                (false, false) => report.right += 1,
            }
        }
        report
    }

    fn ask(&self, eqlens: &Path, case: &Value, position: &str) -> Outcome {
        let mut command = Command::new(eqlens);
        command.args(["run", "--format", "json", "--result-position", position]);
        for (option, key) in [
            ("--query", "query"),
            ("--event-category-field", "event_category_field"),
            ("--timestamp-field", "timestamp_field"),
            ("--tiebreaker-field", "tiebreaker_field"),
            ("--size", "size"),
            ("--fetch-size", "fetch_size"),
            ("--max-samples-per-key", "max_samples_per_key"),
        ] {
            if let Some(value) = case.get(key).filter(|value| !value.is_null()) {
                command.arg(option).arg(plain(value));
            }
        }
        command.arg("--events").arg(&self.events);
        if let Some(mapping) = &self.mapping {
            command.arg("--mapping").arg(mapping);
        }
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => return Outcome::Error(format!("  got     no answer: {error}")),
        };
        // 0: something matched; 1: nothing did. Anything else is no answer.
        let answer = match output.status.code() {
            Some(0 | 1) => serde_json::from_slice::<Value>(&output.stdout).ok(),
            _ => None,
        };
        let Some(answer) = answer else {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().next().unwrap_or_default();
            return Outcome::Error(format!("  got     no answer ({}): {line}", output.status));
        };
        compared(case, &answer)
    }
}

/// The answer beside what the case accepts.
fn compared(case: &Value, answer: &Value) -> Outcome {
    let id_field = case.get("id_field").and_then(Value::as_str).unwrap_or("_id");
    let found = ids(answer, id_field);
    let accepted: Vec<Vec<String>> = match case.get("accept") {
        Some(Value::Array(lists)) => lists
            .iter()
            .map(|list| list.as_array().into_iter().flatten().map(plain).collect())
            .collect(),
        _ => return Outcome::Error("  the case has no `accept`".into()),
    };
    if !accepted.contains(&found) {
        return Outcome::Wrong(format!("  wanted  {accepted:?}\n  got     {found:?}"));
    }
    let Some(wanted) = case.get("join_keys").and_then(Value::as_array) else {
        return Outcome::Right;
    };
    let wanted: Vec<String> = wanted.iter().map(plain).collect();
    let found = keys(answer);
    if found == wanted {
        Outcome::Right
    } else {
        Outcome::Wrong(format!("  wanted  keys {wanted:?}\n  got     keys {found:?}"))
    }
}

/// A value as text, so that 1 and "1" are one id.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn list<'v>(value: &'v Value, key: &str) -> Option<&'v Vec<Value>> {
    value.get(key).and_then(Value::as_array)
}

fn sequences(answer: &Value) -> Option<&Vec<Value>> {
    list(answer.get("hits")?, "sequences")
}

/// The ids of all returned events; -1 for a missing one.
fn ids(answer: &Value, field: &str) -> Vec<String> {
    let hits = answer.get("hits").unwrap_or(&Value::Null);
    let groups = match sequences(answer) {
        Some(sequences) => sequences.iter().collect(),
        None => vec![hits],
    };
    let events = groups.into_iter().filter_map(|group| list(group, "events")).flatten();
    let id = |event: &Value| match event.get("missing") {
        Some(Value::Bool(true)) => "-1".to_owned(),
        _ if field == "_id" => plain(event.get("_id").unwrap_or(&Value::Null)),
        _ => plain(at_path(event.get("_source").unwrap_or(&Value::Null), field)),
    };
    events.map(id).collect()
}

/// The value of a field that is named whole or by objects within objects.
fn at_path<'v>(source: &'v Value, path: &str) -> &'v Value {
    source.get(path).unwrap_or_else(|| {
        path.split('.').fold(source, |value, part| value.get(part).unwrap_or(&Value::Null))
    })
}

/// The join keys of all sequences or samples, as text.
fn keys(answer: &Value) -> Vec<String> {
    let sequences = sequences(answer).into_iter().flatten();
    sequences.filter_map(|found| list(found, "join_keys")).flatten().map(plain).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail so")]
mod tests {
    use super::*;

    #[test]
    fn answers_are_compared_in_order_and_with_their_keys() {
        let case: Value = serde_json::from_str(
            r#"{"accept": [[1, -1], [2]], "id_field": "e.id", "join_keys": ["a", "null"]}"#,
        )
        .unwrap();
        let answer = |id: &str, key: &str| -> Value {
            serde_json::from_str(&format!(
                r#"{{"hits": {{"sequences": [{{"join_keys": ["a", {key}], "events": [
                    {{"_source": {{"e": {{"id": {id}}}}}}}, {{"_source": {{}}, "missing": true}}
                ]}}]}}}}"#
            ))
            .unwrap()
        };
        assert!(matches!(compared(&case, &answer("1", "null")), Outcome::Right));
        assert!(matches!(compared(&case, &answer("\"1\"", "null")), Outcome::Right));
        assert!(matches!(compared(&case, &answer("2", "null")), Outcome::Wrong(_)));
        assert!(matches!(compared(&case, &answer("1", "\"b\"")), Outcome::Wrong(_)));
        assert!(matches!(compared(&Value::Null, &answer("1", "1")), Outcome::Error(_)));
    }
}
