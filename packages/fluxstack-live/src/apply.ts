// Applies ops to a state, as data: own keys only, indexes checked, untouched references kept. It knows no component.

import type { Op, Path } from "./protocol.js";

/** A list or a map of the state; which of the two is checked where it counts. */
type Container = Record<string | number, unknown>;

// A path with one of these is an attack or a mistake, and neither is guessed at.
const FORBIDDEN: readonly unknown[] = ["__proto__", "constructor", "prototype"];

/** The lists and maps that an applier copied itself and may change in place; by list, how many dead items it starts with. */
export type Owned = Map<object, number>;

/** The state after the ops, or `undefined` if one of them does not fit: then nothing is known and a snapshot is due. */
export function applyOps(state: unknown, ops: readonly Op[]): unknown {
  const owned: Owned = new Map();
  const after = applyIn(owned, state, ops);
  release(owned);
  return after;
}

/** Gives what is owned away: it is as anyone may see it, and not changed any more. */
export function release(owned: Owned): void {
  for (const [list, dead] of owned) if (dead > 0) (list as unknown[]).splice(0, dead);
  owned.clear();
}

/**
 * As `applyOps`, but what is `owned` is changed in place: a push costs the same on a list of any length. Until `release`
 * nobody else may see the result, where a list may start with dead items: removing the first must not move all others.
 */
export function applyIn(owned: Owned, state: unknown, ops: readonly Op[]): unknown {
  function own(node: unknown): Container {
    if (owned.has(node as object)) return node as Container;
    const copy = Array.isArray(node) ? roomy(node) : { ...(node as object) };
    owned.set(copy, 0);
    return copy;
  }

  function deadIn(node: unknown): number {
    return owned.get(node as object) ?? 0;
  }

  /** Of a list or a text; -1 of anything else, where no index fits. */
  function lengthOf(node: unknown): number {
    return Array.isArray(node) || typeof node === "string" ? node.length - deadIn(node) : -1;
  }

  function hasKey(node: unknown, key: unknown): boolean {
    return isMap(node) ? typeof key === "string" && Object.hasOwn(node, key) : Array.isArray(node) && isIndex(key, lengthOf(node) - 1);
  }

  function changeAt(node: unknown, path: Path, depth: number, op: Op): unknown {
    if (depth === path.length) return change(node, op);
    const key = path[depth];
    need(key !== undefined);
    // Only the last key of a set may be new: that is how a map grows.
    need(hasKey(node, key) || (op[0] === "=" && depth === path.length - 1 && isMap(node) && typeof key === "string"));
    need(!FORBIDDEN.includes(key));
    const at = typeof key === "number" ? key + deadIn(node) : key;
    const next = changeAt((node as Container)[at], path, depth + 1, op);
    const copy = own(node);
    copy[at] = next;
    return copy;
  }

  function change(node: unknown, op: Op): unknown {
    switch (op[0]) {
      case "=":
        // `undefined` is no JSON: there was no value.
        need(op[2] !== undefined);
        return op[2];
      case "+":
        return splice(node, lengthOf(node), 0, op.slice(2));
      case "i":
        return splice(node, op[2], 0, op.slice(3));
      case "-":
        return typeof op[2] === "string" ? without(node, op[2]) : splice(node, op[2], op[3], []);
      case ">": {
        const moved: unknown[] = Array.isArray(node) ? [node[op[2] + deadIn(node)]] : [];
        return splice(splice(node, op[2], 1, []), op[3], 0, moved);
      }
      case "~":
        return op.length === 3 ? splice(node, lengthOf(node), 0, op[2]) : splice(node, op[2], op[3], op[4]);
      default:
        op satisfies never;
        throw new Error();
    }
  }

  /** A list or a text with `count` items or UTF-16 units at `at` replaced. */
  function splice(node: unknown, at: unknown, count: unknown, inserted: unknown): unknown {
    const length = lengthOf(node);
    need(isIndex(at, length) && isIndex(count, length - at) && Array.isArray(node) === Array.isArray(inserted));
    if (typeof node === "string") {
      need(typeof inserted === "string" && !cutsPair(node, at) && !cutsPair(node, at + count));
      return node.slice(0, at) + inserted + node.slice(at + count);
    }
    const items = inserted as unknown[];
    const list = own(node) as unknown as unknown[];
    let dead = deadIn(list);
    if (at + items.length === 0) {
      dead += count;
      if (dead > length / 2) dead -= list.splice(0, dead).length;
      owned.set(list, dead);
    } else {
      list.splice(dead + at, count);
      // Not all at once: a large list would not fit on the stack.
      for (let from = 0; from < items.length; from += 9999) list.splice(dead + at + from, 0, ...items.slice(from, from + 9999));
    }
    return list;
  }

  function without(node: unknown, key: string): unknown {
    need(isMap(node) && hasKey(node, key) && !FORBIDDEN.includes(key));
    const map = own(node);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a map of the state, and the key is its own
    delete map[key];
    return map;
  }

  try {
    return ops.reduce((root, op) => {
      need(Array.isArray(op[1]));
      return changeAt(root, op[1], 0, op);
    }, state);
  } catch {
    return undefined;
  }
}

/** A copy with room for some pushes: after a mere `slice` the first push would copy a long list a second time. */
function roomy(list: readonly unknown[]): unknown[] {
  const copy = list.concat(list.slice(0, 128));
  copy.length = list.length;
  return copy;
}

/** Whether a cut there leaves half a character. Not asked at the end, where every append would copy the text to look. */
function cutsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1));
}

/** `after`, with every part that equals `before` replaced by it, so that a new snapshot re-renders only what differs. */
export function share(before: unknown, after: unknown): unknown {
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) return after;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  for (const key of keys) {
    const known = Object.hasOwn(before, key);
    // `after` was just parsed and is seen by nobody else.
    after[key] = share(known ? before[key] : undefined, after[key]);
    same &&= known && Object.is(after[key], before[key]);
  }
  return same ? before : after;
}

function isContainer(node: unknown): node is Container {
  return typeof node === "object" && node !== null;
}

function isMap(node: unknown): node is Container {
  return isContainer(node) && !Array.isArray(node);
}

function isIndex(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function need(fits: boolean): asserts fits {
  if (!fits) throw new Error();
}
