use fluxstack_live::prelude::*;

#[live_type]
struct Props {
    room: String,
}

#[derive(LiveComponent)]
struct Private {
    #[live]
    count: i64,
}
#[live_actions]
impl Private {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Private { count: 0 })
    }
    async fn joined(&mut self) {}
    async fn left(&mut self, cx: &mut Context<Self>) {}
}

#[derive(LiveComponent)]
#[live(shared)]
struct Room {
    #[live]
    count: i64,
}
#[live_actions]
impl Room {
    fn key(props: &Props) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Room { count: 0 })
    }
    async fn joined(&mut self, who: &Visitor) -> i64 {
        1
    }
    fn left(&mut self) {}
}

fn main() {}
