//! Stable sorting by one piece of code for all types: the library's is four kilobytes for each.

use std::cmp::Ordering;

/// Sorts; equal elements keep their order. For lists that are sorted now and then: where speed
/// counts, the library's own sorting knows the type.
pub fn by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let swaps = swaps(items.len(), &|one, two| match (items.get(one), items.get(two)) {
        (Some(one), Some(two)) => compare(one, two),
        _ => Ordering::Equal,
    });
    for (one, two) in swaps {
        items.swap(one, two);
    }
}

/// Sorts upwards, as [`by`] does.
pub fn up<T: Ord>(items: &mut [T]) {
    by(items, Ord::cmp);
}

/// What to swap, one pair after the other, so that the elements stand in order.
#[inline(never)]
fn swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, two| compare(*one, *two));
    let mut swaps = Vec::new();
    // Each place takes its element from another one, which is free for its own then.
    for start in 0..count {
        let mut place = start;
        while let Some(from) = order.get_mut(place).map(|from| std::mem::replace(from, place)) {
            if from == start || from == place {
                break;
            }
            swaps.push((place, from));
            place = from;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    #[test]
    fn equal_elements_keep_their_order() {
        let mut items: Vec<(u8, String)> =
            "b1 a1 c1 a2 b2 a3".split(' ').map(|item| (item.as_bytes()[0], item.into())).collect();
        super::by(&mut items, |one, two| one.0.cmp(&two.0));
        let sorted: Vec<&str> = items.iter().map(|(_, item)| item.as_str()).collect();
        assert_eq!(sorted, ["a1", "a2", "a3", "b1", "b2", "c1"]);
    }
}
