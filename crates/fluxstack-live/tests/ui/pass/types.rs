use fluxstack_live::prelude::*;

#[live_type]
struct Tree {
    children: Vec<Self>,
    parent: Option<Box<(Self, i64)>>,
}

#[live_type]
enum Chain {
    End,
    Link(Box<Self>),
}

/// A payload that is called like the engine's own type.
#[live_type]
struct Context {
    line: i64,
}

#[derive(LiveComponent, Clone)]
struct r#Match {
    #[live]
    tree: Tree,
    #[live(leaf)]
    row: [u8; Self::COLUMNS],
    history: Vec<Self>,
}

impl r#Match {
    const COLUMNS: usize = 3;
}

#[live_type]
struct Props {}

#[live_actions]
impl r#Match {
    fn mount(_props: Props) -> Result<Self, MountError> {
        let tree = Tree { children: Vec::new(), parent: None };
        Ok(r#Match { tree, row: [0; 3], history: Vec::new() })
    }
    async fn show(&mut self, context: Context) -> i64 {
        context.line
    }
    #[allow(unused_parens)]
    async fn show_in(&mut self, cx: (&mut fluxstack_live::prelude::Context<Self>), context: Context) -> Chain {
        let _ = (cx.visitor(), context.line);
        Chain::Link(Box::new(Chain::End))
    }
}

macro_rules! component {
    ($name:ident, $visible:ty, $leaf:ty, $private:ty, $props:ty, $mount_context:ty, $context:ty, $payload:ty, $action:ident) => {
        #[live_type]
        struct Inside {
            value: $visible,
        }

        #[derive(LiveComponent)]
        struct $name {
            #[live]
            visible: $visible,
            #[live(bind, leaf)]
            leaf: $leaf,
            private: $private,
            #[live]
            inside: Option<Inside>,
        }

        #[live_actions]
        impl $name {
            fn mount(_props: $props, _cx: $mount_context) -> Result<Self, MountError> {
                Ok($name { visible: 0, leaf: 0, private: 0, inside: None })
            }
            async fn $action(&mut self, cx: $context, payload: $payload) {
                let _ = (cx.visitor(), payload.len());
            }
        }
    };
}
component!(Generated, i64, i64, i64, Props, &MountContext, &mut fluxstack_live::prelude::Context<Self>, String, call);

fn main() {
    use fluxstack_live::__private::LiveComponent;
    assert_eq!(r#Match::NAME, "Match");
    let _ = Live::builder().component::<r#Match>().component::<Generated>().build();
}
