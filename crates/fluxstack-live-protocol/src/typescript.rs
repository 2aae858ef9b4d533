//! The types of the wire, written for the TypeScript package, whose own are proved equal to them.
use crate::{client::*, error::ErrorCode, id::RequestId, ops::*, server::*};
use ts_rs::{Config, TS};

fn declarations() -> String {
    let config = Config::default();
    let mut out = String::from("// Generated from the Rust protocol crate by its test. Do not edit.\n");
    macro_rules! declare {
        ($($ty:ty),* $(,)?) => { $(
            out.push_str(&format!("export {}\n", <$ty as TS>::decl(&config)));
        )* };
    }
    declare!(
        crate::id::ComponentId,
        RequestId,
        ErrorCode,
        Segment,
        Op,
        ClientMessage,
        Hello,
        HeldComponent,
        Mount,
        MountPayload,
        Unmount,
        Action,
        PropertyUpdate,
        PropertyPayload,
        Ack,
        Resync,
        Ping,
        ServerMessage,
        Welcome,
        Limits,
        Answer,
        Mounted,
        MissedEvent,
        StateUpdate,
        StatePayload,
        StateDelta,
        Reply,
        ReplyPayload,
        Error,
        ErrorPayload,
        Event,
        Unmounted,
        UnmountReason,
        GoAway,
        Pong,
    );
    out
}

/// The file is committed, so that the TypeScript tests need no Rust; run with `UPDATE=1` to write it anew.
#[test]
fn the_generated_typescript_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packages/fluxstack-live/test/wire.gen.ts");
    let now = declarations();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == now, "wire.gen.ts is stale: UPDATE=1 cargo test -p fluxstack-live-protocol typescript");
}
