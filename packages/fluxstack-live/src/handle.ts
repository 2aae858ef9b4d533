// What a user holds of a component: a store to subscribe to, and the calls. Types only; component.ts is the thing itself.

import type { Cancel } from "./environment.js";
import type { LiveError, Result } from "./error.js";
import type { Action, Args, Bind, CallArgs, Err, Events, Name, Ok, State } from "./schema.js";

/** What has not been answered yet. */
export interface Pending<N extends Name> {
  /** Calls in flight, of any action; those that still wait to be sent included. */
  readonly count: number;
  /** Calls in flight of one action. */
  readonly of: (action: Action<N>) => number;
  /** Fields with a `set` in flight. */
  readonly fields: ReadonlySet<Bind<N>>;
}

/** A component at one moment. Immutable; the same object until something changes, and untouched parts of `state` are kept. */
export interface Snapshot<N extends Name, S = State<N> | undefined> {
  /** The server's state with the pending sets on top. */
  readonly state: S;
  /** mounting → live → stale (link lost, state kept) → live; failed: the mount was refused, or the server ended it. */
  readonly status: "mounting" | "live" | "stale" | "failed";
  readonly pending: Pending<N>;
  /** The last failed call, set or mount; cleared by the next success of the same, or by `clearError()`. */
  readonly error: LiveError | null;
  /** The server's version of the state. */
  readonly version: number;
}

/** How a component is mounted. */
export interface MountOptions<N extends Name> {
  /** Shown until the server has answered. */
  readonly initial?: State<N> | undefined;
  /** Hooks on this page with equal name, props and key share one mount. Give each its own key to have several. */
  readonly key?: string | undefined;
}

/**
 * One mounted component, React or not: `subscribe` mounts it and `getSnapshot` reads it. It stays mounted while anyone
 * subscribes or a call is in flight, and a little longer.
 */
export interface LiveHandle<N extends Name> {
  /** The component's address in this page's session. */
  readonly id: string;
  /** Its registered name. */
  readonly name: N;
  /** What it looks like now. */
  readonly getSnapshot: () => Snapshot<N>;
  /** What it looks like before anything was heard of the server. */
  readonly getServerSnapshot: () => Snapshot<N>;
  /** Mounts it if needed, and calls `listener` after every change. */
  readonly subscribe: (listener: () => void) => Cancel;
  /** Calls an action. Resolves after the state it produced is visible; rejects with a LiveError. An ignored rejection is reported, never unhandled. */
  readonly call: <A extends Action<N>>(action: A, ...args: CallArgs<Args<N, A>>) => Promise<Ok<N, A>>;
  /** As `call`, but never rejects: `{ ok: true, data }` or `{ ok: false, error }`. */
  readonly callSafe: <A extends Action<N>>(action: A, ...args: CallArgs<Args<N, A>>) => Promise<Result<Ok<N, A>, Err<N, A>>>;
  /** As `call`, for event handlers: returns nothing, and a failure is reported and shows as `error`. */
  readonly dispatch: <A extends Action<N>>(action: A, ...args: CallArgs<Args<N, A>>) => void;
  /** Sets a bindable field: visible at once, and never overwritten by an older echo. */
  readonly set: <K extends Bind<N>>(field: K, value: State<N>[K]) => void;
  /** Forgets `error`. */
  readonly clearError: () => void;
  /**
   * Calls `listener` once for every event of that name, after the state it belongs to is visible, in a microtask of its own.
   * It hears nothing while the component is not mounted, and mounts nothing itself.
   */
  readonly on: <E extends keyof Events<N> & string>(event: E, listener: (payload: Events<N>[E]) => void) => Cancel;
}
