// The world outside of a client: clock, chance, timers, sockets and the page's events. Decisions are made elsewhere.

/** Undoes what returned it. Calling it twice is harmless. */
export type Cancel = () => void;

/** Why the page may be worth a new try: the network is back, or the page out of a freeze; or the user is. */
export type Wake = "online" | "visible";

/** Passed in, so that a test of the eighth reconnect takes a millisecond. */
export interface Environment {
  /** Monotonic milliseconds. Invariant: the wall clock orders nothing. */
  readonly now: () => number;
  /** Milliseconds since 1970, only to be shown. */
  readonly date: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly after: (ms: number, run: () => void) => Cancel;
  readonly open: (url: string, protocols: string[]) => WebSocket;
  readonly online: () => boolean;
  readonly onWake: (woken: (why: Wake) => void) => Cancel;
  /** What outlives a reload, in this tab. It may throw, and so may what it returns: where there is none, in a sandbox, when it is full. */
  readonly storage: () => Pick<Storage, "getItem" | "setItem">;
}

/** The environment of a browser page. On a server it can be made, but opens nothing. */
export function pageEnvironment(Socket?: typeof WebSocket): Environment {
  return {
    now: () => performance.now(),
    date: () => Date.now(),
    random: () => Math.random(),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
      return () => {
        clearTimeout(timer);
      };
    },
    open: (url, protocols) => new (Socket ?? WebSocket)(absoluteUrl(url), protocols),
    online: () => (globalThis as Partial<typeof globalThis>).navigator?.onLine !== false,
    onWake(woken) {
      const controller = new AbortController();
      const back = (): void => { woken("online"); };
      const seen = (): void => {
        if (!document.hidden) woken("visible");
      };
      if (typeof window !== "undefined") {
        addEventListener("online", back, controller);
        document.addEventListener("resume", back, controller);
        addEventListener("pageshow", seen, controller);
        document.addEventListener("visibilitychange", seen, controller);
      }
      return () => {
        controller.abort();
      };
    },
    storage: () => sessionStorage,
  };
}

/** `/live` and `https://host/live` as the ws or wss URL they mean on this page. */
export function absoluteUrl(url: string): string {
  if (typeof location === "undefined") return url;
  return new URL(url, location.href).href.replace(/^http/, "ws");
}
