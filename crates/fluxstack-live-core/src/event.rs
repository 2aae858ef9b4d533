//! What a component tells once, with no place in its state.
use crate::value::WireType;
use fluxstack_live_protocol::strict;

/// One event, written down.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its wire name.
    pub(crate) name: &'static str,
    pub(crate) payload: Vec<u8>,
}

/// The events of a transaction so far.
#[derive(Debug, Default)]
pub(crate) struct Events {
    told: Vec<Event>,
    /// Some once an event could not be written; then the whole is worth nothing.
    error: Option<serde_json::Error>,
}

impl Events {
    pub(crate) fn tell<E: WireType>(&mut self, name: &'static str, event: &E) {
        let mut payload = Vec::new();
        match strict::write_json(event, &mut payload) {
            Ok(()) => self.told.push(Event { name, payload }),
            Err(error) => drop(self.error.get_or_insert(error)),
        }
    }
    /// The events, or why a browser could not hold one of them.
    pub(crate) fn finish(self) -> serde_json::Result<Vec<Event>> {
        self.error.map_or(Ok(self.told), Err)
    }
}
