// `CounterComponent`: one struct of this window's own, with a title that the browser may set.
import { useLiveComponent } from "fluxstack-live/react";
import { useId, type ReactNode } from "react";
import { Card } from "./Card.js";
import { Controls } from "./Controls.js";
import { Count } from "./Count.js";
import { RustSource } from "./RustSource.js";

export function CounterCard(): ReactNode {
  const { state, dispatch, bind, status, pending, error } = useLiveComponent("CounterComponent", { count: 0, title: "Live Counter" });
  const titleId = useId();
  return (
    <Card
      name="Yours alone" component="CounterComponent" heading={state.title} stale={status === "stale"} waiting={pending.count + pending.fields.size} error={error}
      about="This window has a struct of its own. It lives in the server’s memory, and never counts below zero."
      rust={<RustSource file="counter.rs" />}
    >
      <Count label="Your count" value={state.count} />
      <Controls onPress={dispatch} />
      <div className="field">
        <label htmlFor={titleId}>Title</label>
        <input {...bind("title")} id={titleId} maxLength={60} autoComplete="off" />
      </div>
    </Card>
  );
}
