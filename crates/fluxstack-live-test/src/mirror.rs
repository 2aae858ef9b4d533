//! One component as the client holds it: what arrives about it is applied here, and held against what the protocol
//! promises. A broken promise is a bug of the engine, so it is a panic.
use crate::call_error::CallError;
use fluxstack_live_protocol::{
    ops,
    server::{Event, Mounted, StateDelta, StateUpdate, UnmountReason},
};
use serde_json::Value;
use std::sync::Arc;

/// One component as the client holds it.
pub(crate) struct Mirror {
    pub(crate) name: &'static str,
    pub(crate) life: Life,
    /// What was told and not yet taken.
    pub(crate) events: Vec<(String, Value)>,
    /// Snapshots that have arrived after the first one, each compared with what was held, if that was as old.
    pub(crate) snapshots: u64,
    /// Whether the last one could be compared.
    pub(crate) is_compared: bool,
    /// What was held before a snapshot, until the message that brought it is read to its end.
    before: Option<Held>,
}

/// Whether it is there to be seen.
pub(crate) enum Life {
    /// The server has not answered the mount.
    Mounting,
    Refused(CallError),
    Mounted(Held),
    /// The server has ended it.
    Ended(UnmountReason),
}

/// The state at a version.
pub(crate) struct Held {
    epoch: String,
    pub(crate) version: u64,
    pub(crate) state: Arc<Value>,
}

/// What the engine must never do.
#[track_caller]
pub(crate) fn broken(name: &str, what: impl std::fmt::Display) -> ! {
    panic!("`{name}`: {what}; this is a bug of FluxStack Live, not of the component: please report it")
}

impl Mirror {
    pub(crate) fn new(name: &'static str) -> Self {
        let (life, events) = (Life::Mounting, Vec::new());
        Mirror { name, life, events, snapshots: 0, is_compared: false, before: None }
    }
    /// What is held; None before it is mounted and after its end.
    pub(crate) fn held(&self) -> Option<&Held> {
        match &self.life {
            Life::Mounted(held) => Some(held),
            Life::Mounting | Life::Refused(_) | Life::Ended(_) => None,
        }
    }
    pub(crate) fn mounted(&mut self, message: Mounted) {
        let Mounted { component_id: _, epoch, version, state, ops: _, events: _ } = message;
        let Some(state) = state else { broken(self.name, "it was mounted without its state") };
        self.life = Life::Mounted(Held { epoch, version, state: state.into() });
    }
    pub(crate) fn refused(&mut self, error: CallError) {
        match self.life {
            Life::Mounting => self.life = Life::Refused(error),
            Life::Mounted(_) => {
                broken(self.name, format_args!("an error came that nobody asked for: {error}"))
            }
            // It crossed the end of the component.
            Life::Refused(_) | Life::Ended(_) => {}
        }
    }
    pub(crate) fn updated(&mut self, message: StateUpdate) {
        let StateUpdate { component_id: _, epoch, version, payload } = message;
        let held = Held { epoch, version, state: payload.state.into() };
        match std::mem::replace(&mut self.life, Life::Mounted(held)) {
            Life::Mounted(before) => self.before = Some(before),
            Life::Mounting | Life::Refused(_) | Life::Ended(_) => {
                broken(self.name, "a snapshot came while it was not mounted")
            }
        }
    }
    pub(crate) fn changed(&mut self, message: StateDelta) {
        let StateDelta { component_id: _, from, version, ops } = message;
        let name = self.name;
        let Life::Mounted(held) = &mut self.life else {
            broken(name, "a delta came while it was not mounted")
        };
        if from != held.version || version < from {
            let (said, has) = (format!("from version {from} to {version}"), held.version);
            broken(name, format_args!("a delta leads {said}, and the page has version {has}"));
        }
        let before = held.state.clone();
        if ops::apply(Arc::make_mut(&mut held.state), &ops).is_err() {
            broken(name, format_args!("the ops {ops:?} do not fit the state {before}"));
        }
        held.version = version;
    }
    pub(crate) fn told(&mut self, message: Event) {
        let Event { component_id: _, event, payload, version } = message;
        if self.held().is_none_or(|held| held.version < version) {
            broken(self.name, format_args!("the event `{event}` overtook its commit"));
        }
        self.events.push((event, payload));
    }
    pub(crate) fn ended(&mut self, reason: UnmountReason) {
        self.life = Life::Ended(reason);
    }
    /// A reply shows its effect at this version.
    pub(crate) fn replied(&self, at: u64) {
        if self.held().is_some_and(|held| held.version < at) {
            broken(self.name, format_args!("a reply overtook the state of its version {at}"));
        }
    }
    /// A WebSocket message is read to its end: a snapshot in it has come to the present, and has to be what was held at the
    /// same version.
    pub(crate) fn end_of_message(&mut self) {
        let Some(before) = self.before.take() else { return };
        let Some(held) = self.held() else { return };
        let is_compared = before.epoch == held.epoch && before.version == held.version;
        if is_compared && before.state != held.state {
            let (name, version, deltas, snapshot) = (self.name, held.version, &before.state, &held.state);
            panic!(
                "`{name}` at version {version}: deltas led to {deltas}, and the snapshot is {snapshot}; \
                a value's `PartialEq` takes for equal what is written differently, or FluxStack Live has lost a change"
            );
        }
        self.snapshots += 1;
        self.is_compared = is_compared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluxstack_live_protocol::server::ServerMessage;
    use serde_json::json;

    fn mirror(state: Value) -> Mirror {
        let mut mirror = Mirror::new("Counter");
        let message = json!({"type": "COMPONENT_MOUNTED", "componentId": "c1", "epoch": "e", "version": 3, "state": state});
        let ServerMessage::ComponentMounted(message) = serde_json::from_value(message).unwrap() else {
            panic!()
        };
        mirror.mounted(message);
        mirror
    }
    fn delta(from: u64, ops: Value) -> StateDelta {
        let message = json!({"componentId": "c1", "from": from, "version": from + 1, "ops": ops});
        serde_json::from_value(message).unwrap()
    }
    fn event(name: &str, version: u64) -> Event {
        let message = json!({"componentId": "c1", "event": name, "payload": version, "version": version});
        serde_json::from_value(message).unwrap()
    }
    fn snapshot(version: u64, state: Value) -> StateUpdate {
        let message =
            json!({"componentId": "c1", "epoch": "e", "version": version, "payload": {"state": state}});
        serde_json::from_value(message).unwrap()
    }

    #[test]
    #[should_panic(expected = "`Counter`: a delta leads from version 4 to 5, and the page has version 3")]
    fn a_gap_is_a_panic() {
        mirror(json!({"count": 0})).changed(delta(4, json!([])));
    }

    #[test]
    #[should_panic(expected = "do not fit the state {\"count\":0}")]
    fn ops_that_do_not_fit_are_a_panic() {
        mirror(json!({"count": 0})).changed(delta(3, json!([["+", ["count"], 1]])));
    }

    #[test]
    #[should_panic(expected = "a reply overtook the state of its version 4")]
    fn a_reply_before_its_state_is_a_panic() {
        mirror(json!({"count": 0})).replied(4);
    }

    #[test]
    #[should_panic(expected = "deltas led to {\"count\":1}, and the snapshot is {\"count\":2}")]
    fn a_snapshot_unlike_the_deltas_is_a_panic() {
        let mut mirror = mirror(json!({"count": 0}));
        mirror.changed(delta(3, json!([["=", ["count"], 1]])));
        mirror.updated(snapshot(4, json!({"count": 2})));
        mirror.end_of_message();
    }

    #[test]
    fn events_are_collected_in_their_order() {
        let mut mirror = mirror(json!({}));
        mirror.changed(delta(3, json!([])));
        mirror.told(event("RANG", 4));
        mirror.told(event("STOPPED", 4));
        assert_eq!(mirror.events, [("RANG".to_owned(), json!(4)), ("STOPPED".to_owned(), json!(4))]);
    }

    #[test]
    #[should_panic(expected = "the event `RANG` overtook its commit")]
    fn an_event_before_its_commit_is_a_panic() {
        mirror(json!({})).told(event("RANG", 4));
    }

    #[test]
    fn a_snapshot_is_compared_once_its_tail_has_led_to_the_present() {
        let mut mirror = mirror(json!({"count": 0}));
        mirror.changed(delta(3, json!([["=", ["count"], 1]])));
        mirror.updated(snapshot(3, json!({"count": 0})));
        mirror.changed(delta(3, json!([["=", ["count"], 1]])));
        mirror.end_of_message();
        assert_eq!((mirror.snapshots, mirror.is_compared), (1, true));
        mirror.updated(snapshot(9, json!({"count": 9})));
        mirror.end_of_message();
        assert_eq!((mirror.snapshots, mirror.is_compared), (2, false), "the page was behind");
    }
}
