// A component as its session knows it: what is asked for, and who takes in the answers.

import type { LiveError } from "./error.js";
import type { ComponentMounted, ComponentUnmounted, EventMessage, ResumePoint, StateDelta, StateUpdate } from "./protocol.js";

/** What a session needs of a component. */
export interface Subscriber {
  readonly id: string;
  /** Of the state it holds; null before the first. */
  readonly epoch: string | null;
  readonly version: number;
  /** Mounted in this session: requests may be sent. */
  readonly mounted: boolean;
  /** Why no state will come any more; null while there is hope. */
  readonly failure: LiveError | null;
  /** Whether this session was asked to mount it and may have: it is resumed. */
  asked: boolean;
  /** Asks for it; from now on it waits for the answer. */
  readonly mount: () => void;
  /** What it holds of that mount: from there a resume goes on. */
  readonly point: () => ResumePoint;
  /** Takes in what the server says about its state. */
  readonly receive: (message: ComponentMounted | StateUpdate | StateDelta | ComponentUnmounted) => void;
  /** Takes in an error that answers no request. */
  readonly refuse: (error: LiveError) => void;
  /** Has its listeners hear of an event. */
  readonly tell: (event: Pick<EventMessage, "event" | "payload">) => void;
  /** The connection is gone; it will be resumed or mounted again on the next one. */
  readonly lose: () => void;
  /** Shows what changed, if anything has. */
  readonly publish: () => void;
}
