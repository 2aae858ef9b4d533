// One browser tab's talk with the server: the greeting, what goes out, and what comes in, step by step. It knows
// components as subscribers, never what their state means.

import type { ReconnectOptions } from "./backoff.js";
import { COMES_BACK } from "./close-code.js";
import { DEPTH, isServerMessage, isTooLarge, JSON_CODEC, pack, packet, VALUES, type Codec } from "./codec.js";
import { connectionOf, type Address, type Connection } from "./connection.js";
import type { Environment } from "./environment.js";
import { errorFrom, LiveError } from "./error.js";
import type { ClientMessage, ComponentMounted, ErrorMessage, EventMessage, Hello, Reply, ServerMessage, StateDelta, Welcome } from "./protocol.js";
import { requests, type Request } from "./requests.js";
import type { Subscriber } from "./subscriber.js";
import { watchdog } from "./watchdog.js";

/** What tells the server whose session it is. */
type Identity = Pick<Welcome, "session" | "secret">;

/** Says who is asking; null and undefined are nobody. */
export type Token = string | null | undefined;

/** How a session connects; see `LiveClientOptions`. */
export interface SessionOptions {
  readonly url?: string | (() => string | Promise<string>) | undefined;
  readonly auth?: (() => Token | Promise<Token>) | undefined;
  readonly reconnect?: ReconnectOptions | false | undefined;
  readonly silenceMs?: number | undefined;
  readonly codec?: (() => Codec) | undefined;
}

export interface Session {
  readonly connection: Connection;
  /** Mounts a component now, and again in every session to come. */
  readonly add: (subscriber: Subscriber) => void;
  /** Unmounts it. A page without components needs no connection. */
  readonly remove: (subscriber: Subscriber) => void;
  /** Sends a message, if there is a server to send it to. */
  readonly send: (message: ClientMessage) => void;
  /** Sends a request as soon as it may go, a new one or one that repeats an earlier; its component shows it at once. */
  readonly request: (request: Request) => void;
  /** Takes requests back that were not sent, and fails them; false if there are none. */
  readonly withdraw: (which: (request: Request) => boolean, error: LiveError | null) => boolean;
  /** Whether a request has not left this page yet. */
  readonly isWaiting: (request: Request) => boolean;
  /** Makes one step of everything that `run` changes: it is all shown before anyone hears of any of it. */
  readonly step: (run: () => void) => void;
  /** Sends what has become due. */
  readonly wake: () => void;
}

// As many events wait for their state at most: a snapshot that never comes must not fill the memory.
const EVENTS = 1000;

const KEY = "fluxstack-live:";

export function sessionOf(
  { url = "/live", auth, reconnect = {}, silenceMs, codec: makeCodec }: SessionOptions, environment: Environment, report: (error: unknown) => void,
): Session {
  /** What is spoken to servers that speak it too; others are spoken to in JSON. */
  const preferred = makeCodec?.() ?? JSON_CODEC;
  const subscribers = new Map<string, Subscriber>();
  const queue = requests();
  /** That of the current socket. */
  let codec = JSON_CODEC;
  /** Null until WELCOME, and again from the loss of its socket on. */
  let welcome: Welcome | null = null;
  /** The name and secret of the last WELCOME that arrived, here or on this page before it was loaded again. */
  let identity: Identity | null = null;
  /** Whether that session can go on: it is this page's own, and what was sent in it is not forgotten. */
  let resumable = false;
  /** Requests wait for the next socket, and that one for the answers under way. */
  let moving = false;
  /** What the current socket was opened with. */
  let address: Address = { url: "", token: null };
  let greetedAt = 0;
  /** The token that the server did not take, which may be null; undefined unless it just said so. */
  let refused: string | null | undefined;
  /** Why nothing will be sent any more; null while there is hope. */
  let over: LiveError | null = null;
  /** What leaves at the end of this microtask. */
  let outgoing: ClientMessage[] = [];
  let flushing = false;
  /** Within a step, and what is left to do once what it changed is shown. */
  let stepping = false;
  let then: (() => void)[] = [];
  /** Replies and events that wait for the state they tell of; each says whether it has come. */
  let due: (() => boolean)[] = [];

  const watching = watchdog(environment, () => { send({ type: "PING", at: environment.now() }); }, () => { connection.replace(); });

  const connection = connectionOf({
    protocols: [...new Set([preferred.subprotocol, JSON_CODEC.subprotocol])],
    async address() {
      over = null;
      const [to, token = null] = await Promise.all([typeof url === "string" ? url : url(), auth?.()]);
      if (token === refused) throw new LiveError("unauthorized", "the server did not accept the token");
      return { url: to, token };
    },
    opened: greet,
    received: receive,
    lost: lose,
    stopped,
    moving() {
      moving = true;
      leave();
    },
    woken: watching.probe,
    reauthenticate() {
      refused = address.token;
      return auth !== undefined;
    },
    report,
  }, reconnect, environment);

  function greet(socket: WebSocket, to: Address): void {
    address = to;
    const { token } = to;
    codec = socket.protocol === preferred.subprotocol ? preferred : JSON_CODEC;
    // A Blob could be read only later, after what comes after it.
    socket.binaryType = "arraybuffer";
    outgoing = [];
    greetedAt = environment.now();
    identity ??= recall();
    const { schema } = codec;
    connection.send(codec.encode({
      type: "HELLO", protocol: 1, ...identity, ...standing(), ...(token !== null && { token }), ...(schema !== undefined && { schema }),
    }));
  }

  /** What is held of the session that HELLO names. */
  function standing(): Pick<Hello, "received" | "components" | "anew"> | null {
    if (resumable) return { received: queue.received(), components: [...subscribers.values()].filter(({ asked }) => asked).map((subscriber) => subscriber.point()) };
    // It may be another tab's, of which this one was cloned. That one keeps it, so that no lock is needed between the two.
    return identity && { anew: true };
  }

  /** The session of this page before it was loaded again; null if nothing is remembered. */
  function recall(): Identity | null {
    try {
      const { session, secret } = JSON.parse(environment.storage().getItem(KEY + address.url) ?? "") as Record<string, unknown>;
      return { session: String(session), secret: String(secret) };
    } catch {
      return null;
    }
  }

  function remember({ session, secret }: Identity): void {
    identity = { session, secret };
    resumable = true;
    try {
      environment.storage().setItem(KEY + address.url, JSON.stringify(identity));
    } catch {
      // Then a page that is loaded again is another visitor.
    }
  }

  function send(message: ClientMessage): void {
    if (welcome === null) return;
    outgoing.push(message);
    flushSoon();
  }

  function flushSoon(): void {
    if (flushing) return;
    flushing = true;
    queueMicrotask(flush);
  }

  function flush(): void {
    flushing = false;
    if (welcome === null) return;
    const { inFlight, messageBytes } = welcome.limits;
    // Made only where it is needed: this runs after every message, and an error looks at the stack.
    const tooMuch = (): LiveError => new LiveError("too_large", `a message has at most ${String(messageBytes)} bytes and ${String(VALUES)} values, ${String(DEPTH)} deep`);
    step(() => {
      const first = outgoing.flatMap((message) => {
        const next = packet(codec, message);
        const subscriber = message.type === "COMPONENT_MOUNT" ? subscribers.get(message.componentId) : undefined;
        if (subscriber === undefined) return next;
        subscriber.asked = !isTooLarge(next, messageBytes);
        // The next socket may speak the other codec, and resume this.
        if (subscriber.asked && codec !== preferred) preferred.encode(message);
        if (subscriber.asked) return next;
        // The server would close the connection, and would again after every reconnect.
        subscriber.refuse(tooMuch());
        return [];
      });
      outgoing = [];
      // After the mounts: what a codec writes of a request may rest on what its component is.
      const { packets, tooLarge } = queue.take(codec, moving ? 0 : inFlight, messageBytes);
      for (const data of pack(codec, [...first, ...packets], messageBytes)) connection.send(data);
      if (tooLarge.length > 0) settle(tooLarge, tooMuch());
    });
  }

  function receive(data: unknown): void {
    watching.heard();
    const { messages, unreadable } = codec.decode(data);
    if (unreadable > 0) report(new LiveError("bad_message", "the server sent what this client cannot read"));
    step(() => { messages.forEach(handle); });
    flushSoon();
    leave();
  }

  function handle(message: ServerMessage): void {
    const subscriber = subscribers.get((message as StateDelta).componentId);
    switch (message.type) {
      case "WELCOME": begin(message); break;
      case "COMPONENT_MOUNTED":
      case "STATE_UPDATE":
      case "STATE_DELTA":
      case "COMPONENT_UNMOUNTED": {
        if (subscriber === undefined) break;
        subscriber.receive(message);
        (message as ComponentMounted).events?.forEach((event) => { wait(subscriber, event); });
        break;
      }
      case "REPLY": reply(message); break;
      case "ERROR": refuse(message, subscriber); break;
      case "EVENT":
        if (subscriber !== undefined) wait(subscriber, message);
        break;
      case "GO_AWAY": connection.move(message.afterMs); break;
      case "PONG": connection.note({ latencyMs: environment.now() - message.at }); break;
      default: message satisfies never;
    }
  }

  function begin(message: Welcome): void {
    if (welcome !== null) return;
    welcome = message;
    const { resumed, executed, replies, heartbeatMs } = message;
    refused = undefined;
    if (resumed) {
      // Each component that was asked for is answered next; here it is told what became of the requests.
      replies.filter(isServerMessage).forEach(handle);
      giveUp(queue.resume(executed));
    } else forget(true);
    remember(message);
    if (subscribers.size === 0) {
      // Someone retried with nothing mounted, and now knows that there is a server.
      idle();
      return;
    }
    for (const subscriber of subscribers.values()) if (!subscriber.asked) subscriber.mount();
    watching.start(silenceMs ?? heartbeatMs);
    then.push(() => { if (welcome === message) connection.synced(environment.now() - greetedAt); });
  }

  /** A reply settles when the state it tells of is held: normally at once, for the state comes first. */
  function reply({ requestId, payload, at }: Reply): void {
    const request = queue.answer(requestId);
    if (request === undefined) return;
    const epochs = Object.keys(at).map((id) => subscribers.get(id)?.epoch);
    due.push(() => {
      let isLost = false;
      for (const [i, [id, version]] of Object.entries(at).entries()) {
        const subscriber = subscribers.get(id);
        if (subscriber?.failure !== null) continue;
        if (subscriber.epoch !== epochs[i]) isLost = true;
        else if (subscriber.version < version) return false;
      }
      if (isLost && request.property !== undefined && !queue.isSuperseded(request)) queue.add(request);
      else settle([request], null, payload.result);
      return true;
    });
  }

  function refuse(message: ErrorMessage, subscriber: Subscriber | undefined): void {
    const error = errorFrom(message);
    const { code, requestId } = message;
    const request = requestId === undefined ? undefined : queue.answer(requestId);
    if (request !== undefined) {
      // A set whose component is gone, but asked for again, was not made: it is made in the next mount, unless that is refused by the end of the step.
      const { mounted } = request.subscriber;
      due.push(() => {
        const { failure } = request.subscriber;
        if (code === "gone" && request.property !== undefined && !mounted && failure === null && subscriber === request.subscriber) queue.add(request);
        else settle([request], error);
        return true;
      });
    } else if (requestId !== undefined) return;
    else if (subscriber !== undefined) subscriber.refuse(error);
    else report(error);
  }

  /** Has an event heard once its state is held. A state of another history is as near as it gets. */
  function wait(subscriber: Subscriber, event: Pick<EventMessage, "event" | "payload" | "version">): void {
    const { epoch } = subscriber;
    if (subscriber.mounted && due.length < EVENTS) due.push(() => {
      if (!subscriber.mounted) return true;
      if (subscriber.epoch === epoch && subscriber.version < event.version) return false;
      // In a microtask, as promises go on in one: what renders again with the state has done so by then.
      then.push(() => { queueMicrotask(() => { subscriber.tell(event); }); });
      return true;
    });
  }

  /** Replaces the socket, if that is due and nobody waits for an answer on it. */
  function leave(): void {
    if (moving && !queue.isUnanswered()) connection.replace();
  }

  /** No goodbye: the page may need its session again in a moment. */
  function idle(): void {
    connection.stop("idle", null, COMES_BACK);
  }

  function lose(error: LiveError | null): void {
    welcome = null;
    moving = false;
    watching.stop();
    step(() => {
      // Sent again, what was too large would end the next connection too.
      if (error?.code === "too_large") forget();
      withdraw(({ isVolatile }) => isVolatile, null);
      for (const subscriber of subscribers.values()) subscriber.lose();
    });
  }

  function stopped(error: LiveError): void {
    over = error;
    refused = undefined;
    step(() => {
      forget();
      for (const subscriber of subscribers.values()) subscriber.refuse(error);
    });
  }

  /** The session's history is lost, here or there: what was sent may have run, or not. */
  function forget(keepsSets = false): void {
    resumable = false;
    for (const subscriber of subscribers.values()) subscriber.asked = false;
    outgoing = [];
    giveUp(queue.forget(keepsSets));
  }

  function giveUp(given: readonly Request[]): void {
    settle(given.filter(({ isVolatile }) => isVolatile), null);
    settle(given.filter(({ isVolatile }) => !isVolatile), new LiveError("unknown_outcome", "the connection was lost before the answer came; it may have run"));
  }

  function step(run: () => void): void {
    if (stepping) {
      run();
      return;
    }
    stepping = true;
    try {
      run();
      due = due.filter((isDone) => !isDone());
    } finally {
      stepping = false;
    }
    const last = then;
    then = [];
    for (const subscriber of [...subscribers.values()]) subscriber.publish();
    for (const settled of last) settled();
    const unsynced = queue.size();
    if (unsynced !== connection.get().unsynced) connection.note({ unsynced });
  }

  function settle(settled: readonly Request[], error: LiveError | null, result?: unknown): void {
    for (const request of settled) then.push(request.finish(error, result));
  }

  function withdraw(which: (request: Request) => boolean, error: LiveError | null): boolean {
    const withdrawn = queue.drop(which);
    step(() => { settle(withdrawn, error); });
    return withdrawn.length > 0;
  }

  return {
    connection,
    send,
    step,
    withdraw,
    wake: flushSoon,
    isWaiting: queue.isWaiting,
    add(subscriber) {
      subscribers.set(subscriber.id, subscriber);
      if (welcome !== null) subscriber.mount();
      else if (over === null) connection.connect();
      else step(subscriber.refuse.bind(null, over));
    },
    remove(subscriber) {
      if (!subscribers.delete(subscriber.id)) return;
      // One that the last HELLO listed is given up after its WELCOME.
      if (subscriber.asked || welcome !== null) outgoing.push({ type: "COMPONENT_UNMOUNT", componentId: subscriber.id });
      subscriber.asked = false;
      flushSoon();
      if (subscribers.size > 0 || over !== null) return;
      flush();
      idle();
    },
    request(request) {
      step(() => {
        const error = over ?? request.subscriber.failure ?? (welcome === null && queue.isFull() ? new LiveError("disconnected", "there is no connection, and too much waits for one already") : null);
        if (error === null) queue.add(request);
        else settle([request], error);
      });
      flushSoon();
    },
  };
}
