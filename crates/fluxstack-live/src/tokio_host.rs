//! tokio's clock and tasks, and the system's randomness, for the engine.
use fluxstack_live_core::host::{BoxFuture, Host};
use std::time::Duration;
use tokio::{runtime::Handle, time::Instant};

/// The world of a server.
pub(crate) struct TokioHost {
    /// By tokio's clock, which a test may pause, like `sleep`.
    started: Instant,
    /// The runtime it was made in, for what is spawned by a thread that is in none.
    runtime: Option<Handle>,
}

impl TokioHost {
    pub(crate) fn new() -> Self {
        TokioHost { started: Instant::now(), runtime: Handle::try_current().ok() }
    }
}

impl Host for TokioHost {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        match Handle::try_current().ok().or_else(|| self.runtime.clone()) {
            Some(runtime) => drop(runtime.spawn(task)),
            None => tracing::error!("there is no tokio runtime, so that nothing runs beside this thread"),
        }
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
    fn now(&self) -> Duration {
        self.started.elapsed()
    }
    fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        u128::from_ne_bytes(bytes)
    }
}
