//! The logistic function and its inverse as tables, made with exact arithmetic alone: the library
//! functions of two machines differ in the last bit, and one bit would be the end of unpacking.

/// Chances are counted in 65,536.
pub(crate) const CERTAIN: u32 = 1 << 16;

/// No bit is more certain than this.
const LEAST: u32 = 24;

/// Entries of the table of chances, and how many of them make a unit of the logarithm of the odds.
const STEPS: usize = 4096;
const UNIT: f32 = 170.0;

pub(crate) struct Odds {
    /// Of steps, the chance.
    chances: [u16; STEPS],
    /// Of a chance in 4,096, the logarithm of the odds.
    odds: [f32; STEPS],
}

impl Odds {
    pub(crate) fn new() -> Self {
        let mut new = Self { chances: [0; STEPS], odds: [0.0; STEPS] };
        // e to the power of half a unit's step, from its series; then step by step from the middle.
        let half = 0.5 / f64::from(UNIT);
        let root = 1.0 + half * (1.0 + half / 2.0 * (1.0 + half / 3.0 * (1.0 + half / 4.0)));
        let mut power = root;
        let (below, above) = new.chances.split_at_mut(STEPS / 2);
        for (above, below) in above.iter_mut().zip(below.iter_mut().rev()) {
            let chance = f64::from(CERTAIN) * power / (1.0 + power);
            *above = (chance as u32).min(CERTAIN - LEAST) as u16;
            *below = (CERTAIN - u32::from(*above)) as u16;
            power *= root * root;
        }
        let mut step = 0;
        for (chance, odds) in (8..=u16::MAX).step_by(16).zip(&mut new.odds) {
            while new.chances.get(step).is_some_and(|reached| *reached < chance) {
                step += 1;
            }
            *odds = (step as f32 - (STEPS / 2) as f32) / UNIT;
        }
        new
    }

    /// The logarithm of the odds of a chance.
    pub(crate) fn of(&self, chance: u16) -> f32 {
        self.odds.get(usize::from(chance >> 4)).copied().unwrap_or_default()
    }

    /// The chance of these odds, never 0 and never certain.
    pub(crate) fn chance(&self, odds: f32) -> u32 {
        // What is below 0, or no number, becomes 0.
        let step = (odds * UNIT + (STEPS / 2) as f32) as usize;
        u32::from(self.chances.get(step.min(STEPS - 1)).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::{CERTAIN, LEAST, Odds};

    #[test]
    fn the_tables_are_the_logistic_function_and_its_inverse() {
        let table = Odds::new();
        for chance in (64..65_472u16).step_by(64) {
            let share = f64::from(chance) / f64::from(CERTAIN);
            let odds = (share / (1.0 - share)).ln();
            assert!((f64::from(table.of(chance)) - odds).abs() < 0.15, "{chance}");
            let back = f64::from(table.chance(odds as f32));
            assert!((back - f64::from(chance)).abs() < 120.0, "{chance} {back}");
        }
    }

    #[test]
    fn nothing_is_certain() {
        let table = Odds::new();
        for odds in [-1e30, -13.0, 13.0, 1e30, f32::NAN] {
            assert!((LEAST..=CERTAIN - LEAST).contains(&table.chance(odds)), "{odds}");
        }
    }
}
