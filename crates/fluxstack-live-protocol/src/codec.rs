//! The JSON codec: one WebSocket message to the messages in it, and the typed messages to text.
//! A message that cannot be read costs one [`Rejected`]; its neighbours in a batch are read all the same.
use crate::{
    client::{
        Ack, Action, ClientMessage, HeldComponent, Hello, Mount, MountPayload, Ping, PropertyPayload,
        PropertyUpdate, Resync, Unmount,
    },
    id::{ComponentId, MAX_NAME, RequestId},
    scan,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A message that is none: what to say about it, and whom it names as far as that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// A sentence for a developer, without an echo of the input.
    pub reason: &'static str,
    /// The component it names.
    pub component_id: Option<ComponentId>,
    /// The request it names.
    pub request_id: Option<RequestId>,
}

/// Reads one WebSocket message: one message, or a non-empty array of messages, each handed to `each` in order.
///
/// `Err` if the text as a whole is not JSON, breaks a limit of [`scan`], or is an empty array; then `each` was not
/// called.
pub fn read<'a>(
    text: &'a str,
    mut each: impl FnMut(Result<ClientMessage<'a>, Rejected>),
) -> Result<(), Rejected> {
    let rejected = |reason| Rejected { reason, component_id: None, request_id: None };
    scan::check(text).map_err(|_| rejected("the text is not JSON, or breaks a limit of the protocol"))?;
    if !text.trim_start().starts_with('[') {
        each(read_one(text));
        return Ok(());
    }
    let batch: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| rejected("the text is not JSON"))?;
    if batch.is_empty() {
        return Err(rejected("a batch holds at least one message"));
    }
    batch.into_iter().for_each(|message| each(read_one(message.get())));
    Ok(())
}

fn read_one(text: &str) -> Result<ClientMessage<'_>, Rejected> {
    // A list would fit the envelope field by field; only an object is one.
    let envelope =
        if text.trim_start().starts_with('{') { serde_json::from_str::<Envelope>(text).ok() } else { None };
    let read =
        envelope.ok_or("not a message: an object with `type` and known fields").and_then(Envelope::open);
    read.map_err(|reason| {
        let named: Named = serde_json::from_str(text).unwrap_or_default();
        Rejected {
            reason,
            component_id: named.component_id.and_then(|id| serde_json::from_str(id.get()).ok()),
            request_id: named.request_id.and_then(|id| serde_json::from_str(id.get()).ok()),
        }
    })
}

/// What a message that could not be read may still tell about itself.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named<'a> {
    #[serde(borrow)]
    component_id: Option<&'a RawValue>,
    #[serde(borrow)]
    request_id: Option<&'a RawValue>,
}

/// Every field that any client message has. Which belong to the message at hand is checked when it is opened.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    component_id: Option<ComponentId>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    #[serde(borrow)]
    action: Option<Cow<'a, str>>,
    request_id: Option<RequestId>,
    received: Option<u64>,
    protocol: Option<u64>,
    #[serde(borrow)]
    session: Option<Cow<'a, str>>,
    #[serde(borrow)]
    secret: Option<Cow<'a, str>>,
    components: Option<Vec<HeldComponent>>,
    #[serde(borrow)]
    token: Option<Cow<'a, str>>,
    #[serde(borrow)]
    schema: Option<Cow<'a, str>>,
    anew: Option<bool>,
    messages: Option<u64>,
    at: Option<serde_json::Number>,
}

type Opened<T> = Result<T, &'static str>;

impl<'a> Envelope<'a> {
    fn open(mut self) -> Opened<ClientMessage<'a>> {
        let message = match &*self.kind {
            "HELLO" => ClientMessage::Hello(self.hello()?),
            "COMPONENT_MOUNT" => ClientMessage::ComponentMount(self.mount()?),
            "COMPONENT_UNMOUNT" => {
                ClientMessage::ComponentUnmount(Unmount { component_id: self.component_id()? })
            }
            "COMPONENT_ACTION" => ClientMessage::ComponentAction(self.action()?),
            "PROPERTY_UPDATE" => ClientMessage::PropertyUpdate(self.property_update()?),
            "ACK" => ClientMessage::Ack(self.ack()?),
            "RESYNC" => ClientMessage::Resync(Resync { component_id: self.component_id()? }),
            "PING" => ClientMessage::Ping(Ping { at: self.at.take().ok_or("`PING` needs `at`")? }),
            _ => return Err("there is no message of this `type`"),
        };
        if self.is_empty() { Ok(message) } else { Err("a field does not belong to a message of this `type`") }
    }
    fn hello(&mut self) -> Opened<Hello<'a>> {
        Ok(Hello {
            protocol: self.protocol.take().ok_or("`HELLO` needs `protocol`")?,
            session: self.session.take(),
            secret: self.secret.take(),
            received: self.received.take(),
            components: self.components.take(),
            token: self.token.take(),
            schema: self.schema.take(),
            anew: self.anew.take(),
        })
    }
    fn mount(&mut self) -> Opened<Mount<'a>> {
        let component_id = self.component_id()?;
        let payload: MountPayload =
            self.payload("`COMPONENT_MOUNT` needs a `payload` with `component` and `props`")?;
        Ok(Mount { component_id, payload })
    }
    fn action(&mut self) -> Opened<Action<'a>> {
        let action = self.action.take().ok_or("`COMPONENT_ACTION` needs `action`")?;
        if action.chars().count() > MAX_NAME {
            return Err("the name of an action has at most 64 characters");
        }
        Ok(Action {
            component_id: self.component_id()?,
            action,
            payload: self.payload.take(),
            request_id: self.request_id.take(),
            received: self.received.take(),
        })
    }
    fn property_update(&mut self) -> Opened<PropertyUpdate<'a>> {
        let component_id = self.component_id()?;
        let payload: PropertyPayload =
            self.payload("`PROPERTY_UPDATE` needs a `payload` with `property` and `value`")?;
        Ok(PropertyUpdate {
            component_id,
            payload,
            request_id: self.request_id.take(),
            received: self.received.take(),
        })
    }
    fn ack(&mut self) -> Opened<Ack> {
        let messages = self.messages.take().ok_or("`ACK` needs `messages`")?;
        Ok(Ack { messages, received: self.received.take() })
    }
    fn component_id(&mut self) -> Opened<ComponentId> {
        self.component_id.take().ok_or("the message needs a `componentId`")
    }
    fn payload<T: Deserialize<'a>>(&mut self, needs: &'static str) -> Opened<T> {
        let payload = self.payload.take().filter(|payload| payload.get().starts_with('{')).ok_or(needs)?;
        serde_json::from_str(payload.get()).map_err(|_| needs)
    }
    /// Whether every field has been taken by its message.
    fn is_empty(&self) -> bool {
        let Envelope { kind: _, component_id, payload, action, request_id, received, protocol, .. } = self;
        let Envelope { session, secret, components, token, schema, anew, messages, at, .. } = self;
        let one = component_id.is_none() && payload.is_none() && action.is_none() && request_id.is_none();
        let two = received.is_none() && protocol.is_none() && session.is_none() && secret.is_none();
        let three = components.is_none() && token.is_none() && schema.is_none() && anew.is_none();
        one && two && three && messages.is_none() && at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::ServerMessage;
    use serde_json::Value;

    fn samples(side: &str) -> Vec<(String, String)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/messages");
        let mut samples: Vec<(String, String)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(side))
            .map(|path| {
                let name = path.file_stem().unwrap().to_str().unwrap()[side.len()..].to_owned();
                (name, std::fs::read_to_string(path).unwrap().trim_end().to_owned())
            })
            .collect();
        samples.sort();
        samples
    }
    fn one(text: &str) -> Result<ClientMessage<'_>, Rejected> {
        let mut all = Vec::new();
        read(text, |message| all.push(message))?;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
    fn kinds(names: &[(String, String)]) -> Vec<&str> {
        let mut kinds: Vec<&str> = names.iter().map(|(name, _)| name.split('.').next().unwrap()).collect();
        kinds.dedup();
        kinds
    }

    #[test]
    fn every_client_sample_is_read_and_written_back_to_the_letter() {
        let samples = samples("client.");
        for (name, text) in &samples {
            let message = one(text).unwrap_or_else(|e| panic!("{name}: {e:?}"));
            assert_eq!(&serde_json::to_string(&message).unwrap(), text, "{name}");
        }
        let all = ["ACK", "COMPONENT_ACTION", "COMPONENT_MOUNT", "COMPONENT_UNMOUNT", "HELLO", "PING"];
        assert_eq!(kinds(&samples), [&all[..], &["PROPERTY_UPDATE", "RESYNC"]].concat());
    }

    #[test]
    fn every_server_sample_is_read_and_written_back_to_the_letter() {
        let samples = samples("server.");
        for (name, text) in &samples {
            let message: ServerMessage = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(&serde_json::to_string(&message).unwrap(), text, "{name}");
        }
        let all = ["COMPONENT_MOUNTED", "COMPONENT_UNMOUNTED", "ERROR", "EVENT", "GO_AWAY", "PONG", "REPLY"];
        assert_eq!(kinds(&samples), [&all[..], &["STATE_DELTA", "STATE_UPDATE", "WELCOME"]].concat());
    }

    #[test]
    fn a_field_more_or_less_makes_a_client_sample_unreadable() {
        for (name, text) in samples("client.") {
            let whole: Value = serde_json::from_str(&text).unwrap();
            let mut more = whole.clone();
            more["surplus"] = Value::Null;
            assert!(one(&more.to_string()).is_err(), "{name} with a surplus field");
            let required: &[&str] = match name.as_str() {
                "HELLO" | "HELLO.anew" => &["protocol"],
                "COMPONENT_MOUNT" | "PROPERTY_UPDATE" => &["componentId", "payload"],
                "COMPONENT_ACTION" => &["componentId", "action"],
                "COMPONENT_UNMOUNT" | "RESYNC" => &["componentId"],
                "ACK" => &["messages"],
                "PING" => &["at"],
                other => panic!("no sample is named {other}"),
            };
            for field in required.iter().chain(&["type"]) {
                let mut less = whole.clone();
                less.as_object_mut().unwrap().remove(*field);
                assert!(one(&less.to_string()).is_err(), "{name} without {field}");
            }
        }
    }

    #[test]
    fn a_field_of_another_message_is_refused() {
        assert!(one(r#"{"type":"PING","at":1,"action":"x"}"#).is_err());
        assert!(one(r#"{"type":"COMPONENT_UNMOUNT","componentId":"c1","requestId":1}"#).is_err());
    }

    #[test]
    fn each_message_of_a_batch_fails_alone() {
        let mut read_ok = Vec::new();
        let text =
            r#" [{"type":"PING","at":1},{"type":"NOPE"},[{"type":"PING","at":2}],{"type":"PING","at":3}]"#;
        read(text, |message| read_ok.push(message.is_ok())).unwrap();
        assert_eq!(read_ok, [true, false, false, true]);
        assert!(read("[]", |_| panic!("an empty batch has no message")).is_err());
    }

    #[test]
    fn a_bad_message_still_tells_whom_it_names() {
        let Err(rejected) = one(r#"{"type":"COMPONENT_ACTION","componentId":"c1","requestId":4,"action":5}"#)
        else {
            panic!("an action has a name")
        };
        assert_eq!(rejected.request_id, Some(RequestId::Number(4)));
        assert_eq!(rejected.component_id, ComponentId::new("c1"));
        let Err(rejected) = one(r#"{"type":"PING","requestId":1.5,"componentId":"a b"}"#) else { panic!() };
        assert_eq!((rejected.request_id, rejected.component_id), (None, None));
    }
}
