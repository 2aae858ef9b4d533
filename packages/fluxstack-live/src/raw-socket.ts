// A plain WebSocket that reconnects, shared by everyone on the page who names its URL. No live components, no protocol.

import type { ReconnectOptions } from "./backoff.js";
import { connectionOf, UNDER_WAY, type Connection, type ConnectionStatus } from "./connection.js";
import { absoluteUrl, pageEnvironment, type Cancel, type Environment } from "./environment.js";
import { lease } from "./lease.js";
import { Shared } from "./shared.js";

/** A raw socket at one moment, and what can be done with it. */
export interface RawSocket {
  /** The browser's socket; null while there is none. */
  readonly ws: WebSocket | null;
  readonly connected: boolean;
  readonly status: ConnectionStatus;
  /** Sends text and binary data as they are, anything else as JSON. While there is no connection up to 100 messages wait. */
  readonly sendMessage: (message: unknown) => void;
  /** Calls `listener` with every message: what its text says as JSON, or the data as it came. */
  readonly subscribe: (listener: (message: unknown) => void) => Cancel;
}

/** How a raw socket connects. */
export interface RawSocketOptions {
  readonly reconnect?: ReconnectOptions | false | undefined;
  readonly WebSocket?: typeof WebSocket | undefined;
}

type Data = string | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

const QUEUE_MESSAGES = 100;
const LINGER_MS = 1000;

export class SharedSocket {
  readonly #connection: Connection;
  readonly #hold: () => Cancel;
  #socket: WebSocket | null = null;
  readonly #readers = new Set<(message: unknown) => void>();
  #queue: Data[] = [];
  #snapshot: RawSocket;

  constructor(url: string, reconnect: ReconnectOptions | false, environment: Environment) {
    this.#connection = connectionOf({
      protocols: [],
      address: () => ({ url, token: null }),
      opened: () => { this.#opened(); },
      received: (data) => { this.#read(data); },
      lost: () => undefined,
      stopped: () => undefined,
      moving: () => undefined,
      woken: () => undefined,
      reauthenticate: () => false,
      report: (error) => { console.error(error); },
    }, reconnect, { ...environment, open: (...where) => (this.#socket = environment.open(...where)) });
    this.#hold = lease(() => undefined, () => { this.#connection.stop("idle"); }, LINGER_MS, environment);
    this.#snapshot = this.#look();
    // For as long as both live: nobody else knows this connection.
    this.#connection.subscribe(() => { this.#snapshot = this.#look(); });
  }

  readonly getSnapshot = (): RawSocket => this.#snapshot;

  /** Watches the socket, open or not. */
  readonly watch = (listener: () => void): Cancel => {
    const release = this.#hold();
    const forget = this.#connection.subscribe(listener);
    return () => {
      forget();
      release();
    };
  };

  /** Watches the socket and opens it. */
  readonly watchOpen = (listener: () => void): Cancel => {
    const forget = this.watch(listener);
    this.#connection.connect();
    return forget;
  };

  /** Opens the socket, unless that is under way or waits for its time. With nobody watching, it is closed again a second later. */
  readonly connect = (): WebSocket | null => {
    this.#hold()();
    if (!UNDER_WAY.includes(this.#connection.get().status)) this.#connection.retryNow();
    return this.#socket;
  };

  readonly #send = (message: unknown): void => {
    const data = isData(message) ? message : JSON.stringify(message);
    if (this.#connection.get().status === "connected") this.#connection.send(data);
    else if (this.#queue.length < QUEUE_MESSAGES) this.#queue.push(data);
    else console.error(`a message was dropped: ${String(QUEUE_MESSAGES)} already wait for the connection`);
  };

  readonly #subscribe = (reader: (message: unknown) => void): Cancel => {
    const entry = (message: unknown): void => { reader(message); };
    this.#readers.add(entry);
    return () => {
      this.#readers.delete(entry);
    };
  };

  #opened(): void {
    this.#connection.synced();
    for (const data of this.#queue) this.#connection.send(data);
    this.#queue = [];
  }

  #read(data: unknown): void {
    let message = data;
    try {
      if (typeof data === "string") message = JSON.parse(data);
    } catch {
      // Then it is plain text.
    }
    for (const reader of [...this.#readers]) reader(message);
  }

  #look(): RawSocket {
    const { status } = this.#connection.get();
    const connected = status === "connected";
    return { ws: connected ? this.#socket : null, connected, status, sendMessage: this.#send, subscribe: this.#subscribe };
  }
}

function isData(message: unknown): message is Data {
  return typeof message === "string" || message instanceof Blob || message instanceof ArrayBuffer || ArrayBuffer.isView(message);
}

const sockets = new Shared<SharedSocket>();

/** The page's raw socket for a URL; the first to ask decides the options. */
export function sharedSocket(url: string, options: RawSocketOptions = {}): SharedSocket {
  return sockets.get(absoluteUrl(url), () => new SharedSocket(url, options.reconnect ?? {}, pageEnvironment(options.WebSocket)));
}
