//! A moment travels as milliseconds since 1970.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::{actions::MountError, timestamp::Timestamp, typescript::print};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::json;
use std::time::{Duration, SystemTime};
use support::{Client, engine_of};

#[derive(LiveComponent)]
struct Clock {
    #[live(bind)]
    at: Timestamp,
    #[live]
    before: Option<Timestamp>,
}

#[live_type]
struct Props {
    at: Timestamp,
}

#[live_actions]
impl Clock {
    fn mount(props: Props) -> Result<Self, MountError> {
        Ok(Clock { at: props.at, before: None })
    }
    async fn move_to(&mut self, at: Timestamp) {
        self.before = Some(std::mem::replace(&mut self.at, at));
    }
}

#[tokio::test]
async fn it_is_a_number_both_ways() {
    let mut ana = Client::full(&engine_of::<Clock>());
    ana.mount("c", "Clock", json!({"at": 1_700_000_000_000_i64}));
    ana.pump();
    assert_eq!(ana.state("c"), &json!({"at": 1_700_000_000_000_i64, "before": null}));
    for request in [ana.call("c", "moveTo", json!(-5)), ana.set("c", "at", json!(0))] {
        assert_eq!(ana.answer(request).await["type"], "REPLY");
    }
    assert_eq!(ana.state("c"), &json!({"at": 0, "before": 1_700_000_000_000_i64}));
    let request = ana.set("c", "at", json!("2023-11-14T22:13:20Z"));
    assert_eq!(ana.answer(request).await["code"], "invalid");
    let printed = print(&engine_of::<Clock>().description()).unwrap();
    assert!(printed.contains("*/\nexport type Timestamp = number\n"), "{printed}");
    assert!(printed.contains("before: Timestamp | null"), "{printed}");
}

#[test]
fn it_is_the_millisecond_that_had_begun() {
    let epoch = SystemTime::UNIX_EPOCH;
    let (some_nanos, long) = (Duration::from_nanos(1_999_999), Duration::from_secs(u64::MAX / 4));
    for (at, millis) in [
        (epoch, 0),
        (epoch + some_nanos, 1),
        (epoch - some_nanos, -2),
        (epoch - Duration::from_millis(3), -3),
        (epoch + long, i64::MAX),
        (epoch - long, i64::MIN),
    ] {
        assert_eq!(Timestamp::from(at).millis(), millis);
    }
    for millis in [0, 1, -1, 1_700_000_000_123, -62_135_596_800_000] {
        let at = Timestamp::from_millis(millis);
        assert_eq!(at.system_time().map(Timestamp::from), Some(at));
    }
}
