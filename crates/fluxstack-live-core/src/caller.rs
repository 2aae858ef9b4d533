//! Who made a request, and how it is answered: named as the caller named it, and kept if the caller counts.
use crate::{
    failure::{Failure, Subject},
    flight::Flight,
    host::{self, Host},
    outbox::Answer,
    requests::Requests,
    store::{Request, Respond},
};
use fluxstack_live_protocol::{
    compose,
    id::{ComponentId, RequestId},
};
use std::sync::{Arc, Mutex};

/// An error of so many bytes is kept in any case; at most 256 are.
const ALWAYS_KEPT: usize = 1024;

/// The caller of one request.
pub(crate) struct Caller {
    pub(crate) requests: Arc<Mutex<Requests>>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) component_id: ComponentId,
    /// The component's name; None if it is not mounted.
    pub(crate) component: Option<Box<str>>,
    /// None: a basic client that wants no reply; it is told of errors all the same.
    pub(crate) request_id: Option<RequestId>,
    /// Some for a full client: its answer is kept until received.
    pub(crate) number: Option<u64>,
    pub(crate) asks: Asks,
    /// None: it is refused at once.
    pub(crate) flight: Option<Flight>,
}

/// What it asks for.
pub(crate) enum Asks {
    Action(Box<str>),
    Property(Box<str>),
}

impl Asks {
    pub(crate) fn of(request: &Request) -> Self {
        match request {
            Request::Call { action, .. } => Asks::Action(action.clone()),
            Request::Set { property, .. } => Asks::Property(property.clone()),
        }
    }
}

pub(crate) fn lock(requests: &Mutex<Requests>) -> std::sync::MutexGuard<'_, Requests> {
    requests.lock().expect("no code panics while it holds the requests")
}

impl Caller {
    fn keep(&self, answer: &[u8]) {
        if let Some(number) = self.number {
            lock(&self.requests).answer(number, answer);
        }
    }
    fn error(&self, failure: Failure) -> Vec<u8> {
        let component = self.component.as_deref();
        let subject = match &self.asks {
            Asks::Action(action) => Subject { component, action: Some(action), property: None },
            Asks::Property(property) => Subject { component, action: None, property: Some(property) },
        };
        let mut error = failure.tell(subject, || host::name(&*self.host));
        error.component_id = Some(self.component_id.clone());
        error.request_id = self.request_id.clone();
        compose::error(error)
    }
}

impl Respond for Caller {
    fn success(self: Box<Self>, result: &[u8], version: u64) -> Option<Answer> {
        let text = compose::reply(self.request_id.as_ref()?, &self.component_id, result, Some(version));
        self.keep(&text);
        Some(Answer { text, flight: self.flight })
    }
    fn promise(&self, result: usize) -> bool {
        self.number.is_none_or(|number| lock(&self.requests).promise(number, result))
    }
    fn failure(self: Box<Self>, failure: Failure) -> Answer {
        let mut text = self.error(failure);
        // What it says is the action's own, and it changed nothing: the client may ask again when it has said what it has.
        if text.len() > ALWAYS_KEPT && !self.promise(text.len()) {
            text = self.error(Failure::Busy);
        }
        self.keep(&text);
        Answer { text, flight: self.flight }
    }
}
