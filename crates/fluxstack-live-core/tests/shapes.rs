//! What of a component travels by places: structs wherever they are, and nothing else.
extern crate fluxstack_live_core as fluxstack_live;

mod support;

use fluxstack_live::actions::MountError;
use fluxstack_live_macros::{LiveComponent, live_actions, live_type};
use fluxstack_live_protocol::compact::Part;
use std::collections::BTreeMap;
use support::engine_of;

#[live_type]
#[derive(Default)]
struct Point {
    x: i64,
    next: Option<Box<Point>>,
}
#[live_type]
#[derive(Default)]
struct Around(Point);
#[live_type]
#[derive(Default)]
struct Pair(i64, Around);
#[live_type]
#[derive(Default)]
struct Nothing {}
/// It has no field to name it by, and itself inside.
#[live_type]
#[derive(Default)]
struct Chain(Vec<(Point, Chain)>);
#[live_type]
#[derive(Default)]
enum Either {
    #[default]
    Neither,
    One(Point),
}

#[derive(LiveComponent)]
#[live(events(Point))]
struct Everything {
    #[live]
    plain: Vec<String>,
    #[live]
    around: Option<Around>,
    #[live]
    lists: Vec<Vec<Point>>,
    #[live]
    map: BTreeMap<String, Point>,
    #[live]
    pair: Pair,
    #[live]
    tuple: (i64, bool),
    #[live]
    nothing: Nothing,
    #[live]
    chain: Chain,
    #[live]
    either: Either,
    #[live(leaf, ts = "Point")]
    written: i64,
}
#[live_actions]
impl Everything {
    fn mount(_props: Nothing) -> Result<Self, MountError> {
        Err(MountError::denied())
    }
    async fn second(&mut self) {}
    async fn first(&mut self) {}
}

#[tokio::test]
async fn structs_have_places_wherever_they_are_and_nothing_else_has() {
    let engine = engine_of::<Everything>();
    let shape = engine.shape("Everything").unwrap();
    let (point, nothing) = (Part::Struct(0), Part::Struct(1));
    let list = |item: Part| Part::List(item.into());
    let fields = [
        ("plain", Part::AsIs),
        ("around", point.clone()),
        ("lists", list(list(point.clone()))),
        ("map", Part::Map(point.clone().into())),
        ("pair", Part::Tuple(vec![Part::AsIs, point.clone()])),
        ("tuple", Part::AsIs),
        ("nothing", nothing),
        ("chain", list(Part::Tuple(vec![point.clone(), Part::AsIs]))),
        ("either", Part::AsIs),
        ("written", Part::AsIs),
    ];
    assert_eq!(shape.fields, fields.map(|(name, part)| (name.into(), part)));
    assert_eq!(shape.actions, ["second", "first"]);
    assert_eq!(shape.events, [("POINT".into(), point.clone())]);
    assert_eq!(*shape.structs, [vec![("x".into(), Part::AsIs), ("next".into(), point)], Vec::new()]);
    assert!(engine.shape("Nobody").is_none());
}
