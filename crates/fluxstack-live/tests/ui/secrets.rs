use fluxstack_live::prelude::*;

#[live_type]
struct Login {
    password: Secret<String>,
}

#[derive(LiveComponent)]
struct Account {
    #[live]
    key: Secret<String>,
}

#[derive(LiveComponent)]
struct Leaf {
    #[live(leaf)]
    key: Secret<u64>,
}

#[derive(LiveComponent)]
struct Nested {
    #[live]
    keys: Vec<Option<Secret<String>>>,
}

fn main() {
    let secret = Secret::new(1);
    println!("{secret}");
}
