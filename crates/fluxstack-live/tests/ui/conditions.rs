use fluxstack_live::prelude::*;

#[live_type]
struct Props {}

#[live_type]
#[cfg_attr(all(), serde(untagged))]
enum Untagged {
    #[cfg_attr(all(), doc = "fine", serde(rename = "other"))]
    One(#[cfg_attr(all(), serde(skip))] i64),
}

#[live_type]
struct Secretive {
    #[cfg_attr(all(), serde(skip))]
    secret: String,
    #[cfg_attr(all(), cfg_attr(all(), serde(rename = "shown")))]
    hidden: String,
    #[cfg_attr(all(), cfg(any()))]
    maybe: String,
}

#[derive(LiveComponent)]
#[live(shared)]
struct Counter {
    #[live]
    count: i64,
}

#[live_actions]
impl Counter {
    #[cfg(all())]
    fn key(_props: &Props) -> String {
        String::new()
    }
    #[cfg(all())]
    fn authorize(_props: &Props, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    #[cfg(all())]
    fn mount(_props: Props, #[cfg(all())] _cx: &MountContext) -> Result<Self, MountError> {
        Ok(Counter { count: 0 })
    }
    #[cfg_attr(all(), cfg(any()))]
    async fn hidden(&mut self) {}
    async fn maybe(&mut self, #[cfg(any())] value: i64) {}
}

fn main() {}
