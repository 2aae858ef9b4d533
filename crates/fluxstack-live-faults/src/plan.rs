//! What shall happen to one connection. A plan only says it; `pipe.rs` and `connection.rs` do it.
use std::{num::NonZeroU32, time::Duration};

/// What shall happen to one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It is accepted, and closed at once.
    Refuse,
    /// It is joined to the server. `up` is from the client to the server, `down` the other direction.
    Join {
        /// From the client to the server.
        up: Way,
        /// From the server to the client.
        down: Way,
    },
}

impl Plan {
    /// Everything is forwarded as it comes.
    #[must_use]
    pub fn clean() -> Self {
        Plan::Join { up: Way::default(), down: Way::default() }
    }
    /// A fault only on the way from the client to the server.
    #[must_use]
    pub fn up(up: Way) -> Self {
        Plan::Join { up, down: Way::default() }
    }
    /// A fault only on the way from the server to the client.
    #[must_use]
    pub fn down(down: Way) -> Self {
        Plan::Join { up: Way::default(), down }
    }
}

/// What shall happen to the bytes of one direction. The default leaves them alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// What ends it, and after which byte; None if nothing does.
    pub end: Option<End>,
    /// Bytes go on in random pieces; None leaves them together as they were read.
    pub split: Option<Split>,
    /// Each piece waits so long before it goes on; zero for no delay.
    pub delay: Duration,
    /// No more bytes in a second than this; None for no limit.
    pub bytes_per_second: Option<NonZeroU32>,
}

impl Way {
    /// Both sockets are closed as soon as `after` bytes have gone this way.
    #[must_use]
    pub fn cut(after: u64, close: Close) -> Self {
        Way { end: Some(End::Cut { after, close }), ..Way::default() }
    }
    /// From byte `after` on (the first is 0) bytes vanish, and nobody is told.
    #[must_use]
    pub fn half_open(after: u64, scope: Scope, lasts: Option<Duration>) -> Self {
        Way { end: Some(End::HalfOpen { after, scope, lasts }), ..Way::default() }
    }
    /// Bytes go on in random pieces of 1 to `most`.
    #[must_use]
    pub fn split(most: usize, seed: u64) -> Self {
        Way { split: Some(Split { most, seed }), ..Way::default() }
    }
    /// Each piece waits so long before it goes on.
    #[must_use]
    pub fn delayed(delay: Duration) -> Self {
        Way { delay, ..Way::default() }
    }
    /// So many bytes in a second, and not more.
    #[must_use]
    pub fn throttled(bytes_per_second: NonZeroU32) -> Self {
        Way { bytes_per_second: Some(bytes_per_second), ..Way::default() }
    }
}

/// What ends the forwarding of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Both sockets are closed.
    Cut {
        /// So many bytes have gone this way before; with 0 it is closed when it is joined.
        after: u64,
        /// How they are closed.
        close: Close,
    },
    /// The sockets stay open, and what is written to them is taken and goes nowhere. Also the end of a socket is not told
    /// to the other one.
    HalfOpen {
        /// So many bytes have gone this way before.
        after: u64,
        /// Whether the other direction goes on.
        scope: Scope,
        /// After this time both sockets are reset; None: when the proxy is healed, cuts everything, or stops.
        lasts: Option<Duration>,
    },
}

impl End {
    pub(crate) fn after(&self) -> u64 {
        match self {
            End::Cut { after, .. } | End::HalfOpen { after, .. } => *after,
        }
    }
}

/// How a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// In order: what was forwarded arrives, and then its end.
    Fin,
    /// By a reset: the next read or write fails. A reader that lags behind may lose what it has not read.
    Rst,
}

/// Which directions of a half-open connection lose their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Only this one; what is said in the other direction arrives.
    OneWay,
    /// Both, as with a cable that was pulled.
    BothWays,
}

/// How bytes are split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// A piece has 1 to so many bytes.
    pub most: usize,
    /// Of the random lengths.
    pub seed: u64,
}
