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

export function watchdog({ after, now }: Environment, ask: () => void, silent: () => void): Watchdog {
  let limit = 0;
  let heardAt = 0;
  /** It was asked, and nothing was heard since. */
  let isAsked = false;
  let cancel: Cancel | undefined;

  function wait(ms: number): void {
    cancel?.();
    cancel = after(ms, look);
  }

  function probe(ms = PROBE_MS): void {
    isAsked = true;
    ask();
    wait(ms);
  }

  function heard(): void {
    heardAt = now();
    isAsked = false;
  }

  function look(): void {
    const left = limit - (now() - heardAt);
    if (isAsked) silent();
    else if (left > 0) wait(left);
    else probe(limit / 2);
  }

  return {
    start(silenceMs) {
      limit = silenceMs;
      heard();
      wait(silenceMs);
    },
    stop: () => cancel?.(),
    heard,
    probe,
  };
}
