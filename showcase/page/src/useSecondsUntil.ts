// Whole seconds until a moment, counted down on screen; null when there is no such moment.
import { useCallback, useSyncExternalStore } from "react";

/** Four looks a second: the number changes at most a quarter of a second late. */
const LOOK_EVERY_MS = 250;

export function useSecondsUntil(moment: number | null): number | null {
  const subscribe = useCallback((notify: () => void) => {
    if (moment === null) return () => undefined;
    const timer = setInterval(notify, LOOK_EVERY_MS);
    return () => { clearInterval(timer); };
  }, [moment]);
  return useSyncExternalStore(subscribe, () => moment === null ? null : Math.max(0, Math.ceil((moment - Date.now()) / 1000)));
}
