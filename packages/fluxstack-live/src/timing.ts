// When a set is sent, if not by the ack clock: given to `set` or `bind` as `send`.

import type { Timing } from "./handle.js";

/** Sends a field when it was not set for so long, in milliseconds. */
export function debounce(ms: number): Timing {
  return (send, { after, field }) => {
    field.cancel?.();
    field.cancel = after(ms, () => {
      field.cancel = undefined;
      send();
    });
  };
}

/** Sends a field at most once in so long, in milliseconds: at once, then the newest value when the time has come. */
export function throttle(ms: number): Timing {
  return (send, { after, now, field }) => {
    field.cancel ??= after(Math.max(0, (field.next ?? 0) - now()), () => {
      field.cancel = undefined;
      field.next = now() + ms;
      send();
    });
  };
}
