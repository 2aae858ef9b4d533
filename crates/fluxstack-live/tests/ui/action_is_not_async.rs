use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Counter {
    #[live]
    count: i64,
}

#[live_type]
struct Props {}

#[live_actions]
impl Counter {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Counter { count: 0 })
    }
    fn increment(&mut self) {
        self.count += 1;
    }
    async fn looks(&self) -> i64 {
        self.count
    }
    fn authorise(_props: &Props) {}
}

fn main() {}
