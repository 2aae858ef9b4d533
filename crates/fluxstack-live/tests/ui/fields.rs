use fluxstack_live::prelude::*;

struct Socket;

#[derive(LiveComponent)]
#[live(nome = "Counter")]
struct Counter {
    #[live]
    socket: Socket,
    private: Socket,
    #[live(binds)]
    title: String,
    #[live]
    #[live(bind)]
    twice: String,
    #[live(resource, bind)]
    pool: String,
    #[live]
    same_name: i64,
    #[live]
    #[allow(non_snake_case)]
    sameName: i64,
}

#[live_type]
struct Props {}

#[live_actions]
impl Counter {
    fn mount(_props: Props) -> Result<Self, MountError> {
        unimplemented!()
    }
}

fn main() {}
