//! A leaf that a client may set is of a type that the engine knows nothing of.
use fluxstack_live::prelude::*;
use std::{num::NonZeroU32, time::Duration};

#[derive(LiveComponent)]
struct Alarm {
    #[live(bind, leaf, ts = "{ secs: number, nanos: number }")]
    after: Duration,
    #[live(bind, leaf, on_set = Self::check)]
    every: NonZeroU32,
}

impl Alarm {
    fn check(&mut self) {}
}

#[live_type]
struct Props {}

#[live_actions]
impl Alarm {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Alarm { after: Duration::ZERO, every: NonZeroU32::MIN })
    }
}

fn main() {
    let _ = Live::builder().component::<Alarm>().build();
}
