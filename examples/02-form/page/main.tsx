// A form whose rules are in Rust alone: the page sets its fields and shows what the server says about them.
import "../../style.css";
import "./live.gen.js"; // the types of the Rust component
import { useLiveComponent, type TextProps } from "fluxstack-live/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Form() {
  // `error` is what became of the last call that failed; it is gone when the same call succeeds.
  const { state, bind, callSafe, error, status } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
  const [greeting, setGreeting] = useState("");

  const submit = async () => {
    const result = await callSafe("submit");
    if (result.ok) setGreeting(result.data);
  };
  const field = (name: "name" | "email") => ({
    bound: bind(name), // keeps the caret, the composition and the user's text, whatever the server says meanwhile
    // Nobody is told off for an empty field before they have submitted it.
    wrong: state[name] === "" ? error?.fields?.[name] : state.errors[name],
    onType: () => { setGreeting(""); },
  });
  return (
    <form className="card" data-status={status} noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <h1>Sign up</h1>
      <Field label="Name" {...field("name")} />
      <Field label="Email" {...field("email")} />
      <div className="row">
        <button>Sign up</button>
        <output>{greeting}</output>
      </div>
      {status === "stale" && <p role="status">No connection. What you type is checked when it is back.</p>}
    </form>
  );
}

interface FieldProps { label: string; bound: TextProps; wrong: string | undefined; onType: () => void }

function Field({ label, bound, wrong, onType }: FieldProps) {
  return (
    <label onInput={onType}>
      {label}
      <input {...bound} aria-invalid={wrong !== undefined} />
      <small role="alert">{wrong}</small>
    </label>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Form /></StrictMode>);
