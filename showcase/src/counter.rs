//! A counter of one visitor's own.
use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
#[live(name = "CounterComponent")]
pub(crate) struct Counter {
    #[live]
    count: i64,
    #[live(bind)]
    title: String,
}

#[live_type]
pub(crate) struct CounterProps {
    count: i64,
    title: String,
}

#[live_actions]
impl Counter {
    fn mount(props: CounterProps) -> Result<Self, MountError> {
        if props.count < 0 {
            return Err(MountError::invalid("count", "starts at 0 or above"));
        }
        Ok(Counter { count: props.count, title: props.title })
    }
    async fn increment(&mut self, amount: Option<i64>) {
        self.count = self.count.saturating_add(amount.unwrap_or(1)).max(0);
    }
    async fn decrement(&mut self, amount: Option<i64>) {
        self.count = self.count.saturating_sub(amount.unwrap_or(1)).max(0);
    }
    async fn reset(&mut self) {
        self.count = 0;
    }
}
