// The hook that hears a component's events.

import { useEffect, useInsertionEffect, useRef } from "react";
import type { LiveHandle } from "../handle.js";
import type { Events, Name } from "../schema.js";

/**
 * Calls `fn` once for every event of that name, after the state it belongs to is on screen, as long as this component is
 * shown. It is always the latest `fn`, which therefore needs no `useCallback`.
 *
 * ```tsx
 * const { state, handle } = useLiveComponent("ChatComponent", { room });
 * useLiveEvent(handle, "MESSAGE_RECEIVED", ({ message }) => { notify(message.content); });
 * ```
 */
export function useLiveEvent<N extends Name, E extends keyof Events<N> & string>(
  handle: LiveHandle<N>,
  event: E,
  fn: (payload: Events<N>[E]) => void,
): void {
  const latest = useRef(fn);
  // Before any effect of this render can run or an event can come. (`useEffectEvent` needs React 19.2.)
  useInsertionEffect(() => {
    latest.current = fn;
  });
  useEffect(() => handle.on(event, (payload) => { latest.current(payload); }), [handle, event]);
}
