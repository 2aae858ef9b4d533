// `/?counters=10`: that many counters more, each a struct of its own, all on the socket that the page has already.
import { useLiveComponent } from "fluxstack-live/react";
import type { ReactNode } from "react";
import { Controls } from "./Controls.js";
import { Count } from "./Count.js";

export function ManyCounters({ count }: { count: number }): ReactNode {
  return (
    <section className="many" aria-labelledby="many-title">
      <h2 id="many-title">{count} components more, still one socket</h2>
      <p>Each of these is a struct of its own on the server. The network tab shows one WebSocket, and one mount for each.</p>
      <ul className="many-list">
        {Array.from({ length: count }, (_, index) => <li key={index}><SmallCounter number={index + 1} /></li>)}
      </ul>
    </section>
  );
}

function SmallCounter({ number }: { number: number }): ReactNode {
  const name = `Counter ${String(number)}`;
  const { state, dispatch, status } = useLiveComponent("CounterComponent", { count: 0, title: name }, { key: name });
  return (
    <div className="small-counter" role="group" aria-label={name} data-stale={status === "stale"}>
      <h3>{state.title}</h3>
      <Count label={`${name}: count`} value={state.count} />
      <Controls onPress={dispatch} />
    </div>
  );
}
