// A long answer that grows word by word.
import "../../style.css";
import "./live.gen.js"; // the types of the Rust component
import { useLiveComponent } from "fluxstack-live/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Typewriter() {
  const { state, call, callSafe, error, status } = useLiveComponent("TypewriterComponent", {});
  const [text, setText] = useState("");

  const ask = async () => {
    const asked = await callSafe("ask", text);
    // What was typed meanwhile stays.
    if (asked.ok) setText((now) => (now === text ? "" : now));
  };
  return (
    <section className="card" data-status={status}>
      <h1>{state === undefined || state.question === "" ? "Ask me anything" : state.question}</h1>
      {/* Nothing about streaming: the answer is state, and it happens to grow. */}
      <p role="log" aria-label="Answer" aria-busy={state?.isTyping}>{state?.answer}{state?.isTyping === true && "▍"}</p>
      <form className="row" onSubmit={(e) => { e.preventDefault(); void ask(); }}>
        <input value={text} aria-label="Your question" onChange={(e) => { setText(e.target.value); }} />
        <button>Ask</button>
        <button type="button" className="quiet" disabled={state?.isTyping !== true} onClick={() => call("stop")}>Stop</button>
      </form>
      <small role="alert">{error?.fields?.question ?? error?.message}</small>
      {status === "stale" && <p role="status">No connection.</p>}
    </section>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Typewriter /></StrictMode>);
