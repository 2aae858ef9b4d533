//! What a seed stands for: a network, what the pages do, and what goes wrong when.
use crate::dice::Dice;
use fluxstack_live::Limits;
use std::time::Duration;

/// Faults end and pages want nothing any more after so long.
const HEAL: u64 = 2_000;

pub(crate) struct Plan {
    pub(crate) network: u64,
    /// Of a message, in milliseconds: the least and the most.
    pub(crate) latency: (u64, u64),
    /// Segments under way in one direction of a connection.
    pub(crate) capacity: usize,
    pub(crate) host: Dice,
    pub(crate) limits: Limits,
    pub(crate) pages: Vec<Visit>,
    /// In the order of their times.
    pub(crate) faults: Vec<(Duration, Fault)>,
    pub(crate) heal: Duration,
}

/// What one page does.
pub(crate) struct Visit {
    pub(crate) dice: Dice,
    pub(crate) is_compact: bool,
    /// In the order of their times.
    pub(crate) deeds: Vec<(Duration, Deed)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Call {
        component: &'static str,
        action: &'static str,
        takes: u64,
    },
    Set {
        component: &'static str,
    },
    /// Asks for a snapshot without need.
    Resync {
        component: &'static str,
    },
    Trouble(Trouble),
}

/// A fault on a page's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The socket is gone without a goodbye.
    Cut,
    /// The socket is gone in the middle of the next message.
    CutInside,
    /// Nothing is read for so many milliseconds.
    Deaf(u64),
    /// The page opens another socket while the old one still has messages under way.
    Replace,
    /// The page is killed, and loaded again; it may know its session still.
    Reload { knows: bool },
}

/// A fault of the network or the server. Milliseconds say how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Partition {
        page: usize,
        lasts: u64,
    },
    /// What one side says is lost.
    OneWay {
        page: usize,
        lasts: u64,
        is_up: bool,
    },
    /// Both sides wait for each other.
    Hold {
        page: usize,
        lasts: u64,
    },
    Slow {
        page: usize,
        lasts: u64,
        latency: u64,
    },
    /// The server drops a connection.
    Drop {
        page: usize,
    },
    Crash {
        down: u64,
    },
    Drain {
        down: u64,
    },
}

impl Plan {
    pub(crate) fn draw(seed: u64) -> Plan {
        let mut dice = Dice::new(seed);
        let may_expire = dice.one_in(10);
        // Some worlds have no fault but a restart: there nothing may be lost.
        let is_calm = dice.one_in(8);
        let slowest = *dice.pick(&[3, 10, 40]);
        let page_count = if dice.one_in(4) { 3 } else { 2 };
        let pages = (0..page_count).map(|_| visit(&mut dice, is_calm)).collect();
        let faults = faults(&mut dice, page_count, is_calm);
        Plan {
            network: dice.next(),
            latency: (1, slowest),
            capacity: *dice.pick(&[4, 16, 64]),
            host: dice.fork(),
            limits: limits(&mut dice, may_expire),
            pages,
            faults,
            heal: Duration::from_millis(HEAL),
        }
    }
    /// Answers may come to more than a session keeps.
    pub(crate) fn may_be_busy(&self) -> bool {
        self.limits.kept_bytes < Limits::default().kept_bytes
    }
    /// A session may be given up before its client is back.
    pub(crate) fn may_expire(&self) -> bool {
        self.limits.lost_grace < Duration::from_secs(10)
    }
}

fn limits(dice: &mut Dice, may_expire: bool) -> Limits {
    let heartbeat = *dice.pick(&[200, 300]);
    Limits {
        first_message: Duration::from_millis(500),
        ping_after: Duration::from_millis(heartbeat),
        pong_within: Duration::from_millis(heartbeat / 2),
        write_within: Duration::from_millis(400),
        lost_grace: Duration::from_millis(if may_expire { 300 } else { 120_000 }),
        in_flight: *dice.pick(&[2, 4, 32]),
        // Room for a few answers, and then `busy`.
        kept_bytes: *dice.pick(&[1_000, 256 * 1024, 256 * 1024, 256 * 1024]),
        ..Limits::default()
    }
}

fn visit(dice: &mut Dice, is_calm: bool) -> Visit {
    let mut own = dice.fork();
    let is_full = own.one_in(3);
    let mut deeds: Vec<_> =
        (0..own.within(6..14)).map(|_| (moment(&mut own), deed(&mut own, is_full))).collect();
    // Some come at once, so that they share messages and wait for each other.
    if own.one_in(2) {
        let at = moment(&mut own);
        deeds.extend((0..own.within(2..8)).map(|_| (at, deed(&mut own, is_full))));
    }
    if !is_calm {
        deeds.extend((0..own.below(3)).map(|_| (moment(&mut own), Deed::Trouble(trouble(&mut own)))));
    }
    deeds.sort_by_key(|(at, _)| *at);
    for component in ["ledger", "notebook"] {
        let look = Deed::Call { component, action: "look", takes: 0 };
        deeds.push((Duration::from_millis(HEAL + 20), look));
    }
    Visit { is_compact: own.one_in(2), dice: own, deeds }
}

fn moment(dice: &mut Dice) -> Duration {
    Duration::from_millis(dice.below(HEAL))
}

fn deed(dice: &mut Dice, is_full: bool) -> Deed {
    let component = *dice.pick(&["ledger", "ledger", "notebook"]);
    match dice.below(16) {
        0..2 => Deed::Call { component, action: "fail", takes: dice.below(2) * dice.below(60) },
        2..5 => Deed::Call { component, action: "append", takes: dice.within(50..500) },
        5..8 => Deed::Set { component },
        8 => Deed::Resync { component },
        9..13 if is_full => Deed::Call { component, action: "fill", takes: 0 },
        _ => Deed::Call { component, action: "append", takes: 0 },
    }
}

fn trouble(dice: &mut Dice) -> Trouble {
    match dice.below(9) {
        0..2 => Trouble::Cut,
        2..4 => Trouble::CutInside,
        4..6 => Trouble::Deaf(dice.within(50..900)),
        6..8 => Trouble::Replace,
        _ => Trouble::Reload { knows: dice.one_in(2) },
    }
}

fn faults(dice: &mut Dice, pages: usize, is_calm: bool) -> Vec<(Duration, Fault)> {
    let count = if is_calm { 1 } else { dice.within(0..5) };
    let mut faults: Vec<_> = (0..count).map(|_| (moment(dice), fault(dice, pages, is_calm))).collect();
    // Most of the time there shall be a server.
    let mut restarts = 0;
    faults.retain(|(_, fault)| match fault {
        Fault::Crash { .. } | Fault::Drain { .. } => {
            restarts += 1;
            restarts <= 2
        }
        _ => true,
    });
    faults.sort_by_key(|(at, _)| *at);
    faults
}

fn fault(dice: &mut Dice, pages: usize, is_calm: bool) -> Fault {
    let page = usize::try_from(dice.below(pages as u64)).expect("a page");
    let lasts = dice.within(30..700);
    if is_calm {
        return Fault::Drain { down: dice.below(300) };
    }
    match dice.below(14) {
        0..2 => Fault::Partition { page, lasts },
        2..4 => Fault::OneWay { page, lasts, is_up: dice.one_in(2) },
        4..7 => Fault::Hold { page, lasts },
        7..9 => Fault::Slow { page, lasts, latency: dice.within(20..200) },
        9..12 => Fault::Drop { page },
        12 => Fault::Crash { down: dice.below(300) },
        _ => Fault::Drain { down: dice.below(300) },
    }
}
