// The component of the schedules: texts that are set, and a list and a count that actions change.

import type { ErrorCode, Op } from "../src/protocol.js";
import type { Rules, Store } from "./resuming-server.js";

interface Item { readonly id: string; readonly text: string; readonly done: boolean }
export interface Board {
  readonly title: string;
  readonly note: string;
  /** Set volatile only. */
  readonly slide: string;
  readonly items: readonly Item[];
  readonly count: number;
}
export const EMPTY: Board = { title: "", note: "", slide: "", items: [], count: 0 };
export type Field = "title" | "note" | "slide";
export const TEXTS = ["title", "note"] as const;

/** What every action is sent with; `op` tells one call from all others. */
export interface Payload { readonly op: number; readonly id?: string; readonly text?: string; readonly by?: number }

/** What the server does, written as ops. An action of a text with `!` in it, or of an item that is not there, is refused. */
export const RULES: Rules<Board> = {
  begin: () => EMPTY,
  run(request, store) {
    if (request.type === "PROPERTY_UPDATE") return setField(store, request.payload.property as Field, String(request.payload.value));
    const { id = "", text = "", by = 0 } = request.payload as Payload;
    const { items, count, title } = store.state;
    switch (request.action) {
      case "add": return text.includes("!") ? "action" : addItem(store, { id, text, done: false });
      case "toggle": return toggleItem(store, items.findIndex((item) => item.id === id));
      case "increment": return by < 0 ? "action" : setPart(store, "count", count + by);
      case "clear": return setPart(store, "title", "");
      case "stamp": return setPart(store, "note", `of ${title}`);
      default: return setPart(store, "count", count + 100);
    }
  },
};

function setField(store: Store<Board>, field: Field, value: string): ErrorCode | null {
  return value.includes("!") ? "invalid" : setPart(store, field, value);
}

export function setPart<K extends keyof Board>(store: Store<Board>, part: K, value: Board[K]): null {
  store.commit({ [part]: value }, [["=", [part], value]]);
  return null;
}

export function addItem(store: Store<Board>, item: Item): null {
  store.commit({ items: [...store.state.items, item] }, [["+", ["items"], item]]);
  return null;
}

export function toggleItem(store: Store<Board>, at: number): ErrorCode | null {
  const item = store.state.items[at];
  if (item === undefined) return "action";
  const done = !item.done;
  store.commit({ items: store.state.items.with(at, { ...item, done }) }, [["=", ["items", at, "done"], done]]);
  return null;
}

export function removeItem(store: Store<Board>, at: number): void {
  const ops: Op[] = store.state.items.length > 0 ? [["-", ["items"], at, 1]] : [];
  store.commit({ items: store.state.items.toSpliced(at, 1) }, ops);
}

export type Effects = Readonly<Record<string, (state: Board, payload: Payload) => Board>>;

/** What the page shows of a call before it is answered; `mark` tells one set of functions from the next. */
export function effects(mark: string): Effects {
  return {
    add: (state, { id = "", text = "" }) => ({ ...state, items: [...state.items, { id, text: text + mark, done: false }] }),
    toggle: (state, { id }) => ({ ...state, items: state.items.map((item) => (item.id === id ? { ...item, done: !item.done } : item)) }),
    increment: (state, { by = 0 }) => ({ ...state, count: state.count + by }),
    clear: (state) => ({ ...state, title: mark }),
    stamp: (state) => ({ ...state, note: `of ${state.title}` }),
  };
}
