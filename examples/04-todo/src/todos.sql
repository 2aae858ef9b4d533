-- Run when the server starts: a new file gets its table, an old one is left as it is.
create table if not exists todos (
    id integer primary key autoincrement, -- never given twice: a page may still show a removed one
    text text not null,
    completed integer not null default 0
);
