// `TodoComponent`: a list that everyone shares, and that is still there when the server comes back.
import type { Optimistic } from "fluxstack-live";
import { useLiveComponent } from "fluxstack-live/react";
import type { ReactNode } from "react";
import type { Todo } from "../live.gen.js";
import { newId } from "../newId.js";
import { Card } from "./Card.js";
import { Composer } from "./Composer.js";
import { RustSource } from "./RustSource.js";

/** What each action will do, shown until the server has done or refused it. */
const optimistic: Optimistic<"TodoComponent"> = {
  addTodo: (state, { id, text }) => (text.trim() === "" ? state : { todos: [...state.todos, { id, text: text.trim(), completed: false }] }),
  toggle: (state, { id }) => ({ todos: state.todos.map((todo) => (todo.id === id ? { ...todo, completed: !todo.completed } : todo)) }),
  remove: (state, { id }) => ({ todos: state.todos.filter((todo) => todo.id !== id) }),
};

export function TodoCard({ list }: { list: string }): ReactNode {
  const { state, callSafe, dispatch, status, pending, error } = useLiveComponent("TodoComponent", { list }, { optimistic });
  const todos = state?.todos ?? [];
  const done = todos.filter(({ completed }) => completed).length;
  return (
    <Card
      name="Kept on disk" component="TodoComponent" heading={`List “${list}”`} stale={status === "stale"} waiting={pending.count}
      error={error?.code === "action" ? null : error}
      about="Everyone’s list too, and written down: it outlives the process that serves it."
      rust={<RustSource file="todo.rs" />}
    >
      <Composer name="todo" label="What is to be done?" verb="Add" send={(text) => callSafe("addTodo", { id: newId(), text })} />
      <ul className="todos" aria-label="Todos" data-testid="todo-list">
        {todos.map((todo) => (
          <Item
            key={todo.id} todo={todo}
            onToggle={() => { dispatch("toggle", { id: todo.id }); }} onRemove={() => { dispatch("remove", { id: todo.id }); }}
          />
        ))}
      </ul>
      <p className="nothing" data-testid="todo-count">{state && (todos.length === 0 ? "Nothing to do." : `${String(done)} of ${String(todos.length)} done`)}</p>
    </Card>
  );
}

function Item({ todo: { text, completed }, onToggle, onRemove }: { todo: Todo; onToggle: () => void; onRemove: () => void }): ReactNode {
  return (
    <li className="todo" data-testid="todo-item" data-completed={completed}>
      <label>
        <input type="checkbox" data-testid="todo-toggle" checked={completed} onChange={onToggle} />
        <span>{text}</span>
      </label>
      <button type="button" className="todo-remove" data-testid="todo-remove" aria-label={`Remove “${text}”`} onClick={onRemove}>
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="M6 6l12 12M18 6 6 18" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" /></svg>
      </button>
    </li>
  );
}
