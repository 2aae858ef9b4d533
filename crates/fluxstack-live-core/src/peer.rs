//! One connection as the engine sees it. Its first message decides which kind of client it is, and for which session it
//! speaks; from then on its messages are the session's.
use crate::{
    audience::Wants,
    encoding::Encoding,
    engine::Engine,
    failure::{Failure, Subject},
    host,
    lane::Work,
    outbox::Outbox,
    session::{ConnectionOrder, Fenced, Resumed, Session},
    visitor::Visitor,
};
use fluxstack_live_protocol::{
    PROTOCOL,
    client::{ClientMessage, Hello, Ping},
    codec::{self, Rejected},
    compact::{self, Inbound, Shape},
    compose,
    error::{CloseCode, ErrorCode},
    id::ComponentId,
    server::{Error, ErrorPayload, GoAway, Pong, ServerMessage},
};
use std::sync::Arc;

/// One connection, from its upgrade to its end.
pub struct Peer {
    engine: Arc<Engine>,
    visitor: Arc<Visitor>,
    outbox: Arc<Outbox>,
    /// Later ones have higher numbers.
    order: ConnectionOrder,
    client: Client,
    /// Some once its client is to come back through another connection, within so many milliseconds.
    leaves: Option<u64>,
}

/// Which kind of client it is; its first message decides.
enum Client {
    /// It has said nothing yet.
    Unknown,
    /// It takes whole states and may leave its requests unnumbered; its session ends with the connection.
    Basic(Arc<Session>),
    /// It said `HELLO`: it takes deltas, numbers its requests, and may come back.
    Full(Arc<Session>),
    /// Nothing it says counts any more.
    Gone,
}

impl Peer {
    /// A new connection, which is told what it is to hear through `outbox`.
    pub fn new(engine: Arc<Engine>, visitor: Visitor, outbox: Arc<Outbox>) -> Self {
        let (order, visitor) = (engine.next_connection(), Arc::new(visitor));
        Peer { engine, visitor, outbox, order, client: Client::Unknown, leaves: None }
    }

    /// Handles one WebSocket message. Whatever is wrong with it is answered through the outbox.
    pub fn receive(&mut self, text: &str) {
        let outcome = codec::read(text, |message| match message {
            Ok(message) => self.handle(message),
            Err(rejected) => self.reject(rejected),
        });
        if let Err(rejected) = outcome {
            self.reject(rejected);
        }
    }
    /// Handles one WebSocket message in the compact encoding, as [`Peer::receive`] does.
    pub fn receive_compact(&mut self, bytes: &[u8]) {
        let messages = match compact::read(bytes) {
            Ok(messages) => messages,
            Err(rejected) => return self.reject(rejected),
        };
        for message in messages {
            // A batch may mount a component and call it: a place is looked up when its turn has come.
            let shape = self.shape(&message);
            self.receive(&message.json(shape.as_deref()));
        }
    }

    /// Asks the client to come back through another connection within so many milliseconds; one that has not greeted yet
    /// is asked when it does.
    pub fn go_away(&mut self, after_ms: u64) {
        self.leaves = Some(after_ms);
        self.ask_to_leave();
    }
    fn ask_to_leave(&self) {
        if let (Client::Full(_), Some(after_ms)) = (&self.client, self.leaves) {
            let reason = "restart".to_owned();
            self.say(&ServerMessage::GoAway(GoAway { after_ms, reason }));
        }
    }
    /// Whether no request of its session is under way.
    pub fn is_at_rest(&self) -> bool {
        self.session().is_none_or(|session| session.is_at_rest())
    }

    /// The connection is gone without a goodbye: the session of a full client waits for another one. Nothing may be
    /// asked of this one afterwards.
    pub fn lose(&mut self) {
        self.outbox.discard();
        match std::mem::replace(&mut self.client, Client::Gone) {
            Client::Full(session) => self.engine.sessions().lose(&session, self.order),
            Client::Basic(session) => self.drive_all(session.end()),
            Client::Unknown | Client::Gone => {}
        }
    }
    /// The page was left, by a visitor who may be back in a moment: gone where others can see it, otherwise as if the
    /// connection was lost. Nothing may be asked of this one afterwards.
    pub fn part(&mut self) {
        if let Client::Full(session) = &self.client {
            self.drive_all(session.step_out(self.order));
        }
        self.lose();
    }
    /// The client has said goodbye, or is not to come back. Nothing may be asked of this one afterwards.
    pub fn leave(&mut self) {
        self.outbox.discard();
        match std::mem::replace(&mut self.client, Client::Gone) {
            Client::Full(session) => self.drive_all(self.engine.sessions().leave(&session, self.order)),
            Client::Basic(session) => self.drive_all(session.end()),
            Client::Unknown | Client::Gone => {}
        }
    }

    fn session(&self) -> Option<&Arc<Session>> {
        match &self.client {
            Client::Basic(session) | Client::Full(session) => Some(session),
            Client::Unknown | Client::Gone => None,
        }
    }
    /// What the places in a message are counted in; None if there are to be none.
    fn shape(&self, message: &Inbound) -> Option<Arc<Shape>> {
        if self.outbox.encoding() != Encoding::CompactBySchema {
            return None;
        }
        let id = message.component().and_then(ComponentId::new);
        // Where nothing is mounted, no place has a name.
        Some(id.and_then(|id| self.session()?.shape(&id)).unwrap_or_default())
    }

    fn handle(&mut self, message: ClientMessage) {
        // Nothing is looked at that comes after the connection's end was decided.
        if !self.outbox.is_open() {
            return;
        }
        match (&self.client, message) {
            (Client::Unknown, ClientMessage::Hello(hello)) => {
                self.hello(&hello);
                self.ask_to_leave();
            }
            (Client::Basic(_) | Client::Full(_), ClientMessage::Hello(_)) => {
                self.refuse(Failure::BadMessage("`HELLO` is only a connection's first message"));
            }
            (Client::Unknown, message) => {
                let session = self.begin(Box::default(), self.visitor.clone(), Wants::Snapshots);
                self.client = Client::Basic(Arc::new(session));
                self.handle(message);
            }
            (Client::Basic(session) | Client::Full(session), message) => {
                let at =
                    if let ClientMessage::Ping(Ping { at }) = &message { Some(at.clone()) } else { None };
                match session.handle(self.order, message) {
                    Ok(work) => self.drive_all(work),
                    Err(Fenced) => self.client = Client::Gone,
                }
                if let Some(at) = at {
                    self.say(&ServerMessage::Pong(Pong { at }));
                }
            }
            (Client::Gone, _) => {}
        }
    }
    fn reject(&mut self, rejected: Rejected) {
        if !self.outbox.is_open() {
            return;
        }
        match self.session() {
            Some(session) => {
                if let Err(Fenced) = session.reject(self.order, rejected) {
                    self.client = Client::Gone;
                }
            }
            None => {
                let Rejected { reason, component_id, request_id } = rejected;
                let mut error = self.error(Failure::BadMessage(reason));
                error.component_id = component_id;
                error.request_id = request_id.filter(|id| id.fits_basic());
                self.outbox.message(compose::error(error));
            }
        }
    }

    fn hello(&mut self, hello: &Hello) {
        if hello.protocol != PROTOCOL {
            return self.refuse_version();
        }
        let sessions = self.engine.sessions().clone();
        let anew = hello.anew == Some(true);
        let before =
            if anew { None } else { sessions.resume(hello, &self.visitor, &self.outbox, self.order) };
        match before {
            Some((session, Resumed::Yes(work))) => {
                self.visitor = session.visitor().clone();
                self.client = Client::Full(session);
                self.drive_all(work);
            }
            Some((_, Resumed::ByNewer)) => self.outbox.close(CloseCode::Replaced),
            Some((_, Resumed::No)) | None => {
                let before = if anew { sessions.renew(hello, &self.visitor) } else { None };
                if let Some((visitor, work)) = before {
                    self.visitor = visitor;
                    self.drive_all(work);
                }
                let session = sessions.enter(|name| self.begin(name, self.visitor.clone(), Wants::Deltas));
                session.greet(hello);
                self.client = Client::Full(session);
            }
        }
    }
    fn begin(&self, name: Box<str>, visitor: Arc<Visitor>, wants: Wants) -> Session {
        let (components, outbox) = (self.engine.components().clone(), self.outbox.clone());
        Session::new(name, components, visitor, wants, outbox, self.order)
    }

    fn refuse_version(&self) {
        let error = format!("this server speaks version {PROTOCOL} of the protocol");
        let payload = ErrorPayload { error, ..ErrorPayload::default() };
        let (code, component_id, request_id) = (ErrorCode::VersionMismatch, None, None);
        self.say(&ServerMessage::Error(Error {
            code,
            payload,
            component_id,
            request_id,
            retry_after_ms: None,
        }));
        self.outbox.close(CloseCode::VersionMismatch);
    }
    fn refuse(&self, failure: Failure) {
        self.outbox.message(compose::error(self.error(failure)));
    }
    fn error(&self, failure: Failure) -> Error {
        failure.tell(Subject::default(), || host::name(&**self.engine.host()))
    }
    fn say(&self, message: &ServerMessage) {
        self.outbox.message(compose::message(message));
    }
    fn drive_all(&self, work: impl IntoIterator<Item = Work>) {
        for work in work {
            host::drive(&**self.engine.host(), work);
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.leave();
    }
}
