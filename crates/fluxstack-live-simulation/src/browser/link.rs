//! When a page connects, and when it gives a socket up. It knows no messages.
use crate::dice::Dice;
use std::time::Duration;

/// A socket that opens so slowly, or a server that does not greet, is given up.
const OPEN_LIMIT: Duration = Duration::from_millis(900);

/// What the page has to do to its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Let go of the old one, if there is one, and open another.
    Open,
    /// Let go of it.
    Drop,
}

/// Whether a page is back after its socket was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Back {
    Comes,
    /// The code said that it must not.
    Stays,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Down,
    Waiting { until: Duration },
    Opening { until: Duration },
    Synced,
}

/// A server that goes away: from `hush` on nothing gets a number, and when all is answered the socket is replaced. How
/// long that may take is for the server to say, with 1012.
#[derive(Clone, Copy, Debug)]
struct Move {
    hush: Duration,
    is_hushed: bool,
}

pub(crate) struct Link {
    state: State,
    dice: Dice,
    failures: u32,
    moving: Option<Move>,
    heartbeat: Duration,
    heard: Duration,
    /// A `PING` was sent and nothing was heard since.
    has_asked: bool,
    pub(crate) orders: Vec<Order>,
}

impl Link {
    pub(crate) fn new(dice: Dice) -> Self {
        Link {
            state: State::Down,
            dice,
            failures: 0,
            moving: None,
            heartbeat: Duration::MAX,
            heard: Duration::ZERO,
            has_asked: false,
            orders: Vec::new(),
        }
    }
    pub(crate) fn open(&mut self, now: Duration) {
        self.moving = None;
        self.state = State::Opening { until: now + OPEN_LIMIT };
        self.orders.push(Order::Open);
    }
    /// Retries start from the beginning only now.
    pub(crate) fn synced(&mut self, now: Duration, heartbeat: Duration) {
        self.failures = 0;
        self.heartbeat = heartbeat;
        self.state = State::Synced;
        self.heard(now);
    }
    pub(crate) fn heard(&mut self, now: Duration) {
        self.heard = now;
        self.has_asked = false;
    }
    pub(crate) fn lost(&mut self, now: Duration) {
        let wait = if self.failures == 0 {
            self.dice.within(20..120)
        } else {
            let most = (80.0 * 1.8_f64.powi(self.failures.min(20).cast_signed())).min(500.0);
            let most = most as u64;
            self.dice.within(most / 2..most + 1)
        };
        self.failures += 1;
        self.moving = None;
        self.state = State::Waiting { until: now + Duration::from_millis(wait) };
        self.orders.push(Order::Drop);
    }
    pub(crate) fn closed(&mut self, now: Duration, code: u16) -> Back {
        match code {
            1000 | 1002 | 1003 | 1007 | 1008 | 4403 | 4409 | 4410 => {
                self.state = State::Down;
                self.orders.push(Order::Drop);
                Back::Stays
            }
            _ => {
                self.lost(now);
                Back::Comes
            }
        }
    }
    pub(crate) fn go_away(&mut self, now: Duration, after: Duration) {
        let hush = self.dice.below(u64::try_from(after.as_millis()).expect("soon") + 1);
        self.moving = Some(Move { hush: now + Duration::from_millis(hush), is_hushed: false });
    }
    /// Nothing gets a number any more on this socket.
    pub(crate) fn is_hushed(&self) -> bool {
        self.moving.is_some_and(|moving| moving.is_hushed)
    }
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        match self.state {
            State::Down => None,
            State::Waiting { until } | State::Opening { until } => Some(until),
            State::Synced => {
                let answered = if self.has_asked { self.heartbeat / 2 } else { Duration::ZERO };
                let watch = self.heard + self.heartbeat + answered;
                let moving = self.moving.map_or(Duration::MAX, |moving| {
                    if moving.is_hushed { Duration::MAX } else { moving.hush }
                });
                Some(watch.min(moving))
            }
        }
    }
    /// What the time means.
    pub(crate) fn tick(&mut self, now: Duration, has_sent: bool) -> Due {
        match self.state {
            State::Waiting { until } if until <= now => {
                self.open(now);
                Due::Nothing
            }
            State::Opening { until } if until <= now => {
                self.lost(now);
                Due::Lost
            }
            State::Synced => self.watch(now, has_sent),
            State::Down | State::Waiting { .. } | State::Opening { .. } => Due::Nothing,
        }
    }
    fn watch(&mut self, now: Duration, has_sent: bool) -> Due {
        if let Some(moving) = &mut self.moving {
            moving.is_hushed |= moving.hush <= now;
        }
        let is_over = self.moving.is_some_and(|moving| moving.is_hushed && !has_sent);
        if is_over || (self.has_asked && now >= self.heard + self.heartbeat * 3 / 2) {
            return Due::Replace;
        }
        if !self.has_asked && now >= self.heard + self.heartbeat {
            self.has_asked = true;
            return Due::Ask;
        }
        Due::Nothing
    }
}

/// What has to be done at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    /// Send a `PING`.
    Ask,
    /// The socket that was opening is given up.
    Lost,
    /// Another socket takes its place at once.
    Replace,
}
