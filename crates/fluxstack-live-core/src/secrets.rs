//! What proves that a session is its client's. `WELCOME` brings a new secret, and may be lost on the way: the one before
//! it is used up only when the client has said something on the new connection.
use crate::host::{self, Host};

/// The secrets of one session.
#[derive(Default)]
pub(crate) struct Secrets {
    /// What the client has for certain; None before it has said anything.
    confirmed: Option<Box<str>>,
    /// What it was given since, and may not have.
    given: Option<Box<str>>,
}

impl Secrets {
    /// A new one for the client.
    pub(crate) fn next(&mut self, host: &dyn Host) -> String {
        let secret = host::secret(host);
        self.given = Some(secret.as_str().into());
        secret
    }
    /// The client has what it was given last.
    pub(crate) fn confirm(&mut self) {
        if let Some(given) = self.given.take() {
            self.confirmed = Some(given);
        }
    }
    /// Whether this is one of them.
    pub(crate) fn know(&self, secret: &str) -> bool {
        [&self.confirmed, &self.given].into_iter().flatten().any(|known| is_same(known, secret))
    }
    /// The client has shown that it has this one.
    pub(crate) fn prove(&mut self, secret: &str) {
        if self.given.as_ref().is_some_and(|given| is_same(given, secret)) {
            self.confirm();
        }
    }
}

/// Compared as a whole, so that the time it takes tells nothing about where two secrets differ.
fn is_same(a: &str, b: &str) -> bool {
    let differences = a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    a.len() == b.len() && differences == 0
}
