use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Counter {
    #[live]
    count: i64,
    #[live]
    text: String,
}

#[live_type]
struct Props {}

#[live_actions]
impl Counter {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Counter { count: 0, text: String::new() })
    }
    async fn one(&mut self) {
        self.count += 1;
    }
    async fn two(&mut self) {
        self.text.
    }
}

// Only the half-typed line is an error: the methods before it and the component itself are there.
async fn uses(counter: &mut Counter) {
    counter.one().await;
    let _ = Live::builder().component::<Counter>();
}

fn main() {}
