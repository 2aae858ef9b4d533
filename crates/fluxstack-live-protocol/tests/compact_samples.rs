//! The golden samples in the compact encoding: `spec/compact.json` has the bytes of each sample of `spec/messages`, and some
//! more by schema, with the schema. `UPDATE=1 cargo test -p fluxstack-live-protocol --test compact_samples` writes the bytes.
mod support;

use fluxstack_live_protocol::{compact, compose, id::ComponentId};
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};
use std::{collections::BTreeMap, fs};
use support::{hex, shape};

const MESSAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/messages");
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/compact.json");

/// The samples by their names, such as `client.ACK`, in order.
fn samples() -> Vec<(String, String)> {
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap().trim_end().to_owned())
    };
    let paths = fs::read_dir(MESSAGES).unwrap().map(|entry| entry.unwrap().path());
    let mut samples: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "json")).map(read).collect();
    samples.sort();
    samples
}

/// The file, its messages as the texts they are: the order of fields counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    by_name: BTreeMap<String, String>,
    by_schema: BySchema,
}
#[derive(Deserialize)]
struct BySchema {
    wire: Wire,
    messages: Vec<Sample>,
}
#[derive(Deserialize)]
struct Wire {
    structs: Vec<Box<RawValue>>,
    components: BTreeMap<String, Box<RawValue>>,
}
#[derive(Deserialize)]
struct Sample {
    from: String,
    component: String,
    json: Box<RawValue>,
    #[serde(default)]
    hex: String,
}

impl File {
    fn read() -> (String, File) {
        let text = fs::read_to_string(FILE).unwrap();
        let file = serde_json::from_str(&text).unwrap();
        (text, file)
    }
    fn shape(&self, component: &str) -> compact::Shape {
        let value = |raw: &RawValue| serde_json::from_str::<Value>(raw.get()).unwrap();
        let wire = &self.by_schema.wire;
        let structs: Vec<Value> = wire.structs.iter().map(|it| value(it)).collect();
        let components: Map<String, Value> =
            wire.components.iter().map(|(name, it)| (name.clone(), value(it))).collect();
        shape(&json!({"structs": structs, "components": components}), component)
    }
    /// One line a sample.
    fn written(&self) -> String {
        let lines = |of: Vec<String>, indent: &str| of.join(&format!(",\n{indent}"));
        let by_name = self.by_name.iter().map(|(name, hex)| format!("\"{name}\": \"{hex}\"")).collect();
        let BySchema { wire, messages } = &self.by_schema;
        let structs = wire.structs.iter().map(|it| it.get().to_owned()).collect();
        let components =
            wire.components.iter().map(|(name, it)| format!("\"{name}\": {}", it.get())).collect();
        let messages = messages.iter().map(|Sample { from, component, json, hex }| {
            format!(
                "{{\"from\":\"{from}\",\"component\":\"{component}\",\"json\":{},\"hex\":\"{hex}\"}}",
                json.get()
            )
        });
        format!(
            "{{\n  \"byName\": {{\n    {}\n  }},\n  \"bySchema\": {{\n    \"wire\": {{\n      \"structs\": [\n        {}\n      ],\n      \"components\": {{\n        {}\n      }}\n    }},\n    \"messages\": [\n      {}\n    ]\n  }}\n}}\n",
            lines(by_name, "    "),
            lines(structs, "        "),
            lines(components, "        "),
            lines(messages.collect(), "      "),
        )
    }
}

fn sent(from: &str, json: &str, shape: Option<&compact::Shape>) -> Vec<u8> {
    if from == "client" {
        return compact::from_client(json, shape).unwrap();
    }
    let mut out = Vec::new();
    compact::message(json.as_bytes(), shape, &mut out).unwrap();
    out
}
fn received(from: &str, bytes: &[u8], shape: Option<&compact::Shape>) -> String {
    if from == "client" {
        let mut messages = compact::read(bytes).unwrap();
        assert_eq!(messages.len(), 1);
        return messages.remove(0).json(shape);
    }
    compact::to_client(bytes, |_| shape).unwrap()
}

#[test]
fn every_sample_has_these_bytes_and_they_have_its_text() {
    let (mut text, mut file) = File::read();
    file.by_name.clear();
    for (name, text) in samples() {
        let from = name.split('.').next().unwrap();
        let bytes = sent(from, &text, None);
        assert_eq!(received(from, &bytes, None), text, "{name}");
        file.by_name.insert(name, hex(&bytes));
    }
    for at in 0..file.by_schema.messages.len() {
        let shape = file.shape(&file.by_schema.messages[at].component);
        let message = &mut file.by_schema.messages[at];
        let bytes = sent(&message.from, message.json.get(), Some(&shape));
        assert_eq!(received(&message.from, &bytes, Some(&shape)), message.json.get(), "by schema");
        message.hex = hex(&bytes);
    }
    if std::env::var_os("UPDATE").is_some() {
        text = file.written();
        fs::write(FILE, &text).unwrap();
    }
    assert!(
        file.written() == text,
        "compact.json is stale: UPDATE=1 cargo test -p fluxstack-live-protocol --test compact_samples"
    );
}

#[test]
fn parts_that_are_shared_make_the_same_messages() {
    let shape = File::read().1.shape("Chat");
    let to = ComponentId::new("c1").unwrap();
    let state = br#"{"messages":[{"id":"1","tags":[],"by":null}],"users":{},"topic":"x"}"#;
    let snapshot = compose::Snapshot { epoch: "kx81", version: 200, state };
    let slice = compose::slice(3, 4, br#"["+",["messages"],{"id":"1","tags":["a"],"by":{"name":"ana"}}]"#);
    let told = compose::told("SAID", br#"{"message":{"id":"1","tags":[],"by":null},"loud":true}"#, 4);
    for shape in [None, Some(&shape)] {
        let whole = |json: &dyn Fn(&mut Vec<u8>)| {
            let (mut text, mut bytes) = (Vec::new(), Vec::new());
            json(&mut text);
            compact::message(&text, shape, &mut bytes).unwrap();
            hex(&bytes)
        };
        let part = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = Vec::new();
            write(&mut bytes);
            hex(&bytes)
        };
        let shared = compact::snapshot(snapshot, shape).unwrap();
        assert_eq!(
            part(&|out| compact::mounted(&to, &shared, out)),
            whole(&|out| compose::mounted(&to, snapshot, out))
        );
        assert_eq!(
            part(&|out| compact::state_update(&to, &shared, out)),
            whole(&|out| compose::state_update(&to, snapshot, out))
        );
        let shared = compact::slice(&slice, shape).unwrap();
        assert_eq!(
            part(&|out| compact::state_delta(&to, &shared, out)),
            whole(&|out| compose::state_delta(&to, &slice, out))
        );
        let shared = compact::told(&told, shape).unwrap();
        assert_eq!(
            part(&|out| compact::event(&to, &shared, out)),
            whole(&|out| compose::event(&to, &told, out))
        );
    }
}

#[test]
fn small_messages_are_small() {
    let counter = compact::Shape {
        fields: vec![("count".into(), compact::Part::AsIs)],
        actions: vec!["increment".into()],
        ..compact::Shape::default()
    };
    let action = r#"{"type":"COMPONENT_ACTION","componentId":"c1","action":"increment","payload":5,"requestId":99,"received":98}"#;
    let up = sent("client", action, Some(&counter));
    assert!(up.len() <= 14, "{} bytes up: {}", up.len(), hex(&up));
    let delta =
        r#"{"type":"STATE_DELTA","componentId":"c1","from":98,"version":99,"ops":[["=",["count"],100]]}"#;
    let down = sent("server", delta, Some(&counter));
    assert!(down.len() <= 14, "{} bytes down: {}", down.len(), hex(&down));

    let message: compact::Fields =
        ["id", "content", "userId", "timestamp"].map(|it| (it.into(), compact::Part::AsIs)).into();
    let chat = compact::Shape {
        structs: vec![message].into(),
        fields: vec![("messages".into(), compact::Part::List(compact::Part::Struct(0).into()))],
        ..compact::Shape::default()
    };
    let delta = r#"{"type":"STATE_DELTA","componentId":"c1","from":98,"version":99,"ops":[["+",["messages"],{"id":"m7","content":"Hello, everybody!","userId":"ana","timestamp":1700000000000}]]}"#;
    let down = sent("server", delta, Some(&chat));
    let values = 1 + 2 + 1 + 17 + 1 + 3 + 9;
    assert!(down.len() <= values + 40, "{} bytes beyond the values: {}", down.len() - values, hex(&down));
}
