//! What tests of jobs need: jobs that say what becomes of them and can be held back, and the log.
use super::engine;
use fluxstack_live::{
    engine::{Builder, Engine},
    limits::Limits,
};
use std::{
    mem,
    sync::{Arc, Mutex},
};
use tokio::sync::{Semaphore, mpsc};

/// What jobs tell their test, and what holds them back.
#[derive(Clone)]
pub struct Wires {
    says: mpsc::UnboundedSender<&'static str>,
    gate: Arc<Semaphore>,
}
impl Wires {
    pub fn say(&self, what: &'static str) {
        let _ = self.says.send(what);
    }
    pub async fn pass(&self) {
        self.gate.acquire().await.unwrap().forget();
    }
}

/// Says so when it is dropped.
pub struct Held(pub Wires);
impl Drop for Held {
    fn drop(&mut self) {
        self.0.say("dropped");
    }
}

/// Panics when it is dropped, unless something panics anyway.
pub struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "on purpose");
    }
}

/// An engine, and what its jobs say.
pub struct World {
    pub engine: Arc<Engine>,
    says: mpsc::UnboundedReceiver<&'static str>,
    gate: Arc<Semaphore>,
}

impl World {
    pub fn new(limits: Limits, register: impl FnOnce(&mut Builder)) -> World {
        super::quiet_panics();
        let (says, heard) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let wires = Wires { says, gate: gate.clone() };
        let engine = engine(limits, |builder: &mut Builder| {
            register(builder);
            builder.state(wires);
        });
        World { engine, says: heard, gate }
    }
    /// Lets so many jobs pass.
    pub fn open(&self, times: usize) {
        self.gate.add_permits(times);
    }
    /// What was said up to now, once everything has had its turn.
    pub async fn heard(&mut self) -> Vec<&'static str> {
        until_quiet().await;
        std::iter::from_fn(|| self.says.try_recv().ok()).collect()
    }
}

/// Everything that can go on without time has done so.
pub async fn until_quiet() {
    for _ in 0..30 {
        tokio::task::yield_now().await;
    }
}

/// What goes to the log, one line each.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);
impl Log {
    pub fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.lock().unwrap())
    }
}
impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata) -> bool {
        *metadata.level() <= tracing::Level::ERROR
    }
    fn new_span(&self, _: &tracing::span::Attributes) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event) {
        struct Line(String);
        impl tracing::field::Visit for Line {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0 += &format!(" {field}={value:?}");
            }
        }
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
