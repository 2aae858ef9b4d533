// The cable between this page and its server, as far as a page has hold of it: it can be pulled, to see what that costs.
const CUT_MS = 5_000;

const sockets = new Set<WebSocket>();
let mendedAt: number | null = null;
const listeners = new Set<() => void>();

/** A WebSocket that goes through the cable. */
export class CableSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.add(this);
    this.addEventListener("close", () => { sockets.delete(this); });
    if (mendedAt !== null) pull(this);
  }
}

export const cable = {
  /** Pulls the plug for five seconds, and calls `mended` when it is in again. */
  cut: (mended: () => void): void => {
    if (mendedAt !== null) return;
    tell(Date.now() + CUT_MS);
    sockets.forEach(pull);
    setTimeout(() => {
      tell(null);
      mended();
    }, CUT_MS);
  },
  /** When it will be in again, in milliseconds since 1970; null while it is in. */
  mendedAt: (): number | null => mendedAt,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => { listeners.delete(listener); };
  },
};

/** A page can cut no cable without a word; this one says that it means to come back. */
function pull(socket: WebSocket): void {
  socket.close(4000);
}

function tell(until: number | null): void {
  mendedAt = until;
  for (const listener of listeners) listener();
}
