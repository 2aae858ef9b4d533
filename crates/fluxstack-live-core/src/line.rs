//! A session's way to its client: the outbox of the connection it speaks through. Without one, what is said is lost, and
//! what must not be lost is stored.
use crate::outbox::{Answer, Outbox};
use fluxstack_live_protocol::error::CloseCode;
use std::sync::{Arc, Mutex, MutexGuard};

/// Leads to whatever connection a session has.
pub(crate) struct Line {
    /// That of a connection that is gone takes nothing.
    outbox: Mutex<Arc<Outbox>>,
}

impl Line {
    pub(crate) fn new(outbox: Arc<Outbox>) -> Arc<Self> {
        Arc::new(Line { outbox: Mutex::new(outbox) })
    }
    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        self.lock().clone()
    }
    /// Through another connection from now on; the one before it ends with this code and without what it had to say.
    pub(crate) fn lead_to(&self, outbox: Arc<Outbox>, code: CloseCode) {
        let before = std::mem::replace(&mut *self.lock(), outbox);
        before.cut(code);
    }
    /// Says one whole message.
    pub(crate) fn message(&self, message: Vec<u8>) {
        self.outbox().message(message);
    }
    /// Gives a request's answer.
    pub(crate) fn answer(&self, answer: Answer) {
        self.outbox().answer(answer);
    }
    fn lock(&self) -> MutexGuard<'_, Arc<Outbox>> {
        self.outbox.lock().expect("no code panics while it holds a line")
    }
}
