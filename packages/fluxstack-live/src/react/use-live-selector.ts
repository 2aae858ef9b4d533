// The hook that shows a part of a live component.

import { useMemo } from "react";
import type { LiveHandle, Snapshot } from "../handle.js";
import type { Name, State } from "../schema.js";
import { obstacle } from "./first-state.js";
import { useSelection } from "./use-selection.js";

/**
 * A part of a component's state; only when it changes, this renders again. It is the latest `select` that counts, which therefore
 * needs no `useCallback`. Without `isEqual`, an object or list is the same one as long as its items are. Until the component
 * has state, the nearest `<Suspense>` shows its fallback.
 *
 * ```tsx
 * const todo = useLiveSelector(handle, (state) => state.todos.find((todo) => todo.id === id));
 * ```
 */
export function useLiveSelector<N extends Name, T>(handle: LiveHandle<N>, select: (state: State<N>) => T, isEqual?: (a: T, b: T) => boolean): T {
  const [get, getOnServer] = useMemo(() => {
    const stateOf = ({ state }: Snapshot<N>): State<N> => {
      if (state === undefined) throw obstacle(handle);
      return state;
    };
    return [() => stateOf(handle.getSnapshot()), () => stateOf(handle.getServerSnapshot())];
  }, [handle]);
  return useSelection(handle.subscribe, get, getOnServer, select, isEqual);
}
