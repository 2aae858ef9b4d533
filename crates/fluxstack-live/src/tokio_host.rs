//! tokio's clock and tasks, and the system's randomness, for the engine.
use fluxstack_live_core::host::{BoxFuture, Host};
use std::time::Duration;
use tokio::time::Instant;

/// The world of a server.
pub(crate) struct TokioHost {
    /// By tokio's clock, which a test may pause, like `sleep`.
    started: Instant,
}

impl TokioHost {
    pub(crate) fn new() -> Self {
        TokioHost { started: Instant::now() }
    }
}

impl Host for TokioHost {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        // Outside a runtime, or when it shuts down, there is nothing left that could wait for the task.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(task);
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
