// Ops applied to a state that anyone may have seen.

import { applyIn, release, type Owned } from "../src/apply.js";
import type { Op } from "../src/protocol.js";

/** The state after the ops, or undefined if one of them does not fit. */
export function applyOps(state: unknown, ops: readonly Op[]): unknown {
  const owned: Owned = new Map();
  const after = applyIn(owned, state, ops);
  release(owned);
  return after;
}
