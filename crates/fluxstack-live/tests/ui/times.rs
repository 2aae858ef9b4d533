use fluxstack_live::prelude::*;
use std::time::{Duration, Instant, SystemTime};

#[live_type]
struct Message {
    at: SystemTime,
    wait: Option<Duration>,
}

#[derive(LiveComponent)]
struct Clock {
    #[live]
    at: SystemTime,
    #[live]
    wait: Duration,
    #[live]
    since: Instant,
    #[live(leaf)]
    leaf_at: SystemTime,
    #[live(leaf)]
    leaf_wait: Option<Duration>,
}

fn main() {}
