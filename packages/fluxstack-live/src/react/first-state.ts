// What a hook shows that cannot do without state: the state, or something else in its place, by throwing.

import { LiveError } from "../error.js";
import type { LiveHandle } from "../handle.js";
import type { Name } from "../schema.js";

/** React is thrown the same promise as often as it asks. */
const waiting = new WeakMap<object, Promise<void>>();

/** What to throw while there is no state: to an error boundary why there will be none, to `<Suspense>` when to look again. */
export function obstacle<N extends Name>(handle: LiveHandle<N>): unknown {
  const { name, getSnapshot, subscribe } = handle;
  const { status, error } = getSnapshot();
  if (status === "failed") return error ?? new LiveError("gone", `\`${name}\` is not mounted`, { component: name });
  if (typeof window === "undefined") return new Error(`\`${name}\` has no state on a server: give it \`initial\`, or let it be shown in the browser`);
  const known = waiting.get(handle);
  if (known !== undefined) return known;
  const promise = new Promise<void>((resolve) => {
    // It is mounted while it is waited for, and lingers until React has come back to it.
    const look = (): void => {
      if (getSnapshot().status === "mounting") return;
      stop();
      waiting.delete(handle);
      resolve();
    };
    const stop = subscribe(look);
    // It may have been refused at once, before anyone listened.
    queueMicrotask(look);
  });
  waiting.set(handle, promise);
  return promise;
}
