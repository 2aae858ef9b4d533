use fluxstack_live::prelude::*;

#[live_type]
struct MessageReceived {
    text: String,
}

mod other {
    use fluxstack_live::prelude::*;

    #[live_type]
    pub(crate) struct MessageReceived {
        text: String,
    }
}

struct Foreign;

#[derive(LiveComponent)]
#[live(events(MessageReceived, other::MessageReceived, Foreign))]
struct Chat {
    #[live]
    count: i64,
}

#[live_type]
struct Props {}

#[live_actions]
impl Chat {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Chat { count: 0 })
    }
}

fn main() {}
