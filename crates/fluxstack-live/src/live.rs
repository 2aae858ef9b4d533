//! The registered components as something a router can hold.
use crate::{connection, drain::Drain, handshake, tokio_host::TokioHost, typescript};
use axum::{
    Extension, Router,
    extract::{
        State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, StatusCode, Uri, header::RETRY_AFTER},
    response::{IntoResponse, Response},
    routing::get,
};
use fluxstack_live_core::{
    actions::LiveActions,
    engine::{BuildError, Builder, Engine, StoreHandle},
    host::Host,
    limits::Limits,
    typescript::{Faults, print},
    visitor::Visitor,
};
use std::{io, path::Path, sync::Arc};

/// The live components of an application: cheap to clone, shared by everything that uses it.
#[derive(Clone)]
pub struct Live {
    engine: Arc<Engine>,
    /// Origins that may connect beside the page's own.
    origins: Arc<[String]>,
}

/// Collects the components, the state and the limits of a [`Live`].
#[derive(Default)]
pub struct LiveBuilder {
    engine: Builder,
    origins: Vec<String>,
    host: Option<Arc<dyn Host>>,
}

impl LiveBuilder {
    /// Registers a component: browsers may mount it by its name.
    #[must_use]
    pub fn component<C: LiveActions>(mut self) -> Self {
        self.engine.component::<C>();
        self
    }
    /// Adds application state, such as a pool; components reach it with `cx.state::<T>()`.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.engine.state(state);
        self
    }
    /// Replaces the default [`Limits`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.engine.limits(limits);
        self
    }
    /// Lets pages of another origin connect, such as `https://app.example.com`: scheme, host and port, exactly as the
    /// browser sends them. Pages of the server's own host always may.
    #[must_use]
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }
    // For the simulation, whose randomness comes from its seed.
    #[doc(hidden)]
    #[must_use]
    pub fn host(mut self, host: Arc<dyn Host>) -> Self {
        self.host = Some(host);
        self
    }
    /// The components, ready to serve.
    pub fn build(self) -> Result<Live, BuildError> {
        let host = self.host.unwrap_or_else(|| Arc::new(TokioHost::new()));
        Ok(Live { engine: self.engine.build(host)?, origins: self.origins.into() })
    }
}

impl Live {
    /// Starts with no component and the default limits.
    pub fn builder() -> LiveBuilder {
        LiveBuilder::default()
    }
    /// A router that answers WebSocket upgrades at `path`; merge it into the application's own.
    pub fn router(&self, path: &str) -> Router {
        Router::new().route(path, get(upgrade)).with_state(self.clone())
    }
    /// The shared store of a component and key, to change it from outside: `live.store::<Chat>("lobby").update(..)`.
    ///
    /// # Panics
    /// If the component is not registered.
    pub fn store<C: LiveActions>(&self, key: impl Into<String>) -> StoreHandle<C> {
        self.engine.store(key)
    }
    /// The components as TypeScript: the text of the file that makes a page's hooks and calls typed.
    ///
    /// # Errors
    /// All that no TypeScript could be true for: two types of one name, a map with keys that are no text, ..
    pub fn typescript(&self) -> Result<String, Faults> {
        print(&self.engine.description())
    }
    /// Writes [`Live::typescript`] to a file of the page's sources, if it differs from what is there; true if it did.
    /// For the start of a debug build, before it serves:
    ///
    /// ```no_run
    /// # fn run(live: fluxstack_live::Live) -> std::io::Result<()> {
    /// if cfg!(debug_assertions) {
    ///     live.write_typescript(concat!(env!("CARGO_MANIFEST_DIR"), "/page/src/live.gen.ts"))?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn write_typescript(&self, path: impl AsRef<Path>) -> io::Result<bool> {
        typescript::write(path.as_ref(), &self.typescript().map_err(io::Error::other)?)
    }
    /// Is the file what [`Live::write_typescript`] would write? For a test, so that nobody forgets to commit it.
    pub fn has_current_typescript(&self, path: impl AsRef<Path>) -> io::Result<bool> {
        typescript::is_current(path.as_ref(), &self.typescript().map_err(io::Error::other)?)
    }
    /// How many shared stores there are, those included that nobody has mounted and that still wait for someone.
    pub fn shared_stores(&self) -> usize {
        self.engine.shared_stores()
    }
    // For fluxstack-live-test, whose pages are sessions without a socket.
    #[doc(hidden)]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }
}

async fn upgrade(
    State(live): State<Live>,
    uri: Uri,
    headers: HeaderMap,
    drain: Option<Extension<Drain>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Err(refusal) = handshake::check(&uri, &headers, &live.origins) {
        return refusal.into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let protocol = match handshake::subprotocol(&headers) {
        Ok(protocol) => protocol,
        Err(refusal) => return refusal.into_response(),
    };
    let attached = match drain.map(|Extension(drain)| drain.attach(&live.engine)) {
        // Another process will be here soon.
        Some(None) => return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response(),
        Some(attached) => attached,
        None => None,
    };
    let message_bytes = live.engine.limits().message_bytes;
    // Small buffers: an idle connection costs 4 KiB instead of 135.
    upgrade
        .read_buffer_size(2048)
        .write_buffer_size(0)
        .max_frame_size(message_bytes)
        .max_message_size(message_bytes)
        .protocols(protocol)
        .on_upgrade(move |socket| {
            // 64 bits tell the visitors of a process apart; it proves nothing.
            let id = format!("{:016x}", live.engine.host().random() & u128::from(u64::MAX));
            let (visitor, encoding) = (Visitor::anonymous(id), handshake::encoding(protocol));
            connection::run(socket, live.engine, visitor, encoding, attached)
        })
}
