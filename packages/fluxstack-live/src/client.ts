// The client of a page: one socket for one URL, and the components that share it.

import type { ReconnectOptions } from "./backoff.js";
import { toWire, type Codec } from "./codec.js";
import { componentOf, type Component } from "./component.js";
import { COMES_BACK } from "./close-code.js";
import { UNDER_WAY, type ConnectionInfo } from "./connection.js";
import { absoluteUrl, pageEnvironment, type Cancel, type Environment } from "./environment.js";
import type { LiveError } from "./error.js";
import type { LiveHandle, MountOptions } from "./handle.js";
import { propsAreState, type Name, type Props } from "./schema.js";
import { sessionOf, type Token } from "./session.js";
import { Shared } from "./shared.js";

/** How a client connects. Everything has a default. */
export interface LiveClientOptions {
  /** Default: `/live` of this origin; ws or wss by the page's scheme. */
  readonly url?: string | (() => string | Promise<string>) | undefined;
  /**
   * Gives the token that is sent in the first message, never in the URL; null or undefined: none. Asked again for every
   * connection and when the server refuses the last one.
   */
  readonly auth?: (() => Token | Promise<Token>) | undefined;
  /** The schedule of retries, or false for none. */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /** How long an unused component stays mounted, in milliseconds (StrictMode, `<Activity>`, route changes). Default: 1000. */
  readonly lingerMs?: number | undefined;
  /**
   * Hears of every failure nobody asked for: ignored calls, sets (but not of an invalid value, which is its user's to see),
   * messages that cannot be read. Default: `console.error`.
   */
  readonly onError?: ((error: LiveError) => void) | undefined;
  /** How messages are written: default JSON, or `msgpack(wire)` of `fluxstack-live/msgpack` for fewer bytes. */
  readonly codec?: (() => Codec) | undefined;
  /** How long a call waits for its answer, in milliseconds. Default: for ever; a page that reconnects asks again. */
  readonly callTimeoutMs?: number | undefined;
  /** A server that is silent for so long, in milliseconds, is asked, and replaced after half as much again. Default: what the server says, 20 s. */
  readonly silenceMs?: number | undefined;
  /** Default: the browser's. */
  readonly WebSocket?: typeof WebSocket | undefined;
}

/** One connection to a server and the components on it. */
export interface LiveClient {
  /** What there is to know about the connection. */
  readonly connection: { readonly get: () => ConnectionInfo; readonly subscribe: (listener: () => void) => Cancel };
  /**
   * The component with this name, these props and this key: the same handle for equal ones. Nothing is sent until someone
   * subscribes to it or calls it.
   */
  readonly mount: <N extends Name>(name: N, props: Props<N>, options?: MountOptions<N>) => LiveHandle<N>;
  /** Connects anew with what `auth` gives now. */
  readonly reauthenticate: () => void;
  /** Closes the connection until the page is seen again or `retryNow()`; the session is kept for two minutes. */
  readonly pause: () => void;
  /** Tries to connect now instead of at `nextRetryAt`; also after the server refused or a `close()`. */
  readonly retryNow: () => void;
  /** Ends the connection. What is pending fails with `disconnected`, or `unknown_outcome` if it was sent. */
  readonly close: () => void;
}

/** A client of its own. Most pages want `getLiveClient`, or nothing at all: hooks without a provider use that one. */
export function createLiveClient(options: LiveClientOptions = {}): LiveClient {
  return clientIn(pageEnvironment(options.WebSocket), options);
}

/** A client in an environment that may not be a page's. */
export function clientIn(environment: Environment, options: LiveClientOptions): LiveClient {
   
  const report = (error: unknown): void => {
    try {
      (options.onError ?? console.error)(error);
    } catch (why) {
      // Whoever hears of a failure must not cause another.
      console.error(why);
    }
  };
  const session = sessionOf(options, environment, report);
  const { connection } = session;
  const components = new Shared<Component>();
  let count = 0;

  return {
    connection,
    // Names and payloads are checked by LiveHandle's types and by the server; a component takes any.
    mount: ((name: string, props: object | undefined, { key, initial, optimistic }: { key?: string; initial?: unknown; optimistic?: Component["optimistic"] } = {}) => {
      const create = (): Component => {
        // A copy: what the caller does to the object later changes no mount.
        const sent = toWire(props);
        return componentOf({ id: `c${String((count += 1))}`, name, props: sent, initial: toWire(initial) ?? (propsAreState(name) ? sent : undefined) }, options, session, environment, report);
      };
      // One that is skipped is its hook's own: there is no mount to share, and another's `initial` or error is not its.
      const component = props === undefined ? create() : components.get(componentIdentity(name, props, key), create);
      component.optimistic = optimistic ?? component.optimistic;
      return component;
    }) as unknown as LiveClient["mount"],
    retryNow: connection.retryNow,
    reauthenticate() {
      if (connection.get().status !== "idle") connection.replace();
    },
    pause() {
      if (UNDER_WAY.includes(connection.get().status)) connection.stop("paused", null, COMES_BACK);
    },
    close: () => { connection.stop("closed"); },
  };
}

/** What makes two mounts the same: name, props (in any order of keys) and key. */
export function componentIdentity(name: string, props: unknown, key = ""): string {
  return JSON.stringify([name, key, props], (_, value: unknown) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  });
}

const CLIENTS = Symbol.for("fluxstack-live.clients");

/** The page's client for a URL: the first call makes it, later ones get it whatever their other options. Kept over hot reloads. */
export function getLiveClient(options: LiveClientOptions = {}): LiveClient {
  const { url = "/live" } = options;
  const home = globalThis as { [CLIENTS]?: Map<unknown, LiveClient> };
  const clients = home[CLIENTS] ?? new Map<unknown, LiveClient>();
  home[CLIENTS] = clients;
  const at = typeof url === "string" ? absoluteUrl(url) : url;
  const client = clients.get(at) ?? createLiveClient(options);
  clients.set(at, client);
  return client;
}
