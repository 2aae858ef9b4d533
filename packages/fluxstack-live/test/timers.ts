// A clock that stands still until it is told to go on, and what is due then.

export interface Timer { readonly at: number; readonly run: () => void }

export class Timers {
  now = 0;
  #waiting: Timer[] = [];

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.now + ms, run };
    this.#waiting.push(timer);
    return () => { this.#waiting = this.#waiting.filter((other) => other !== timer); };
  };

  /** When the next one is due; undefined if none waits. */
  get next(): number | undefined {
    return this.#waiting.sort((a, b) => a.at - b.at)[0]?.at;
  }

  /** Takes out the next one that is due until then. */
  take(until: number): Timer | undefined {
    return (this.next ?? Infinity) <= until ? this.#waiting.shift() : undefined;
  }
}
