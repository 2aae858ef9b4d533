// What the server has told and nobody has heard yet: an event waits here until the state it belongs to is held.

import type { MissedEvent } from "./protocol.js";
import type { Store } from "./store.js";

/** As many wait at most: a snapshot that never comes must not fill the memory. */
const MOST_WAITING = 1000;

export class Events {
  /** In the order told, so that none is heard before an earlier one; each with the history its version counts in. */
  #waiting: { readonly event: MissedEvent; readonly epoch: string | null }[] = [];

  add(event: MissedEvent, epoch: string | null): void {
    this.#waiting.push({ event, epoch });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
  }

  /** The connection or the component is lost: what is missed now is told again by a resume, or skipped by a snapshot. */
  forget(): void {
    this.#waiting = [];
  }

  /** Takes out those whose state is held. A state of another history is as near as it gets. */
  due({ epoch, version }: Pick<Store, "epoch" | "version">): readonly MissedEvent[] {
    const still = this.#waiting.findIndex((entry) => entry.epoch === epoch && entry.event.version > version);
    return this.#waiting.splice(0, still < 0 ? Infinity : still).map(({ event }) => event);
  }
}
