//! The five reference documents (product §2.2), read in place. Skips, saying so, where they are
//! not at hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail so"
)]

use eqlens_engine::diag::Severity;
use eqlens_engine::rule::{self, Rule};
use eqlens_engine::syntax::parser::parse;
use eqlens_tests::paths::{external, files, text};

/// What a document says.
struct Expected {
    /// Beginning of the file's name.
    file: &'static str,
    form: &'static str,
    name: &'static str,
    id: Option<&'static str>,
    severity: &'static str,
    risk_score: u32,
    indices: &'static [&'static str],
    from: &'static str,
    interval: &'static str,
    max_signals: u32,
    version: Option<u32>,
    min_stack_version: Option<&'static str>,
    timestamp_override: Option<&'static str>,
    n_tags: usize,
    n_references: usize,
    threat: &'static [&'static str],
    has_setup: bool,
    has_note: bool,
    n_words: usize,
    query: (&'static str, &'static str),
    findings: &'static [&'static str],
    /// The query stands in the document to the letter.
    in_one_piece: bool,
}

const DOCUMENTS: [Expected; 5] = [
    Expected {
        file: "000",
        form: "rule page (Markdown)",
        name: "Openssl Client or Server Activity",
        id: None,
        severity: "low",
        risk_score: 21,
        indices: &["logs-endpoint.events.*", "endgame-*", "logs-sentinel_one_cloud_funnel.*"],
        from: "now-9m",
        interval: "5m",
        max_signals: 100,
        version: Some(102),
        min_stack_version: None,
        timestamp_override: None,
        n_tags: 7,
        n_references: 1,
        threat: &["TA0002", "T1059", "T1059.004", "TA0011", "T1071"],
        has_setup: true,
        has_note: false,
        n_words: 52,
        query: ("process where host.os.type", "check_cert\")"),
        findings: &[],
        in_one_piece: true,
    },
    Expected {
        file: "001",
        form: "rule page (Markdown)",
        name: "Potential OpenSSH Backdoor Logging Activity",
        id: None,
        severity: "low",
        risk_score: 21,
        indices: &[
            "auditbeat-*",
            "logs-endpoint.events.file-*",
            "endgame-*",
            "logs-sentinel_one_cloud_funnel.*",
        ],
        from: "now-9m",
        interval: "5m",
        max_signals: 100,
        version: Some(211),
        min_stack_version: None,
        timestamp_override: None,
        n_tags: 9,
        n_references: 2,
        threat: &["TA0006", "T1556", "TA0003", "T1554"],
        has_setup: true,
        has_note: true,
        n_words: 45,
        query: ("file where host.os.type", "\n  )"),
        findings: &[],
        in_one_piece: true,
    },
    Expected {
        file: "002",
        form: "rule page (text)",
        name: "Suspicious Network Connection via systemd",
        id: None,
        severity: "medium",
        risk_score: 47,
        indices: &["logs-endpoint.events.*"],
        from: "now-9m",
        interval: "5m",
        max_signals: 100,
        version: Some(2),
        min_stack_version: None,
        timestamp_override: None,
        n_tags: 7,
        n_references: 0,
        threat: &["TA0003", "T1543", "T1543.002", "T1574", "TA0011", "TA0005"],
        has_setup: true,
        has_note: false,
        n_words: 76,
        query: ("sequence by host.id with maxspan=5s", "by process.parent.entity_id"),
        findings: &[],
        in_one_piece: true,
    },
    Expected {
        file: "003",
        form: "detection-rules TOML",
        name: "Unix Socket Connection",
        id: Some("41284ba3-ed1a-4598-bfba-a97f75d9aba2"),
        severity: "low",
        risk_score: 21,
        indices: &[
            "logs-endpoint.events.*",
            "endgame-*",
            "auditbeat-*",
            "logs-auditd_manager.auditd-*",
        ],
        from: "now-9m",
        interval: "5m",
        max_signals: 100,
        version: None,
        min_stack_version: None,
        timestamp_override: Some("event.ingested"),
        n_tags: 7,
        n_references: 0,
        threat: &["TA0002", "T1559"],
        has_setup: false,
        has_note: false,
        n_words: 46,
        query: ("process where host.os.type", "\"/var/run/libvirt/libvirt-sock\""),
        findings: &["R-108"],
        in_one_piece: false,
    },
    Expected {
        file: "004",
        form: "detection-rules TOML",
        name: "Potential Reverse Shell via UDP",
        id: Some("a5eb21b7-13cc-4b94-9fe2-29bb2914e037"),
        severity: "medium",
        risk_score: 47,
        indices: &["auditbeat-*", "logs-auditd_manager.auditd-*"],
        from: "now-9m",
        interval: "5m",
        max_signals: 100,
        version: None,
        min_stack_version: Some("8.6.0"),
        timestamp_override: Some("event.ingested"),
        n_tags: 3,
        n_references: 1,
        threat: &["TA0002", "T1059", "T1059.004", "TA0011", "T1071"],
        has_setup: true,
        has_note: false,
        n_words: 68,
        query: ("sample by host.id, process.pid", "!= \"::1\"]"),
        findings: &["R-109"],
        in_one_piece: true,
    },
];

#[test]
fn the_reference_documents_are_read_as_they_stand() {
    let Some(seeds) = external("seeds") else { return };
    for expected in DOCUMENTS {
        let path = files(&seeds, ".txt")
            .into_iter()
            .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(expected.file))
            .unwrap();
        let document = text(&path);
        expected.check(&document);
        // Byte order mark and the line ends of Windows change nothing.
        expected.check(&format!("\u{feff}{document}"));
        expected.check(&document.replace('\n', "\r\n"));
    }
}

impl Expected {
    fn check(&self, document: &str) {
        let file = self.file;
        let (rule, findings) = rule::read(document);
        let codes: Vec<&str> = findings.iter().map(|found| found.kind.code()).collect();
        assert_eq!(codes, self.findings, "{file}: {findings:?}");
        assert_eq!(rule.form, self.form, "{file}");
        assert_eq!(rule.name.as_deref(), Some(self.name), "{file}");
        assert_eq!(rule.id.as_deref(), self.id, "{file}");
        assert_eq!(rule.severity.as_deref(), Some(self.severity), "{file}");
        assert_eq!(rule.risk_score, Some(self.risk_score), "{file}");
        assert_eq!(rule.indices, self.indices, "{file}");
        assert_eq!(rule.from_or_default(), self.from, "{file}");
        assert_eq!(rule.interval_or_default(), self.interval, "{file}");
        assert_eq!(rule.max_signals_or_default(), self.max_signals, "{file}");
        assert_eq!(rule.version, self.version, "{file}");
        assert_eq!(rule.min_stack_version.as_deref(), self.min_stack_version, "{file}");
        assert_eq!(rule.timestamp_override.as_deref(), self.timestamp_override, "{file}");
        assert_eq!(rule.rule_type.as_deref(), Some("eql"), "{file}");
        assert_eq!(rule.tags.len(), self.n_tags, "{file}: {:?}", rule.tags);
        assert_eq!(rule.references.len(), self.n_references, "{file}: {:?}", rule.references);
        let ids: Vec<&str> = rule.threat_ids().into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, self.threat, "{file}");
        assert!(rule.threat.iter().all(|tactic| tactic.id.starts_with("TA")), "{file}");
        assert!(rule.threat.iter().all(|tactic| tactic.reference.is_some()), "{file}");
        assert_eq!(rule.authors, ["Elastic"], "{file}");
        assert_eq!(rule.license.as_deref(), Some("Elastic License v2"), "{file}");
        assert_eq!((rule.setup.is_some(), rule.note.is_some()), (self.has_setup, self.has_note));
        let n_words = rule.description.as_ref().unwrap().split(' ').count();
        assert_eq!(n_words, self.n_words, "{file}: {:?}", rule.description);
        let (first, last) = self.query;
        assert!(rule.query.starts_with(first), "{file}: {}", rule.query);
        assert!(rule.query.replace("\r\n", "\n").ends_with(last), "{file}: {}", rule.query);
        assert!(!rule.query.contains("+02:00"), "{file}");
        let (_, found) = parse(&rule.query);
        assert!(found.iter().all(|it| it.kind.severity() != Severity::Error), "{file}: {found:?}");
        assert_eq!(rule.query_span().is_some(), self.in_one_piece, "{file}");
        every_piece_stands_in_the_document(&rule, document);
    }
}

fn every_piece_stands_in_the_document(rule: &Rule, document: &str) {
    let mut length = 0;
    for (in_query, in_document) in rule.places.verbatim_pieces() {
        assert_eq!(in_query.text(&rule.query), in_document.text(document));
        assert_eq!(in_query.start, length, "no gaps in the query");
        length = in_query.end;
    }
    assert_eq!(length as usize, rule.query.len());
}
