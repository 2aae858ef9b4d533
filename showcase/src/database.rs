//! The todos in an embedded SQLite file. Each call is one statement on a thread that may block.
use fluxstack_live::prelude::*;
use rusqlite::{Connection, Result, Row};
use std::{
    path::Path,
    sync::{Arc, Mutex},
};

/// Something to do.
#[live_type]
pub(crate) struct Todo {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) completed: bool,
}

/// The file; cheap to clone.
#[derive(Clone)]
pub(crate) struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, which is made if it is not there.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        // Written before it is answered, and readable while it is written.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.execute(
            "create table if not exists todos (id integer primary key autoincrement, list text not null, \
             text text not null, completed integer not null default 0)",
            (),
        )?;
        Ok(Database(Arc::new(Mutex::new(connection))))
    }
    pub(crate) async fn todos(&self, list: &str) -> Result<Vec<Todo>> {
        let list = list.to_owned();
        let todo = |row: &Row| {
            let id: i64 = row.get(0)?;
            Ok(Todo { id: id.to_string(), text: row.get(1)?, completed: row.get(2)? })
        };
        let sql = "select id, text, completed from todos where list = ? order by id";
        self.with(move |db| db.prepare_cached(sql)?.query_map([list], todo)?.collect()).await
    }
    pub(crate) async fn add(&self, list: &str, text: String) -> Result<Todo> {
        let list = list.to_owned();
        self.with(move |db| {
            db.execute("insert into todos (list, text) values (?, ?)", (list, &text))?;
            Ok(Todo { id: db.last_insert_rowid().to_string(), text, completed: false })
        })
        .await
    }
    pub(crate) async fn set_completed(&self, list: &str, id: String, completed: bool) -> Result<()> {
        let list = list.to_owned();
        let sql = "update todos set completed = ? where list = ? and id = ?";
        self.with(move |db| db.execute(sql, (completed, list, id)).map(drop)).await
    }
    pub(crate) async fn remove(&self, list: &str, id: String) -> Result<()> {
        let list = list.to_owned();
        let sql = "delete from todos where list = ? and id = ?";
        self.with(move |db| db.execute(sql, (list, id)).map(drop)).await
    }
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let connection = self.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            work(&mut connection.lock().expect("no code panics while it holds the database"))
        });
        done.await.expect("a statement does not panic")
    }
}
