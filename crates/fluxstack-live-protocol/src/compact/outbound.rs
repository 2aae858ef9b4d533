//! What the server sends, from the JSON it was written as. Parts that several readers share are written once for all of
//! them, as in [`compose`](crate::compose).
//!
//! Each of these fails on JSON that nests more than 127 deep, which no limit of the protocol keeps an author from.
use super::{
    bytes, forms,
    node::Node,
    shape::{Shape, Way},
};
use crate::{compose, id::ComponentId};

/// One whole message. With a shape, that of the component it is from, names in it become places.
pub fn message(json: &[u8], shape: Option<&Shape>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    bytes::write(&packed(json, shape)?, out);
    Ok(())
}

/// The part of a snapshot that all its readers share.
pub fn snapshot(snapshot: compose::Snapshot, shape: Option<&Shape>) -> serde_json::Result<Vec<u8>> {
    let compose::Snapshot { epoch, version, state } = snapshot;
    let mut out = Vec::with_capacity(state.len());
    bytes::text(epoch, &mut out);
    bytes::unsigned(version, &mut out);
    let state = Node::from_json(state)?;
    let state = match shape {
        Some(shape) => shape.state(state, Way::ToPlaces),
        None => state,
    };
    bytes::write(&state, &mut out);
    Ok(out)
}

/// `COMPONENT_MOUNTED`, from the shared part of a snapshot.
pub fn mounted(to: &ComponentId, snapshot: &[u8], out: &mut Vec<u8>) {
    addressed(2, to, snapshot, out);
}

/// `COMPONENT_MOUNTED` with what happened since the client's version: from the shared part of a `STATE_DELTA` from there,
/// and those of the events.
pub fn resumed(to: &ComponentId, epoch: &str, slice: &[u8], events: &[impl AsRef<[u8]>], out: &mut Vec<u8>) {
    bytes::list_of(if events.is_empty() { 6 } else { 7 }, out);
    bytes::unsigned(2, out);
    bytes::text(to.as_str(), out);
    bytes::text(epoch, out);
    let (_from, rest) = bytes::split_unsigned(slice);
    let (version, ops) = bytes::split_unsigned(rest);
    out.extend_from_slice(version);
    bytes::nil(out);
    out.extend_from_slice(ops);
    if !events.is_empty() {
        bytes::list_of(events.len(), out);
        for told in events {
            bytes::list_of(3, out);
            out.extend_from_slice(told.as_ref());
        }
    }
}

/// `STATE_UPDATE`, from the shared part of a snapshot.
pub fn state_update(to: &ComponentId, snapshot: &[u8], out: &mut Vec<u8>) {
    addressed(3, to, snapshot, out);
}

/// The part of a `STATE_DELTA` that all its readers share, from [`compose::slice`].
pub fn slice(slice: &[u8], shape: Option<&Shape>) -> serde_json::Result<Vec<u8>> {
    shared(slice, "STATE_DELTA", shape)
}

/// `STATE_DELTA`, from its shared part.
pub fn state_delta(to: &ComponentId, slice: &[u8], out: &mut Vec<u8>) {
    addressed(4, to, slice, out);
}

/// The part of an `EVENT` that all its readers share, from [`compose::told`].
pub fn told(told: &[u8], shape: Option<&Shape>) -> serde_json::Result<Vec<u8>> {
    shared(told, "EVENT", shape)
}

/// `EVENT`, from its shared part.
pub fn event(to: &ComponentId, told: &[u8], out: &mut Vec<u8>) {
    addressed(7, to, told, out);
}

/// The beginning of a batch of so many messages.
pub fn batch(messages: usize, out: &mut Vec<u8>) {
    bytes::list_of(messages, out);
}

/// Everything behind the address.
fn shared(json: &[u8], kind: &str, shape: Option<&Shape>) -> serde_json::Result<Vec<u8>> {
    let json = [br#"{"type":""#, kind.as_bytes(), br#"","#, json].concat();
    let mut out = Vec::with_capacity(json.len());
    if let Node::List(values) = packed(&json, shape)? {
        values.iter().skip(2).for_each(|value| bytes::write(value, &mut out));
    }
    Ok(out)
}

fn packed<'a>(json: &'a [u8], shape: Option<&'a Shape>) -> serde_json::Result<Node<'a>> {
    let mut message = Node::from_json(json)?;
    if let Some(shape) = shape {
        forms::by_shape(shape, &mut message, Way::ToPlaces);
    }
    Ok(forms::array(forms::SERVER, message))
}

/// A tag, an address, and three values that are shared.
fn addressed(tag: u64, to: &ComponentId, shared: &[u8], out: &mut Vec<u8>) {
    bytes::list_of(5, out);
    bytes::unsigned(tag, out);
    bytes::text(to.as_str(), out);
    out.extend_from_slice(shared);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resume_put_together_from_shared_parts_is_the_transcription_of_its_json() {
        let to = ComponentId::new("c1").unwrap();
        let ops = br#"["=",["count"],1],["+",["list"],2]"#;
        for (from, version) in [(0_u64, 30_u64), (100, 128), (255, 290), (65_535, 65_536), (1 << 32, 1 << 40)]
        {
            for many in [0, 1, 20] {
                let json = compose::slice(from, version, ops);
                let events: Vec<_> = (0..many).map(|n| compose::told("RANG", b"[1]", version - n)).collect();
                let (mut text, mut composed, mut transcribed) = (Vec::new(), Vec::new(), Vec::new());
                compose::resumed(&to, "kx81", &json, &events, &mut text);
                message(&text, None, &mut transcribed).unwrap();
                let packed: Vec<_> = events.iter().map(|it| told(it, None).unwrap()).collect();
                resumed(&to, "kx81", &slice(&json, None).unwrap(), &packed, &mut composed);
                assert_eq!(composed, transcribed, "{}", String::from_utf8_lossy(&text));
            }
        }
    }
}
