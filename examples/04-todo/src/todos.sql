-- Run when the server starts: a new file gets its table, an old one is left as it is.
create table if not exists todo (
    position integer primary key autoincrement, -- in the order in which they were added
    id text not null unique, -- made by the page that added it
    text text not null,
    completed integer not null default 0
);
