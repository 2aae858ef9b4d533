//! The props of a component that others see are seen by others.
use fluxstack_live::prelude::*;

#[live_type]
struct Props {}

#[derive(LiveComponent)]
pub struct Counter {
    #[live]
    count: i64,
}

#[live_actions]
impl Counter {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Counter { count: 0 })
    }
}

fn main() {}
