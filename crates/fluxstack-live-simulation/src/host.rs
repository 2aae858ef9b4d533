//! tokio's clock and tasks for the engine, and chance from the seed.
use crate::dice::Dice;
use fluxstack_live_core::host::{BoxFuture, Host};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{runtime::Handle, time::Instant};

pub(crate) struct SeededHost {
    started: Instant,
    /// Goes on over restarts, so that no epoch comes twice.
    dice: Arc<Mutex<Dice>>,
}

impl SeededHost {
    pub(crate) fn new(dice: Arc<Mutex<Dice>>) -> Self {
        SeededHost { started: Instant::now(), dice }
    }
}

impl Host for SeededHost {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        // A server that crashes has no runtime any more when its engine is dropped.
        if let Ok(runtime) = Handle::try_current() {
            drop(runtime.spawn(task));
        }
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
    fn now(&self) -> Duration {
        self.started.elapsed()
    }
    fn random(&self) -> u128 {
        let mut dice = self.dice.lock().expect("no code panics while it holds the dice");
        u128::from(dice.next()) << 64 | u128::from(dice.next())
    }
}
