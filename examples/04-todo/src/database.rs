//! The todos in an SQLite file. Each query is one statement, and waits where it may.
use fluxstack_live::live_type;
use rusqlite::{Connection, Params, Result, Row};

#[live_type]
pub(crate) struct Todo {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) completed: bool,
}

pub(crate) type Database = std::sync::Mutex<Connection>;

pub(crate) fn open(file: &str) -> Result<Database> {
    let db = Connection::open(file)?;
    db.execute_batch(include_str!("todos.sql"))?;
    Ok(Database::new(db))
}

/// The todos that a statement returns.
pub(crate) fn query(db: &Database, sql: &str, values: impl Params) -> Result<Vec<Todo>> {
    let todo = |row: &Row| Ok(Todo { id: row.get(0)?, text: row.get(1)?, completed: row.get(2)? });
    tokio::task::block_in_place(|| {
        let db = db.lock().expect("no code panics while it holds the database");
        db.prepare_cached(sql)?.query_map(values, todo)?.collect()
    })
}
