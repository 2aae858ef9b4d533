// One browser tab's talk with the server: the greeting, what goes out, and what comes in, step by step. It knows
// components as subscribers, never what their state means.

import type { ReconnectOptions } from "./backoff.js";
import { DEPTH, isTooLarge, JSON_CODEC, pack, packet, VALUES, type Codec, type Packet } from "./codec.js";
import { Connection, type Address, type ConnectionOwner } from "./connection.js";
import type { Environment } from "./environment.js";
import { errorFrom, LiveError } from "./error.js";
import type {
  ClientMessage, ComponentMount, ComponentMounted, ComponentUnmounted, ErrorMessage, EventMessage, Reply, ServerMessage, StateDelta, StateUpdate, Welcome,
} from "./protocol.js";
import { Requests, type Request } from "./requests.js";
import { Watchdog } from "./watchdog.js";

/** What a session needs of a component. */
export interface Subscriber {
  readonly id: string;
  /** Of the state it holds; null before the first. */
  readonly epoch: string | null;
  readonly version: number;
  /** Why no state will come any more; null while there is hope. */
  readonly failure: LiveError | null;
  /** The message that mounts it; from now on it waits for the answer. */
  readonly mount: () => ComponentMount;
  /** Takes in what the server says about its state; what it answers is sent. */
  readonly receive: (message: ComponentMounted | StateUpdate | StateDelta | ComponentUnmounted) => ClientMessage | null;
  /** Takes in an error that answers no request; what it answers is sent. */
  readonly refuse: (error: LiveError) => ClientMessage | null;
  /** Takes in an event, which is heard once its state is held. */
  readonly tell: (event: EventMessage) => void;
  /** The events whose state is held now, each to be run once, when that is shown. */
  readonly told: () => (() => void)[];
  /** The session is gone; it will be mounted again in the next one. */
  readonly lose: () => void;
  /** Shows what changed. */
  readonly publish: () => void;
}

/** Says who is asking; null and undefined are nobody. */
export type Token = string | null | undefined;

export interface SessionOptions {
  readonly address: () => string | Promise<string>;
  readonly auth: (() => Token | Promise<Token>) | undefined;
  readonly reconnect: ReconnectOptions | false;
  /** What it speaks to servers that speak it too; others are spoken to in JSON. */
  readonly codec: Codec | undefined;
  readonly report: (error: unknown) => void;
}

// Offline a page may keep this much for later; beyond it a call fails at once.
const QUEUE_CALLS = 100;
const QUEUE_BYTES = 256 * 1024;

export class Session {
  readonly connection: Connection;
  readonly #options: SessionOptions;
  readonly #watchdog: Watchdog;
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #requests = new Requests();
  /** Replies that wait for the state they tell of; each settles its request if that has come, and says whether it did. */
  #answered: (() => boolean)[] = [];
  /** That of the current socket. */
  #codec = JSON_CODEC;
  /** Null until WELCOME, and again from the loss of its socket on. */
  #welcome: Welcome | null = null;
  /** The last session's name and secret: with them the next one is the same visitor's. */
  #before: { readonly session: string; readonly secret: string } | null = null;
  /** What the current session was greeted with. */
  #token: string | null = null;
  /** The token that the server did not take, which may be none; null unless it just said so. */
  #refused: { readonly token: string | null } | null = null;
  /** Why nothing will be sent any more; null while there is hope. */
  #over: LiveError | null = null;
  /** What leaves at the end of this microtask. */
  #outgoing: ClientMessage[] = [];
  #flushing = false;
  /** What the step being made has changed, and what is left to do once that is shown; null between steps. */
  #changed: Set<Subscriber> | null = null;
  #then: (() => void)[] = [];

  constructor(options: SessionOptions, environment: Environment) {
    this.#options = options;
    this.#watchdog = new Watchdog(environment, {
      ask: () => { this.#send({ type: "PING", at: environment.now() }); },
      silent: () => { this.connection.replace(); },
    });
    const owner: ConnectionOwner = {
      protocols: (options.codec === undefined ? [JSON_CODEC] : [options.codec, JSON_CODEC]).map(({ subprotocol }) => subprotocol),
      address: () => this.#address(),
      opened: (token) => { this.#greet(token); },
      received: (data) => { this.#receive(data); },
      lost: () => { this.#lose(); },
      stopped: (error) => { this.#stop(error); },
      woken: () => { this.#watchdog.probe(); },
      reauthenticate: () => this.#reauthenticate(),
      report: options.report,
    };
    this.connection = new Connection(owner, options.reconnect, environment);
  }

  /** Mounts a component now, and again in every session to come. */
  add(subscriber: Subscriber): void {
    this.#subscribers.set(subscriber.id, subscriber);
    const over = this.#over;
    if (this.#welcome !== null) this.#send(subscriber.mount());
    else if (over !== null) this.#do(() => { this.#answer(subscriber, subscriber.refuse(over)); });
    else this.connection.connect();
  }

  /** Unmounts it. A page without components needs no connection. */
  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber.id);
    this.#send({ type: "COMPONENT_UNMOUNT", componentId: subscriber.id });
    if (this.#subscribers.size > 0 || this.#over !== null) return;
    this.#flush();
    this.connection.stop("idle");
  }

  /** Sends a request as soon as it may go; its component shows it at once. */
  request(subscriber: Subscriber, request: Request): void {
    this.#do(() => {
      this.#changed?.add(subscriber);
      const error = this.#over ?? subscriber.failure ?? this.#full();
      if (error === null) this.#requests.add(request);
      else this.#settle([request], error);
    });
    this.#flushSoon();
  }

  /** Whether a request has not left this page yet. */
  isWaiting(message: Request["message"]): boolean {
    return this.#requests.isWaiting(message);
  }

  #address(): Address | Promise<Address> {
    const { address, auth } = this.#options;
    this.#over = null;
    const to = (token: string | null): Address | Promise<Address> => {
      const url = address();
      return typeof url === "string" ? { url, token } : Promise.resolve(url).then((found) => ({ url: found, token }));
    };
    if (auth === undefined) return to(null);
    return Promise.resolve(auth()).then((given) => {
      const token = given ?? null;
      if (this.#refused?.token === token) throw new LiveError("unauthorized", "the server did not accept the token");
      return to(token);
    });
  }

  #greet(token: string | null): void {
    this.#token = token;
    const { codec } = this.#options;
    const { socket } = this.connection;
    this.#codec = codec !== undefined && socket?.protocol === codec.subprotocol ? codec : JSON_CODEC;
    // A Blob could be read only later, after what comes after it.
    if (socket !== null) socket.binaryType = "arraybuffer";
    const { schema } = this.#codec;
    this.connection.send(this.#codec.encode({
      type: "HELLO", protocol: 1, ...this.#before, ...(token !== null && { token }), ...(schema !== undefined && { schema }),
    }));
  }

  #send(message: ClientMessage): void {
    if (this.#welcome === null) return;
    this.#outgoing.push(message);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => { this.#flush(); });
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#welcome === null) return;
    const { limits } = this.#welcome;
    const first: Packet[] = [];
    const unmountable: Subscriber[] = [];
    for (const message of this.#outgoing) {
      const next = packet(this.#codec, message);
      const subscriber = message.type === "COMPONENT_MOUNT" ? this.#subscribers.get(message.componentId) : undefined;
      // The server would close the connection, and would again after every reconnect.
      if (subscriber !== undefined && isTooLarge(next, limits.messageBytes)) unmountable.push(subscriber);
      else first.push(next);
    }
    this.#outgoing = [];
    // After the mounts: what a codec writes of a request may rest on what its component is.
    const { packets, tooLarge } = this.#requests.take(this.#codec, limits);
    for (const data of pack(this.#codec, [...first, ...packets], limits.messageBytes)) this.connection.send(data);
    if (tooLarge.length + unmountable.length === 0) return;
    const error = new LiveError("too_large", `a message has at most ${String(limits.messageBytes)} bytes and ${String(VALUES)} values, ${String(DEPTH)} deep`);
    this.#do(() => {
      this.#settle(tooLarge, error);
      for (const subscriber of unmountable) this.#answer(subscriber, subscriber.refuse(error));
    });
  }

  #full(): LiveError | null {
    if (this.#welcome !== null) return null;
    const { count, bytes } = this.#requests.waiting;
    if (count < QUEUE_CALLS && bytes < QUEUE_BYTES) return null;
    return new LiveError("disconnected", "there is no connection, and too much waits for one already");
  }

  #receive(data: unknown): void {
    this.#watchdog.heard();
    const { messages, unreadable } = this.#codec.decode(data);
    if (unreadable > 0) this.#options.report(new LiveError("bad_message", "the server sent what this client cannot read"));
    this.#do(() => {
      for (const message of messages) this.#handle(message);
    });
    this.#flushSoon();
  }

  #handle(message: ServerMessage): void {
    switch (message.type) {
      case "WELCOME": this.#begin(message); break;
      case "COMPONENT_MOUNTED":
      case "STATE_UPDATE":
      case "STATE_DELTA":
      case "COMPONENT_UNMOUNTED": this.#update(message); break;
      case "REPLY": this.#reply(message); break;
      case "ERROR": this.#error(message); break;
      case "EVENT": this.#tell(message); break;
      case "GO_AWAY": this.connection.move(message.afterMs); break;
      case "PONG": break;
      default: message satisfies never;
    }
  }

  #begin(welcome: Welcome): void {
    if (this.#welcome !== null) return;
    this.#welcome = welcome;
    this.#before = { session: welcome.session, secret: welcome.secret };
    this.#refused = null;
    this.connection.synced();
    this.#watchdog.start(welcome.heartbeatMs);
    if (!welcome.resumed) this.#forget();
    if (this.#subscribers.size === 0) {
      // Someone retried with nothing mounted, and now knows that there is a server.
      this.connection.stop("idle");
      return;
    }
    for (const subscriber of this.#subscribers.values()) {
      this.#send(subscriber.mount());
      this.#changed?.add(subscriber);
    }
  }

  #update(message: ComponentMounted | StateUpdate | StateDelta | ComponentUnmounted): void {
    const subscriber = this.#subscribers.get(message.componentId);
    if (subscriber !== undefined) this.#answer(subscriber, subscriber.receive(message));
  }

  /** A reply settles when the state it tells of is held: normally at once, for the state comes first. */
  #reply({ requestId, payload, at }: Reply): void {
    const request = this.#requests.answer(requestId);
    if (request === undefined) return;
    const waits = Object.entries(at).map(([id, version]) => {
      const epoch = this.#subscribers.get(id)?.epoch;
      return (): boolean => {
        const subscriber = this.#subscribers.get(id);
        return subscriber?.failure === null && subscriber.epoch === epoch && subscriber.version < version;
      };
    });
    this.#answered.push(() => {
      if (waits.some((wait) => wait())) return false;
      this.#settle([request], null, payload.result);
      return true;
    });
  }

  #error(message: ErrorMessage): void {
    const request = message.requestId === undefined ? undefined : this.#requests.answer(message.requestId);
    const subscriber = message.componentId === undefined ? undefined : this.#subscribers.get(message.componentId);
    if (request !== undefined) this.#settle([request], errorFrom(message));
    else if (subscriber !== undefined && message.requestId === undefined) this.#answer(subscriber, subscriber.refuse(errorFrom(message)));
    else this.#options.report(errorFrom(message));
  }

  #tell(message: EventMessage): void {
    const subscriber = this.#subscribers.get(message.componentId);
    if (subscriber === undefined) return;
    this.#changed?.add(subscriber);
    subscriber.tell(message);
  }

  #lose(): void {
    this.#welcome = null;
    this.#watchdog.stop();
    this.#outgoing = [];
    this.#do(() => {
      for (const subscriber of this.#subscribers.values()) {
        subscriber.lose();
        this.#changed?.add(subscriber);
      }
    });
  }

  #stop(error: LiveError): void {
    this.#over = error;
    this.#refused = null;
    this.#do(() => {
      this.#forget();
      for (const subscriber of this.#subscribers.values()) this.#answer(subscriber, subscriber.refuse(error));
    });
  }

  #reauthenticate(): boolean {
    this.#refused = { token: this.#token };
    return this.#options.auth !== undefined;
  }

  /** The session's history is lost, here or there: what was sent may have run, or not. */
  #forget(): void {
    const error = new LiveError("unknown_outcome", "the connection was lost before the answer came; it may have run");
    this.#settle(this.#requests.forget(), error);
  }

  /** Sends what a component answers to a message; if the message ended it, its requests end with it. */
  #answer(subscriber: Subscriber, answer: ClientMessage | null): void {
    this.#changed?.add(subscriber);
    if (answer !== null) this.#send(answer);
    const error = subscriber.failure;
    if (error !== null) this.#settle(this.#requests.drop(({ message }) => message.componentId === subscriber.id), error);
  }

  /** Makes one step of everything that `run` changes: it is all shown before anyone hears of any of it. */
  #do(run: () => void): void {
    if (this.#changed !== null) {
      run();
      return;
    }
    const changed = (this.#changed = new Set<Subscriber>());
    try {
      run();
      this.#answered = this.#answered.filter((settled) => !settled());
    } finally {
      this.#changed = null;
    }
    const then = this.#then;
    this.#then = [];
    const events = [...changed].flatMap((subscriber) => subscriber.told());
    for (const subscriber of changed) subscriber.publish();
    // In a microtask, as the promises below go on in one: what renders again with the state has done so by then.
    for (const tell of events) queueMicrotask(tell);
    for (const settle of then) settle();
  }

  #settle(requests: readonly Request[], error: LiveError | null, result?: unknown): void {
    for (const request of requests) {
      const subscriber = this.#subscribers.get(request.message.componentId);
      if (subscriber !== undefined) this.#changed?.add(subscriber);
      this.#then.push(request.finish(error, result));
    }
  }
}
