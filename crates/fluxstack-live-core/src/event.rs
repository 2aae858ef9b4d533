//! What a component tells once, with no place in its state.
use crate::value::WireType;
use fluxstack_live_protocol::strict;

/// One event, written down.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its wire name.
    pub(crate) name: &'static str,
    pub(crate) payload: Vec<u8>,
    /// Some: one reader is told, and nobody else.
    pub(crate) to: Option<u64>,
}

/// What a caller's page is told to show in place of what is typed there. Names with a `$` are the protocol's own.
const FORCE: &str = "$force";

/// The events of a transaction so far.
#[derive(Debug, Default)]
pub(crate) struct Events {
    told: Vec<Event>,
    /// The wire names of the fields whose values the caller's page shall show, in the order they were named.
    forced: Vec<&'static str>,
    /// Some once an event could not be written; then the whole is worth nothing.
    error: Option<serde_json::Error>,
}

impl Events {
    pub(crate) fn tell<E: WireType>(&mut self, name: &'static str, event: &E) {
        let mut payload = Vec::new();
        match strict::write_json(event, &mut payload) {
            Ok(()) => self.told.push(Event { name, payload, to: None }),
            Err(error) => drop(self.error.get_or_insert(error)),
        }
    }
    pub(crate) fn force(&mut self, field: &'static str) {
        if !self.forced.contains(&field) {
            self.forced.push(field);
        }
    }
    /// The events, or why a browser could not hold one of them. What is forced is for the reader that asked.
    pub(crate) fn finish(mut self, asked: Option<u64>) -> serde_json::Result<Vec<Event>> {
        self.error.map_or(Ok(()), Err)?;
        if !self.forced.is_empty() && asked.is_some() {
            let payload = serde_json::to_vec(&self.forced)?;
            self.told.push(Event { name: FORCE, payload, to: asked });
        }
        Ok(self.told)
    }
}
