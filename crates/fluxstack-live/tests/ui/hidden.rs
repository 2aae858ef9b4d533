use fluxstack_live::prelude::*;

#[derive(Clone)]
struct NotLive;

#[derive(LiveComponent)]
struct Game {
    #[live(hidden)]
    deck: NotLive,
    #[live(hidden, bind)]
    bound: List<String>,
    #[live(hidden, leaf)]
    leaf: List<String>,
    #[live(hidden, resource)]
    resource: List<String>,
}

fn main() {}
