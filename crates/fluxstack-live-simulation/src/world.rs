//! One seed's world: a server, pages, the network between them, and what goes wrong.
use crate::{
    dice::Dice,
    mutant::Mutant,
    page::Page,
    plan::{Fault, Plan, Visit},
    record::Record,
    server::Server,
    witness::Witness,
};
use std::{cell::RefCell, rc::Rc, time::Duration};
use turmoil::Sim;

const TICK: Duration = Duration::from_millis(2);
/// When the faults have ended everything must settle within this: a few tries, and the 10 s a drain may take.
const SETTLES_WITHIN: Duration = Duration::from_secs(20);
/// When all is quiet all must see the same within this.
const CONVERGES_WITHIN: Duration = Duration::from_secs(2);

pub(crate) struct World<'a> {
    sim: Sim<'a>,
    server: Server,
    witness: Rc<RefCell<Witness>>,
    pages: Vec<Rc<RefCell<Page>>>,
    /// The latency of a healthy network, in milliseconds.
    latency: u64,
    /// What is to come, the last first.
    changes: Vec<(Duration, Change)>,
    heal: Duration,
    /// The server is about to end.
    ending: Option<Ending>,
    is_down: bool,
    mutant: Option<Mutant>,
    /// A page that nothing ever happened to: since when it looks.
    observer: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
struct Ending {
    is_drain: bool,
    /// It is down for so long afterwards.
    down: Duration,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Fault(Fault),
    Repair { page: usize },
    Release { page: usize },
    Latency { page: usize },
    Start,
}

impl World<'_> {
    pub(crate) fn new(
        plan: Plan,
        record: &Record,
        witness: Rc<RefCell<Witness>>,
        mutant: Option<Mutant>,
    ) -> Self {
        let mut sim = turmoil::Builder::new()
            .rng_seed(plan.network)
            .tick_duration(TICK)
            .simulation_duration(Duration::from_secs(600))
            .min_message_latency(Duration::from_millis(plan.latency.0))
            .max_message_latency(Duration::from_millis(plan.latency.1))
            .tcp_capacity(plan.capacity)
            .enable_random_order()
            .build();
        let server = Server::new(record.clone(), plan.host.clone(), plan.limits.clone());
        let life = server.clone();
        sim.host("server", move || life.clone().run());
        let mut changes: Vec<_> =
            plan.faults.iter().map(|(at, fault)| (*at, Change::Fault(*fault))).collect();
        changes.reverse();
        let mut world = World {
            sim,
            server,
            witness,
            pages: Vec::new(),
            latency: plan.latency.1,
            changes,
            heal: plan.heal,
            ending: None,
            is_down: false,
            mutant,
            observer: None,
        };
        plan.pages.into_iter().for_each(|visit| world.open(visit));
        world
    }
    fn open(&mut self, visit: Visit) {
        let index = self.pages.len();
        let page = Page::new(index, visit, self.mutant, self.witness.clone(), self.sim.elapsed());
        let page = Rc::new(RefCell::new(page));
        self.pages.push(page.clone());
        self.sim.client(format!("p{index}"), async move {
            Page::run(page).await;
            Ok(())
        });
    }

    /// Runs until all has settled, or something is wrong.
    pub(crate) fn run(&mut self) {
        let mut quiet_since = None;
        loop {
            if let Err(error) = self.sim.step() {
                return self.wrong(format!("the simulation ended: {error}"));
            }
            let now = self.sim.elapsed();
            if self.witness.borrow().is_wrong() {
                return;
            }
            self.change(now);
            self.end_server(now);
            if !self.is_at_rest(now) {
                quiet_since = None;
                if now > self.heal + SETTLES_WITHIN {
                    return self.wrong("I13: not everything has settled".to_owned());
                }
                continue;
            }
            if self.observer.is_none() {
                self.observer = Some(now);
                self.open(Visit { dice: Dice::new(0), is_compact: false, deeds: Vec::new() });
                continue;
            }
            let since = *quiet_since.get_or_insert(now);
            if self.is_converged() {
                return self.conclude();
            }
            if now > since + CONVERGES_WITHIN {
                return self.wrong(format!("I1: all is quiet, and not all is the same: {}", self.shown()));
            }
        }
    }
    fn wrong(&self, what: String) {
        self.witness.borrow_mut().wrong(what);
    }
    fn trace(&self, now: Duration, text: &str) {
        self.witness.borrow_mut().trace.line(now, "world", text);
    }
    fn is_at_rest(&self, now: Duration) -> bool {
        let is_healed = now > self.heal && self.changes.is_empty() && self.ending.is_none();
        is_healed && self.witness.borrow().quiet.values().all(|quiet| *quiet)
    }
    fn is_converged(&self) -> bool {
        let mut shown = self.pages.iter().map(|page| {
            let page = page.borrow();
            let store = &page.session.component("ledger").store;
            (store.epoch.clone(), store.version, page.session.view("ledger"))
        });
        let first = shown.next();
        shown.all(|it| Some(it) == first)
    }
    fn shown(&self) -> String {
        let shown = self.pages.iter().map(|page| {
            let page = page.borrow();
            let store = &page.session.component("ledger").store;
            format!("{} {:?} {} {}", page.name(), store.epoch, store.version, store.state)
        });
        shown.collect::<Vec<_>>().join("; ")
    }
    fn conclude(&self) {
        for page in &self.pages {
            let page = page.borrow();
            self.witness.borrow_mut().at_rest(&page.name(), &page.session);
        }
    }

    fn change(&mut self, now: Duration) {
        while self.changes.last().is_some_and(|(at, _)| *at <= now) {
            let (_, change) = self.changes.pop().expect("there is one");
            self.trace(now, &format!("{change:?}"));
            match change {
                Change::Fault(fault) => self.fault(now, fault),
                Change::Repair { page } => self.sim.repair(client(page), "server"),
                Change::Release { page } => self.sim.release(client(page), "server"),
                Change::Latency { page } => {
                    self.sim.set_link_latency(client(page), "server", Duration::from_millis(self.latency));
                }
                Change::Start => {
                    self.is_down = false;
                    self.sim.bounce("server");
                }
            }
        }
    }
    /// Something more is to come.
    fn later(&mut self, at: Duration, change: Change) {
        let place = self.changes.iter().rposition(|(other, _)| *other > at).map_or(0, |place| place + 1);
        self.changes.insert(place, (at, change));
    }
    fn fault(&mut self, now: Duration, fault: Fault) {
        let after = |milliseconds| now + Duration::from_millis(milliseconds);
        let (name, page, until) = match fault {
            Fault::Partition { page, lasts } => {
                self.sim.partition(client(page), "server");
                self.later(after(lasts), Change::Repair { page });
                ("partition", page, after(lasts))
            }
            Fault::OneWay { page, lasts, is_up } => {
                let (from, to) = (client(page), "server".to_owned());
                if is_up {
                    self.sim.partition_oneway(from, to)
                } else {
                    self.sim.partition_oneway(to, from)
                }
                self.later(after(lasts), Change::Repair { page });
                ("one-way partition", page, after(lasts))
            }
            Fault::Hold { page, lasts } => {
                self.sim.hold(client(page), "server");
                self.later(after(lasts), Change::Release { page });
                ("hold", page, after(lasts))
            }
            Fault::Slow { page, lasts, latency } => {
                self.sim.set_link_latency(client(page), "server", Duration::from_millis(latency));
                self.later(after(lasts), Change::Latency { page });
                ("slow network", page, after(lasts))
            }
            Fault::Drop { page } => {
                if !self.server.connections.cut(self.sim.lookup(client(page))) {
                    return;
                }
                ("dropped by the server", page, now)
            }
            Fault::Crash { down } => return self.end(false, down),
            Fault::Drain { down } => return self.end(true, down),
        };
        let mut witness = self.witness.borrow_mut();
        witness.counts.one(name);
        witness.trouble(&client(page), until);
    }
    fn end(&mut self, is_drain: bool, down: u64) {
        // There is none, or it has been asked to already; one that drains may well crash.
        if self.is_down || (is_drain && self.ending.is_some()) {
            return;
        }
        if is_drain {
            self.server.drain()
        } else {
            self.server.kill()
        }
        self.ending = Some(Ending { is_drain, down: Duration::from_millis(down) });
        self.witness.borrow_mut().counts.one(if is_drain { "drain" } else { "crash" });
    }
    /// A server that was drained or killed: its process ends, and another begins.
    fn end_server(&mut self, now: Duration) {
        if !self.server.has_ended.get() {
            return;
        }
        let Some(Ending { is_drain, down }) = self.ending.take() else { return };
        self.trace(now, "the server has ended");
        self.sim.crash("server");
        self.is_down = true;
        self.later(now + down, Change::Start);
        self.witness.borrow_mut().restart(now, is_drain);
    }
}

fn client(page: usize) -> String {
    format!("p{page}")
}
