// The handle of a component that is not mounted, because its hook was given "skip".

import { watched } from "../call.js";
import { LiveError } from "../error.js";
import type { LiveHandle, Snapshot } from "../handle.js";
import type { Name, State } from "../schema.js";

const nothing = (): void => undefined;
const report = (error: unknown): void => { console.error(error); };

/** It has no state but `initial`, nobody hears of it, and what is asked of it fails with the code `unmounted`. */
export function skipped<N extends Name>(name: N, initial: unknown): LiveHandle<N> {
  const snapshot: Snapshot<N> = { state: initial as State<N> | undefined, status: "mounting", pending: { count: 0, of: () => 0, fields: new Set() }, error: null, version: 0 };
  const getSnapshot = (): Snapshot<N> => snapshot;
  const subscribe = () => nothing;
  const call = (): Promise<never> => {
    const error = new LiveError("unmounted", `\`${name}\` is skipped: give its hook props before anything is asked of it`, { component: name });
    return watched(Promise.reject(error), report);
  };
  const dispatch = (): void => void call();
  return {
    id: "", name, getSnapshot, getServerSnapshot: getSnapshot, subscribe, on: subscribe, call, dispatch, set: dispatch, setMany: dispatch,
    callSafe: () => call().catch((error: unknown) => ({ ok: false, error: error as LiveError<"unmounted", undefined> })),
    flush: () => Promise.resolve(),
    clearError: nothing,
  };
}
