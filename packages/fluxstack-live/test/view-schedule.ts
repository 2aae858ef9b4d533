// One schedule of a page, a network, a server and other visitors. After every step that the page has a part in, it compares what
// the page shows with the reference.

import { clientIn, type LiveClient } from "../src/client.js";
import type { Environment } from "../src/environment.js";
import type { SetOptions } from "../src/handle.js";
import type { ServerMessage } from "../src/protocol.js";
import { debounce, throttle } from "../src/timing.js";
import { addItem, effects, EMPTY, removeItem, RULES, setPart, TEXTS, toggleItem } from "./board.js";
import type { Board, Field, Payload } from "./board.js";
import { Chance } from "./chance.js";
import { meet } from "./coverage.js";
import { LinkEnd } from "./link-end.js";
import { end, newCall, ReferencePage, View, type CallEntry, type Effect, type Flush, type Outcome, type Sending } from "./reference-view.js";
import { ResumingServer, type Store } from "./resuming-server.js";
import { equal, type Mount } from "./shown.js";
import { Timers, type Timer } from "./timers.js";
import { Watched } from "./watched.js";

const STEPS = 200;
// Fewer than a real server allows, so that calls wait for it.
const IN_FLIGHT = 4;
const PACE_MS = 300;
const SENDINGS: Readonly<Record<Sending, SetOptions>> = {
  ack: {}, blur: { send: "blur" }, debounce: { send: debounce(PACE_MS) }, throttle: { send: throttle(PACE_MS) },
};

interface Call { readonly name: string; readonly entry: CallEntry<Board>; readonly abort: AbortController | null; outcome: Outcome }
interface Flushing { readonly flush: Flush; readonly name: string; isDone: boolean }

/** One schedule, reproducible by its seed. */
export class Schedule {
  readonly faults: string[] = [];
  readonly trace: string[] = [];
  readonly #server = new ResumingServer(RULES, IN_FLIGHT);
  readonly #sockets: LinkEnd<Board>[] = [];
  readonly #page = new ReferencePage<Board>(meet, IN_FLIGHT);
  readonly #watched: readonly Watched[];
  readonly #calls: Call[] = [];
  readonly #flushes: Flushing[] = [];
  readonly #client: LiveClient;
  readonly #mount: Mount;
  readonly #sendings = new Map<string, Sending>();
  #effects = effects("");
  readonly #chance: Chance;
  readonly #timers = new Timers();
  #made = 0;

  constructor(readonly seed: number, private readonly isTraced: boolean) {
    this.#chance = new Chance(seed);
    const environment: Environment = {
      now: () => this.#timers.now,
      date: () => this.#timers.now,
      random: () => this.#chance.random(),
      after: this.#timers.after,
      open: () => {
        const socket = new LinkEnd(this.#server.upgrade(), {
          sent: (message) => {
            this.#log(() => `  sent ${JSON.stringify(message)}`);
            this.#page.sent(message);
          },
          lost: () => { this.#page.lost(); },
        });
        this.#sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      online: () => true,
      onWake: () => () => undefined,
      storage: () => { throw new Error("none"); },
    };
    this.#page.isMixed = this.#chance.random() < 0.3;
    this.#client = clientIn(environment, { onError: () => undefined });
    this.#mount = this.#client.mount as unknown as Mount;
    this.#watched = (this.#chance.random() < 0.5 ? ["Own", "SharedRoom"] : ["SharedRoom"]).map((name) => this.#watch(name));
  }

  async run(): Promise<void> {
    for (let i = 0; i < STEPS && this.faults.length === 0; i++) {
      if (await this.#step()) await this.#look();
    }
    if (this.faults.length === 0) await this.#calm();
    if (this.faults.length === 0) this.#judge();
    for (const [what, count] of Object.entries(this.#server.met)) meet(`server: ${what}`, count);
    this.#client.close();
    await idle();
  }

  #log(line: () => string): void {
    if (this.isTraced) this.trace.push(line());
  }

  #fault(what: string): void {
    this.#log(() => `FAULT ${what}`);
    this.faults.push(what);
  }

  get #socket(): LinkEnd<Board> | undefined {
    return this.#sockets.at(-1);
  }

  #watch(name: string): Watched {
    const handle = this.#mount(name, EMPTY, { optimistic: this.#effects });
    const log = (epoch: string, version: number): Board => this.#server.history.get(`${epoch}/${String(version)}`) ?? EMPTY;
    const view = new View(EMPTY, log, TEXTS, meet);
    this.#page.views.set(handle.id, view);
    return new Watched(name, handle, view, (what) => { this.#fault(what); });
  }

  /** At once, then when all that waits in microtasks has happened. */
  async #look(): Promise<void> {
    for (const watched of this.#watched) watched.compared = null;
    this.#check("at once");
    // No reference changes while microtasks run, so that only another snapshot must be compared again.
    await idle();
    this.#check("then");
    this.faults.push(...this.#page.overdue());
    for (const { name, entry, outcome } of this.#calls) {
      if (outcome !== entry.outcome) this.#fault(`${name}: call ${String(entry.op)} is ${outcome} instead of ${entry.outcome}`);
    }
    for (const { name, flush, isDone } of this.#flushes) {
      if (isDone !== flush.sets.every(({ isOver }) => isOver)) this.#fault(`${name}: flush() is ${isDone ? "done too early" : "not done"}`);
    }
  }

  #check(where: string): void {
    for (const watched of this.#watched) watched.check(where);
    this.faults.push(...this.#page.violations.splice(0), ...this.#server.violations.splice(0));
  }

  /** One thing happens. False: the page has no part in it, and cannot show it. */
  async #step(): Promise<boolean> {
    let at = this.#chance.random() * Schedule.#weight;
    const kind = Schedule.#kinds.find(([weight]) => (at -= weight) < 0)?.[1];
    return (await kind?.(this)) !== false;
  }

  static readonly #kinds: readonly (readonly [weight: number, step: (schedule: Schedule) => unknown])[] = [
    [14, (schedule) => { schedule.#call(); }],
    [16, (schedule) => { schedule.#set(); }],
    [2, (schedule) => { schedule.#setMany(); }],
    [2, (schedule) => { schedule.#flush(); }],
    [2, (schedule) => { schedule.#abort(); }],
    [1, (schedule) => { schedule.#renew(); }],
    [30, (schedule) => schedule.#up(schedule.#socket)],
    [3, (schedule) => schedule.#up(schedule.#chance.one(schedule.#sockets))],
    [30, (schedule) => schedule.#down()],
    [18, (schedule) => schedule.#execute()],
    [18, (schedule) => schedule.#answer()],
    [8, (schedule) => schedule.#foreign()],
    [14, (schedule) => schedule.#pass(schedule.#chance.random() * 1000)],
    [3, (schedule) => { schedule.#cut(1006); }],
    [3, (schedule) => schedule.#forget()],
    [12, (schedule) => schedule.#close()],
    [2, (schedule) => schedule.#rest(schedule.#chance.below(20))],
  ];
  static readonly #weight = Schedule.#kinds.reduce((sum, [weight]) => sum + weight, 0);

  #execute(): false {
    for (const session of this.#server.sessions.values()) this.#server.execute(session);
    return false;
  }

  #answer(): false {
    for (const session of this.#server.sessions.values()) this.#server.flush(session);
    return false;
  }

  #call(): void {
    const { name, handle, view } = this.#chance.one(this.#watched);
    const op = (this.#made += 1);
    const action = this.#chance.one(["add", "add", "toggle", "toggle", "increment", "clear", "stamp", "touch"]);
    const id = action === "add" ? `i${String(op)}` : this.#chance.one([...view.look().state.items.map((item) => item.id), "nobody"]);
    const payload: Payload = { op, id, text: this.#chance.random() < 0.2 ? "no!" : "some", by: this.#chance.random() < 0.2 ? -1 : op };
    const timeoutMs = this.#chance.random() < 0.15 ? this.#chance.random() * 1500 : undefined;
    const abort = timeoutMs === undefined && this.#chance.random() < 0.3 ? new AbortController() : null;
    const key = action === "toggle" ? id : action === "increment" ? this.#chance.below(3) : undefined;
    // Whether the first connection is waited for is left open.
    const offline = this.#chance.random() < 0.1 && this.#page.wasConnected ? "fail" : this.#chance.random() < 0.1 ? "queue" : undefined;
    this.#log(() => `${name} call ${action} ${JSON.stringify({ ...payload, timeoutMs, offline, key })}`);
    meet(`call ${action}`);
    const apply = this.#effects[action];
    const effect: Effect<Board> | undefined = apply && ((state) => apply(state, payload));
    const isRefused = offline === "fail" && !this.#page.connected;
    const entry = newCall({ op, action, key, effect, deadline: timeoutMs === undefined ? Infinity : this.#timers.now + timeoutMs });
    if (isRefused) {
      meet("call refused offline");
      end(entry, "disconnected");
    } else view.history.push(entry);
    const call: Call = { name, entry, abort, outcome: "open" };
    this.#calls.push(call);
    const options = { timeoutMs, signal: abort?.signal, key, offline };
    handle.callSafe(action, payload, options).then((result) => {
      const outcome = result.ok ? "done" : (result.error.code as Outcome);
      this.#log(() => `  call ${String(op)} is ${outcome}`);
      meet(`outcome ${outcome}`);
      if (call.outcome !== "open") this.#fault(`call ${String(op)} has two ends`);
      call.outcome = outcome;
    }, (error: unknown) => { this.#fault(`callSafe rejects with ${String(error)}`); });
  }

  #set(): void {
    const { name, handle, view } = this.#chance.one(this.#watched);
    const op = (this.#made += 1);
    const volatile = this.#chance.random() < 0.3;
    const send = this.#sending(name, volatile);
    const field = volatile ? "slide" : this.#chance.one(TEXTS);
    const value = `t${String(op)}${this.#chance.random() < 0.1 ? "!" : ""}`;
    this.#log(() => `${name} set ${field} ${value} ${JSON.stringify({ send, volatile })}`);
    this.#note(view, op, { [field]: value }, send, volatile);
    handle.set(field, value, { ...SENDINGS[send], ...(volatile && { volatile }) });
  }

  /** In most schedules a component's texts are always set in one way, and when they leave is clear; in the others in any. */
  #sending(name: string, volatile: boolean): Sending {
    const one = (): Sending => this.#chance.one<Sending>(["ack", "ack", "ack", "blur", "debounce", "throttle"]);
    if (this.#page.isMixed) return one();
    const key = `${name} ${String(volatile)}`;
    const sending = this.#sendings.get(key) ?? one();
    this.#sendings.set(key, sending);
    return sending;
  }

  /** Writes it down for the reference. */
  #note(view: View<Board>, op: number, values: Readonly<Partial<Record<Field, string>>>, send: Sending, volatile: boolean): void {
    const paced = this.#timers.now + PACE_MS;
    const due = { ack: 0, throttle: 0, blur: Infinity, debounce: paced }[send];
    const latest = { ack: -1, throttle: paced, blur: Infinity, debounce: paced }[send];
    meet(`set ${send}`);
    if (volatile) meet(view.live ? "set volatile" : "volatile, no live connection");
    for (const [field, value] of Object.entries(values)) {
      if (view.look().fields.has(field)) meet("set over a pending set");
      if (!volatile || view.live) view.set({ op, field, value, send, due, latest, volatile });
    }
  }

  #setMany(): void {
    const { name, handle, view } = this.#chance.one(this.#watched);
    const op = (this.#made += 1);
    const values = { title: `t${String(op)}`, note: `n${String(op)}` };
    const send = this.#sending(name, false);
    this.#log(() => `${name} setMany ${String(op)} ${send}`);
    meet("setMany");
    this.#note(view, op, values, send, false);
    handle.setMany(values, SENDINGS[send]);
  }

  #flush(): void {
    const { name, handle, view } = this.#chance.one(this.#watched);
    this.#log(() => `${name} flush`);
    const flushing: Flushing = { name, flush: view.flush(), isDone: false };
    meet(flushing.flush.sets.length > 0 ? "flush of sets" : "flush of nothing");
    this.#flushes.push(flushing);
    view.flushed = this.#made += 1;
    handle.flush().then(() => { flushing.isDone = true; }, (error: unknown) => { this.#fault(`flush rejects with ${String(error)}`); });
  }

  #abort(): void {
    const open = this.#calls.filter(({ abort, entry }) => abort !== null && entry.outcome === "open");
    if (open.length === 0) return;
    const { abort, entry } = this.#chance.one(open);
    this.#log(() => `abort ${String(entry.op)}`);
    meet(entry.sent ? "abort of a call that was sent" : "abort of a call that waits");
    end(entry, "aborted");
    abort?.abort();
  }

  /** Another render gives other functions: calls from now on show what these do. */
  #renew(): void {
    meet("other effects");
    this.#log(() => "other effects");
    this.#effects = effects(`*${String((this.#made += 1))}`);
    for (const { name, handle } of this.#watched) {
      if (this.#mount(name, EMPTY, { optimistic: this.#effects }) !== handle) this.#fault("the same mount has two handles");
    }
  }

  /** Somebody else's change. */
  #foreign(): false {
    const stores = [...this.#server.sessions.values()].flatMap(({ components }) => [...components.values()].map(({ store }) => store));
    if (stores.length === 0) return false;
    this.#change(this.#chance.one(stores));
    return false;
  }

  #change(store: Store<Board>): void {
    const mark = `f${String((this.#made += 1))}`;
    const { items, count } = store.state;
    const kind = this.#chance.one(["add", "toggle", "remove", "count", "title", "note"] as const);
    this.#log(() => `foreign ${kind} ${mark} in ${store.epoch}`);
    meet(`foreign ${kind}`);
    switch (kind) {
      case "add": addItem(store, { id: mark, text: mark, done: false }); break;
      case "toggle": toggleItem(store, this.#chance.below(items.length)); break;
      case "remove": removeItem(store, this.#chance.below(items.length)); break;
      case "count": setPart(store, "count", count + 1000); break;
      case "title": case "note": setPart(store, kind, mark); break;
      default: kind satisfies never;
    }
  }

  #up(socket: LinkEnd<Board> | undefined): boolean {
    if (socket?.readyState === 0) {
      this.#log(() => "opened");
      socket.readyState = 1;
      socket.onopen?.();
      return true;
    }
    const frame = socket?.link.up[0];
    if (socket === undefined || frame === undefined) return false;
    this.#log(() => `up ${frame}`);
    this.#server.hear(socket.link);
    return false;
  }

  async #down(): Promise<boolean> {
    const socket = this.#socket;
    const frame = socket?.readyState === 1 ? socket.link.down.shift() : undefined;
    if (socket === undefined || frame === undefined) return false;
    this.#log(() => `down ${frame}`);
    const messages = [JSON.parse(frame) as ServerMessage].flat();
    const answers = messages.filter(({ type }) => type === "REPLY" || type === "ERROR").length;
    if (answers > 0) meet(answers > 1 ? "answers in a batch" : "answer alone");
    this.#page.heard(messages);
    socket.onmessage?.({ data: frame });
    // What is answered before its state is there is worth losing.
    if (messages.some((message) => message.type === "WELCOME" && message.replies.length > 0) && this.#chance.random() < 0.1) {
      await this.#look();
      this.#lose();
    }
    return true;
  }

  /** The client hears of it; the server never does. What was under way arrives in part, perhaps later. */
  #cut(code: number): void {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === 3) return;
    const arrives = this.#chance.below(socket.link.up.length + 1);
    this.#log(() => `cut ${String(code)}: ${String(arrives)} of ${String(socket.link.up.length)} arrive`);
    meet("cut");
    if (arrives < socket.link.up.length) meet("frames up lost");
    if (socket.link.down.length > 0) meet("frames down lost");
    socket.link.up.length = arrives;
    socket.drop(code);
  }

  /** Half of the time when everything was answered, so that there is something to offer again. */
  async #forget(): Promise<void> {
    if (this.#chance.random() < 0.5) await this.#rest(20);
    if (this.faults.length === 0) this.#lose();
  }

  #lose(): void {
    if (this.#server.sessions.size === 0) return;
    const isRestart = this.#chance.random() < 0.5;
    this.#log(() => (isRestart ? "server restarts" : "sessions expire"));
    meet(isRestart ? "server restarts" : "sessions expire");
    if (isRestart) {
      this.#server.restart();
      // Others may be back, and have changed something, before this page is.
      for (let changes = this.#chance.below(10); changes > 0; changes--) this.#change(this.#server.store("SharedRoom"));
    } else for (const session of this.#server.sessions.values()) this.#server.expire(session);
    this.#cut(1012);
  }

  /** The server ends what is a session's own while nobody is connected. */
  #close(): false {
    for (const session of this.#server.sessions.values()) {
      if (this.#sockets.some(({ link, readyState }) => link === session.link && readyState !== 3)) continue;
      this.#log(() => `what is ${session.name}'s own ends`);
      meet("components end");
      this.#server.close(session);
    }
    return false;
  }

  /** Time passes, and what is due happens. */
  async #pass(ms: number): Promise<void> {
    const until = this.#timers.now + ms;
    for (let next = this.#next(until); next !== undefined && this.faults.length === 0; next = this.#next(until)) {
      this.#timers.now = next.at;
      this.#log(() => `timer at ${String(this.#timers.now)}`);
      meet("timer");
      next.run();
      await this.#look();
    }
    if (this.faults.length > 0) return;
    this.#timers.now = until;
    this.#page.clock(this.#timers.now);
  }

  /** The next timer until then; the reference's calls time out at the same moment. */
  #next(until: number): Timer | undefined {
    const timer = this.#timers.take(until);
    if (timer !== undefined) this.#page.clock(timer.at);
    return timer;
  }

  /** Nobody does anything new, and what is under way goes on. */
  async #rest(rounds: number): Promise<void> {
    for (let round = 0; round < rounds && this.faults.length === 0; round++) {
      const opened = this.#sockets.filter((socket) => this.#up(socket));
      this.#execute();
      this.#answer();
      const isHeard = await this.#down();
      if (isHeard || opened.length > 0) await this.#look();
    }
  }

  /** The faults stop, and everything comes to an end. */
  async #calm(): Promise<void> {
    for (const { handle, view } of this.#watched) {
      view.flushed = this.#made += 1;
      void handle.flush();
    }
    this.#answer();
    for (let round = 0; round < 2000 && !this.#isCalm && this.faults.length === 0; round++) {
      if (!this.#isBusy) await this.#pass(Math.max(0, (this.#timers.next ?? this.#timers.now) - this.#timers.now));
      await this.#rest(1);
    }
    if (!this.#isCalm && this.faults.length === 0) this.#fault("it comes to no end");
  }

  /** Something is on its way. */
  get #isBusy(): boolean {
    const socket = this.#socket;
    return socket?.readyState === 0
      || this.#sockets.some(({ link }) => link.up.length > 0)
      || (socket?.readyState === 1 && socket.link.down.length > 0);
  }

  get #isCalm(): boolean {
    const isDone = this.#watched.every(({ handle, view }) => view.open.length === 0 && handle.getSnapshot().status === "live");
    return this.#page.connected && !this.#isBusy && isDone;
  }

  /** What was set last has come into a store, if only to be overwritten there. */
  #judgeField(name: string, view: View<Board>, field: (typeof TEXTS)[number]): void {
    const last = view.history.findLast((entry) => entry.kind === "set" && entry.field === field);
    if (last?.kind !== "set" || last.value.includes("!")) return;
    const wasThere = view.epochs.some((epoch) => {
      for (let version = 1; ; version++) {
        const state = this.#server.history.get(`${epoch}/${String(version)}`);
        if (state === undefined || state[field] === last.value) return state !== undefined;
      }
    });
    if (!wasThere) this.#fault(`${name}: ${field} was set last by ${String(last.op)}, which the server never had`);
  }

  #judge(): void {
    for (const { entry } of this.#calls) {
      const runs = this.#server.runs.get(entry.op) ?? 0;
      if (entry.outcome === "open") this.#fault(`call ${String(entry.op)} has no end`);
      const isRight = { done: runs === 1, action: runs === 1, gone: runs === 0, disconnected: runs === 0 }[entry.outcome as string] ?? runs <= 1;
      if (!isRight) this.#fault(`call ${String(entry.op)} is ${entry.outcome} and ran ${String(runs)} times`);
    }
    const components = this.#socket?.link.session?.components;
    for (const { name, handle, view } of this.#watched) {
      for (const field of TEXTS) this.#judgeField(name, view, field);
      const { state, version, status } = handle.getSnapshot();
      const store = components?.get(handle.id)?.store;
      if (status !== "live" || store?.version !== version || !equal(store.state, state)) this.#fault(`${name} is not what the server has`);
    }
  }
}

/** Every microtask has run. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
