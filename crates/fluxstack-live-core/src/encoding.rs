//! How messages are written for a connection. Everything is written as JSON first, and in another encoding once somebody
//! reads that, for all who do.
use fluxstack_live_protocol::{
    compact::{self, Shape},
    compose,
    id::ComponentId,
};
use std::sync::Arc;

/// How messages are written for a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As JSON.
    #[default]
    Json,
    /// As MessagePack, all names as they are.
    Compact,
    /// As MessagePack, names as places: the client has the same schema.
    CompactBySchema,
}

/// It nests deeper than 127 levels, so that it can be read as JSON only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooDeep;

/// What several readers share: a part of a message.
pub(crate) struct Shared {
    json: Arc<[u8]>,
    compact: Option<Arc<[u8]>>,
    by_schema: Option<Arc<[u8]>>,
}

/// Writes the JSON of a shared part in the compact encoding, by the shape of its component if there is one.
pub(crate) type Transcribe<'a> = &'a dyn Fn(&[u8], Option<&Shape>) -> serde_json::Result<Vec<u8>>;

impl Shared {
    pub(crate) fn new(json: impl Into<Arc<[u8]>>) -> Self {
        Shared { json: json.into(), compact: None, by_schema: None }
    }
    /// Its bytes as JSON.
    pub(crate) fn len(&self) -> usize {
        self.json.len()
    }
    /// As the encoding has it; `written` counts if it had to be written.
    pub(crate) fn read(
        &mut self,
        encoding: Encoding,
        shape: &Shape,
        transcribe: Transcribe,
        written: &mut u64,
    ) -> Result<Arc<[u8]>, TooDeep> {
        let (kept, shape) = match encoding {
            Encoding::Json => return Ok(self.json.clone()),
            Encoding::Compact => (&mut self.compact, None),
            Encoding::CompactBySchema => (&mut self.by_schema, Some(shape)),
        };
        if let Some(bytes) = kept {
            return Ok(bytes.clone());
        }
        let bytes: Arc<[u8]> = transcribe(&self.json, shape).map_err(|_| TooDeep)?.into();
        *written += 1;
        *kept = Some(bytes.clone());
        Ok(bytes)
    }
}

impl Encoding {
    /// Whether its WebSocket messages are binary.
    pub fn is_binary(self) -> bool {
        match self {
            Encoding::Json => false,
            Encoding::Compact | Encoding::CompactBySchema => true,
        }
    }
    /// `STATE_DELTA`, from its shared part.
    pub(crate) fn state_delta(self, to: &ComponentId, slice: &[u8], out: &mut Vec<u8>) {
        match self {
            Encoding::Json => compose::state_delta(to, slice, out),
            Encoding::Compact | Encoding::CompactBySchema => compact::state_delta(to, slice, out),
        }
    }
    /// `COMPONENT_MOUNTED`; the state is the shared part of a snapshot.
    pub(crate) fn mounted(self, to: &ComponentId, snapshot: compose::Snapshot, out: &mut Vec<u8>) {
        match self {
            Encoding::Json => compose::mounted(to, snapshot, out),
            Encoding::Compact | Encoding::CompactBySchema => compact::mounted(to, snapshot.state, out),
        }
    }
    /// `COMPONENT_MOUNTED` with what a reader missed, from its shared parts.
    pub(crate) fn resumed(
        self,
        to: &ComponentId,
        epoch: &str,
        slice: &[u8],
        events: &[Arc<[u8]>],
        out: &mut Vec<u8>,
    ) {
        match self {
            Encoding::Json => compose::resumed(to, epoch, slice, events, out),
            Encoding::Compact | Encoding::CompactBySchema => compact::resumed(to, epoch, slice, events, out),
        }
    }
    /// `STATE_UPDATE`; the state is the shared part of a snapshot.
    pub(crate) fn state_update(self, to: &ComponentId, snapshot: compose::Snapshot, out: &mut Vec<u8>) {
        match self {
            Encoding::Json => compose::state_update(to, snapshot, out),
            Encoding::Compact | Encoding::CompactBySchema => compact::state_update(to, snapshot.state, out),
        }
    }
    /// `EVENT`, from its shared part.
    pub(crate) fn event(self, to: &ComponentId, told: &[u8], out: &mut Vec<u8>) {
        match self {
            Encoding::Json => compose::event(to, told, out),
            Encoding::Compact | Encoding::CompactBySchema => compact::event(to, told, out),
        }
    }
    /// A whole message that was written as JSON, and has nothing in it that could be by place.
    pub(crate) fn message(self, json: &[u8], out: &mut Vec<u8>) -> Result<(), TooDeep> {
        match self {
            Encoding::Json => {
                out.extend_from_slice(json);
                Ok(())
            }
            Encoding::Compact | Encoding::CompactBySchema => {
                compact::message(json, None, out).map_err(|_| TooDeep)
            }
        }
    }
}
