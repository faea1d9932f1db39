//! The loaded events as a table: with the fields the rule reads, in the order of the query.

use crate::desk::Desk;
use crate::explain::{Nulls, summary};
use crate::plan::{Leaf, NodeKind, Plan};
use crate::store::TimeFields;
use crate::wire::table::{Table, TableCell, TableRow};

/// Longest text of a cell, in characters.
const CHARS: usize = 160;

/// Most columns that a rule gives.
const MAX_COLUMNS: usize = 48;

/// The column every row has, whatever the rule reads.
const HOST: &str = "host.name";

impl Desk {
    /// A stretch of the loaded events, in the order of the input or of time. The columns are those
    /// given, else the fields that the query of the last run reads. With `around`, the stretch lies
    /// around that event wherever it stands, and its position is told; otherwise it begins at
    /// `first`.
    #[must_use]
    pub fn table(
        &self,
        by_time: bool,
        (first, count): (u32, u32),
        around: Option<u32>,
        columns: &[String],
    ) -> Table {
        let usual = TimeFields::new("@timestamp");
        let time = self.last.as_ref().map_or(&usual, |run| run.plan.time());
        let total = self.store.n_events();
        let order = by_time.then(|| match &self.last {
            Some(run) => run.order.clone(),
            None => self.store.time_order(time),
        });
        let found = around.filter(|event| *event < total).and_then(|event| match &order {
            Some(order) => order.iter().position(|other| *other == event).map(|at| at as u32),
            None => Some(event),
        });
        let first = found.map_or(first, |found| found.saturating_sub(count / 2)).min(total);
        let read = self.last.as_ref().map(|run| fields(&run.plan)).unwrap_or_default();
        let columns: Vec<(&str, &str)> = match columns {
            [] => read,
            given => given.iter().map(|name| (name.as_str(), name.as_str())).collect(),
        };
        let event_at = |at: u32| match &order {
            Some(order) => order.get(at as usize).copied(),
            None => Some(at),
        };
        let end = first.saturating_add(count).min(total);
        let explainer = self.last.as_ref().map(|run| self.explainer(run));
        let row = |event: u32| {
            let source = self.source(event).unwrap_or_default();
            let may_be_null = may_have_null(source);
            let nulls = Nulls::of(Some(source));
            let cell = |column: &str| self.cell(column, event, &nulls, may_be_null);
            TableRow {
                event,
                id: self.store.id(event),
                verdict: explainer.as_ref().map(|it| it.event_verdict(event).into()),
                time: self.store.time(time, event).map(|time| time.to_string()),
                host: cell(HOST),
                cells: columns.iter().map(|(_, column)| cell(column)).collect(),
                summary: summary(&self.store, event),
            }
        };
        Table {
            total,
            first,
            found,
            rows: (first..end).filter_map(event_at).map(row).collect(),
            columns: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        }
    }

    fn cell(&self, column: &str, event: u32, nulls: &Nulls<'_>, may_be_null: bool) -> TableCell {
        let mut cell = TableCell::default();
        let mut room = CHARS;
        for value in self.store.column(column).iter().flat_map(|column| column.values_of(event)) {
            cell.values += 1;
            if room == 0 {
                continue;
            }
            let text = value.to_string();
            if cell.values > 1 {
                cell.text.push_str(", ");
            }
            for c in text.chars() {
                if room == 0 {
                    cell.text.push('\u{2026}');
                    break;
                }
                room -= 1;
                cell.text.push(if c.is_control() { ' ' } else { c });
            }
        }
        cell.is_null = cell.values == 0 && may_be_null && nulls.has(column);
        cell
    }
}

/// Name and column of each field the query reads, where it first does; keys after conditions.
fn fields(plan: &Plan) -> Vec<(&str, &str)> {
    let tests = plan.nodes().iter().filter_map(|node| match &node.kind {
        NodeKind::Leaf { leaf: Leaf::Test(test), .. } => Some(test.subject.fields()),
        _ => None,
    });
    let keys = plan.stages().iter().chain(plan.until()).flat_map(|stage| &stage.keys);
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for field in tests.flatten().chain(keys.map(|key| &key.field)) {
        let column = field.column.as_ref();
        let is_there = fields.iter().any(|(_, other)| *other == column);
        if !is_there && column != HOST && column != &*plan.time().timestamp {
            fields.push((&field.name, column));
        }
    }
    fields.truncate(MAX_COLUMNS);
    fields
}

/// A look at the text that spares most events the reading: is there a null or an empty array at all?
fn may_have_null(source: &str) -> bool {
    source.contains("null")
        || source.split('[').skip(1).any(|rest| rest.trim_start().starts_with(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.load(
            "{\"@timestamp\":\"2026-03-12T09:00:02Z\",\"host\":{\"name\":\"b\"},\"p\":[\"x\",\"y\"]}\n\
             {\"@timestamp\":\"2026-03-12T09:00:01Z\",\"p\":null,\"q\":1}\n\
             {\"@timestamp\":\"2026-03-12T09:00:03Z\",\"q\":[],\"p\":\"\\u001bz\"}",
        );
        desk
    }

    fn texts(table: &Table) -> Vec<String> {
        let shown = |cell: &TableCell| match (cell.values, cell.is_null) {
            (0, true) => "null".to_owned(),
            (0, false) => "-".to_owned(),
            _ => cell.text.clone(),
        };
        let row = |row: &TableRow| {
            let cells: Vec<_> = [&row.host].into_iter().chain(&row.cells).map(shown).collect();
            format!("{} {}", row.event, cells.join("|"))
        };
        table.rows.iter().map(row).collect()
    }

    #[test]
    fn the_columns_are_the_fields_of_the_query_in_its_order() {
        let mut desk = desk();
        assert_eq!(desk.table(false, (0, 9), None, &[]).columns, [""; 0]);
        desk.run("any where q == 1 or p : \"x\" or q > 5 and host.name != null", &|| 0.0);
        let table = desk.table(false, (0, 9), None, &[]);
        assert_eq!((table.total, table.first), (3, 0));
        assert_eq!(table.columns, ["q", "p"]);
        assert_eq!(texts(&table), ["0 b|-|x, y", "1 -|1|null", "2 -|null| z"]);
        assert!(table.rows.iter().all(|row| row.verdict.is_some()));
        let given = desk.table(false, (1, 1), None, &["p".to_owned()]);
        assert_eq!(texts(&given), ["1 -|null"]);
    }

    #[test]
    fn keys_of_a_sequence_are_columns() {
        let mut desk = desk();
        desk.run("sequence by k [any where p == \"x\"] [any where q == 1]", &|| 0.0);
        assert_eq!(desk.table(false, (0, 1), None, &[]).columns, ["p", "q", "k"]);
    }

    #[test]
    fn an_event_is_found_in_either_order() {
        let desk = desk();
        let table = desk.table(true, (0, 2), Some(2), &[]);
        assert_eq!((table.found, table.first), (Some(2), 1));
        assert_eq!(texts(&table), ["0 b", "2 -"]);
        assert_eq!(desk.table(false, (0, 2), Some(9), &[]).found, None);
        assert_eq!(desk.table(true, (7, 2), None, &[]).rows, []);
    }

    #[test]
    fn a_shuffled_event_stands_where_its_time_does() {
        let n = 1_000;
        let line =
            |at: u32| format!("{{\"@timestamp\":{},\"p\":1}}\n", u64::from(at * 79 % n) * 1000);
        let mut desk = Desk::new();
        desk.load(&(0..n).map(line).collect::<String>());
        desk.run("any where p == 1", &|| 0.0);
        let table = desk.table(true, (0, 9), Some(n - 1), &[]);
        assert_eq!(table.found, Some(921));
        assert_eq!(table.rows[4].event, n - 1);
    }

    #[test]
    fn long_values_are_cut() {
        let mut desk = Desk::new();
        desk.load(&format!("{{\"p\":[\"{}\",\"b\"]}}", "a".repeat(CHARS + 1)));
        let table = desk.table(false, (0, 1), None, &["p".to_owned()]);
        let cell = &table.rows[0].cells[0];
        assert_eq!((cell.values, cell.text.chars().count()), (2, CHARS + 1));
        assert!(cell.text.ends_with('\u{2026}'), "{}", cell.text);
    }
}
