// What a page may do besides: each is a function of its own, so that only who uses it has it in the bundle.

import type { LiveClient } from "./client.js";
import type { Cancel } from "./environment.js";

const RELOADED = "fluxstack-live:reloaded";

/** Asks before the page is left while a call or set is not acknowledged. Returns what ends that. */
export function warnBeforeUnload({ connection }: LiveClient): Cancel {
  return listen(window, "beforeunload", (event) => {
    if (connection.get().unsynced > 0) event.preventDefault();
  });
}

/**
 * Loads the page again when the server no longer speaks to this build, but only once until it is connected: a server that
 * still sends the old page would have it load for ever. Returns what ends that.
 */
export function reloadWhenOutdated({ connection }: LiveClient): Cancel {
  return connection.subscribe(() => {
    const { status } = connection.get();
    if (status === "connected") sessionStorage.removeItem(RELOADED);
    if (status !== "outdated" || sessionStorage.getItem(RELOADED) !== null) return;
    sessionStorage.setItem(RELOADED, "1");
    location.reload();
  });
}

/** Closes the connection of a page that is hidden for so long, in milliseconds; it is opened when the page is seen again. Returns what ends that. */
export function pauseWhenHidden({ pause }: LiveClient, ms: number): Cancel {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = listen(document, "visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(pause, ms);
  });
  return () => {
    clearTimeout(timer);
    forget();
  };
}

function listen(target: EventTarget, type: string, listener: (event: Event) => void): Cancel {
  target.addEventListener(type, listener);
  return () => {
    target.removeEventListener(type, listener);
  };
}
