//! Where the chances come from. Whoever edits says what it did.

/// The chances of one transaction; equal seeds roll alike.
pub(crate) struct Dice {
    state: u64,
    /// What was done, by name, such as `List::push`.
    pub(crate) done: Vec<&'static str>,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice { state: seed, done: Vec::new() }
    }
    /// A number below `sides`: splitmix64.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed >> 33) % sides as u64).expect("it is below `sides`")
    }
    /// An index of something this long.
    pub(crate) fn index(&mut self, len: usize) -> Option<usize> {
        (len > 0).then(|| self.roll(len))
    }
    /// A part of something this long.
    pub(crate) fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let from = self.roll(len + 1);
        from..from + self.roll((len - from).min(3) + 1)
    }
    pub(crate) fn did(&mut self, what: &'static str) {
        self.done.push(what);
    }
}

/// A value by chance.
pub(crate) trait Roll: Sized {
    fn roll(dice: &mut Dice) -> Self;
    /// Up to two.
    fn some(dice: &mut Dice) -> Vec<Self> {
        (0..dice.roll(3)).map(|_| Self::roll(dice)).collect()
    }
}

/// Something to be changed by chance, in one place.
pub(crate) trait Edit: Roll {
    fn edit(&mut self, dice: &mut Dice);
}

impl Roll for i64 {
    fn roll(dice: &mut Dice) -> Self {
        i64::try_from(dice.roll(300)).expect("it is small") - 150
    }
}
impl Roll for bool {
    fn roll(dice: &mut Dice) -> Self {
        dice.roll(2) == 1
    }
}
impl Roll for f64 {
    fn roll(dice: &mut Dice) -> Self {
        // Not -0.0: it equals 0.0, so that the one in place of the other is no change.
        [0.0, 1.0, 0.1, -2.5, 1e300, 5e-324, 9_007_199_254_740_992.0][dice.roll(7)]
    }
}
impl Roll for String {
    fn roll(dice: &mut Dice) -> Self {
        ["", "x", "a,b", "q\"]", "ü", "k]\\", "𝄞", "e\u{301}\n", "not so short"][dice.roll(9)].to_owned()
    }
}
impl<T: Roll> Roll for Option<T> {
    fn roll(dice: &mut Dice) -> Self {
        (dice.roll(2) == 1).then(|| T::roll(dice))
    }
}
impl<T: Roll> Roll for Vec<T> {
    fn roll(dice: &mut Dice) -> Self {
        T::some(dice)
    }
}
impl<A: Roll, B: Roll> Roll for (A, B) {
    fn roll(dice: &mut Dice) -> Self {
        (A::roll(dice), B::roll(dice))
    }
}

macro_rules! leaves {
    ($($ty:ty),*) => { $(
        impl Edit for $ty {
            fn edit(&mut self, dice: &mut Dice) {
                dice.did("leaf = ..");
                *self = Roll::roll(dice);
            }
        }
    )* };
}
leaves!(i64, bool, f64, String, Option<i64>, Vec<String>, (i64, String));
