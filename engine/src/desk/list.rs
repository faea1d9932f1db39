//! Looking through the result list of the last run.

use crate::desk::{Desk, Run};
use crate::eval::Recording;
use crate::explain::clauses::leaf_of;
use crate::explain::{Explainer, Nulls, Summaries, is_decisive, joined};
use crate::hir::Form;
use crate::join::Trails;
use crate::pattern::Wildcard;
use crate::plan::{Leaf, NodeId, NodeKind};
use crate::rule::IndexPatterns;
use crate::run::{Options, compile, search};
use crate::store::{Bits, Code, Column};
use crate::value::Case;
use crate::wire;
use crate::wire::list::{Failing, FailingRow, Sifted};

/// Events that are looked at closely for a table of a few.
const EXAMINED: usize = 1_000;

/// Words by which a condition is told from other words.
const OPERATORS: [&str; 6] = ["in", "in~", "like", "like~", "regex", "regex~"];

/// What was typed over the result list, and the events that fit it.
#[derive(Debug)]
pub(super) struct Sieve {
    text: String,
    is_condition: bool,
    trouble: Option<String>,
    fits: Bits,
}

impl Desk {
    /// A stretch of the result list, of the events that fit a text alone. A condition of EQL
    /// (`host.name : "web-*"`) is asked of every loaded event; anything else is taken as words, all
    /// of which must stand in the line that sums the event up, in its id or its host, in any case. In
    /// a word `*` and `?` are wildcards. A blank text fits every event.
    pub fn sifted(&mut self, text: &str, filter: wire::Filter, first: u32, count: u32) -> Sifted {
        if text.trim().is_empty() {
            let rows = self.rows(filter, first, count);
            return Sifted { text: text.to_owned(), rows, ..Sifted::default() };
        }
        // Scrolling asks for one stretch after the other of the same.
        let sieve = match self.sieve.take() {
            Some(sieve) if sieve.text == text => sieve,
            before => self.sieve(text, before),
        };
        let rows = match &self.last {
            Some(run) => {
                let events = run.filtered(filter).iter().copied();
                let events: Vec<u32> = events.filter(|event| sieve.fits.get(*event)).collect();
                self.rows_of(run, &events, filter, first, count)
            }
            None => wire::Rows { filter, ..wire::Rows::default() },
        };
        let sifted = Sifted {
            text: text.to_owned(),
            is_condition: sieve.is_condition,
            trouble: sieve.trouble.clone(),
            rows,
        };
        self.sieve = Some(sieve);
        sifted
    }

    fn sieve(&self, text: &str, before: Option<Sieve>) -> Sieve {
        // One word alone would be read as a field that has to be true.
        let is_meant = text.contains([':', '=', '<', '>', '('])
            || text.split_whitespace().any(|word| OPERATORS.contains(&word));
        let read = if is_meant { self.condition(text) } else { Err(None) };
        let (fits, trouble, is_condition) = match read {
            Ok(fits) => (fits, None, true),
            Err(trouble) => {
                // What more is typed leaves fewer.
                let before = before.filter(|it| !it.is_condition && text.starts_with(&it.text));
                (self.with_words(text, before.map(|it| it.fits)), trouble, false)
            }
        };
        Sieve { text: text.to_owned(), is_condition, trouble, fits }
    }

    /// The events in which every word stands, of these or of all.
    fn with_words(&self, text: &str, among: Option<Bits>) -> Bits {
        let store = &self.store;
        let words: Vec<Wildcard> = text
            .split_whitespace()
            .map(|word| Wildcard::new(&format!("*{word}*"), Case::Insensitive))
            .collect();
        let mut fits = Bits::none(store.n_events());
        let (host, mut at) = (store.column("host.name"), 0);
        let mut summaries = Summaries::new(store);
        let shapes = self.shapes.get_or_init(|| {
            let mut summaries = Summaries::new(store);
            (0..store.n_events()).map(|event| summaries.shape(event)).collect()
        });
        for (event, shape) in (0..).zip(shapes) {
            if among.as_ref().is_some_and(|among| !among.get(event)) {
                continue;
            }
            let mut id = None;
            let hosts = host.map(|host| (host, host.codes_from(event, &mut at)));
            let summary = summaries.of_shape(event, *shape);
            let stands = |word: &Wildcard| {
                let in_host = |(host, codes): (&Column, &[Code])| {
                    let mut values = codes.iter().filter_map(|code| host.value(*code));
                    values.any(|value| word.is_match(&value.to_string()))
                };
                word.is_match(summary)
                    || word.is_match(id.get_or_insert_with(|| store.id(event)))
                    || hosts.is_some_and(in_host)
            };
            if words.iter().all(stands) {
                fits.set(event);
            }
        }
        fits
    }

    /// The events for which a condition holds; in words, why it is none.
    fn condition(&self, text: &str) -> Result<Bits, Option<String>> {
        let options = Options::default();
        // In parentheses nothing but a condition can be read, no pipe for instance; a comment ends
        // with the line.
        let compiled = |condition: &str| {
            let query = format!("any where ({condition}\n)");
            compile(&query, &self.mapping, &self.store, &options)
        };
        let read = compiled(text);
        let trouble = read.findings.first().map(|finding| finding.kind.message());
        // People leave the quotes away.
        let read = match read.plan {
            None => self.quoted(text).and_then(|text| compiled(&text).plan),
            plan => plan,
        };
        let plan = read.ok_or(trouble)?;
        let everywhere = IndexPatterns::new(&[]);
        // The same code as that of a run; another copy of it would cost the page what it weighs.
        let (mut recording, mut trails) = (Recording::default(), Trails::new(0));
        let found = search(&plan, &self.store, &everywhere, &options, &mut recording, &mut trails);
        Ok(found.matches)
    }

    /// `field : value` with the quotes that EQL wants, for a field the events have; `None` for anything
    /// else.
    fn quoted(&self, text: &str) -> Option<String> {
        let (field, rest) = text.split_once([':', '='])?;
        let value = rest.trim_start_matches('=').trim();
        let (field, op) = match field.trim().strip_suffix('!') {
            Some(field) => (field.trim(), "!="),
            None => (field.trim(), if rest.starts_with('=') { "==" } else { ":" }),
        };
        let is_whole = self.store.column(field).is_some() && !value.contains(['"', '\\']);
        is_whole.then(|| format!("{field} {op} \"{value}\""))
    }

    /// The searched events that one node of the condition stops, at most `count` of them, by the last
    /// run. `None` where there is no such node or no run.
    #[must_use]
    pub fn failing(&self, node: u16, count: u32) -> Option<Failing> {
        let run = self.last.as_ref()?;
        let id = NodeId(u32::from(node));
        let end = run.plan.node(id)?.end;
        let explainer = self.explainer(run);
        let is_root = id == NodeId(0);
        let holds = |event: u32| {
            if is_root { run.found.matches.get(event) } else { run.recording.holds(id, event) }
        };
        let fails = run.order.iter().copied();
        let fails: Vec<u32> =
            fails.filter(|event| run.found.searched.get(*event) && !holds(*event)).collect();
        let goal = run.stage_around(id);
        let mut rows = Vec::new();
        for event in run.nearest(&fails) {
            let flips = explainer.flips_for(goal, event);
            let clauses = (1_u16..).zip(run.clauses.nodes());
            let decisive = clauses.filter(|(_, clause)| is_decisive(&explainer, &flips, **clause));
            let (inside, outside): (Vec<_>, Vec<_>) =
                decisive.partition(|(_, clause)| id <= **clause && **clause < end);
            let numbers =
                |list: &[(u16, &NodeId)]| list.iter().map(|(n, _)| *n).collect::<Vec<u16>>();
            let rank = match (inside.len(), outside.len()) {
                (0, _) if run.found.matches.get(event) => (3, 0),
                (0, others) => (2, others),
                (1, 0) => (0, 0),
                (own, others) => (1, own + others),
            };
            rows.push((rank, event, numbers(&inside), numbers(&outside)));
        }
        crate::sort::by(&mut rows, |one, two| one.0.cmp(&two.0));
        rows.truncate(count as usize);
        let rows = rows.into_iter().map(|(_, event, inside, outside)| {
            self.failing_row(run, &explainer, id, event, (&inside, &outside))
        });
        let searched = run.found.searched.count();
        let n_fails = fails.len() as u32;
        Some(Failing {
            node,
            field: run.field_of(id),
            holds: searched.saturating_sub(n_fails),
            fails: n_fails,
            rows: rows.collect(),
        })
    }

    fn failing_row(
        &self,
        run: &Run,
        explainer: &Explainer<'_>,
        node: NodeId,
        event: u32,
        (inside, outside): (&[u16], &[u16]),
    ) -> FailingRow {
        let reason = explainer.reason(node, event, &Nulls::of(self.source(event)));
        let host = self.store.column("host.name");
        FailingRow {
            event,
            id: self.store.id(event),
            time: self.store.time(run.plan.time(), event).map(|time| time.to_string()),
            host: host.and_then(|host| host.values_of(event).next()).map(|host| host.to_string()),
            verdict: explainer.event_verdict(event).into(),
            value: reason.as_ref().and_then(|reason| reason.shown()).unwrap_or_default().to_owned(),
            note: reason.map(|reason| reason.note()).unwrap_or_default(),
            rest: rest(run, explainer, event, inside, outside),
            is_alone: inside.len() == 1 && outside.is_empty(),
        }
    }
}

impl Run {
    /// The stage a node stands in; the whole query for one that stands in none.
    fn stage_around(&self, id: NodeId) -> NodeId {
        let mut stages = self.plan.iter().filter(|(stage, node)| {
            matches!(node.kind, NodeKind::Stage { .. }) && *stage <= id && id < node.end
        });
        stages.next().map_or(NodeId(0), |(stage, _)| stage)
    }

    /// Some of these events, those nearest to a match first, else in their order.
    fn nearest<'e>(&'e self, events: &'e [u32]) -> impl Iterator<Item = u32> + 'e {
        let near = |most: u8, least: u8| {
            let is_in = move |event: &u32| (least..=most).contains(&self.distance(*event));
            events.iter().copied().filter(is_in)
        };
        near(1, 0).chain(near(2, 2)).chain(near(u8::MAX, 3)).take(EXAMINED)
    }

    fn field_of(&self, node: NodeId) -> String {
        match leaf_of(&self.plan, node) {
            Some((Leaf::Test(test), ..)) => {
                test.subject.fields().first().map(|f| f.name.to_string())
            }
            _ => None,
        }
        .unwrap_or_default()
    }
}

/// What else stops an event, given the clauses that decide inside and outside the node.
fn rest(
    run: &Run,
    explainer: &Explainer<'_>,
    event: u32,
    inside: &[u16],
    outside: &[u16],
) -> String {
    let named = |numbers: &[u16]| {
        let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        format!("clause{} {}", if words.len() == 1 { "" } else { "s" }, joined(&words))
    };
    match (inside, outside) {
        ([], []) if explainer.matches.get(event) => "it matches all the same".into(),
        ([], []) => "no event gets through".into(),
        ([], _) => format!("{} decide{} instead", named(outside), s(outside)),
        ([_], []) if run.plan.form() == Form::Event => "one clause from a match".into(),
        ([_], []) => "one clause from its stage".into(),
        (_, []) => format!("{} fail{}, nothing else does", named(inside), s(inside)),
        _ => format!("{} fail{} too", named(outside), s(outside)),
    }
}

/// The ending of a verb.
fn s(numbers: &[u16]) -> &'static str {
    if numbers.len() == 1 { "s" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Filter;

    const EVENTS: &str = r#"{"_id":"a1","@timestamp":1,"event":{"category":"process"},"host":{"name":"web-01"},"process":{"name":"sh","pid":4,"args":["sh","-c"]}}
{"_id":"a2","@timestamp":2,"event":{"category":"process"},"host":{"name":"WEB-02"},"process":{"name":"curl","pid":5,"args":["curl","-c"]}}
{"_id":"b3","@timestamp":3,"event":{"category":"network"},"host":{"name":"db-01"},"process":{"name":"curl","pid":6}}
{"_id":"b4","@timestamp":4,"event":{"category":"process"},"process":{"name":"curl","args":["curl","a:b"]}}"#;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.load(EVENTS);
        let query = "process where process.name == \"curl\" and not process.args == \"-c\"";
        assert!(desk.run(query, &|| 0.0).result.is_some());
        desk
    }

    #[test]
    fn rows_are_sifted_by_words_or_by_a_condition() {
        let mut desk = desk();
        // What is typed, the ids it leaves, is it a condition, is something said about it?
        for (text, ids, is_condition, is_told) in [
            ("", "a1 a2 b3 b4", false, false),
            ("  ", "a1 a2 b3 b4", false, false),
            ("curl", "a2 b3 b4", false, false),
            ("CURL -C", "a2", false, false),
            ("web", "a1 a2", false, false),
            ("web-0?", "a1 a2", false, false),
            ("b3", "b3", false, false),
            ("nowhere", "", false, false),
            (r#"host.name : "web-*""#, "a1 a2", true, false),
            ("host.name : web-*", "a1 a2", true, false),
            ("host.name != web-01", "a2 b3 b4", true, false),
            ("host.name==db-01", "b3", true, false),
            ("process.pid > 4", "a2 b3", true, false),
            (r#"process.pid > 4 and host.name : "db*" // x"#, "b3", true, false),
            ("process.pid >", "", false, true),
            ("a:b", "b4", false, true),
            ("process.args : a:b", "b4", true, false),
            ("\"a:b", "", false, true),
            ("true | head 1", "", false, false),
        ] {
            let sifted = desk.sifted(text, Filter::All, 0, 9);
            let found: Vec<_> = sifted.rows.rows.iter().map(|row| row.id.as_str()).collect();
            assert_eq!(found.join(" "), ids, "{text}");
            assert_eq!(sifted.rows.total as usize, found.len(), "{text}");
            assert_eq!(sifted.is_condition, is_condition, "{text}");
            assert_eq!(sifted.trouble.is_some(), is_told, "{text}: {:?}", sifted.trouble);
        }
        // Within a filter, and in stretches.
        assert_eq!(desk.sifted("curl", Filter::Matches, 0, 9).rows.total, 1);
        let part = desk.sifted("curl", Filter::All, 1, 1).rows;
        assert_eq!((part.total, part.first, part.rows.len()), (3, 1, 1));
        // What was read before is not taken for the new events.
        desk.load("{\"process\":{\"name\":\"curl\"}}");
        assert_eq!(desk.sifted("curl", Filter::All, 0, 9).rows.total, 0, "nothing was run");
        desk.run("any where true", &|| 0.0);
        assert_eq!(desk.sifted("curl", Filter::All, 0, 9).rows.total, 1);
    }

    #[test]
    fn what_is_typed_key_by_key_finds_what_the_whole_does() {
        let mut typed = desk();
        for text in ["curl -c", "web-0? c*l", "process.pid > 4", "b3 nowhere"] {
            let ends = (1..=text.len()).chain((1..text.len()).rev());
            for end in ends {
                let text = &text[..end];
                let found = typed.sifted(text, Filter::All, 0, 9);
                assert_eq!(found, desk().sifted(text, Filter::All, 0, 9), "{text}");
            }
        }
    }

    #[test]
    fn the_events_a_clause_stops_come_nearest_first() {
        let desk = desk();
        let table = |node: u16| {
            let failing = desk.failing(node, 9).unwrap();
            let rows = failing.rows.iter();
            let rows = rows.map(|row| format!("{} {:?} {}", row.id, row.value, row.rest));
            (failing.field, failing.holds, failing.fails, rows.collect::<Vec<_>>())
        };
        // The nodes: query, category, and, name, not, args.
        let not = ["a2 \"-c\" one clause from a match", "a1 \"-c\" clause 2 fails too"];
        assert_eq!(table(4), ("process.args".into(), 2, 2, not.map(str::to_owned).into()));
        let name = ["a1 \"sh\" clause 3 fails too".to_owned()];
        assert_eq!(table(3), ("process.name".into(), 3, 1, name.into()));
        let category = ["b3 \"network\" one clause from a match".to_owned()];
        assert_eq!(table(1), ("event.category".into(), 3, 1, category.into()));
        let and = table(2).3;
        assert_eq!(
            and,
            ["a2 \"\" one clause from a match", "a1 \"\" clauses 2 and 3 fail, nothing else does"]
        );
        assert_eq!(desk.failing(99, 9), None);
        assert_eq!(desk.failing(4, 1).map(|failing| failing.rows.len()), Some(1));
    }
}
