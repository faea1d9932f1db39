//! Leaves on computed values: once per distinct value of one field, once per distinct combination of
//! several (spec §3.12).

use hashbrown::HashMap;

use crate::eval::predicate::Judge;
use crate::funcs::{Failure, arithmetic};
use crate::hir::{Computed, Predicate, ValueExpr};
use crate::store::{Bits, Code, Column, Store};
use crate::value::{Scalar, Value};

/// The value of an expression for one value of each field; `None` is null. A failure is noted and
/// counts as null.
fn value<'v>(
    expr: &'v ValueExpr,
    fields: &'v [Option<Scalar<'v>>],
    failure: &mut Option<Failure>,
) -> Option<Scalar<'v>> {
    match expr {
        ValueExpr::Constant(value) => value.as_ref().map(Scalar::borrowed),
        ValueExpr::Field(at) => fields.get(*at)?.as_ref().map(Scalar::borrowed),
        ValueExpr::Call(function, case, args) => {
            let args: Vec<Option<Scalar<'_>>> =
                args.iter().map(|arg| value(arg, fields, failure)).collect();
            noted(function.call(&args, *case), failure).flatten()
        }
        ValueExpr::Arithmetic(op, sides) => {
            let (left, right) = sides.as_ref();
            match (value(left, fields, failure)?, value(right, fields, failure)?) {
                (Scalar::Num(left), Scalar::Num(right)) => {
                    noted(arithmetic(*op, left, right), failure).map(Scalar::Num)
                }
                _ => None,
            }
        }
        ValueExpr::Test(inner, predicate, negated) => {
            let inner = value(inner, fields, failure);
            // A predicate on null is null, but for the tests of null itself (spec §4.5, §4.6).
            let holds = match (predicate.as_ref(), &inner) {
                (Predicate::Exists | Predicate::IsNull, _) => {
                    let is_null = matches!(predicate.as_ref(), Predicate::IsNull);
                    inner.is_none() == is_null
                }
                (_, None) => return None,
                (predicate, value) => predicate.holds(value.as_ref()),
            };
            Some(Scalar::Bool(holds != *negated))
        }
    }
}

fn noted<V>(answer: Result<V, Failure>, failure: &mut Option<Failure>) -> Option<V> {
    answer.map_err(|found| *failure = Some(found)).ok()
}

/// The events for which some combination of values makes the predicate true. A field without a
/// value counts as null.
pub(super) fn bits(
    computed: &Computed,
    predicate: &Predicate,
    store: &Store,
    failed: &mut Vec<(Failure, Bits)>,
) -> Bits {
    let n = store.n_events();
    let columns: Vec<Option<&Column>> =
        computed.fields.iter().map(|field| store.column(&field.column)).collect();
    let mut wanted = Judge::new(predicate);
    let mut judge = |fields: &[Option<Scalar<'_>>]| {
        let mut failure = None;
        let value = value(&computed.expr, fields, &mut failure);
        (wanted.holds(value.as_ref()), failure)
    };
    let (bits, failures) = match (columns.as_slice(), computed.fields.as_slice()) {
        ([Some(column)], [field]) => {
            let mut by_code = Vec::new();
            let mut failed_codes: Vec<(Failure, Vec<bool>)> = Vec::new();
            for (code, value) in column.dictionary().enumerate() {
                let (holds, failure) = judge(&[Scalar::coerce(&value, &field.ty)]);
                by_code.push(holds);
                if let Some(failure) = failure {
                    keep(&mut failed_codes, failure, Vec::new, |codes: &mut Vec<bool>| {
                        codes.resize(code, false);
                        codes.push(true);
                    });
                }
            }
            let mut bits = column.events_with_any(&by_code, n);
            if judge(&[None]).0 {
                let mut empty = column.events_with_any(&vec![true; by_code.len()], n);
                empty.invert();
                bits |= &empty;
            }
            let failures = failed_codes
                .into_iter()
                .map(|(failure, codes)| (failure, column.events_with_any(&codes, n)))
                .collect();
            (bits, failures)
        }
        _ => combined(computed, &columns, n, &mut judge),
    };
    failed.extend(failures);
    bits
}

/// Changes what is kept of a failure. There are few kinds; they stand in their order.
fn keep<T>(
    all: &mut Vec<(Failure, T)>,
    failure: Failure,
    new: impl FnOnce() -> T,
    change: impl FnOnce(&mut T),
) {
    let at = all.partition_point(|(other, _)| *other < failure);
    if all.get(at).is_none_or(|(other, _)| *other != failure) {
        all.insert(at, (failure, new()));
    }
    if let Some((_, kept)) = all.get_mut(at) {
        change(kept);
    }
}

type Judgement = (bool, Option<Failure>);

/// Per event the combinations of its values; each distinct combination is judged once.
fn combined(
    computed: &Computed,
    columns: &[Option<&Column>],
    n: u32,
    judge: &mut impl FnMut(&[Option<Scalar<'_>>]) -> Judgement,
) -> (Bits, Vec<(Failure, Bits)>) {
    let mut bits = Bits::none(n);
    let mut failures: Vec<(Failure, Bits)> = Vec::new();
    let mut known: HashMap<Vec<Option<Code>>, Judgement> = HashMap::new();
    for event in 0..n {
        let codes: Vec<&[Code]> =
            columns.iter().map(|c| c.map_or(&[][..], |column| column.codes_of(event))).collect();
        let mut decided = false;
        each_combination(&codes, &mut |combination| {
            if decided {
                return;
            }
            let (holds, failure) = match known.get(combination) {
                Some(judgement) => *judgement,
                None => {
                    let scalars: Vec<Option<Scalar<'_>>> = combination
                        .iter()
                        .zip(columns)
                        .zip(&computed.fields)
                        .map(|((code, column), field)| {
                            Scalar::coerce(&column.as_ref()?.value((*code)?)?, &field.ty)
                        })
                        .collect();
                    let judgement = judge(&scalars);
                    known.insert(combination.to_vec(), judgement);
                    judgement
                }
            };
            if holds {
                bits.set(event);
                decided = true;
            }
            if let Some(failure) = failure {
                keep(&mut failures, failure, || Bits::none(n), |events| events.set(event));
            }
        });
    }
    (bits, failures)
}

/// Most combinations of values that are tried for one event; more can only be hostile.
const MAX_COMBINATIONS: usize = 1_000_000;

/// Calls with one code of each list in turn; `None` stands for an empty list.
fn each_combination(lists: &[&[Code]], call: &mut impl FnMut(&[Option<Code>])) {
    let mut places = vec![0_usize; lists.len()];
    let mut combination: Vec<Option<Code>> = Vec::with_capacity(lists.len());
    for _ in 0..MAX_COMBINATIONS {
        combination.clear();
        combination.extend(lists.iter().zip(&places).map(|(list, at)| list.get(*at).copied()));
        call(&combination);
        // The last list turns fastest.
        let mut turned = false;
        for (place, list) in places.iter_mut().zip(lists).rev() {
            if *place + 1 < list.len() {
                *place += 1;
                turned = true;
                break;
            }
            *place = 0;
        }
        if !turned {
            return;
        }
    }
}

/// What is computed for one event: one result per combination of values, at most `limit`; `None`
/// is null.
#[must_use]
pub fn results(
    computed: &Computed,
    store: &Store,
    event: u32,
    limit: usize,
) -> Vec<Option<Scalar<'static>>> {
    let columns: Vec<Option<&Column>> =
        computed.fields.iter().map(|field| store.column(&field.column)).collect();
    let codes: Vec<&[Code]> =
        columns.iter().map(|c| c.map_or(&[][..], |column| column.codes_of(event))).collect();
    let mut results = Vec::new();
    each_combination(&codes, &mut |combination| {
        if results.len() >= limit {
            return;
        }
        let scalars: Vec<Option<Scalar<'_>>> = combination
            .iter()
            .zip(&columns)
            .zip(&computed.fields)
            .map(|((code, column), field)| {
                Scalar::coerce(&column.as_ref()?.value((*code)?)?, &field.ty)
            })
            .collect();
        results.push(value(&computed.expr, &scalars, &mut None).map(Scalar::into_owned));
    });
    results
}

/// Does the predicate hold for some combination of one value of each field? The values stand in the
/// order of [`Computed::fields`]; a field without one counts as null.
pub(super) fn holds_for(
    computed: &Computed,
    predicate: &Predicate,
    values: &[&[Value<'_>]],
) -> bool {
    let codes: Vec<Vec<Code>> =
        values.iter().map(|list| (0..list.len() as u32).map(Code).collect()).collect();
    let lists: Vec<&[Code]> = codes.iter().map(Vec::as_slice).collect();
    let mut found = false;
    each_combination(&lists, &mut |combination| {
        if found {
            return;
        }
        let each = combination.iter().zip(values).zip(&computed.fields);
        let scalars: Vec<Option<Scalar<'_>>> = each
            .map(|((code, list), field)| Scalar::coerce(list.get((*code)?.0 as usize)?, &field.ty))
            .collect();
        found = predicate.holds(value(&computed.expr, &scalars, &mut None).as_ref());
    });
    found
}
