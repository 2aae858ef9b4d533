// What the user sees before the server has answered: the server's state with what is pending replayed on it, in order.
// A refused change is not undone, it is simply not replayed.

import type { ComponentAction, PropertyUpdate } from "./protocol.js";

/** A request without a reply, sent or not. */
export type PendingRequest = ComponentAction | PropertyUpdate;

export class Optimistic {
  /** In the order made. */
  readonly #pending = new Set<PendingRequest>();
  /** How many are pending by name: counted as they come and go, for a thousand calls must not be counted a thousand times. */
  readonly #calls = new Map<string, number>();
  readonly #sets = new Map<string, number>();
  /** What `view` was last asked for, and its answer; null if something it shows has changed since. */
  #last: readonly [base: unknown, view: unknown] | null = null;
  /** How often what it shows on a base has changed. */
  changes = 0;
  readonly effects = new Map<PendingRequest, (state: unknown) => unknown>();

  add(request: PendingRequest): void {
    this.#pending.add(request);
    this.#count(request, 1);
  }

  /** Its reply has come and the base contains it, or it was refused. */
  remove(request: PendingRequest): void {
    this.#pending.delete(request);
    this.#count(request, -1);
  }

  /** A pending request was changed in place. */
  touch(): void {
    this.#last = null;
    this.changes += 1;
  }

  /** The pending calls of each action. */
  get calls(): ReadonlyMap<string, number> {
    return new Map(this.#calls);
  }

  /** The fields with a pending set. */
  get fields(): ReadonlySet<string> {
    return new Set(this.#sets.keys());
  }

  /** The base with everything pending replayed; the same reference until something changes. */
  view(base: unknown): unknown {
    if (this.#last?.[0] !== base) this.#last = [base, [...this.#pending].reduce((state: unknown, request) => replay(state, request, this.effects), base)];
    return this.#last?.[1];
  }

  #count(request: PendingRequest, by: number): void {
    const isCall = request.type === "COMPONENT_ACTION";
    const [counts, name] = isCall ? [this.#calls, request.action] : [this.#sets, request.payload.property];
    const count = (counts.get(name) ?? 0) + by;
    if (count > 0) counts.set(name, count);
    else counts.delete(name);
    this.touch();
  }
}

/** The place where an action's optimistic effect will be replayed too. */
function replay(state: unknown, request: PendingRequest, effects: Map<PendingRequest, (state: unknown) => unknown>): unknown {
  const effect = effects.get(request);
  if (effect !== undefined && state !== undefined) return effect(state);
  if (request.type !== "PROPERTY_UPDATE" || state === undefined) return state;
  const { property, value } = request.payload;
  return { ...(state as object), [property]: value };
}
