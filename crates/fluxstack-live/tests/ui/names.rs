use fluxstack_live::prelude::*;

#[live_type]
struct Details {
    constructor: String,
    __: i64,
}

#[live_type]
enum Change {
    Made { prototype: i64, a_b: i64, aB: i64 },
    made,
}

#[derive(LiveComponent)]
struct Form {
    #[live]
    details: Details,
    #[live]
    _constructor: i64,
    prototype: i64,
}

#[derive(LiveComponent)]
struct Zähler {
    #[live]
    stand: i64,
}

#[live_type]
struct Props {}

#[derive(LiveComponent)]
#[live(name = "Named")]
struct Benannt {
    #[live]
    stand: i64,
}
#[live_actions]
impl Benannt {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Benannt { stand: 0 })
    }
    async fn __(&mut self) {}
}

fn main() {}
