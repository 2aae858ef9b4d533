// A part of a component's state, watched by itself; and the wait for its first state.

import type { Cancel } from "./environment.js";
import { LiveError } from "./error.js";
import type { LiveHandle } from "./handle.js";
import type { Name, State } from "./schema.js";
import { isShallowEqual } from "./shallow.js";

/** A part of a component's state. */
export interface Selection<T> {
  /** The part now, the same reference until it changes; undefined before the first state. */
  readonly get: () => T;
  /** Mounts the component if needed, and calls `listener` when the part has changed. */
  readonly subscribe: (listener: () => void) => Cancel;
}

/** Watches a part of the state, which has changed when `isEqual` says so; by default, when it or an item or field of it has. */
export function select<N extends Name, T>(handle: LiveHandle<N>, part: (state: State<N>) => T, isEqual: (a: T, b: T) => boolean = isShallowEqual): Selection<T | undefined> {
  let of: unknown;
  let last: T | undefined;
  const get = (): T | undefined => {
    const { state } = handle.getSnapshot();
    if (state === undefined || state === of) return last;
    const next = part(state);
    if (of === undefined || !isEqual(last as T, next)) last = next;
    of = state;
    return last;
  };
  return {
    get,
    subscribe(listener) {
      let told = get();
      return handle.subscribe(() => {
        if (!Object.is(told, (told = get()))) listener();
      });
    },
  };
}

/** Mounts a component if needed. Resolves with its first state; rejects with the LiveError of a refused mount. */
export function ready<N extends Name>(handle: LiveHandle<N>): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { status, error } = handle.getSnapshot();
      if (status === "mounting") return;
      stop();
      if (status === "failed") reject(error ?? new LiveError("gone", "the component was not mounted"));
      else resolve();
    };
    const stop = handle.subscribe(look);
    look();
  });
}
