//! An event that is told is declared, however many others are.
use fluxstack_live::prelude::*;

#[live_type]
struct Told {}
#[live_type]
struct Moved {}
#[live_type]
struct Undeclared {}

#[live_type]
struct Props {}

#[derive(LiveComponent)]
struct None {}
#[live_actions]
impl None {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(None {})
    }
    async fn tell(&mut self, cx: &mut Context<Self>) {
        cx.broadcast(Undeclared {});
    }
}

#[derive(LiveComponent)]
#[live(events(Told))]
struct One {}
#[live_actions]
impl One {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(One {})
    }
    async fn tell(&mut self, cx: &mut Context<Self>) {
        cx.broadcast(Told {});
        cx.broadcast(Undeclared {});
    }
}

#[derive(LiveComponent)]
#[live(events(Told, Moved))]
struct Two {}
#[live_actions]
impl Two {
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Two {})
    }
    async fn tell(&mut self, cx: &mut Context<Self>) {
        cx.broadcast(Told {});
        cx.broadcast(Undeclared {});
    }
}

fn main() {}
