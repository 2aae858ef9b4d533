//! What a hostile client may send as MessagePack: it is refused where JSON would be, at a cost that its bytes have paid for.
use fluxstack_live_protocol::{
    codec::{self, Rejected},
    compact,
    id::{ComponentId, RequestId},
    scan,
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

/// What each message of these bytes is refused with; None for one that is read.
fn refusals(bytes: &[u8]) -> Result<Vec<Option<Rejected>>, Rejected> {
    let mut all = Vec::new();
    for message in compact::read(bytes)? {
        codec::read(&message.json(None), |message| all.push(message.err()))?;
    }
    Ok(all)
}
fn packed(value: &Value) -> Vec<u8> {
    rmp_serde::to_vec(value).unwrap()
}
fn refusal(message: &Value) -> Rejected {
    let [refusal] = refusals(&packed(message)).unwrap().try_into().unwrap();
    refusal.unwrap_or_else(|| panic!("{message} is no message"))
}

#[test]
fn what_json_has_not_is_refused_as_a_whole() {
    for bytes in [
        &b""[..],
        b"\xc1",
        b"\x92\x08",                                     // ends early
        b"\x92\x08\x07\x00",                             // something trails
        b"\x92\x08\xca\x3f\x00\x00\x00",                 // a float that is no double
        b"\x92\x08\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", // NaN
        b"\x92\x08\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", // infinity
        b"\x92\x08\xc4\x01\x00",                         // binary
        b"\x92\x08\xd4\x01\x00",                         // an extension
        b"\x92\x08\xd6\xff\x00\x00\x00\x00",             // a timestamp
        b"\x92\x08\xa1\xff",                             // no UTF-8
        b"\x92\x08\x81\x01\x01",                         // a key that is no text
        b"\x92\x08\x82\xa1a\x01\xa1a\x02",               // a key twice
        b"\x92\x08\x81\xb3$serde_json::private\x01",     // a reserved one
        b"\x90",                                         // an empty batch
    ] {
        assert!(compact::read(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn the_limits_are_those_of_the_json_it_stands_for() {
    let nested = |depth: usize| (1..depth).fold(json!([]), |inner, _| json!([inner]));
    let call = |payload: Value| json!([4, "c1", "a", payload]);
    for (message, json) in [
        (call(nested(31)), true),
        (call(nested(32)), false),
        (json!([[8, 1], call(nested(30))]), true),
        (json!([[8, 1], call(nested(31))]), false),
        // In JSON its props are in a payload.
        (json!([2, "c1", "A", nested(30)]), true),
        (json!([2, "c1", "A", nested(31)]), false),
        (json!([[8, 1], [2, "c1", "A", nested(29)]]), true),
        (json!([[8, 1], [2, "c1", "A", nested(30)]]), false),
        (call(json!(vec![0; 4091])), true),
        (call(json!(vec![0; 4092])), false),
        (call(json!(vec![Value::Null; 4091])), true),
        (call(json!(vec![Value::Null; 4092])), false),
        // What is not there does not count, and a payload around props does.
        (Value::from(vec![json!([4, "c1", "a", null, 1]); 682]), true),
        (Value::from(vec![json!([2, "c1", "A", 1]); 682]), true),
        (Value::from(vec![json!([2, "c1", "A", 1]); 683]), false),
    ] {
        assert_eq!(
            compact::read(&packed(&message)).is_ok(),
            json,
            "{}",
            &message.to_string()[..40.min(message.to_string().len())]
        );
    }
    assert!(compact::read(&[0x91; 60_000]).is_err());
}

#[test]
fn each_message_of_a_batch_fails_alone() {
    let batch = json!([[8, 1], [99, 1], [[8, 2]], 5, {"type": "PING", "at": 1}, [], ["PING", 1], [8, 3]]);
    let is_read: Vec<bool> = refusals(&packed(&batch)).unwrap().iter().map(Option::is_none).collect();
    assert_eq!(is_read, [true, false, false, false, false, false, false, true]);
}

#[test]
fn a_bad_message_still_tells_whom_it_names() {
    let named = (ComponentId::new("c1"), Some(RequestId::Number(4)));
    for message in [
        json!([4, "c1", 5, null, 4]),              // a place, and nothing was agreed on
        json!([4, "c1", "a", null, 4, 0, "more"]), // more than there is
        json!([4, "c1", "a", null, 4, "0"]),       // of the wrong kind
        json!([5, "c1", null, 1, 4]),              // no property
        json!([5, "c1", ["x"], 1, 4]),
    ] {
        let Rejected { component_id, request_id, .. } = refusal(&message);
        assert_eq!((component_id, request_id), named, "{message}");
    }
    for message in [
        json!([1, 1, null, null, null, [["c1", "e", 1, 1]]]),
        json!([1, 1, null, null, null, [["c1", "e", 1, null, "x"]]]),
        json!([1, 1, null, null, null, [{"componentId": 1}]]),
        json!([1, 1, null, null, null, [{"componentId": "c1"}]]),
        json!([2, "c1"]),
        json!([3]),
        json!([6, -1]),
        json!([8]),
        json!([0, 1]),
        json!([8, {"$x": 1}]),
    ] {
        assert!(refusals(&packed(&message)).unwrap()[0].is_some(), "{message}");
    }
}

#[test]
fn what_is_left_out_is_nil_or_null() {
    for (message, text) in [
        (
            json!([1, 1, null, null, null, [["c1", "e", 1], ["c2"], ["c3", null]], null, "s"]),
            r#"{"type":"HELLO","protocol":1,"components":[{"componentId":"c1","epoch":"e","version":1},{"componentId":"c2"},{"componentId":"c3"}],"schema":"s"}"#,
        ),
        (
            json!([4, "c1", "a", null, "x"]),
            r#"{"type":"COMPONENT_ACTION","componentId":"c1","action":"a","requestId":"x"}"#,
        ),
        (
            json!([5, "c1", "title"]),
            r#"{"type":"PROPERTY_UPDATE","componentId":"c1","payload":{"property":"title","value":null}}"#,
        ),
        (
            json!([2, "c1", "A"]),
            r#"{"type":"COMPONENT_MOUNT","componentId":"c1","payload":{"component":"A","props":null}}"#,
        ),
    ] {
        let bytes = packed(&message);
        let [read] = compact::read(&bytes).unwrap().try_into().unwrap();
        assert_eq!(read.json(None), text);
        assert_eq!(refusals(&bytes), Ok(vec![None]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = refusals(&bytes);
        let _ = compact::to_client(&bytes, |_| None);
    }

    #[test]
    fn bytes_of_a_message_that_were_tampered_with_are_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let message = json!([[4, "c1", "a", {"x": [1, "two", null, 0.5], "y": {"z": -1}}, 1, 0], [1, 1, null, null, null, [["c1"]], "t", "s"]]);
        let mut bytes = packed(&message);
        let whole = bytes.len();
        prop_assert!(refusals(&bytes[..cut.index(whole)]).is_err(), "it ends early");
        bytes[at.index(whole)] = byte;
        let _ = refusals(&bytes);
    }

    #[test]
    fn what_is_read_is_json_within_its_limits(bytes in vec(prop_oneof![any::<u8>(), 0x80..0xa4_u8, 0..9_u8], 0..60)) {
        for message in compact::read(&bytes).into_iter().flatten() {
            prop_assert!(scan::check(&message.json(None)).is_ok());
        }
    }
}
