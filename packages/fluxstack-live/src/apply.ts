// Applies ops to a state, as data: own keys only, indexes checked, untouched references kept. It knows no component.

import type { Op, Path } from "./protocol.js";

/** A list or a map of the state; which of the two is checked where it counts. */
type Container = Record<string | number, unknown>;

/** The lists and maps that an applier copied itself and may change in place; by list, how many dead items it starts with. */
export type Owned = Map<unknown, number>;

/** Gives what is owned away: it is as anyone may see it, and not changed any more. */
export function release(owned: Owned): void {
  for (const [list, dead] of owned) if (dead > 0) (list as unknown[]).splice(0, dead);
  owned.clear();
}

/**
 * The state after the ops, or `undefined` if one of them does not fit: then nothing is known and a snapshot is due. What is
 * `owned` is changed in place: a push costs the same on a list of any length. Until `release` nobody else may see the result,
 * where a list may start with dead items: removing the first must not move all others.
 */
export function applyIn(owned: Owned, state: unknown, ops: readonly Op[]): unknown {
  // What an op is about is at `key` of `node`: the whole state too, in a list of one.
  const top = [state] as unknown as Container;
  let node = top;
  let key: string | number = 0;

  function deadIn(list: unknown): number {
    return owned.get(list) ?? 0;
  }

  function lengthOf(list: unknown): number {
    need(Array.isArray(list));
    return list.length - deadIn(list);
  }

  /** The list or map that is there, as a copy that may be changed. */
  function own(): Container {
    const known = node[key];
    need(Object.hasOwn(node, key) && isContainer(known));
    if (!owned.has(known)) owned.set((node[key] = Array.isArray(known) ? roomy(known) : { ...known }), 0);
    return node[key] as Container;
  }

  function find(path: Path): void {
    need(Array.isArray(path));
    for (const step of path) {
      node = own();
      // A path with one of these is an attack or a mistake, and neither is guessed at.
      need(Array.isArray(node) ? isIndex(step, lengthOf(node) - 1) : typeof step === "string" && !/^(__proto__|constructor|prototype)$/.test(step));
      key = typeof step === "string" ? step : step + deadIn(node);
    }
  }

  /** Replaces `count` items of the list that is there, and returns them. */
  function splice(at: unknown, count: unknown, items: unknown[]): unknown[] {
    const list = own() as unknown as unknown[];
    const length = lengthOf(list);
    need(isIndex(at, length) && isIndex(count, length - at));
    const first = deadIn(list) + at;
    const end = first + count;
    const removed = list.slice(first, end);
    if (at + items.length > 0) list.splice(first, count);
    // Cut off once it is more than half: fewer items move then than were removed without moving any.
    else owned.set(list, end > length / 2 ? end - list.splice(0, end).length : end);
    // Not all at once: a large list would not fit on the stack.
    while (items.length > 0) list.splice(first, 0, ...items.splice(-9999));
    return removed;
  }

  try {
    for (const op of ops) {
      node = top;
      key = 0;
      find(op[1]);
      switch (op[0]) {
        case "=":
          // The key may be new: that is how a map grows. `undefined` is no JSON: there was no value.
          need(op[2] !== undefined);
          node[key] = op[2];
          break;
        case "+":
          splice(lengthOf(own()), 0, op.slice(2));
          break;
        case "i":
          splice(op[2], 0, op.slice(3));
          break;
        case "-":
          if (typeof op[2] === "string") {
            find([op[2]]);
            need(Object.hasOwn(node, key));
            // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a map of the state, and the key is its own
            delete node[key];
          } else splice(op[2], op[3], []);
          break;
        case ">":
          splice(op[3], 0, splice(op[2], 1, []));
          break;
        case "~": {
          const text = node[key];
          need(Object.hasOwn(node, key) && typeof text === "string");
          const [at, count, inserted]: unknown[] = op.length === 3 ? [text.length, 0, op[2]] : op.slice(2);
          need(isIndex(at, text.length) && isIndex(count, text.length - at) && typeof inserted === "string" && !cutsPair(text, at) && !cutsPair(text, at + count));
          node[key] = text.slice(0, at) + inserted + text.slice(at + count);
          break;
        }
        default:
          op satisfies never;
          need(false);
      }
    }
    return top[0];
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
  return at < text.length && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

/** `after`, with every part that equals `before` replaced by it, so that a new snapshot re-renders only what differs. */
export function share(before: unknown, after: unknown): unknown {
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) return after;
  let same = Object.keys(after).length === Object.keys(before).length;
  for (const key of Object.keys(after)) {
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    // `after` was just parsed and is seen by nobody else.
    after[key] = share(was, after[key]);
    same &&= Object.is(after[key], was);
  }
  return same ? before : after;
}

function isContainer(node: unknown): node is Container {
  return typeof node === "object" && node !== null;
}

function isIndex(value: unknown, max: number): value is number {
  return (value as number) >>> 0 === value && value <= max;
}

function need(fits: boolean): asserts fits {
  if (!fits) throw new Error();
}
