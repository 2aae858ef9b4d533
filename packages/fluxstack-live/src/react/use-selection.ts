// The hook below those that show a part of something: it renders again when that part changes, and not before.

import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { Cancel } from "../environment.js";
import { isShallowEqual } from "../shallow.js";

/**
 * The part that the latest `select` takes of what `get` gives; the same reference as long as `isEqual` says so. Both `get`s and
 * `subscribe` are the same over renders.
 */
export function useSelection<S, T>(
  subscribe: (listener: () => void) => Cancel,
  get: () => S,
  getOnServer: () => S,
  select: (source: S) => T,
  isEqual: (a: T, b: T) => boolean = isShallowEqual,
): T {
  const shown = useRef<Shown<T>>(null);
  const [getPart, getPartOnServer] = useMemo(() => {
    // eslint-disable-next-line react-hooks/refs -- it only decides which of two equal parts is given
    const partOf = selector(select, isEqual, shown);
    return [() => partOf(get()), () => partOf(getOnServer())];
  }, [get, getOnServer, select, isEqual]);
  const part = useSyncExternalStore(subscribe, getPart, getPartOnServer);
  // Only what was committed counts: a render that React gave up has shown nothing.
  useEffect(() => { shown.current = [part]; }, [part]);
  return part;
}

/** What is on screen; null before anything is. */
type Shown<T> = readonly [part: T] | null;

/** `select`, asked once for each source, that gives what it gave before, or what is shown, if that is equal. */
function selector<S, T>(select: (source: S) => T, isEqual: (a: T, b: T) => boolean, shown: { readonly current: Shown<T> }): (source: S) => T {
  let last: Shown<T> = null;
  let of: S;
  return (source) => {
    if (last !== null && Object.is(of, source)) return last[0];
    const part = select(source);
    const before = last ?? shown.current;
    last = before !== null && isEqual(before[0], part) ? before : [part];
    of = source;
    return last[0];
  };
}
