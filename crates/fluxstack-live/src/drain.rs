//! How a server stops: its connections are asked to leave, wave by wave; what runs comes to its end; what is left is closed.
//! Nothing new is begun meanwhile.
use fluxstack_live_core::engine::Engine;
use std::{
    future::pending,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until, timeout_at},
};

/// Connections that are asked to leave at once; a new wave comes each second, so that whoever takes them in can.
const WAVE: usize = 1_000;
/// The last wave begins after this at the latest, however many connections there are.
const WAVES_WITHIN: Duration = Duration::from_secs(10);
/// A client has so much longer than it was told, for its last requests to arrive.
const GRACE: Duration = Duration::from_secs(2);
/// What then still runs has so long to come to its end.
const ACTIONS_WITHIN: Duration = Duration::from_secs(10);
/// All of it takes no longer than this, whatever a client or an action does.
const WITHIN: Duration = Duration::from_secs(25);

/// The end of a server, which its connections wait for. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Drain(Arc<Shared>);

struct Shared {
    /// Wakes whoever waits for the end of the server, in the order in which they came: a `watch` has an order of its own.
    begun: Notify,
    /// How many connections there are.
    connections: watch::Sender<usize>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Some once the server is to stop.
    waves: Option<Waves>,
    /// Whose connections there were.
    engines: Vec<Arc<Engine>>,
    /// Connections that were told their wave.
    told: usize,
}

/// When which connection is to leave.
#[derive(Clone, Copy)]
struct Waves {
    begin: Instant,
    /// How many go at once.
    wave: usize,
    connections: usize,
}

/// When a connection leaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Departure {
    /// Its client is asked to go then, within so many milliseconds.
    pub(crate) ask_at: Instant,
    pub(crate) within_ms: u64,
    /// From then on it is closed as soon as nothing of it runs, and then in any case.
    pub(crate) close_from: Instant,
    pub(crate) close_at: Instant,
}

/// One connection of a server, until it is dropped.
pub(crate) struct Attached(Drain);

impl Drain {
    pub(crate) fn new() -> Self {
        let (begun, connections) = (Notify::new(), watch::Sender::new(0));
        Drain(Arc::new(Shared { begun, connections, state: Mutex::default() }))
    }
    /// A new connection, if the server is not to stop.
    pub(crate) fn attach(&self, engine: &Arc<Engine>) -> Option<Attached> {
        // Counted first: `begin` comes after, and counts it, or came before, and is seen.
        self.0.connections.send_modify(|count| *count += 1);
        let attached = Attached(self.clone());
        let mut state = self.lock();
        if !state.engines.iter().any(|known| Arc::ptr_eq(known, engine)) {
            state.engines.push(engine.clone());
        }
        let is_open = state.waves.is_none();
        drop(state);
        is_open.then_some(attached)
    }
    /// Ends when the server is to stop.
    pub(crate) async fn begun(&self) {
        let mut begun = pin!(self.0.begun.notified());
        // In line before it looks: what begins in between wakes it.
        begun.as_mut().enable();
        if self.lock().waves.is_none() {
            begun.await;
        }
    }
    /// From now on the server stops.
    pub(crate) fn begin(&self) {
        let connections = *self.0.connections.borrow();
        let waves = WAVES_WITHIN.as_secs().try_into().unwrap_or(usize::MAX);
        let wave = connections.div_ceil(waves).max(WAVE);
        self.lock().waves = Some(Waves { begin: Instant::now(), wave, connections });
        self.0.begun.notify_waiters();
    }
    /// Ends when every connection has ended, and every request of those that were lost; or when all of it has taken too
    /// long.
    pub(crate) async fn end(&self) {
        let latest = self.lock().waves.map_or_else(Instant::now, |waves| waves.begin) + WITHIN;
        let mut connections = self.0.connections.subscribe();
        if timeout_at(latest, connections.wait_for(|count| *count == 0)).await.is_err() {
            return tracing::warn!("a connection cannot be closed as the server ends");
        }
        let engines = self.lock().engines.clone();
        let deadline = latest.min(Instant::now() + ACTIONS_WITHIN);
        for engine in engines {
            if timeout_at(deadline, engine.rest()).await.is_err() {
                tracing::warn!("an action still runs as the server ends");
            }
        }
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("no code panics while it holds a drain")
    }
}

impl Attached {
    /// Ends when the server is to stop, if it ever does.
    pub(crate) async fn departure(attached: Option<&Attached>) -> Departure {
        let Some(Attached(drain)) = attached else { return pending().await };
        drain.begun().await;
        let mut state = drain.lock();
        let waves = state.waves.expect("it has begun");
        let turn = state.told;
        state.told += 1;
        waves.departure(turn)
    }
}

impl Waves {
    fn departure(self, turn: usize) -> Departure {
        let wave = turn / self.wave;
        // A wave of five need not take a second.
        let within_ms = self.connections.saturating_sub(wave * self.wave).clamp(1, WAVE) as u64;
        let ask_at = self.begin + Duration::from_secs(wave as u64).min(WAVES_WITHIN);
        let close_from = ask_at + Duration::from_millis(within_ms) + GRACE;
        Departure { ask_at, within_ms, close_from, close_at: close_from + ACTIONS_WITHIN }
    }
}

/// How far a connection is on its way out.
#[derive(Default)]
pub(crate) enum Leaving {
    /// Its server is not to stop.
    #[default]
    No,
    /// Its client is to be asked.
    Asking(Departure),
    /// Its client was asked, and has time.
    Asked(Departure),
    /// It is closed as soon as nothing of it runs.
    MayClose(Departure),
    /// It is closed.
    Over,
}

/// What a connection that leaves does next.
pub(crate) enum Step {
    /// Ask its client to go.
    Ask { within_ms: u64 },
    /// Close it when nothing of it runs.
    MayClose,
    /// Close it.
    Close,
}

impl Leaving {
    pub(crate) fn begin(&mut self, departure: Departure) {
        *self = Leaving::Asking(departure);
    }
    pub(crate) fn has_begun(&self) -> bool {
        !matches!(self, Leaving::No)
    }
    pub(crate) fn may_close(&self) -> bool {
        matches!(self, Leaving::MayClose(_))
    }
    /// The next step, when its time has come.
    pub(crate) async fn next(&mut self) -> Step {
        match *self {
            Leaving::Asking(departure) => {
                sleep_until(departure.ask_at).await;
                *self = Leaving::Asked(departure);
                Step::Ask { within_ms: departure.within_ms }
            }
            Leaving::Asked(departure) => {
                sleep_until(departure.close_from).await;
                *self = Leaving::MayClose(departure);
                Step::MayClose
            }
            Leaving::MayClose(departure) => {
                sleep_until(departure.close_at).await;
                *self = Leaving::Over;
                Step::Close
            }
            Leaving::No | Leaving::Over => pending().await,
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.0.0.connections.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waves(connections: usize) -> Vec<Departure> {
        let wave = connections.div_ceil(10).max(WAVE);
        let waves = Waves { begin: Instant::now(), wave, connections };
        (0..connections).map(|turn| waves.departure(turn)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_go_each_second_and_a_few_at_once() {
        let begin = Instant::now();
        let few = waves(5);
        assert!(few.iter().all(|it| it.ask_at == begin && it.within_ms == 5));
        let many = waves(2_500);
        let asked: Vec<_> = [0, 999, 1_000, 1_999, 2_000, 2_499]
            .map(|turn| ((many[turn].ask_at - begin).as_secs(), many[turn].within_ms))
            .into();
        assert_eq!(asked, [(0, 1_000), (0, 1_000), (1, 1_000), (1, 1_000), (2, 500), (2, 500)]);
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_there_are_the_last_is_closed_within_25_seconds() {
        let begin = Instant::now();
        for connections in [1, 10_000, 100_000] {
            let departures = waves(connections);
            let last = departures.iter().map(|it| it.close_at).max().unwrap();
            assert!(last - begin <= Duration::from_secs(25), "{connections}: {:?}", last - begin);
            assert!(departures.iter().all(|it| it.within_ms <= 1_000));
        }
    }
}
