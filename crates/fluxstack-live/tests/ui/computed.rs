use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Cart {
    #[live]
    prices: List<i64>,
    #[live]
    total: i64,
}

#[live_type]
struct Props {}

struct NotLive;

#[live_actions]
impl Cart {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Cart { prices: List::new(), total: 0 })
    }
    #[live(computed)]
    fn total(&self) -> i64 {
        0
    }
    #[live(computed)]
    fn is_empty(&self) -> bool {
        true
    }
    #[live(computed)]
    #[allow(non_snake_case)]
    fn isEmpty(&self) -> bool {
        true
    }
    #[live(computed)]
    fn not_live(&self) -> NotLive {
        NotLive
    }
    #[live(computed)]
    fn changed_at(&self) -> std::time::SystemTime {
        std::time::SystemTime::now()
    }
}

#[derive(LiveComponent)]
struct Signatures {}

#[live_actions]
impl Signatures {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Signatures {})
    }
    #[live(computed)]
    async fn is_async(&self) -> i64 {
        0
    }
    #[live(computed)]
    fn takes_more(&self, _amount: i64) -> i64 {
        0
    }
    #[live(computed)]
    fn changes(&mut self) -> i64 {
        0
    }
    #[live(computed)]
    fn consumes(self) -> i64 {
        0
    }
    #[live(computed)]
    fn without_self() -> i64 {
        0
    }
    #[live(computed)]
    fn returns_nothing(&self) {}
    #[live(computed)]
    fn borrows(&self) -> &str {
        ""
    }
    #[live(computed)]
    fn is_opaque(&self) -> impl Send {
        0
    }
    #[live(computed)]
    fn is_generic<T>(&self) -> i64 {
        0
    }
    #[live(computed)]
    fn constructor(&self) -> i64 {
        0
    }
    #[live]
    fn unmarked(&self) -> i64 {
        0
    }
    #[live(bind)]
    async fn bound(&mut self) {}
    fn helper(&self) -> i64 {
        0
    }
}

fn main() {}
