//! The outcome as JUnit XML: a suite per rule, a test per case.

use std::fs;
use std::path::Path;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::RuleOutcome;
use crate::Failure;

/// Writes the file.
pub(super) fn write(path: &Path, outcomes: &[RuleOutcome]) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Message(format!("cannot write `{}`: {error}", path.display()))
    };
    let mut report = Report::new("eqlens test");
    for outcome in outcomes {
        let mut suite = TestSuite::new(outcome.rule.as_str());
        // Its documents, its warnings: what is no case of its own.
        let as_such = match &outcome.error {
            Some(error) => non_success(NonSuccessKind::Error, error),
            None if outcome.failures.is_empty() => TestCaseStatus::success(),
            None => non_success(NonSuccessKind::Failure, &outcome.failures.join("\n")),
        };
        suite.add_test_case(TestCase::new("the rule", as_such));
        for case in &outcome.cases {
            let status = match &case.failure {
                None => TestCaseStatus::success(),
                Some(failure) => non_success(NonSuccessKind::Failure, failure),
            };
            suite.add_test_case(TestCase::new(case.name.as_str(), status));
        }
        for case in &mut suite.test_cases {
            case.set_classname(outcome.rule.as_str());
        }
        report.add_test_suite(suite);
    }
    let text = report.to_string().map_err(|error| failed(&error))?;
    fs::write(path, text).map_err(|error| failed(&error))
}

fn non_success(kind: NonSuccessKind, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message);
    status
}
