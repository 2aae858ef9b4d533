use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
enum Either {
    One,
    Other,
}

#[derive(LiveComponent)]
struct Generic<T> {
    #[live]
    value: T,
}

fn main() {}
