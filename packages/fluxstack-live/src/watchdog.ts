// Notices that a connection has gone silent: a browser shows a page no pings, and TCP may take minutes to see a cut cable.

import type { Cancel, Environment } from "./environment.js";

export interface Watchdog {
  /** Asks after that much silence, and gives up after half as much again. */
  readonly start: (silenceMs: number) => void;
  readonly stop: () => void;
  readonly heard: () => void;
  /** Asks now, and gives up soon. */
  readonly probe: () => void;
}

// A page that comes back wants to know soon whether its link is still alive.
const PROBE_MS = 3000;

export function watchdog({ after }: Environment, ask: () => void, silent: () => void): Watchdog {
  /** Undefined while stopped. */
  let limit: number | undefined;
  let cancel: Cancel | undefined;

  function wait(ms: number, run: () => void): void {
    cancel?.();
    cancel = after(ms, run);
  }

  function probe(ms = PROBE_MS): void {
    ask();
    wait(ms, silent);
  }

  function heard(): void {
    const ms = limit;
    if (ms !== undefined) wait(ms, () => { probe(ms / 2); });
  }

  return {
    start(silenceMs) {
      limit = silenceMs;
      heard();
    },
    stop() {
      limit = undefined;
      cancel?.();
    },
    heard,
    probe,
  };
}
