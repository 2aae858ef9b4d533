// A todo list that everyone shares, and that is still there when the server comes back.
import "../../style.css";
import "./live.gen.js"; // the types of the Rust component
import { useLiveComponent } from "fluxstack-live/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Todos() {
  const { state, call, callSafe, error, status } = useLiveComponent("TodoComponent", {});
  const [text, setText] = useState("");

  const add = async () => {
    const added = await callSafe("addTodo", text);
    // What was typed meanwhile stays.
    if (added.ok) setText((now) => (now === text ? "" : now));
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
