// One component of a page: the server's state, what is pending on top of it, and who watches. Its names and payloads are
// checked by the types in handle.ts; here they are strings and `unknown`.

import { share } from "./apply.js";
import { outgoing, watched } from "./call.js";
import { toWire } from "./codec.js";
import type { Cancel, Environment } from "./environment.js";
import { LiveError, located, type Result, type TransportCode } from "./error.js";
import type { CallOptions, SetOptions, Timing } from "./handle.js";
import { lease } from "./lease.js";
import { listeners } from "./listeners.js";
import type { ComponentMounted, EventMessage, PropertyUpdate, StateDelta, StateUpdate, UnmountReason } from "./protocol.js";
import { Replica } from "./replica.js";
import type { Request } from "./requests.js";
import type { Session } from "./session.js";
import type { Subscriber } from "./subscriber.js";

/** What an action will do to a state, or what a set does. */
type Effect = (state: unknown, payload: unknown) => unknown;

/** What a component looks like at one moment; the untyped half of `Snapshot`. */
export interface View {
  readonly state: unknown;
  readonly status: "mounting" | "live" | "stale" | "failed";
  readonly pending: { readonly count: number; readonly of: (action: string, key?: string | number) => number; readonly fields: ReadonlySet<string> };
  readonly error: LiveError | null;
  readonly version: number;
}

/** The untyped half of `LiveHandle`, and what its session needs. */
export interface Component extends Subscriber {
  readonly name: string;
  readonly getSnapshot: () => View;
  readonly getServerSnapshot: () => View;
  readonly subscribe: (listener: () => void) => Cancel;
  readonly call: (action: string, payload?: unknown, options?: CallOptions) => Promise<unknown>;
  readonly callSafe: (action: string, payload?: unknown, options?: CallOptions) => Promise<Result<unknown, unknown>>;
  readonly dispatch: (action: string, payload?: unknown, options?: CallOptions) => void;
  readonly set: (field: string, value: unknown, options?: SetOptions) => void;
  readonly setMany: (values: object, options?: SetOptions) => void;
  readonly flush: () => Promise<void>;
  readonly clearError: () => void;
  readonly on: (event: string, listener: (payload: unknown) => void) => Cancel;
  /** What calls made from now on show before they are answered. */
  optimistic: Readonly<Record<string, Effect | undefined>>;
}

/** What a component is made of. */
export interface ComponentSource {
  readonly id: string;
  readonly name: string;
  /** Undefined for one that is skipped: it is not mounted, and what is asked of it fails. */
  readonly props: unknown;
  readonly initial: unknown;
}

/** How a component behaves; see `LiveClientOptions`. */
export interface ComponentOptions {
  readonly lingerMs?: number | undefined;
  readonly callTimeoutMs?: number | undefined;
}

/** Which call or set an error belongs to; of a mount if it names none. */
interface Origin {
  readonly action?: string;
  readonly property?: string;
}

/** A request without an answer, and what it shows. */
interface Pending extends Request {
  readonly action: string | undefined;
  readonly key: string | number | undefined;
  readonly was: unknown;
  readonly effect: ((state: unknown) => unknown) | undefined;
  /** Resolves when it is answered, whatever the answer. */
  readonly answered: Promise<unknown>;
}

/** The error that each final reason of the server's means; one of a newer server is as good as `closed`. */
const ENDED: Readonly<Record<Exclude<UnmountReason, "gone">, TransportCode>> = { denied: "forbidden", failed: "internal", closed: "gone" };

export function componentOf(
  { id, name, props, initial }: ComponentSource, { lingerMs = 1000, callTimeoutMs }: ComponentOptions, session: Session, environment: Environment, report: (error: unknown) => void,
): Component {
  /** Exactly the server's state at (`epoch`, `version`) once `epoch` is known; before that a guess, or undefined. */
  let replica = new Replica(initial);
  /** Whether a snapshot was asked for and has not come. Until then deltas follow nothing that is held and are ignored. */
  let gap = false;
  /** Whether what it holds has come since it was last to be mounted. */
  let isHeld = false;
  let error: LiveError | null = null;
  /** In the order made. Another list on every change. */
  let pending: readonly Pending[] = [];
  /** The newest set of each field since the last call: until it is sent, another one only changes it. */
  const newest = new Map<string, Pending>();
  /** What the timing of each field remembers. */
  const timed = new Map<string, Parameters<Timing>[1]["field"]>();
  /** What each field was last set to, once that was acknowledged, and what the server's state showed in its place before. */
  const typed = new Map<string, { readonly value: unknown; readonly was: unknown }>();
  const watchers = listeners<undefined>(report);
  const hearers = listeners<Pick<EventMessage, "event" | "payload">>(report);

  function status(): View["status"] {
    if (self.failure !== null) return "failed";
    return self.mounted ? "live" : self.epoch === null ? "mounting" : "stale";
  }

  /** What a view is made of, with the replica and the version in place of the state, which is not read before someone asks. */
  function marks(): readonly unknown[] {
    return [replica, self.version, pending, status(), error];
  }

  /** The last state that was seen, and of what it was made. */
  let replayed: readonly unknown[] = [];

  function look(): View {
    const base = replica.state;
    if (base !== replayed[0] || pending !== replayed[1]) replayed = [base, pending, base === undefined ? base : pending.reduce(replay, base)];
    const calls = pending.filter(({ property }) => property === undefined);
    return {
      state: replayed[2],
      status: status(),
      pending: {
        count: calls.length,
        of: (action, key) => calls.filter((call) => call.action === action && (key === undefined || call.key === key)).length,
        fields: new Set(pending.flatMap(({ property }) => property ?? [])),
      },
      error,
      version: self.version,
    };
  }

  function replay(state: unknown, { effect }: Pending): unknown {
    try {
      return effect === undefined ? state : effect(state);
    } catch (why) {
      report(why);
      return state;
    }
  }

  function at(failure: LiveError, origin?: Origin): LiveError {
    return located(failure, { ...origin, component: name });
  }

  function fail(failure: LiveError): void {
    typed.clear();
    self.mounted = self.asked = false;
    self.failure = error = at(failure);
    session.withdraw(({ subscriber }) => subscriber === self, error);
  }

  /** Whatever was said before of this mount or the one before it: it is there, or may be. */
  function recover(): void {
    if (error === self.failure) error = null;
    self.failure = null;
  }

  function lose(): void {
    self.mounted = false;
    recover();
  }

  const hold = lease(() => {
    if (props !== undefined) session.add(self);
  }, () => {
    session.remove(self);
    typed.clear();
    lose();
    self.publish();
  }, lingerMs, environment);

  /** Hands a request to the session; it is pending, and holds the component, until it is answered. */
  function make(
    message: Request["message"], origin: Origin, effect: Pending["effect"],
    { signal, timeoutMs, key, send, volatile: isVolatile = false }: CallOptions & SetOptions = {}, isRepeated?: boolean,
  ): Promise<unknown> {
    const { action, property } = origin;
    const release = hold();
    const was = property === undefined ? undefined : before(property);
    let settle: (failure: LiveError | null, result?: unknown) => void = () => undefined;
    const promise = new Promise((resolve, reject) => {
      settle = (failure, result) => {
        signal?.removeEventListener("abort", abort);
        stopWaiting?.();
        if (failure === null) resolve(result);
        else reject(failure);
      };
    });
    const abort = (): void => { settle(at(new LiveError("aborted", "the wait was aborted; the action counts all the same"), origin)); };
    signal?.addEventListener("abort", abort);
    const limit = property === undefined ? timeoutMs ?? callTimeoutMs : undefined;
    const stopWaiting = limit === undefined ? undefined : environment.after(limit, () => {
      if (session.withdraw((other) => other === made, new LiveError("disconnected", "there was no connection in time"))) return;
      const failure = at(new LiveError("unknown_outcome", "there was no answer in time; it may have run"), origin);
      session.step(() => { error = failure; });
      settle(failure);
    });
    const made: Pending = {
      message, action, property, effect, key, was, isVolatile, subscriber: self, due: true, ...(isRepeated && { made: 0 }), answered: promise.catch(() => undefined),
      finish(failure, result) {
        pending = pending.filter((other) => other !== made);
        release();
        if (failure !== null) error = failure = at(failure, origin);
        else if (error?.action === action && error?.property === property) error = null;
        if (failure === null && property !== undefined && !made.isVolatile && self.failure === null) {
          const { value } = (message as PropertyUpdate).payload;
          typed.set(property, { value, was });
        }
        return () => { settle(failure, result); };
      },
    };
    if (property !== undefined) {
      if (!isRepeated) newest.set(property, made);
      time(made, property, send);
    }
    pending = isRepeated ? [made, ...pending] : [...pending, made];
    session.request(made);
    return promise;
  }

  /** What a field was before it was set; of one letter after the other, before the first. */
  function before(property: string): unknown {
    const base = fieldOf(replica.state, property);
    const earlier = pending.findLast((request) => request.property === property);
    if (earlier !== undefined) return earlier.was;
    const last = typed.get(property);
    return last !== undefined && isSame(last.value, base) ? last.was : base;
  }

  /** Decides when a set may be sent. */
  function time(made: Pending, property: string, send: SetOptions["send"] = "ack"): void {
    made.due = send === "ack" && send;
    if (typeof send !== "function") return;
    const field = timed.get(property) ?? {};
    timed.set(property, field);
    const { after, now } = environment;
    try {
      send(() => {
        (newest.get(property) ?? made).due = true;
        session.wake();
      }, { after, now, field });
    } catch (why) {
      report(why);
      made.due = true;
    }
  }

  /** Sends what was set as it is: what is set from here on comes after it. */
  function hurry(): void {
    for (const made of newest.values()) made.due = true;
    newest.clear();
    session.wake();
  }

  /** A value that cannot be sent is a failure like any other, but never leaves this page. */
  function sending(value: unknown, origin: Origin, send: (sent: unknown) => Promise<unknown>): Promise<unknown> {
    const what = origin.action ?? origin.property ?? "";
    try {
      if (props === undefined) throw new LiveError("unmounted", `\`${name}\` is skipped: give its hook props before anything is asked of it`);
      return send(outgoing(value, what));
    } catch (why) {
      const failure = at(why as LiveError, origin);
      session.step(() => { error = failure; });
      self.publish();
      return Promise.reject(failure);
    }
  }

  function request(action: string, payload: unknown, options: CallOptions = {}): Promise<unknown> {
    if (options.signal?.aborted) return Promise.reject(at(new LiveError("aborted", "the signal was aborted before; nothing was sent"), { action }));
    return sending(payload, { action }, (sent) => {
      if (options.offline === "fail" && !["idle", "connecting", "connected"].includes(session.connection.get().status)) throw new LiveError("disconnected", "there is no connection");
      hurry();
      const effect = Object.hasOwn(self.optimistic, action) ? self.optimistic[action] : undefined;
      return make({ type: "COMPONENT_ACTION", componentId: id, action, payload: sent }, { action }, effect && ((state) => effect(state, sent)), options);
    });
  }

  function put(property: string, value: unknown, options?: SetOptions, isRepeated?: boolean): Promise<unknown> {
    return sending(value ?? null, { property }, (sent) => {
      if (options?.volatile && !self.mounted) return Promise.resolve();
      const made = newest.get(property);
      if (made !== undefined && session.isWaiting(made)) {
        (made.message as PropertyUpdate).payload.value = sent;
        made.isVolatile &&= options?.volatile ?? false;
        session.step(() => { pending = [...pending]; });
        time(made, property, options?.send);
        session.wake();
        return Promise.resolve();
      }
      const payload = { property, value: sent };
      return make({ type: "PROPERTY_UPDATE", componentId: id, payload }, { property }, (state) => ({ ...(state as object), [property]: payload.value }), options, isRepeated);
    });
  }

  /**
   * Sets again what another history lacks: what this component set, and `before`, the last state of the one lost, still showed.
   * Not where somebody has been there since: the field shows what it showed before, or the history has just begun.
   */
  function offer(before: unknown): void {
    const state = replica.state;
    for (const [property, { value, was }] of typed) {
      if (pending.some((request) => request.property === property) || !shows(before, property, value) || shows(state, property, value)) continue;
      if (self.version === 0 || shows(state, property, was)) void watched(put(property, value, undefined, true), report);
    }
  }

  /** Takes in a state or a change; if it does not fit, there is a gap. */
  function take(message: ComponentMounted | StateUpdate | StateDelta): void {
    const { epoch, ops } = message as Partial<ComponentMounted>;
    const isDelta = message.type === "STATE_DELTA";
    const state = isDelta ? undefined : message.type === "STATE_UPDATE" ? message.payload.state : message.state;
    if (state === undefined) gap = (isDelta ? message.from !== self.version : epoch !== self.epoch) || ops === undefined || !replica.apply(ops);
    else {
      const shared = share(replica.state, state);
      // Of another history even an equal state is another one: its version may be the same.
      if (shared !== replica.state || epoch !== self.epoch) replica = new Replica(shared);
      self.epoch = epoch ?? null;
      gap = false;
    }
    if (!gap) self.version = message.version;
  }

  const self: Mutable<Component> = {
    id,
    name,
    epoch: null,
    version: 0,
    failure: null,
    asked: false,
    optimistic: {},
    mounted: false,
    getSnapshot: () => (view ??= look()),
    getServerSnapshot: () => first,
    subscribe(listener) {
      const release = hold();
      const forget = watchers.add(listener);
      return () => {
        forget();
        // Nobody is left to say that it may go: React tells of no blur when it takes an input out of the page.
        if (watchers.isEmpty()) hurry();
        release();
      };
    },
    call: (action, payload, options) => watched(request(action, payload, options), report),
    callSafe: (action, payload, options) => request(action, payload, options).then(
      (data) => ({ ok: true, data }),
      (failure: unknown) => ({ ok: false, error: failure as LiveError<"action"> }),
    ),
    dispatch(action, payload, options) {
      void self.call(action, payload, options);
    },
    set(property, value, options) {
      void watched(put(property, value, options), (why) => {
        // What is wrong with a value is for its user to see, as the component's error.
        if ((why as LiveError).code !== "invalid") report(why);
      });
    },
    setMany(values, options) {
      session.step(() => {
        for (const [property, value] of Object.entries(values)) self.set(property, value, options);
      });
    },
    async flush() {
      hurry();
      await Promise.all(pending.filter(({ property }) => property !== undefined).map(({ answered }) => answered));
    },
    clearError() {
      session.step(() => { error = null; });
      self.publish();
    },
    on: (event, listener) => hearers.add((message) => {
      if (message.event === event) listener(message.payload);
    }),
    mount() {
      lose();
      isHeld = false;
      session.send({ type: "COMPONENT_MOUNT", componentId: id, payload: { component: name, props } });
    },
    point() {
      const { epoch, version } = self;
      return isHeld && epoch !== null ? { componentId: id, epoch, version } : { componentId: id };
    },
    receive(message) {
      if (message.type === "COMPONENT_UNMOUNTED") {
        const { reason } = message;
        if (reason === "gone") self.mount();
        else fail(new LiveError(Object.hasOwn(ENDED, reason) ? ENDED[reason] : "gone", `the server ended the component: ${reason}`));
        return;
      }
      const isMount = message.type === "COMPONENT_MOUNTED";
      if (!isMount && (!self.mounted || (gap && message.type === "STATE_DELTA"))) return;
      const before = isMount && message.epoch !== self.epoch ? replica.state : undefined;
      take(message);
      if (isMount) {
        recover();
        self.mounted = isHeld = true;
        offer(before);
      }
      if (gap) session.send({ type: "RESYNC", componentId: id });
    },
    refuse(failure) {
      if (!self.mounted) fail(failure);
      // The answer to a RESYNC: no snapshot will come, and without one the state would stay as it is for ever.
      else if (gap || failure.code === "gone") self.mount();
      else error = at(failure);
    },
    tell: hearers.tell,
    lose,
    publish() {
      const now = marks();
      if (now.every((mark, i) => mark === shown[i])) return;
      shown = now;
      view = null;
      watchers.tell(undefined);
    },
  };
  let shown = marks();
  const first = look();
  let view: View | null = first;
  return self;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function fieldOf(state: unknown, field: string): unknown {
  return (state as Record<string, unknown> | undefined)?.[field];
}

/** Whether a state has a field with that value. */
function shows(state: unknown, field: string, value: unknown): boolean {
  return isSame(fieldOf(state, field), value);
}

function isSame(value: unknown, other: unknown): boolean {
  return Object.is(share(value, toWire(other)), value);
}
