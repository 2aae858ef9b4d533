//! Two components to be tested: a basket of one visitor's own, and a board that everyone shares.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
use fluxstack_live::prelude::*;
use fluxstack_live_test::Page;
use serde::Deserialize;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::sleep};

#[derive(LiveComponent)]
pub struct Basket {
    #[live]
    apples: u32,
    #[live(bind)]
    note: String,
    /// Never leaves the server.
    touched: u32,
}

#[live_type]
pub struct BasketProps {
    apples: u32,
}

#[live_type]
#[derive(Debug, PartialEq)]
pub enum TakeError {
    TooFew { left: u32 },
}

#[live_type]
pub struct Label {
    email: String,
}

/// What a page shows, for tests that want it typed.
#[derive(Debug, Deserialize, PartialEq)]
pub struct Shown {
    pub apples: u32,
    pub note: String,
}

#[live_actions]
impl Basket {
    fn mount(props: BasketProps) -> Result<Self, MountError> {
        match props.apples {
            13 => Err(MountError::invalid("apples", "is an unlucky number")),
            404 => Err(MountError::denied()),
            500 => Err("no number".parse::<u32>().unwrap_err().into()),
            apples => Ok(Basket { apples, note: String::new(), touched: 0 }),
        }
    }
    async fn add(&mut self, apples: u32) -> u32 {
        self.apples += apples;
        self.touched += 1;
        self.apples
    }
    async fn take(&mut self, apples: u32) -> Result<u32, TakeError> {
        let had = self.apples;
        self.touched += 1;
        self.apples = 0;
        let left = had.checked_sub(apples).ok_or(TakeError::TooFew { left: had })?;
        self.apples = left;
        Ok(left)
    }
    async fn label(&mut self, label: Label) -> Result<(), Invalid> {
        if !label.email.contains('@') {
            return Err(Invalid::field("email", "not an address"));
        }
        self.note = label.email;
        Ok(())
    }
    async fn touched(&mut self) -> u32 {
        self.touched
    }
    async fn ripen(&mut self) -> u32 {
        sleep(Duration::from_secs(20)).await;
        self.apples += 1;
        self.apples
    }
    async fn explode(&mut self) {
        panic!("on purpose");
    }
}

#[derive(LiveComponent)]
#[live(shared)]
pub struct Board {
    #[live]
    lines: Vec<String>,
    #[live]
    by: String,
}

#[live_type]
pub struct BoardProps {
    room: String,
}

/// Holds an action back until a test lets it go on.
#[derive(Clone)]
pub struct Gate(pub Arc<Semaphore>);

#[live_actions]
impl Board {
    fn key(props: &BoardProps) -> String {
        props.room.clone()
    }
    fn authorize(props: &BoardProps, visitor: &Visitor) -> Result<(), Denied> {
        if props.room == "private" && visitor.id() != "ana" { Err(Denied) } else { Ok(()) }
    }
    fn mount(_props: BoardProps) -> Result<Self, MountError> {
        Ok(Board { lines: Vec::new(), by: String::new() })
    }
    async fn write(&mut self, line: String, cx: &mut Context<Self>) -> Result<(), String> {
        self.by = cx.visitor().map_or_else(String::new, |visitor| visitor.id().to_owned());
        self.lines.push(line.clone());
        if line.is_empty() { Err("say something".to_owned()) } else { Ok(()) }
    }
    async fn write_later(&mut self, line: String, cx: &mut Context<Self>) {
        cx.state::<Gate>().0.acquire().await.unwrap().forget();
        self.lines.push(line);
    }
}

impl Board {
    /// For the server's own code.
    pub fn add(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }
}

pub struct World {
    pub live: Live,
    pub gate: Gate,
}

pub fn world() -> World {
    let gate = Gate(Arc::new(Semaphore::new(0)));
    let live = Live::builder().component::<Basket>().component::<Board>().state(gate.clone());
    World { live: live.build().unwrap(), gate }
}
pub async fn basket(apples: u32) -> Page {
    Page::open::<Basket>(&world().live, json!({ "apples": apples })).await.unwrap()
}
pub async fn board(live: &Live, visitor: &str) -> Page {
    let visitor = Visitor::anonymous(visitor);
    Page::open_as::<Board>(live, visitor, json!({ "room": "lobby" })).await.unwrap()
}
