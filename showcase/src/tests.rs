//! The components of the showcase, driven as a browser would, without one.
use crate::{
    chat::Chat,
    components,
    counter::Counter,
    database::Database,
    form::{Form, Submissions},
    shared_counter::SharedCounter,
    todo::Todos,
};
use fluxstack_live::{Live, Visitor};
use fluxstack_live_test::{CallError, ErrorCode, Page, Tab};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};

fn showcase() -> Live {
    let database = Database::open(Path::new(":memory:")).unwrap();
    components(Live::builder()).state(database).state(Submissions::default()).build().unwrap()
}

async fn in_room(live: &Live, visitor: &str) -> Page {
    Page::open_as::<Chat>(live, Visitor::anonymous(visitor), json!({"room": "r"})).await.unwrap()
}
fn names(page: &Page, field: &str) -> Vec<String> {
    page.state()[field].as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn the_counter_goes_up_and_down_and_never_below_zero() {
    let live = showcase();
    let page = Page::open::<Counter>(&live, json!({"count": 1, "title": "Cups"})).await.unwrap();
    page.call("increment", 2).await.unwrap();
    page.call("decrement", 1).await.unwrap();
    assert_eq!(*page.state(), json!({"count": 2, "title": "Cups"}));
    page.call("decrement", 9).await.unwrap();
    page.set("title", "Plates").await.unwrap();
    assert_eq!(*page.state(), json!({"count": 0, "title": "Plates"}));
    let refused = Page::open::<Counter>(&live, json!({"count": -1, "title": ""})).await;
    assert_eq!(refused.unwrap_err().fields["count"], "starts at 0 or above");
}

#[tokio::test]
async fn everyone_in_a_room_counts_together() {
    let live = showcase();
    let open = async |room| Page::open::<SharedCounter>(&live, json!({ "room": room })).await.unwrap();
    let (one, two, elsewhere) = (open("a").await, open("a").await, open("b").await);
    one.call("increment", ()).await.unwrap();
    two.call("increment", ()).await.unwrap();
    assert_eq!([one.state(), two.state(), elsewhere.state()].map(|state| state["count"].clone()), [2, 2, 0]);
}

#[tokio::test]
async fn a_message_is_told_once_to_everyone_in_the_room() {
    let live = showcase();
    let (ana, ben) = (in_room(&live, "ana").await, in_room(&live, "ben").await);
    let sent: Value = ana.call("sendMessage", json!({"content": " hello "})).await.unwrap();
    for page in [&ana, &ben] {
        let message = page.state()["messages"][0].clone();
        assert_eq!(
            (&message["content"], &message["userId"], &message["id"]),
            (&json!("hello"), &json!("ana"), &sent["id"])
        );
        assert_eq!(page.events(), [("MESSAGE_RECEIVED".to_owned(), json!({"message": message}))]);
    }
    let late = in_room(&live, "late").await;
    assert_eq!((late.state()["messages"].as_array().unwrap().len(), late.events().len()), (1, 0));
}

#[tokio::test]
async fn a_room_knows_who_is_there() {
    let live = showcase();
    let (ana, ben) = (in_room(&live, "ana").await, in_room(&live, "ben").await);
    let again = in_room(&live, "ben").await;
    assert_eq!(names(&ana, "users"), ["ana", "ben"]);
    drop(ben);
    assert_eq!(names(&ana, "users"), ["ana", "ben"], "he has a second window");
    again.close().await;
    assert_eq!(names(&ana, "users"), ["ana"]);
}

#[tokio::test(start_paused = true)]
async fn whose_network_fails_is_in_the_room_for_a_while() {
    let live = showcase();
    let ana = in_room(&live, "ana").await;
    let tab = Tab::open_as(&live, Visitor::anonymous("ben"));
    let _page = tab.mount::<Chat>(json!({"room": "r"})).await.unwrap();
    tab.lose();
    tokio::time::sleep(Duration::from_secs(119)).await;
    assert_eq!(names(&ana, "users"), ["ana", "ben"]);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(names(&ana, "users"), ["ana"]);
}

#[tokio::test]
async fn a_text_that_is_refused_changes_nothing_and_its_error_is_typed() {
    let live = showcase();
    let page = in_room(&live, "ana").await;
    let error =
        async |content: String| page.call("sendMessage", json!({ "content": content })).await.unwrap_err();
    let data = |error: CallError| (error.code, error.data.unwrap());
    assert_eq!(data(error(" ".into()).await), (ErrorCode::Action, json!({"kind": "empty"})));
    let too_long = json!({"kind": "tooLong", "max": 2_000});
    assert_eq!(data(error("ü".repeat(2_001)).await), (ErrorCode::Action, too_long));
    assert_eq!(page.state()["messages"], json!([]));
    page.call("sendMessage", json!({"content": "ü".repeat(2_000)})).await.unwrap();
}

#[tokio::test]
async fn a_form_is_checked_while_it_is_filled_in() {
    let live = showcase();
    let page = Page::open::<Form>(&live, json!({"name": "", "email": "", "errors": {}})).await.unwrap();
    page.set("email", "ana@").await.unwrap();
    assert_eq!(page.state()["errors"], json!({"email": "this is not an e-mail address yet"}));
    page.call("validateField", "name").await.unwrap();
    assert_eq!(names(&page, "errors"), ["email", "name"]);
    let refused = page.call("submit", ()).await.unwrap_err();
    assert_eq!((refused.code, refused.fields.len()), (ErrorCode::Invalid, 2));
    page.set("email", "ana@example.org").await.unwrap();
    page.set("name", "Ana").await.unwrap();
    assert_eq!(page.state()["errors"], json!({}));
    assert_eq!(page.call("submit", ()).await.unwrap(), json!({"id": "1"}));
}

#[tokio::test(start_paused = true)]
async fn todos_outlive_their_store() {
    let live = showcase();
    let open = async |list| Page::open::<Todos>(&live, json!({ "list": list })).await.unwrap();
    let page = open("home").await;
    let tea = page.call("addTodo", json!({"id": "t", "text": "tea"})).await.unwrap();
    page.call("addTodo", json!({"id": "b", "text": "bread"})).await.unwrap();
    page.call("toggle", json!({"id": tea["id"]})).await.unwrap();
    let kept = page.state();
    assert_eq!(kept["todos"][0], json!({"id": "t", "text": "tea", "completed": true}));
    page.close().await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(live.shared_stores(), 0);
    let page = open("home").await;
    assert_eq!(page.state(), kept);
    page.call("remove", json!({"id": tea["id"]})).await.unwrap();
    page.call("remove", json!({"id": tea["id"]})).await.unwrap();
    assert_eq!(page.state()["todos"].as_array().unwrap().len(), 1);
    assert_eq!(open("elsewhere").await.state()["todos"], json!([]));
}

#[tokio::test]
async fn a_todo_has_an_id_of_its_own_in_its_list() {
    let live = showcase();
    let open = async |list| Page::open::<Todos>(&live, json!({ "list": list })).await.unwrap();
    let (here, there) = (open("here").await, open("there").await);
    let add = async |page: &Page, id: &str| page.call("addTodo", json!({"id": id, "text": "tea"})).await;
    add(&here, "t").await.unwrap();
    for id in ["t", "", &"x".repeat(65)] {
        assert_eq!(add(&here, id).await.unwrap_err().data.unwrap(), json!({"kind": "badId"}));
    }
    assert_eq!(here.state()["todos"].as_array().unwrap().len(), 1);
    add(&there, "t").await.unwrap();
}
