//! Join keys: equal values get equal numbers, whatever column they are from (spec §7.5 to §7.11).

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use hashbrown::{HashMap, HashSet};

use crate::hir::Key;
use crate::plan::Stage;
use crate::store::{Code, Column, Store};
use crate::time::Instant;
use crate::value::{Number, Scalar};

/// Most combinations of key values of one event (spec §7.9); more can only be hostile.
pub const MAX_COMBINATIONS: usize = 10_000;

/// So many values are told apart faster by looking through them all than by hashing.
const FEW: usize = 32;

/// Number of a key tuple in a [`KeySpace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple(pub u32);

/// One key value. Numbers are equal by value, texts exactly (spec §7.7). The order is that of
/// spec §8.2: missing first, `false` before `true`, texts by bytes.
#[derive(Clone, Debug)]
pub enum KeyValue {
    /// An optional key without a value.
    Missing,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Num(Number),
    /// A point in time.
    Date(Instant),
    /// An address.
    Ip(u128),
    /// A text.
    Str(Box<str>),
}

impl KeyValue {
    fn new(scalar: &Scalar<'_>) -> Self {
        match scalar {
            Scalar::Bool(value) => Self::Bool(*value),
            Scalar::Num(number) => Self::Num(canonical(*number)),
            Scalar::Date(instant) => Self::Date(*instant),
            Scalar::Ip(address) => Self::Ip((*address).into()),
            Scalar::Str(text) => Self::Str(text.as_ref().into()),
            // Stands in predicates only.
            Scalar::Version(_) => Self::Missing,
        }
    }

    /// As text; `None` where it is missing.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        Some(match self {
            Self::Missing => return None,
            Self::Bool(value) => value.to_string(),
            Self::Num(number) => number.to_string(),
            Self::Date(instant) => instant.to_string(),
            Self::Ip(address) => std::net::Ipv6Addr::from(*address).to_canonical().to_string(),
            Self::Str(text) => text.to_string(),
        })
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Missing => 0,
            Self::Bool(_) => 1,
            Self::Num(_) => 2,
            Self::Date(_) => 3,
            Self::Ip(_) => 4,
            Self::Str(_) => 5,
        }
    }
}

/// Integers in one form, so that 3 and 3.0 are one key.
fn canonical(number: Number) -> Number {
    match number {
        Number::Float(float) if float.fract() == 0.0 && float.abs() < 9e18 => {
            Number::Int(float as i64)
        }
        same => same,
    }
}

impl Ord for KeyValue {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Num(a), Self::Num(b)) => a.compare(*b).unwrap_or(Ordering::Equal),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Ip(a), Self::Ip(b)) => a.cmp(b),
            (Self::Str(a), Self::Str(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for KeyValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for KeyValue {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for KeyValue {}

impl Hash for KeyValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
        match self {
            Self::Missing => {}
            Self::Bool(value) => value.hash(state),
            // Equal numbers may be of different kinds, their doubles are the same.
            Self::Num(number) => number.to_f64().to_bits().hash(state),
            Self::Date(instant) => instant.hash(state),
            Self::Ip(address) => address.hash(state),
            Self::Str(text) => text.hash(state),
        }
    }
}

/// Per key of a stage the first value that an event has for it; missing where it has none.
#[must_use]
pub fn keys_of(stage: &Stage, store: &Store, event: u32) -> Vec<KeyValue> {
    let first = |key: &Key| {
        let values = store.column(&key.field.column).into_iter();
        let mut values = values.flat_map(|column| column.values_of(event));
        values.find_map(|value| Some(KeyValue::new(&Scalar::coerce(&value, &key.field.ty)?)))
    };
    stage.keys.iter().map(|key| first(key).unwrap_or(KeyValue::Missing)).collect()
}

/// All key values and tuples of one search.
#[derive(Clone, Debug, Default)]
pub struct KeySpace {
    values: Vec<KeyValue>,
    by_value: HashMap<KeyValue, u32>,
    tuples: Vec<Box<[u32]>>,
    by_tuple: HashMap<Box<[u32]>, u32>,
    /// Events with more combinations than [`MAX_COMBINATIONS`].
    cut: HashSet<u32>,
}

impl KeySpace {
    /// The values of a tuple, in key order.
    pub fn values(&self, tuple: Tuple) -> impl Iterator<Item = &KeyValue> {
        let values = self.tuples.get(tuple.0 as usize).map(AsRef::as_ref).unwrap_or_default();
        values.iter().filter_map(|value| self.values.get(*value as usize))
    }

    /// The tuples whose values read like this.
    #[must_use]
    pub fn reading(&self, texts: &[Option<String>]) -> Vec<Tuple> {
        let tuples = (0..self.tuples.len() as u32).map(Tuple);
        let reads =
            |tuple: &Tuple| self.values(*tuple).map(KeyValue::text).eq(texts.iter().cloned());
        tuples.filter(reads).collect()
    }

    /// How many events had more combinations of key values than are tried.
    #[must_use]
    pub fn n_cut(&self) -> u32 {
        self.cut.len() as u32
    }

    fn value_id(&mut self, value: KeyValue) -> u32 {
        if let Some(id) = self.by_value.get(&value) {
            return *id;
        }
        let id = self.values.len() as u32;
        self.values.push(value.clone());
        self.by_value.insert(value, id);
        id
    }

    fn tuple(&mut self, values: &[u32]) -> Tuple {
        if let Some(id) = self.by_tuple.get(values) {
            return Tuple(*id);
        }
        let id = self.tuples.len() as u32;
        self.tuples.push(values.into());
        self.by_tuple.insert(values.into(), id);
        Tuple(id)
    }

    /// Reads the dictionaries of the key columns of a stage.
    pub fn stage<'s>(&mut self, stage: &'s Stage, store: &'s Store) -> StageKeys<'s> {
        let missing = self.value_id(KeyValue::Missing);
        let keys = stage.keys.iter().map(|key| {
            let column = store.column(&key.field.column);
            let ids = column.into_iter().flat_map(Column::dictionary).map(|value| {
                let scalar = Scalar::coerce(&value, &key.field.ty)?;
                Some(self.value_id(KeyValue::new(&scalar)))
            });
            KeyColumn { column, ids: ids.collect(), missing: key.optional.then_some(missing) }
        });
        StageKeys { keys: keys.collect() }
    }
}

/// The keys of one stage, ready to be asked for events.
#[derive(Debug)]
pub struct StageKeys<'s> {
    keys: Vec<KeyColumn<'s>>,
}

#[derive(Debug)]
struct KeyColumn<'s> {
    column: Option<&'s Column>,
    /// Value number per code; `None` where the value cannot be read by the field's type.
    ids: Vec<Option<u32>>,
    /// Number of the missing value where the key is optional.
    missing: Option<u32>,
}

impl StageKeys<'_> {
    /// The key tuples of an event, each once, in the order of the combinations of its values; or
    /// the position of the first required key that it lacks (spec §7.9, §7.10).
    ///
    /// # Errors
    /// The position of a required key without a value.
    pub fn tuples(
        &self,
        event: u32,
        space: &mut KeySpace,
        tuples: &mut Vec<Tuple>,
    ) -> Result<(), usize> {
        tuples.clear();
        let mut lists: Vec<Vec<u32>> = Vec::with_capacity(self.keys.len());
        for (position, key) in self.keys.iter().enumerate() {
            let codes: &[Code] = key.column.map_or(&[], |column| column.codes_of(event));
            let mut values: Vec<u32> = Vec::with_capacity(codes.len().max(1));
            let ids = codes.iter().filter_map(|code| *key.ids.get(code.0 as usize)?);
            if codes.len() > FEW {
                let mut seen = HashSet::with_capacity(codes.len());
                values.extend(ids.filter(|id| seen.insert(*id)));
            } else {
                for id in ids {
                    if !values.contains(&id) {
                        values.push(id);
                    }
                }
            }
            if values.is_empty() {
                values.push(key.missing.ok_or(position)?);
            }
            lists.push(values);
        }
        let n = lists.iter().fold(1_usize, |n, list| n.saturating_mul(list.len()));
        if n > MAX_COMBINATIONS {
            space.cut.insert(event);
        }
        let mut values = vec![0; lists.len()];
        for combination in 0..n.min(MAX_COMBINATIONS) {
            // The last key turns fastest.
            let mut rest = combination;
            for (slot, list) in values.iter_mut().zip(&lists).rev() {
                *slot = list.get(rest % list.len()).copied().unwrap_or(0);
                rest /= list.len();
            }
            tuples.push(space.tuple(&values));
        }
        Ok(())
    }
}
