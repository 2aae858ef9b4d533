//! One component as the client holds it. What does not fit is a failure of the server: there are no gaps on one connection.
use fluxstack_live_protocol::{
    ops,
    server::{Event, Mounted, StateDelta, StateUpdate},
};
use serde_json::{Value, json};

/// One component.
pub(crate) struct Component {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) props: Value,
    /// None until it was mounted first.
    pub(crate) held: Option<Held>,
    /// The answer to a mount or to a resume has not come: what is said of it is not for this client.
    pub(crate) waits: bool,
    /// What was told, in the order of its commits.
    pub(crate) events: Vec<(String, Value)>,
    /// Snapshots that were asked for and have come.
    pub(crate) snapshots: u32,
}

/// Its state at a version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) epoch: String,
    pub(crate) version: u64,
    pub(crate) state: Value,
}

impl Component {
    pub(crate) fn new(id: &'static str, name: &'static str, props: Value) -> Self {
        Component { id, name, props, held: None, waits: true, events: Vec::new(), snapshots: 0 }
    }
    pub(crate) fn is_live(&self) -> bool {
        self.held.is_some() && !self.waits
    }
    /// The message that mounts it.
    pub(crate) fn mount(&self) -> Value {
        let payload = json!({ "component": self.name, "props": self.props });
        json!({ "type": "COMPONENT_MOUNT", "componentId": self.id, "payload": payload })
    }
    /// What `HELLO` says of it.
    pub(crate) fn in_hello(&self) -> Value {
        match &self.held {
            None => json!({ "componentId": self.id }),
            Some(held) => {
                json!({ "componentId": self.id, "epoch": held.epoch, "version": held.version })
            }
        }
    }
    pub(crate) fn mounted(&mut self, message: Mounted) -> Result<(), String> {
        let Mounted { component_id: _, epoch, version, state, ops, events } = message;
        if !self.waits {
            return Err(format!("`{}` was mounted, and nobody had asked", self.id));
        }
        self.waits = false;
        match (state, ops) {
            (Some(state), None) => self.held = Some(Held { epoch, version, state }),
            (None, Some(ops)) => {
                self.held
                    .as_ref()
                    .filter(|held| held.epoch == epoch)
                    .ok_or("ops came for another history")?;
                self.advance(version, &ops)?;
                for event in events.unwrap_or_default() {
                    self.hear(event.event, event.payload, event.version)?;
                }
            }
            _ => return Err(format!("`{}` was mounted with neither or both of state and ops", self.id)),
        }
        Ok(())
    }
    pub(crate) fn changed(&mut self, delta: StateDelta) -> Result<(), String> {
        if self.waits {
            return Ok(());
        }
        let held = self.held.as_ref().map(|held| held.version);
        if held != Some(delta.from) {
            return Err(format!("`{}` is at {held:?}, and a delta leads from {}", self.id, delta.from));
        }
        self.advance(delta.version, &delta.ops)
    }
    pub(crate) fn updated(&mut self, snapshot: StateUpdate) -> Result<(), String> {
        let StateUpdate { component_id: _, epoch, version, payload } = snapshot;
        if self.waits {
            return Ok(());
        }
        self.held = Some(Held { epoch, version, state: payload.state });
        self.snapshots += 1;
        Ok(())
    }
    pub(crate) fn told(&mut self, event: Event) -> Result<(), String> {
        if self.waits {
            return Ok(());
        }
        self.hear(event.event, event.payload, event.version)
    }
    /// Whether it shows what a reply says.
    pub(crate) fn has_reached(&self, version: u64) -> bool {
        self.is_live() && self.held.as_ref().is_some_and(|held| held.version >= version)
    }

    fn advance(&mut self, version: u64, ops: &[ops::Op]) -> Result<(), String> {
        let held = self.held.as_mut().ok_or("a change came before a state")?;
        if version < held.version {
            return Err(format!("`{}` goes back from {} to {version}", self.id, held.version));
        }
        ops::apply(&mut held.state, ops).map_err(|_| format!("{ops:?} does not fit {}", held.state))?;
        held.version = version;
        Ok(())
    }
    fn hear(&mut self, event: String, payload: Value, version: u64) -> Result<(), String> {
        if self.held.as_ref().is_none_or(|held| held.version < version) {
            return Err(format!("`{event}` overtook its commit"));
        }
        self.events.push((event, payload));
        Ok(())
    }
}
