use fluxstack_live::{
    __private::{Emits, LiveActions, LiveComponent, MapKey},
    prelude::*,
};

mod events {
    use fluxstack_live::prelude::*;

    #[live_type]
    pub(crate) struct HTTPFailed {
        status: u16,
    }
}

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Cleared;

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct UserId(String);

#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Wrapped(UserId);

/// Ordered, but no key: that is no error.
#[live_type]
#[derive(Eq, PartialOrd, Ord)]
struct Ordered(bool);

#[derive(LiveComponent)]
#[live(shared, events(Cleared, events::HTTPFailed))]
struct Room {
    #[live]
    visitors: i64,
    #[live(bind, on_set = Self::check_topic)]
    topic: String,
    #[live(bind, leaf, on_set = measure)]
    text: String,
    #[live]
    length: usize,
}

impl Room {
    fn check_topic(&mut self) -> Result<(), Invalid> {
        if self.topic.is_empty() { Err(Invalid::field("topic", "is missing")) } else { Ok(()) }
    }
}

fn measure(room: &mut Room) {
    room.length = room.text.len();
}

#[live_type]
struct Props {
    room: String,
}

#[live_actions]
impl Room {
    fn key(props: &Props) -> String {
        props.room.clone()
    }
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Room { visitors: 0, topic: String::new(), text: String::new(), length: 0 })
    }
    async fn joined(&mut self, cx: &mut Context<Self>) {
        let _ = cx.visitor();
        self.visitors += 1;
    }
    async fn left(&mut self) {
        self.visitors -= 1;
    }
    async fn clear(&mut self) {}
}

macro_rules! followed {
    ($name:ident, $context:ty, $method:ident, $check:path) => {
        #[derive(LiveComponent)]
        #[live(shared)]
        struct $name {
            #[live(bind, on_set = $check)]
            visitors: i64,
        }
        #[live_actions]
        impl $name {
            fn key(props: &Props) -> String {
                props.room.clone()
            }
            fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
                Ok(())
            }
            fn mount(_props: Props) -> Result<Self, MountError> {
                Ok($name { visitors: 0 })
            }
            async fn $method(&mut self, cx: $context) {
                let _ = cx.visitor();
                self.visitors += 1;
            }
        }
    };
}
followed!(Followed, &mut Context<Self>, left, check);
fn check(followed: &mut Followed) {
    followed.visitors = 0;
}

fn key<K: MapKey>(key: K) -> String {
    key.wire().into_owned()
}

fn main() {
    assert_eq!(Room::EVENTS, ["CLEARED", "HTTP_FAILED"]);
    assert_eq!(<Room as Emits<events::HTTPFailed>>::EVENT, "HTTP_FAILED");
    assert_eq!(Room::ACTIONS, ["clear"]);
    assert!(Room::FOLLOWS_VISITORS && Followed::FOLLOWS_VISITORS);
    assert_eq!(key(Wrapped(UserId("ana".into()))), "ana");
    let _ = Ordered(true) < Ordered(false);
}
