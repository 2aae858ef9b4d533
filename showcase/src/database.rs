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

const TABLE: &str = "create table if not exists todos (\
    position integer primary key autoincrement, list text not null, id text not null, \
    text text not null, completed integer not null default 0, unique (list, id))";

impl Database {
    /// Opens the file, which is made if it is not there.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let mut connection = Connection::open(file)?;
        // Written before it is answered, and readable while it is written.
        connection.pragma_update(None, "journal_mode", "wal")?;
        from_numbers(&mut connection)?;
        connection.execute_batch(TABLE)?;
        Ok(Database(Arc::new(Mutex::new(connection))))
    }
    pub(crate) async fn todos(&self, list: &str) -> Result<Vec<Todo>> {
        let list = list.to_owned();
        let todo = |row: &Row| Ok(Todo { id: row.get(0)?, text: row.get(1)?, completed: row.get(2)? });
        let sql = "select id, text, completed from todos where list = ? order by position";
        self.with(move |db| db.prepare_cached(sql)?.query_map([list], todo)?.collect()).await
    }
    pub(crate) async fn add(&self, list: &str, id: String, text: String) -> Result<Todo> {
        let list = list.to_owned();
        self.with(move |db| {
            db.execute("insert into todos (list, id, text) values (?, ?, ?)", (list, &id, &text))?;
            Ok(Todo { id, text, completed: false })
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

/// A file of a time when the database made the ids: they were the numbers that are positions now.
fn from_numbers(db: &mut Connection) -> Result<()> {
    let numbers = "select count(*) > 0 from pragma_table_info('todos') where name = 'id' and pk = 1";
    if db.query_row(numbers, (), |row| row.get(0))? {
        let change = db.transaction()?;
        change.execute_batch("alter table todos rename to numbered")?;
        change.execute_batch(TABLE)?;
        change.execute_batch(
            "insert into todos (position, list, id, text, completed) \
             select id, list, cast(id as text), text, completed from numbered; \
             drop table numbered",
        )?;
        change.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_ids_are_numbers_keeps_its_todos_under_them() {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "create table todos (id integer primary key autoincrement, list text not null, text text not null, \
             completed integer not null default 0); \
             insert into todos values (2, 'home', 'tea', 1), (7, 'home', 'bread', 0);",
        )
        .unwrap();
        for _ in 0..2 {
            from_numbers(&mut db).unwrap();
        }
        db.execute("insert into todos (list, id, text) values ('home', 'a', 'jam')", ()).unwrap();
        let mut all = db.prepare("select id, text, completed from todos order by position").unwrap();
        let all = all.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let all: Vec<(String, String, bool)> = all.map(Result::unwrap).collect();
        let expected = [("2", "tea", true), ("7", "bread", false), ("a", "jam", false)];
        assert_eq!(all, expected.map(|(id, text, done)| (id.to_owned(), text.to_owned(), done)));
    }
}
