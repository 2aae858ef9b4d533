use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Counter {
    #[live]
    count: i64,
}

#[live_type]
struct Props {}

struct Foreign;

#[live_actions]
impl Counter {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Counter { count: 0 })
    }
    async fn two(&mut self, a: i64, b: i64) {}
    async fn borrowed(&mut self, text: &str) {}
    async fn borrowed_mutably(&mut self, list: &mut Vec<i64>) {}
    async fn shared_context(&mut self, cx: &Context<Self>) {}
    async fn generic<T>(&mut self, value: T) {}
    async fn foreign(&mut self, value: Foreign) {}
    async fn returns_foreign(&mut self) -> Foreign {
        Foreign
    }
    async fn fails_foreign(&mut self) -> Result<(), Foreign> {
        Ok(())
    }
}

fn main() {}
