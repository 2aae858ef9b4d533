//! The port through which a test asks for networks with faults and for the truth. Plain HTTP, JSON answers.
use crate::{ledger::Ledger, tally::Tally};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    routing::{get, post},
};
use fluxstack_live::Live;
use fluxstack_live_faults::{FaultProxy, Schedule};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the port knows.
pub struct Control {
    live: Live,
    tally: Arc<Tally>,
    server: SocketAddr,
    proxies: Mutex<Vec<Option<FaultProxy>>>,
}

type Answer = Result<Json<Value>, (StatusCode, String)>;

/// `POST /proxy?seed=` starts a network with faults in front of the server, `POST /heal?proxy=` and `POST /end?proxy=`
/// heal and end it, `GET /faults?proxy=` says what has happened in it, `GET /ledger?key=` and `GET /tally?prefix=` what is
/// so; `GET /typescript` gives the types of the components.
pub fn router(live: Live, tally: Arc<Tally>, server: SocketAddr) -> Router {
    let control = Arc::new(Control { live, tally, server, proxies: Mutex::default() });
    Router::new()
        .route("/proxy", post(start))
        .route("/heal", post(heal))
        .route("/end", post(end))
        .route("/faults", get(faults))
        .route("/ledger", get(ledger))
        .route("/tally", get(runs))
        .route("/typescript", get(typescript))
        .with_state(control)
}

impl Control {
    fn proxies(&self) -> MutexGuard<'_, Vec<Option<FaultProxy>>> {
        self.proxies.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn with<R>(&self, Which { proxy }: Which, look: impl FnOnce(&FaultProxy) -> R) -> Result<R, Refusal> {
        let proxies = self.proxies();
        let found = proxies.get(proxy).and_then(Option::as_ref);
        found.map(look).ok_or_else(|| (StatusCode::NOT_FOUND, format!("there is no proxy {proxy}")))
    }
}

type Refusal = (StatusCode, String);

#[derive(Deserialize)]
struct Seed {
    seed: u64,
    /// Faults strike in the first so many bytes of a direction.
    reach: u64,
}

#[derive(Deserialize)]
struct Which {
    proxy: usize,
}

#[derive(Deserialize)]
struct Key {
    key: String,
}

#[derive(Deserialize)]
struct Prefix {
    prefix: String,
}

type Shared = State<Arc<Control>>;

async fn start(State(control): Shared, Query(Seed { seed, reach }): Query<Seed>) -> Answer {
    let proxy = FaultProxy::start(control.server, Schedule::seeded(seed, reach)).await;
    let proxy = proxy.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let address = proxy.address().to_string();
    let mut proxies = control.proxies();
    proxies.push(Some(proxy));
    Ok(Json(json!({ "proxy": proxies.len() - 1, "address": address })))
}

async fn heal(State(control): Shared, Query(which): Query<Which>) -> Answer {
    control.with(which, FaultProxy::heal)?;
    Ok(Json(Value::Null))
}

async fn end(State(control): Shared, Query(Which { proxy }): Query<Which>) -> Answer {
    control.with(Which { proxy }, |_| ())?;
    control.proxies()[proxy] = None;
    Ok(Json(Value::Null))
}

async fn faults(State(control): Shared, Query(which): Query<Which>) -> Answer {
    let (faults, connections) = control.with(which, |proxy| (proxy.faults(), proxy.connections()))?;
    Ok(Json(json!({
        "connections": connections,
        "refused": faults.refused,
        "closed": faults.closed,
        "reset": faults.reset,
        "halfOpen": faults.half_open,
        "split": faults.split,
        "delayed": faults.delayed,
        "throttled": faults.throttled,
    })))
}

async fn ledger(State(control): Shared, Query(Key { key }): Query<Key>) -> Answer {
    // A transaction that changes nothing: it has its turn, and makes no commit.
    let store = control.live.store::<Ledger>(key);
    let read = store.update(|ledger, _| json!({ "entries": ledger.ids(), "total": ledger.total() })).await;
    read.map(Json).map_err(|error| (StatusCode::NOT_FOUND, error.to_string()))
}

async fn runs(State(control): Shared, Query(Prefix { prefix }): Query<Prefix>) -> Answer {
    Ok(Json(json!(control.tally.of(&prefix))))
}

async fn typescript(State(control): Shared) -> Result<String, Refusal> {
    control.live.typescript().map_err(|faults| (StatusCode::INTERNAL_SERVER_ERROR, faults.to_string()))
}
