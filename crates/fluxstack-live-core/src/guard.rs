//! A user's code is run here: a panic in it, or its deadline, is a failure of one request and nothing else.
use crate::{
    failure::Failure,
    host::{BoxFuture, Host},
};
use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    task::Poll,
    time::Duration,
};

/// Unwinds through a user's code with the failure that it is to end with.
struct End(Failure);

/// Ends the user's code from inside, as a panic would, but with a failure of the engine's own; no panic hook is told.
pub(crate) fn end(failure: Failure) -> ! {
    resume_unwind(Box::new(End(failure)))
}

/// Runs code; a panic becomes a failure.
pub(crate) fn guarded<T>(code: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|panic| {
        let panic = match panic.downcast::<End>() {
            Ok(end) => return end.0,
            Err(panic) => panic,
        };
        let failure = Failure::Internal(panic_text(&*panic));
        // What was thrown may throw again when it is dropped; then it is left where it is.
        if let Err(again) = catch_unwind(AssertUnwindSafe(move || drop(panic))) {
            std::mem::forget(again);
        }
        failure
    })
}

/// Runs a user's future to its end, its panic or its deadline, and drops it: what it still holds may panic, too.
pub(crate) async fn run<T>(
    deadline: Duration,
    host: &dyn Host,
    mut work: BoxFuture<'_, Result<T, Failure>>,
) -> Result<T, Failure> {
    let result = within(deadline, host, guarded_future(work.as_mut())).await;
    guarded(move || drop(work))?;
    result
}

/// Runs a future; a panic becomes a failure.
async fn guarded_future<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut work = pin!(work);
    poll_fn(|cx| guarded(|| work.as_mut().poll(cx)).unwrap_or_else(|failure| Poll::Ready(Err(failure)))).await
}

/// Runs a future to its end or its deadline. The clock is asked only once the future has to wait.
async fn within<T>(
    deadline: Duration,
    host: &dyn Host,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut work = pin!(work);
    let mut timer = None;
    poll_fn(|cx| {
        if let Poll::Ready(result) = work.as_mut().poll(cx) {
            return Poll::Ready(result);
        }
        let timer = timer.get_or_insert_with(|| host.sleep(deadline));
        timer.as_mut().poll(cx).map(|()| Err(Failure::Timeout))
    })
    .await
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a panic: {}", text.unwrap_or("without a text"))
}
