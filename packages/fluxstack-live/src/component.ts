// One component of a page: the server's state, what is pending on top of it, and who watches. Its names and payloads are
// checked by the types in handle.ts; here they are strings and `unknown`.

import { share } from "./apply.js";
import { outgoing, watched } from "./call.js";
import type { Cancel, Environment } from "./environment.js";
import { LiveError, located, type Result, type TransportCode } from "./error.js";
import { Events } from "./events.js";
import { Lease } from "./lease.js";
import { Optimistic, type PendingRequest } from "./optimistic.js";
import type {
  ClientMessage, ComponentMount, ComponentMounted, ComponentUnmounted, EventMessage, MissedEvent, PropertyUpdate, ResumePoint, StateDelta, StateUpdate, UnmountReason,
} from "./protocol.js";
import type { Request } from "./requests.js";
import type { Session, Subscriber } from "./session.js";
import { Store, type StoreStatus } from "./store.js";

/** What a component looks like at one moment; the untyped half of `Snapshot`. */
export interface View {
  readonly state: unknown;
  readonly status: StoreStatus;
  readonly pending: { readonly count: number; readonly of: (action: string, key?: string | number) => number; readonly fields: ReadonlySet<string> };
  readonly error: LiveError | null;
  readonly version: number;
}

/** What a component is made of and belongs to. */
export interface ComponentOptions {
  readonly id: string;
  readonly name: string;
  readonly props: unknown;
  readonly initial: unknown;
  readonly session: Session;
  readonly environment: Environment;
  readonly lingerMs: number;
  readonly report: (error: unknown) => void;
  /** Someone came to hold it. */
  readonly started: (component: Component) => void;
}

/** Which call or set an error belongs to; of a mount if it names none. */
interface Origin {
  readonly action?: string;
  readonly property?: string;
}

/** The error that each final reason of the server's means; one of a newer server is as good as `closed`. */
const ENDED: Readonly<Record<Exclude<UnmountReason, "gone">, TransportCode>> = { denied: "forbidden", failed: "internal", closed: "gone" };

export class Component implements Subscriber {
  readonly id: string;
  readonly name: string;
  /** Why it was not mounted, or ended; null while it may have state. */
  failure: LiveError | null = null;
  readonly #options: ComponentOptions;
  readonly #store: Store;
  readonly #optimistic = new Optimistic();
  readonly #lease: Lease;
  readonly #listeners = new Set<() => void>();
  readonly #events = new Events();
  readonly #eventListeners = new Set<(event: MissedEvent) => void>();
  /** The newest request if it is a set: until it is sent, another set of its field only changes it. */
  #lastSet: PropertyUpdate | null = null;
  /** What each field was last set to, once that was acknowledged, and what the server's state showed in its place before. */
  readonly #typed = new Map<string, { readonly value: unknown; readonly was: unknown }>();
  /** Whether what it holds has come since it was last to be mounted. */
  #held = false;
  #error: LiveError | null = null;
  #pending: View["pending"];
  /** What the last publication was of; a view of it is made when someone asks. */
  #shown: readonly unknown[];
  #view: View | null;
  readonly #first: View;

  constructor(options: ComponentOptions) {
    this.id = options.id;
    this.name = options.name;
    this.#options = options;
    this.#store = new Store(options.initial);
    this.#lease = new Lease({ start: () => { this.#start(); }, end: () => { this.#end(); } }, options.lingerMs, options.environment);
    this.#pending = this.#count();
    this.#shown = this.#marks();
    this.#first = this.#view = this.#look();
  }

  readonly getSnapshot = (): View => (this.#view ??= this.#look());

  readonly getServerSnapshot = (): View => this.#first;

  readonly subscribe = (listener: () => void): Cancel => {
    const release = this.#lease.hold();
    const forget = addTo(this.#listeners, listener);
    return () => {
      forget();
      release();
    };
  };

  readonly call = (action: string, payload?: unknown): Promise<unknown> => watched(this.#call(action, payload), this.#options.report);

  optimistic: Record<string, ((state: unknown, payload: unknown) => unknown) | undefined> = {};

  readonly setMany = (values: object): void => {
    for (const [field, value] of Object.entries(values)) this.set(field, value);
  };

  readonly flush = (): Promise<void> => {
    if (this.getSnapshot().pending.fields.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.getSnapshot().pending.fields.size > 0) return;
        stop();
        resolve();
      });
    });
  };

  readonly ready = (): Promise<void> => new Promise((resolve, reject) => {
    const look = (): boolean => {
      const { status, error } = this.getSnapshot();
      if (status === "failed") reject(error as LiveError);
      else if (status === "mounting") return false;
      else resolve();
      return true;
    };
    const stop = this.subscribe(() => { if (look()) stop(); });
    if (look()) stop();
  });

  readonly select = (select: (state: unknown) => unknown, isEqual: (a: unknown, b: unknown) => boolean = Object.is): { get: () => unknown; subscribe: (listener: () => void) => Cancel } => {
    let last = select(this.getSnapshot().state);
    const get = (): unknown => {
      const next = select(this.getSnapshot().state);
      return (last = isEqual(last, next) ? last : next);
    };
    return {
      get,
      subscribe: (listener) => {
        let told = get();
        return this.subscribe(() => {
          if (told === (told = get())) return;
          listener();
        });
      },
    };
  };

  readonly callSafe = (action: string, payload?: unknown): Promise<Result<unknown, unknown>> =>
    this.#call(action, payload).then(
      (data) => ({ ok: true, data }),
      (error: unknown) => ({ ok: false, error: error as LiveError<"action"> }),
    );

  readonly dispatch = (action: string, payload?: unknown): void => {
    void this.call(action, payload);
  };

  readonly set = (field: string, value: unknown): void => {
    void watched(this.#set(field, value), this.#options.report);
  };

  readonly clearError = (): void => {
    this.#error = null;
    this.publish();
  };

  readonly on = (event: string, listener: (payload: unknown) => void): Cancel => {
    return addTo(this.#eventListeners, (message) => {
      if (message.event === event) listener(message.payload);
    });
  };

  get epoch(): string | null {
    return this.#store.epoch;
  }

  get version(): number {
    return this.#store.version;
  }

  mount(): ComponentMount {
    this.lose();
    this.#held = false;
    return { type: "COMPONENT_MOUNT", componentId: this.id, payload: { component: this.name, props: this.#options.props } };
  }

  point(): ResumePoint {
    const { id: componentId, epoch, version } = this;
    return this.#held && epoch !== null ? { componentId, epoch, version } : { componentId };
  }

  receive(message: ComponentMounted | StateUpdate | StateDelta | ComponentUnmounted): ClientMessage | null {
    if (message.type !== "COMPONENT_UNMOUNTED") {
      const before = message.type === "COMPONENT_MOUNTED" && message.epoch !== this.epoch ? this.#store.state : undefined;
      const gap = this.#store.receive(message);
      if (message.type === "COMPONENT_MOUNTED") {
        // Whatever was said before of this mount or the one before it: it is there.
        if (this.#store.mounted) this.#recover();
        this.#held = true;
        this.#offer(before);
        message.events?.forEach((event) => { this.#events.add(event, message.epoch); });
      }
      return gap ? { type: "RESYNC", componentId: this.id } : null;
    }
    const { reason } = message;
    if (reason === "gone") return this.mount();
    const code = Object.hasOwn(ENDED, reason) ? ENDED[reason] : "gone";
    return this.#fail(new LiveError(code, `the server ended the component: ${reason}`));
  }

  refuse(error: LiveError): ClientMessage | null {
    if (!this.#store.mounted) return this.#fail(error);
    // The answer to a RESYNC: no snapshot will come, and without one the state would stay as it is for ever.
    if (this.#store.resyncing || error.code === "gone") return this.mount();
    this.#error = this.#located(error);
    return null;
  }

  tell(event: EventMessage): void {
    // Of another history, as its deltas are.
    if (this.#store.mounted) this.#events.add(event, this.epoch);
  }

  told(): (() => void)[] {
    return this.#events.due(this.#store).map((event) => () => { this.#notify(this.#eventListeners, event); });
  }

  lose(): void {
    this.#store.lose();
    this.#events.forget();
    this.#recover();
  }

  publish(): void {
    const marks = this.#marks();
    if (marks.every((mark, i) => mark === this.#shown[i])) return;
    this.#shown = marks;
    this.#view = null;
    this.#notify(this.#listeners, undefined);
  }

  #start(): void {
    this.#options.started(this);
    this.#options.session.add(this);
  }

  #end(): void {
    this.#options.session.remove(this);
    this.#typed.clear();
    this.lose();
    this.publish();
  }

  #recover(): void {
    if (this.#error === this.failure) this.#error = null;
    this.failure = null;
  }

  #fail(error: LiveError): null {
    this.#store.fail();
    this.#events.forget();
    this.#typed.clear();
    this.failure = this.#error = this.#located(error);
    return null;
  }

  #call(action: string, payload: unknown): Promise<unknown> {
    this.#lastSet = null;
    const origin = { action };
    return this.#sending(payload, action, origin, (sent) =>
      {
      const message = { type: "COMPONENT_ACTION" as const, componentId: this.id, action, payload: sent };
      const effect = this.optimistic[action];
      if (effect !== undefined) this.#optimistic.effects.set(message, (state) => effect(state, sent));
      return this.#request(message, origin);
    });
  }

  #set(property: string, value: unknown): Promise<unknown> {
    const origin = { property };
    return this.#sending(value ?? null, property, origin, (sent) => {
      const last = this.#lastSet;
      if (last?.payload.property !== property || !this.#options.session.isWaiting(last)) {
        return this.#request((this.#lastSet = { type: "PROPERTY_UPDATE", componentId: this.id, payload: { property, value: sent } }), origin);
      }
      last.payload.value = sent;
      this.#optimistic.touch();
      this.publish();
      return Promise.resolve();
    });
  }

  /**
   * Sets again what another history lacks: what this component set, and `before`, the last state of the one lost, still showed.
   * Not where somebody has been there since: the field shows what it showed before, or the history has just begun.
   */
  #offer(before: unknown): void {
    const { state, version } = this.#store;
    for (const [property, { value, was }] of this.#typed) {
      if (this.#optimistic.fields.has(property) || !shows(before, property, value) || shows(state, property, value)) continue;
      if (version > 0 && !shows(state, property, was)) continue;
      void watched(this.#request({ type: "PROPERTY_UPDATE", componentId: this.id, payload: { property, value } }, { property }, "repeat"), this.#options.report);
    }
  }

  /** A value that cannot be sent is a failure like any other, but never leaves this page. */
  #sending(value: unknown, name: string, origin: Origin, send: (sent: unknown) => Promise<unknown>): Promise<unknown> {
    try {
      return send(outgoing(value, name));
    } catch (error) {
      this.#error = this.#located(error as LiveError, origin);
      this.publish();
      return Promise.reject(this.#error);
    }
  }

  /** Hands a request to the session; it is pending, and holds the component, until it is answered. */
  #request(message: PendingRequest, origin: Origin, as: "add" | "repeat" = "add"): Promise<unknown> {
    const release = this.#lease.hold();
    const was = message.type === "PROPERTY_UPDATE" ? fieldOf(this.#store.state, message.payload.property) : undefined;
    this.#optimistic.add(message);
    this.#pending = this.#count();
    return new Promise((resolve, reject) => {
      const finish: Request["finish"] = (error, result) => {
        this.#optimistic.remove(message);
        this.#pending = this.#count();
        release();
        if (error !== null) {
          const shown = (this.#error = this.#located(error, origin));
          return () => { reject(shown); };
        }
        if (message.type === "PROPERTY_UPDATE" && this.failure === null) {
          const { property, value } = message.payload;
          const last = this.#typed.get(property);
          // Of one letter after the other, it is what was there before the first.
          this.#typed.set(property, { value, was: last !== undefined && isSame(last.value, was) ? last.was : was });
        }
        if (this.#error?.action === origin.action && this.#error?.property === origin.property) this.#error = null;
        return () => { resolve(result); };
      };
      this.#options.session.request(this, { message, sendable: () => this.#store.mounted, finish }, as);
    });
  }

  #located(error: LiveError, origin?: Origin): LiveError {
    return located(error, { ...origin, component: this.name });
  }

  #count(): View["pending"] {
    const { calls, fields } = this.#optimistic;
    return { count: [...calls.values()].reduce((sum, count) => sum + count, 0), of: (action) => calls.get(action) ?? 0, fields };
  }

  /** What a view is made of, with counts in place of the state, which is not read before someone asks. */
  #marks(): readonly unknown[] {
    const { replaced, status, version } = this.#store;
    return [replaced, this.#optimistic.changes, status, version, this.#pending, this.#error];
  }

  #look(): View {
    const { state, status, version } = this.#store;
    return { state: this.#optimistic.view(state), status, pending: this.#pending, error: this.#error, version };
  }

  #notify<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of [...listeners]) {
      // An earlier one may have taken it out.
      if (!listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        // One broken listener must not cost the others their news.
        this.#options.report(error);
      }
    }
  }
}

function fieldOf(state: unknown, field: string): unknown {
  return (state as Record<string, unknown> | undefined)?.[field];
}

/** Whether a state has a field with that value. */
function shows(state: unknown, field: string, value: unknown): boolean {
  return isSame(fieldOf(state, field), value);
}

function isSame(value: unknown, other: unknown): boolean {
  return Object.is(share(value, other), value);
}

/** Adds a listener under an entry of its own, so that the same function may listen twice. */
function addTo<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): Cancel {
  const entry = (value: T): void => { listener(value); };
  listeners.add(entry);
  return () => {
    listeners.delete(entry);
  };
}
