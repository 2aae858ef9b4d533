// The three buttons of a counter. They stay usable without a connection: what is pressed then waits in the client.
import type { ReactNode } from "react";

export type Press = "decrement" | "increment" | "reset";

export function Controls({ onPress }: { onPress: (press: Press) => void }): ReactNode {
  return (
    <div className="controls">
      <button className="step" type="button" aria-label="Decrement" onClick={() => { onPress("decrement"); }}><Sign d="M5 12h14" /></button>
      <button className="step step-main" type="button" aria-label="Increment" onClick={() => { onPress("increment"); }}><Sign d="M5 12h14M12 5v14" /></button>
      <button className="reset" type="button" onClick={() => { onPress("reset"); }}>Reset</button>
    </div>
  );
}

function Sign({ d }: { d: string }): ReactNode {
  return <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d={d} stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" /></svg>;
}
