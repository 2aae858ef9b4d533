//! One direction of a connection: bytes are read, held, and go on as its way says. It can be dropped at any `.await` and go
//! on later: what it has read and not yet written, it holds.
use crate::{
    dice::Dice,
    orders::Ear,
    plan::{Close, End, Scope, Way},
    record::{Direction, Fault, Line},
};
use std::{io, ops::Range, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::tcp::{ReadHalf, WriteHalf},
    time::sleep,
};

/// One direction of a connection.
pub(crate) struct Pipe<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    direction: Direction,
    way: Way,
    /// Of the lengths of pieces.
    dice: Dice,
    line: Line,
    ear: Ear,
    /// Bytes that have gone on.
    passed: u64,
    buffer: Box<[u8]>,
    /// Where in the buffer is what was read and has not gone on.
    held: Range<usize>,
}

/// Why a pipe does not go on, if not for the end of what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A socket has failed.
    Lost,
    /// The byte of a cut.
    Cut(Close),
    /// The byte from which on the rest vanishes.
    HalfOpen { direction: Direction, scope: Scope, lasts: Option<Duration> },
}

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Stop::Lost
    }
}

impl<'a> Pipe<'a> {
    pub(crate) fn new(
        direction: Direction,
        (from, to): (ReadHalf<'a>, WriteHalf<'a>),
        way: Way,
        line: Line,
        ear: Ear,
    ) -> Self {
        let dice = Dice::new(way.split.as_ref().map_or(0, |split| split.seed));
        let buffer = vec![0; 16 * 1024].into();
        Pipe { from, to, direction, way, dice, line, ear, passed: 0, buffer, held: 0..0 }
    }

    /// Forwards to the end of what it reads, and tells that on.
    pub(crate) async fn run(&mut self) -> Result<(), Stop> {
        loop {
            if let Some(stop) = self.stop() {
                return Err(stop);
            }
            if self.held.is_empty() && self.fill().await? == 0 {
                self.to.shutdown().await?;
                return Ok(());
            }
            let piece = self.piece();
            self.wait(piece).await;
            let piece = &self.buffer[self.held.start..self.held.start + piece];
            let written = self.to.write(piece).await?;
            self.held.start += written;
            self.passed += written as u64;
            self.line.pass(self.direction, written);
        }
    }

    /// Takes whatever comes and lets it vanish, for ever. The end of a socket vanishes, too.
    pub(crate) async fn swallow(&mut self) {
        let mut vanished = !self.held.is_empty();
        loop {
            if vanished {
                self.line.meet(Fault::HalfOpen);
            }
            match self.fill().await {
                Ok(1..) => vanished = true,
                Ok(0) => break self.line.meet(Fault::HalfOpen),
                Err(_) => break,
            }
        }
        std::future::pending().await
    }

    async fn fill(&mut self) -> io::Result<usize> {
        let read = self.from.read(&mut self.buffer).await?;
        self.held = 0..read;
        Ok(read)
    }

    /// What stops it here; None before that byte, and once the proxy is healed.
    fn stop(&self) -> Option<Stop> {
        let end = self.end().filter(|end| end.after() <= self.passed)?;
        Some(match *end {
            End::Cut { close, .. } => Stop::Cut(close),
            End::HalfOpen { scope, lasts, .. } => Stop::HalfOpen { direction: self.direction, scope, lasts },
        })
    }

    fn end(&self) -> Option<&End> {
        self.way.end.as_ref().filter(|_| !self.ear.is_healed())
    }

    /// How many of the bytes it holds go on together.
    fn piece(&mut self) -> usize {
        let until_end = self.end().map_or(u64::MAX, |end| end.after() - self.passed);
        let most = self.held.len().min(usize::try_from(until_end).unwrap_or(usize::MAX));
        let Some(split) = self.way.split.as_ref().filter(|_| !self.ear.is_healed()) else { return most };
        let piece = 1 + self.dice.below(split.most.max(1) as u64) as usize;
        if piece >= most {
            return most;
        }
        self.line.meet(Fault::Split);
        piece
    }

    /// Holds a piece back for as long as its way says, or until the proxy is healed.
    async fn wait(&mut self, piece: usize) {
        if self.ear.is_healed() {
            return;
        }
        let mut wait = self.way.delay;
        if !wait.is_zero() {
            self.line.meet(Fault::Delayed);
        }
        if let Some(rate) = self.way.bytes_per_second {
            self.line.meet(Fault::Throttled);
            wait += Duration::from_secs(piece as u64) / rate.get();
        }
        if wait.is_zero() {
            return;
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = self.ear.healed() => {}
        }
    }
}
