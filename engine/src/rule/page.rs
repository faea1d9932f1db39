//! A page of Elastic's prebuilt-rule reference: its Markdown, or its text as copied from a browser.
//!
//! Both have the same labels, lists and headings. The copied text has lost the marks, and the
//! `edit` link of every heading stands in front of the line after it.

use crate::diag::{DiagKind, Diagnostic};
use crate::rule::fields::{A_RISK_SCORE, A_SEVERITY, SEVERITIES, one_line};
use crate::rule::source_map::Assembly;
use crate::rule::{Rule, Threat, comments};
use crate::span::Span;

const MARKDOWN: &str = "rule page (Markdown)";
const TEXT: &str = "rule page (text)";

/// The labels of the page.
const LABELS: [&str; 13] = [
    "Rule type",
    "Rule indices",
    "Severity",
    "Risk score",
    "Runs every",
    "Searches indices from",
    "Maximum alerts per execution",
    "References",
    "Tags",
    "Version",
    "Rule authors",
    "Rule license",
    "Framework",
];

/// The labels and headings of such a page.
pub(super) fn looks_like(text: &str) -> bool {
    let has =
        |wanted: &str| text.lines().any(|line| label(line).is_some_and(|(name, _)| name == wanted));
    let has_query = || text.lines().any(|line| heading(line, true) == Some(Section::Query));
    has("Rule type")
        || has("Rule indices") && (has_query() || text.starts_with("# "))
        || has_query() && has("Framework")
}

/// `**Label**: value` or `Label: value`, of the labels of the page.
fn label(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim();
    let (name, value) = match line.strip_prefix("**") {
        Some(rest) => {
            let (name, value) = rest.split_once("**")?;
            (name.trim_end_matches(':'), value.strip_prefix(':').unwrap_or(value))
        }
        None => line.split_once(':')?,
    };
    let name = LABELS.into_iter().find(|label| *label == name.trim())?;
    Some((name, value.trim()))
}

/// The section a heading opens: `## Setup [anchor]`, or `Setup` alone where `is_text`.
fn heading(line: &str, is_text: bool) -> Option<Section> {
    let line = line.trim_end();
    let title = match line.strip_prefix("## ") {
        Some(title) => title.split(" [").next().unwrap_or_default(),
        None if is_text => line.strip_suffix("edit").unwrap_or(line),
        None => return None,
    };
    match title.trim().to_ascii_lowercase().as_str() {
        "rule query" => Some(Section::Query),
        "setup" => Some(Section::Setup),
        "investigation guide" => Some(Section::Guide),
        _ if line.starts_with("## ") => Some(Section::Other),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Name and description.
    Head,
    /// Labels and their lists.
    Labels,
    Guide,
    Setup,
    Query,
    Other,
}

/// How deep in the threat mapping the next name stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Tactic,
    Technique,
    SubTechnique,
}

struct Page<'t> {
    text: &'t str,
    is_markdown: bool,
    /// The copied text holds the `edit` links.
    has_edit_links: bool,
    rule: Rule,
    findings: Vec<Diagnostic>,
    section: Section,
    /// Label whose list is being read.
    list: &'static str,
    head: Vec<&'t str>,
    guide: String,
    setup: String,
    /// Where the query may stand, and whether that was told by a fence.
    query: Option<(usize, usize)>,
    is_fenced: bool,
    /// Where the text after an open fence begins.
    fence: Option<usize>,
    level: Level,
    /// Name whose id is still to come.
    threat_name: String,
}

pub(super) fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let is_markdown = text.lines().any(|line| line.starts_with("# "))
        || text.lines().any(|line| line.starts_with("**") && label(line).is_some());
    let mut page = Page {
        text,
        is_markdown,
        has_edit_links: text.lines().any(|line| after_link(line).is_some()),
        rule: Rule {
            form: if is_markdown { MARKDOWN } else { TEXT }.to_owned(),
            document: Span::new(0, text.len() as u32),
            ..Rule::default()
        },
        findings: Vec::new(),
        section: Section::Head,
        list: "",
        head: Vec::new(),
        guide: String::new(),
        setup: String::new(),
        query: None,
        is_fenced: false,
        fence: None,
        level: Level::Tactic,
        threat_name: String::new(),
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        page.line(line, at);
        at += line.len();
    }
    page.finish()
}

/// The line behind the `edit` link of the heading above it.
fn after_link(line: &str) -> Option<&str> {
    line.strip_prefix("edit").filter(|rest| rest.starts_with(|c: char| c.is_uppercase()))
}

impl<'t> Page<'t> {
    fn line(&mut self, full_line: &'t str, start: usize) {
        let end = start + full_line.len();
        let line = full_line.trim_end();
        if line.trim_start().starts_with("```") {
            match self.fence.take() {
                None => self.fence = Some(end),
                Some(from) if self.section == Section::Query && !self.is_fenced => {
                    self.query = Some((from, start));
                    self.is_fenced = true;
                }
                Some(_) => {}
            }
        }
        if self.fence.is_some() || line.trim_start().starts_with("```") {
            return self.prose(full_line);
        }
        if let Some(section) = heading(line, !self.is_markdown) {
            self.section = section;
            self.list = "";
            return;
        }
        let in_prose = matches!(self.section, Section::Guide | Section::Setup | Section::Other);
        match label(line) {
            Some((name, value)) if !in_prose || name == "Framework" => {
                self.section = Section::Labels;
                self.label(name, value, start);
            }
            _ => match self.section {
                Section::Head => self.head_line(line),
                Section::Labels => self.item(line),
                Section::Query if !self.is_fenced => {
                    let from = self.query.map_or(start, |query| query.0);
                    self.query = Some((from, end));
                }
                _ => self.prose(full_line),
            },
        }
    }

    fn head_line(&mut self, line: &'t str) {
        let line = line.trim();
        if let Some(title) = line.strip_prefix("# ").filter(|_| self.rule.name.is_none()) {
            // The anchor behind the title is no part of it.
            let title = match title.rsplit_once(" [") {
                Some((title, anchor)) if anchor.ends_with(']') => title,
                _ => title,
            };
            self.rule.name = Some(title.trim().to_owned());
            self.head.clear();
        } else if !line.is_empty() {
            self.head.push(line);
        }
    }

    fn prose(&mut self, full_line: &str) {
        let text = match self.section {
            Section::Guide => &mut self.guide,
            Section::Setup => &mut self.setup,
            _ => return,
        };
        let linked = after_link(full_line).filter(|_| text.is_empty() && !self.is_markdown);
        text.push_str(linked.unwrap_or(full_line));
    }

    fn label(&mut self, name: &'static str, value: &str, start: usize) {
        self.list = name;
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        // The page adds an explanation in brackets.
        let word = || value.split_whitespace().next().map(str::to_owned);
        match name {
            "Rule type" => self.rule.rule_type = text(),
            "Severity" if SEVERITIES.contains(&value) => self.rule.severity = text(),
            "Severity" => self.bad("severity", A_SEVERITY, start),
            "Runs every" => self.rule.interval = word(),
            "Searches indices from" => self.rule.from = word(),
            "Rule license" => self.rule.license = text(),
            "Risk score" => self.rule.risk_score = self.number("risk_score", value, start),
            "Version" => self.rule.version = self.number("version", value, start),
            "Maximum alerts per execution" => {
                self.rule.max_signals = self.number("max_signals", value, start);
            }
            // A list may begin on the line of its label.
            "Rule indices" | "References" | "Tags" | "Rule authors" if !value.is_empty() => {
                self.item(value);
            }
            _ => {}
        }
    }

    fn number(&mut self, member: &'static str, value: &str, start: usize) -> Option<u32> {
        let is_score = member == "risk_score";
        let number = value.parse().ok().filter(|number| *number <= 100 || !is_score);
        if number.is_none() {
            let wanted = if is_score { A_RISK_SCORE } else { "a number" };
            self.bad(member, wanted, start);
        }
        number
    }

    /// Says that the value on the line that begins there cannot be.
    fn bad(&mut self, member: &'static str, wanted: &'static str, start: usize) {
        let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let span = Span::new(start as u32, (start + line.len()) as u32);
        self.findings.push(Diagnostic::new(DiagKind::BadValue { member, wanted }, span));
    }

    /// A line under a label: an item of its list, with or without a mark.
    fn item(&mut self, line: &str) {
        let line = line.trim();
        let item = line.strip_prefix(['*', '-', '\u{2022}']).unwrap_or(line).trim();
        if item.is_empty() || item == "None" {
            return;
        }
        match self.list {
            "Rule indices" => self.rule.indices.push(item.to_owned()),
            "Tags" => self.rule.tags.push(item.to_owned()),
            "Rule authors" => self.rule.authors.push(item.to_owned()),
            "References" => self.rule.references.push(address(item).to_owned()),
            "Framework" => self.threat(item),
            _ => {}
        }
    }

    fn threat(&mut self, item: &str) {
        let Some((name, value)) = item.split_once(':') else { return };
        let value = value.trim();
        match name.trim() {
            "Tactic" => self.level = Level::Tactic,
            "Technique" => self.level = Level::Technique,
            "Sub-technique" => self.level = Level::SubTechnique,
            "Name" => value.clone_into(&mut self.threat_name),
            "ID" => {
                let threat = Threat {
                    id: value.to_owned(),
                    name: std::mem::take(&mut self.threat_name),
                    ..Threat::default()
                };
                add(&mut self.rule.threat, self.level as usize, threat);
            }
            "Reference URL" => {
                // The one added last is the last one on every level.
                let mut last = self.rule.threat.last_mut();
                while let Some(threat) = last {
                    if threat.below.is_empty() {
                        threat.reference = Some(address(value).to_owned());
                        break;
                    }
                    last = threat.below.last_mut();
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> (Rule, Vec<Diagnostic>) {
        self.name_and_description();
        let text = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        self.rule.setup = text(std::mem::take(&mut self.setup));
        self.rule.note = text(std::mem::take(&mut self.guide));
        if let Some(other) =
            self.rule.rule_type.clone().filter(|it| !it.eq_ignore_ascii_case("eql"))
        {
            let at = self.text.find("Rule type").unwrap_or(0) as u32;
            let span = Span::new(at, at + "Rule type".len() as u32);
            self.findings.push(Diagnostic::new(DiagKind::OtherRuleType(other), span));
        }
        // A page that was cut inside the query still has what there is of it.
        let rest = self.fence.filter(|_| self.section == Section::Query && !self.is_fenced);
        let query = rest.map(|from| (from, self.text.len())).or(self.query);
        let Some((from, upto)) = query.and_then(|query| self.bounds(query)) else {
            if self.findings.iter().all(|found| !found.kind.is_other_rule()) {
                let form = if self.is_markdown { MARKDOWN } else { TEXT };
                self.findings.push(Diagnostic::new(DiagKind::NoQuery { form }, Span::empty(0)));
            }
            return (self.rule, self.findings);
        };
        let mut query = Assembly::default();
        query.copy(self.text, from..upto);
        self.rule.take_query(&query);
        if !self.is_fenced {
            self.findings.extend(comments::swallowing(&self.rule));
        }
        (self.rule, self.findings)
    }

    /// The query without the `edit` link before it and the chrome behind it; `None` where nothing
    /// is left.
    fn bounds(&self, (from, upto): (usize, usize)) -> Option<(usize, usize)> {
        let body = self.text.get(from..upto)?;
        let mut start = from + (body.len() - body.trim_start().len());
        let mut end = upto;
        if !self.is_fenced && !self.is_markdown {
            let body = self.text.get(start..upto)?;
            let linked = body.strip_prefix("edit").filter(|rest| {
                // A category of that name stands apart from what follows it.
                self.has_edit_links && rest.starts_with(|c: char| !c.is_whitespace())
            });
            start += if linked.is_some() { "edit".len() } else { 0 };
            // The links to the pages before and after.
            end = self.text.get(start..upto)?.find("\n\u{ab} ").map_or(upto, |at| start + at);
        }
        let is_blank = self.text.get(start..end)?.trim().is_empty();
        (!is_blank).then_some((start, end))
    }

    /// Of a copied text, the first line is the name, or the one that stands there twice.
    fn name_and_description(&mut self) {
        let plain = |line: &&'t str| after_link(line).unwrap_or(line);
        let mut lines: Vec<&str> = match self.is_markdown {
            true => self.head.clone(),
            false => self.head.iter().map(plain).collect(),
        };
        if !self.is_markdown {
            let twice = lines.windows(2).position(|pair| matches!(pair, [a, b] if a == b));
            lines.drain(..twice.unwrap_or(0).min(lines.len()));
            let name = lines.first().copied().unwrap_or_default();
            let suffixed = self.text.lines().any(|line| line.trim_end() == "Rule queryedit");
            let bare = name.strip_suffix("edit").filter(|_| suffixed).unwrap_or(name);
            lines.retain(|line| *line != name && *line != bare);
            self.rule.name = Some(bare.trim().to_owned()).filter(|name| !name.is_empty());
        }
        self.rule.description = Some(one_line(&lines.join(" "))).filter(|text| !text.is_empty());
    }
}

/// The address of `[text](address)`, or the text itself.
fn address(item: &str) -> &str {
    item.split_once("](").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(item)
}

/// Adds a threat so many levels below the last one; higher where nothing stands above it.
fn add(threats: &mut Vec<Threat>, depth: usize, threat: Threat) {
    match threats.last_mut() {
        Some(last) if depth > 0 => add(&mut last.below, depth - 1, threat),
        _ => threats.push(threat),
    }
}
