// One browser tab's talk with the server: the greeting, what goes out, and what comes in, step by step. It knows
// components as subscribers, never what their state means.

import type { ReconnectOptions } from "./backoff.js";
import { COMES_BACK } from "./close-code.js";
import { DEPTH, isServerMessage, isTooLarge, JSON_CODEC, pack, packet, VALUES, type Codec, type Packet } from "./codec.js";
import { Connection, type Address, type ConnectionOwner } from "./connection.js";
import type { Environment } from "./environment.js";
import { errorFrom, LiveError } from "./error.js";
import type {
  ClientMessage, ComponentMount, ComponentMounted, ComponentUnmounted, ErrorMessage, EventMessage, Hello, Reply, ResumePoint, ServerMessage, StateDelta, StateUpdate, Welcome,
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
  /** What it holds of that mount: from there a resume goes on. */
  readonly point: () => ResumePoint;
  /** Takes in what the server says about its state; what it answers is sent. */
  readonly receive: (message: ComponentMounted | StateUpdate | StateDelta | ComponentUnmounted) => ClientMessage | null;
  /** Takes in an error that answers no request; what it answers is sent. */
  readonly refuse: (error: LiveError) => ClientMessage | null;
  /** Takes in an event, which is heard once its state is held. */
  readonly tell: (event: EventMessage) => void;
  /** The events whose state is held now, each to be run once, when that is shown. */
  readonly told: () => (() => void)[];
  /** The connection is gone; it will be resumed or mounted again on the next one. */
  readonly lose: () => void;
  /** Shows what changed. */
  readonly publish: () => void;
}

/** What tells the server whose session it is. */
type Identity = Pick<Welcome, "session" | "secret">;

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
  readonly #environment: Environment;
  readonly #subscribers = new Map<string, Subscriber>();
  /** Those that this session was asked to mount and may have: they are resumed. In the order asked. */
  readonly #asked = new Set<Subscriber>();
  readonly #requests = new Requests();
  /** Replies that wait for the state they tell of; each settles its request if that has come, or calls it lost, and says whether it did. */
  #answered: ((lost: Request[]) => boolean)[] = [];
  /** That of the current socket. */
  #codec = JSON_CODEC;
  /** Null until WELCOME, and again from the loss of its socket on. */
  #welcome: Welcome | null = null;
  /** The name and secret of the last WELCOME that arrived, here or on this page before it was loaded again. */
  #identity: Identity | null = null;
  /** Whether that session can go on: it is this page's own, and what was sent in it is not forgotten. */
  #resumable = false;
  /** Requests wait for the next socket, and that one for the answers under way. */
  #moving = false;
  /** What the current socket was opened with. */
  #address: Address = { url: "", token: null };
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
    this.#environment = environment;
    this.#watchdog = new Watchdog(environment, {
      ask: () => { this.#send({ type: "PING", at: environment.now() }); },
      silent: () => { this.connection.replace(); },
    });
    const owner: ConnectionOwner = {
      protocols: (options.codec === undefined ? [JSON_CODEC] : [options.codec, JSON_CODEC]).map(({ subprotocol }) => subprotocol),
      address: () => this.#locate(),
      opened: (address) => { this.#greet(address); },
      received: (data) => { this.#receive(data); },
      lost: (error) => { this.#lose(error); },
      stopped: (error) => { this.#stop(error); },
      moving: () => {
        this.#moving = true;
        this.#leave();
      },
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
    // One that the last HELLO listed is given up after its WELCOME.
    if (this.#asked.delete(subscriber) || this.#welcome !== null) this.#outgoing.push({ type: "COMPONENT_UNMOUNT", componentId: subscriber.id });
    this.#flushSoon();
    if (this.#subscribers.size > 0 || this.#over !== null) return;
    this.#flush();
    this.#idle();
  }

  /** Sends a request as soon as it may go, a new one or one that repeats an earlier; its component shows it at once. */
  request(subscriber: Subscriber, request: Request, as: "add" | "repeat"): void {
    this.#do(() => {
      this.#changed?.add(subscriber);
      const error = this.#over ?? subscriber.failure ?? this.#full();
      if (error === null) this.#requests[as](request);
      else this.#settle([request], error);
    });
    this.#flushSoon();
  }

  /** No goodbye: the page may need its session again in a moment. */
  #idle(): void {
    this.connection.stop("idle", null, COMES_BACK);
  }

  /** Whether a request has not left this page yet. */
  isWaiting(message: Request["message"]): boolean {
    return this.#requests.isWaiting(message);
  }

  #locate(): Address | Promise<Address> {
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

  #greet(address: Address): void {
    this.#address = address;
    const { token } = address;
    const { codec } = this.#options;
    const { socket } = this.connection;
    this.#codec = codec !== undefined && socket?.protocol === codec.subprotocol ? codec : JSON_CODEC;
    // A Blob could be read only later, after what comes after it.
    if (socket !== null) socket.binaryType = "arraybuffer";
    const { schema } = this.#codec;
    this.#outgoing = [];
    this.#identity ??= this.#recall();
    this.connection.send(this.#codec.encode({
      type: "HELLO", protocol: 1, ...this.#identity, ...this.#standing(), ...(token !== null && { token }), ...(schema !== undefined && { schema }),
    }));
  }

  /** What is held of the session that HELLO names. */
  #standing(): Pick<Hello, "received" | "components" | "anew"> | null {
    if (this.#resumable) return { received: this.#requests.received, components: [...this.#asked].map((subscriber) => subscriber.point()) };
    // It may be another tab's, of which this one was cloned. That one keeps it, so that no lock is needed between the two.
    return this.#identity && { anew: true };
  }

  /** The session of this page before it was loaded again; null if nothing is remembered. */
  #recall(): Identity | null {
    try {
      const { session, secret } = JSON.parse(this.#environment.storage().getItem(this.#key) ?? "") as Record<string, unknown>;
      return { session: String(session), secret: String(secret) };
    } catch {
      return null;
    }
  }

  #remember({ session, secret }: Welcome): void {
    this.#identity = { session, secret };
    this.#resumable = true;
    try {
      this.#environment.storage().setItem(this.#key, JSON.stringify(this.#identity));
    } catch {
      // Then a page that is loaded again is another visitor.
    }
  }

  get #key(): string {
    return `fluxstack-live:${this.#address.url}`;
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
      else {
        if (subscriber !== undefined) {
          this.#asked.add(subscriber);
          // The next socket may speak the other codec, and resume this.
          if (this.#codec !== this.#options.codec) this.#options.codec?.encode(message);
        }
        first.push(next);
      }
    }
    this.#outgoing = [];
    // After the mounts: what a codec writes of a request may rest on what its component is.
    const { packets, tooLarge } = this.#requests.take(this.#codec, this.#moving ? { ...limits, inFlight: 0 } : limits);
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
    this.#leave();
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
    this.#refused = null;
    if (welcome.resumed) this.#resume(welcome);
    else this.#forget(isSet);
    this.#remember(welcome);
    if (this.#subscribers.size === 0) {
      // Someone retried with nothing mounted, and now knows that there is a server.
      this.#idle();
      return;
    }
    for (const subscriber of this.#subscribers.values()) {
      if (!this.#asked.has(subscriber)) this.#answer(subscriber, subscriber.mount());
    }
    this.#watchdog.start(welcome.heartbeatMs);
    this.connection.synced();
  }

  /** Each component that was asked for is answered next; here it is told what became of the requests. */
  #resume({ executed, replies }: Welcome): void {
    for (const reply of replies) if (isServerMessage(reply)) this.#handle(reply);
    this.#giveUp(this.#requests.resume(executed));
  }

  #update(message: ComponentMounted | StateUpdate | StateDelta | ComponentUnmounted): void {
    const subscriber = this.#subscribers.get(message.componentId);
    if (subscriber !== undefined) this.#answer(subscriber, subscriber.receive(message));
  }

  /** A reply settles when the state it tells of is held: normally at once, for the state comes first. */
  #reply({ requestId, payload, at }: Reply): void {
    const request = this.#requests.answer(requestId);
    if (request === undefined) return;
    const points = Object.entries(at).map(([id, version]) => ({ id, version, epoch: this.#subscribers.get(id)?.epoch }));
    this.#answered.push((lost) => {
      const still = points.map(({ id, version, epoch }) => {
        const subscriber = this.#subscribers.get(id);
        return subscriber?.failure === null && (subscriber.epoch !== epoch ? "lost" : subscriber.version < version && "waits");
      });
      if (still.includes("waits")) return false;
      if (still.includes("lost") && isSet(request)) lost.push(request);
      else this.#settle([request], null, payload.result);
      return true;
    });
  }

  #error(message: ErrorMessage): void {
    const { code, componentId, requestId } = message;
    const subscriber = componentId === undefined ? undefined : this.#subscribers.get(componentId);
    if (requestId !== undefined) this.#refuse(requestId, code === "gone" && subscriber?.failure === null, errorFrom(message));
    else if (subscriber !== undefined) this.#answer(subscriber, subscriber.refuse(errorFrom(message)));
    else this.#options.report(errorFrom(message));
  }

  /** A set whose component is gone, but asked for again, was not made: it is made in the next mount. */
  #refuse(requestId: number | string, isGone: boolean, error: LiveError): void {
    const request = this.#requests.answer(requestId);
    if (request === undefined) return;
    if (isGone && isSet(request) && !request.sendable()) this.#answered.push((lost) => this.#askAgain(request, lost));
    else this.#settle([request], error);
  }

  /** At the end of the step: the mount it would be made in may be refused by then. */
  #askAgain(request: Request, lost: Request[]): true {
    const failure = this.#subscribers.get(request.message.componentId)?.failure ?? null;
    if (failure === null) lost.push(request);
    else this.#settle([request], failure);
    return true;
  }

  #tell(message: EventMessage): void {
    const subscriber = this.#subscribers.get(message.componentId);
    if (subscriber === undefined) return;
    this.#changed?.add(subscriber);
    subscriber.tell(message);
  }

  /** Replaces the socket, if that is due and nobody waits for an answer on it. */
  #leave(): void {
    if (this.#moving && !this.#requests.unanswered) this.connection.replace();
  }

  #lose(error: LiveError | null): void {
    this.#welcome = null;
    this.#moving = false;
    this.#watchdog.stop();
    this.#do(() => {
      // Sent again, what was too large would end the next connection too.
      if (error?.code === "too_large") this.#forget();
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
    this.#refused = { token: this.#address.token };
    return this.#options.auth !== undefined;
  }

  /** The session's history is lost, here or there: what was sent may have run, or not. */
  #forget(repeated: (request: Request) => boolean = () => false): void {
    this.#resumable = false;
    this.#asked.clear();
    this.#outgoing = [];
    this.#giveUp(this.#requests.forget(repeated));
  }

  #giveUp(requests: readonly Request[]): void {
    this.#settle(requests, new LiveError("unknown_outcome", "the connection was lost before the answer came; it may have run"));
  }

  /** Sends what a component answers to a message; if the message ended it, its requests end with it. */
  #answer(subscriber: Subscriber, answer: ClientMessage | null): void {
    this.#changed?.add(subscriber);
    if (answer !== null) this.#send(answer);
    const error = subscriber.failure;
    if (error === null) return;
    this.#asked.delete(subscriber);
    this.#settle(this.#requests.drop(({ message }) => message.componentId === subscriber.id), error);
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
      const lost: Request[] = [];
      this.#answered = this.#answered.filter((settled) => !settled(lost));
      this.#requests.repeat(...lost);
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

/** A set may be made twice: what was typed is not to be lost. */
function isSet({ message }: Request): boolean {
  return message.type === "PROPERTY_UPDATE";
}
