//! What a hostile client's bytes make the server set aside. Alone in its file: whatever runs beside it is counted, too.
use fluxstack_live_protocol::compact;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[test]
fn a_claimed_length_costs_nothing() {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    for head in
        [&b"\xdd\xff\xff\xff\xff"[..], b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xdc\xff\xff"]
    {
        assert!(compact::read(head).is_err());
        assert!(compact::read(&[head, &[0xc0; 100]].concat()).is_err());
    }
    let most = ALLOCATED.peak_usage() - before;
    assert!(most < 64 * 1024, "{most} bytes were set aside");
}
