//! Every kind of field and of computed value.
use fluxstack_live::prelude::*;
use std::time::{Duration, SystemTime};

type Cents = i64;

struct Private(i64);

#[live_type]
struct Money {
    #[live(as = "string")]
    cents: Cents,
    #[live(as = "string")]
    #[serde(default)]
    limit: Option<u64>,
}

#[live_type]
struct Account(#[live(as = "string")] i128);

#[derive(LiveComponent)]
pub struct Ledger {
    #[live(bind, as = "string", on_set = Self::check)]
    balance: Cents,
    #[live]
    money: Money,
    #[live]
    opened: Timestamp,
    #[live(hidden)]
    bookings: List<Money>,
    #[live(hidden)]
    by_name: Map<String, List<i64>>,
    #[live(leaf, ts = "{ secs_since_epoch: number, nanos_since_epoch: number }")]
    as_serde_has_it: SystemTime,
    key: Secret<Vec<u8>>,
    seen: Option<SystemTime>,
    wait: Duration,
}

impl Ledger {
    fn check(&mut self) {}
}

#[live_type]
pub struct Props {}

macro_rules! with_computed {
    ($component:ty, $name:ident: $ty:ty = $value:expr) => {
        #[live_actions]
        impl $component {
            fn mount(_props: Props) -> Result<Self, MountError> {
                unimplemented!()
            }
            #[live(computed)]
            fn $name(&self) -> $ty {
                $value
            }
        }
    };
}

#[live_actions]
impl Ledger {
    fn mount(_props: Props) -> Result<Self, MountError> {
        let money = Money { cents: 0, limit: None };
        let now = SystemTime::now();
        Ok(Ledger {
            balance: 0,
            money,
            opened: now.into(),
            bookings: List::new(),
            by_name: Map::new(),
            as_serde_has_it: now,
            key: Secret::new(vec![1]),
            seen: Some(now),
            wait: Duration::ZERO,
        })
    }
    /// How many there are.
    #[live(computed)]
    pub fn count(&self) -> usize {
        self.bookings.len()
    }
    #[live(computed)]
    fn r#type(&self) -> (Account, Option<Timestamp>) {
        let private = Private(self.key.expose().len() as i64);
        (Account(private.0.into()), self.seen.map(Timestamp::from))
    }
    #[live(computed)]
    fn by_name(&self) -> Map<String, List<i64>> {
        self.by_name.clone()
    }
    #[cfg(any())]
    #[live(computed)]
    fn never(&self) -> NoSuchType {}
    async fn act(&mut self) -> Money {
        #[allow(unused)]
        let live = [self.count()];
        self.money.clone()
    }
}

#[derive(LiveComponent)]
struct Empty {}
with_computed!(Empty, answer: Vec<i64> = vec![42]);

fn main() {}
