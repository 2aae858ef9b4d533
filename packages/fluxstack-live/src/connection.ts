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
import { listeners } from "./listeners.js";

/**
 * - `idle`: nothing needs a connection yet, or any more
 * - `connecting`, `connected`, `reconnecting`: as they say
 * - `offline`: as `reconnecting`, and the browser says there is no network
 * - `paused`: the page is hidden, or another tab took the session over; goes on when the user returns
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
  /** How long the server took to answer when it was last greeted or asked, in milliseconds; null before. */
  readonly latencyMs: number | null;
  /** Calls and sets that the server has not answered, those that wait to be sent included. */
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
  /** Asked before every try. A LiveError `unauthorized` stops it. */
  readonly address: () => Address | Promise<Address>;
  readonly protocols: string[];
  /** The socket to that address is open. */
  readonly opened: (socket: WebSocket, address: Address) => void;
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

export interface Connection {
  readonly get: () => ConnectionInfo;
  readonly subscribe: (listener: () => void) => Cancel;
  /** Connects, unless it is under way or was stopped for a reason. */
  readonly connect: () => void;
  /** Tries at once, also after a stop. */
  readonly retryNow: () => void;
  readonly send: WebSocket["send"];
  /** The other side is ready. Only now do retries start from the beginning. */
  readonly synced: (latencyMs?: number | null) => void;
  /** Gives the socket up and opens another at once. */
  readonly replace: () => void;
  /** Has the owner move to a new socket at a random time within `afterMs`; the old one serves until then. */
  readonly move: (afterMs: number) => void;
  /** Ends it: only `retryNow`, or `connect` after `idle`, opens a socket again. */
  readonly stop: (status: ConnectionStatus, error?: LiveError | null, code?: number) => void;
  /** Tells the listeners something else. */
  readonly note: (what: Partial<ConnectionInfo>) => void;
}

// A socket stuck in CONNECTING, or a server that does not answer, is given up after this.
const OPEN_LIMIT_MS = 10_000;

// Whoever moves last has this much longer to hear what is under way.
const LEAVE_LIMIT_MS = 13_000;

export function connectionOf(owner: ConnectionOwner, reconnect: ReconnectOptions | false, environment: Environment): Connection {
  const { add, tell } = listeners<undefined>(owner.report);
  let info: ConnectionInfo = { status: "idle", since: environment.date(), attempt: 0, nextRetryAt: null, latencyMs: null, unsynced: 0, error: null };
  /** Null while down or waiting, and until the address is known. */
  let socket: WebSocket | null = null;
  /** Ends the wait for whatever is waited for: an answer, a retry, the time to move. */
  let cancel: Cancel | undefined;
  /** Grows whenever a socket is let go. Invariant: no event of one that was let go is heard. */
  let turn = 0;
  /** When the server wants this client elsewhere; undefined unless it said so. */
  let moveAt: number | undefined;
  let stopWaking: Cancel | undefined;

  function wait(ms: number, run: () => void): void {
    cancel?.();
    cancel = environment.after(ms, run);
  }

  function become(status: ConnectionStatus, error: LiveError | null = null, attempt = 0, nextRetryAt: number | null = null): void {
    info = { ...info, status, since: status === info.status ? info.since : environment.date(), attempt, nextRetryAt, error };
  }

  /** Tells the listeners, which may do anything: only when the owner knows, and with nothing left to do that could undo it. */
  function told(): void {
    tell(undefined);
  }

  function drop(code = COMES_BACK): void {
    cancel?.();
    turn += 1;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
    socket = null;
  }

  function open(): void {
    const { status, attempt, error } = info;
    drop();
    moveAt = undefined;
    stopWaking ??= environment.onWake(woken);
    wait(OPEN_LIMIT_MS, () => { lost(null); });
    become(status === "connected" || attempt > 0 ? "reconnecting" : "connecting", error, attempt);
    const mine = turn;
    told();
    // Whoever heard of it may have closed the connection.
    if (mine !== turn) return;
    const dialled = (address: Address): void => {
      if (mine === turn) dial(address);
    };
    const refused = (why: unknown): void => {
      if (mine !== turn) return;
      if (why instanceof LiveError) stop("denied", why);
      else lost(new LiveError("disconnected", String(why)));
    };
    try {
      const address = owner.address();
      if (address instanceof Promise) address.then(dialled).catch(refused);
      else dial(address);
    } catch (why) {
      refused(why);
    }
  }

  function dial(address: Address): void {
    const opened = (socket = environment.open(address.url, owner.protocols));
    opened.onopen = () => { owner.opened(opened, address); };
    opened.onmessage = ({ data }) => { owner.received(data); };
    opened.onclose = ({ code, reason }) => {
      const [next, why] = verdictOn(code);
      const error = why === undefined ? null : new LiveError(why, `the server closed the connection: ${reason || String(code)}`);
      if (next === "retry" || (next === "reauthenticate" && owner.reauthenticate())) lost(error);
      else stop(next === "reauthenticate" ? "denied" : next, error);
    };
  }

  function lost(error: LiveError | null): void {
    drop();
    const { attempt } = info;
    if (reconnect === false || attempt >= (reconnect.maxAttempts ?? Infinity)) {
      stop("closed", error ?? new LiveError("disconnected", "the connection was lost"));
      return;
    }
    const ms = moveAt === undefined ? retryDelay(attempt, environment.random(), reconnect) : Math.max(0, moveAt - environment.now());
    wait(ms, open);
    become(environment.online() ? "reconnecting" : "offline", error, attempt + 1, environment.date() + ms);
    owner.lost(error);
    told();
  }

  function retryNow(): void {
    const { status, nextRetryAt } = info;
    if (nextRetryAt !== null || !UNDER_WAY.includes(status)) open();
  }

  function stop(status: ConnectionStatus, error: LiveError | null = null, code = 1000): void {
    drop(code);
    if (status !== "paused") stopWaking = stopWaking?.() as undefined;
    become(status, error);
    const stopped = turn;
    owner.lost(error);
    // Whoever heard of the loss may have opened the next socket already.
    if (stopped === turn && status !== "idle" && status !== "paused") owner.stopped(error ?? new LiveError("disconnected", "the connection was closed"));
    told();
  }

  function woken(why: Wake): void {
    if (info.status === "connected") owner.woken();
    else if (info.nextRetryAt !== null || why === "visible") retryNow();
  }

  return {
    get: () => info,
    subscribe: add,
    connect() {
      if (info.status === "idle") open();
    },
    retryNow,
    send(data) {
      if (socket?.readyState === OPEN) socket.send(data);
    },
    synced(latencyMs = null) {
      cancel?.();
      become("connected");
      info = { ...info, latencyMs };
      told();
    },
    replace() {
      drop();
      const dropped = turn;
      owner.lost(null);
      // Whoever heard of the loss may have closed the connection, or opened the next socket already.
      if (dropped === turn) open();
    },
    move(afterMs) {
      if (info.status !== "connected") return;
      const ms = environment.random() * afterMs;
      moveAt = environment.now() + ms;
      wait(ms, () => {
        moveAt = undefined;
        wait(afterMs - ms + LEAVE_LIMIT_MS, this.replace);
        owner.moving();
      });
    },
    stop,
    note(what) {
      info = { ...info, ...what };
      told();
    },
  };
}

/** With one of these it goes on by itself. */
export const UNDER_WAY: readonly ConnectionStatus[] = ["connecting", "connected", "reconnecting", "offline"];

/** `WebSocket.OPEN`, also where there is no WebSocket. */
const OPEN = 1;
