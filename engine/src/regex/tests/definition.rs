//! The definition of the language as a second opinion, on random patterns.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::dfa::{Limits, Matcher};
use super::super::*;
use Case::{Insensitive, Sensitive};

/// A pattern as the definition of its language; printed and parsed it must mean the same.
#[derive(Clone, Debug)]
enum Ast {
    Char(char),
    Dot,
    /// Negated or not.
    Class(bool, Vec<char>),
    Quoted(String),
    Empty,
    Nothing,
    Any,
    Union(Vec<Ast>),
    Inter(Vec<Ast>),
    Concat(Vec<Ast>),
    Repeat(Box<Ast>, usize, Option<usize>),
    Not(Box<Ast>),
}

impl Ast {
    /// How tightly the printed form holds together: union 0, atom 5.
    fn level(&self) -> u8 {
        match self {
            Self::Union(_) => 0,
            Self::Inter(_) => 1,
            Self::Concat(_) => 2,
            Self::Repeat(..) => 3,
            Self::Not(_) => 4,
            _ => 5,
        }
    }

    /// The pattern, with as few parentheses as the grammar allows.
    fn print(&self, level: u8) -> String {
        let join = |parts: &[Ast], level, between: &str| {
            parts.iter().map(|part| part.print(level)).collect::<Vec<_>>().join(between)
        };
        let text = match self {
            Self::Char(c @ ('.' | '~')) => format!("\\{c}"),
            Self::Char(c) => c.to_string(),
            Self::Dot => ".".into(),
            Self::Class(negated, items) => {
                let hat = if *negated { "^" } else { "" };
                format!("[{hat}{}]", items.iter().collect::<String>())
            }
            Self::Quoted(text) => format!("\"{text}\""),
            Self::Empty => "()".into(),
            Self::Nothing => "#".into(),
            Self::Any => "@".into(),
            Self::Union(parts) => join(parts, 1, "|"),
            Self::Inter(parts) => join(parts, 2, "&"),
            Self::Concat(parts) => join(parts, 3, ""),
            Self::Repeat(inner, min, max) => {
                let inner = inner.print(3);
                match (min, max) {
                    (0, Some(1)) => format!("{inner}?"),
                    (0, None) => format!("{inner}*"),
                    (1, None) => format!("{inner}+"),
                    (min, None) => format!("{inner}{{{min},}}"),
                    (min, Some(max)) if min == max => format!("{inner}{{{min}}}"),
                    (min, Some(max)) => format!("{inner}{{{min},{max}}}"),
                }
            }
            Self::Not(inner) => format!("~{}", inner.print(4)),
        };
        if self.level() < level { format!("({text})") } else { text }
    }

    /// Where a match that begins at `from` may end.
    fn ends(&self, text: &[char], from: usize, case: Case) -> BTreeSet<usize> {
        let same = |a: char, b: char| case.eq(&a.to_string(), &b.to_string());
        let one = |matches: &dyn Fn(char) -> bool| {
            text.get(from).filter(|c| matches(**c)).map(|_| from + 1).into_iter().collect()
        };
        let all = || (from..=text.len()).collect::<BTreeSet<_>>();
        let after = |starts: BTreeSet<usize>, part: &Ast| {
            starts.into_iter().flat_map(|start| part.ends(text, start, case)).collect()
        };
        match self {
            Self::Char(c) => one(&|d| same(*c, d)),
            Self::Dot => one(&|_| true),
            Self::Class(negated, items) => one(&|d| items.iter().any(|c| same(*c, d)) != *negated),
            Self::Quoted(quoted) => {
                quoted.chars().fold([from].into(), |starts, c| after(starts, &Self::Char(c)))
            }
            Self::Empty => [from].into(),
            Self::Nothing => BTreeSet::new(),
            Self::Any => all(),
            Self::Union(parts) => parts.iter().flat_map(|p| p.ends(text, from, case)).collect(),
            Self::Inter(parts) => parts.iter().fold(all(), |ends, part| {
                ends.intersection(&part.ends(text, from, case)).copied().collect()
            }),
            Self::Concat(parts) => parts.iter().fold([from].into(), after),
            Self::Repeat(inner, min, max) => {
                let (mut ends, mut reached) = (BTreeSet::new(), BTreeSet::from([from]));
                // More rounds than characters add nothing but empty ones.
                for round in 0..=max.unwrap_or(min + text.len() + 1) {
                    if round >= *min {
                        ends.extend(&reached);
                    }
                    reached = after(reached, inner);
                }
                ends
            }
            Self::Not(inner) => &all() - &inner.ends(text, from, case),
        }
    }
}

fn ast() -> impl Strategy<Value = Ast> {
    let letter = || prop::sample::select(vec!['a', 'b', 'A', '.']);
    let leaf = prop_oneof![
        6 => letter().prop_map(Ast::Char),
        2 => Just(Ast::Dot),
        2 => (any::<bool>(), prop::collection::vec(letter(), 1..3))
            .prop_map(|(negated, items)| Ast::Class(negated, items)),
        1 => "[abA.]{0,3}".prop_map(Ast::Quoted),
        1 => Just(Ast::Empty),
        1 => Just(Ast::Nothing),
        1 => Just(Ast::Any),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            2 => parts().prop_map(Ast::Union),
            2 => parts().prop_map(Ast::Inter),
            4 => parts().prop_map(Ast::Concat),
            3 => (inner.clone(), 0..3_usize, prop::option::of(0..3_usize)).prop_map(
                |(inner, min, more)| Ast::Repeat(Box::new(inner), min, more.map(|more| min + more))
            ),
            2 => inner.clone().prop_map(|inner| Ast::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn agrees_with_the_definition(
        ast in ast(),
        texts in prop::collection::vec("[abA.c]{0,7}", 1..8),
        folds in any::<bool>(),
    ) {
        let case = if folds { Insensitive } else { Sensitive };
        let pattern = ast.print(0);
        let regex = Regex::new(&[&pattern], case).unwrap();
        let mut matcher = regex.matcher();
        // Drops its states at every step.
        let mut forgetful =
            Matcher::new(&regex.program, Limits { states: 1, table: 1, cost: 1 });
        for text in &texts {
            let chars: Vec<char> = text.chars().collect();
            let expected = ast.ends(&chars, 0, case).contains(&chars.len());
            prop_assert_eq!(matcher.is_match(text), expected, "{} on {}", pattern, text);
            prop_assert_eq!(forgetful.is_match(text), expected, "{} on {}", pattern, text);
        }
    }

    #[test]
    fn any_text_is_a_pattern_or_has_a_fault_inside_it(
        pattern in prop_oneof![
            r#"[ab0-9<>{}()\[\]|&~@#"\\^$?*+.,:dwé-]{0,40}"#,
            "\\PC{0,20}",
        ],
        text in "\\PC{0,10}",
    ) {
        match Regex::new(&[&pattern], Insensitive) {
            Ok(regex) => {
                let found = regex.is_match(&text);
                let negated = format!("~({pattern})");
                if !pattern.is_empty() {
                    prop_assert_eq!(regex_or(&negated, &text, !found), !found);
                }
            }
            Err(error) => {
                prop_assert!(error.start < error.end, "{:?}", error);
                prop_assert!(pattern.get(error.start..error.end).is_some(), "{:?}", error);
            }
        }
        for remark in remarks(&pattern, Insensitive) {
            prop_assert!(pattern.get(remark.start..remark.end).is_some_and(|t| !t.is_empty()));
        }
    }
}

/// The answer of a pattern, or `otherwise` where it has a fault.
fn regex_or(pattern: &str, text: &str, otherwise: bool) -> bool {
    Regex::new(&[pattern], Insensitive).map_or(otherwise, |regex| regex.is_match(text))
}
