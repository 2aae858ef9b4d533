//! A counter that everyone in a room shares.
use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
#[live(name = "SharedCounterComponent", shared)]
pub(crate) struct SharedCounter {
    #[live]
    count: i64,
}

#[live_type]
pub(crate) struct Room {
    room: String,
}

#[live_actions]
impl SharedCounter {
    fn key(props: &Room) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Room, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Room) -> Result<Self, MountError> {
        Ok(SharedCounter { count: 0 })
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
