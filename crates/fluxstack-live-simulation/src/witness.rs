//! Sees what every page sees and what was done to whom, and says what of it may not be.
use crate::{
    browser::{News, Outcome, Request, Resumed, Sent, Session, Wish},
    counts::Counts,
    record::Record,
    trace::Trace,
};
use fluxstack_live_protocol::{error::ErrorCode, server::MissedEvent};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hasher},
    time::Duration,
};

/// The server of today answers each `HELLO` with a new session: to its clients that is as if the old one had expired.
const SERVER_RESUMES: bool = true;
/// What follows from a fault may come so long after it: a dead connection must be noticed first.
const AFTERMATH: Duration = Duration::from_millis(1000);

pub(crate) struct Witness {
    pub(crate) trace: Trace,
    pub(crate) counts: Counts,
    /// What may not be, in the order found.
    wrong: Vec<String>,
    record: Record,
    /// A session may be given up before its client is back.
    may_expire: bool,
    /// More answers may wait than a session keeps.
    may_be_busy: bool,
    /// Orders that were answered with an error.
    refused: BTreeSet<String>,
    /// What was held at each (epoch, version), by anyone.
    bases: BTreeMap<(String, u64), u64>,
    restarts: Vec<Restart>,
    /// Until when each page has trouble.
    troubled: BTreeMap<String, Duration>,
    pages: BTreeMap<String, Seen>,
    /// Which pages want nothing and wait for nothing.
    pub(crate) quiet: BTreeMap<usize, bool>,
}

struct Restart {
    at: Duration,
    is_drain: bool,
}

/// What one page has seen.
#[derive(Default)]
struct Seen {
    resumed: Option<Resumed>,
    /// When the last session, or the last connection of it, began.
    greeted: Duration,
    components: BTreeMap<String, Held>,
    acknowledged: Vec<Acknowledged>,
}

/// What one page has seen of one component.
#[derive(Default)]
struct Held {
    epoch: Option<String>,
    version: u64,
    heard: BTreeSet<String>,
    /// Entries from this one on must be heard.
    floor: usize,
    /// A mount of this session has been answered.
    is_back: bool,
}

/// A request that has ended.
struct Settled<'a> {
    page: &'a str,
    session: &'a Session,
    component: &'a str,
    is_set: bool,
    /// Empty for a set, as `order` is.
    action: &'a str,
    order: &'a str,
    /// For people.
    about: String,
}

impl<'a> Settled<'a> {
    fn new(page: &'a str, session: &'a Session, request: &'a Request) -> Self {
        let (action, order) = match &request.wish {
            Wish::Call { action, payload } => (*action, payload["order"].as_str().unwrap_or_default()),
            Wish::Set { .. } => ("", ""),
        };
        let (component, is_set) = (request.component.as_str(), request.is_set());
        let about = format!("{page} {component} {action} `{order}`");
        Settled { page, session, component, is_set, action, order, about }
    }
}

struct Acknowledged {
    component: String,
    life: String,
    order: String,
}

impl Witness {
    pub(crate) fn new(record: Record, may_expire: bool, may_be_busy: bool, keeps_all: bool) -> Self {
        Witness {
            trace: Trace::new(keeps_all),
            counts: Counts::default(),
            wrong: Vec::new(),
            record,
            may_expire: may_expire || !SERVER_RESUMES,
            may_be_busy,
            refused: BTreeSet::new(),
            bases: BTreeMap::new(),
            restarts: Vec::new(),
            troubled: BTreeMap::new(),
            pages: BTreeMap::new(),
            quiet: BTreeMap::new(),
        }
    }
    pub(crate) fn wrong(&mut self, what: String) {
        self.wrong.push(what);
    }
    /// All that may not be, so far.
    pub(crate) fn all_wrong(&self) -> Vec<String> {
        let record = self.record.notes();
        record.wrong.iter().chain(&self.wrong).cloned().collect()
    }
    pub(crate) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty() || !self.record.notes().wrong.is_empty()
    }
    /// A page named `p0` is troubled under that name, whatever its life.
    pub(crate) fn trouble(&mut self, page: &str, until: Duration) {
        let known = self.troubled.entry(page.to_owned()).or_default();
        *known = (*known).max(until + AFTERMATH);
    }
    pub(crate) fn restart(&mut self, at: Duration, is_drain: bool) {
        self.restarts.push(Restart { at, is_drain });
    }

    /// A page has made a step.
    pub(crate) fn see(&mut self, page: &str, session: &Session, news: Vec<News>) {
        self.pages.entry(page.to_owned()).or_default();
        for component in session.components() {
            self.hold(page, component.id.as_str(), session);
        }
        let mut snapshots = Vec::new();
        for one in news {
            match one {
                News::Settled { request, outcome } => {
                    self.settle(&Settled::new(page, session, &request), request.sent, outcome);
                }
                News::Told { component, event } => self.told(page, session, &component, event),
                News::Welcomed(resumed, greeted) => self.welcomed(greeted, page, resumed),
                News::Mounted { component, by_tail } => {
                    self.mounted(page, &component, by_tail);
                    if !by_tail {
                        snapshots.push(component);
                    }
                }
                News::Astonished(what) => self.wrong(format!("{page} has seen {what}")),
            }
        }
        for component in snapshots {
            let entries = entries(&session.component(&component).store.state).len();
            self.held(page, &component).floor = entries;
        }
        self.heard_all(page, session);
    }
    fn held(&mut self, page: &str, component: &str) -> &mut Held {
        let seen = self.pages.entry(page.to_owned()).or_default();
        seen.components.entry(component.to_owned()).or_default()
    }

    fn hold(&mut self, page: &str, id: &str, session: &Session) {
        let component = session.component(id);
        let view = session.view(id);
        match session.pending(id) {
            None if view != component.store.state => {
                self.wrong(format!("I12: nothing is pending in {page} {id}, and the view is not the base"));
            }
            Some((property, value)) if view[property] != *value && component.store.epoch.is_some() => {
                self.wrong(format!("I12: {page} {id} does not show the pending {value}"));
            }
            None | Some(_) => {}
        }
        let Some(epoch) = component.store.epoch.clone() else { return };
        let version = component.store.version;
        let held = self.held(page, id);
        let before = (held.epoch.replace(epoch.clone()), std::mem::replace(&mut held.version, version));
        if before == (Some(epoch.clone()), version) {
            return;
        }
        if before.0.as_ref() == Some(&epoch) && before.1 > version {
            self.wrong(format!("I3: {page} {id} went from {} back to {version}", before.1));
        }
        let hash = hash(&component.store.state);
        let known = self.bases.insert((epoch.clone(), version), hash);
        match known {
            Some(known) if known != hash => {
                self.wrong(format!("I2: {page} {id} holds another state at {epoch} {version} than others"));
            }
            Some(_) => {}
            None => self.read(page, id, &component.store.state),
        }
    }
    /// A state of its own: does it fit together, and to what the server did?
    fn read(&mut self, page: &str, id: &str, state: &Value) {
        let entries = entries(state);
        if state["count"].as_u64() != Some(entries.len() as u64) {
            self.wrong(format!("I2: {page} {id} holds a torn state: {state}"));
        }
        let mut newest: BTreeMap<&str, u64> = BTreeMap::new();
        for entry in &entries {
            let (by, number) = entry.rsplit_once('.').expect("an order has a number");
            let number = number.parse().expect("an order has a number");
            // What a session given up still does may come after what its client does in the next.
            if newest.insert(by, number).is_some_and(|before| before >= number) && !self.may_expire {
                self.wrong(format!("I6: {page} {id} holds {entries:?}"));
            }
        }
        self.record.notes().committed(state["life"].as_str().unwrap_or_default(), &entries);
    }

    fn settle(&mut self, of: &Settled, sent: Option<Sent>, outcome: Outcome) {
        match outcome {
            Outcome::Unknown => {
                self.counts.one("unknown outcomes");
                self.unknown(of, sent);
            }
            Outcome::Done(_) if of.is_set => {}
            Outcome::Done(receipt) => self.done(of, &receipt),
            Outcome::Failed(ErrorCode::Action, _) if of.action == "fail" => self.refused(of),
            Outcome::Failed(ErrorCode::Busy, _) if self.may_be_busy => {
                self.counts.one("busy");
                self.refused(of);
            }
            Outcome::Failed(code, data) => {
                self.wrong(format!("{} was answered {} {data:?}", of.about, code.as_str()));
            }
        }
    }
    fn refused(&mut self, of: &Settled) {
        self.refused.insert(of.order.to_owned());
    }
    fn unknown(&mut self, of: &Settled, sent: Option<Sent>) {
        let Settled { page, about, .. } = of;
        let Some(Sent { at, greeted }) = sent else {
            return self.wrong(format!("{about} ended in unknown_outcome, and was never sent"));
        };
        let is_troubled = self.troubled.get(name(page)).copied().unwrap_or_default() >= at;
        // A server that is no more may have said its last words later than that.
        let mut ends = self.restarts.iter().filter(|restart| restart.at >= greeted).peekable();
        let what = match (ends.peek().is_some(), ends.any(|end| !end.is_drain || is_troubled)) {
            (_, true) => return,
            (true, false) => "in a drain from which nothing cut it off",
            (false, false) => "and the server was there all the time",
        };
        if !self.may_expire {
            self.wrong(format!("{about} ended in unknown_outcome, {what}"));
        }
    }
    fn done(&mut self, of: &Settled, receipt: &Value) {
        let Settled { page, session, component, action, order, .. } = *of;
        let about = &of.about;
        let state = &session.component(component).store.state;
        let life = receipt["life"].as_str().unwrap_or_default();
        let notes = self.record.notes();
        let (has_run, known, server) =
            (notes.ran(order), notes.life(life).map(|life| life.server), notes.server);
        drop(notes);
        if !has_run {
            self.wrong(format!("I4: {about} was acknowledged and never ran"));
        }
        let is_entry = action != "look";
        if state["life"] != life {
            // Its store is gone, with the server or with a session that was given up.
            if known == Some(server) && !self.may_expire {
                self.wrong(format!("I5: {about} settles, and its store is not shown"));
            }
            return;
        }
        let shown = state["count"].as_u64() >= receipt["count"].as_u64();
        if !shown || (is_entry && !entries(state).iter().any(|entry| entry == order)) {
            self.wrong(format!("I5: {about} settles and is not shown"));
        }
        if is_entry {
            let seen = self.pages.entry(page.to_owned()).or_default();
            seen.acknowledged.push(Acknowledged {
                component: component.to_owned(),
                life: life.to_owned(),
                order: order.to_owned(),
            });
        }
    }

    fn told(&mut self, page: &str, session: &Session, component: &str, event: MissedEvent) {
        let order = event.payload["order"].as_str().unwrap_or_default().to_owned();
        if !entries(&session.component(component).store.state).contains(&order) {
            self.wrong(format!("{page} {component} hears of `{order}`, which is not shown"));
        }
        if !self.held(page, component).heard.insert(order.clone()) {
            self.wrong(format!("{page} {component} hears of `{order}` twice"));
        }
    }
    fn heard_all(&mut self, page: &str, session: &Session) {
        for component in session.components().filter(|component| component.name == "Ledger") {
            let id = component.id.as_str();
            let entries = entries(&component.store.state);
            let held = self.held(page, id);
            let missed = entries.iter().skip(held.floor).find(|entry| !held.heard.contains(*entry)).cloned();
            held.floor = held.floor.max(entries.len());
            if let Some(missed) = missed {
                self.wrong(format!("{page} {id} never hears of `{missed}`"));
            }
        }
    }
    fn welcomed(&mut self, greeted: Duration, page: &str, resumed: Resumed) {
        let since = self.pages.entry(page.to_owned()).or_default().greeted;
        if resumed == Resumed::No {
            self.counts.one("unknown");
            let is_restarted = self.restarts.iter().any(|restart| restart.at >= since);
            if !is_restarted && !self.may_expire {
                self.wrong(format!("{page} comes back to a server that has forgotten its session"));
            }
        }
        let seen = self.pages.entry(page.to_owned()).or_default();
        seen.greeted = greeted;
        seen.resumed = Some(resumed);
        seen.components.values_mut().for_each(|held| held.is_back = false);
    }
    fn mounted(&mut self, page: &str, component: &str, by_tail: bool) {
        let resumed = self.pages.get(page).and_then(|seen| seen.resumed);
        let held = self.held(page, component);
        let is_first = !std::mem::replace(&mut held.is_back, true);
        if is_first && resumed == Some(Resumed::Yes) {
            self.counts.one(if by_tail { "tail" } else { "snapshot" });
        } else if by_tail {
            self.wrong(format!("{page} {component} is mounted by ops without a resume"));
        }
    }

    /// All is quiet: what one page shows of what is its own, and what was acknowledged to it.
    pub(crate) fn at_rest(&mut self, page: &str, session: &Session) {
        let Some(seen) = self.pages.get(page) else { return };
        let notes = self.record.notes();
        let mut wrong = Vec::new();
        for component in session.components() {
            let (id, state) = (component.id.as_str(), &component.store.state);
            let life = state["life"].as_str().unwrap_or_default();
            let entries = entries(state);
            if notes.life(life).is_none_or(|life| life.entries != entries) {
                wrong
                    .push(format!("I1: {page} {id} shows {entries:?}, and the server's `{life}` is another"));
            }
            if let Some(refused) = entries.iter().find(|entry| self.refused.contains(*entry)) {
                wrong.push(format!("I7: `{refused}` was refused, and {page} {id} shows it"));
            }
            for it in seen.acknowledged.iter().filter(|it| it.component == id) {
                let is_there = if it.life == life { entries.contains(&it.order) } else { self.may_expire };
                let was_lost = notes.life(&it.life).is_none_or(|life| life.server < notes.server);
                let may_be_gone = was_lost && it.life != life;
                if !is_there && !may_be_gone {
                    wrong.push(format!("I4: {page} {id}: `{}` was acknowledged and is not there", it.order));
                }
            }
        }
        drop(notes);
        self.wrong.extend(wrong);
    }
}

fn entries(state: &Value) -> Vec<String> {
    let entries = state["entries"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry.as_str().map(str::to_owned)).collect()
}

fn hash(state: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(state.to_string().as_bytes());
    hasher.finish()
}

/// `p0` of `p0-3`: a page without its life.
fn name(page: &str) -> &str {
    page.split('-').next().unwrap_or_default()
}
