// Applies ops to a state, as data: own keys only, indexes checked, untouched references kept. It knows no component.

import type { Op, Path } from "./protocol.js";

/** A list or a map of the state; which of the two is checked where it counts. */
type Container = Record<string | number, unknown>;

// A path with one of these is an attack or a mistake, and neither is guessed at.
const FORBIDDEN: readonly unknown[] = ["__proto__", "constructor", "prototype"];

/** The state after the ops, or `undefined` if one of them does not fit: then nothing is known and a snapshot is due. */
export function applyOps(state: unknown, ops: readonly Op[]): unknown {
  // What was copied for these ops may be changed in place: a hundred pushes copy a list once.
  const fresh = new Set<unknown>();

  function own(node: unknown): Container {
    if (fresh.has(node)) return node as Container;
    const copy = Array.isArray(node) ? [...(node as unknown[])] : { ...(node as object) };
    fresh.add(copy);
    return copy;
  }

  function changeAt(node: unknown, path: Path, depth: number, op: Op): unknown {
    if (depth === path.length) return change(node, op);
    const key = path[depth];
    need(key !== undefined);
    // Only the last key of a set may be new: that is how a map grows.
    need(hasKey(node, key) || (op[0] === "=" && depth === path.length - 1 && isMap(node) && typeof key === "string"));
    need(!FORBIDDEN.includes(key));
    const next = changeAt((node as Container)[key], path, depth + 1, op);
    const copy = own(node);
    copy[key] = next;
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
        const moved: unknown[] = Array.isArray(node) ? [node[op[2]]] : [];
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
      need(typeof inserted === "string");
      return node.slice(0, at) + inserted + node.slice(at + count);
    }
    const list = own(node) as unknown as unknown[];
    const tail = list.splice(at).slice(count);
    // Not `push(...items)`: a large list would not fit on the stack.
    for (const part of [inserted as unknown[], tail]) for (const item of part) list.push(item);
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

/** `after`, with every part that equals `before` replaced by it, so that a new snapshot re-renders only what differs. */
export function share(before: unknown, after: unknown): unknown {
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) return after;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  for (const key of keys) {
    const known = Object.hasOwn(before, key);
    // `after` was just parsed and is seen by nobody else.
    after[key] = share(known ? before[key] : undefined, after[key]);
    same &&= known && after[key] === before[key];
  }
  return same ? before : after;
}

function isContainer(node: unknown): node is Container {
  return typeof node === "object" && node !== null;
}

function isMap(node: unknown): node is Container {
  return isContainer(node) && !Array.isArray(node);
}

/** Of a list or a text; -1 of anything else, where no index fits. */
function lengthOf(node: unknown): number {
  return Array.isArray(node) || typeof node === "string" ? node.length : -1;
}

function isIndex(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function hasKey(node: unknown, key: unknown): boolean {
  return isMap(node) ? typeof key === "string" && Object.hasOwn(node, key) : Array.isArray(node) && isIndex(key, node.length - 1);
}

function need(fits: boolean): asserts fits {
  if (!fits) throw new Error();
}
