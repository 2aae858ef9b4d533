// Who wants to hear of something, and is told.

import type { Cancel } from "./environment.js";

export interface Listeners<T> {
  /** Adds a listener under an entry of its own, so that the same function may listen twice. */
  readonly add: (listener: (value: T) => void) => Cancel;
  readonly tell: (value: T) => void;
  readonly isEmpty: () => boolean;
}

export function listeners<T>(report: (error: unknown) => void): Listeners<T> {
  const entries = new Set<(value: T) => void>();
  return {
    add(listener) {
      const entry = (value: T): void => { listener(value); };
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    isEmpty: () => entries.size === 0,
    tell(value) {
      for (const entry of [...entries]) {
        try {
          // An earlier one may have taken it out.
          if (entries.has(entry)) entry(value);
        } catch (error) {
          // One broken listener must not cost the others their news.
          report(error);
        }
      }
    },
  };
}
