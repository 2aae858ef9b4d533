//! A type may come through a `macro_rules!` as a name, as a type, as a path, in pieces, or be its own.
use fluxstack_live::prelude::*;

macro_rules! component {
    ($name:ident, $props:ident, $field:ident, $inside:ident, $part:ident, $event:path, $result:ident, $on_set:ident, $action:ident) => {
        #[live_type]
        #[derive(Eq, PartialOrd, Ord)]
        struct $inside($part);

        #[live_type]
        #[derive(Default)]
        struct $props {
            $field: $part,
            more: Vec<$part>,
            own: i64,
            #[serde(default)]
            other: Option<$inside>,
        }

        #[live_type]
        enum $result {
            Done($inside),
            Not { $field: $part },
        }

        #[derive(LiveComponent)]
        #[live(shared, events($event))]
        struct $name {
            #[live(bind, on_set = Self::$on_set)]
            $field: $part,
            #[live(bind, leaf)]
            leaf: $part,
            #[live]
            inside: $inside,
            #[live]
            all: Map<$inside, $props>,
            private: $part,
            own: i64,
        }
        impl $name {
            fn $on_set(&mut self) {}
        }

        #[live_actions]
        impl $name {
            fn key(_props: &$props) -> String {
                String::new()
            }
            fn authorize(_props: &$props, _visitor: &Visitor) -> Result<(), Denied> {
                Ok(())
            }
            fn mount(props: $props) -> Result<Self, MountError> {
                let $props { $field, own, .. } = props;
                Ok($name { leaf: $field.clone(), inside: $inside($field.clone()), all: Map::new(), private: $field.clone(), $field, own })
            }
            async fn $action(&mut self, payload: $inside) -> Result<$result, $inside> {
                self.own += 1;
                self.private = payload.0.clone();
                Ok($result::Done(payload))
            }
            async fn own(&mut self, cx: &mut Context<Self>, payload: i64) -> i64 {
                let _ = cx.visitor();
                payload
            }
        }
    };
}

#[live_type]
struct Told {}

mod inside {
    use super::*;
    component!(Shown, Props, field, Inside, String, Told, Outcome, check, act);
    pub(super) fn register() {
        let _ = Live::builder().component::<Shown>().build();
    }
}

fn main() {
    inside::register();
}
