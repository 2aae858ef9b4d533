//! A todo list that everyone shares, and that is kept in an SQLite file.
use fluxstack_live::prelude::*;
use rusqlite::{Connection, Params, Row};

#[derive(LiveComponent)]
#[live(name = "TodoComponent", shared)]
struct Todos {
    #[live]
    todos: List<Todo>,
}

#[live_type]
struct Todo {
    id: i64,
    text: String,
    completed: bool,
}

#[live_type]
struct TodoProps {}

type Database = std::sync::Mutex<Connection>; // the application's state: `cx.state()` finds it by its type

fn query(db: &Database, sql: &str, values: impl Params) -> rusqlite::Result<Vec<Todo>> {
    let todo = |row: &Row| Ok(Todo { id: row.get(0)?, text: row.get(1)?, completed: row.get(2)? });
    tokio::task::block_in_place(|| {
        let db = db.lock().expect("no code panics while it holds the database");
        db.prepare_cached(sql)?.query_map(values, todo)?.collect()
    })
}

#[live_actions]
impl Todos {
    fn key(_props: &TodoProps) -> String {
        "the only one".to_owned()
    }
    fn authorize(_props: &TodoProps, _visitor: &Visitor) -> Result<(), Denied> {
        Ok(())
    }
    fn mount(_props: TodoProps, cx: &MountContext) -> Result<Self, MountError> {
        Ok(Todos { todos: query(cx.state(), "select * from todos order by id", ())?.into() })
    }
    async fn add_todo(&mut self, text: String, cx: &mut Context<Self>) -> Result<(), Failed<Invalid>> {
        if text.trim().is_empty() {
            return Err(Invalid::field("text", "there is nothing in it yet").into());
        }
        let sql = "insert into todos (text) values (?) returning *";
        self.todos.extend(query(cx.state(), sql, [text.trim()]).or_fault()?);
        Ok(())
    }
    async fn toggle(&mut self, id: i64, cx: &mut Context<Self>) -> Result<(), Fault> {
        let Some(todo) = self.todos.find_mut(|todo| todo.id == id) else { return Ok(()) };
        todo.completed = !todo.completed;
        query(cx.state(), "update todos set completed = ? where id = ?", (todo.completed, id))?;
        Ok(())
    }
    async fn remove(&mut self, id: i64, cx: &mut Context<Self>) -> Result<(), Fault> {
        self.todos.retain(|todo| todo.id != id);
        query(cx.state(), "delete from todos where id = ?", [id])?;
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
    let db = Connection::open(file)?;
    db.execute_batch(include_str!("todos.sql"))?;
    let live = live.state(Database::new(db)).build()?;
    let page = tower_http::services::ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"));
    let address = std::env::var("LISTEN").unwrap_or("127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(fluxstack_live::serve(listener, live.router("/live").fallback_service(page)).await?)
}
