//! One client: what it has mounted, which requests it made, and what its messages mean. A session decides; what has to
//! wait is handed to the host, and everything said to the client goes through the outbox.
use crate::{
    audience::Wants,
    caller::{Asks, Caller, lock},
    encoding::Encoding,
    engine::Engine,
    failure::{Failure, Subject},
    flight::Flights,
    host,
    lane::{Lane, Occupant, Owner},
    outbox::{Answer, Batching, Outbox},
    requests::{Requests, Taken},
    store::{Request, Respond},
    visitor::Visitor,
};
use fluxstack_live_protocol::{
    PROTOCOL,
    client::{Action, ClientMessage, Hello, Mount, Ping, PropertyUpdate, Resync, Unmount},
    codec::{self, Rejected},
    compact::{self, Inbound, Shape},
    compose,
    error::{CloseCode, ErrorCode},
    id::{ComponentId, RequestId},
    server::{Error, ErrorPayload, Limits, Pong, ServerMessage, Welcome},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

/// One client of the engine, from its first message to the end of its connection.
pub struct Session {
    engine: Arc<Engine>,
    visitor: Arc<Visitor>,
    outbox: Arc<Outbox>,
    client: Client,
    requests: Arc<Mutex<Requests>>,
    flights: Flights,
    lanes: HashMap<ComponentId, Arc<Lane>>,
    /// Some for a full client: its name.
    name: Option<Box<str>>,
}

/// Which kind of client it is; its first message decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    /// It has said nothing yet.
    Unknown,
    /// It takes whole states and may leave its requests unnumbered.
    Basic,
    /// It said `HELLO`: it takes deltas and numbers its requests.
    Full,
    /// Its connection is being closed: nothing it says counts any more.
    Closing,
}

impl Session {
    /// A session for a new connection, which writes what it finds in `outbox`.
    pub fn new(engine: Arc<Engine>, visitor: Visitor, outbox: Arc<Outbox>) -> Self {
        let requests = Arc::new(Mutex::new(Requests::new(engine.limits().kept_bytes)));
        let (visitor, flights) = (Arc::new(visitor), Flights::default());
        Session {
            engine,
            visitor,
            outbox,
            client: Client::Unknown,
            requests,
            flights,
            lanes: HashMap::new(),
            name: None,
        }
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

    /// Handles one WebSocket message in the compact encoding, as [`Session::receive`] does.
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
    /// What the places in a message are counted in; None if there are to be none.
    fn shape(&self, message: &Inbound) -> Option<Arc<Shape>> {
        if self.outbox.encoding() != Encoding::CompactBySchema {
            return None;
        }
        let lane = message.component().and_then(ComponentId::new).and_then(|id| self.lanes.get(&id));
        let component = lane.and_then(|lane| lane.component());
        // Where nothing is mounted, no place has a name.
        Some(component.and_then(|component| self.engine.shape(&component).cloned()).unwrap_or_default())
    }

    fn handle(&mut self, message: ClientMessage) {
        if self.client == Client::Closing {
            return;
        }
        if self.client == Client::Unknown && !matches!(message, ClientMessage::Hello(_)) {
            self.client = Client::Basic;
        }
        match message {
            ClientMessage::Hello(hello) => self.hello(&hello),
            ClientMessage::ComponentMount(mount) => self.mount(mount),
            ClientMessage::ComponentUnmount(unmount) => self.unmount(&unmount),
            ClientMessage::ComponentAction(action) => self.action(action),
            ClientMessage::PropertyUpdate(update) => self.property_update(update),
            ClientMessage::Ack(ack) => lock(&self.requests).received(ack.received),
            ClientMessage::Resync(resync) => self.resync(&resync),
            ClientMessage::Ping(Ping { at }) => self.say(&ServerMessage::Pong(Pong { at })),
        }
    }

    /// The connection is gone without a goodbye: for a while the visitor counts as being there all the same. Nothing may
    /// be asked of the session afterwards.
    pub fn lose(&mut self) {
        self.outbox.discard();
        let (name, lanes) = (self.name.take(), std::mem::take(&mut self.lanes));
        if name.is_none() && lanes.is_empty() {
            return;
        }
        let attendance = self.engine.attendance().clone();
        let id = attendance.lose(name, !lanes.is_empty());
        for lane in lanes.into_values().filter(|lane| lane.vacate()) {
            let attendance = attendance.clone();
            self.drive(async move {
                if let Some(stay) = lane.abandon().await {
                    attendance.keep(id, stay);
                }
            });
        }
    }
    /// The client has said goodbye, or is not to come back. Nothing may be asked of the session afterwards.
    pub fn leave(&mut self) {
        self.outbox.discard();
        if let Some(name) = self.name.take() {
            self.engine.attendance().leave(&name);
        }
        // What still runs ends in its own time, and unmounts then.
        for lane in std::mem::take(&mut self.lanes).into_values().filter(|lane| lane.vacate()) {
            self.drive(lane.unmount());
        }
    }

    fn hello(&mut self, hello: &Hello) {
        if self.client != Client::Unknown {
            return self.refuse(
                Failure::BadMessage("`HELLO` is only a connection's first message"),
                None,
                None,
            );
        }
        if hello.protocol != PROTOCOL {
            let error = format!("this server speaks version {PROTOCOL} of the protocol");
            let payload = ErrorPayload { error, ..ErrorPayload::default() };
            let (code, component_id) = (ErrorCode::VersionMismatch, None);
            self.say(&ServerMessage::Error(Error {
                code,
                payload,
                component_id,
                request_id: None,
                retry_after_ms: None,
            }));
            return self.close(CloseCode::VersionMismatch);
        }
        self.client = Client::Full;
        let (attendance, limits) = (self.engine.attendance(), self.engine.limits());
        let before = hello.session.as_deref().zip(hello.secret.as_deref());
        let before = before.and_then(|(name, secret)| attendance.before(name, secret));
        // All visitors are anonymous so far. One who is not is whom the handshake says, whatever session went before.
        if let Some(before) = &before {
            self.visitor = before.visitor.clone();
        }
        let badge = attendance.enter(self.visitor.clone(), before);
        let welcome = Welcome {
            session: badge.name.to_string(),
            secret: badge.secret.into(),
            // No session outlives its connection yet: every one is new, and the client mounts again.
            resumed: false,
            executed: 0,
            replies: Vec::new(),
            heartbeat_ms: u64::try_from(limits.ping_after.as_millis()).expect("a heartbeat is short"),
            limits: Limits { in_flight: limits.in_flight as u64, message_bytes: limits.message_bytes as u64 },
            schema: self.engine.schema().to_owned(),
            server: env!("CARGO_PKG_VERSION").to_owned(),
        };
        self.name = Some(badge.name);
        self.say(&ServerMessage::Welcome(welcome));
        self.outbox.set_batching(Batching::Array);
        if hello.schema.as_deref() == Some(self.engine.schema()) {
            self.outbox.know_schema();
        }
    }

    fn mount(&mut self, mount: Mount) {
        let Mount { component_id: id, payload } = mount;
        let props = payload.props.get();
        let subject = Subject { component: Some(&payload.component), ..Subject::default() };
        if props.len() > self.engine.limits().props_bytes {
            return self.refuse_about(Failure::Invalid(BTreeMap::new()), subject, Some(id), None);
        }
        let Ok(value) = serde_json::from_str(props) else {
            return self.refuse_about(Failure::BadMessage("the props are not JSON"), subject, Some(id), None);
        };
        self.forget_vacant_lanes();
        if self.lanes.len() >= self.engine.limits().components_per_session && !self.lanes.contains_key(&id) {
            return self.refuse_about(
                Failure::TooMany("components in this session"),
                subject,
                Some(id),
                None,
            );
        }
        let lane = match self.lanes.get(&id) {
            Some(lane) => lane.clone(),
            None => self.lane(&id),
        };
        let component: Box<str> = payload.component.as_ref().into();
        let occupant = Occupant { component: component.clone(), props: value };
        if lane.is_crowded() {
            return self.refuse_about(Failure::Busy, subject, Some(id), None);
        }
        match lane.occupy(occupant) {
            Some(life) => self.drive(lane.mount(life, component, props.into())),
            None => self.refuse_about(Failure::Conflict, subject, Some(id), None),
        }
    }

    fn lane(&mut self, id: &ComponentId) -> Arc<Lane> {
        let (engine, visitor, outbox) = (self.engine.clone(), self.visitor.clone(), self.outbox.clone());
        let wants = if self.client == Client::Full { Wants::Deltas } else { Wants::Snapshots };
        let lane = Lane::new(id.clone(), Owner { engine, visitor, outbox, wants });
        self.lanes.insert(id.clone(), lane.clone());
        lane
    }

    fn unmount(&mut self, unmount: &Unmount) {
        let Some(lane) = self.lanes.get(&unmount.component_id).cloned() else { return };
        // A vacant lane is unmounted already, or will be by what waits in it.
        if lane.vacate() {
            self.drive(lane.unmount());
        }
    }

    fn action(&mut self, action: Action) {
        let Action { component_id, action, payload, request_id, received } = action;
        let payload = payload.map(|payload| payload.get().into());
        let request = Request::Call { action: action.as_ref().into(), payload };
        self.request(component_id, request, request_id, received);
    }

    fn property_update(&mut self, update: PropertyUpdate) {
        let PropertyUpdate { component_id, payload, request_id, received } = update;
        let request =
            Request::Set { property: payload.property.as_ref().into(), value: payload.value.get().into() };
        self.request(component_id, request, request_id, received);
    }

    fn request(
        &mut self,
        id: ComponentId,
        request: Request,
        request_id: Option<RequestId>,
        received: Option<u64>,
    ) {
        lock(&self.requests).received(received);
        let number = match self.number(request_id.as_ref()) {
            Ok(number) => number,
            Err(Some(failure)) => return self.refuse(failure, Some(id), None),
            Err(None) => return,
        };
        let lane = self.lanes.get(&id).cloned();
        let component = lane.as_ref().and_then(|lane| lane.component());
        let limits = self.engine.limits();
        let flight = self.flights.start(limits.in_flight);
        let (is_busy, is_mounted) = (flight.is_none(), component.is_some());
        let (requests, host, asks) = (self.requests.clone(), self.engine.host().clone(), Asks::of(&request));
        let caller = Box::new(Caller {
            requests,
            host,
            component_id: id,
            component,
            request_id,
            number,
            asks,
            flight,
        });
        match lane {
            _ if is_busy => self.outbox.answer(caller.failure(Failure::Busy)),
            Some(lane) if is_mounted => self.drive(lane.perform(request, caller)),
            _ => self.outbox.answer(caller.failure(Failure::Gone)),
        }
    }

    /// The number of a full client's new request, None for a basic client's. `Err`: nothing is to be done but to say so,
    /// or what had to be said is said.
    fn number(&mut self, request_id: Option<&RequestId>) -> Result<Option<u64>, Option<Failure>> {
        if self.client != Client::Full {
            let fits = request_id.is_none_or(RequestId::fits_basic);
            return if fits {
                Ok(None)
            } else {
                Err(Some(Failure::BadMessage("a `requestId` has at most 64 characters")))
            };
        }
        let number = request_id.and_then(RequestId::number);
        let number =
            number.ok_or(Some(Failure::BadMessage("a `requestId` is a number from 1 to 2^53 - 1")))?;
        let taken = lock(&self.requests).take(number);
        match taken {
            Taken::New => return Ok(Some(number)),
            Taken::Running | Taken::Received => {}
            // The answer was given on this connection; once more costs a place among the requests under way.
            Taken::Answered(text) => {
                if let Some(flight) = self.flights.start(self.engine.limits().in_flight) {
                    self.outbox.answer(Answer { text, flight: Some(flight) });
                }
            }
            Taken::Gap => self.close(CloseCode::ProtocolError),
            Taken::Beyond => self.close(CloseCode::PolicyViolation),
        }
        Err(None)
    }

    fn resync(&mut self, resync: &Resync) {
        match self.lanes.get(&resync.component_id).cloned() {
            Some(lane) if lane.is_crowded() => {
                self.refuse(Failure::Busy, Some(resync.component_id.clone()), None)
            }
            Some(lane) if lane.component().is_some() => self.drive(lane.resync()),
            _ => self.refuse(Failure::Gone, Some(resync.component_id.clone()), None),
        }
    }

    /// A message that is none. If it has the next request's number, it uses it up like any refused request.
    fn reject(&mut self, rejected: Rejected) {
        let Rejected { reason, component_id, request_id } = rejected;
        if self.client == Client::Closing {
            return;
        }
        let request_id = request_id.filter(|id| id.fits_basic());
        if self.client == Client::Full
            && let Some(number) = request_id.as_ref().and_then(RequestId::number)
        {
            match self.number(request_id.as_ref()) {
                Ok(_) => {
                    let answer =
                        self.error(Failure::BadMessage(reason), Subject::default(), component_id, request_id);
                    lock(&self.requests).answer(number, &answer);
                    self.outbox.message(answer);
                }
                Err(Some(failure)) => self.refuse(failure, component_id, request_id),
                Err(None) => {}
            }
            return;
        }
        self.refuse(Failure::BadMessage(reason), component_id, request_id);
    }

    /// Ends the connection once what waits is written; what still comes in is not looked at.
    fn close(&mut self, code: CloseCode) {
        self.client = Client::Closing;
        self.outbox.close(code);
    }
    fn refuse(&self, failure: Failure, component_id: Option<ComponentId>, request_id: Option<RequestId>) {
        self.refuse_about(failure, Subject::default(), component_id, request_id);
    }
    fn refuse_about(
        &self,
        failure: Failure,
        subject: Subject,
        component_id: Option<ComponentId>,
        request_id: Option<RequestId>,
    ) {
        self.outbox.message(self.error(failure, subject, component_id, request_id));
    }
    fn error(
        &self,
        failure: Failure,
        subject: Subject,
        component_id: Option<ComponentId>,
        request_id: Option<RequestId>,
    ) -> Vec<u8> {
        let mut error = failure.tell(subject, || host::name(&**self.engine.host()));
        (error.component_id, error.request_id) = (component_id, request_id);
        compose::error(error)
    }
    fn say(&self, message: &ServerMessage) {
        self.outbox.message(compose::message(message));
    }

    fn drive(&self, work: impl Future<Output = ()> + Send + 'static) {
        host::drive(&**self.engine.host(), work);
    }
    /// A lane that nobody works in and nothing is mounted in is only a name.
    fn forget_vacant_lanes(&mut self) {
        self.lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lane.component().is_some());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.leave();
    }
}
