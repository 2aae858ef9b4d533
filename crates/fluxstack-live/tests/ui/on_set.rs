use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Form {
    #[live(bind, on_set = Self::waits)]
    waits: String,
    #[live(bind, on_set = Self::counts)]
    counts: String,
    #[live(bind, on_set = Self::missing)]
    missing: String,
    #[live(bind, on_set = Self::takes)]
    takes: String,
    #[live(on_set = Self::counts)]
    not_bound: String,
    #[live(bind, on_set)]
    nothing: String,
}

impl Form {
    async fn waits(&mut self) {}
    fn counts(&mut self) -> usize {
        self.waits.len()
    }
    fn takes(&mut self, name: &str) {}
}

#[live_type]
struct Props {}

#[live_actions]
impl Form {
    fn mount(_props: Props) -> Result<Self, MountError> {
        unimplemented!()
    }
}

fn main() {}
