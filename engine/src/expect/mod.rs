//! Expectations that travel with a rule: `<slug>.cases.toml` (product §3.5).
//!
//! Texts in, outcome out: who reads the files is the caller's business.

mod fails;
mod written;

use serde::Deserialize;

use crate::desk::Desk;
use crate::store::Store;
use crate::wire::timeline::{QueryForm, Timeline};
use crate::wire::{Outcome, Severity};

use fails::Fails;

pub use written::{Written, written};

/// How a missing event, or a missing key, is written.
const MISSING: &str = "-";

/// What became of the expectations of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong with the rule or the events as such: a line per failure. Empty is good.
    pub failures: Vec<String>,
    /// The cases, in their order.
    pub cases: Vec<CaseReport>,
}

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// Its name.
    pub name: String,
    /// Why it does not hold; `None` where it does.
    pub failure: Option<String>,
}

impl Report {
    /// True where nothing failed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.failures.is_empty() && self.cases.iter().all(|case| case.failure.is_none())
    }
}

/// A cases file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    /// Codes of the warnings the rule is known to give.
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default)]
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Ids of the events that take part; all of them where it is absent.
    events: Option<Vec<String>>,
    /// One list per match, in the order of the answer.
    matches: Vec<Vec<String>>,
    /// The one thing that keeps something from matching.
    fails: Option<Fails>,
}

/// Runs the cases of a rule over its events. `rule` is the rule's text, `events` has one event a
/// line, `cases` is the text of the cases file.
///
/// # Errors
/// Where the cases file cannot be read: line, column and reason.
pub fn check(rule: &str, events: &str, cases: &str) -> Result<Report, String> {
    let expectations: Expectations =
        toml::from_str(cases).map_err(|error| error.to_string().trim_end().to_owned())?;
    let mut desk = Desk::new();
    let mut failures = Vec::new();
    let report = desk.load(events);
    if report.skipped > 0 {
        failures.push(format!("{} event lines cannot be read", report.skipped));
    }
    let outcome = desk.run(rule, &|| 0.0);
    failures.extend(refusal(&outcome));
    failures.extend(wrong_warnings(&outcome, &expectations.warnings));
    let runs = outcome.result.is_some();
    let check = |case: &Case| CaseReport {
        name: case.name.clone(),
        // A refusal is told once.
        failure: if runs {
            case.check(rule, events, desk.store()).err()
        } else {
            Some("the rule could not run".into())
        },
    };
    let cases = expectations.case.iter().map(check).collect();
    Ok(Report { failures, cases })
}

/// Why the rule could not run.
fn refusal(outcome: &Outcome) -> Vec<String> {
    let errors = outcome.findings.iter().filter(|found| found.severity == Severity::Error);
    errors
        .map(|found| format!("{} (line {}): {}", found.code, found.span.line, found.message))
        .collect()
}

fn wrong_warnings(outcome: &Outcome, expected: &[String]) -> Option<String> {
    let warnings: Vec<&str> = outcome
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.code.as_str())
        .collect();
    (warnings != expected).then(|| format!("warnings {warnings:?}, expected {expected:?}"))
}

impl Case {
    fn check(&self, rule: &str, events: &str, all: &Store) -> Result<(), String> {
        let chosen;
        let events = match &self.events {
            None => events,
            Some(ids) => {
                chosen = choose(events, all, ids)?;
                &chosen
            }
        };
        let mut desk = Desk::new();
        desk.load(events);
        let outcome = desk.run(rule, &|| 0.0);
        let form = outcome.result.as_ref().map(|result| result.form).unwrap_or_default();
        let timeline = match form {
            QueryForm::Event => Timeline::default(),
            QueryForm::Sequence | QueryForm::Sample => desk.timeline(),
        };
        let matches = matches(&desk);
        if matches != self.matches {
            return Err(format!("matches {matches:?}, expected {:?}", self.matches));
        }
        match &self.fails {
            None => Ok(()),
            Some(fails) => fails.check(&desk, &outcome, &timeline, form, rule),
        }
    }
}

/// The ids of the events of each match, in order; `-` for a missing one.
fn matches(desk: &Desk) -> Vec<Vec<String>> {
    let id = |event: Option<u32>| event.map_or(MISSING.into(), |event| desk.store().id(event));
    desk.matches().into_iter().map(|events| events.into_iter().map(id).collect()).collect()
}

/// The lines of the events with these ids, in the order of the ids.
fn choose(events: &str, all: &Store, ids: &[String]) -> Result<String, String> {
    let lines: Vec<&str> = events.lines().collect();
    let mut chosen = String::new();
    for id in ids {
        let place = all.event_by_id(id).and_then(|event| all.place(event));
        let line = place.and_then(|place| lines.get((place.line as usize).checked_sub(1)?));
        chosen.push_str(line.ok_or_else(|| format!("there is no event `{id}`"))?);
        chosen.push('\n');
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "process where process.name == \"a\" and not process.args == \"-q\"";
    const EVENTS: &str = r#"{"_id":"e1","event":{"category":"process"},"process":{"name":"a"}}
{"_id": "e2","event":{"category":"process"},"process":{"name":"a","args":["-q"]}}
{"_id":"e3","event":{"category":"process"},"process":{"name":"b","args":["-q"]}}
"#;

    fn failures(cases: &str) -> Vec<String> {
        let report = check(RULE, EVENTS, cases).unwrap();
        report
            .failures
            .into_iter()
            .chain(report.cases.into_iter().filter_map(|c| c.failure))
            .collect()
    }

    #[test]
    fn cases_hold_or_say_why_not() {
        let fails = |event: &str, clause: &str, reason: &str| {
            format!(
                "[[case]]\nname = 'c'\nevents = ['{event}']\nmatches = []\n\
                 fails = {{ event = '{event}', clause = '{clause}', reason = '{reason}' }}"
            )
        };
        let excluded = "not process.args == \"-q\"";
        for (cases, expected) in [
            ("[[case]]\nname = 'c'\nmatches = [['e1']]".into(), &[][..]),
            ("[[case]]\nname = 'c'\nmatches = []".into(), &["matches [[\"e1\"]], expected []"]),
            (
                "[[case]]\nname = 'c'\nevents = ['e9']\nmatches = []".into(),
                &["there is no event `e9`"],
            ),
            ("warnings = ['L-01']".into(), &["warnings [], expected [\"L-01\"]"]),
            (fails("e2", excluded, "excluded"), &[]),
            (
                fails("e2", excluded, "value_differs"),
                &["reason `excluded`, expected `value_differs`"],
            ),
            (
                fails("e2", "process where", "excluded"),
                &["`not process.args == \"-q\"` decides, expected `process where`"],
            ),
            (fails("e3", excluded, "excluded"), &["2 clauses decide, expected one"]),
        ] {
            assert_eq!(failures(&cases), expected, "{cases}");
        }
    }

    #[test]
    fn a_file_of_another_form_is_refused_with_its_place() {
        for (cases, part) in [
            ("[[case]]\nnames = 'c'", "names"),
            ("[[case]]\nname = 'c'", "matches"),
            ("[[case]\n", "line 1"),
            ("[[case]]\nname='c'\nmatches=[]\nfails = { reason = 'x' }", "event"),
            (
                "[[case]]\nname='c'\nmatches=[]\nfails = { keys = ['a'], reason = 'no_event' }",
                "filter",
            ),
            ("[[case]]\nname='c'\nmatches=[]\nfails = { event = 'a', reason = 'tired' }", "tired"),
        ] {
            let error = check(RULE, EVENTS, cases).unwrap_err();
            assert!(error.contains(part), "{cases}: {error}");
        }
    }

    #[test]
    fn a_rule_that_cannot_run_says_so_once_and_fails_its_cases() {
        let report =
            check("any where a = 1", EVENTS, "[[case]]\nname = 'c'\nmatches = []").unwrap();
        assert_eq!(report.failures, ["E-203 (line 1): `=` compares nothing"]);
        assert_eq!(report.cases[0].failure.as_deref(), Some("the rule could not run"));
        assert!(!report.is_good());
    }

    #[test]
    fn event_lines_that_cannot_be_read_are_a_failure() {
        let report = check(RULE, "{\n{\"a\":1}\n", "").unwrap();
        assert_eq!(report.failures, ["1 event lines cannot be read"]);
    }

    const STEPS: &str = r#"{"_id":"a","@timestamp":1000,"k":"x","n":1}
{"_id":"b","@timestamp":2000,"k":"x","n":2}
{"_id":"c","@timestamp":3000,"k":"y","n":1,"m":1}
{"_id":"d","@timestamp":64500,"k":"y","n":2}
{"_id":"e","@timestamp":65000,"n":1}
"#;

    /// What a case with this `fails` says of a query over the steps.
    fn outcome(query: &str, matches: &str, fails: &str) -> Option<String> {
        let case = format!("[[case]]\nname = 'c'\nmatches = {matches}\nfails = {fails}");
        let report = check(query, STEPS, &case).unwrap();
        assert_eq!(report.failures, Vec::<String>::new());
        report.cases.into_iter().next().unwrap().failure
    }

    #[test]
    fn partial_sequences_and_their_stages_are_held_to_what_the_case_says() {
        let query = "sequence by k with maxspan=1m [any where n == 1] ![any where n == 3] [any where n == 2 and not k == \"z\"]";
        for (fails, expected) in [
            ("{ event = 'c', reason = 'maxspan_expired' }", None),
            ("{ event = 'd', reason = 'maxspan_expired' }", None),
            ("{ event = 'e', reason = 'key_missing' }", None),
            ("{ event = 'b', reason = 'matched' }", None),
            ("{ event = 'a', reason = 'matched' }", Some("no partial sequence ended at `a`")),
            (
                "{ event = 'c', reason = 'until' }",
                Some("what ended at `c` ended by `maxspan_expired`, expected `until`"),
            ),
            ("{ event = 'z', reason = 'until' }", Some("there is no event `z` in this case")),
            ("{ event = 'c', stage = 3, clause = 'n == 2', reason = 'value_differs' }", None),
            ("{ event = 'd', stage = 1, clause = 'n == 1', reason = 'value_differs' }", None),
            (
                "{ event = 'c', stage = 1, clause = 'n == 1', reason = 'value_differs' }",
                Some("0 clauses decide, expected one"),
            ),
            (
                "{ event = 'c', stage = 4, clause = 'n == 1', reason = 'value_differs' }",
                Some("there is no stage 4"),
            ),
            (
                "{ event = 'c', clause = 'n == 1', reason = 'value_differs' }",
                Some("say of which `stage`"),
            ),
            (
                "{ keys = ['x'], filter = 1, reason = 'no_event' }",
                Some("only a sample has filters without an event"),
            ),
        ] {
            let failure = outcome(query, "[['a', '-', 'b']]", fails);
            assert_eq!(failure.as_deref(), expected, "{fails}");
        }
    }

    #[test]
    fn filters_of_samples_are_held_to_what_the_case_says() {
        let query = "sample by k [any where n == 1] [any where n == 2] [any where m == 1]";
        for (fails, expected) in [
            ("{ keys = ['x'], filter = 3, reason = 'no_event' }", None),
            (
                "{ keys = ['x'], filter = 1, reason = 'no_event' }",
                Some("1 events pass filter 1, expected none"),
            ),
            (
                "{ keys = ['z'], filter = 1, reason = 'no_event' }",
                Some("no event has the keys [\"z\"]"),
            ),
            ("{ keys = ['x'], filter = 4, reason = 'no_event' }", Some("there is no filter 4")),
            ("{ event = 'a', stage = 3, clause = 'm == 1', reason = 'field_missing' }", None),
            ("{ event = 'a', reason = 'until' }", Some("only a partial sequence ends by `until`")),
        ] {
            assert_eq!(outcome(query, "[]", fails).as_deref(), expected, "{fails}");
        }
    }
}
