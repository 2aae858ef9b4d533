//! A user's own code, a copy, a comparison, a `Drop`, may panic anywhere in a method. Whatever was done until then is
//! undone exactly, or told exactly.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{
    feed::Feed,
    list::List,
    map::Map,
    schema::{Type, Types},
    value::{LiveValue, MapKey, WireType},
};
use proptest::{prelude::*, sample::select};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, cell::Cell, cmp::Ordering, fmt::Debug};
use support::{panics, watched::Watched};

thread_local! {
    /// After so many calls of a fuse's own code, one panics. None: none does.
    static FUSE: Cell<Option<u32>> = const { Cell::new(None) };
}

fn burn() {
    match FUSE.get() {
        Some(0) if !std::thread::panicking() => {
            FUSE.set(None);
            panic!("on purpose");
        }
        left => FUSE.set(left.map(|left| left.saturating_sub(1))),
    }
}

/// A number whose every trait may panic.
#[derive(Debug, Serialize, Deserialize)]
struct Fuse(i64);

impl Clone for Fuse {
    fn clone(&self) -> Self {
        burn();
        Fuse(self.0)
    }
}
impl Drop for Fuse {
    fn drop(&mut self) {
        burn();
    }
}
impl PartialEq for Fuse {
    fn eq(&self, other: &Self) -> bool {
        burn();
        self.0 == other.0
    }
}
impl Eq for Fuse {}
impl Ord for Fuse {
    fn cmp(&self, other: &Self) -> Ordering {
        burn();
        self.0.cmp(&other.0)
    }
}
impl PartialOrd for Fuse {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl WireType for Fuse {
    fn describe(_: &mut Types) -> Type {
        Type::Number
    }
}
impl MapKey for Fuse {
    fn wire(&self) -> Cow<'_, str> {
        burn();
        self.0.to_string().into()
    }
}
fluxstack_live::__private::leaf_value!([] Fuse);

fn fuses(numbers: std::ops::Range<i64>) -> impl Iterator<Item = Fuse> {
    numbers.map(Fuse)
}

type Change<T> = (&'static str, fn(&mut T));

const LIST: &[Change<List<Fuse>>] = &[
    ("push", |it| it.push(Fuse(9))),
    ("insert", |it| it.insert(it.len() / 2, Fuse(9))),
    ("extend", |it| it.extend(fuses(0..3))),
    ("append", |it| it.append(&mut fuses(5..8).collect())),
    ("resize", |it| it.resize(6, Fuse(7))),
    ("remove", |it| drop((!it.is_empty()).then(|| it.remove(0)))),
    ("swap_remove", |it| drop((!it.is_empty()).then(|| it.swap_remove(0)))),
    ("pop", |it| drop(it.pop())),
    ("drain", |it| drop(it.drain(it.len() / 3..it.len() / 2))),
    ("splice", |it| drop(it.splice(..it.len() / 2, fuses(3..5)))),
    ("truncate", |it| it.truncate(3)),
    ("clear", |it| it.clear()),
    ("retain", |it| it.retain(|fuse| fuse.0 % 2 == 0)),
    ("retain_mut", |it| it.retain_mut(|fuse| *fuse != Fuse(2))),
    ("dedup", |it| it.dedup()),
    ("sort", |it| it.sort()),
    ("reverse", |it| it.reverse()),
    ("swap", |it| {
        if it.len() > 2 {
            it.swap(0, 2)
        }
    }),
    ("move_to", |it| {
        if it.len() > 2 {
            it.move_to(2, 0)
        }
    }),
    ("iter_mut", |it| it.iter_mut().for_each(|fuse| *fuse = Fuse(fuse.0 + 1))),
    ("last_mut", |it| it.last_mut().into_iter().for_each(|fuse| *fuse = Fuse(4))),
    ("assign", |it| *it = fuses(0..2).collect()),
    ("take", |it| drop(std::mem::take(it))),
];

const FEED: &[Change<Feed<Fuse, 4>>] = &[
    ("push", |it| it.push(Fuse(9))),
    ("extend", |it| it.extend(fuses(0..3))),
    ("extend by more than it keeps", |it| it.extend(fuses(0..7))),
    ("remove", |it| drop(it.remove(1))),
    ("pop_first", |it| drop(it.pop_first())),
    ("retain", |it| it.retain(|fuse| fuse.0 % 2 == 0)),
    ("clear", |it| it.clear()),
    ("iter_mut", |it| it.iter_mut().for_each(|fuse| *fuse = Fuse(fuse.0 + 1))),
    ("assign", |it| *it = fuses(0..2).collect()),
];

const MAP: &[Change<Map<Fuse, Fuse>>] = &[
    ("insert", |it| drop(it.insert(Fuse(2), Fuse(9)))),
    ("insert anew", |it| drop(it.insert(Fuse(7), Fuse(9)))),
    ("extend", |it| it.extend(fuses(2..5).zip(fuses(0..3)))),
    ("append", |it| it.append(&mut fuses(3..6).zip(fuses(0..3)).collect())),
    ("remove", |it| drop(it.remove(&Fuse(1)))),
    ("pop_first", |it| drop(it.pop_first())),
    ("pop_last", |it| drop(it.pop_last())),
    ("retain", |it| it.retain(|key, _| key.0 % 2 == 0)),
    ("clear", |it| it.clear()),
    ("entry", |it| *it.entry(Fuse(1)).or_insert(Fuse(0)) = Fuse(5)),
    ("entry anew", |it| _ = it.entry(Fuse(8)).or_insert_with(|| Fuse(1))),
    ("entry removed", |it| drop(it.first_entry().map(|entry| entry.remove()))),
    ("get_mut", |it| it.get_mut(&Fuse(0)).into_iter().for_each(|fuse| *fuse = Fuse(6))),
    ("values_mut", |it| it.values_mut().for_each(|fuse| *fuse = Fuse(fuse.0 + 1))),
    ("assign", |it| *it = fuses(0..2).zip(fuses(0..2)).collect()),
];

/// Makes changes until one panics, if one does; then it is undone, or told as far as it came.
fn survives<T: LiveValue + PartialEq + Debug>(begin: T, series: Vec<(Vec<Change<T>>, u32, bool)>) {
    let mut watched = Watched::new(begin);
    for (changes, fuse, is_undone) in series {
        FUSE.set(Some(fuse));
        panics(|| changes.iter().for_each(|(_, change)| change(&mut watched.value)));
        FUSE.set(None);
        if is_undone {
            watched.roll_back();
        } else {
            watched.commit();
        }
    }
}

fn series<T: Debug + 'static>(
    changes: &'static [Change<T>],
) -> impl Strategy<Value = Vec<(Vec<Change<T>>, u32, bool)>> {
    let transaction = (prop::collection::vec(select(changes), 1..5), 0..60_u32, any::<bool>());
    prop::collection::vec(transaction, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]
    #[test]
    fn a_list_survives_a_panic_anywhere(series in series(LIST)) {
        survives(fuses(0..6).collect(), series);
    }
    #[test]
    fn a_feed_survives_a_panic_anywhere(series in series(FEED)) {
        survives(fuses(0..4).collect(), series);
    }
    #[test]
    fn a_map_survives_a_panic_anywhere(series in series(MAP)) {
        survives(fuses(0..4).zip(fuses(0..4)).collect(), series);
    }
}
