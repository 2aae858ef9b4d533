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
    async fn waits(&mut self) {
        let shared = std::rc::Rc::new(1);
        std::future::ready(()).await;
        self.count += *shared;
    }
}

fn main() {}
