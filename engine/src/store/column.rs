//! One field over all events: its distinct values, and which event has which.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::store::Bits;
use crate::ty::Type;
use crate::value::{Number, Value};

/// Place of a value in a column's dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u32);

/// All values of one field.
///
/// An entry is one value of one event; entries come in event order. As long as every event has
/// exactly one value, entry `i` belongs to event `i` and no owner is written down.
#[derive(Clone, Debug, Default)]
pub struct Column {
    texts: String,
    distinct: Vec<Distinct>,
    seen: HashTable<u32>,
    hasher: DefaultHashBuilder,
    codes: Vec<Code>,
    /// Event of each entry; `None` while entry `i` belongs to event `i`.
    owners: Option<Vec<u32>>,
}

/// A distinct value; texts stand one after the other in [`Column::texts`].
#[derive(Clone, Copy, Debug)]
enum Distinct {
    Str { start: u32, end: u32 },
    Int(i64),
    UInt(u64),
    Float(f64),
    Bool(bool),
}

impl Column {
    /// Adds a value of an event. Events must come in ascending order; a second value of the same
    /// event makes the field multi-valued for it.
    pub fn push(&mut self, event: u32, value: &Value<'_>) {
        let code = self.intern(value);
        if self.owners.is_none() && event as usize != self.codes.len() {
            self.owners = Some((0..self.codes.len() as u32).collect());
        }
        if let Some(owners) = &mut self.owners {
            owners.push(event);
        }
        self.codes.push(code);
    }

    fn intern(&mut self, value: &Value<'_>) -> Code {
        // Most values repeat the one before: no hashing for those.
        if let Some(last) = self.codes.last()
            && same(&self.texts, &self.distinct, last.0, value)
        {
            return *last;
        }
        let hash = self.hash(value);
        let (texts, distinct) = (&self.texts, &self.distinct);
        let found = self.seen.find(hash, |&code| same(texts, distinct, code, value));
        if let Some(&code) = found {
            return Code(code);
        }
        let code = self.distinct.len() as u32;
        let new = match value {
            Value::Str(text) => {
                let start = self.texts.len() as u32;
                self.texts.push_str(text);
                Distinct::Str { start, end: self.texts.len() as u32 }
            }
            Value::Num(Number::Int(int)) => Distinct::Int(*int),
            Value::Num(Number::UInt(uint)) => Distinct::UInt(*uint),
            Value::Num(Number::Float(float)) => Distinct::Float(*float),
            Value::Bool(value) => Distinct::Bool(*value),
        };
        self.distinct.push(new);
        let (texts, distinct, hasher) = (&self.texts, &self.distinct, &self.hasher);
        self.seen.insert_unique(hash, code, |&code| match view(texts, distinct, code) {
            Some(value) => hash_of(hasher, &value),
            None => 0,
        });
        Code(code)
    }

    fn hash(&self, value: &Value<'_>) -> u64 {
        hash_of(&self.hasher, value)
    }

    /// The value of a code.
    #[must_use]
    pub fn value(&self, code: Code) -> Option<Value<'_>> {
        view(&self.texts, &self.distinct, code.0)
    }

    /// The distinct values in code order.
    pub fn dictionary(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.distinct.len() as u32).filter_map(|code| view(&self.texts, &self.distinct, code))
    }

    /// Codes of one event's values, in the order of the source.
    #[must_use]
    pub fn codes_of(&self, event: u32) -> &[Code] {
        self.codes_from(event, &mut 0)
    }

    /// The same; `at` is 0 first and remembers the place, so that one event after the other needs no
    /// search.
    #[must_use]
    pub fn codes_from(&self, event: u32, at: &mut usize) -> &[Code] {
        let Some(owners) = &self.owners else {
            return self.codes.get(event as usize..event as usize + 1).unwrap_or_default();
        };
        let is_before = |at: usize| owners.get(at).is_some_and(|owner| *owner < event);
        let mut start = *at;
        if is_before(start) || start > 0 && !is_before(start - 1) {
            start = owners.partition_point(|owner| *owner < event);
        }
        let rest = owners.get(start..).unwrap_or_default().iter();
        *at = start + rest.take_while(|owner| **owner == event).count();
        self.codes.get(start..*at).unwrap_or_default()
    }

    /// Values of one event, in the order of the source.
    pub fn values_of(&self, event: u32) -> impl Iterator<Item = Value<'_>> {
        self.codes_of(event).iter().filter_map(|code| self.value(*code))
    }

    /// The events that have some value of which `holds` is true; `holds` is indexed by code.
    #[must_use]
    pub fn events_with_any(&self, holds: &[bool], n_events: u32) -> Bits {
        let mut bits = Bits::none(n_events);
        let held = |code: &Code| holds.get(code.0 as usize).copied().unwrap_or(false);
        match &self.owners {
            None => {
                for (event, code) in self.codes.iter().enumerate() {
                    if held(code) {
                        bits.set(event as u32);
                    }
                }
            }
            Some(owners) => {
                for (event, code) in owners.iter().zip(&self.codes) {
                    if held(code) {
                        bits.set(*event);
                    }
                }
            }
        }
        bits
    }

    /// The first event that has some value of which `holds` is true, as in
    /// [`Column::events_with_any`].
    #[must_use]
    pub fn first_event_with_any(&self, holds: &[bool]) -> Option<u32> {
        let held = |code: &Code| holds.get(code.0 as usize).copied().unwrap_or(false);
        let entry = self.codes.iter().position(held)?;
        match &self.owners {
            None => Some(entry as u32),
            Some(owners) => owners.get(entry).copied(),
        }
    }

    /// The events that have some value.
    #[must_use]
    pub fn events(&self, n_events: u32) -> Bits {
        self.events_with_any(&vec![true; self.distinct.len()], n_events)
    }

    /// The events that have more than one value; equal ones count.
    #[must_use]
    pub fn events_with_several(&self, n_events: u32) -> Bits {
        let mut bits = Bits::none(n_events);
        // One entry's owner is the next one's as well.
        let owners = self.owners.as_deref().unwrap_or_default();
        for (owner, next) in owners.iter().zip(owners.get(1..).unwrap_or_default()) {
            if owner == next {
                bits.set(*owner);
            }
        }
        bits
    }

    /// How many events have each distinct value, by code, and how many have any.
    #[must_use]
    pub fn counts(&self) -> (Vec<u32>, u32) {
        // An event counts once for a value that it has twice: who counted last is written down.
        let mut counted: Vec<(u32, u32)> = vec![(0, u32::MAX); self.distinct.len()];
        let mut events = 0;
        let mut before = u32::MAX;
        for (entry, code) in self.codes.iter().enumerate() {
            let event = match &self.owners {
                None => entry as u32,
                Some(owners) => owners.get(entry).copied().unwrap_or_default(),
            };
            events += u32::from(event != before);
            before = event;
            if let Some((count, last)) = counted.get_mut(code.0 as usize)
                && *last != event
            {
                (*count, *last) = (*count + 1, event);
            }
        }
        (counted.into_iter().map(|(count, _)| count).collect(), events)
    }

    /// How many events have a value.
    #[must_use]
    pub fn n_events(&self) -> u32 {
        match &self.owners {
            None => self.codes.len() as u32,
            Some(owners) => {
                let mut before = u32::MAX;
                owners
                    .iter()
                    .filter(|owner| std::mem::replace(&mut before, **owner) != **owner)
                    .count() as u32
            }
        }
    }

    /// True where no event has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The type that the values themselves suggest (spec §3.6); `None` for an empty column.
    #[must_use]
    pub fn value_type(&self) -> Option<Type> {
        let mut found: Option<Type> = None;
        for value in self.dictionary() {
            let ty = value.ty();
            found = Some(match found {
                None => ty,
                Some(before) if before == ty => before,
                Some(before) if before.is_number() && ty.is_number() => Type::Decimal,
                Some(_) => return Some(Type::Mixed),
            });
        }
        found
    }
}

/// The value of a code, borrowed.
fn view<'c>(texts: &'c str, distinct: &[Distinct], code: u32) -> Option<Value<'c>> {
    Some(match *distinct.get(code as usize)? {
        Distinct::Str { start, end } => {
            Value::Str(Cow::Borrowed(texts.get(start as usize..end as usize)?))
        }
        Distinct::Int(int) => Value::Num(Number::Int(int)),
        Distinct::UInt(uint) => Value::Num(Number::UInt(uint)),
        Distinct::Float(float) => Value::Num(Number::Float(float)),
        Distinct::Bool(value) => Value::Bool(value),
    })
}

/// The same value in the same form: 1 and 1.0 are two entries of a dictionary.
fn same(texts: &str, distinct: &[Distinct], code: u32, value: &Value<'_>) -> bool {
    match (view(texts, distinct, code), value) {
        (Some(Value::Str(a)), Value::Str(b)) => a == *b,
        (Some(Value::Bool(a)), Value::Bool(b)) => a == *b,
        (Some(Value::Num(a)), Value::Num(b)) => match (a, *b) {
            (Number::Int(a), Number::Int(b)) => a == b,
            (Number::UInt(a), Number::UInt(b)) => a == b,
            (Number::Float(a), Number::Float(b)) => a.to_bits() == b.to_bits(),
            _ => false,
        },
        _ => false,
    }
}

fn hash_of(hasher: &DefaultHashBuilder, value: &Value<'_>) -> u64 {
    match value {
        Value::Str(text) => hasher.hash_one(text.as_bytes()),
        Value::Num(Number::Int(int)) => hasher.hash_one(int),
        Value::Num(Number::UInt(uint)) => hasher.hash_one(uint),
        Value::Num(Number::Float(float)) => hasher.hash_one(float.to_bits()),
        Value::Bool(value) => hasher.hash_one(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::Str(text.into())
    }

    #[test]
    fn values_are_kept_once_and_found_per_event() {
        let mut column = Column::default();
        for (event, value) in [(0, "a"), (1, "b"), (1, "a"), (3, "a")] {
            column.push(event, &text(value));
        }
        assert_eq!(column.dictionary().count(), 2);
        let of = |event| column.values_of(event).map(|v| v.to_string()).collect::<Vec<_>>();
        assert_eq!(
            (of(0), of(1), of(2), of(3)),
            (vec!["a".to_owned()], vec!["b".into(), "a".into()], vec![], vec!["a".into()])
        );
        let bits = column.events_with_any(&[true, false], 4);
        let set = |bits: Bits| (0..4).map(|e| bits.get(e)).collect::<Vec<_>>();
        assert_eq!(set(bits), [true, true, false, true]);
        assert_eq!(set(column.events(4)), [true, true, false, true]);
        assert_eq!(set(column.events_with_several(4)), [false, true, false, false]);
    }

    #[test]
    fn an_event_counts_once_for_a_value() {
        let mut column = Column::default();
        for (event, value) in [(0, "a"), (2, "b"), (2, "a"), (2, "b"), (3, "a")] {
            column.push(event, &text(value));
        }
        assert_eq!((column.counts(), column.n_events()), ((vec![3, 1], 3), 3));
        let mut single = Column::default();
        single.push(0, &text("a"));
        single.push(1, &text("a"));
        assert_eq!((single.counts(), single.n_events()), ((vec![2], 2), 2));
        assert_eq!(Column::default().n_events(), 0);
    }

    #[test]
    fn codes_are_found_from_any_place_that_is_remembered() {
        let mut column = Column::default();
        for event in [1, 1, 2, 5, 6, 6, 9_u32] {
            column.push(event, &Value::Num(Number::Int(event.into())));
        }
        for step in 1..6 {
            let mut at = 0;
            for event in (0..12).step_by(step).chain([3, 9, 0, 1]) {
                assert_eq!(column.codes_from(event, &mut at), column.codes_of(event), "{event}");
            }
        }
        assert_eq!([0, 1, 6, 9].map(|event| column.codes_of(event).len()), [0, 2, 2, 1]);
    }

    #[test]
    fn types_are_inferred_from_all_values() {
        let ty = |values: &[Value<'static>]| {
            let mut column = Column::default();
            for (event, value) in values.iter().enumerate() {
                column.push(event as u32, value);
            }
            column.value_type()
        };
        let (int, float) = (Value::Num(Number::Int(1)), Value::Num(Number::Float(1.5)));
        assert_eq!(ty(&[]), None);
        assert_eq!(ty(&[int.clone(), float]), Some(Type::Decimal));
        assert_eq!(ty(&[int, text("x")]), Some(Type::Mixed));
        assert_eq!(ty(&[Value::Bool(true)]), Some(Type::Boolean));
    }
}
