//! Nothing but edits, for a program that counts instructions. Whatever they need is made first, for all that could be asked
//! for: between two runs that differ in the number of edits, only the edits differ.
use crate::{
    allocations,
    edit::{self, Edit, Kind},
    page::Page,
};
use clap::ValueEnum;
use std::mem;

/// What is done.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Way {
    /// A message, the transaction and what is sent in answer.
    Request,
    /// A transaction and its delta.
    Commit,
}

/// The most edits of one run.
pub(crate) const MOST: usize = 1_024;

/// Does so many edits of a list of `n` items, and brings it back to its length now and then.
pub(crate) fn run(kind: Kind, way: Way, n: usize, times: usize) {
    let mut page = Page::of(n);
    let edits: Vec<Edit> = (0..MOST).map(|i| kind.edit(n, i)).collect();
    let allocated = match way {
        Way::Commit => {
            allocations::of(|| repeat(&mut page, kind, n, edits, times, |page, edit| page.commit(edit)))
        }
        Way::Request => {
            let texts = edits.iter().map(|edit| page.request(edit)).collect();
            let receive = |page: &mut Page, text: String| page.receive(&text);
            allocations::of(|| repeat(&mut page, kind, n, texts, times, receive))
        }
    };
    println!("allocations: {}", allocated.count);
    // To free it all may cost a million instructions more or less, by how the memory happens to lie.
    mem::forget(page);
}

fn repeat<T>(page: &mut Page, kind: Kind, n: usize, all: Vec<T>, times: usize, each: fn(&mut Page, T)) {
    let (mut all, mut since) = (all.into_iter(), 0);
    for it in all.by_ref().take(times) {
        each(page, it);
        page.take();
        since += 1;
        if since == edit::batch(n) {
            page.put_back(kind, n, since);
            since = 0;
        }
    }
    mem::forget(all);
}
