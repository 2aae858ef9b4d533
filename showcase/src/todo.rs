//! A list of things to do that everyone who opens it shares, and that an embedded database keeps.
use crate::{
    database::{Database, Todo},
    text::{TextError, checked},
};
use fluxstack_live::prelude::*;

#[derive(LiveComponent)]
#[live(name = "TodoComponent", shared)]
pub(crate) struct Todos {
    #[live]
    todos: List<Todo>,
    list: String,
}

#[live_type]
pub(crate) struct TodoProps {
    list: String,
}

#[live_type]
pub(crate) struct NewTodo {
    /// Made by the page, which shows the todo before it is here.
    id: String,
    text: String,
}

/// Why a todo is not added.
#[live_type]
#[serde(tag = "kind")]
pub(crate) enum AddError {
    Empty,
    TooLong {
        /// In characters.
        max: usize,
    },
    /// The id is none, or that of another todo.
    BadId,
}

impl From<TextError> for AddError {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => AddError::Empty,
            TextError::TooLong { max } => AddError::TooLong { max },
        }
    }
}

#[live_type]
pub(crate) struct TodoId {
    id: String,
}

#[live_actions]
impl Todos {
    fn key(props: &TodoProps) -> String {
        props.list.clone()
    }
    fn authorize(props: &TodoProps, _visitor: &Visitor) -> Result<(), Denied> {
        if props.list.len() <= 256 { Ok(()) } else { Err(Denied) }
    }
    async fn mount(props: TodoProps, cx: &MountContext) -> Result<Self, MountError> {
        let todos = cx.state::<Database>().todos(&props.list).await?.into();
        Ok(Todos { todos, list: props.list })
    }
    async fn add_todo(&mut self, new: NewTodo, cx: &mut Context<Self>) -> Result<Todo, Failed<AddError>> {
        let NewTodo { id, text } = new;
        let text = checked(text).map_err(AddError::from)?;
        if !(1..=64).contains(&id.len()) || self.todos.iter().any(|todo| todo.id == id) {
            return Err(AddError::BadId.into());
        }
        let todo = cx.state::<Database>().add(&self.list, id, text).await.or_fault()?;
        self.todos.push(todo.clone());
        Ok(todo)
    }
    async fn toggle(&mut self, TodoId { id }: TodoId, cx: &mut Context<Self>) -> Result<(), Fault> {
        // Another visitor may have removed it just now.
        if let Some(todo) = self.todos.find_mut(|todo| todo.id == id) {
            todo.completed = !todo.completed;
            cx.state::<Database>().set_completed(&self.list, id, todo.completed).await?;
        }
        Ok(())
    }
    async fn remove(&mut self, TodoId { id }: TodoId, cx: &mut Context<Self>) -> Result<(), Fault> {
        if let Some(at) = self.todos.iter().position(|todo| todo.id == id) {
            self.todos.remove(at);
            cx.state::<Database>().remove(&self.list, id).await?;
        }
        Ok(())
    }
}
