//! What the engine asks of the world: tasks, time, randomness. The edge gives tokio's; a simulation gives its own.
use std::{
    future::{Future, poll_fn},
    mem,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::task::unconstrained;

/// A future without its type.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The world around the engine.
pub trait Host: Send + Sync + 'static {
    /// Runs a task beside the caller.
    fn spawn(&self, task: BoxFuture<'static, ()>);
    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
    /// How long it has been running, by a clock that never jumps.
    fn now(&self) -> Duration;
    /// 128 bits nobody can guess.
    fn random(&self) -> u128;
}

/// Most work ends at once, whatever tokio's budget for this task says; what has to wait goes on beside the caller.
pub(crate) fn drive(host: &dyn Host, mut work: BoxFuture<'static, ()>) {
    let first = pin!(unconstrained(work.as_mut())).poll(&mut Context::from_waker(Waker::noop()));
    if first.is_pending() {
        host.spawn(work);
    }
}

/// Lets other tasks have their turn, once.
pub(crate) async fn give_way() {
    let mut has_waited = false;
    poll_fn(|cx| {
        if mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A text of 128 unguessable bits, for what is a capability.
pub(crate) fn secret(host: &dyn Host) -> String {
    format!("{:032x}", host.random())
}

/// A short text that does not repeat, for what is only a name.
pub(crate) fn name(host: &dyn Host) -> String {
    let digits = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = host.random();
    let text = (0..10).map(|_| {
        let digit = digits[usize::try_from(rest % 36).expect("below 36")];
        rest /= 36;
        char::from(digit)
    });
    text.collect()
}
