//! Whatever JSON says, the compact encoding says, too: any value, any message, by name and by schema.
use fluxstack_live_protocol::compact::{self, Fields, Part, Shape};
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

/// Numbers that both encodings write alike: one that is an integer is written as one.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-300_i64..300).prop_map(Value::from),
        prop::sample::select(vec![
            127_i64,
            128,
            255,
            256,
            65_535,
            65_536,
            1 << 32,
            -32,
            -33,
            -128,
            -129,
            -32_769,
            i64::MIN
        ])
        .prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite, and no integer", |it| it.is_finite() && it.fract() != 0.0)
            .prop_map(Value::from),
        Just(json!(-0.0)),
        Just(json!(1e300)),
    ]
}
fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,8}", "[a-z]{25,40}", "[\\x00-\\x7f\"é𝄞]{0,300}"]
}
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 60, 20, |inner| {
        let key = text().prop_filter("reserved", |key| !key.starts_with("$serde_json::"));
        prop_oneof![
            vec(inner.clone(), 0..20).prop_map(Value::from),
            vec((key, inner), 0..20).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn there_and_back(message: &Value, shape: Option<&Shape>) -> Value {
    let mut bytes = Vec::new();
    compact::message(message.to_string().as_bytes(), shape, &mut bytes).unwrap();
    serde_json::from_str(&compact::to_client(&bytes, |_| shape).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_comes_back(value in value()) {
        let message = json!({"type": "REPLY", "requestId": "x", "componentId": "c1", "payload": {"result": value}, "at": {}});
        prop_assert_eq!(there_and_back(&message, None), message);
        let message = json!({"type": "EVENT", "componentId": "c1", "event": "E", "payload": value, "version": 1});
        prop_assert_eq!(there_and_back(&message, None), message);
    }

    #[test]
    fn another_reader_of_messagepack_reads_the_same_and_writes_what_is_read(value in value()) {
        let message = json!({"type": "PONG", "at": [value]});
        let mut bytes = Vec::new();
        compact::message(message.to_string().as_bytes(), None, &mut bytes).unwrap();
        let read: (u64, [Value; 1]) = rmp_serde::from_slice(&bytes).unwrap();
        prop_assert_eq!(&read, &(10, [value.clone()]));
        let written = rmp_serde::to_vec(&(10, [&value])).unwrap();
        prop_assert_eq!(&written, &bytes, "the shortest form");
        let text = compact::to_client(&written, |_| None).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), message);
    }

    #[test]
    fn a_clients_value_comes_back_to_the_letter(value in value()) {
        let message = json!({"type": "COMPONENT_ACTION", "componentId": "c1", "action": "a", "payload": [value], "requestId": 1});
        let text = message.to_string();
        let bytes = compact::from_client(&text, None).unwrap();
        match compact::read(&bytes) {
            Ok(messages) => {
                let [json] = messages.into_iter().map(|it| it.json(None)).collect::<Vec<_>>().try_into().unwrap();
                prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), message);
            }
            Err(_) => prop_assert!(fluxstack_live_protocol::scan::check(&text).is_err(), "refused as JSON is"),
        }
    }
}

/// Draws from a list of random numbers; nothing but zeros when they are used up.
struct Dice(Vec<u32>);
impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0.pop().unwrap_or(0) as usize % sides
    }
    fn part(&mut self, structs: usize) -> Part {
        match self.throw(7) {
            0 | 1 => Part::AsIs,
            2 | 3 => Part::Struct(self.throw(structs)),
            4 => Part::List(self.part(structs).into()),
            5 => Part::Map(self.part(structs).into()),
            _ => Part::Tuple((0..self.throw(3)).map(|_| self.part(structs)).collect()),
        }
    }
    fn fields(&mut self, structs: usize) -> Fields {
        (0..self.throw(4)).map(|n| (format!("f{n}").into(), self.part(structs))).collect()
    }
    fn shape(&mut self) -> Shape {
        let count = 1 + self.throw(3);
        let structs: Vec<Fields> = (0..count).map(|_| self.fields(count)).collect();
        let fields = (0..1 + self.throw(4)).map(|n| (format!("f{n}").into(), self.part(count))).collect();
        let events = (0..self.throw(3)).map(|n| (format!("E{n}").into(), self.part(count))).collect();
        Shape { structs: structs.into(), fields, actions: Vec::new(), events }
    }
    fn any(&mut self) -> Value {
        match self.throw(6) {
            0 => Value::Null,
            1 => json!(self.throw(300)),
            2 => json!("f0"),
            3 => json!({"g0": self.throw(2), "g1": [1, {"f0": null}]}),
            4 => json!([]),
            _ => json!([{"g0": 1}, self.throw(9)]),
        }
    }
    /// Sometimes something else than the part says, but no list where a struct is to be.
    fn value(&mut self, shape: &Shape, part: &Part, depth: usize) -> Value {
        if depth == 0 || self.throw(8) == 0 {
            return match self.any() {
                Value::Array(_) if !matches!(part, Part::AsIs) => Value::Null,
                // Its values would be such lists.
                Value::Object(_) if matches!(part, Part::Map(_)) => Value::Null,
                any => any,
            };
        }
        match part {
            Part::AsIs => self.any(),
            Part::Struct(place) => self.record(shape, &shape.structs[*place].clone(), depth),
            Part::List(item) => (0..self.throw(4)).map(|_| self.value(shape, item, depth - 1)).collect(),
            Part::Map(of) => Value::Object(
                (0..self.throw(3)).map(|n| (format!("k{n}"), self.value(shape, of, depth - 1))).collect(),
            ),
            Part::Tuple(parts) => parts.iter().map(|of| self.value(shape, of, depth - 1)).collect(),
        }
    }
    fn record(&mut self, shape: &Shape, fields: &Fields, depth: usize) -> Value {
        let mut map: Map<String, Value> =
            fields.iter().map(|(name, of)| (name.to_string(), self.value(shape, of, depth - 1))).collect();
        match self.throw(10) {
            0 => drop(map.remove("f0")),
            1 => drop(map.insert("more".to_owned(), self.any())),
            _ => {}
        }
        map.into()
    }
    fn op(&mut self, shape: &Shape) -> Value {
        let (mut path, mut part) = (Vec::new(), None);
        for _ in 0..self.throw(5) {
            let fields = match &part {
                None => Some(shape.fields.clone()),
                Some(Part::Struct(place)) => Some(shape.structs[*place].clone()),
                Some(_) => None,
            };
            let (step, next) = match (fields, &part) {
                (Some(fields), _) if !fields.is_empty() => {
                    let (name, of) = &fields[self.throw(fields.len())];
                    (json!(name), of.clone())
                }
                (None, Some(Part::List(item))) => (json!(self.throw(9)), Part::clone(item)),
                (None, Some(Part::Map(of))) => (json!(format!("f{}", self.throw(3))), Part::clone(of)),
                (None, Some(Part::Tuple(parts))) if !parts.is_empty() => {
                    let place = self.throw(parts.len());
                    (json!(place), parts[place].clone())
                }
                _ => (json!("elsewhere"), Part::AsIs),
            };
            path.push(step);
            part = Some(next);
        }
        let is_list = matches!(&part, Some(Part::List(_)));
        let item = |dice: &mut Dice| match &part {
            Some(Part::List(item)) => dice.value(shape, item, 3),
            _ => dice.any(),
        };
        match self.throw(8) {
            0 if is_list => json!(["+", path, item(self), item(self)]),
            1 if is_list => json!(["i", path, self.throw(9), item(self)]),
            2 => json!(["-", path, self.throw(9), 1]),
            3 => json!(["-", path, "f0"]),
            4 => json!([">", path, 0, self.throw(9)]),
            5 => json!(["~", path, "f0"]),
            6 => json!(["~", path, 0, self.throw(9), "f1"]),
            _ => {
                let value = match &part {
                    None => self.record(shape, &shape.fields.clone(), 3),
                    Some(part) => self.value(shape, part, 3),
                };
                json!(["=", path, value])
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_state_op_and_event_comes_back_by_schema(dice in vec(any::<u32>(), 60..200)) {
        let mut dice = Dice(dice);
        let shape = dice.shape();
        let state = dice.record(&shape, &shape.fields.clone(), 4);
        let ops: Vec<Value> = (0..1 + dice.throw(4)).map(|_| dice.op(&shape)).collect();
        let (event, payload) = match shape.events.first() {
            Some((name, part)) => (name.to_string(), dice.value(&shape, part, 4)),
            None => ("E".to_owned(), dice.any()),
        };
        let told = json!([{"event": event, "payload": payload, "version": 1}]);
        for message in [
            json!({"type": "STATE_UPDATE", "componentId": "c1", "epoch": "e", "version": 1, "payload": {"state": state}}),
            json!({"type": "COMPONENT_MOUNTED", "componentId": "c1", "epoch": "e", "version": 1, "state": state}),
            json!({"type": "COMPONENT_MOUNTED", "componentId": "c1", "epoch": "e", "version": 1, "ops": ops, "events": told}),
            json!({"type": "STATE_DELTA", "componentId": "c1", "from": 0, "version": 1, "ops": ops}),
            json!({"type": "EVENT", "componentId": "c1", "event": event, "payload": payload, "version": 1}),
        ] {
            prop_assert_eq!(there_and_back(&message, Some(&shape)), message);
        }
    }
}

#[test]
fn at_is_a_version_alone_only_of_the_messages_own_component() {
    let reply = |at: Value| json!({"type": "REPLY", "requestId": 1, "componentId": "c1", "payload": {"result": null}, "at": at});
    for (at, last) in [
        (json!({"c1": 300}), json!(300)),
        (json!({"c2": 7}), json!({"c2": 7})),
        (json!({"c1": 1, "c2": 2}), json!({"c1": 1, "c2": 2})),
        (json!({}), json!({})),
    ] {
        let mut bytes = Vec::new();
        compact::message(reply(at.clone()).to_string().as_bytes(), None, &mut bytes).unwrap();
        assert_eq!(rmp_serde::from_slice::<Value>(&bytes).unwrap(), json!([5, 1, "c1", null, last]));
        assert_eq!(there_and_back(&reply(at.clone()), None), reply(at));
    }
}
