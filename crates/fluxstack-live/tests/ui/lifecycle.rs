use fluxstack_live::prelude::*;

#[live_type]
struct Props {}

#[derive(LiveComponent)]
#[live(shared)]
struct NoKey {
    #[live]
    count: i64,
}
#[live_actions]
impl NoKey {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(NoKey { count: 0 })
    }
}

#[derive(LiveComponent)]
struct NotShared {
    #[live]
    count: i64,
}
#[live_actions]
impl NotShared {
    fn key(_props: &Props) -> String {
        String::new()
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(NotShared { count: 0 })
    }
}

#[derive(LiveComponent)]
struct NoMount {
    #[live]
    count: i64,
}
#[live_actions]
impl NoMount {
    async fn increment(&mut self) {
        self.count += 1;
    }
}

fn main() {}
