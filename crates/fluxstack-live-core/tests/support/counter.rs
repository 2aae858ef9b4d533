//! A counter whose mounts and actions a test can hold back, and make fail.
use super::{Client, engine};
use fluxstack_live::{
    actions::MountError,
    context::MountContext,
    engine::{Builder, Engine},
    limits::Limits,
};
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Semaphore;

#[derive(LiveComponent)]
pub struct Counter {
    #[live]
    count: i64,
    #[live(bind)]
    title: String,
    #[live(resource)]
    gate: Gate,
}

#[derive(Clone)]
pub struct Gate(pub Arc<Semaphore>);
impl Gate {
    fn new() -> Self {
        Gate(Arc::new(Semaphore::new(0)))
    }
    async fn pass(&self) {
        self.0.acquire().await.unwrap().forget();
    }
    pub fn open(&self, times: usize) {
        self.0.add_permits(times);
    }
}
impl Default for Gates {
    fn default() -> Self {
        Gates { actions: Gate::new(), mounts: Gate::new() }
    }
}

/// Tests hold actions and mounts back with these.
#[derive(Clone)]
pub struct Gates {
    pub actions: Gate,
    pub mounts: Gate,
}

#[live_type]
pub struct Props {
    count: i64,
    title: String,
}

#[live_actions]
impl Counter {
    async fn mount(props: Props, cx: &MountContext) -> Result<Self, MountError> {
        match props.title.as_str() {
            "wait" => cx.state::<Gates>().mounts.pass().await,
            "fail later" => {
                cx.state::<Gates>().mounts.pass().await;
                "x".parse::<i32>().map(drop)?;
            }
            "denied" => return Err(MountError::denied()),
            "invalid" => return Err(MountError::invalid("title", "is taken")),
            "broken" => "x".parse::<i32>().map(drop)?,
            "panics" => panic!("on purpose"),
            _ => {}
        }
        Ok(Counter { count: props.count, title: props.title, gate: cx.state::<Gates>().actions.clone() })
    }
    async fn increment(&mut self, amount: Option<i64>) -> i64 {
        self.count += amount.unwrap_or(1);
        self.count
    }
    async fn say(&mut self, bytes: usize) -> String {
        "x".repeat(bytes)
    }
    async fn complain(&mut self, bytes: usize) -> Result<(), String> {
        Err("x".repeat(bytes))
    }
    async fn double_later(&mut self) -> i64 {
        self.gate.pass().await;
        self.count *= 2;
        self.count
    }
}

pub fn gated(limits: Limits) -> (Arc<Engine>, Gates) {
    let gates = Gates::default();
    let engine = engine(limits, |builder: &mut Builder| {
        builder.component::<Counter>();
        builder.state(gates.clone());
    });
    (engine, gates)
}
pub fn props(title: &str) -> Value {
    json!({"count": 0, "title": title})
}
pub fn mounted(kind: fn(&Arc<Engine>) -> Client) -> (Client, Gates) {
    let (engine, gates) = gated(Limits::default());
    let mut client = kind(&engine);
    client.mount("c1", "Counter", props("t"));
    assert_eq!(client.types(), ["COMPONENT_MOUNTED"]);
    (client, gates)
}
