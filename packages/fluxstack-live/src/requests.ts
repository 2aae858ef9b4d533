// The requests of a session: those that wait to be sent, and those on the wire without a reply. It numbers them.

import { isTooLarge, JSON_CODEC, packet, type Codec, type Packet } from "./codec.js";
import type { LiveError } from "./error.js";
import type { ComponentAction, PropertyUpdate } from "./protocol.js";
import type { Subscriber } from "./subscriber.js";

/** One action or property update, from the call until its outcome. */
export interface Request {
  readonly message: ComponentAction | PropertyUpdate;
  /** The field that it sets; undefined if it calls an action. A set may be made twice: what was typed is not to be lost. */
  readonly property: string | undefined;
  /** While its component is not mounted it waits, and holds up nobody else. */
  readonly subscriber: Subscriber;
  /** Whether it may be sent; `ack`: when no other set of its field is on the wire. */
  due: boolean | "ack";
  /** Lost with the connection, and not missed. */
  isVolatile: boolean;
  /** Takes in how it ended, and returns what is left to do once the page shows that: to settle the promise. */
  readonly finish: (error: LiveError | null, result?: unknown) => () => void;
  /** Counts in the order made, from when it is first added; one that repeats what was answered has 0 and goes first. */
  made?: number;
}

// The server closes a connection whose numbers run ahead of the replies it knows to have arrived.
const AHEAD = 256;

// Offline a page may keep this much for later; beyond it a call fails at once.
const MOST_WAITING = 100;
const MOST_BYTES = 256 * 1024;

export interface Requests {
  /** Whether more wait than a page may keep for later. */
  readonly isFull: () => boolean;
  readonly isWaiting: (request: Request) => boolean;
  /** How many wait or are unanswered. */
  readonly size: () => number;
  /** Whether the server owes an answer. */
  readonly isUnanswered: () => boolean;
  /** The highest n such that every reply up to n has arrived. */
  readonly received: () => number;
  /** Has it wait to be sent: behind all others, or where it was before. */
  readonly add: (request: Request) => void;
  /** Whether a later set of its field is on the wire: made again now, it would come after that. */
  readonly isSuperseded: (request: Request) => boolean;
  /** Numbers what may be sent now, after what must be sent again, and hands out what is too large to be sent at all. */
  readonly take: (codec: Codec, inFlight: number, messageBytes: number) => { readonly packets: Packet[]; readonly tooLarge: Request[] };
  /** The request a reply answers; undefined if it was answered before. */
  readonly answer: (requestId: number | string) => Request | undefined;
  /** The session goes on: hands out what has run and whose answer is lost; the rest that is unanswered is sent again. */
  readonly resume: (executed: number) => Request[];
  /** The session is over: starts again at 1, perhaps with the sets that were sent, and hands out the rest. */
  readonly forget: (keepsSets: boolean) => Request[];
  /** Hands out what waits and will not be sent. */
  readonly drop: (which: (request: Request) => boolean) => Request[];
}

export function requests(): Requests {
  let waiting: Request[] = [];
  const sent = new Map<number, Request>();
  let next = 1;
  let made = 0;
  /** The last `received` the server was told. */
  let told = 0;
  /** Whether what was sent must be sent again: from a resume until the next `take`. */
  let again = false;

  function received(): number {
    for (const [oldest] of sent) return oldest - 1;
    return next - 1;
  }

  function add(request: Request): void {
    request.made ??= made += 1;
    waiting.push(request);
    waiting.sort((a, b) => (a.made ?? 0) - (b.made ?? 0));
  }

  /** Other sets of its field that are on the wire. */
  function rivals({ subscriber, property }: Request): Request[] {
    return [...sent.values()].filter((other) => other.subscriber === subscriber && other.property === property);
  }

  function isDue(request: Request): boolean {
    return request.due === "ack" ? rivals(request).length === 0 : request.due;
  }

  function drop(which: (request: Request) => boolean): Request[] {
    const dropped = waiting.filter(which);
    waiting = waiting.filter((request) => !dropped.includes(request));
    return dropped;
  }

  return {
    isFull: () => waiting.length >= MOST_WAITING || waiting.reduce((sum, { message }) => sum + packet(JSON_CODEC, message).bytes, 0) >= MOST_BYTES,
    isWaiting: (request) => waiting.includes(request),
    size: () => waiting.length + sent.size,
    isSuperseded: (request) => rivals(request).some((other) => (other.made ?? 0) > (request.made ?? 0)),
    isUnanswered: () => sent.size > 0,
    received,
    add,
    take(codec, inFlight, messageBytes) {
      // As it was, or shorter: with another `received` what just fitted might not.
      const packets = again ? [...sent].map(([requestId, { message }]) => packet(codec, { ...message, requestId })) : [];
      again = false;
      const tooLarge: Request[] = [];
      waiting = waiting.filter((request) => {
        const all = received();
        if (!request.subscriber.mounted || !isDue(request) || sent.size >= inFlight || next > all + AHEAD) return true;
        const numbered = packet(codec, { ...request.message, requestId: next, ...(all !== told && { received: all }) });
        if (isTooLarge(numbered, messageBytes)) tooLarge.push(request);
        else {
          packets.push(numbered);
          told = all;
          sent.set(next, request);
          next += 1;
        }
        return false;
      });
      return { packets, tooLarge };
    },
    answer(requestId) {
      const request = sent.get(requestId as number);
      sent.delete(requestId as number);
      return request;
    },
    resume(executed) {
      const lost = [...sent].filter(([number]) => number <= executed);
      for (const [number] of lost) sent.delete(number);
      again = true;
      return lost.map(([, request]) => request);
    },
    forget(keepsSets) {
      const all = [...sent.values()];
      sent.clear();
      next = 1;
      told = 0;
      const kept = all.filter((request) => keepsSets && request.property !== undefined && !request.isVolatile);
      kept.forEach(add);
      return all.filter((request) => !kept.includes(request));
    },
    drop,
  };
}
