// A todo list that everyone shares, and that is still there when the server comes back.
import "../../style.css";
import "./live.gen.js"; // the types of the Rust component
import type { Optimistic } from "fluxstack-live";
import { useLiveComponent } from "fluxstack-live/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

// What each action will do, shown until the server has done it, on top of whatever the others do meanwhile. What it refuses is
// gone again by itself.
const optimistic: Optimistic<"TodoComponent"> = {
  addTodo: (state, { id, text }) => (text.trim() === "" ? state : { todos: [...state.todos, { id, text: text.trim(), completed: false }] }),
  toggle: (state, id) => ({ todos: state.todos.map((todo) => (todo.id === id ? { ...todo, completed: !todo.completed } : todo)) }),
  remove: (state, id) => ({ todos: state.todos.filter((todo) => todo.id !== id) }),
};

function Todos() {
  const { state, call, callSafe, error, status } = useLiveComponent("TodoComponent", {}, { optimistic });
  const [text, setText] = useState("");

  const add = async () => {
    setText("");
    // The page makes the id, so that the todo is the same one before and after the server has heard of it.
    const added = await callSafe("addTodo", { id: crypto.randomUUID(), text });
    // What was refused is given back, unless something else is being typed already.
    if (!added.ok) setText((now) => (now === "" ? text : now));
  };
  return (
    <section className="card" data-status={status}>
      <h1>To do</h1>
      <form className="row" onSubmit={(e) => { e.preventDefault(); void add(); }}>
        <input value={text} aria-label="What is to be done?" onChange={(e) => { setText(e.target.value); }} />
        <button>Add</button>
      </form>
      {/* What is wrong with the text, or that the server failed: of that it tells no more than an id to look for in its log. */}
      <small role="alert">{error?.fields?.text ?? error?.message}</small>
      <ul className="list" aria-label="Todos">
        {state?.todos.map(({ id, text, completed }) => (
          <li key={id}>
            <label>
              <input type="checkbox" checked={completed} onChange={() => call("toggle", id)} /> {text}
            </label>
            <button className="quiet" aria-label={`Remove “${text}”`} onClick={() => call("remove", id)}>×</button>
          </li>
        ))}
      </ul>
      {state?.todos.length === 0 && <p>Nothing to do.</p>}
      {status === "stale" && <p role="status">No connection. What you do now is done when it is back.</p>}
    </section>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Todos /></StrictMode>);
