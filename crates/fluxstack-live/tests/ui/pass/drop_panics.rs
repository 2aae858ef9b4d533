use fluxstack_live::{
    __private::{LiveActions, LiveComponent, Ops},
    prelude::*,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A field of the server's own whose copies panic when they are dropped.
struct Bomb {
    is_copy: bool,
}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        Bomb { is_copy: true }
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.is_copy, "on purpose");
    }
}

#[derive(LiveComponent)]
struct Counter {
    bomb: Bomb,
    #[live]
    count: i64,
    #[live(leaf)]
    leaf: i64,
}

#[live_type]
struct Props {}

#[live_actions]
impl Counter {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Counter { bomb: Bomb { is_copy: false }, count: 0, leaf: 0 })
    }
}

/// What is committed is accepted before any of the user's code may panic.
fn main() {
    let _ = Counter::ACTIONS;
    std::panic::set_hook(Box::new(|_| {}));
    let mut counter = Counter { bomb: Bomb { is_copy: false }, count: 0, leaf: 0 };
    let mut shadow = counter.shadow();
    counter.begin(&mut shadow);
    (counter.count, counter.leaf) = (1, 1);
    catch_unwind(AssertUnwindSafe(|| counter.accept(&mut shadow))).unwrap_err();
    let mut ops = Ops::default();
    counter.diff(&shadow, &mut ops);
    let _ = std::panic::take_hook();
    assert!(ops.finish().unwrap().is_empty());
}
