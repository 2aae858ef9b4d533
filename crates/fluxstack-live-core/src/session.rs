//! One client's logical life, which survives its connections: what it has mounted, which requests it made, and what its
//! messages mean. Under its lock it decides and gives everything its place in the order; the work itself, a user's code
//! included, is done by whoever asked, without the lock.
use crate::{
    audience::Wants,
    caller::{Asks, Caller, lock},
    components::Components,
    failure::{Failure, Subject},
    flight::Flights,
    host,
    lane::{Lane, Occupant, Owner, Work},
    line::Line,
    outbox::{Answer, Outbox},
    requests::{Requests, Taken},
    secrets::Secrets,
    store::{Request, Respond},
    visitor::Visitor,
};
use fluxstack_live_protocol::{
    client::{Action, ClientMessage, Hello, Mount, PropertyUpdate, Resync, Unmount},
    codec::Rejected,
    compact::Shape,
    compose,
    error::CloseCode,
    id::{ComponentId, RequestId},
    server::{self, UnmountReason, Welcome},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

/// One client's logical life.
pub(crate) struct Session {
    /// Empty for a basic client's.
    name: Box<str>,
    components: Arc<Components>,
    visitor: Arc<Visitor>,
    line: Arc<Line>,
    requests: Arc<Mutex<Requests>>,
    flights: Flights,
    /// Answers that are given once more.
    repeats: Flights,
    /// What its client takes; one that takes deltas numbers its requests, and may come back.
    wants: Wants,
    state: Mutex<State>,
}

struct State {
    lanes: BTreeMap<ComponentId, Arc<Lane>>,
    /// Which connection speaks for it: the last upgraded one that said so. None while it has none.
    connection: Option<ConnectionOrder>,
    /// The newest that ever did.
    newest: ConnectionOrder,
    secrets: Secrets,
    /// Its page was left, and nobody came back since.
    was_left: bool,
    is_over: bool,
}

/// Connections by the order in which they were upgraded.
pub(crate) type ConnectionOrder = u64;

/// Another connection speaks for the session, or none may any more.
pub(crate) struct Fenced;

/// What the id of a request means for it.
enum Numbered {
    /// It is new; Some: it counts, under this number.
    New(Option<u64>),
    /// It was answered.
    Answered(Answer),
    /// It is refused.
    Refused(Failure),
    /// There is nothing to do, or it is done.
    Known,
}

/// What came of a `HELLO` that names the session.
pub(crate) enum Resumed {
    /// It goes on through this connection, once this is done.
    Yes(Vec<Work>),
    /// A connection that was upgraded later has it.
    ByNewer,
    /// It is over, or the secret is wrong.
    No,
}

impl Session {
    pub(crate) fn new(
        name: Box<str>,
        components: Arc<Components>,
        visitor: Arc<Visitor>,
        wants: Wants,
        outbox: Arc<Outbox>,
        connection: ConnectionOrder,
    ) -> Self {
        let requests = Arc::new(Mutex::new(Requests::new(components.limits().kept_bytes)));
        let (flights, repeats) = (Flights::of(components.traffic()), Flights::of(components.traffic()));
        let state = State {
            lanes: BTreeMap::new(),
            connection: Some(connection),
            newest: connection,
            secrets: Secrets::default(),
            was_left: false,
            is_over: false,
        };
        let (line, state) = (Line::new(outbox), Mutex::new(state));
        Session { name, components, visitor, line, requests, flights, repeats, wants, state }
    }
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
    pub(crate) fn visitor(&self) -> &Arc<Visitor> {
        &self.visitor
    }
    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        self.line.outbox()
    }
    /// Whether no request is under way.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.flights.is_at_rest() && self.repeats.is_at_rest()
    }
    /// Whether somebody may see the visitor somewhere.
    pub(crate) fn has_mounted(&self) -> bool {
        self.lock().lanes.values().any(|lane| lane.component().is_some())
    }
    /// What it takes in memory that no other session has to do with, in bytes, as far as that is known.
    pub(crate) fn bytes(&self) -> u64 {
        let lanes: u64 = self.lock().lanes.values().map(|lane| lane.bytes()).sum();
        // What still runs will be answered, with as much as there is room for.
        let kept = self.components.limits().kept_bytes;
        let answers = if self.is_at_rest() { lock(&self.requests).bytes() } else { kept };
        lanes + answers as u64
    }
    pub(crate) fn knows(&self, secret: &str) -> bool {
        self.lock().secrets.know(secret)
    }
    /// Whether its client's page was left, and nobody came back since.
    pub(crate) fn was_left(&self) -> bool {
        self.lock().was_left
    }
    /// What the places in a message about a component are counted in.
    pub(crate) fn shape(&self, id: &ComponentId) -> Option<Arc<Shape>> {
        let component = self.lock().lanes.get(id)?.component()?;
        self.components.shape(&component).cloned()
    }

    /// Handles one message of a connection.
    pub(crate) fn handle(
        &self,
        connection: ConnectionOrder,
        message: ClientMessage,
    ) -> Result<Option<Work>, Fenced> {
        let mut state = self.spoken_for_by(connection)?;
        Ok(match message {
            ClientMessage::ComponentMount(mount) => self.mount(&mut state, mount),
            ClientMessage::ComponentUnmount(unmount) => state.unmount(&unmount),
            ClientMessage::ComponentAction(action) => self.action(&state, action),
            ClientMessage::PropertyUpdate(update) => self.property_update(&state, update),
            ClientMessage::Resync(resync) => self.resync(&state, &resync),
            ClientMessage::Ack(ack) => {
                lock(&self.requests).received(ack.received);
                None
            }
            // The connection's own.
            ClientMessage::Hello(_) | ClientMessage::Ping(_) => None,
        })
    }
    /// A message that is none. If it has the next request's number, it uses it up like any refused request.
    pub(crate) fn reject(&self, connection: ConnectionOrder, rejected: Rejected) -> Result<(), Fenced> {
        let _state = self.spoken_for_by(connection)?;
        let Rejected { reason, component_id, request_id } = rejected;
        let request_id = request_id.filter(RequestId::fits_basic);
        let number = request_id.as_ref().and_then(RequestId::number);
        let Some(number) = number.filter(|_| self.wants == Wants::Deltas) else {
            self.refuse(Failure::BadMessage(reason), component_id, request_id);
            return Ok(());
        };
        match self.number(request_id.as_ref()) {
            Numbered::New(_) => {
                let answer =
                    self.error(Failure::BadMessage(reason), Subject::default(), component_id, request_id);
                lock(&self.requests).answer(number, &answer);
                self.line.message(answer);
            }
            Numbered::Answered(answer) => self.line.answer(answer),
            Numbered::Refused(failure) => self.refuse(failure, component_id, request_id),
            Numbered::Known => {}
        }
        Ok(())
    }

    /// A client comes back through another connection. From here on nothing of the connection before counts, so that what
    /// `welcome` says of the requests is final.
    pub(crate) fn resume(&self, connection: ConnectionOrder, outbox: &Arc<Outbox>, hello: &Hello) -> Resumed {
        let mut state = self.lock();
        let secret = hello.secret.as_deref().unwrap_or_default();
        if state.is_over || !state.secrets.know(secret) {
            return Resumed::No;
        }
        if state.newest > connection {
            return Resumed::ByNewer;
        }
        state.secrets.prove(secret);
        state.was_left = false;
        (state.connection, state.newest) = (Some(connection), connection);
        lock(&self.requests).received(hello.received);
        // Before any state, and before any answer that is not in it.
        self.welcome(&mut state, outbox, hello, true);
        let held = hello.components.as_deref().unwrap_or_default();
        let listed: BTreeSet<_> = held.iter().map(|held| &held.component_id).collect();
        let unlisted = state.lanes.iter().filter(|(id, _)| !listed.contains(id));
        let mut work: Vec<Work> = unlisted.filter_map(|(_, lane)| vacated(lane)).collect();
        // Each once, however often it is listed.
        let mut told = BTreeSet::new();
        work.extend(held.iter().filter(|held| told.insert(&held.component_id)).map(|held| {
            let lane = state.lanes.get(&held.component_id);
            match lane.filter(|lane| lane.component().is_some() && !lane.is_crowded()) {
                Some(lane) => lane.clone().resume(outbox.clone(), held.clone()),
                None => gone(outbox.clone(), held.component_id.clone()),
            }
        }));
        // Last: whoever finds the older connection closed stands behind the turns that go on through this one.
        self.line.lead_to(outbox.clone(), CloseCode::Replaced);
        Resumed::Yes(work)
    }
    /// The client of a new session is told its name.
    pub(crate) fn greet(&self, hello: &Hello) {
        self.welcome(&mut self.lock(), &self.outbox(), hello, false);
    }
    /// `WELCOME`, with a new secret.
    fn welcome(&self, state: &mut State, outbox: &Outbox, hello: &Hello, resumed: bool) {
        let limits = self.components.limits();
        let requests = lock(&self.requests);
        let (executed, answers) = requests.done();
        let welcome = Welcome {
            session: self.name.to_string(),
            secret: state.secrets.next(&**self.components.host()),
            resumed,
            executed,
            replies: Vec::new(),
            heartbeat_ms: u64::try_from(limits.ping_after.as_millis()).unwrap_or(u64::MAX),
            limits: server::Limits {
                in_flight: limits.in_flight as u64,
                message_bytes: limits.message_bytes as u64,
            },
            schema: self.components.schema().to_owned(),
            server: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let agrees = hello.schema.as_deref() == Some(self.components.schema());
        outbox.welcome(compose::welcome(&welcome, answers), agrees);
    }

    /// A connection is gone without a goodbye; false if it did not speak for the session any more.
    pub(crate) fn lose(&self, connection: ConnectionOrder) -> bool {
        let mut state = self.lock();
        if state.connection != Some(connection) {
            return false;
        }
        state.connection = None;
        true
    }
    /// Where the visitor can be seen, the visitor has left; what is the visitor's own is kept.
    pub(crate) fn step_out(&self, connection: ConnectionOrder) -> Vec<Work> {
        let mut state = self.lock();
        if state.connection != Some(connection) {
            return Vec::new();
        }
        state.was_left = true;
        state.lanes.values().filter(|lane| lane.may_follow_visitors()).filter_map(vacated).collect()
    }
    /// It is over for good.
    pub(crate) fn end(&self) -> Vec<Work> {
        let mut state = self.lock();
        (state.is_over, state.connection) = (true, None);
        self.line.outbox().discard();
        // What still runs ends in its own time, and unmounts then.
        std::mem::take(&mut state.lanes).values().filter_map(vacated).collect()
    }

    fn mount(&self, state: &mut State, mount: Mount) -> Option<Work> {
        let Mount { component_id: id, payload } = mount;
        let (props, limits) = (payload.props.get(), self.components.limits());
        let subject = Subject { component: Some(&payload.component), ..Subject::default() };
        let refuse = |failure| {
            self.refuse_about(failure, subject, Some(id.clone()), None);
            None
        };
        if props.len() > limits.props_bytes {
            return refuse(Failure::Invalid(BTreeMap::new()));
        }
        let Ok(value) = serde_json::from_str(props) else {
            return refuse(Failure::BadMessage("the props are not JSON"));
        };
        state.forget_vacant_lanes();
        if state.lanes.len() >= limits.components_per_session && !state.lanes.contains_key(&id) {
            return refuse(Failure::TooMany("components in this session"));
        }
        let lane = state.lanes.entry(id.clone()).or_insert_with(|| self.lane(id.clone()));
        let component: Box<str> = payload.component.as_ref().into();
        let occupant = Occupant { component: component.clone(), props: value };
        if lane.is_crowded() {
            return refuse(Failure::Busy);
        }
        match lane.occupy(occupant) {
            Some(life) => Some(lane.clone().mount(life, component, props.into())),
            None => refuse(Failure::Conflict),
        }
    }
    fn lane(&self, id: ComponentId) -> Arc<Lane> {
        let (components, visitor, line) = (self.components.clone(), self.visitor.clone(), self.line.clone());
        Lane::new(id, Owner { components, visitor, line, wants: self.wants })
    }

    fn action(&self, state: &State, action: Action) -> Option<Work> {
        let Action { component_id, action, payload, request_id, received } = action;
        let payload = payload.map(|payload| payload.get().into());
        let request = Request::Call { action: action.as_ref().into(), payload };
        self.request(state, component_id, request, request_id, received)
    }
    fn property_update(&self, state: &State, update: PropertyUpdate) -> Option<Work> {
        let PropertyUpdate { component_id, payload, request_id, received } = update;
        let request =
            Request::Set { property: payload.property.as_ref().into(), value: payload.value.get().into() };
        self.request(state, component_id, request, request_id, received)
    }
    fn request(
        &self,
        state: &State,
        id: ComponentId,
        request: Request,
        request_id: Option<RequestId>,
        received: Option<u64>,
    ) -> Option<Work> {
        lock(&self.requests).received(received);
        let lane = state.lanes.get(&id).cloned();
        let number = match self.number(request_id.as_ref()) {
            Numbered::New(number) => number,
            Numbered::Answered(answer) => match lane.filter(|lane| lane.is_mounted()) {
                Some(lane) => return Some(lane.answer_again(answer)),
                None => {
                    self.line.answer(answer);
                    return None;
                }
            },
            Numbered::Refused(failure) => {
                self.refuse(failure, Some(id), None);
                return None;
            }
            Numbered::Known => return None,
        };
        let component = lane.as_ref().and_then(|lane| lane.component());
        let flight = self.flights.start(self.components.limits().in_flight);
        let (is_busy, is_mounted) = (flight.is_none(), component.is_some());
        let caller = Box::new(Caller {
            requests: self.requests.clone(),
            host: self.components.host().clone(),
            component_id: id,
            component,
            request_id,
            number,
            asks: Asks::of(&request),
            flight,
        });
        match lane {
            _ if is_busy => self.line.answer(caller.failure(Failure::Busy)),
            Some(lane) if is_mounted => return Some(lane.perform(request, caller)),
            _ => self.line.answer(caller.failure(Failure::Gone)),
        }
        None
    }
    /// What the id of a request means for it.
    fn number(&self, request_id: Option<&RequestId>) -> Numbered {
        if self.wants == Wants::Snapshots {
            let fits = request_id.is_none_or(RequestId::fits_basic);
            let too_long = Failure::BadMessage("a `requestId` has at most 64 characters");
            return if fits { Numbered::New(None) } else { Numbered::Refused(too_long) };
        }
        let Some(number) = request_id.and_then(RequestId::number) else {
            return Numbered::Refused(Failure::BadMessage("a `requestId` is a number from 1 to 2^53 - 1"));
        };
        let taken = lock(&self.requests).take(number);
        match taken {
            Taken::New => return Numbered::New(Some(number)),
            // Attached to: the answer goes to whatever connection there is by then.
            Taken::Running | Taken::Received => {}
            // Bounded, and apart from the requests under way: its client knows nothing of an answer that is given twice.
            Taken::Answered(text) => {
                let flight = self.repeats.start(self.components.limits().in_flight);
                return flight.map_or(Numbered::Known, |flight| {
                    Numbered::Answered(Answer { text, flight: Some(flight) })
                });
            }
            Taken::Gap => self.outbox().close(CloseCode::ProtocolError),
            Taken::Beyond => self.outbox().close(CloseCode::PolicyViolation),
        }
        Numbered::Known
    }

    fn resync(&self, state: &State, resync: &Resync) -> Option<Work> {
        let id = || Some(resync.component_id.clone());
        match state.lanes.get(&resync.component_id) {
            Some(lane) if lane.is_crowded() => self.refuse(Failure::Busy, id(), None),
            Some(lane) if lane.component().is_some() => return Some(lane.clone().resync()),
            _ => self.refuse(Failure::Gone, id(), None),
        }
        None
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
        self.line.message(self.error(failure, subject, component_id, request_id));
    }
    fn error(
        &self,
        failure: Failure,
        subject: Subject,
        component_id: Option<ComponentId>,
        request_id: Option<RequestId>,
    ) -> Vec<u8> {
        let mut error = failure.tell(subject, || host::name(&**self.components.host()));
        (error.component_id, error.request_id) = (component_id, request_id);
        compose::error(error)
    }
    /// The state, if this connection speaks for the session. Its first message proves that `WELCOME` has arrived.
    fn spoken_for_by(&self, connection: ConnectionOrder) -> Result<MutexGuard<'_, State>, Fenced> {
        let mut state = self.lock();
        if state.connection != Some(connection) {
            return Err(Fenced);
        }
        state.secrets.confirm();
        Ok(state)
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while it holds a session")
    }
}

impl State {
    fn unmount(&self, unmount: &Unmount) -> Option<Work> {
        self.lanes.get(&unmount.component_id).and_then(vacated)
    }
    /// A lane that nobody works in and nothing is mounted in is only a name.
    fn forget_vacant_lanes(&mut self) {
        self.lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lane.component().is_some());
    }
}

/// Nothing is mounted there any more, once this is done. None: it is unmounted already, or will be by what waits in it.
fn vacated(lane: &Arc<Lane>) -> Option<Work> {
    lane.vacate().then(|| lane.clone().unmount())
}

/// Says, in its turn, that nothing is mounted there.
fn gone(outbox: Arc<Outbox>, id: ComponentId) -> Work {
    Box::pin(async move { outbox.message(compose::unmounted(id, UnmountReason::Gone)) })
}
