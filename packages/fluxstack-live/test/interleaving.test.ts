// Random schedules of a page, a network and a server: whatever is lost on the way, each call counts once and nothing typed is lost.
// @vitest-environment node
import { expect, it } from "vitest";
import { clientIn, type LiveClient } from "../src/client.js";
import type { Environment, Wake } from "../src/environment.js";
import type { LiveError } from "../src/error.js";
import type { SetOptions } from "../src/handle.js";
import { debounce, throttle } from "../src/timing.js";
import { Chance } from "./chance.js";
import { addId, IDS, ResumingServer, type Link, type State } from "./resuming-server.js";
import { Timers } from "./timers.js";

/** A component by names that no types check. */
interface Handle {
  readonly id: string;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => { state: State | undefined; status: string; version: number; pending: { count: number; fields: ReadonlySet<string> } };
  readonly callSafe: (action: string, payload: unknown) => Promise<{ ok: true } | { ok: false; error: LiveError }>;
  readonly set: (field: string, value: unknown, options?: SetOptions) => void;
  readonly flush: () => Promise<void>;
}

/** The client's end of a link. */
class Socket {
  readyState = 0;
  readonly protocol = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly link: Link, private readonly server: ResumingServer) {}

  send(frame: string): void {
    this.link.up.push(frame);
  }

  close(code: number): void {
    this.readyState = 3;
    if (code !== 1000) return;
    while (this.link.up.length > 0) this.server.hear(this.link);
    this.server.end(this.link);
  }

  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: "" });
  }
}

interface Call { readonly id: number; readonly handle: Handle; outcome: "open" | "done" | "refused" | "gone" | "unknown" }

const SENDS: readonly SetOptions["send"][] = [undefined, "ack", "blur", throttle(700), debounce(400)];

/** One schedule, reproducible by its seed. */
class Schedule {
  readonly server = new ResumingServer(IDS);
  readonly sockets: Socket[] = [];
  readonly calls: Call[] = [];
  readonly faults: string[] = [];
  /** How often the server lost its memory of the session. */
  losses = 0;
  /** How often what it mounted was ended meanwhile. */
  closures = 0;
  typed = "";
  readonly #chance: Chance;
  readonly #timers = new Timers();
  #wake: (why: Wake) => void = () => undefined;
  readonly #client: LiveClient;
  readonly own: Handle;
  readonly room: Handle;
  #leave: (() => void) | null = null;
  readonly #versions = new Map<string, number>();

  constructor(seed: number) {
    this.#chance = new Chance(seed);
    const environment: Environment = {
      now: () => this.#timers.now,
      date: () => this.#timers.now,
      random: () => this.#chance.random(),
      after: this.#timers.after,
      open: () => {
        const socket = new Socket(this.server.upgrade(), this.server);
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      online: () => true,
      onWake: (woken) => {
        this.#wake = woken;
        return () => { this.#wake = () => undefined; };
      },
      storage: () => { throw new Error("none"); },
    };
    this.#client = clientIn(environment, { onError: () => undefined });
    const mount = this.#client.mount as unknown as (name: string, props: object) => Handle;
    this.own = mount("Own", {});
    this.room = mount("SharedRoom", {});
    this.#watch(this.own);
    this.#join();
  }

  get socket(): Socket | undefined {
    return this.sockets.at(-1);
  }

  get status(): string {
    return this.#client.connection.get().status;
  }

  async run(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      this.#step();
      await idle();
    }
    await this.#calm();
    this.#judge();
  }

  #step(): void {
    const kinds: readonly [weight: number, step: () => void][] = [
      [14, () => { this.#call(); }],
      [8, () => { this.#type(); }],
      [3, () => { this.#join(); }],
      [30, () => { this.#up(this.socket); }],
      [6, () => { this.#up(this.sockets[this.#chance.below(this.sockets.length)]); }],
      [36, () => { this.#down(); }],
      [18, () => { for (const session of this.server.sessions.values()) this.server.execute(session); }],
      [18, () => { for (const session of this.server.sessions.values()) this.server.flush(session); }],
      [6, () => { for (const store of this.server.shared.values()) addId(store, -1); }],
      [14, () => { this.#pass(this.#chance.below(1000)); }],
      [4, () => { this.#cut(1006); }],
      [3, () => { this.#forget(); }],
      [4, () => { void this.own.flush(); }],
      [3, () => { this.#close(); }],
      [1, () => { this.socket?.link.down.push(JSON.stringify({ type: "GO_AWAY", afterMs: this.#chance.below(5000), reason: "restart" })); }],
      [1, () => { this.#wake(this.#chance.random() < 0.5 ? "online" : "visible"); }],
    ];
    let at = this.#chance.random() * kinds.reduce((sum, [weight]) => sum + weight, 0);
    kinds.find(([weight]) => (at -= weight) < 0)?.[1]();
  }

  #call(): void {
    const handle = this.#chance.random() < 0.5 ? this.own : this.room;
    const call: Call = { id: this.calls.length + 1, handle, outcome: "open" };
    this.calls.push(call);
    void handle.callSafe(this.#chance.random() < 0.15 ? "fail" : "add", call.id).then((result) => {
      if (call.outcome !== "open") this.faults.push(`call ${String(call.id)} settled twice`);
      if (result.ok) this.#settled(call);
      else call.outcome = result.error.code === "action" ? "refused" : result.error.code === "gone" ? "gone" : "unknown";
      if (!result.ok && !["action", "gone", "unknown_outcome"].includes(result.error.code)) this.faults.push(`call ${String(call.id)}: ${result.error.code}`);
    });
  }

  /** It is shown when it settles, unless it was of a history that is lost. */
  #settled(call: Call): void {
    call.outcome = "done";
    const { state } = call.handle.getSnapshot();
    const ran = [...this.server.history.values()].find(({ ids }) => ids.includes(call.id));
    if (ran === undefined || (state?.of === ran.of && !state.ids.includes(call.id))) this.faults.push(`call ${String(call.id)} settled before it was shown`);
  }

  #type(): void {
    this.typed = `t${String(this.#chance.random())}`;
    this.own.set("title", this.typed, { send: this.#chance.one(SENDS) });
  }

  /** The room comes and goes; what is its own stays. */
  #join(): void {
    if (this.#leave === null) this.#leave = this.#watch(this.room);
    else {
      this.#leave();
      this.#leave = null;
    }
  }

  #watch(handle: Handle): () => void {
    return handle.subscribe(() => { this.#look(handle); });
  }

  /** What is shown is exactly what the server had at that version, with nothing older than before. */
  #look(handle: Handle): void {
    const { state, version, pending } = handle.getSnapshot();
    if (state?.of === undefined) return;
    const at = `${state.of}/${String(version)}`;
    const before = this.#versions.get(`${handle.id} ${state.of}`) ?? 0;
    this.#versions.set(`${handle.id} ${state.of}`, version);
    if (version < before) this.faults.push(`${at} after ${String(before)}`);
    const there = this.server.history.get(at);
    if (JSON.stringify(there?.ids) !== JSON.stringify(state.ids)) this.faults.push(`${at} was never so`);
    if (!pending.fields.has("title") && there?.title !== state.title) this.faults.push(`${at} never had that title`);
    if (handle === this.own && state.title !== this.typed) this.faults.push(`${at} shows ${state.title} instead of what was typed`);
  }

  #up(socket: Socket | undefined): void {
    if (socket?.readyState === 0) {
      socket.readyState = 1;
      socket.onopen?.();
    } else if (socket !== undefined) this.server.hear(socket.link);
  }

  #down(): void {
    const { socket } = this;
    // What was sent one by one may arrive as one.
    const frames = socket?.link.down.splice(0, 1 + this.#chance.below(3)) ?? [];
    const frame = frames.length === 0 ? undefined : JSON.stringify(frames.flatMap((text) => JSON.parse(text) as unknown));
    if (frame !== undefined && socket?.readyState === 1) socket.onmessage?.({ data: frame });
  }

  /** The client hears of it; the server never does. What was under way arrives in part, perhaps later. */
  #cut(code: number): void {
    const { socket } = this;
    if (socket === undefined || socket.readyState === 3) return;
    socket.link.up.length = this.#chance.below(socket.link.up.length + 1);
    socket.drop(code);
  }

  #forget(): void {
    if (this.server.sessions.size === 0) return;
    this.losses += 1;
    if (this.#chance.random() < 0.5) this.server.restart();
    else for (const session of this.server.sessions.values()) this.server.expire(session);
    this.#cut(1012);
  }

  #close(): void {
    for (const session of this.server.sessions.values()) {
      const isLost = this.sockets.every(({ link, readyState }) => link !== session.link || readyState === 3);
      if (!isLost) continue;
      this.closures += 1;
      this.server.close(session);
    }
  }

  /** Time passes, and what is due happens. */
  #pass(ms: number): void {
    const until = this.#timers.now + ms;
    for (let next = this.#timers.take(until); next !== undefined; next = this.#timers.take(until)) {
      this.#timers.now = next.at;
      next.run();
    }
    this.#timers.now = until;
  }

  /** The faults stop, and everything comes to an end. */
  async #calm(): Promise<void> {
    if (this.#leave === null) this.#join();
    void this.own.flush();
    for (let round = 0; round < 1000 && !this.#isCalm; round++) {
      if (!this.#isBusy) this.#pass((this.#timers.next ?? this.#timers.now) - this.#timers.now);
      for (const socket of this.sockets) this.#up(socket);
      this.#down();
      for (const session of this.server.sessions.values()) {
        this.server.execute(session);
        this.server.flush(session);
      }
      await idle();
    }
  }

  /** Something is on its way. */
  get #isBusy(): boolean {
    const { socket } = this;
    return socket?.readyState === 0 || this.sockets.some(({ link }) => link.up.length > 0) || (socket?.readyState === 1 && socket.link.down.length > 0);
  }

  get #isCalm(): boolean {
    const pending = [this.own, this.room].some((handle) => handle.getSnapshot().pending.fields.size + handle.getSnapshot().pending.count > 0);
    return this.status === "connected" && !this.#isBusy && !pending && [this.own, this.room].every((handle) => handle.getSnapshot().status === "live");
  }

  #judge(): void {
    const { faults, server } = this;
    faults.push(...server.violations);
    for (const { id, outcome } of this.calls) {
      const runs = server.runs.get(id) ?? 0;
      const right = { open: false, done: runs === 1, refused: runs === 1, gone: runs === 0 && this.closures > 0, unknown: runs <= 1 && this.losses > 0 }[outcome];
      if (!right) faults.push(`call ${String(id)} is ${outcome} and ran ${String(runs)} times`);
    }
    const session = this.socket?.link.session;
    for (const handle of [this.own, this.room]) {
      const { state, status, version } = handle.getSnapshot();
      const store = session?.components.get(handle.id)?.store;
      if (status !== "live" || store?.version !== version || JSON.stringify(store.state) !== JSON.stringify(state)) faults.push(`${handle.id} is not what the server has`);
    }
    if (this.own.getSnapshot().state?.title !== this.typed) faults.push("what was typed is lost");
    this.#client.close();
  }
}

/** Every microtask has run. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it("each call counts once, every promise settles, and the page shows what the server has", async () => {
  const met: Record<string, number> = { losses: 0, calls: 0, unknown: 0 };
  for (let seed = 1; seed <= 1500; seed++) {
    const schedule = new Schedule(seed);
    await schedule.run(120);
    expect(schedule.faults, `seed ${String(seed)}`).toEqual([]);
    const more = { losses: schedule.losses, closures: schedule.closures, calls: schedule.calls.length, unknown: schedule.calls.filter(({ outcome }) => outcome === "unknown").length, ...schedule.server.met };
    for (const [what, count] of Object.entries(more)) met[what] = (met[what] ?? 0) + count;
  }
  // What these schedules are for was met.
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(50);
});
