//! The loaded events as columns.

mod bits;
mod column;
mod indexed;
mod order;

use std::cmp::Ordering;

use hashbrown::HashMap;

use crate::schema::ValueTypes;
use crate::sort;
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Scalar, Value};

pub use bits::Bits;
pub use column::{Code, Column};
pub use order::{Ordinals, TimeFields};

/// Where an event stands in its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// First byte of the event's JSON.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Line on which it begins, from 1; of the text as it was given.
    pub line: u32,
    /// Number of the text it stands in, see [`Sources`].
    pub source: u32,
}

/// The texts that the places of a store are of, in the order in which they were loaded.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

/// One text.
#[derive(Clone, Debug)]
enum Source {
    /// It is at hand.
    Here(String),
    /// It was let go after loading; these events of it were fetched again.
    Apart(HashMap<u32, String>),
}

impl Sources {
    /// Adds the next text.
    pub fn push(&mut self, text: String) {
        self.0.push(Source::Here(text));
    }

    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.0.len() as u32
    }

    /// True without any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text added last; `None` where it is not at hand.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        match self.0.last()? {
            Source::Here(text) => Some(text),
            Source::Apart(_) => None,
        }
    }

    /// Adds the next text without keeping it: its events are shown only after [`Sources::fetched`].
    pub fn push_apart(&mut self) {
        self.0.push(Source::Apart(HashMap::new()));
    }

    /// Takes the JSON of one event of a text that is not at hand.
    pub fn fetched(&mut self, source: u32, event: u32, json: String) {
        if let Some(Source::Apart(events)) = self.0.get_mut(source as usize) {
            events.insert(event, json);
        }
    }

    /// All texts at hand in one, each on lines of its own.
    #[must_use]
    pub fn joined(&self) -> String {
        let mut joined = String::new();
        for source in &self.0 {
            let Source::Here(text) = source else { continue };
            if !joined.is_empty() && !joined.ends_with('\n') {
                joined.push('\n');
            }
            joined.push_str(text);
        }
        joined
    }

    /// A text by its number; `None` where it is not at hand.
    #[must_use]
    pub fn text(&self, source: u32) -> Option<&str> {
        match self.0.get(source as usize)? {
            Source::Here(text) => Some(text),
            Source::Apart(_) => None,
        }
    }

    /// The event's JSON as it was loaded; `None` where there is no such event, or where it is not
    /// at hand.
    #[must_use]
    pub fn event(&self, store: &Store, event: u32) -> Option<&str> {
        let place = store.place(event)?;
        match self.0.get(place.source as usize)? {
            Source::Here(text) => text.get(place.start as usize..place.end as usize),
            Source::Apart(events) => events.get(&event).map(String::as_str),
        }
    }
}

/// Events by column. The text of the events is not kept: [`Place`] says where it stands.
#[derive(Clone, Debug, Default)]
pub struct Store {
    columns: Vec<Column>,
    by_name: HashMap<Box<str>, u32>,
    places: Vec<Place>,
    /// `_id` and `_index` of the hits, where given.
    ids: Column,
    indices: Column,
    orders: order::Orders,
    /// Columns as the documents have them, where a mapping says otherwise.
    replaced: Vec<(u32, Column)>,
}

impl Store {
    /// Number of events.
    #[must_use]
    pub fn n_events(&self) -> u32 {
        self.places.len() as u32
    }

    /// The column of a field; `None` where no event has a value in it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(*self.by_name.get(name)? as usize)
    }

    /// Every field with its column, in the order in which the events first named them.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Column)> {
        let mut named: Vec<_> = self.by_name.iter().map(|(name, id)| (*id, &**name)).collect();
        sort::by(&mut named, |one, two| one.0.cmp(&two.0));
        named.into_iter().filter_map(|(id, name)| Some((name, self.columns.get(id as usize)?)))
    }

    /// Position of a field's column, made where there is none yet. For ingest.
    pub fn column_id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.by_name.get(name) {
            return *id;
        }
        let id = self.columns.len() as u32;
        self.columns.push(Column::default());
        self.by_name.insert(name.into(), id);
        id
    }

    /// Position of a field's column; `None` where there is none yet. For ingest.
    #[must_use]
    pub fn known_column(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// A column by its position. For ingest.
    pub fn column_mut(&mut self, id: u32) -> Option<&mut Column> {
        self.columns.get_mut(id as usize)
    }

    /// Ends an event: from now on its values are fixed. For ingest.
    pub fn finish_event(&mut self, place: Place) {
        self.places.push(place);
        self.orders.forget();
    }

    /// Column of the `_id` members. For ingest.
    pub fn ids_mut(&mut self) -> &mut Column {
        &mut self.ids
    }

    /// Column of the `_index` members. For ingest.
    pub fn indices_mut(&mut self) -> &mut Column {
        &mut self.indices
    }

    /// Where the event stands.
    #[must_use]
    pub fn place(&self, event: u32) -> Option<Place> {
        self.places.get(event as usize).copied()
    }

    /// Line of each event.
    pub fn lines(&self) -> impl Iterator<Item = u32> {
        self.places.iter().map(|place| place.line)
    }

    /// Counts the lines of the events from `first` on as so many later: their text is the rest of
    /// another.
    pub fn shift_lines(&mut self, first: u32, by: u32) {
        for place in self.places.iter_mut().skip(first as usize) {
            place.line += by;
        }
    }

    /// The event's `_id`; its zero-based position where it has none (product §2.1).
    #[must_use]
    pub fn id(&self, event: u32) -> String {
        self.ids.values_of(event).next().map_or_else(|| event.to_string(), |id| id.to_string())
    }

    /// The event of an id. One that names the id itself comes before the one whose position it is;
    /// of several that name it, the first (product §2.1).
    #[must_use]
    pub fn event_by_id(&self, id: &str) -> Option<u32> {
        let is_id: Vec<bool> = self.ids.dictionary().map(|value| value.to_string() == id).collect();
        self.ids.first_event_with_any(&is_id).or_else(|| {
            let event = id.parse().ok()?;
            // Neither `+1` nor `01` is a position, and an event with an id is found by it alone.
            (event < self.n_events() && self.id(event) == id).then_some(event)
        })
    }

    /// The event's `_index`; empty where it names none.
    #[must_use]
    pub fn index(&self, event: u32) -> String {
        self.indices.values_of(event).next().map(|index| index.to_string()).unwrap_or_default()
    }

    /// The events whose index passes; events that name none always do.
    #[must_use]
    pub fn events_in(&self, passes: impl Fn(&str) -> bool) -> Bits {
        let outside: Vec<bool> =
            self.indices.dictionary().map(|index| !passes(&index.to_string())).collect();
        let mut bits = self.indices.events_with_any(&outside, self.n_events());
        bits.invert();
        bits
    }

    /// The first time of an event; `None` where there is none that can be read.
    #[must_use]
    pub fn time(&self, fields: &TimeFields, event: u32) -> Option<Instant> {
        let ty = Type::Date(fields.formats.clone());
        self.column(&fields.timestamp)?.values_of(event).find_map(|value| instant(&value, &ty))
    }

    /// The events of a set that have a time, each with it, in the order of spec §7.2: by
    /// timestamp, then by tiebreaker if one is named (missing last), then by position.
    #[must_use]
    pub fn ordinals(&self, fields: &TimeFields, events: &Bits) -> Ordinals {
        let all = self.orders.by(fields, || self.sorted(fields));
        if events.count() == self.n_events() {
            return all;
        }
        all.iter().copied().filter(|(_, event)| events.get(*event)).collect()
    }

    /// All events that have a time, sorted.
    fn sorted(&self, fields: &TimeFields) -> Vec<(Instant, u32)> {
        let Some(column) = self.column(&fields.timestamp) else { return Vec::new() };
        let ty = Type::Date(fields.formats.clone());
        let times: Vec<Option<Instant>> =
            column.dictionary().map(|value| instant(&value, &ty)).collect();
        let time_of = |event: u32| {
            column.codes_of(event).iter().find_map(|code| *times.get(code.0 as usize)?)
        };
        let ties = fields.tiebreaker.as_ref();
        let ties = ties.and_then(|(name, ty)| Some(order::Ties::new(self.column(name)?, ty)));
        let mut ordinals: Vec<(Instant, u32)> =
            (0..self.n_events()).filter_map(|event| Some((time_of(event)?, event))).collect();
        ordinals.sort_by(|a, b| {
            let tied = || ties.as_ref().map_or(Ordering::Equal, |ties| ties.compare(a.1, b.1));
            a.0.cmp(&b.0).then_with(tied).then(a.1.cmp(&b.1))
        });
        ordinals
    }

    /// All events in that order; those without a time come last, as they stand.
    #[must_use]
    pub fn time_order(&self, fields: &TimeFields) -> Vec<u32> {
        let n = self.n_events();
        let ordinals = self.ordinals(fields, &Bits::all(n));
        let mut timeless = Bits::all(n);
        for (_, event) in ordinals.iter() {
            timeless.clear(*event);
        }
        let timeless = (0..n).filter(|event| timeless.get(*event));
        ordinals.iter().map(|(_, event)| *event).chain(timeless).collect()
    }
}

fn instant(value: &Value<'_>, ty: &Type) -> Option<Instant> {
    match Scalar::coerce(value, ty) {
        Some(Scalar::Date(instant)) => Some(instant),
        _ => None,
    }
}

impl ValueTypes for Store {
    fn value_type(&self, name: &str) -> Option<Type> {
        self.column(name)?.value_type()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let column = self.column(name).into_iter();
        column.flat_map(Column::dictionary).map(|value| value.to_string()).collect()
    }

    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        // A line that could not be read may have left a column without values.
        let has_values = |id: u32| self.columns.get(id as usize).is_some_and(|c| !c.is_empty());
        let named = self.by_name.iter().filter(move |(_, id)| has_values(**id));
        Box::new(named.map(|(name, _)| name.as_ref()))
    }
}
