use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Clock {
    #[live(ts = "string")]
    known: String,
    #[live(leaf, ts = "")]
    empty: String,
    #[live(leaf, ts = "string; other: number")]
    two: String,
    #[live(leaf, ts)]
    none: String,
}

fn main() {}
