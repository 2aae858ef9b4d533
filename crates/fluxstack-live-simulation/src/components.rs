//! The components of the simulated server: a ledger that all share, and a notebook of each visitor's own.
use crate::record::Record;
use fluxstack_live::prelude::*;
use std::{collections::BTreeSet, time::Duration};

/// Shared. Tells an event for each entry.
#[derive(LiveComponent)]
#[live(shared, events(Appended))]
pub(crate) struct Ledger {
    /// Which store it is.
    #[live]
    life: String,
    #[live]
    entries: List<String>,
    /// As many as there are entries.
    #[live]
    count: usize,
    /// How many of each page.
    #[live]
    by_page: Map<String, usize>,
    #[live(bind)]
    text: String,
    /// Outgrows the log.
    #[live]
    pad: String,
    #[live(resource)]
    record: Record,
}

/// Private.
#[derive(LiveComponent)]
pub(crate) struct Notebook {
    #[live]
    life: String,
    #[live]
    entries: List<String>,
    #[live]
    count: usize,
    #[live(bind)]
    text: String,
    #[live]
    pad: String,
    /// No browser sees it, and an action that fails leaves it as it was.
    done: BTreeSet<String>,
    #[live(resource)]
    record: Record,
}

#[live_type]
pub(crate) struct NoProps {}

/// What an action is asked to do.
#[live_type]
pub(crate) struct Order {
    /// `<page>.<number>`: there is none like it.
    order: String,
    /// How long it takes, in milliseconds.
    takes: u32,
}

/// What an action did.
#[live_type]
pub(crate) struct Receipt {
    life: String,
    /// How many entries there were afterwards.
    count: usize,
}

/// An entry has come in.
#[live_type]
pub(crate) struct Appended {
    order: String,
}

#[live_type]
pub(crate) enum Refused {
    Always,
}

/// The record, and the name of a new store.
fn begin(cx: &MountContext, kind: &str) -> (Record, String) {
    let record = cx.state::<Record>().clone();
    let life = record.begin(kind);
    (record, life)
}

async fn pause(milliseconds: u32) {
    if milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }
}

#[live_actions]
impl Ledger {
    fn key(_props: &NoProps) -> String {
        "all".to_owned()
    }
    fn authorize(_props: &NoProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: NoProps, cx: &MountContext) -> Result<Self, MountError> {
        let (record, life) = begin(cx, "ledger");
        let (entries, by_page) = (List::new(), Map::new());
        Ok(Ledger { life, entries, count: 0, by_page, text: String::new(), pad: String::new(), record })
    }
    async fn append(&mut self, order: Order, cx: &mut Context<Self>) -> Receipt {
        self.record.run(&self.life, &order.order, self.entries.iter().cloned());
        pause(order.takes).await;
        self.enter(&order.order);
        cx.broadcast(Appended { order: order.order });
        self.receipt()
    }
    async fn fill(&mut self, order: Order, cx: &mut Context<Self>) -> Receipt {
        self.pad = order.order.repeat(2000);
        self.append(order, cx).await
    }
    async fn fail(&mut self, order: Order) -> Result<(), Refused> {
        self.record.run(&self.life, &order.order, self.entries.iter().cloned());
        self.enter(&order.order);
        pause(order.takes).await;
        Err(Refused::Always)
    }
    async fn look(&mut self, order: Order) -> Receipt {
        self.record.run(&self.life, &order.order, self.entries.iter().cloned());
        self.receipt()
    }
}

impl Ledger {
    fn enter(&mut self, order: &str) {
        self.entries.push(order.to_owned());
        self.count += 1;
        let page = order.split('.').next().unwrap_or_default().to_owned();
        let before = self.by_page.get(&page).copied().unwrap_or_default();
        self.by_page.insert(page, before + 1);
    }
    fn receipt(&self) -> Receipt {
        Receipt { life: self.life.clone(), count: self.count }
    }
}

#[live_actions]
impl Notebook {
    fn mount(_props: NoProps, cx: &MountContext) -> Result<Self, MountError> {
        let (record, life) = begin(cx, "notebook");
        let (text, pad, done) = (String::new(), String::new(), BTreeSet::new());
        Ok(Notebook { life, entries: List::new(), count: 0, text, pad, done, record })
    }
    async fn append(&mut self, order: Order) -> Receipt {
        self.record.run(&self.life, &order.order, self.entries.iter().cloned());
        self.enter(&order.order);
        pause(order.takes).await;
        self.receipt()
    }
    async fn fill(&mut self, order: Order) -> Receipt {
        self.pad = order.order.repeat(2000);
        self.append(order).await
    }
    async fn fail(&mut self, order: Order) -> Result<(), Refused> {
        self.record.run(&self.life, &order.order, self.entries.iter().cloned());
        self.enter(&order.order);
        pause(order.takes).await;
        Err(Refused::Always)
    }
    async fn look(&mut self, order: Order) -> Receipt {
        self.record.run(&self.life, &order.order, self.entries.iter().cloned());
        if self.done.len() != self.count {
            self.record.notes().wrong.push("I7: a failure left something behind".to_owned());
        }
        self.receipt()
    }
}

impl Notebook {
    fn enter(&mut self, order: &str) {
        self.done.insert(order.to_owned());
        self.entries.push(order.to_owned());
        self.count += 1;
    }
    fn receipt(&self) -> Receipt {
        Receipt { life: self.life.clone(), count: self.count }
    }
}
