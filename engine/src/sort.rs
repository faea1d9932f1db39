//! Stable sorting by one piece of code for all types: the library's is four kilobytes for each.

use std::cmp::Ordering;

/// Sorts; equal elements keep their order. For lists that are sorted now and then: where speed
/// counts, the library's own sorting knows the type.
pub fn by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &|one, two| match (items.get(one), items.get(two)) {
        (Some(one), Some(two)) => compare(one, two),
        _ => Ordering::Equal,
    });
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken.get_mut(at)?.take()));
}

#[inline(never)]
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, two| compare(*one, *two));
    order
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
