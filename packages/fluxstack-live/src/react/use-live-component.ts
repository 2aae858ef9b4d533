// The hook that shows a live component.

import { useMemo, useSyncExternalStore } from "react";
import { componentIdentity } from "../client.js";
import type { LiveHandle, MountOptions, Snapshot } from "../handle.js";
import type { Def, Name, Props, State } from "../schema.js";
import { useLiveClient } from "./provider.js";

/**
 * State is defined from the first render when `initial` is given, or when the props already are a whole state: the
 * generated file says whether they are, and of a schema written by hand it is asked here.
 */
export type KnownState<N extends Name, O> = O extends { initial: object } ? State<N>
  : Def<N> extends { propsAreState: infer Known } ? (Known extends true ? State<N> : State<N> | undefined)
  : Props<N> extends State<N> ? State<N> : State<N> | undefined;

/** What `useLiveComponent` returns. */
export interface Live<N extends Name, S = State<N>> extends Snapshot<N, S>, Pick<LiveHandle<N>, "call" | "callSafe" | "dispatch" | "set" | "clearError"> {
  /** Not mounted yet, or any call in flight. */
  readonly loading: boolean;
  /** Stable: pass it down, use it as a dependency. */
  readonly handle: LiveHandle<N>;
}

/**
 * Mounts a component and shows its state; every change renders again, with untouched parts of the state kept.
 *
 * Hooks on a page with equal name, props and `key` share one mount and show the same state. For several counters with the
 * same props give each its own `key`.
 *
 * ```tsx
 * const { state, call } = useLiveComponent("CounterComponent", { count: 0, title: "Live Counter" });
 * return <button onClick={() => call("increment")}>{state.count}</button>;
 * ```
 */
export function useLiveComponent<N extends Name, O extends MountOptions<N> = object>(
  name: N,
  props: Props<N>,
  options?: O & MountOptions<N>,
): Live<N, KnownState<N, O>> {
  const client = useLiveClient();
  const identity = componentIdentity(name, props, options?.key);
  // Another hook may have mounted it without an `initial`, so each hook shows its own.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `identity` is what of the name, the props and the options counts
  const [handle, initial] = useMemo(() => [client.mount(name, props, options), options?.initial], [client, identity]);
  const snapshot = useSyncExternalStore(handle.subscribe, handle.getSnapshot, handle.getServerSnapshot);
  return useMemo(() => {
    const { call, callSafe, dispatch, set, clearError } = handle;
    const loading = snapshot.status === "mounting" || snapshot.pending.count > 0;
    const state = (snapshot.state ?? initial) as KnownState<N, O>;
    return { ...snapshot, state, loading, call, callSafe, dispatch, set, clearError, handle };
  }, [handle, initial, snapshot]);
}
