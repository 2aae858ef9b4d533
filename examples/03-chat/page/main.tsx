// A chat room: state that everyone shares, an event that is heard once, and an error with a type.
import "../../style.css";
import { useLiveComponent, useLiveEvent } from "fluxstack-live/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Refused } from "./live.gen.js";
import "./live.gen.js";

/** What the page says for each error of `sendMessage`. A new one in Rust does not compile here until it has a sentence. */
const SENTENCES: Record<Refused, string> = { empty: "There is nothing in it yet.", tooLong: "That is too long." };

function Chat({ room }: { room: string }) {
  // Undefined until the server has let us in.
  const { state, callSafe, handle, status } = useLiveComponent("ChatComponent", { room });
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<Refused>();

  // An event has no place in the state. Here it is what one sees of this page while one looks at another.
  useLiveEvent(handle, "MESSAGE", ({ author, content }) => { document.title = `${author}: ${content}`; });

  const send = async () => {
    const result = await callSafe("sendMessage", text);
    // `data` is what the Rust method returned as its `Err`, if that is why it failed.
    if (!result.ok) { if (result.error.code === "action") setRefused(result.error.data); return; }
    // The message is on screen by now. What was typed meanwhile stays.
    setText((now) => (now === text ? "" : now));
    setRefused(undefined);
  };
  return (
    <section className="card" data-status={status}>
      <h1>Chat in “{room}”</h1>
      <ul className="row" aria-label="Who is here">
        {Object.entries(state?.users ?? {}).map(([id, name]) => <li key={id} className="tag">{name}</li>)}
      </ul>
      {/* The newest comes first, and CSS turns the list upside down: it stays at its end by itself. */}
      <ol className="log" aria-label="Messages">
        {state?.messages.map(({ author, content }, index) => (
          <li key={state.messages.length - index}><b>{author}</b> {content}</li>
        ))}
      </ol>
      <form className="row" onSubmit={(e) => { e.preventDefault(); void send(); }}>
        <input value={text} aria-label="Message" onChange={(e) => { setText(e.target.value); }} />
        <button>Send</button>
      </form>
      <small role="alert">{refused && SENTENCES[refused]}</small>
      {status === "stale" && <p role="status">No connection. What you send goes out when it is back.</p>}
    </section>
  );
}

// `/?room=kitchen` is another room.
const room = new URLSearchParams(window.location.search).get("room") ?? "lobby";
const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Chat room={room} /></StrictMode>);
