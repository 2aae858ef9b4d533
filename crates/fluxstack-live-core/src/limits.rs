//! Every bound, with its reason. One struct for the engine and the edge, so that there is one place to look.
use std::time::Duration;

/// What is refused, and when. Start from a preset and change what you must.
///
/// ```
/// use fluxstack_live_core::limits::Limits;
///
/// let limits = Limits { components_per_session: 16, ..Limits::default() };
/// assert_eq!(limits.message_bytes, 64 * 1024);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest WebSocket message that is read, in bytes. Larger: close code 1009. Default 64 KiB: no honest
    /// action's payload comes near it, and it bounds what a connection may hold.
    pub message_bytes: usize,
    /// How long a new connection may be silent. Longer: close code 4408. Default 10 s.
    pub first_message: Duration,
    /// A connection is pinged after so much silence. Default 20 s: below the 30 s after which home routers forget.
    pub ping_after: Duration,
    /// An unanswered ping ends the connection after this. Default 10 s.
    pub pong_within: Duration,
    /// One write may take so long; then the connection is dropped. Default 10 s: a reader stuck longer is gone.
    pub write_within: Duration,
    /// Components one session may have mounted. More: `too_many`. Default 128.
    pub components_per_session: usize,
    /// Requests of one session under way, from their arrival until their answer is written. More: `busy`. Default 32.
    pub in_flight: usize,
    /// Shared stores in one process. More: the one that nobody has mounted for longest goes; if there is none,
    /// `too_many`. Default 10 000.
    pub shared_stores: usize,
    /// How long a shared store lives that nobody has mounted. Default 60 s: a reload or a short walk into a tunnel
    /// finds it again.
    pub shared_grace: Duration,
    /// How long a session that has lost its connection is kept for its client, whose visitor counts as being there.
    /// Default 120 s: a phone between two networks is back by then.
    pub lost_grace: Duration,
    /// Sessions without a connection that are kept. More: the longest lost is given up, of those that have nothing
    /// mounted if there are such. Default 10 000.
    pub lost_sessions: usize,
    /// Bytes of memory that all of these take, as far as it is known: the public state of private components, their
    /// commits, and stored answers. More: as above. Default 256 MiB.
    pub lost_bytes: usize,
    /// How many of these may be of one visitor. More: the longest lost is given up. Default 8.
    pub lost_per_visitor: usize,
    /// Components one visitor may have mounted, in all sessions together. More: `too_many`. Default 256.
    pub components_per_visitor: usize,
    /// Bytes of answers kept for a full client that has not said that it has them. More: `busy`, rolled back, for what
    /// cannot be kept might be lost. Default 256 KiB.
    pub kept_bytes: usize,
    /// How long one action, or one mount, may run. Longer: `timeout`, rolled back. Default 30 s.
    pub action_deadline: Duration,
    /// Jobs beside one store: what its actions have spawned and what ticks. More: the action, or the mount, fails with
    /// `too_many` and is rolled back. Default 16: a clock and a few answers under way; an action that a client
    /// repeats does not pile up tasks.
    pub jobs_per_store: usize,
    /// The largest props of a mount, in bytes of JSON. Larger: `invalid`. Default 4 KiB.
    pub props_bytes: usize,
    /// The largest result of an action, in bytes of JSON. Larger: `too_large`, rolled back. Default 64 KiB.
    pub result_bytes: usize,
    /// The largest commit, in bytes of JSON. Larger: `too_large`, rolled back. Default 256 KiB.
    pub commit_bytes: usize,
    /// The largest public state of a store, in bytes of JSON. It is measured, at the cost of a snapshot, only when what
    /// was written since the last one could have brought it past the limit; so a store close to it is slow. Larger: `too_large`, rolled back. Default 1 MiB.
    pub state_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            message_bytes: 64 * 1024,
            first_message: Duration::from_secs(10),
            ping_after: Duration::from_secs(20),
            pong_within: Duration::from_secs(10),
            write_within: Duration::from_secs(10),
            components_per_session: 128,
            in_flight: 32,
            lost_grace: Duration::from_secs(120),
            lost_sessions: 10_000,
            lost_bytes: 256 * 1024 * 1024,
            lost_per_visitor: 8,
            components_per_visitor: 256,
            kept_bytes: 256 * 1024,
            shared_stores: 10_000,
            shared_grace: Duration::from_secs(60),
            action_deadline: Duration::from_secs(30),
            jobs_per_store: 16,
            props_bytes: 4 * 1024,
            result_bytes: 64 * 1024,
            commit_bytes: 256 * 1024,
            state_bytes: 1024 * 1024,
        }
    }
}
