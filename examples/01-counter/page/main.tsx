// A counter of this page's own: it shows the state of a Rust struct and calls the struct's methods.
import "../../style.css";
import "./live.gen.js"; // the types of the Rust component: every name below is checked against them
import { useLiveComponent } from "fluxstack-live/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

function Counter() {
  // The props are a whole state, so that there is something to show before the server has answered.
  const { state, call, set, status } = useLiveComponent("CounterComponent", { count: 0, title: "Cups of coffee" });
  return (
    <section className="card" data-status={status}>
      <h1>{state.title}</h1>
      <output className="count" aria-label="Count">{state.count}</output>
      <div className="row">
        <button onClick={() => call("decrement")} aria-label="Decrement">−</button>
        <button onClick={() => call("increment")} aria-label="Increment">+</button>
        <button onClick={() => call("increment", 10)}>+10</button>
        <button onClick={() => call("reset")} className="quiet">Reset</button>
      </div>
      <label>
        Title
        {/* On screen at once; the server hears of it meanwhile. */}
        <input value={state.title} maxLength={60} onChange={(e) => { set("title", e.target.value); }} />
      </label>
      {status === "stale" && <p role="status">No connection. What you do now counts when it is back.</p>}
    </section>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Counter /></StrictMode>);
