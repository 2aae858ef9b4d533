// A server that keeps sessions, as the protocol's text says and nothing of the client: stores with a short log, numbered requests
// with their answers, resume, fencing. Nothing happens in it by itself: each frame, execution and flush is a step that a test makes.

import type { ClientMessage, ErrorCode, ErrorMessage, Hello, Op, Reply, ServerMessage } from "../src/protocol.js";

/** One socket, seen from the middle of the cable: what has left one end and not reached the other. */
export class Link<S = State> {
  readonly up: string[] = [];
  readonly down: string[] = [];
  /** The session of its HELLO. */
  session: Session<S> | null = null;
  /** The server reads no more of it: its session has a newer one, or the server has lost it. */
  fenced = false;

  /** `upgraded`: how many were upgraded before. */
  constructor(readonly upgraded: number) {}
}

interface Commit { readonly version: number; readonly ops: Op[] }
/** `of` says which history a state belongs to, so that a test can tell. */
export interface State { readonly of: string; readonly ids: readonly number[]; readonly title: string }

/** What the components of a server are. */
export interface Rules<S> {
  /** The state that a history begins with. */
  readonly begin: (epoch: string) => S;
  /** Commits what a request does, or says why it does nothing. */
  readonly run: (request: Request, store: Store<S>) => ErrorCode | null;
}

// Shorter than any real log, so that a resume meets its end.
const LOG = 3;

export class Store<S> {
  version = 0;
  readonly log: Commit[] = [];

  constructor(readonly epoch: string, public state: S, private readonly history: Map<string, S>) {
    this.#note();
  }

  commit(change: Partial<S>, ops: Op[]): void {
    this.version += 1;
    this.state = { ...this.state, ...change };
    this.log.push({ version: this.version, ops });
    if (this.log.length > LOG) this.log.shift();
    this.#note();
  }

  /** The ops after a version; null if the log does not reach back. */
  since(version: number): Op[] | null {
    if (version > this.version || version < this.version - this.log.length) return null;
    return this.log.filter((commit) => commit.version > version).flatMap(({ ops }) => ops);
  }

  #note(): void {
    this.history.set(`${this.epoch}/${String(this.version)}`, this.state);
  }
}

interface Mounted<S> { readonly store: Store<S>; told: number }
export type Request = Extract<ClientMessage, { type: "COMPONENT_ACTION" | "PROPERTY_UPDATE" }>;

class Session<S> {
  link: Link<S> | null = null;
  confirmed: string;
  newest: string;
  welcomed = false;
  received = 0;
  seen = 0;
  /** Each with what was mounted when it came. */
  readonly lane: { readonly request: Request; readonly mounted: Mounted<S> | undefined }[] = [];
  readonly stored = new Map<number, Reply | ErrorMessage>();
  readonly components = new Map<string, Mounted<S>>();
  /** Answers that have not left yet. */
  outbox: ServerMessage[] = [];

  constructor(readonly name: string) {
    this.confirmed = this.newest = `${name}-0`;
  }

  cover(received: number | undefined): void {
    this.received = Math.max(this.received, received ?? 0);
    for (const number of this.stored.keys()) if (number <= this.received) this.stored.delete(number);
  }

  /** 1 … n are all done. */
  get executed(): number {
    const open = this.lane.map(({ request }) => Number(request.requestId));
    return Math.min(this.seen, ...open.map((number) => number - 1));
  }
}

/** A list of ids and a title that is set. */
export const IDS: Rules<State> = {
  begin: (of) => ({ of, ids: [], title: "" }),
  run(request, store) {
    if (request.type === "PROPERTY_UPDATE") {
      const title = String(request.payload.value);
      store.commit({ title }, [["=", ["title"], title]]);
    } else if (request.action === "fail") return "action";
    else addId(store, Number(request.payload));
    return null;
  },
};

export function addId(store: Store<State>, id: number): void {
  store.commit({ ids: [...store.state.ids, id] }, [["+", ["ids"], id]]);
}

export class ResumingServer<S = State> {
  readonly links: Link<S>[] = [];
  readonly sessions = new Map<string, Session<S>>();
  readonly shared = new Map<string, Store<S>>();
  /** How often each call has run, by its payload, or by `op` in that. */
  readonly runs = new Map<number, number>();
  /** Every state there ever was, by epoch and version. */
  readonly history = new Map<string, S>();
  /** What no honest client does. */
  readonly violations: string[] = [];
  /** How often it did what is worth meeting in a test. */
  readonly met = { resumed: 0, forgotten: 0, ops: 0, snapshots: 0, repeated: 0, stored: 0, fenced: 0, gone: 0 };
  #made = 0;

  constructor(private readonly rules: Rules<S>, private readonly inFlight = 32) {}

  upgrade(): Link<S> {
    const link = new Link<S>(this.links.length);
    this.links.push(link);
    return link;
  }

  /** One frame from the client. */
  hear(link: Link<S>): void {
    const frame = link.up.shift();
    if (frame === undefined) return;
    if (link.fenced) this.met.fenced += 1;
    else for (const message of [JSON.parse(frame) as ClientMessage].flat()) this.#handle(link, message);
  }

  /** The client said goodbye. */
  end(link: Link<S>): void {
    if (link.session !== null && !link.fenced) this.sessions.delete(link.session.name);
  }

  /** Runs the next request of a session. */
  execute(session: Session<S>): void {
    const next = session.lane.shift();
    if (next === undefined) return;
    const { request, mounted } = next;
    const number = Number(request.requestId);
    const isThere = mounted !== undefined && session.components.get(request.componentId) === mounted;
    const answer = isThere ? this.#run(request, mounted.store) : refusal(request, "gone");
    session.stored.set(number, answer);
    session.outbox.push(answer);
  }

  /** One frame to the client: the news of every store, then the answers. */
  flush(session: Session<S>): void {
    const messages: ServerMessage[] = [];
    for (const [componentId, mounted] of session.components) {
      const { store, told } = mounted;
      if (told === store.version) continue;
      const ops = store.since(told);
      mounted.told = store.version;
      if (ops !== null) messages.push({ type: "STATE_DELTA", componentId, from: told, version: store.version, ops });
      else messages.push({ type: "STATE_UPDATE", componentId, epoch: store.epoch, version: store.version, payload: { state: store.state } });
    }
    messages.push(...session.outbox);
    session.outbox = [];
    if (messages.length > 0) session.link?.down.push(JSON.stringify(messages));
  }

  /** The one of a shared component, or a new one. */
  store(component: string): Store<S> {
    const isShared = component.startsWith("Shared");
    const store = (isShared ? this.shared.get(component) : undefined) ?? this.#begin(`e${String((this.#made += 1))}`);
    if (isShared) this.shared.set(component, store);
    return store;
  }

  /** The stores of its own are ended while nobody is connected. */
  close(session: Session<S>): void {
    for (const [id, { store }] of session.components) if (![...this.shared.values()].includes(store)) session.components.delete(id);
  }

  /** Forgets one session, as after two minutes. */
  expire(session: Session<S>): void {
    this.sessions.delete(session.name);
    if (session.link !== null) session.link.fenced = true;
  }

  /** Forgets everything, as a process that was killed. */
  restart(): void {
    for (const session of this.sessions.values()) this.expire(session);
    for (const link of this.links) link.fenced = true;
    this.shared.clear();
  }

  #handle(link: Link<S>, message: ClientMessage): void {
    if (message.type === "HELLO") {
      this.#greet(link, message);
      return;
    }
    const { session } = link;
    if (session === null || link.fenced) {
      this.violations.push(`${message.type} before WELCOME`);
      return;
    }
    if (session.welcomed) session.confirmed = session.newest;
    switch (message.type) {
      case "COMPONENT_MOUNT": this.#mount(session, message.componentId, message.payload.component); break;
      case "COMPONENT_UNMOUNT": session.components.delete(message.componentId); break;
      case "COMPONENT_ACTION": case "PROPERTY_UPDATE": this.#request(session, message); break;
      case "RESYNC": this.violations.push("a gap, of which there are none"); break;
      case "PING": link.down.push(JSON.stringify({ type: "PONG", at: message.at })); break;
      case "ACK": break;
      default: message satisfies never;
    }
  }

  #greet(link: Link<S>, hello: Hello): void {
    if (link.session !== null) this.violations.push("a second HELLO");
    const known = this.sessions.get(hello.session ?? "");
    const proven = known !== undefined && [known.confirmed, known.newest].includes(hello.secret ?? "") && hello.anew !== true;
    if (proven && (known.link?.upgraded ?? -1) > link.upgraded) {
      link.fenced = true;
      return;
    }
    const session = proven ? known : new Session<S>(`s${String((this.#made += 1))}`);
    this.sessions.set(session.name, session);
    if (session.link !== null) session.link.fenced = true;
    session.link = link;
    link.session = session;
    session.confirmed = proven ? hello.secret ?? "" : session.confirmed;
    session.newest = proven ? `${session.name}-${String((this.#made += 1))}` : session.newest;
    session.welcomed = true;
    session.outbox = [];
    if (proven) session.cover(hello.received);
    this.met[proven ? "resumed" : "forgotten"] += hello.session === undefined ? 0 : 1;
    const replies = [...session.stored].sort(([a], [b]) => a - b).map(([, reply]) => reply);
    this.met.stored += replies.length;
    link.down.push(JSON.stringify({
      type: "WELCOME", session: session.name, secret: session.newest, resumed: proven, executed: session.executed, replies, heartbeatMs: 20_000,
      limits: { inFlight: this.inFlight, messageBytes: 65_536 }, schema: "", server: "test",
    }));
    if (proven) this.#restore(session, link, hello);
  }

  #restore(session: Session<S>, link: Link<S>, { components = [] }: Hello): void {
    const listed = new Set(components.map(({ componentId }) => componentId));
    for (const id of session.components.keys()) if (!listed.has(id)) session.components.delete(id);
    const answers = components.map(({ componentId, epoch, version = -1 }): ServerMessage => {
      const mounted = session.components.get(componentId);
      if (mounted === undefined) {
        this.met.gone += 1;
        return { type: "COMPONENT_UNMOUNTED", componentId, reason: "gone" };
      }
      const { store } = mounted;
      mounted.told = store.version;
      if (epoch === store.epoch && version > store.version) this.violations.push("a version that never was");
      const ops = epoch === store.epoch ? store.since(version) : null;
      this.met[ops === null ? "snapshots" : "ops"] += 1;
      return { type: "COMPONENT_MOUNTED", componentId, epoch: store.epoch, version: store.version, ...(ops === null ? { state: store.state } : { ops }) };
    });
    if (answers.length > 0) link.down.push(JSON.stringify(answers));
  }

  #mount(session: Session<S>, componentId: string, component: string): void {
    const store = session.components.get(componentId)?.store ?? this.store(component);
    session.components.set(componentId, { store, told: store.version });
    // What came before it is answered before it.
    while (session.lane.some((waiting) => waiting.request.componentId === componentId)) this.execute(session);
    this.flush(session);
    session.link?.down.push(JSON.stringify({ type: "COMPONENT_MOUNTED", componentId, epoch: store.epoch, version: store.version, state: store.state }));
  }

  #begin(epoch: string): Store<S> {
    return new Store(epoch, this.rules.begin(epoch), this.history);
  }

  #request(session: Session<S>, request: Request): void {
    session.cover(request.received);
    const number = Number(request.requestId);
    if (number > session.seen + 1) this.violations.push(`a gap in the numbers: ${String(number)} after ${String(session.seen)}`);
    if (number > session.seen) {
      session.seen = number;
      session.lane.push({ request, mounted: session.components.get(request.componentId) });
      return;
    }
    this.met.repeated += 1;
    const answer = session.stored.get(number);
    if (answer !== undefined) session.outbox.push(answer);
    else if (!session.lane.some(({ request: { requestId } }) => requestId === number)) this.violations.push(`${String(number)} was answered and received`);
  }

  #run(request: Request, store: Store<S>): Reply | ErrorMessage {
    const { componentId, requestId = 0 } = request;
    if (request.type === "COMPONENT_ACTION") {
      const id = Number((request.payload as { op?: number }).op ?? request.payload);
      this.runs.set(id, (this.runs.get(id) ?? 0) + 1);
    }
    const refused = this.rules.run(request, store);
    if (refused !== null) return refusal(request, refused);
    return { type: "REPLY", requestId, componentId, payload: { result: null }, at: { [componentId]: store.version } };
  }
}

function refusal({ componentId, requestId = 0 }: Request, code: ErrorMessage["code"]): ErrorMessage {
  return { type: "ERROR", code, payload: { error: code }, componentId, requestId };
}
