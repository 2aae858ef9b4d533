//! Messages put together from parts that were encoded once: what a commit says is shared by all its readers, only the
//! address differs. The typed form of each is in `server.rs`; tests hold the two together.
use crate::{
    id::{ComponentId, RequestId},
    server::{Error, ServerMessage, UnmountReason, Welcome},
};
use std::io::Write;

/// What all readers of a snapshot share: `"epoch":…,"version":…` and the state.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// Which history `version` counts in; an opaque text that needs no escaping.
    pub epoch: &'a str,
    /// Commits since the epoch began.
    pub version: u64,
    /// The public state as JSON.
    pub state: &'a [u8],
}

/// `WELCOME` with the stored answers, which are whole messages; `welcome` itself has none.
pub fn welcome<'a>(welcome: &Welcome, answers: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    const REPLIES: &[u8] = br#""replies":["#;
    let text = message(&ServerMessage::Welcome(welcome.clone()));
    let at = text.windows(REPLIES.len()).position(|window| window == REPLIES).expect("there is a list");
    let (before, after) = text.split_at(at + REPLIES.len());
    let mut out = before.to_vec();
    for (i, answer) in answers.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(answer);
    }
    out.extend_from_slice(after);
    out
}

/// `COMPONENT_MOUNTED` with a snapshot.
pub fn mounted(to: &ComponentId, snapshot: Snapshot, out: &mut Vec<u8>) {
    let Snapshot { epoch, version, state } = snapshot;
    address("COMPONENT_MOUNTED", to, out);
    put(out, format_args!(r#""epoch":"{epoch}","version":{version},"state":"#));
    out.extend_from_slice(state);
    out.push(b'}');
}

/// `COMPONENT_MOUNTED` with what happened since the client's version: the shared part of a `STATE_DELTA` from there, and
/// those of the events.
pub fn resumed(to: &ComponentId, epoch: &str, slice: &[u8], events: &[impl AsRef<[u8]>], out: &mut Vec<u8>) {
    address("COMPONENT_MOUNTED", to, out);
    put(out, format_args!(r#""epoch":"{epoch}","#));
    let without_from = slice.iter().position(|byte| *byte == b',').expect("a slice says where it begins");
    out.extend_from_slice(&slice[without_from + 1..slice.len() - 1]);
    for (i, told) in events.iter().enumerate() {
        out.extend_from_slice(if i == 0 { br#","events":[{"# } else { b",{" });
        out.extend_from_slice(told.as_ref());
    }
    out.extend_from_slice(if events.is_empty() { b"}" } else { b"]}" });
}

/// `STATE_UPDATE`: a snapshot.
pub fn state_update(to: &ComponentId, snapshot: Snapshot, out: &mut Vec<u8>) {
    let Snapshot { epoch, version, state } = snapshot;
    address("STATE_UPDATE", to, out);
    put(out, format_args!(r#""epoch":"{epoch}","version":{version},"payload":{{"state":"#));
    out.extend_from_slice(state);
    out.extend_from_slice(b"}}");
}

/// The part of a `STATE_DELTA` that all its readers share. `ops` is the inside of the array.
pub fn slice(from: u64, version: u64, ops: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ops.len() + 48);
    put(&mut out, format_args!(r#""from":{from},"version":{version},"ops":["#));
    out.extend_from_slice(ops);
    out.extend_from_slice(b"]}");
    out
}

/// `STATE_DELTA`, from its shared part.
pub fn state_delta(to: &ComponentId, slice: &[u8], out: &mut Vec<u8>) {
    address("STATE_DELTA", to, out);
    out.extend_from_slice(slice);
}

/// The part of an `EVENT` that all its readers share. `name` is plain, `payload` is JSON.
pub fn told(name: &str, payload: &[u8], version: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + name.len() + 48);
    put(&mut out, format_args!(r#""event":"{name}","payload":"#));
    out.extend_from_slice(payload);
    put(&mut out, format_args!(r#","version":{version}}}"#));
    out
}

/// `EVENT`, from its shared part.
pub fn event(to: &ComponentId, told: &[u8], out: &mut Vec<u8>) {
    address("EVENT", to, out);
    out.extend_from_slice(told);
}

/// `REPLY`; `result` is JSON, `at` the version that shows it, if there is a state to show it.
pub fn reply(request: &RequestId, from: &ComponentId, result: &[u8], at: Option<u64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(result.len() + 96);
    out.extend_from_slice(br#"{"type":"REPLY","requestId":"#);
    serde_json::to_writer(&mut out, request).expect("a request id is JSON");
    put(&mut out, format_args!(r#","componentId":"{from}","payload":{{"result":"#));
    out.extend_from_slice(result);
    match at {
        Some(version) => put(&mut out, format_args!(r#"}},"at":{{"{from}":{version}}}}}"#)),
        None => out.extend_from_slice(br#"},"at":{}}"#),
    }
    out
}

/// `ERROR`
pub fn error(error: Error) -> Vec<u8> {
    message(&ServerMessage::Error(error))
}

/// `COMPONENT_UNMOUNTED`
pub fn unmounted(component_id: ComponentId, reason: UnmountReason) -> Vec<u8> {
    message(&ServerMessage::ComponentUnmounted(crate::server::Unmounted { component_id, reason }))
}

/// Any message, as text, from its typed form.
pub fn message(message: &ServerMessage) -> Vec<u8> {
    serde_json::to_vec(message).expect("a typed message is JSON")
}

fn address(kind: &str, to: &ComponentId, out: &mut Vec<u8>) {
    put(out, format_args!(r#"{{"type":"{kind}","componentId":"{to}","#));
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("memory can be written to");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{MissedEvent, Mounted, Reply, ReplyPayload, StateDelta, StatePayload, StateUpdate};
    use serde_json::json;

    fn c1() -> ComponentId {
        ComponentId::new("c1").unwrap()
    }
    fn same(composed: &[u8], typed: ServerMessage) {
        assert_eq!(String::from_utf8_lossy(composed), String::from_utf8_lossy(&message(&typed)));
    }

    #[test]
    fn composed_messages_are_the_typed_ones_to_the_letter() {
        let (component_id, epoch, version) = (c1(), "kx81".to_owned(), 7);
        let state = json!({"count": 1});
        let snapshot = Snapshot { epoch: &epoch, version, state: br#"{"count":1}"# };
        let mut out = Vec::new();
        mounted(&c1(), snapshot, &mut out);
        let (ops, events) = (None, None);
        let typed =
            Mounted { component_id, epoch: epoch.clone(), version, state: Some(state.clone()), ops, events };
        same(&out, ServerMessage::ComponentMounted(typed));

        out.clear();
        state_update(&c1(), snapshot, &mut out);
        let payload = StatePayload { state };
        let typed = StateUpdate { component_id: c1(), epoch: epoch.clone(), version, payload };
        same(&out, ServerMessage::StateUpdate(typed));

        out.clear();
        state_delta(&c1(), &slice(3, 7, br#"["=",["count"],1]"#), &mut out);
        let ops = serde_json::from_value(json!([["=", ["count"], 1]])).unwrap();
        same(&out, ServerMessage::StateDelta(StateDelta { component_id: c1(), from: 3, version, ops }));

        let events: Vec<_> = [6, 7].map(|n| (told("RANG", format!("[{n}]").as_bytes(), n), n)).into();
        let missed = |(_, version): &(_, u64)| MissedEvent {
            event: "RANG".to_owned(),
            payload: json!([version]),
            version: *version,
        };
        for many in [0, 1, 2] {
            let events = &events[..many];
            let mut out = Vec::new();
            let told: Vec<_> = events.iter().map(|(told, _)| told).collect();
            resumed(&c1(), &epoch, &slice(3, 7, br#"["=",["count"],1]"#), &told, &mut out);
            let typed = Mounted {
                component_id: c1(),
                epoch: epoch.clone(),
                version,
                state: None,
                ops: Some(serde_json::from_value(json!([["=", ["count"], 1]])).unwrap()),
                events: Some(events.iter().map(missed).collect()).filter(|_| many > 0),
            };
            same(&out, ServerMessage::ComponentMounted(typed));
        }

        for (request_id, at) in [(RequestId::Number(1), Some(7)), (RequestId::Text("a\"b".into()), None)] {
            let out = reply(&request_id, &c1(), b"null", at);
            let at = at.map(|version| (c1(), version)).into_iter().collect();
            let payload = ReplyPayload { result: json!(null) };
            same(&out, ServerMessage::Reply(Reply { request_id, component_id: c1(), payload, at }));
        }
    }

    #[test]
    fn a_small_counters_delta_takes_at_most_90_bytes_at_versions_under_100() {
        let mut out = Vec::new();
        state_delta(&c1(), &slice(98, 99, br#"["=",["count"],9]"#), &mut out);
        assert!(out.len() <= 90, "{} bytes: {}", out.len(), String::from_utf8_lossy(&out));
    }
}
