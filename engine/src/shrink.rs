//! Delta debugging: the fewest of some things with which something still holds (Zeller, Hildebrandt,
//! 2002).

/// A part of the items, in their order, for which `holds`, such that it holds for none of its parts
/// that lack just one item. It must hold for all of them.
pub fn minimal(items: Vec<u32>, holds: &mut dyn FnMut(&[u32]) -> bool) -> Vec<u32> {
    if holds(&[]) {
        return Vec::new();
    }
    let mut kept = items;
    let mut size = kept.len().div_ceil(2).max(1);
    let mut from = 0;
    // Since the last one that could go, in pieces of this size.
    let mut vain = 0;
    loop {
        if kept.len() <= 1 {
            return kept;
        }
        if vain >= kept.len().div_ceil(size) {
            if size == 1 {
                return kept;
            }
            (size, from, vain) = (size.div_ceil(2), 0, 0);
        }
        if from >= kept.len() {
            from = 0;
        }
        let upto = (from + size).min(kept.len());
        let mut rest = kept.clone();
        rest.drain(from..upto);
        if !rest.is_empty() && holds(&rest) {
            kept = rest;
            vain = 0;
        } else {
            from = upto;
            vain += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minimal;

    #[test]
    fn what_is_kept_holds_and_none_of_it_can_go() {
        // Every set of needs over eight items, and one alternative to the first of them.
        for needed in 0_u32..256 {
            let mut asked = 0;
            let mut holds = |kept: &[u32]| {
                asked += 1;
                let bits = kept.iter().fold(0, |bits, at| bits | 1 << at);
                bits & needed == needed || (needed & 1 == 1 && bits & 0b11_0000 == 0b11_0000)
            };
            let kept = minimal((0..8).collect(), &mut holds);
            assert!(holds(&kept), "{needed:b}");
            assert!(kept.is_sorted());
            for at in 0..kept.len() {
                let mut less = kept.clone();
                less.remove(at);
                assert!(!holds(&less), "{needed:b}: {kept:?} without {at}");
            }
            assert!(asked < 200);
        }
    }
}
