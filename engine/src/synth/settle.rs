//! Values for the variables of one group, so that all that is asked of them holds.

use crate::eval::test_holds;
use crate::hir::{Predicate, Subject, Test};
use crate::synth::invert::Suggestions;
use crate::synth::natural::natural;
use crate::synth::solve::{Asked, Solver, mixed};
use crate::synth::texts::{is_finite, joined, texts_for};
use crate::synth::values::{offer, written};
use crate::synth::vars::is_list;
use crate::ty::Type;
use crate::value::{Number, Scalar, Value};

/// Most values that are tried for a group at a time.
const MAX_VALUES: usize = 3_000;
/// The same for several variables together, and the most values of each of them.
const MAX_TUPLES: usize = 20_000;
const MAX_EACH: usize = 80;

impl<'p> Solver<'p, '_> {
    /// Finds values for a group. On failure the old ones stay.
    pub(super) fn settle(&mut self, group: usize) -> bool {
        let members = self.vars.members(group);
        let old: Vec<(usize, Vec<Value<'static>>)> = members
            .iter()
            .filter_map(|var| Some((*var, self.vars.vars.get(*var)?.values.clone())))
            .collect();
        let asked: Vec<Asked<'p>> =
            self.asked.iter().filter(|asked| asked.group == group).copied().collect();
        // The same question in any order is one number.
        let question = asked.iter().fold(mixed(self.shape, group as u64), |sum, asked| {
            mixed(
                sum,
                (asked.slot as u64) << 48 | u64::from(asked.node.0) << 1 | u64::from(asked.want),
            )
        });
        let found = match (self.effort.vain.binary_search(&question), members.as_slice()) {
            (Ok(_), _) => false,
            (Err(at), members) => {
                let found = match members {
                    [var] => self.one(*var, &asked),
                    members => self.several(members, &asked),
                };
                if !found {
                    self.effort.vain.insert(at, question);
                }
                found
            }
        };
        if found {
            self.undo.extend(old);
        } else {
            for (var, values) in old {
                self.set(var, values);
            }
        }
        found
    }

    pub(super) fn set(&mut self, var: usize, values: Vec<Value<'static>>) {
        if let Some(var) = self.vars.vars.get_mut(var) {
            var.values = values;
        }
    }

    pub(super) fn all_hold(&self, asked: &[Asked<'p>]) -> bool {
        asked.iter().all(|asked| self.vars.holds(asked.slot, asked.test) == asked.want)
    }

    pub(super) fn attempt(
        &mut self,
        var: usize,
        mut values: Vec<Value<'static>>,
        asked: &[Asked<'p>],
    ) -> bool {
        self.effort.work = self.effort.work.saturating_sub(1 + asked.len() as u64);
        if self.vars.vars.get(var).is_some_and(|var| var.whole) && !values.iter_mut().all(to_whole)
        {
            return false;
        }
        if self.mends {
            values = self.beside(var, values, asked);
        }
        self.set(var, values);
        self.effort.work > 0 && self.all_hold(asked)
    }

    /// Values for a variable that meets no other. One value is preferred to several, a missing one
    /// to any where nothing speaks for a value: no test of one.
    fn one(&mut self, at: usize, asked: &[Asked<'p>]) -> bool {
        let Some(var) = self.vars.vars.get(at) else { return false };
        let (column, ty, number) = (var.column, var.ty, var.number);
        let (must, rather, time) = (var.must, var.rather, var.time);
        if self.mends && self.mended(at, asked) {
            return true;
        }
        let missing = |solver: &mut Self| !must && solver.attempt(at, Vec::new(), asked);
        // Where it must be missing there is no use in looking for a value.
        let is_absent = asked.iter().any(Asked::needs_absence);
        let content = !rather && !asked.iter().any(Asked::is_about_values);
        if (content || is_absent) && missing(self) {
            return true;
        }
        let wanted: Vec<&Asked<'p>> = asked.iter().filter(|asked| asked.needs_value()).collect();
        let named = |asked: &&&Asked<'p>| !matches!(asked.test.predicate, Predicate::Exists);
        let is_list = is_list(column);
        if is_list && wanted.len() > 1 && self.list(at, asked, &wanted) {
            return true;
        }
        let list = |solver: &mut Self| (is_list || solver.lists) && solver.list(at, asked, &wanted);
        // Where a test names all its values there is no need to look for others.
        let mut finite = wanted.iter().filter(|asked| is_finite(asked)).peekable();
        if finite.peek().is_some() {
            let found = finite.any(|each| {
                each.offer(column, ty, true, &mut |scalar| {
                    written(scalar, ty).is_some_and(|value| self.attempt(at, vec![value], asked))
                })
            });
            return found || list(self) || missing(self);
        }
        let mut left = MAX_VALUES;
        {
            let solver = &mut *self;
            let mut take = |scalar: Scalar<'static>| {
                left = left.saturating_sub(1);
                left == 0
                    || solver.effort.work == 0
                    || written(scalar, ty)
                        .is_some_and(|value| solver.attempt(at, vec![value], asked))
            };
            let any = |take: &mut dyn FnMut(Scalar<'static>) -> bool| {
                asked.iter().any(|asked| asked.offer(column, ty, false, take))
            };
            let found = time.is_some_and(|time| take(Scalar::Date(time)))
                || wanted.iter().filter(named).any(|a| a.offer(column, ty, true, &mut take))
                || joined(&wanted, (column, ty), &mut take)
                // What a near miss should not be is missed most narrowly by its neighbours.
                || (number == 0 && rather && wanted.is_empty() && any(&mut take))
                || natural(column, ty, number, &mut take)
                || any(&mut take);
            if found && left > 0 && solver.effort.work > 0 {
                return true;
            }
        }
        let texts = texts_for(asked, &wanted, self.effort);
        if let Some(text) = texts
            && let Some(value) = written(Scalar::Str(text.into()), ty)
            && self.attempt(at, vec![value], asked)
        {
            return true;
        }
        self.between(at, asked) || list(self) || missing(self)
    }

    /// Numbers between the bounds that are named.
    fn between(&mut self, at: usize, asked: &[Asked<'p>]) -> bool {
        let mut bounds: Vec<f64> = Vec::new();
        for asked in asked {
            match &asked.test.predicate {
                Predicate::Ordered(_, Scalar::Num(number))
                | Predicate::Equals(Scalar::Num(number)) => {
                    bounds.push(number.to_f64());
                }
                _ => {}
            }
        }
        crate::sort::by(&mut bounds, f64::total_cmp);
        bounds.windows(2).any(|pair| {
            let middle = pair.iter().sum::<f64>() / 2.0;
            self.attempt(at, vec![Value::Num(Number::Float(middle))], asked)
        })
    }

    /// Several values: each wanted test gets one, none gives a test what it must not have
    /// (spec §3.11, §3.14).
    fn list(&mut self, at: usize, asked: &[Asked<'p>], wanted: &[&Asked<'p>]) -> bool {
        let Some(var) = self.vars.vars.get(at) else { return false };
        let (column, ty, whole) = (var.column, var.ty, var.whole);
        let is_fit = |value: &Value<'static>| {
            (!whole || to_whole(&mut value.clone()))
                && asked.iter().all(|asked| asked.needs_value() || !asked.is_true_of(value))
        };
        // What is there may stay, if it takes more.
        let mut values = if self.mends { var.held.clone() } else { var.values.clone() };
        values.retain(|value| {
            is_fit(value) && (self.mends || wanted.iter().any(|asked| asked.is_true_of(value)))
        });
        for each in wanted {
            let cost = (values.len() + asked.len()) as u64;
            self.effort.work = self.effort.work.saturating_sub(cost);
            if self.effort.work == 0 {
                return false;
            }
            if values.iter().any(|value| each.is_true_of(value)) {
                continue;
            }
            let mut found = None;
            let mut left = MAX_VALUES;
            each.offer(column, ty, true, &mut |scalar| {
                left -= 1;
                if let Some(value) = written(scalar, ty)
                    && each.is_true_of(&value)
                    && is_fit(&value)
                {
                    found = Some(value);
                }
                found.is_some() || left == 0
            });
            let mut text = || {
                texts_for(asked, &[*each], self.effort)
                    .and_then(|text| written(Scalar::Str(text.into()), ty))
            };
            match found.or_else(|| text().filter(|value| each.is_true_of(value) && is_fit(value))) {
                Some(value) => values.push(value),
                None => return false,
            }
        }
        values.len() > 1 && self.attempt(at, values, asked)
    }

    /// Values for variables that meet in some test: likely ones of each, in every combination as far
    /// as that goes.
    fn several(&mut self, members: &[usize], asked: &[Asked<'p>]) -> bool {
        let mut pools: Vec<Vec<Vec<Value<'static>>>> = Vec::new();
        for at in members {
            let Some(var) = self.vars.vars.get(*at) else { return false };
            let (column, ty, number, must, rather) =
                (var.column, var.ty, var.number, var.must, var.rather);
            let held = var.held.clone();
            // What is asked of this variable alone.
            let own: Vec<Asked<'p>> = asked
                .iter()
                .filter(|asked| {
                    let mut fields = asked.test.subject.fields().iter();
                    fields.all(|f| self.vars.var_of(asked.slot, &f.column) == Some(*at))
                })
                .copied()
                .collect();
            let mut pool: Vec<Vec<Value<'static>>> = vec![held];
            let mut add = |solver: &mut Self, scalar: Scalar<'static>| {
                let Some(value) = written(scalar, ty) else { return false };
                let mut values = vec![value];
                if solver.mends {
                    values = solver.beside(*at, values, &own);
                }
                if pool.len() < MAX_EACH
                    && !pool.contains(&values)
                    && solver.attempt(*at, values.clone(), &own)
                {
                    pool.push(values);
                }
                false
            };
            for each in &own {
                each.offer(column, ty, true, &mut |scalar| add(self, scalar));
            }
            if !own.is_empty() {
                let wanted: Vec<&Asked<'p>> = own.iter().filter(|a| a.needs_value()).collect();
                joined(&wanted, (column, ty), &mut |scalar| add(self, scalar));
                texts_for(&own, &wanted, self.effort).into_iter().for_each(|text| {
                    add(self, Scalar::Str(text.into()));
                });
            }
            if own.is_empty() || rather {
                natural(column, ty, number, &mut |scalar| add(self, scalar));
            }
            for each in asked {
                let Subject::Computed(computed) = &each.test.subject else { continue };
                let found = Suggestions::of(
                    &computed.expr,
                    &computed.ty,
                    &each.test.predicate,
                    &computed.fields,
                );
                for (field, scalar) in found.0 {
                    let column = computed.fields.get(field).map(|field| field.column.as_ref());
                    if column.and_then(|c| self.vars.var_of(each.slot, c)) == Some(*at) {
                        add(self, scalar);
                    }
                }
            }
            let rather = rather || own.iter().any(Asked::is_about_values);
            // Missing comes first, unless it must not be, or should rather not.
            if self.mends {
                if !must && self.attempt(*at, Vec::new(), &own) {
                    pool.push(Vec::new());
                }
            } else if must || !self.attempt(*at, Vec::new(), &own) {
                pool.remove(0);
            } else if rather {
                pool.rotate_left(1);
            }
            pools.push(pool);
        }
        if self.mends && self.one_of_several(members, &pools, asked) {
            return true;
        }
        let mut places = vec![0_usize; members.len()];
        for _ in 0..MAX_TUPLES {
            for ((at, place), pool) in members.iter().zip(&places).zip(&pools) {
                let Some(values) = pool.get(*place) else { return false };
                self.set(*at, values.clone());
            }
            self.effort.work = self.effort.work.saturating_sub(1 + asked.len() as u64);
            if self.effort.work == 0 {
                return false;
            }
            if self.all_hold(asked) {
                return true;
            }
            let mut turned = false;
            for (place, pool) in places.iter_mut().zip(&pools) {
                *place += 1;
                if *place < pool.len() {
                    turned = true;
                    break;
                }
                *place = 0;
            }
            if !turned {
                return false;
            }
        }
        false
    }
}

/// Does the test look at values, so that a field it names had better have one? What asks only
/// whether there is any is content without.
pub(super) fn is_about_values(test: &Test) -> bool {
    !matches!(test.predicate, Predicate::Exists | Predicate::IsNull)
}

/// Writes a number without a fraction as an integer; false of one with a fraction.
fn to_whole(value: &mut Value<'static>) -> bool {
    let Value::Num(Number::Float(float)) = value else { return true };
    let Some(number) = Number::parse(&format!("{float:.0}")).filter(|_| float.fract() == 0.0)
    else {
        return false;
    };
    *value = Value::Num(number);
    true
}

impl<'p> Asked<'p> {
    /// Must some value make the predicate true?
    pub(super) fn needs_value(&self) -> bool {
        self.want != self.test.negated
    }

    /// Had the fields better have a value?
    fn is_about_values(&self) -> bool {
        !self.beside && is_about_values(self.test)
    }

    /// Must there be no value?
    pub(super) fn needs_absence(&self) -> bool {
        match self.test.predicate {
            Predicate::IsNull => self.needs_value(),
            Predicate::Exists => !self.needs_value(),
            _ => false,
        }
    }

    /// Does this one value make the predicate true?
    pub(super) fn is_true_of(&self, value: &Value<'static>) -> bool {
        let values = std::slice::from_ref(value);
        let all = vec![values; self.test.subject.fields().len()];
        test_holds(self.test, &all) != self.test.negated
    }

    /// Offers values with a view to this test: those for which its predicate should hold, or with
    /// `likely` false, whatever it names.
    pub(super) fn offer(
        &self,
        column: &str,
        ty: &Type,
        likely: bool,
        take: &mut dyn FnMut(Scalar<'static>) -> bool,
    ) -> bool {
        match &self.test.subject {
            Subject::Field(_) => {
                offer(&self.test.predicate, likely || self.needs_value(), (column, ty), take)
            }
            Subject::Computed(computed) => {
                let found = Suggestions::of(
                    &computed.expr,
                    &computed.ty,
                    &self.test.predicate,
                    &computed.fields,
                );
                found.0.into_iter().any(|(_, scalar)| take(scalar))
            }
        }
    }
}
