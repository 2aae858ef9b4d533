// What a page must show, told again from the contract: the server's state at the version the page was told, and on top, in the order
// made, everything the page did that is not settled. It knows what was done, sent and heard; it knows nothing of the client.

import type { ClientMessage, ErrorMessage, Reply, ServerMessage } from "../src/protocol.js";

export type Effect<S> = (state: S) => S;

/** How a call ended for its caller. */
export type Outcome = "open" | "done" | "disconnected" | "aborted" | "unknown_outcome" | ErrorMessage["code"];

interface SetEntry {
  readonly kind: "set";
  /** Counts what is done on the page; the value tells it, too. */
  readonly op: number;
  readonly field: string;
  readonly value: string;
  readonly send: Sending;
  /** When it may leave by itself: never, for a `blur`. */
  readonly due: number;
  /** After that it has left by itself, unless another of its field is under way. */
  readonly latest: number;
  readonly volatile: boolean;
  /** It was on the wire before and is made again: that is not thinned out. */
  again?: boolean;
  /** On the wire, in the session that goes on. */
  sent: boolean;
  /** Not to be shown any more. */
  isOver: boolean;
}

export interface CallEntry<S> {
  readonly kind: "call";
  readonly op: number;
  readonly action: string;
  readonly key: string | number | undefined;
  readonly effect: Effect<S> | undefined;
  readonly deadline: number;
  sent: boolean;
  isOver: boolean;
  outcome: Outcome;
}

type Entry<S> = SetEntry | CallEntry<S>;

/** What a set waits for. */
export type Sending = "ack" | "blur" | "debounce" | "throttle";

/** Sets made so far, which a `flush()` waits for. */
export interface Flush { readonly sets: readonly SetEntry[] }

export interface Look<S> {
  readonly state: S;
  readonly fields: ReadonlySet<string>;
  readonly calls: readonly CallEntry<S>[];
}

interface Told { readonly epoch: string | null; readonly version: number }

/** A request that the page has sent, by what it was made of. */
interface Sent<S extends object> {
  readonly view: View<S>;
  readonly entry: Entry<S>;
  /** The same entry, or the sets of its field that its value stands for: it, and those before it that were never sent. */
  readonly covers: readonly Entry<S>[];
}

/** One component of a page. */
export class View<S extends object> {
  /** Everything that was done to it, in the order in which it is shown. */
  readonly history: Entry<S>[] = [];
  /** What the page has been told last; no epoch before it was mounted. */
  told: Told = { epoch: null, version: 0 };
  /** The histories that it has been told of. */
  readonly epochs: string[] = [];
  /** By field, what was set last of what was sent, in this session and history. */
  readonly newest = new Map<string, number>();
  /** Made before that, sets need not wait any more: when it was flushed last. */
  flushed = 0;
  /** It was told of on this connection. */
  live = false;
  /** Fields that may be offered again or not: the contract leaves it open. */
  readonly doubtful = new Map<string, SetEntry>();
  /** The last value of each field that the server has taken from here. */
  readonly #taken = new Map<string, SetEntry>();
  /** What each field was before it was first set from here. */
  readonly #before = new Map<string, unknown>();

  constructor(
    private readonly initial: S, private readonly log: (epoch: string, version: number) => S,
    private readonly fields: readonly string[], private readonly met: (what: string) => void,
  ) {}

  get base(): S {
    const { epoch, version } = this.told;
    return epoch === null ? this.initial : this.log(epoch, version);
  }

  get open(): readonly Entry<S>[] {
    return this.history.filter(({ isOver }) => !isOver);
  }

  /** What is to be seen: the state, the fields that are pending, and the calls. */
  look(): Look<S> {
    let state = this.base;
    const fields = new Set<string>();
    const calls: CallEntry<S>[] = [];
    for (const entry of this.history) {
      if (entry.isOver) continue;
      if (entry.kind === "call") calls.push(entry);
      else fields.add(entry.field);
      if (entry.kind === "set") state = { ...state, [entry.field]: entry.value };
      else if (entry.effect !== undefined) state = entry.effect(state);
    }
    return { state, fields, calls };
  }

  set({ field, ...how }: Pick<SetEntry, "op" | "field" | "value" | "send" | "due" | "latest" | "volatile">): void {
    const isOwn = this.#taken.get(field)?.value === this.#baseOf(field) || this.look().fields.has(field);
    if (!isOwn) this.#before.set(field, this.#baseOf(field));
    this.history.push({ ...how, kind: "set", field, sent: false, isOver: false });
  }

  flush(): Flush {
    return { sets: this.history.filter((entry) => entry.kind === "set" && !entry.isOver) as SetEntry[] };
  }

  /** The wait has lasted too long: what was not sent is taken back. */
  clock(now: number): void {
    for (const entry of this.history) {
      if (entry.kind !== "call" || entry.isOver || entry.deadline > now) continue;
      if (entry.outcome === "open") this.met(entry.sent ? "call timed out on the wire" : "call taken back");
      if (!entry.sent) entry.isOver = true;
      end(entry, entry.sent ? "unknown_outcome" : "disconnected");
    }
  }

  /** What is on its way with an entry. */
  covered(entry: Entry<S>): readonly Entry<S>[] {
    if (entry.kind === "call") return [entry];
    return this.open.filter((other) => other.kind === "set" && other.field === entry.field && other.op <= entry.op && !other.sent);
  }

  /** A volatile set that is not sent is lost with the connection. */
  lost(): void {
    this.live = false;
    for (const entry of this.history) if (entry.kind === "set" && entry.volatile && !entry.sent) entry.isOver = true;
  }

  /** The session is another: what had been sent may have run, or not. Sets are made again. */
  forgotten(early: readonly Entry<S>[]): void {
    for (const entry of this.history) {
      if (entry.isOver || !entry.sent || early.includes(entry)) continue;
      makeAgain(entry);
      if (entry.kind === "call") end(entry, "unknown_outcome");
      entry.isOver = entry.kind === "call" || entry.volatile;
    }
  }

  taken(set: SetEntry): void {
    if (!set.volatile) this.#taken.set(set.field, set);
  }

  /** In a history that lacks it, what was set and taken is set again, unless somebody else was there. */
  beginAnew(told: Told): void {
    const { base: before } = this;
    const shown = this.look().state;
    this.told = told;
    for (const field of this.fields) {
      const taken = this.#taken.get(field);
      const now = this.#baseOf(field);
      if (taken === undefined || read(before, field) !== taken.value || now === taken.value || this.look().fields.has(field)) continue;
      const again: SetEntry = { ...taken, again: true, send: "ack", due: 0, latest: -1, sent: false, isOver: false };
      const isDoubtful = read(shown, field) !== taken.value || (now === "" && this.#before.get(field) !== "");
      if (isDoubtful) this.doubtful.set(field, again);
      else if (now === this.#before.get(field)) this.history.unshift(again);
      else this.met("not offered over another's");
    }
  }

  /** What the page has made of what the contract leaves open. */
  resolve(pending: ReadonlySet<string>): void {
    for (const [field, again] of this.doubtful) if (pending.has(field)) this.history.unshift(again);
    this.doubtful.clear();
  }

  #baseOf(field: string): unknown {
    return read(this.base, field);
  }
}

/** A page and its one session: which requests are settled, and whether they were sent as they should be. */
export class ReferencePage<S extends object> {
  readonly views = new Map<string, View<S>>();
  /** What no honest client sends. */
  readonly violations: string[] = [];
  /** A WELCOME came, and the connection was not lost since. */
  connected = false;
  /** A WELCOME came some time. */
  wasConnected = false;
  /** A field is set in several ways: a timer of one may send the value of another, early. */
  isMixed = false;
  /** Sent and not answered, by number. */
  readonly #requests = new Map<number, Sent<S>>();
  /** Answered, and the state that belongs to it is still to come. */
  #early: (Sent<S> & { readonly epoch: string | null; readonly at: number })[] = [];
  #now = 0;
  readonly #met: (what: string) => void;

  constructor(met: (what: string) => void, private readonly inFlight: number) {
    this.#met = met;
  }

  clock(now: number): void {
    this.#now = now;
    for (const view of this.views.values()) view.clock(now);
  }

  lost(): void {
    this.connected = false;
    for (const view of this.views.values()) view.lost();
  }

  sent(message: ClientMessage): void {
    if (message.type !== "COMPONENT_ACTION" && message.type !== "PROPERTY_UPDATE") return;
    const number = Number(message.requestId);
    const view = this.views.get(message.componentId);
    const entry = view?.open.find((open) => {
      if (message.type === "COMPONENT_ACTION") return open.kind === "call" && open.op === (message.payload as { op: number }).op;
      return open.kind === "set" && open.field === message.payload.property && open.value === message.payload.value;
    });
    const before = this.#requests.get(number);
    if (before !== undefined) {
      this.#met(`${before.entry.kind} sent again`);
      if (before.entry !== entry) this.violations.push(`${String(number)} was another request before`);
      return;
    }
    if (view === undefined || entry === undefined) {
      this.violations.push(`nothing is pending of ${JSON.stringify(message)}`);
      return;
    }
    if (this.#requests.size >= this.inFlight) this.violations.push(`${String(number)} is one too many`);
    this.#order(view, entry);
    const covers = view.covered(entry);
    this.#requests.set(number, { view, entry, covers });
    for (const covered of covers) covered.sent = true;
  }

  heard(messages: readonly ServerMessage[]): void {
    for (const message of messages) this.#hear(message);
  }

  /** What was made first is sent first; of a field's sets the newest, and one at a time unless something hurried it. */
  #order(view: View<S>, entry: Entry<S>): void {
    const { open } = view;
    const place = open.indexOf(entry);
    const ahead = open.slice(0, place).filter(({ sent }) => !sent);
    // A call that was taken back has hurried what was before it, too.
    const behind = view.history.slice(view.history.indexOf(entry) + 1);
    for (const other of ahead) {
      const isHeld = other.kind === "call" || (entry.kind === "call" && !isReplaced(ahead, other));
      if (isHeld) this.violations.push(`${String(entry.op)} is sent before ${String(other.op)}`);
    }
    if (entry.kind === "call") return;
    const newest = view.newest.get(entry.field) ?? 0;
    if (newest >= entry.op) this.violations.push(`${String(entry.op)} is sent after ${String(newest)}`);
    view.newest.set(entry.field, entry.op);
    if (entry.again === true) return;
    const next = behind.findIndex((other) => other.kind === "set" && other.field === entry.field);
    const call = behind.findIndex((other) => other.kind === "call");
    if (next >= 0 && (call < 0 || call > next) && entry.op > view.flushed) this.violations.push(`${String(entry.op)} is sent, and not the newest`);
    const waits = view.covered(entry).every((set) => set.kind === "set" && this.#waits(view, set));
    if (waits && !this.isMixed) this.violations.push(`${String(entry.op)} did not wait`);
  }

  /** Whether a set has to wait, for its time or for another of its field. */
  #waits(view: View<S>, set: SetEntry): boolean {
    return !isHurried(view, set) && (this.#now < set.due || (set.send === "ack" && this.#isUnderWay(view, set)));
  }

  #isUnderWay(view: View<S>, { field }: SetEntry): boolean {
    return [...this.#requests.values()].some((sent) => sent.view === view && sent.entry.kind === "set" && sent.entry.field === field);
  }

  /** What should have been sent by now. */
  overdue(): readonly string[] {
    if (!this.connected || this.#requests.size >= this.inFlight) return [];
    return [...this.views.values()].filter(({ live }) => live).flatMap((view) => {
      const overdue = view.open.filter((entry) => !entry.sent && (entry.kind === "call" || isHurried(view, entry) || this.#isFree(view, entry)));
      return overdue.map(({ kind, op }) => `${kind} ${String(op)} waits for nothing`);
    });
  }

  /** Whether nothing holds a set back, as far as is clear. */
  #isFree(view: View<S>, set: SetEntry): boolean {
    if (this.#now <= set.latest || this.#isUnderWay(view, set)) return false;
    return view.open.findLast((other) => other.kind === "set" && other.field === set.field) === set;
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case "WELCOME":
        this.connected = this.wasConnected = true;
        if (message.resumed) for (const reply of message.replies) this.#answer(reply);
        else this.#forgotten();
        break;
      case "COMPONENT_MOUNTED": case "STATE_UPDATE": this.#tell(message.componentId, message); break;
      case "STATE_DELTA": {
        const { told } = this.#view(message.componentId);
        if (told.version === message.from) this.#tell(message.componentId, { epoch: told.epoch, version: message.version });
        break;
      }
      case "REPLY": case "ERROR": this.#answer(message); break;
      case "COMPONENT_UNMOUNTED":
        this.#met(`unmounted, ${message.reason}`);
        this.#view(message.componentId).live = false;
        break;
      case "EVENT": case "GO_AWAY": case "PONG": break;
      default: message satisfies never;
    }
    this.#settle();
  }

  #view(id: string): View<S> {
    const view = this.views.get(id);
    if (view === undefined) throw new Error(`there is no ${id}`);
    return view;
  }

  #tell(id: string, { epoch, version }: Told): void {
    const view = this.#view(id);
    view.live = true;
    if (view.told.epoch !== epoch && epoch !== null) view.epochs.push(epoch);
    if (view.told.epoch === null || view.told.epoch === epoch) {
      view.told = { epoch, version };
      return;
    }
    // A set that was answered, but whose state never came, is made again; a call has its answer.
    for (const early of this.#early) {
      if (early.view !== view || early.entry.kind !== "set") continue;
      this.#met("answered, and lost with its state");
      for (const set of early.covers) makeAgain(set);
    }
    this.#early = this.#early.filter((early) => early.view !== view || early.entry.kind !== "set");
    view.newest.clear();
    const pending = view.open.length;
    view.beginAnew({ epoch, version });
    if (view.open.length > pending) this.#met("offered again");
    if (view.doubtful.size > 0) this.#met("offer in doubt");
  }

  #forgotten(): void {
    if (this.#requests.size > 0) this.#met("forgotten with requests under way");
    for (const { entry } of this.#requests.values()) {
      if (entry.kind === "set") this.#met(entry.volatile ? "volatile, lost with the session" : "set made again");
    }
    // What has its answer already keeps it.
    const early = this.#early.flatMap(({ covers }) => covers);
    for (const view of this.views.values()) view.forgotten(early);
    this.#requests.clear();
    for (const { newest } of this.views.values()) newest.clear();
  }

  #answer(answer: Reply | ErrorMessage): void {
    const number = Number(answer.requestId);
    const request = this.#requests.get(number);
    if (request === undefined) return;
    this.#requests.delete(number);
    const { view, entry, covers } = request;
    if (answer.type === "REPLY") {
      const at = Object.values(answer.at)[0] ?? 0;
      if (at > view.told.version) this.#met("answered before it is shown");
      this.#early.push({ ...request, epoch: view.told.epoch, at });
    } else if (entry.kind === "set" && answer.code === "gone" && !view.live) {
      this.#met("set answered gone");
      for (const set of covers) makeAgain(set);
    } else {
      this.#met(`${entry.kind} answered ${answer.code}`);
      for (const covered of covers) covered.isOver = true;
      if (entry.kind === "call") end(entry, answer.code);
    }
  }

  /** Answered, and the state it belongs to is there. */
  #settle(): void {
    this.#early = this.#early.filter(({ view, entry, covers, epoch, at }) => {
      if (view.told.epoch === epoch && view.told.version < at) return true;
      for (const covered of covers) covered.isOver = true;
      if (entry.kind === "set") view.taken(entry);
      else end(entry, "done");
      return false;
    });
  }
}

export function newCall<S>(call: Omit<CallEntry<S>, "kind" | "sent" | "isOver" | "outcome">): CallEntry<S> {
  return { ...call, kind: "call", sent: false, isOver: false, outcome: "open" };
}

function isReplaced<S>(by: readonly Entry<S>[], { field, op }: SetEntry): boolean {
  return by.some((other) => other.kind === "set" && other.field === field && other.op > op);
}

/** A call or a flush came after it, so that it must not wait. */
function isHurried<S extends object>(view: View<S>, { op }: SetEntry): boolean {
  return op < view.flushed || view.history.some((entry) => entry.kind === "call" && entry.op > op);
}

/** The first end counts. */
export function end(call: { outcome: Outcome }, outcome: Outcome): void {
  if (call.outcome === "open") call.outcome = outcome;
}

function makeAgain<S>(entry: Entry<S>): void {
  entry.sent = false;
  if (entry.kind === "set") entry.again = true;
}

function read(state: object, field: string): unknown {
  return (state as Record<string, unknown>)[field];
}
