// A lease counts who holds a thing: it starts with the first holder and ends a while after the last. That one rule
// covers StrictMode, `<Activity>`, route changes and hot reloads.

import type { Cancel, Environment } from "./environment.js";

/** Returns the function that holds the thing, until what that returns is called. */
export function lease(start: () => void, end: () => void, lingerMs: number, { after }: Environment): () => Cancel {
  let holders = 0;
  /** Undefined until the last holder left; the running linger after that; undefined again when someone came back. */
  let linger: Cancel | undefined;
  return () => {
    holders += 1;
    if (holders === 1 && linger === undefined) start();
    linger = linger?.() as undefined;
    let isHolding = true;
    return () => {
      if (!isHolding) return;
      isHolding = false;
      holders -= 1;
      if (holders === 0) linger = after(lingerMs, () => {
        linger = undefined;
        end();
      });
    };
  };
}
