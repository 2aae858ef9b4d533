// The requests of a session: those that wait to be sent, and those on the wire without a reply. It numbers them.

import { isTooLarge, JSON_CODEC, packet, type Codec, type Packet } from "./codec.js";
import type { ComponentAction, Limits, PropertyUpdate } from "./protocol.js";
import type { LiveError } from "./error.js";

/** One action or property update, from the call until its outcome. */
export interface Request {
  readonly message: ComponentAction | PropertyUpdate;
  /** False while its component is not mounted: it waits, and holds up nobody else. */
  readonly sendable: () => boolean;
  /** Takes in how it ended, and returns what is left to do once the page shows that: to settle the promise. */
  readonly finish: (error: LiveError | null, result?: unknown) => () => void;
  /** Counts in the order made, from when it is added; without a number it goes first. */
  made?: number;
}

// The server closes a connection whose numbers run ahead of the replies it knows to have arrived.
const AHEAD = 256;

export class Requests {
  #waiting: Request[] = [];
  readonly #sent = new Map<number, Request>();
  #next = 1;
  #made = 0;
  /** The last `received` the server was told. */
  #told = 0;
  /** Whether what was sent must be sent again: from a resume until the next `take`. */
  #again = false;

  /** How many wait, and how many bytes they are as JSON. */
  get waiting(): { readonly count: number; readonly bytes: number } {
    return { count: this.#waiting.length, bytes: this.#waiting.reduce((sum, { message }) => sum + packet(JSON_CODEC, message).bytes, 0) };
  }

  /** Whether the server owes an answer. */
  get unanswered(): boolean {
    return this.#sent.size > 0;
  }

  /** The highest n such that every reply up to n has arrived. */
  get received(): number {
    const oldest = this.#sent.keys().next();
    return (oldest.done === true ? this.#next : oldest.value) - 1;
  }

  add(request: Request): void {
    request.made = this.#made += 1;
    this.#waiting.push(request);
  }

  /** Puts them among those that wait, as if they had not been sent. */
  repeat(...requests: Request[]): void {
    this.#waiting = [...this.#waiting, ...requests].sort((a, b) => (a.made ?? 0) - (b.made ?? 0));
  }

  isWaiting(message: Request["message"]): boolean {
    return this.#waiting.some((request) => request.message === message);
  }

  /** Numbers what may be sent now, after what must be sent again, and hands out what is too large to be sent at all. */
  take(codec: Codec, limits: Limits): { readonly packets: Packet[]; readonly tooLarge: Request[] } {
    // As it was, or shorter: with another `received` what just fitted might not.
    const packets = this.#again ? [...this.#sent].map(([requestId, { message }]) => packet(codec, { ...message, requestId })) : [];
    this.#again = false;
    const tooLarge: Request[] = [];
    const kept: Request[] = [];
    for (const request of this.#waiting) {
      if (!request.sendable() || this.#sent.size >= limits.inFlight || this.#next > this.received + AHEAD) kept.push(request);
      else {
        const next = packet(codec, this.#numbered(request));
        if (isTooLarge(next, limits.messageBytes)) tooLarge.push(request);
        else {
          packets.push(next);
          this.#sending(request);
        }
      }
    }
    this.#waiting = kept;
    return { packets, tooLarge };
  }

  /** The request a reply answers; undefined if it was answered before. */
  answer(requestId: number | string): Request | undefined {
    const number = requestId as number;
    const request = this.#sent.get(number);
    this.#sent.delete(number);
    return request;
  }

  /** The session goes on: hands out what has run and whose answer is lost; the rest that is unanswered is sent again. */
  resume(executed: number): Request[] {
    const lost = [...this.#sent].filter(([number]) => number <= executed);
    for (const [number] of lost) this.#sent.delete(number);
    this.#again = true;
    return lost.map(([, request]) => request);
  }

  /** The session is over: starts again at 1, with what of the sent may be `repeated`, and hands out the rest. */
  forget(repeated: (request: Request) => boolean): Request[] {
    const sent = [...this.#sent.values()];
    this.repeat(...sent.filter(repeated));
    this.#sent.clear();
    this.#next = 1;
    this.#told = 0;
    return sent.filter((request) => !repeated(request));
  }

  /** Hands out what waits and will not be sent. */
  drop(which: (request: Request) => boolean): Request[] {
    const dropped = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((request) => !which(request));
    return dropped;
  }

  #numbered({ message }: Request): Request["message"] {
    const { received } = this;
    return { ...message, requestId: this.#next, ...(received !== this.#told && { received }) };
  }

  #sending(request: Request): void {
    this.#told = this.received;
    this.#sent.set(this.#next, request);
    this.#next += 1;
  }
}
