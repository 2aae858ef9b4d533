use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
struct Clock {
    #[live(ts = "string")]
    known: String,
    #[live(leaf, ts = "")]
    empty: String,
    #[live(leaf, ts = "string; other: number")]
    two: String,
    #[live(leaf, ts = "string // text")]
    comment: String,
    #[live(leaf, ts = "string /* text")]
    open_comment: String,
    #[live(leaf, ts = "string\nnumber")]
    lines: String,
    #[live(leaf, ts = "{ at: [string }")]
    crossed: String,
    #[live(leaf, ts = "string)")]
    closed: String,
    #[live(leaf, ts = "'text")]
    half: String,
    #[live(leaf, ts = "Map<'//' | ')', (it: string) => { at: `/*${string}` }[]>")]
    right: String,
    #[live(leaf, ts)]
    none: String,
}

fn main() {}
