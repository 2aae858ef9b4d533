// One connection that stays: it opens sockets, one at a time, and decides after each loss whether and when to try again.
// It knows no messages.
//
//   down ──connect──▶ opening ──synced──▶ synced
//    ▲                 ▲   │                │
//    │               retry ╰─────────┬──────╯
//    │                 │             │ closed, refused or silent
//    ╰── final code ── waiting ◀─────╯

import { retryDelay, type ReconnectOptions } from "./backoff.js";
import { COMES_BACK, verdictOn } from "./close-code.js";
import type { Cancel, Environment, Wake } from "./environment.js";
import { LiveError } from "./error.js";

/**
 * - `idle`: nothing needs a connection yet, or any more
 * - `connecting`, `connected`, `reconnecting`: as they say
 * - `offline`: as `reconnecting`, and the browser says there is no network
 * - `paused`: another tab took the session over; goes on when the user returns
 * - `denied`: the server refuses this visitor
 * - `outdated`: the server no longer speaks to this build; reload the page
 * - `closed`: ended for good, by `close()` or by an error that a retry cannot mend
 */
export type ConnectionStatus =
  | "idle" | "connecting" | "connected" | "reconnecting" | "offline" | "paused" | "denied" | "outdated" | "closed";

/** What there is to know about a connection. Immutable; a new object on every change. */
export interface ConnectionInfo {
  readonly status: ConnectionStatus;
  /** When it came to this status, in milliseconds since 1970. */
  readonly since: number;
  /** Tries that failed in a row since the last time it was connected. */
  readonly attempt: number;
  /** When the next try comes, in milliseconds since 1970; null unless one is scheduled. */
  readonly nextRetryAt: number | null;
  /** How long the server took to answer the last time it was asked, in milliseconds; null before that. */
  readonly latencyMs: number | null;
  /** Calls and sets that are not acknowledged. */
  readonly unsynced: number;
  /** Why it is not connected, if more is known than that the link was lost. */
  readonly error: LiveError | null;
}

/** Where to connect, and as whom. */
export interface Address {
  readonly url: string;
  /** Null for nobody in particular. */
  readonly token: string | null;
}

/** Whoever uses a connection. */
export interface ConnectionOwner {
  /** Asked before every try. Throws a LiveError `unauthorized` to stop. */
  readonly address: () => Address | Promise<Address>;
  readonly protocols: string[];
  /** The socket to that address is open. */
  readonly opened: (address: Address) => void;
  readonly received: (data: unknown) => void;
  /** The socket is gone, with the error if more is known; a new one may come. */
  readonly lost: (error: LiveError | null) => void;
  /** Denied, outdated or closed: no new socket will come by itself. */
  readonly stopped: (error: LiveError) => void;
  /** The time to move has come: to `replace` as soon as nothing is under way, which will not be waited for much longer. */
  readonly moving: () => void;
  /** The page came back while connected: is the link still alive? */
  readonly woken: () => void;
  /** The server wants another proof of who this is; true if the next `address` can give one. */
  readonly reauthenticate: () => boolean;
  /** Hears what a listener threw. */
  readonly report: (error: unknown) => void;
}

type Attempt =
  | { readonly state: "down" }
  | { readonly state: "waiting"; readonly cancel: Cancel }
  | { readonly state: "opening"; readonly cancel: Cancel; socket: WebSocket | null }
  | { readonly state: "synced"; readonly cancel: Cancel; readonly socket: WebSocket };

// A socket stuck in CONNECTING, or a server that does not answer, is given up after this.
const OPEN_LIMIT_MS = 10_000;

// Whoever moves last has this much longer to hear what is under way.
const LEAVE_LIMIT_MS = 13_000;

export class Connection {
  #info: ConnectionInfo;
  #attempt: Attempt = { state: "down" };
  /** When the server wants this client elsewhere; null unless it said so. */
  #moveAt: number | null = null;
  #stopWaking: Cancel | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #owner: ConnectionOwner;
  readonly #reconnect: ReconnectOptions | false;
  readonly #environment: Environment;

  constructor(owner: ConnectionOwner, reconnect: ReconnectOptions | false, environment: Environment) {
    this.#owner = owner;
    this.#reconnect = reconnect;
    this.#environment = environment;
    this.#info = { status: "idle", since: environment.date(), attempt: 0, nextRetryAt: null, latencyMs: null, unsynced: 0, error: null };
  }

  readonly get = (): ConnectionInfo => this.#info;

  readonly subscribe = (listener: () => void): Cancel => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** The current socket, whatever its state. */
  get socket(): WebSocket | null {
    return "socket" in this.#attempt ? this.#attempt.socket : null;
  }

  /** Connects, unless it is under way or was stopped for a reason. */
  connect(): void {
    if (this.#info.status === "idle") this.#open();
  }

  /** Tries at once, also after a stop. */
  readonly retryNow = (): void => {
    const { state } = this.#attempt;
    if (state === "down" || state === "waiting") this.#open();
  };

  send(data: Parameters<WebSocket["send"]>[0]): void {
    const { socket } = this;
    if (socket?.readyState === OPEN) socket.send(data);
  }

  /** The other side is ready. Only now do retries start from the beginning. */
  synced(): void {
    this.#keepFor();
    this.#become("connected");
    this.#tell();
  }

  /** Gives the socket up and opens another at once. */
  replace(): void {
    const before = this.#info;
    this.#drop();
    this.#owner.lost(null);
    // Whoever heard of the loss may have closed the connection, or opened the next socket already.
    if (this.#info === before) this.#open();
  }

  /** Has the owner move to a new socket at a random time within `afterMs`; the old one serves until then. */
  move(afterMs: number): void {
    if (this.#attempt.state !== "synced") return;
    const wait = this.#environment.random() * afterMs;
    this.#moveAt = this.#environment.now() + wait;
    this.#keepFor(wait, () => {
      this.#moveAt = null;
      this.#keepFor(afterMs - wait + LEAVE_LIMIT_MS, () => { this.replace(); });
      this.#owner.moving();
    });
  }

  /** Ends it: only `retryNow`, or `connect` after `idle`, opens a socket again. */
  stop(status: ConnectionStatus, error: LiveError | null = null, code = 1000): void {
    this.#drop(code);
    if (status !== "paused") {
      this.#stopWaking?.();
      this.#stopWaking = null;
    }
    const stopped = this.#become(status, error);
    this.#owner.lost(error);
    // Whoever heard of the loss may have opened the next socket already.
    if (this.#info === stopped && status !== "idle" && status !== "paused") {
      this.#owner.stopped(error ?? new LiveError("disconnected", "the connection was closed"));
    }
    this.#tell();
  }

  #open(): void {
    const { status, attempt, error } = this.#info;
    this.#drop();
    this.#moveAt = null;
    this.#stopWaking ??= this.#environment.onWake((why) => { this.#woken(why); });
    const opening: Attempt = { state: "opening", socket: null, cancel: this.#environment.after(OPEN_LIMIT_MS, () => { this.#lost(null); }) };
    this.#attempt = opening;
    this.#become(status === "connected" || attempt > 0 ? "reconnecting" : "connecting", error, attempt);
    this.#tell();
    // Whoever heard of it may have closed the connection.
    if (this.#attempt !== opening) return;
    const current = <T>(then: (value: T) => void) => (value: T) => {
      if (this.#attempt === opening) then(value);
    };
    const dial = current((address: Address) => { opening.socket = this.#dial(address); });
    const refused = current((why: unknown) => { this.#refused(why); });
    try {
      const address = this.#owner.address();
      if (address instanceof Promise) address.then(dial).catch(refused);
      else dial(address);
    } catch (why) {
      refused(why);
    }
  }

  #dial(address: Address): WebSocket {
    const socket = this.#environment.open(address.url, this.#owner.protocols);
    socket.onopen = () => { this.#owner.opened(address); };
    socket.onmessage = (event) => { this.#owner.received(event.data); };
    socket.onclose = (event) => { this.#closed(event.code, event.reason); };
    return socket;
  }

  /** The socket is in use, for that long or for good. */
  #keepFor(ms?: number, then?: () => void): void {
    const attempt = this.#attempt;
    if (!("socket" in attempt) || attempt.socket === null) return;
    attempt.cancel();
    const cancel = ms === undefined || then === undefined ? () => undefined : this.#environment.after(ms, then);
    this.#attempt = { state: "synced", socket: attempt.socket, cancel };
  }

  /** Lets go of the current attempt. Invariant: no event of a socket that was let go is heard. */
  #drop(code = COMES_BACK): void {
    const { socket } = this;
    if ("cancel" in this.#attempt) this.#attempt.cancel();
    this.#attempt = { state: "down" };
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #closed(code: number, reason: string): void {
    const [next, why] = verdictOn(code);
    const error = why === undefined ? null : new LiveError(why, `the server closed the connection: ${reason || String(code)}`);
    if (next === "retry" || (next === "reauthenticate" && this.#owner.reauthenticate())) this.#lost(error);
    else this.stop(next === "reauthenticate" ? "denied" : next, error);
  }

  /** No socket could be opened. */
  #refused(why: unknown): void {
    if (why instanceof LiveError) this.stop("denied", why);
    else this.#lost(new LiveError("disconnected", String(why)));
  }

  #lost(error: LiveError | null): void {
    this.#drop();
    const failures = this.#info.attempt;
    const options = this.#reconnect;
    if (options === false || failures >= (options.maxAttempts ?? Infinity)) {
      this.stop("closed", error ?? new LiveError("disconnected", "the connection was lost"));
      return;
    }
    const { after, date, now, online, random } = this.#environment;
    const wait = this.#moveAt === null ? retryDelay(failures, random(), options) : Math.max(0, this.#moveAt - now());
    this.#attempt = { state: "waiting", cancel: after(wait, () => { this.#open(); }) };
    this.#become(online() ? "reconnecting" : "offline", error, failures + 1, date() + wait);
    this.#owner.lost(error);
    this.#tell();
  }

  #woken(why: Wake): void {
    const { state } = this.#attempt;
    if (state === "synced") this.#owner.woken();
    else if (state === "waiting" || why === "visible") this.retryNow();
  }

  #become(status: ConnectionStatus, error: LiveError | null = null, attempt = 0, nextRetryAt: number | null = null): ConnectionInfo {
    const since = status === this.#info.status ? this.#info.since : this.#environment.date();
    return (this.#info = { status, since, attempt, nextRetryAt, latencyMs: null, unsynced: 0, error });
  }

  /** Tells the listeners, which may do anything: only when the owner knows, and with nothing left to do that could undo it. */
  #tell(): void {
    for (const listener of [...this.#listeners]) {
      // An earlier one may have taken it out.
      if (!this.#listeners.has(listener)) continue;
      try {
        listener();
      } catch (error) {
        this.#owner.report(error);
      }
    }
  }
}

/** `WebSocket.OPEN`, also where there is no WebSocket. */
const OPEN = 1;
