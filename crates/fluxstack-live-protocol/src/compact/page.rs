//! The client's side of it, for tests and clients in Rust: they speak JSON, and this stands between.
use super::{
    bytes::{self, Bounds},
    forms,
    node::Node,
    shape::{Shape, Way},
};

/// What a client sends, one message or a batch, as bytes. With a shape, names in it become places.
///
/// None if it is not JSON.
pub fn from_client(json: &str, shape: Option<&Shape>) -> Option<Vec<u8>> {
    let pack = |mut message| {
        if let Some(shape) = shape {
            forms::by_shape(shape, &mut message, Way::ToPlaces);
        }
        forms::array(forms::CLIENT, message)
    };
    let packed = match Node::from_json(json.as_bytes()).ok()? {
        Node::List(messages) => Node::List(messages.into_iter().map(pack).collect()),
        message => pack(message),
    };
    let mut out = Vec::new();
    bytes::write(&packed, &mut out);
    Some(out)
}

/// What the server sends, one message or a batch, as JSON. `shape` is asked for each component that is named; with one,
/// places become names.
///
/// None if the bytes are not MessagePack, or hold what JSON has not.
pub fn to_client<'s>(bytes: &[u8], shape: impl Fn(&str) -> Option<&'s Shape>) -> Option<String> {
    const BOUNDS: Bounds = Bounds { depth: 128, values: usize::MAX };
    let unpack = |message| {
        let mut message = forms::object(forms::SERVER, message);
        if let Some(shape) = forms::component(&message).and_then(&shape) {
            forms::by_shape(shape, &mut message, Way::ToNames);
        }
        message
    };
    let unpacked = match bytes::read(bytes, BOUNDS)? {
        Node::List(messages) if matches!(messages.first(), Some(Node::List(_))) => {
            Node::List(messages.into_iter().map(unpack).collect())
        }
        message => unpack(message),
    };
    Some(unpacked.to_json())
}
