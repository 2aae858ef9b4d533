//! What is said, and what must have come of it.
use crate::{
    client::{Client, Outcome},
    socket::Encoding,
};
use fluxstack_live::Live;
use fluxstack_live_faults::{FaultProxy, Passed};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::time::timeout;
use torture_server::{
    ledger::{Entry, Ledger},
    tally::Tally,
};

/// Where the conversations take place.
pub(crate) struct Stage {
    pub(crate) live: Live,
    pub(crate) tally: Arc<Tally>,
}

impl Stage {
    /// Plays it once, and then compares. What had passed each connection when it was played, comparing not counted. `name`
    /// is that of this conversation: no other's begins with it.
    pub(crate) async fn play(
        &self,
        name: &str,
        proxy: &FaultProxy,
        encoding: Encoding,
    ) -> Result<Vec<Passed>, String> {
        let mut client = Client::new(proxy.address(), encoding);
        let played = timeout(Duration::from_secs(20), self.talk(&mut client, name)).await;
        let hangs = || format!("it hangs: {}", client.describe());
        played.map_err(|_| hangs())??;
        let passed = (0..proxy.connections()).filter_map(|connection| proxy.passed(connection)).collect();
        let compared = timeout(Duration::from_secs(20), self.compare(&mut client)).await;
        compared.map_err(|_| "the comparison hangs")??;
        self.account(&client, name)?;
        client.leave().await;
        Ok(passed)
    }

    async fn talk(&self, client: &mut Client, name: &str) -> Result<(), String> {
        let call = |id: &str| format!("{name}{id}");
        client.mount("counter", "Counter", json!({})).await;
        client.mount("ledger", "Ledger", json!({ "key": name })).await;
        client.until(|client| client.components.iter().all(|it| it.is_live())).await?;

        client.request(action("counter", "increment", json!(call("a")))).await;
        client.until(Client::has_settled).await?;
        client.acknowledge().await;

        // Three on the wire at once.
        client.request(action("ledger", "add", json!({ "id": call("b"), "by": 10 }))).await;
        client.request(action("counter", "increment", json!(call("c")))).await;
        client.request(set("counter", "note", json!("once"))).await;
        client.until(Client::has_settled).await?;

        let entry = Entry { id: call("foreign"), by: 5 };
        let store = self.live.store::<Ledger>(name);
        store.update(|ledger, cx| ledger.add_entry(entry, cx)).await.map_err(|error| error.to_string())?;
        client.until(|client| total(client) == Some(15)).await?;

        client.request(action("ledger", "refuse", json!(call("d")))).await;
        client.until(Client::has_settled).await?;

        let last = [
            action("counter", "increment", json!(call("e"))),
            action("ledger", "add", json!({ "id": call("f"), "by": 100 })),
        ];
        client.requests(last).await;
        client.until(Client::has_settled).await
    }

    async fn compare(&self, client: &mut Client) -> Result<(), String> {
        client.request(action("counter", "truth", Value::Null)).await;
        client.until(Client::has_settled).await?;
        client.compare("counter").await?;
        client.compare("ledger").await
    }

    fn account(&self, client: &Client, name: &str) -> Result<(), String> {
        let call = |id: &str| format!("{name}{id}");
        let refused = Outcome::Refused(json!({ "kind": "onPurpose", "call": call("d") }));
        let truth =
            json!({ "count": 3, "calls": [call("a"), call("c"), call("e")], "note": "once", "sets": 1 });
        let result = |value: Value| Some(Outcome::Result(value));
        let outcomes = [
            result(json!(1)),
            result(json!(10)),
            result(json!(2)),
            result(Value::Null),
            Some(refused),
            result(json!(3)),
            result(json!(115)),
            result(truth.clone()),
        ];
        same("the outcomes", client.outcomes.as_slice(), outcomes.as_slice())?;
        let runs: BTreeMap<_, _> = ["a", "b", "c", "d", "e", "f"].iter().map(|id| (call(id), 1)).collect();
        same("how often code ran", &self.tally.of(name), &runs)?;

        let entries = [("b", 10), ("foreign", 5), ("f", 100)];
        let list: Value = entries.iter().map(|(id, by)| json!({ "id": call(id), "by": by })).collect();
        let ledger = json!({ "entries": list, "total": 115 });
        for (id, state) in [("counter", &truth), ("ledger", &ledger)] {
            let held = client.component(id)?.held.as_ref().map(|held| &held.state);
            same(id, &held, &Some(state))?;
        }
        let told = entries.map(|(id, _)| ("ADDED".to_owned(), json!({ "id": call(id) })));
        same("the ledger's events", client.component("ledger")?.events.as_slice(), told.as_slice())?;
        let told = ["a", "c", "e"].map(|id| ("COUNTED".to_owned(), json!({ "call": call(id) })));
        same("the counter's events", client.component("counter")?.events.as_slice(), told.as_slice())
    }
}

fn action(id: &str, action: &str, payload: Value) -> Value {
    json!({ "type": "COMPONENT_ACTION", "componentId": id, "action": action, "payload": payload })
}

fn set(id: &str, property: &str, value: Value) -> Value {
    json!({ "type": "PROPERTY_UPDATE", "componentId": id, "payload": { "property": property, "value": value } })
}

fn total(client: &Client) -> Option<i64> {
    client.component("ledger").ok()?.held.as_ref()?.state["total"].as_i64()
}

fn same<T: std::fmt::Debug + PartialEq + ?Sized>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, and not {expected:?}")) }
}
