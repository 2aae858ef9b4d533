//! Runs seeds.
fn main() {
    let seed = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
    let outcome = fluxstack_live_simulation::run(
        seed,
        fluxstack_live_simulation::Options { keeps_trace: true, mutant: None },
    );
    outcome.trace.iter().for_each(|line| println!("{line}"));
    println!("{:?} {:?} {:x}", outcome.wrong, outcome.counts, outcome.fingerprint);
}
