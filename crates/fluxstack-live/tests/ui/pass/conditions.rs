use fluxstack_live::prelude::*;

#[live_type]
#[derive(Default)]
struct Details {
    always: i64,
    #[cfg(any())]
    never: NoSuchType,
    #[cfg(all())]
    one_of_two: i64,
    #[cfg(not(all()))]
    one_of_two: String,
    #[cfg_attr(all(), doc = "documented")]
    documented: bool,
}

#[live_type]
enum Mood {
    #[cfg(any())]
    Never(NoSuchType),
    Calm {
        #[cfg(any())]
        never: NoSuchType,
    },
}

#[derive(LiveComponent)]
struct Counter {
    #[live]
    details: Details,
    #[cfg(any())]
    #[live(bind)]
    never: NoSuchType,
    #[cfg(any())]
    never_seen: NoSuchType,
}

#[live_type]
struct Props {}

#[live_actions]
impl Counter {
    #[cfg_attr(all(), allow(clippy::unnecessary_wraps))]
    fn mount(_props: Props) -> Result<Self, MountError> {
        Ok(Counter { details: Details::default() })
    }
    #[cfg(any())]
    async fn debug(&mut self, value: NoSuchType) {
        no_such_function(value);
    }
    #[cfg(all())]
    async fn one_of_two(&mut self) {}
    #[cfg(not(all()))]
    async fn one_of_two(&mut self) {}
    #[cfg_attr(all(), doc = "documented")]
    async fn mood(&mut self) -> Mood {
        Mood::Calm {}
    }
}

fn main() {
    use fluxstack_live::__private::LiveActions;
    assert_eq!(Counter::ACTIONS, ["oneOfTwo", "mood"]);
}
