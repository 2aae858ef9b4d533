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

fn main() {}
