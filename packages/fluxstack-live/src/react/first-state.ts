// What a hook shows that cannot do without state: the state, or something else in its place, by throwing.

import { LiveError } from "../error.js";
import type { LiveHandle } from "../handle.js";
import type { Name } from "../schema.js";
import { ready } from "../selection.js";

/** React is thrown the same promise as often as it asks. */
const waiting = new WeakMap<object, Promise<void>>();

/** What to throw while there is no state: to an error boundary why there will be none, to `<Suspense>` when to look again. */
export function obstacle<N extends Name>(handle: LiveHandle<N>): unknown {
  const { name } = handle;
  const { status, error } = handle.getSnapshot();
  if (status === "failed") return error ?? new LiveError("gone", `\`${name}\` is not mounted`, { component: name });
  if (typeof window === "undefined") return new Error(`\`${name}\` has no state on a server: give it \`initial\`, or let it be shown in the browser`);
  const known = waiting.get(handle);
  if (known !== undefined) return known;
  // It is mounted while it is waited for, and lingers until React has come back to it, which then sees why if there is none.
  const promise = ready(handle).catch(() => undefined).finally(() => waiting.delete(handle));
  waiting.set(handle, promise);
  return promise;
}
