use fluxstack_live::prelude::*;

type Cents = i64;
type Maybe = std::option::Option<i64>;

#[live_type]
struct Money {
    large: i128,
    #[live(as = "string")]
    alias: Cents,
    #[live(as = "string")]
    alias_of_option: Maybe,
    #[live(as = "string")]
    text: String,
    #[live(as = "number")]
    number: i64,
    #[live(bind)]
    bound: i64,
    #[live]
    marked: i64,
}

#[derive(LiveComponent)]
struct Ledger {
    #[live]
    large: Vec<u128>,
    #[live(as = "string")]
    small: u8,
    #[live(as = "digits")]
    digits: u64,
    #[live(as = "string", leaf)]
    leaf: u64,
    #[live(as = "string", hidden)]
    hidden: u64,
}

#[live_actions]
impl Ledger {
    fn mount(_props: Props) -> Result<Self, MountError> {
        unimplemented!()
    }
    async fn pay(&mut self, _amount: i128) {}
}

#[live_type]
struct Props {}

fn main() {}
