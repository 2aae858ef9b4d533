// Notices that a connection has gone silent: a browser shows a page no pings, and TCP may take minutes to see a cut cable.

import type { Cancel, Environment } from "./environment.js";

// A page that comes back wants to know soon whether its link is still alive.
const PROBE_MS = 3000;

export class Watchdog {
  #silenceMs = 0;
  #heardAt = 0;
  /** A PING was sent and nothing was heard since. */
  #asked = false;
  /** Null while no connection is watched. */
  #cancel: Cancel | null = null;
  readonly #environment: Environment;
  readonly #on: { readonly ask: () => void; readonly silent: () => void };

  constructor(environment: Environment, on: { readonly ask: () => void; readonly silent: () => void }) {
    this.#environment = environment;
    this.#on = on;
  }

  /** Asks after that much silence, and gives up after half as much again. */
  start(silenceMs: number): void {
    this.#silenceMs = silenceMs;
    this.heard();
    this.#wait(silenceMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  heard(): void {
    this.#heardAt = this.#environment.now();
    this.#asked = false;
  }

  /** Asks now, and gives up soon. */
  probe(): void {
    this.#ask(PROBE_MS);
  }

  #ask(limitMs: number): void {
    this.#asked = true;
    this.#on.ask();
    this.#wait(limitMs);
  }

  #wait(ms: number): void {
    this.stop();
    this.#cancel = this.#environment.after(ms, () => { this.#look(); });
  }

  #look(): void {
    const left = this.#silenceMs - (this.#environment.now() - this.#heardAt);
    if (this.#asked) this.#on.silent();
    else if (left > 0) this.#wait(left);
    else this.#ask(this.#silenceMs / 2);
  }
}
