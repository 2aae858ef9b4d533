// The frame of one live component: what it is, its heading, its content, a line of news, the Rust behind it.
import type { LiveError } from "fluxstack-live";
import { useId, type ReactNode } from "react";

export interface CardProps {
  /** The stable name of the card, also for screen readers; the heading may be text that the visitor edits. */
  readonly name: string;
  readonly component: string;
  readonly heading: string;
  /** As high as two of the others, where there are two columns. */
  readonly tall?: boolean;
  /** The link is lost: what the card shows is the last known state. */
  readonly stale: boolean;
  /** Changes the server has not answered yet. */
  readonly waiting: number;
  readonly about: ReactNode;
  readonly error: LiveError | null;
  readonly children: ReactNode;
  readonly rust: ReactNode;
}

export function Card({ name, component, heading, tall = false, stale, waiting, about, error, children, rust }: CardProps): ReactNode {
  const nameId = useId();
  return (
    <section className={tall ? "card card-tall" : "card"} aria-labelledby={nameId} data-stale={stale} data-waiting={waiting > 0}>
      <p className="card-top"><span id={nameId} className="card-name">{name}</span> <code>{component}</code></p>
      <h2 className="card-heading">{heading === "" ? "\u00a0" : heading}</h2>
      {children}
      <p className="card-news">{stale ? <StaleNews waiting={waiting} /> : about}</p>
      {error && <p className="card-error" role="alert">{error.maybeApplied ? "It may have been done" : "Not done"}: {error.message}</p>}
      {rust}
    </section>
  );
}

function StaleNews({ waiting }: { waiting: number }): ReactNode {
  if (waiting === 0) return "The last known state. The buttons work: what you press now is sent when the server is back.";
  return `The last known state. ${String(waiting)} ${waiting === 1 ? "change waits" : "changes wait"} for the server.`;
}
