//! `#[live(as = "string")]`: an integer travels both ways as decimal digits, whatever its size, and as nothing else.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{actions::MountError, map::Map, typescript::print};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use support::{Client, engine_of};

const BEYOND: i64 = (1 << 53) + 1;

/// The number of an account.
#[live_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
struct Account(#[live(as = "string")] u64);

#[live_type]
struct Booking {
    #[live(as = "string")]
    amount: i64,
    #[live(as = "string")]
    limit: Option<u64>,
    text: String,
}

#[live_type]
enum Booked {
    At {
        #[live(as = "string")]
        place: i128,
    },
}

#[derive(LiveComponent)]
struct Ledger {
    /// In cents.
    #[live(as = "string", bind)]
    balance: i64,
    #[live(bind, as = "string", on_set = Self::count)]
    most: Option<u128>,
    #[live(as = "string")]
    least: i128,
    #[live]
    last: Booking,
    #[live]
    by_account: Map<Account, Account>,
    sets: usize,
}

impl Ledger {
    fn count(&mut self) {
        self.sets += 1;
    }
}

#[live_actions]
impl Ledger {
    fn mount(props: Booking) -> Result<Self, MountError> {
        let (balance, least, by_account) = (props.amount, i128::MIN, Map::new());
        Ok(Ledger { balance, most: None, least, last: props, by_account, sets: 0 })
    }
    async fn book(&mut self, booking: Booking) -> Booked {
        self.balance += booking.amount;
        self.last = booking;
        self.by_account.insert(Account(u64::MAX), Account(1));
        Booked::At { place: i128::MAX }
    }
    async fn book_in_vain(&mut self) -> Result<(), ()> {
        (self.balance, self.most, self.least, self.last.amount) = (1, Some(2), 3, 4);
        self.last.limit = Some(5);
        Err(())
    }
}

fn mounted() -> Client {
    let mut ana = Client::full(&engine_of::<Ledger>());
    ana.mount("l", "Ledger", json!({"amount": BEYOND.to_string(), "text": "first"}));
    assert_eq!(ana.types(), ["COMPONENT_MOUNTED"]);
    ana
}

#[tokio::test]
async fn it_is_digits_in_props_state_payloads_results_and_keys() {
    let mut ana = mounted();
    let last = json!({"amount": "9007199254740993", "limit": null, "text": "first"});
    let expected = json!({
        "balance": "9007199254740993", "most": null, "least": "-170141183460469231731687303715884105728",
        "last": last, "byAccount": {},
    });
    assert_eq!(ana.state("l"), &expected);
    let booking = json!({"amount": "-9007199254740992", "limit": "18446744073709551615", "text": "first"});
    ana.call("l", "book", booking.clone());
    let ops = ana.next().await["ops"].clone();
    let expected = json!([
        ["=", ["balance"], "1"],
        ["=", ["last", "amount"], "-9007199254740992"],
        ["=", ["last", "limit"], "18446744073709551615"],
        ["=", ["byAccount", "18446744073709551615"], "1"],
    ]);
    assert_eq!(ops, expected);
    let result = json!({"at": {"place": "170141183460469231731687303715884105727"}});
    assert_eq!(ana.next().await["payload"]["result"], result);
}

#[tokio::test]
async fn a_client_sets_it_by_digits() {
    let mut ana = mounted();
    ana.set("l", "balance", json!("-9223372036854775808"));
    assert_eq!(ana.next().await["ops"], json!([["=", ["balance"], "-9223372036854775808"]]));
    let request = ana.set("l", "most", json!("340282366920938463463374607431768211455"));
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    assert_eq!(ana.state("l")["most"], "340282366920938463463374607431768211455");
    let request = ana.set("l", "most", json!(null));
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    assert_eq!(ana.state("l")["most"], json!(null));
}

#[tokio::test]
async fn anything_but_a_plain_integer_in_range_is_invalid() {
    let mut ana = mounted();
    let before = ana.state("l").clone();
    let wrong: [Value; 14] = [
        json!(5),
        json!(""),
        json!("-"),
        json!("+5"),
        json!("05"),
        json!("-0"),
        json!(" 5"),
        json!("5.0"),
        json!("1e3"),
        json!("٣"),
        json!("9223372036854775808"),
        json!("-9223372036854775809"),
        json!(["5"]),
        json!(null),
    ];
    for value in wrong {
        let request = ana.set("l", "balance", value.clone());
        let answer = ana.answer(request).await;
        assert_eq!(answer["code"], "invalid", "{value}");
        assert_eq!(answer["payload"]["property"], "balance");
        let request = ana.call("l", "book", json!({"amount": value, "text": ""}));
        assert_eq!(ana.answer(request).await["code"], "invalid", "{value}");
    }
    assert_eq!((ana.state("l"), ana.version("l")), (&before, 0));
}

#[tokio::test]
async fn it_is_put_back_when_an_action_fails() {
    let mut ana = mounted();
    let before = ana.state("l").clone();
    let request = ana.call("l", "bookInVain", json!(null));
    assert_eq!(ana.answer(request).await["code"], "action");
    let mut ben = ana.state("l").clone();
    let request = ana.call("l", "book", json!({"amount": "0", "text": ""}));
    assert_eq!(ana.answer(request).await["type"], "REPLY");
    ben["last"] = json!({"amount": "0", "limit": null, "text": ""});
    ben["byAccount"] = json!({"18446744073709551615": "1"});
    assert_eq!(ana.state("l"), &ben, "what failed has left nothing");
    assert_eq!(ben["balance"], before["balance"]);
}

#[test]
fn a_page_tells_it_from_other_text() {
    let printed = print(&engine_of::<Ledger>().description()).unwrap();
    for line in [
        "export type Digits = string & { readonly __digits: unique symbol }\n",
        "export type Account = Digits\n",
        "  | { at: { place: Digits } }\n",
        "      /** In cents. */\n      balance: Digits\n      most: Digits | null\n      least: Digits\n",
        "      byAccount: Record<string, Account>\n",
    ] {
        assert_eq!(printed.matches(line).count(), 1, "{line}{printed}");
    }
}
