// The hook that hears a component's events.

import { useEffect, useInsertionEffect, useLayoutEffect, useRef } from "react";
import type { LiveHandle } from "../handle.js";
import type { EventName, Events, Name, Named } from "../schema.js";

// React 18 warns of a layout effect where there is no layout, on a server; there neither of the two is run.
const useIsomorphicLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * Calls `fn` once for every event of that name, after the state it belongs to is on screen, as long as this component is
 * shown. It is always the latest `fn`, which therefore needs no `useCallback`.
 *
 * ```tsx
 * const { state, handle } = useLiveComponent("ChatComponent", { room });
 * useLiveEvent(handle, "MESSAGE_RECEIVED", ({ message }) => { notify(message.content); });
 * ```
 */
export function useLiveEvent<N extends Named[Name], E extends EventName<N>>(
  handle: LiveHandle<N>,
  event: E,
  fn: (payload: Events<N>[E & keyof Events<N>]) => void,
): void {
  const latest = useRef(fn);
  // Before any effect of this render can run or an event can come. (`useEffectEvent` needs React 19.2.)
  useInsertionEffect(() => {
    latest.current = fn;
  });
  // In the same commit as the new `fn`: a later effect would let it hear what the handle before still tells.
  useIsomorphicLayoutEffect(() => handle.on(event, (payload) => { latest.current(payload); }), [handle, event]);
}
