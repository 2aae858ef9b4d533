// A lease counts who holds a thing: it starts with the first holder and ends a while after the last. That one rule
// covers StrictMode, `<Activity>`, route changes and hot reloads.

import type { Cancel, Environment } from "./environment.js";

export class Lease {
  #holders = 0;
  /** Null until the last holder left; the running linger after that; null again when someone came back. */
  #linger: Cancel | null = null;
  readonly #thing: { start: () => void; end: () => void };
  readonly #lingerMs: number;
  readonly #environment: Environment;

  constructor(thing: { start: () => void; end: () => void }, lingerMs: number, environment: Environment) {
    this.#thing = thing;
    this.#lingerMs = lingerMs;
    this.#environment = environment;
  }

  /** Holds the thing until the returned function is called. */
  hold(): Cancel {
    const lingering = this.#linger;
    lingering?.();
    this.#linger = null;
    this.#holders += 1;
    if (this.#holders === 1 && lingering === null) this.#thing.start();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#linger = this.#environment.after(this.#lingerMs, () => {
        this.#linger = null;
        this.#thing.end();
      });
    };
  }
}
