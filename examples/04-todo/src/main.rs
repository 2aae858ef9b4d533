//! A todo list that everyone shares, and that is kept in an SQLite file.
use database::{Todo, query};
use fluxstack_live::prelude::*;

mod database; // the todos in their file

#[derive(LiveComponent)]
#[live(name = "TodoComponent", shared)]
struct Todos {
    #[live]
    todos: List<Todo>,
}

#[live_type]
struct NewTodo {
    id: String, // made by the page, which shows the todo before it is here
    text: String,
}

#[live_type]
struct TodoProps {}

#[live_actions]
impl Todos {
    fn key(_props: &TodoProps) -> String {
        "the only one".to_owned()
    }
    fn authorize(_props: &TodoProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: TodoProps, cx: &MountContext) -> Result<Self, MountError> {
        Ok(Todos {
            todos: query(cx.state(), "select id, text, completed from todo order by position", ())?.into(),
        })
    }
    async fn add_todo(&mut self, new: NewTodo, cx: &mut Context<Self>) -> Result<(), Failed<Invalid>> {
        if new.text.trim().is_empty() {
            return Err(Invalid::field("text", "there is nothing in it yet").into());
        }
        if !(1..=64).contains(&new.id.len()) || self.todos.iter().any(|todo| todo.id == new.id) {
            return Err(Invalid::field("id", "is not a new one").into());
        }
        let sql = "insert into todo (id, text) values (?, ?) returning id, text, completed";
        self.todos.extend(query(cx.state(), sql, [&*new.id, new.text.trim()]).or_fault()?);
        Ok(())
    }
    async fn toggle(&mut self, id: String, cx: &mut Context<Self>) -> Result<(), Fault> {
        let Some(todo) = self.todos.find_mut(|todo| todo.id == id) else { return Ok(()) };
        todo.completed = !todo.completed;
        query(cx.state(), "update todo set completed = ? where id = ?", (todo.completed, id))?;
        Ok(())
    }
    async fn remove(&mut self, id: String, cx: &mut Context<Self>) -> Result<(), Fault> {
        self.todos.retain(|todo| todo.id != id);
        query(cx.state(), "delete from todo where id = ?", [id])?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let live = Live::builder().component::<Todos>();
    if std::env::args().nth(1).as_deref() == Some("typescript") {
        print!("{}", live.build()?.typescript()?);
        return Ok(());
    }
    let file = std::env::var("DATA").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/todos.sqlite").into());
    let live = live.state(database::open(&file)?).build()?; // `cx.state()` finds it by its type
    let page = tower_http::services::ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"));
    let address = std::env::var("LISTEN").unwrap_or("127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(fluxstack_live::serve(listener, live.router("/live").fallback_service(page)).await?)
}
