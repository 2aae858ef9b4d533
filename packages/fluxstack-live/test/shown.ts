// What a page shows of a component, by names that no types check.

import type { LiveError } from "../src/error.js";
import type { SetOptions } from "../src/handle.js";
import type { Board, Effects, Field, Payload } from "./board.js";

export interface Handle {
  readonly id: string;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Shown;
  readonly callSafe: (action: string, payload: Payload, options: object) => Promise<{ ok: true } | { ok: false; error: LiveError }>;
  readonly set: (field: string, value: string, options?: SetOptions) => void;
  readonly setMany: (values: Readonly<Partial<Record<Field, string>>>, options?: SetOptions) => void;
  readonly flush: () => Promise<void>;
}
export type Mount = (name: string, props: object, options: { readonly optimistic: Effects }) => Handle;
export interface Shown {
  readonly state: Board | undefined;
  readonly status: string;
  readonly version: number;
  readonly pending: { readonly count: number; readonly fields: ReadonlySet<string>; readonly of: (action: string, key?: string | number) => number };
}

/** What a listener must be told of. */
export function seen(shown: Shown | null): unknown {
  return shown && [shown.state, shown.version, shown.pending.count, [...shown.pending.fields]];
}

export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
