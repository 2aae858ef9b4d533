// `SharedCounterComponent`: one struct for everybody who mounted the same room.
import { useLiveComponent } from "fluxstack-live/react";
import type { ReactNode } from "react";
import { Card } from "./Card.js";
import { Controls } from "./Controls.js";
import { Count } from "./Count.js";
import { RustSource } from "./RustSource.js";

export function SharedCounterCard({ room }: { room: string }): ReactNode {
  const { state, dispatch, status, pending, error } = useLiveComponent("SharedCounterComponent", { room });
  return (
    <Card
      name="Shared by everyone" component="SharedCounterComponent" heading={`Room “${room}”`} stale={status === "stale"} waiting={pending.count} error={error}
      about="Every window in this room looks at the same struct. A press is encoded once and sent to all of them."
      rust={<RustSource file="shared_counter.rs" />}
    >
      <Count label="Shared count" value={state?.count} />
      <Controls onPress={dispatch} />
      <p className="second-window"><a href="/" target="_blank" rel="noopener">Open a second window<Outward /></a></p>
    </Card>
  );
}

function Outward(): ReactNode {
  return <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M9 5h10v10M19 5 6 18" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" /></svg>;
}
