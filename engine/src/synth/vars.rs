//! The unknowns: one for each field of each event, in common where a join key makes fields equal.

use crate::funcs::Param;
use crate::hir::{FieldRef, Key, Predicate, Subject, Test, ValueExpr};
use crate::plan::{Leaf, NodeId, NodeKind, Plan, Stage};
use crate::time::Instant;
use crate::ty::Type;
use crate::value::{Number, Scalar, Value};

/// An event to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'p> {
    /// The stage whose keys it has.
    pub(super) stage: &'p Stage,
    /// Does it share its key values with the others? `except` is the position of a key that is its
    /// own all the same.
    pub(super) joined: bool,
    pub(super) except: Option<usize>,
    /// Is something asked of it with regard to other stages, too?
    pub(super) apart: bool,
    /// When it happens.
    pub(super) time: Instant,
}

/// A field without its event.
#[derive(Debug)]
pub(super) struct Var<'p> {
    pub(super) column: &'p str,
    pub(super) ty: &'p Type,
    /// Does the index hold whole numbers there? What nothing declares may have a fraction.
    pub(super) whole: bool,
    /// Must it have a value? A required join key.
    pub(super) must: bool,
    /// Should it rather have a value, although it need not?
    pub(super) rather: bool,
    /// Tells the values of keys apart; 0 for fields that are none.
    pub(super) number: u32,
    /// The event's own time, where this is its field.
    pub(super) time: Option<Instant>,
    /// Its values; empty while it is missing.
    pub(super) values: Vec<Value<'static>>,
    /// Of an event that is there, what it has in the field, and whether that is a list.
    pub(super) held: Vec<Value<'static>>,
    pub(super) is_list: bool,
    /// Variables of one group occur in one test together.
    pub(super) group: usize,
}

/// The type that the query takes a field for which nothing declares: were its values of another,
/// the query would be refused or mean something else.
fn meant(plan: &Plan, column: &str) -> Option<&'static Type> {
    plan.nodes().iter().find_map(|node| {
        let NodeKind::Leaf { leaf: Leaf::Test(test), .. } = &node.kind else { return None };
        match &test.subject {
            Subject::Field(field) => {
                (*field.column == *column).then(|| compared(&test.predicate)).flatten()
            }
            Subject::Computed(computed) => {
                let at = computed.fields.iter().position(|field| *field.column == *column)?;
                passed(&computed.expr, at)
            }
        }
    })
}

/// The type of the literals of a predicate.
fn compared(predicate: &Predicate) -> Option<&'static Type> {
    Some(match predicate {
        Predicate::Exists | Predicate::IsNull => return None,
        Predicate::OneOf(items, _) => return items.first().and_then(compared),
        Predicate::Like(..) | Predicate::Regex(_) => &Type::String,
        Predicate::Equals(scalar)
        | Predicate::Ordered(_, scalar)
        | Predicate::Within(scalar, _) => match scalar {
            Scalar::Num(Number::Float(_)) => &Type::Decimal,
            Scalar::Num(_) => &Type::Integer,
            Scalar::Bool(_) => &Type::Boolean,
            Scalar::Ip(_) => &Type::Ip,
            Scalar::Str(_) | Scalar::Date(_) | Scalar::Version(_) => &Type::String,
        },
    })
}

/// The type that an expression takes the field at this position for.
fn passed(expr: &ValueExpr, at: usize) -> Option<&'static Type> {
    match expr {
        ValueExpr::Constant(_) | ValueExpr::Field(_) => None,
        ValueExpr::Arithmetic(_, sides) => {
            let side = |side: &ValueExpr| match side {
                ValueExpr::Field(field) if *field == at => Some(&Type::Integer),
                other => passed(other, at),
            };
            side(&sides.0).or_else(|| side(&sides.1))
        }
        ValueExpr::Test(inner, predicate, _) => match inner.as_ref() {
            ValueExpr::Field(field) if *field == at => compared(predicate),
            other => passed(other, at),
        },
        ValueExpr::Call(function, _, args) => {
            args.iter().enumerate().find_map(|(n, arg)| match arg {
                ValueExpr::Field(field) if *field == at => Some(match function.param(n)? {
                    Param::Number | Param::Integer | Param::ConstantInteger => &Type::Integer,
                    Param::Boolean => &Type::Boolean,
                    Param::Ip => &Type::Ip,
                    Param::String | Param::Block | Param::Any => &Type::String,
                }),
                other => passed(other, at),
            })
        }
    }
}

/// Ends of the names of fields that are lists in real events.
const LISTS: [&str; 4] = ["args", "event.category", "event.type", ".ip"];

/// Is a field of this name a list in real events?
pub(super) fn is_list(column: &str) -> bool {
    LISTS.iter().any(|end| column.ends_with(end))
}

/// All variables of a set of events.
#[derive(Debug)]
pub(super) struct Vars<'p> {
    pub(super) plan: &'p Plan,
    pub(super) vars: Vec<Var<'p>>,
    /// Per event its columns and their variables.
    pub(super) columns: Vec<Vec<(&'p str, usize)>>,
}

impl<'p> Vars<'p> {
    /// The variables of these events, numbered `number` among the cases of a rule.
    pub(super) fn new(plan: &'p Plan, slots: &[Slot<'p>], number: u32) -> Self {
        let mut vars = Self { plan, vars: Vec::new(), columns: vec![Vec::new(); slots.len()] };
        let mut shared: Vec<Option<usize>> = Vec::new();
        let timestamp = plan.time().timestamp.as_ref();
        for (at, slot) in slots.iter().enumerate() {
            for (position, key) in slot.stage.keys.iter().enumerate() {
                let own = !slot.joined || slot.except == Some(position);
                if shared.len() <= position {
                    shared.resize(position + 1, None);
                }
                let known = shared.get(position).copied().flatten().filter(|_| !own);
                // What is to differ gets another number.
                let apart = if slot.except == Some(position) { 500 } else { 0 };
                let var =
                    known.unwrap_or_else(|| vars.add(&key.field, &key.field.ty, number + apart));
                if let Some(shared) = shared.get_mut(position).filter(|_| !own) {
                    *shared = Some(var);
                }
                vars.key(at, var, key, slot.joined);
            }
            let others = plan.stages().iter().filter(|_| slot.apart);
            let mut last = None;
            for stage in [slot.stage].into_iter().chain(plan.until()).chain(others) {
                // What `runs` repeats is the same.
                if last.replace(stage.node) != Some(stage.node) {
                    let end = plan.node(stage.node).map_or(stage.node, |node| node.end);
                    vars.leaves(at, stage.node, end);
                }
            }
            if let Some(var) = vars.var_of(at, timestamp).and_then(|var| vars.vars.get_mut(var)) {
                var.must = true;
                var.time = Some(slot.time);
            }
        }
        vars
    }

    fn add(&mut self, field: &'p FieldRef, ty: &'p Type, number: u32) -> usize {
        let column = field.column.as_ref();
        let group = self.vars.len();
        let ty = if *ty == Type::Null { meant(self.plan, column).unwrap_or(ty) } else { ty };
        self.vars.push(Var {
            column,
            ty,
            whole: field.declared && field.ty == Type::Integer,
            must: false,
            rather: false,
            number,
            time: None,
            values: Vec::new(),
            held: Vec::new(),
            is_list: false,
            group,
        });
        group
    }

    /// The variable is a key of the event.
    fn key(&mut self, slot: usize, var: usize, key: &'p Key, joined: bool) {
        if let Some(var) = self.vars.get_mut(var) {
            var.must |= !key.optional && joined;
            var.rather = true;
        }
        match self.var_of(slot, &key.field.column) {
            // Two keys by one field: whatever is equal to the one is equal to the other.
            Some(known) if known != var => {
                for (_, each) in self.columns.iter_mut().flatten() {
                    if *each == var {
                        *each = known;
                    }
                }
            }
            Some(_) => {}
            None => self.place(slot, &key.field.column, var),
        }
    }

    /// Variables for all leaves of some nodes.
    fn leaves(&mut self, slot: usize, from: NodeId, end: NodeId) {
        let plan = self.plan;
        let nodes = plan.nodes().get(from.0 as usize..end.0 as usize).unwrap_or_default();
        for node in nodes {
            let NodeKind::Leaf { leaf: Leaf::Test(test), .. } = &node.kind else { continue };
            let mut first: Option<usize> = None;
            for field in test.subject.fields() {
                let var = match self.var_of(slot, &field.column) {
                    Some(var) => var,
                    None => {
                        let ty = match (&field.ty, &test.subject) {
                            // The test itself says what a field is that nothing declares.
                            (Type::Null, Subject::Field(_)) => {
                                compared(&test.predicate).unwrap_or(&field.ty)
                            }
                            (ty, _) => ty,
                        };
                        let var = self.add(field, ty, 0);
                        self.place(slot, &field.column, var);
                        var
                    }
                };
                match first {
                    None => first = Some(var),
                    Some(first) => self.join_groups(first, var),
                }
            }
        }
    }

    /// A field with several values that real events have one of.
    pub(super) fn unusual_list(&self) -> Option<&'p str> {
        let vars = self.vars.iter();
        vars.filter(|var| var.values.len() > 1)
            .map(|var| var.column)
            .find(|column| !is_list(column))
    }

    /// The columns of an event are sorted.
    fn place(&mut self, slot: usize, column: &'p str, var: usize) {
        let Some(columns) = self.columns.get_mut(slot) else { return };
        if let Err(at) = columns.binary_search_by(|(name, _)| (*name).cmp(column)) {
            columns.insert(at, (column, var));
        }
    }

    fn join_groups(&mut self, a: usize, b: usize) {
        let (Some(a), Some(b)) = (self.group(a), self.group(b)) else { return };
        if a == b {
            return;
        }
        for var in &mut self.vars {
            if var.group == b {
                var.group = a;
            }
        }
    }

    fn group(&self, var: usize) -> Option<usize> {
        self.vars.get(var).map(|var| var.group)
    }

    /// The variable of a field of an event.
    pub(super) fn var_of(&self, slot: usize, column: &str) -> Option<usize> {
        let columns = self.columns.get(slot)?;
        let at = columns.binary_search_by(|(name, _)| (*name).cmp(column)).ok()?;
        columns.get(at).map(|(_, var)| *var)
    }

    /// The variables of one group.
    pub(super) fn members(&self, group: usize) -> Vec<usize> {
        (0..self.vars.len()).filter(|var| self.group(*var) == Some(group)).collect()
    }

    /// The test at a leaf; `None` for a constant and for what is no leaf.
    pub(super) fn test(&self, node: NodeId) -> Option<&'p Test> {
        match &self.plan.node(node)?.kind {
            NodeKind::Leaf { leaf: Leaf::Test(test), .. } => Some(test),
            _ => None,
        }
    }

    /// The group that a test of an event belongs to.
    pub(super) fn group_of(&self, slot: usize, test: &Test) -> Option<usize> {
        self.group(self.var_of(slot, &test.subject.fields().first()?.column)?)
    }

    /// Does the test hold for an event as it stands?
    pub(super) fn holds(&self, slot: usize, test: &Test) -> bool {
        let values = |column: &str| -> &[Value<'static>] {
            let var = self.var_of(slot, column).and_then(|var| self.vars.get(var));
            var.map(|var| var.values.as_slice()).unwrap_or_default()
        };
        match &test.subject {
            // The common case makes no list.
            Subject::Field(field) => crate::eval::test_holds(test, &[values(&field.column)]),
            Subject::Computed(computed) => {
                let all: Vec<&[Value<'static>]> =
                    computed.fields.iter().map(|field| values(&field.column)).collect();
                crate::eval::test_holds(test, &all)
            }
        }
    }
}
