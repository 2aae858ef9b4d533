// The hook that counts the calls of one action.

import { useSyncExternalStore } from "react";
import type { LiveHandle } from "../handle.js";
import type { Actions, Name } from "../schema.js";

const none = (): number => 0;

/** How many calls of an action are in flight, with `key` those that were called with it; only when that changes, this renders again. */
export function useLivePending<N extends Name>(handle: LiveHandle<N>, action: keyof Actions<N> & string, key?: string | number): number {
  return useSyncExternalStore(handle.subscribe, () => handle.getSnapshot().pending.of(action, key), none);
}
