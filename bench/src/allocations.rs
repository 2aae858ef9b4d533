//! How much some code allocates. This file installs the allocator that counts.
use alloc_tracker::{Allocator, Session};
use std::alloc::System;

#[global_allocator]
static COUNTING: Allocator<System> = Allocator::system();

/// What was asked of the allocator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Allocations {
    /// How often, growing and shrinking included.
    pub(crate) count: u64,
    /// For how many bytes, given back or not.
    pub(crate) bytes: u64,
}

/// What `work` allocates.
pub(crate) fn of(work: impl FnOnce()) -> Allocations {
    let session = Session::new().no_stdout().no_file();
    let operation = session.operation("work");
    {
        let _span = operation.measure_thread().iterations(1);
        work();
    }
    let report = session.to_report();
    let (_, work) = report.operations().next().expect("it has one operation");
    Allocations { count: work.total_allocations_count(), bytes: work.total_bytes_allocated() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn every_allocation_counts_once_and_growing_counts_as_one_more() {
        let two = of(|| {
            black_box(Box::new([0_u8; 10]));
            let mut grown: Vec<u8> = black_box(Vec::with_capacity(100));
            grown.reserve_exact(200);
            black_box(&grown);
        });
        assert_eq!(two, Allocations { count: 3, bytes: 10 + 100 + 200 });
        assert_eq!(of(|| {}), Allocations::default());
    }
}
