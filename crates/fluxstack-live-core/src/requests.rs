//! The numbered requests of one session: which are new, which are running, and what was answered, so that each counts
//! once however often it is sent.
use std::collections::BTreeMap;

/// What is known of a session's requests.
pub(crate) struct Requests {
    /// The highest number that was taken.
    last: u64,
    /// The client has every answer up to this.
    received: u64,
    /// Bytes of the answers that are kept or promised a place, and the most there may be.
    kept: usize,
    most: usize,
    /// Taken and not yet known to be received.
    open: BTreeMap<u64, Open>,
}

/// A request whose answer the client may not have.
enum Open {
    /// Room for so many bytes of its answer is promised.
    Running {
        promised: usize,
    },
    Answered(Vec<u8>),
}

/// What to do with a numbered request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Do it.
    New,
    /// It runs already; its answer will come.
    Running,
    /// It is done; this was the answer.
    Answered(Vec<u8>),
    /// It is done, and the client has said that it has the answer.
    Received,
    /// A number was left out.
    Gap,
    /// It is further ahead than a client may be.
    Beyond,
}

impl Requests {
    /// How far ahead of its received answers a client may number.
    const AHEAD: u64 = 256;

    /// None were made; answers of so many bytes are kept, and such that say that there is no room.
    pub(crate) fn new(most: usize) -> Self {
        Requests { last: 0, received: 0, kept: 0, most, open: BTreeMap::new() }
    }
    /// The client has every answer up to `n`.
    pub(crate) fn received(&mut self, n: Option<u64>) {
        let Some(n) = n.filter(|n| (self.received + 1..=self.last).contains(n)) else { return };
        // A running request has no answer the client could have.
        self.received = n.min(self.running().map_or(u64::MAX, |running| running - 1));
        let still_open = self.open.split_off(&(self.received + 1));
        let received = std::mem::replace(&mut self.open, still_open);
        self.kept -= received.into_values().map(|open| open.bytes()).sum::<usize>();
    }
    /// Takes a number that has come in.
    pub(crate) fn take(&mut self, n: u64) -> Taken {
        if n > self.received + Self::AHEAD {
            return Taken::Beyond;
        }
        if n > self.last + 1 {
            return Taken::Gap;
        }
        if n == self.last + 1 {
            self.last = n;
            self.open.insert(n, Open::Running { promised: 0 });
            return Taken::New;
        }
        match self.open.get(&n) {
            Some(Open::Running { .. }) => Taken::Running,
            Some(Open::Answered(answer)) => Taken::Answered(answer.clone()),
            None => Taken::Received,
        }
    }
    /// Promises room for the answer of a running request, if there is so much; it is asked once.
    pub(crate) fn promise(&mut self, n: u64, bytes: usize) -> bool {
        let has_room = self.kept + bytes <= self.most;
        if let Some(Open::Running { promised }) = self.open.get_mut(&n).filter(|_| has_room) {
            *promised = bytes;
            self.kept += bytes;
        }
        has_room
    }
    /// Keeps the answer of a taken number until the client has it.
    pub(crate) fn answer(&mut self, n: u64, answer: &[u8]) {
        self.kept += answer.len();
        let before = self.open.insert(n, Open::Answered(answer.to_vec()));
        self.kept -= before.map_or(0, |open| open.bytes());
    }
    /// What a client that comes back is told: the highest n such that requests 1 to n are all done, and the answers that
    /// it does not have.
    pub(crate) fn done(&self) -> (u64, impl Iterator<Item = &[u8]>) {
        let executed = self.running().map_or(self.last, |n| n - 1);
        let answers = self.open.values().filter_map(|open| match open {
            Open::Answered(answer) => Some(&**answer),
            Open::Running { .. } => None,
        });
        (executed, answers)
    }
    /// Bytes of the answers that are kept.
    pub(crate) fn bytes(&self) -> usize {
        self.kept
    }
    /// The first that has no answer yet.
    fn running(&self) -> Option<u64> {
        self.open.iter().find(|(_, open)| matches!(open, Open::Running { .. })).map(|(n, _)| *n)
    }
}

impl Open {
    /// What it takes, or will take at least.
    fn bytes(&self) -> usize {
        match self {
            Open::Answered(answer) => answer.len(),
            Open::Running { promised } => *promised,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_new_once() {
        let mut requests = Requests::new(1_000);
        assert_eq!(requests.take(1), Taken::New);
        assert_eq!(requests.take(1), Taken::Running);
        requests.answer(1, b"one");
        assert_eq!(requests.take(1), Taken::Answered(b"one".to_vec()));
        requests.received(Some(1));
        assert_eq!(requests.take(1), Taken::Received);
        assert_eq!(requests.take(2), Taken::New);
    }

    #[test]
    fn a_gap_and_a_number_too_far_ahead_are_told_apart() {
        let mut requests = Requests::new(1_000);
        assert_eq!(requests.take(2), Taken::Gap);
        assert_eq!(requests.take(257), Taken::Beyond);
        (1..=256).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        assert_eq!(requests.take(257), Taken::Beyond);
        requests.answer(1, b"");
        requests.received(Some(1));
        assert_eq!(requests.take(257), Taken::New);
    }

    #[test]
    fn there_is_room_for_answers_up_to_a_bound_until_they_are_received() {
        let mut requests = Requests::new(10);
        (1..=3).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        (1..=2).for_each(|n| requests.answer(n, b"12345"));
        assert!(!requests.promise(3, 1));
        requests.answer(3, b"no room");
        assert_eq!(requests.take(3), Taken::Answered(b"no room".to_vec()), "it is kept all the same");
        requests.received(Some(3));
        (4..=6).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        assert!(!requests.promise(4, 11) && requests.promise(4, 8) && !requests.promise(5, 3));
        requests.answer(4, b"1234");
        assert!(requests.promise(5, 6), "what was promised and not needed is free");
        assert!(!requests.promise(6, 1));
    }

    #[test]
    fn who_comes_back_is_told_what_is_done_and_each_answer_that_it_lacks() {
        let mut requests = Requests::new(1_000);
        (1..=4).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        [1, 2, 4].into_iter().for_each(|n| requests.answer(n, n.to_string().as_bytes()));
        requests.received(Some(1));
        let (executed, answers) = requests.done();
        assert_eq!((executed, answers.collect::<Vec<_>>()), (2, vec![&b"2"[..], b"4"]));
        requests.answer(3, b"3");
        let (executed, answers) = requests.done();
        assert_eq!((executed, answers.count()), (4, 3));
    }

    #[test]
    fn a_client_cannot_have_received_what_still_runs() {
        let mut requests = Requests::new(1_000);
        (1..=3).for_each(|n| assert_eq!(requests.take(n), Taken::New));
        requests.answer(3, b"three");
        requests.received(Some(3));
        assert_eq!(requests.take(2), Taken::Running);
        assert_eq!(requests.take(3), Taken::Answered(b"three".to_vec()));
        requests.received(Some(99));
        assert_eq!(requests.take(3), Taken::Answered(b"three".to_vec()));
    }
}
