//! A plan for each connection of a proxy, by the connection's number.
use crate::{
    dice::Dice,
    plan::{Close, End, Plan, Scope, Split, Way},
};
use std::{fmt, num::NonZeroU32, sync::Arc, time::Duration};

/// A plan for each connection. The first connection is number 0.
#[derive(Clone)]
pub struct Schedule(Arc<dyn Fn(u64) -> Plan + Send + Sync>);

impl Schedule {
    /// No faults.
    #[must_use]
    pub fn clean() -> Self {
        Schedule::each(|_| Plan::clean())
    }
    /// Each connection's plan is what `plan` says for its number.
    #[must_use]
    pub fn each(plan: impl Fn(u64) -> Plan + Send + Sync + 'static) -> Self {
        Schedule(Arc::new(plan))
    }
    /// Random plans, always the same for the same seed. Faults strike in the first `reach` bytes of a direction, small
    /// numbers as often as large ones: half of them in the first √`reach` bytes. Of 16 connections about 1 is refused, 8
    /// are cut, 4 become half-open, and 3 only are slow or split, if that.
    #[must_use]
    pub fn seeded(seed: u64, reach: u64) -> Self {
        Schedule::each(move |connection| random_plan(&mut Dice::of(seed, connection), reach))
    }
    /// What happens to the connection with this number.
    #[must_use]
    pub fn plan(&self, connection: u64) -> Plan {
        (self.0)(connection)
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schedule").finish_non_exhaustive()
    }
}

fn random_plan(dice: &mut Dice, reach: u64) -> Plan {
    let (mut up, mut down) = (random_tempo(dice), random_tempo(dice));
    let kind = dice.below(16);
    let end = match kind {
        0 => return Plan::Refuse,
        1..9 => Some(End::Cut { after: random_byte(dice, reach), close: random_close(dice) }),
        9..13 => Some(random_half_open(dice, reach)),
        _ => None,
    };
    if dice.one_in(2) {
        up.end = end
    } else {
        down.end = end
    }
    Plan::Join { up, down }
}

/// Two thirds of the directions go on undisturbed.
fn random_tempo(dice: &mut Dice) -> Way {
    let mut way = Way::default();
    match dice.below(9) {
        0 => way.split = Some(Split { most: 1 + dice.below(64) as usize, seed: dice.next() }),
        1 => way.delay = Duration::from_millis(1 + dice.below(20)),
        2 => way.bytes_per_second = NonZeroU32::new(4_000 + dice.below(60_000) as u32),
        _ => {}
    }
    way
}

fn random_half_open(dice: &mut Dice, reach: u64) -> End {
    let scope = if dice.one_in(2) { Scope::OneWay } else { Scope::BothWays };
    let lasts = Duration::from_millis(50 + dice.below(2_000));
    End::HalfOpen { after: random_byte(dice, reach), scope, lasts: Some(lasts) }
}

fn random_close(dice: &mut Dice) -> Close {
    if dice.one_in(2) { Close::Fin } else { Close::Rst }
}

/// First its magnitude, so that a handshake is struck as often as what comes after it.
fn random_byte(dice: &mut Dice, reach: u64) -> u64 {
    let bits = dice.below(u64::from(u64::BITS - reach.leading_zeros()) + 1);
    dice.below(1 << bits.min(63)).min(reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plans(seed: u64) -> Vec<Plan> {
        let schedule = Schedule::seeded(seed, 4_096);
        (0..1_000).map(|connection| schedule.plan(connection)).collect()
    }

    #[test]
    fn a_seed_always_gives_the_same_plans_and_another_seed_others() {
        assert_eq!(plans(7), plans(7));
        assert_ne!(plans(7), plans(8));
        // Whoever wrote a seed down wants the same network from the next version: these are two of its plans.
        let lost = |after, scope, ms| Way::half_open(after, scope, Some(Duration::from_millis(ms)));
        let slow = Way::throttled(NonZeroU32::new(28_846).unwrap());
        let first = Plan::Join { up: slow, down: lost(187, Scope::BothWays, 310) };
        assert_eq!(plans(1)[..2], [first, Plan::down(lost(210, Scope::OneWay, 436))]);
    }

    #[test]
    fn the_plan_of_a_connection_does_not_depend_on_those_asked_for_before() {
        assert_eq!(Schedule::seeded(7, 4_096).plan(500), plans(7)[500]);
    }

    #[test]
    fn seeded_plans_have_every_fault_and_strike_within_reach() {
        let (mut refused, mut fin, mut rst, mut one_way, mut both, mut split, mut slow) =
            (0, 0, 0, 0, 0, 0, 0);
        let mut farthest = 0;
        for plan in plans(3) {
            let Plan::Join { up, down } = plan else {
                refused += 1;
                continue;
            };
            for way in [up, down] {
                split += u32::from(way.split.is_some());
                slow += u32::from(!way.delay.is_zero() || way.bytes_per_second.is_some());
                farthest = farthest.max(way.end.as_ref().map_or(0, End::after));
                match way.end {
                    Some(End::Cut { close: Close::Fin, .. }) => fin += 1,
                    Some(End::Cut { close: Close::Rst, .. }) => rst += 1,
                    Some(End::HalfOpen { scope: Scope::OneWay, .. }) => one_way += 1,
                    Some(End::HalfOpen { scope: Scope::BothWays, .. }) => both += 1,
                    None => {}
                }
            }
        }
        let counts = [refused, fin, rst, one_way, both, split, slow];
        assert!(counts.iter().all(|count| *count > 30), "{counts:?}");
        assert!((2_048..=4_096).contains(&farthest), "{farthest}");
    }
}
