// One state that ops change as they come, in place: what someone was shown is copied before it is changed.

import { applyIn, release, type Owned } from "./apply.js";
import type { Op } from "./protocol.js";

// So many ops are remembered at most. Then it is as if someone looked, which may copy a list of 100 000 items once in so many.
const MOST_UNSEEN = 16_384;

export class Replica {
  /** The state that was last seen, and what has been done to it since. */
  #seen: unknown;
  #unseen: Op[] = [];
  /** The same with that done, in lists and maps that nobody else knows, so that they grow in place. */
  #working: unknown;
  readonly #owned: Owned = new Map();

  constructor(state: unknown) {
    this.#seen = this.#working = state;
  }

  /** The state as anyone may keep it: the same object until it changes. What changes it next copies that. */
  get state(): unknown {
    release(this.#owned);
    this.#unseen = [];
    return (this.#seen = this.#working);
  }

  /** Applies the ops, or changes nothing and returns false if one of them does not fit. */
  apply(ops: readonly Op[]): boolean {
    this.#working = applyIn(this.#owned, this.#working, ops);
    if (this.#working === undefined) {
      // Half of it may have been done: again, without these.
      this.#owned.clear();
      this.#working = applyIn(this.#owned, this.#seen, this.#unseen);
      return false;
    }
    for (const op of ops) this.#unseen.push(op);
    if (this.#unseen.length > MOST_UNSEEN) this.#seen = this.state;
    return true;
  }
}
