// What a user holds of a component: a store to subscribe to, and the calls. Types only; component.ts is the thing itself.

import type { Cancel } from "./environment.js";
import type { LiveError, Result } from "./error.js";
import type { Action, Actions, Args, Bind, CallArgs, Err, EventName, Events, Field, Name, Ok, State } from "./schema.js";

/** What has not been answered yet. */
export interface Pending<N extends Name> {
  /** Calls in flight, of any action; those that still wait to be sent included. */
  readonly count: number;
  /** Calls in flight of one action; with `key`, those that were called with it. */
  readonly of: (action: keyof Actions<N> & string, key?: string | number) => number;
  /** Fields with a `set` that is not acknowledged. */
  readonly fields: ReadonlySet<Bind<N>>;
}

/** A component at one moment. Immutable; the same object until something changes, and untouched parts of `state` are kept. */
export interface Snapshot<N extends Name, S = State<N> | undefined> {
  /** The server's state with what is pending on top: sets, and the optimistic effects of calls, in the order made. */
  readonly state: S;
  /** mounting → live → stale (link lost, state kept) → live; failed: the mount was refused, or the server ended it. */
  readonly status: "mounting" | "live" | "stale" | "failed";
  readonly pending: Pending<N>;
  /** The last failed call, set or mount; cleared by the next success of the same, or by `clearError()`. */
  readonly error: LiveError | null;
  /** The server's version of the state. */
  readonly version: number;
}

/**
 * By action: what it will do to the state, shown until the server has answered. Pure: it is run again on every newer state of
 * the server, and must change neither the state it is given nor anything else. An item it adds should have an id that the page
 * made and sends along, so that a list keeps its keys when the server's item takes its place.
 */
export type Optimistic<N extends Name> = { readonly [A in Action<N>]?: ((state: State<N>, payload: Args<N, A>) => State<N>) | undefined };

/** How a component is mounted. */
export interface MountOptions<N extends Name> {
  /** Shown until the server has answered. */
  readonly initial?: State<N> | undefined;
  /** Hooks on this page with equal name, props and key share one mount. Give each its own key to have several. */
  readonly key?: string | undefined;
  /** What calls show before they are answered; the last one given counts, for calls made from then on. */
  readonly optimistic?: Optimistic<N> | undefined;
}

/** How one call is made. */
export interface CallOptions {
  /** Ends the wait, with the error `aborted`; not the action, which counts all the same. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long to wait, in milliseconds. Then a call that was not sent is taken back and fails with `disconnected`; one that was
   * sent fails with `unknown_outcome`. Default: the client's `callTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined;
  /** Names one of many pending calls of the same action, e.g. a row's id, for `pending.of(action, key)`. */
  readonly key?: string | number | undefined;
  /** `fail`: fails with `disconnected` at once instead of waiting for a connection. Default: `queue`. */
  readonly offline?: "queue" | "fail" | undefined;
}

/** When a set may be sent: calls `send`, at once or later, whenever the field is set. See `debounce` and `throttle`. */
export type Timing = (send: () => void, clock: {
  readonly after: (ms: number, run: () => void) => Cancel;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** What it remembers of this field. */
  readonly field: { cancel?: Cancel | undefined; next?: number };
}) => void;

/** How a field is set. Whatever it says, the page shows the value at once, and a call sends it first. */
export interface SetOptions {
  /**
   * When the value is sent. `ack`, the default: one message for each field is on its way, and when that is acknowledged, the
   * newest value follows. `blur`: with the next `flush()`, call or blur of the bound input. Or as a `debounce(ms)` or
   * `throttle(ms)` decides.
   */
  readonly send?: "ack" | "blur" | Timing | undefined;
  /** Lost rather than kept for a later connection: for cursors and sliders. */
  readonly volatile?: boolean | undefined;
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
  readonly call: <A extends keyof Actions<N> & string>(action: A, ...args: CallArgs<Args<N, A>, CallOptions>) => Promise<Ok<N, A>>;
  /** As `call`, but never rejects: `{ ok: true, data }` or `{ ok: false, error }`. */
  readonly callSafe: <A extends keyof Actions<N> & string>(action: A, ...args: CallArgs<Args<N, A>, CallOptions>) => Promise<Result<Ok<N, A>, Err<N, A>>>;
  /** As `call`, for event handlers: returns nothing, and a failure is reported and shows as `error`. */
  readonly dispatch: <A extends keyof Actions<N> & string>(action: A, ...args: CallArgs<Args<N, A>, CallOptions>) => void;
  /** Sets a bindable field: visible at once, and never overwritten by an older echo. */
  readonly set: <K extends Field<N>>(field: K, value: State<N>[K & keyof State<N>], options?: SetOptions) => void;
  /** Sets several fields, which are shown and sent together. */
  readonly setMany: (values: { readonly [K in Bind<N>]?: State<N>[K] }, options?: SetOptions) => void;
  /** Sends every set that waits, whatever for. Resolves when all sets made so far are acknowledged or refused. */
  readonly flush: () => Promise<void>;
  /** Forgets `error`. */
  readonly clearError: () => void;
  /**
   * Calls `listener` once for every event of that name, after the state it belongs to is visible, in a microtask of its own.
   * It hears nothing while the component is not mounted, and mounts nothing itself.
   */
  readonly on: <E extends EventName<N>>(event: E, listener: (payload: Events<N>[E & keyof Events<N>]) => void) => Cancel;
}
