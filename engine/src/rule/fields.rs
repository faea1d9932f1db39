//! The members of a rule, which are named alike in TOML and in JSON.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::node::{Document, Node, Value};
use crate::rule::source_map::Assembly;
use crate::rule::{ResultPosition, Rule, Threat};
use crate::span::Span;

/// The severities there are (Kibana specification §K1.4).
pub(super) const SEVERITIES: [&str; 4] = ["low", "medium", "high", "critical"];

/// The same in words.
pub(super) const A_SEVERITY: &str = "`low`, `medium`, `high` or `critical`";

/// What a risk score is.
pub(super) const A_RISK_SCORE: &str = "a number from 0 to 100";

/// Members that narrow or change what is found and are not carried out, where they hold anything.
const NOT_HONOURED: [&str; 4] = ["filter", "filters", "runtime_mappings", "data_view_id"];

/// Reads a rule from its table. Findings are placed in the text as pasted.
pub(super) fn read(
    document: &Document<'_>,
    table: &Node,
    form: &'static str,
) -> (Rule, Vec<Diagnostic>) {
    let mut fields = Fields { document, table, findings: Vec::new() };
    let mut rule = Rule {
        form: form.to_owned(),
        document: document.place(table.span),
        id: fields.text("rule_id").or_else(|| fields.text("id")),
        name: fields.text("name"),
        description: fields.text("description").map(|text| one_line(&text)),
        language: fields.text("language"),
        rule_type: fields.text("type"),
        severity: fields.text("severity"),
        risk_score: fields.number("risk_score", A_RISK_SCORE, 0..=100),
        indices: fields.texts("index"),
        interval: fields.text("interval"),
        from: fields.text("from"),
        to: fields.text("to"),
        max_signals: fields.number("max_signals", "a number above 0", 1..=u32::MAX),
        tags: fields.texts("tags"),
        references: fields.texts("references"),
        threat: fields.threat(),
        version: fields.number("version", "a number above 0", 1..=u32::MAX),
        authors: fields.texts("author"),
        license: fields.text("license"),
        timestamp_override: fields.text("timestamp_override"),
        // A search request has other names for two of them (specification §10.2).
        event_category_override: fields
            .text("event_category_override")
            .or_else(|| fields.text("event_category_field")),
        timestamp_field: fields.text("timestamp_field"),
        tiebreaker_field: fields.text("tiebreaker_field"),
        setup: fields.text("setup").filter(|text| !text.trim().is_empty()),
        note: fields.text("note").filter(|text| !text.trim().is_empty()),
        building_block_type: fields.text("building_block_type"),
        ..Rule::default()
    };
    read_metadata(&mut rule, table);
    rule.search.size = fields.number("size", "a number", 0..=u32::MAX);
    rule.search.max_samples_per_key =
        fields.number("max_samples_per_key", "a number above 0", 1..=u32::MAX);
    rule.search.result_position = fields.result_position();
    if rule.severity.as_deref().is_some_and(|word| !SEVERITIES.contains(&word)) {
        rule.severity = None;
        fields.bad("severity", A_SEVERITY);
    }
    fields.not_honoured();
    fields.query(&mut rule, form);
    (rule, fields.findings)
}

/// What a rule file says of itself beside the rule.
pub(super) fn read_metadata(rule: &mut Rule, table: &Node) {
    let text = |name| table.text_of(name).map(str::to_owned);
    rule.min_stack_version = rule.min_stack_version.take().or_else(|| text("min_stack_version"));
    rule.maturity = rule.maturity.take().or_else(|| text("maturity"));
    if rule.integrations.is_empty() {
        rule.integrations = table.get("integration").map(all_texts).unwrap_or_default();
    }
    if let Some(Value::Number(version)) = table.get("version").map(|node| &node.value) {
        rule.version = rule.version.or(version.parse().ok());
    }
}

/// Lines of a long text are wrapped in the file, not in the meaning.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text, or a list of texts.
fn all_texts(node: &Node) -> Vec<String> {
    let one = node.text().into_iter();
    one.chain(node.elements().iter().filter_map(Node::text)).map(str::to_owned).collect()
}

struct Fields<'d> {
    document: &'d Document<'d>,
    table: &'d Node,
    findings: Vec<Diagnostic>,
}

impl Fields<'_> {
    fn say(&mut self, kind: DiagKind, span: Span) {
        self.findings.push(Diagnostic::new(kind, self.document.place(span)));
    }

    fn bad(&mut self, member: &'static str, wanted: &'static str) {
        let span = self.table.get(member).map_or(Span::empty(0), |node| node.span);
        self.say(DiagKind::BadValue { member, wanted }, span);
    }

    fn text(&mut self, member: &'static str) -> Option<String> {
        match &self.table.get(member)?.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.bad(member, "a text");
                None
            }
        }
    }

    fn texts(&mut self, member: &'static str) -> Vec<String> {
        let Some(node) = self.table.get(member) else { return Vec::new() };
        let all = all_texts(node);
        let is_sound = node.text().is_some()
            || matches!(node.value, Value::List(_)) && all.len() == node.elements().len();
        if !is_sound {
            self.bad(member, "a list of texts");
        }
        all
    }

    fn number(
        &mut self,
        member: &'static str,
        wanted: &'static str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let number = match &self.table.get(member)?.value {
            Value::Number(number) => {
                let number = number.strip_suffix(".0").unwrap_or(number);
                number.parse().ok().filter(|number| range.contains(number))
            }
            _ => None,
        };
        if number.is_none() {
            self.bad(member, wanted);
        }
        number
    }

    fn result_position(&mut self) -> Option<ResultPosition> {
        match self.text("result_position")?.as_str() {
            "head" => Some(ResultPosition::Head),
            "tail" => Some(ResultPosition::Tail),
            _ => {
                self.bad("result_position", "`head` or `tail`");
                None
            }
        }
    }

    fn not_honoured(&mut self) {
        for member in NOT_HONOURED {
            if let Some(node) = self.table.get(member).filter(|node| !node.is_empty()) {
                self.say(DiagKind::NotHonoured(member), node.span);
            }
        }
    }

    /// Tactics with their techniques, and these with theirs (Kibana specification §K10.1).
    fn threat(&mut self) -> Vec<Threat> {
        let Some(node) = self.table.get("threat") else { return Vec::new() };
        let mut threats = Vec::new();
        for entry in node.elements() {
            let techniques = below(entry, "technique", |technique| {
                named(technique, below(technique, "subtechnique", |it| named(it, Vec::new())))
            });
            match entry.get("tactic") {
                Some(tactic) => threats.extend(named(tactic, techniques)),
                None => threats.extend(techniques),
            }
        }
        threats
    }

    fn query(&mut self, rule: &mut Rule, form: &'static str) {
        let place = |member| self.table.get(member).map_or(self.table.span, |node| node.span);
        let is_eql = |word: &Option<String>| word.as_deref().is_none_or(|word| word == "eql");
        if !is_eql(&rule.language) {
            let kind = DiagKind::OtherLanguage(rule.language.clone().unwrap_or_default());
            self.say(kind, place("language"));
        } else if !is_eql(&rule.rule_type) {
            let kind = DiagKind::OtherRuleType(rule.rule_type.clone().unwrap_or_default());
            self.say(kind, place("type"));
        }
        let Some(node) = self.table.get("query") else {
            // Another kind of rule may well have none.
            if self.findings.iter().all(|found| !found.kind.is_other_rule()) {
                self.say(DiagKind::NoQuery { form }, Span::empty(self.table.span.start));
            }
            return;
        };
        match self.document.string(node) {
            Some(query) => rule.take_query(&query),
            None => self.say(DiagKind::OtherLanguage("Query DSL".into()), node.span),
        }
    }
}

impl Rule {
    /// Takes the text as the query, without the white space around it.
    pub(super) fn take_query(&mut self, text: &Assembly) {
        let start = text.text.len() - text.text.trim_start().len();
        let query = text.text.trim();
        let part = Span::new(start as u32, (start + query.len()) as u32);
        self.query = query.to_owned();
        self.places = text.map.slice(part);
    }
}

fn below(node: &Node, member: &str, read: impl Fn(&Node) -> Option<Threat>) -> Vec<Threat> {
    let elements = node.get(member).map(Node::elements).unwrap_or_default();
    elements.iter().filter_map(read).collect()
}

fn named(node: &Node, below: Vec<Threat>) -> Option<Threat> {
    let text = |name| node.text_of(name).map(str::to_owned);
    Some(Threat {
        id: text("id")?,
        name: text("name").unwrap_or_default(),
        reference: text("reference"),
        below,
    })
}
