//! A client's copy of one store: the state at a version the server told. It decides what a message means for it.
use fluxstack_live_protocol::{
    ops::{self, Op},
    server::{Mounted, StateDelta, StateUpdate},
};
use serde_json::Value;

pub(crate) struct Store {
    /// Invariant: the server's state at (`epoch`, `version`) once `epoch` is known.
    pub(crate) state: Value,
    /// None until the first `COMPONENT_MOUNTED`.
    pub(crate) epoch: Option<String>,
    pub(crate) version: u64,
    /// What was asked for and has not come.
    awaiting: Option<Awaited>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    /// Until then deltas are of another history.
    Mount,
    Snapshot,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Held,
    Ignored,
    /// A snapshot must be asked for.
    Gap,
}

impl Store {
    pub(crate) fn new() -> Self {
        Store { state: Value::Null, epoch: None, version: 0, awaiting: Some(Awaited::Mount) }
    }
    /// Requests may be sent.
    pub(crate) fn is_mounted(&self) -> bool {
        self.awaiting != Some(Awaited::Mount)
    }
    pub(crate) fn is_resyncing(&self) -> bool {
        self.awaiting == Some(Awaited::Snapshot)
    }
    pub(crate) fn is_live(&self) -> bool {
        self.awaiting.is_none()
    }
    /// The subscription is gone: only a new `COMPONENT_MOUNTED` counts now.
    pub(crate) fn lose(&mut self) {
        self.awaiting = Some(Awaited::Mount);
    }
    pub(crate) fn mounted(&mut self, message: Mounted) -> Taken {
        match (message.state, message.ops) {
            (Some(state), _) => self.replace(message.epoch, message.version, state),
            (None, Some(ops)) if self.epoch.as_ref() == Some(&message.epoch) => {
                self.advance(message.version, &ops)
            }
            (None, _) => self.gap(),
        }
    }
    pub(crate) fn update(&mut self, message: StateUpdate) -> Taken {
        if !self.is_mounted() {
            return Taken::Ignored;
        }
        self.replace(message.epoch, message.version, message.payload.state)
    }
    pub(crate) fn delta(&mut self, message: &StateDelta) -> Taken {
        match self.awaiting {
            Some(_) => Taken::Ignored,
            None if message.from == self.version => self.advance(message.version, &message.ops),
            None => self.gap(),
        }
    }
    fn replace(&mut self, epoch: String, version: u64, state: Value) -> Taken {
        self.epoch = Some(epoch);
        self.state = state;
        self.live(version)
    }
    fn advance(&mut self, version: u64, ops: &[Op]) -> Taken {
        let mut next = self.state.clone();
        if ops::apply(&mut next, ops).is_err() {
            return self.gap();
        }
        self.state = next;
        self.live(version)
    }
    fn live(&mut self, version: u64) -> Taken {
        self.version = version;
        self.awaiting = None;
        Taken::Held
    }
    fn gap(&mut self) -> Taken {
        self.awaiting = Some(Awaited::Snapshot);
        Taken::Gap
    }
}
