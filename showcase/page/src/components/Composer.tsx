// One line of text and a button. It checks nothing itself: what the server refuses, and why, comes back as a typed error.
import type { Result } from "fluxstack-live";
import { useId, useState, type ReactNode } from "react";
import type { AddError } from "../live.gen.js";

export interface ComposerProps {
  /** Begins the test ids: `chat` makes `chat-input`, `chat-error` and, with the verb, `chat-send`. */
  readonly name: string;
  readonly label: string;
  readonly verb: string;
  readonly send: (text: string) => Promise<Result<unknown, AddError>>;
}

export function Composer({ name, label, verb, send }: ComposerProps): ReactNode {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<AddError | null>(null);
  const id = useId();
  const submit = async (): Promise<void> => {
    // Emptied at once, as it may be sent much later; what failed is given back, unless one types already.
    setText("");
    setRefused(null);
    const result = await send(text);
    if (result.ok) return;
    setText((now) => (now === "" ? text : now));
    if (result.error.code === "action") setRefused(result.error.data);
  };
  return (
    <form className="composer" onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <label htmlFor={id}>{label}</label>
      <div className="composer-line">
        <input
          id={id} data-testid={`${name}-input`} value={text} autoComplete="off" enterKeyHint="send"
          aria-invalid={refused !== null} aria-describedby={refused === null ? undefined : `${id}-error`}
          onChange={(e) => { setText(e.target.value); setRefused(null); }}
        />
        <button className="do" type="submit" data-testid={`${name}-${verb.toLowerCase()}`}>{verb}</button>
      </div>
      <p id={`${id}-error`} className="field-error" role="alert" data-testid={`${name}-error`}>{refused && inWords(refused)}</p>
    </form>
  );
}

function inWords(error: AddError): string {
  switch (error.kind) {
    case "empty": return "There is nothing in it yet.";
    case "tooLong": return `That is too long: at most ${String(error.max)} characters.`;
    case "badId": return "It could not be added; try again.";
  }
}
