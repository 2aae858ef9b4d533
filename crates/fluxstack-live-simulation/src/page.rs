//! One browser tab on its machine: a session, a socket, and somebody who calls, sets, cuts and reloads.
use crate::{
    browser::{Component, Order, Session, Wish},
    dice::Dice,
    mutant::Mutant,
    plan::{Deed, Trouble, Visit},
    socket::{Event, Socket},
    witness::Witness,
};
use serde_json::json;
use std::{cell::RefCell, collections::VecDeque, rc::Rc, time::Duration};
use tokio::time::Instant;

/// As long may a timer be away.
const FAR: Duration = Duration::from_secs(60);

pub(crate) struct Page {
    index: usize,
    /// Which page of this machine: it may be loaded again.
    life: u32,
    pub(crate) session: Session,
    socket: Option<Socket>,
    /// Sockets let go of, whose last words are still under way.
    old: Vec<(Duration, Socket)>,
    deeds: VecDeque<(Duration, Deed)>,
    orders: u64,
    deaf_until: Duration,
    /// The next message is cut after so many of each hundred bytes.
    cut_next: Option<u64>,
    is_compact: bool,
    dice: Dice,
    mutant: Option<Mutant>,
    witness: Rc<RefCell<Witness>>,
    /// When the machine was started, in the world's time and in its own.
    started: (Duration, Instant),
}

impl Page {
    pub(crate) fn new(
        index: usize,
        visit: Visit,
        mutant: Option<Mutant>,
        witness: Rc<RefCell<Witness>>,
        since: Duration,
    ) -> Self {
        let Visit { mut dice, is_compact, deeds } = visit;
        witness.borrow_mut().quiet.insert(index, false);
        let session = session(&mut dice, mutant, None);
        Page {
            index,
            life: 0,
            session,
            socket: None,
            old: Vec::new(),
            deeds: deeds.into(),
            orders: 0,
            deaf_until: Duration::ZERO,
            cut_next: None,
            is_compact,
            dice,
            mutant,
            witness,
            started: (since, Instant::now()),
        }
    }
    fn now(&self) -> Duration {
        self.started.0 + self.started.1.elapsed()
    }
    /// With its life.
    pub(crate) fn name(&self) -> String {
        format!("p{}-{}", self.index, self.life)
    }
    fn trace(&self, text: &str) {
        self.witness.borrow_mut().trace.line(self.now(), &self.name(), text);
    }

    /// Runs until the world ends. The page is lent out between two steps, for the world to look at.
    pub(crate) async fn run(this: Rc<RefCell<Page>>) {
        {
            let mut page = this.borrow_mut();
            page.started.1 = Instant::now();
            let now = page.now();
            page.session.link.open(now);
        }
        loop {
            let (mut socket, mut old, is_deaf, until) = this.borrow_mut().step();
            let event = Socket::next(socket.as_mut(), &mut old, is_deaf, until).await;
            let mut page = this.borrow_mut();
            (page.socket, page.old) = (socket, old);
            page.happen(event);
        }
    }
    /// What there is to do now, and then what to wait for.
    fn step(&mut self) -> (Option<Socket>, Vec<(Duration, Socket)>, bool, Instant) {
        let now = self.now();
        while self.deeds.front().is_some_and(|(at, _)| *at <= now) {
            let (_, deed) = self.deeds.pop_front().expect("there is one");
            self.perform(deed);
        }
        self.session.tick(now);
        self.obey();
        self.flush();
        self.look();
        self.old.retain(|(until, _)| *until > now);
        let is_deaf = self.deaf_until > now;
        let next = [
            self.deeds.front().map(|(at, _)| *at),
            self.session.link.wake_at(),
            is_deaf.then_some(self.deaf_until),
            self.old.iter().map(|(until, _)| *until).min(),
        ];
        let next = next.into_iter().flatten().min().unwrap_or(now + FAR).max(now + Duration::from_millis(1));
        let until = self.started.1 + next.saturating_sub(self.started.0).min(now + FAR);
        (self.socket.take(), std::mem::take(&mut self.old), is_deaf, until)
    }
    fn happen(&mut self, event: Event) {
        let now = self.now();
        match event {
            Event::Time => {}
            Event::Opened => {
                let hello = self.session.hello(now);
                self.trace(&format!("→ {hello}"));
                self.socket.as_mut().expect("it was opened").send(&hello);
            }
            Event::Received(text) => {
                self.trace(&format!("← {text}"));
                self.session.receive(now, &text);
            }
            Event::Closed(code) => {
                self.trace(&format!("closed {code}"));
                self.socket = None;
                self.session.closed(now, code);
            }
        }
    }
    fn obey(&mut self) {
        for order in std::mem::take(&mut self.session.link.orders) {
            if let Some(socket) = self.socket.take() {
                self.let_go(socket);
            }
            if order == Order::Open {
                self.trace("connects");
                self.socket = Some(Socket::open(self.is_compact));
            }
        }
    }
    /// A socket that is let go of still says what it had to say, for a while.
    fn let_go(&mut self, mut socket: Socket) {
        if socket.is_open() && !self.dice.one_in(3) {
            if self.dice.one_in(2) {
                socket.close();
            }
            let until = self.now() + Duration::from_millis(self.dice.within(5..300));
            self.old.push((until, socket));
        }
    }
    fn flush(&mut self) {
        let now = self.now();
        let Some(text) = self.session.flush(now) else { return };
        let Some(mut socket) = self.socket.take() else { return };
        let Some(percent) = self.cut_next.take() else {
            self.trace(&format!("→ {text}"));
            socket.send(&text);
            self.socket = Some(socket);
            return;
        };
        self.trace(&format!("→ {percent} % of {text}"));
        if socket.cut_inside(&text, percent) {
            self.witness.borrow_mut().counts.one("cut inside a message");
        }
        self.session.lost(now);
    }
    fn look(&mut self) {
        let name = self.name();
        let news = self.session.news();
        let mut witness = self.witness.borrow_mut();
        witness.see(&name, &self.session, news);
        let is_quiet = self.deeds.is_empty() && self.session.is_quiet();
        witness.quiet.insert(self.index, is_quiet);
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Call { component, action, takes } => {
                self.orders += 1;
                let order = format!("{}.{}", self.name(), self.orders);
                let payload = json!({ "order": order, "takes": takes });
                self.trace(&format!("calls {component} {action} {payload}"));
                self.session.request(component, Wish::Call { action, payload });
            }
            Deed::Set { component } => {
                self.orders += 1;
                let value = json!(format!("{}.{}", self.name(), self.orders));
                self.trace(&format!("sets {component} text {value}"));
                self.session.request(component, Wish::Set { property: "text", value });
            }
            Deed::Resync { component } => self.session.resync(component),
            Deed::Trouble(trouble) => self.suffer(trouble),
        }
    }
    fn suffer(&mut self, trouble: Trouble) {
        let now = self.now();
        self.trace(&format!("{trouble:?}"));
        let (name, until) = match trouble {
            Trouble::Cut if self.socket.is_some() => {
                self.socket = None;
                self.session.lost(now);
                ("cut by the client", now)
            }
            Trouble::Cut => return,
            Trouble::CutInside => {
                self.cut_next = Some(self.dice.below(100));
                let page = format!("p{}", self.index);
                // It may be a while until there is a message to cut.
                return self.witness.borrow_mut().trouble(&page, Duration::from_secs(3600));
            }
            Trouble::Deaf(milliseconds) => {
                self.deaf_until = now + Duration::from_millis(milliseconds);
                ("slow reader", self.deaf_until)
            }
            Trouble::Replace => {
                self.session.replace(now);
                ("replaced socket", now)
            }
            Trouble::Reload { knows } => {
                self.reload(knows);
                ("page loaded again", now)
            }
        };
        let page = format!("p{}", self.index);
        let mut witness = self.witness.borrow_mut();
        witness.counts.one(name);
        witness.trouble(&page, until);
    }
    fn reload(&mut self, knows: bool) {
        let before = self.session.credentials().filter(|_| knows);
        if let Some(socket) = self.socket.take() {
            self.let_go(socket);
        }
        self.life += 1;
        self.cut_next = None;
        self.session = session(&mut self.dice, self.mutant, before);
        let now = self.now();
        self.session.link.open(now);
    }
}

fn session(dice: &mut Dice, mutant: Option<Mutant>, before: Option<(String, String)>) -> Session {
    let mut session = Session::new(dice.fork(), mutant, before);
    session.add(Component::new("ledger", "Ledger", json!({})));
    session.add(Component::new("notebook", "Notebook", json!({})));
    session
}
