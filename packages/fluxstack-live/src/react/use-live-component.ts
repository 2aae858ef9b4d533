// The hook that shows a live component.

import { useInsertionEffect, useMemo, useSyncExternalStore } from "react";
import { componentIdentity } from "../client.js";
import type { LiveHandle, MountOptions, Snapshot } from "../handle.js";
import type { Def, Name, Named, Props, State } from "../schema.js";
import { useLiveClient } from "./provider.js";
import { useDrafts, type FieldSetters } from "./use-drafts.js";

/**
 * State is defined from the first render when `initial` is given, or when the props already are a whole state: the
 * generated file says whether they are, and of a schema written by hand it is asked here. It is not when they may be "skip".
 */
export type KnownState<N extends Name, O, P = Props<N>> = O extends { initial: object } ? State<N>
  : "skip" extends P ? State<N> | undefined
  : Def<N> extends { propsAreState: infer Known } ? (Known extends true ? State<N> : State<N> | undefined)
  : Props<N> extends State<N> ? State<N> : State<N> | undefined;

/** The server refuses props that it does not know, and so does the compiler, with these words. */
export type NoOthers<N extends Name, P> = P extends object
  ? { readonly [K in Exclude<keyof P, keyof Props<N>>]: `\`${K & string}\` is no prop of ${N}` }
  : P;

/** What `useLiveComponent` returns. */
export interface Live<N extends Name, S = State<N>>
  extends Snapshot<N, S>, FieldSetters<N>, Pick<LiveHandle<N>, "call" | "callSafe" | "dispatch" | "clearError"> {
  /** Not mounted yet, or any call in flight; false if it is skipped. */
  readonly loading: boolean;
  /** Stable: pass it down, use it as a dependency. */
  readonly handle: LiveHandle<N>;
}

/**
 * Mounts a component and shows its state; every change renders again, with untouched parts of the state kept. With "skip" in
 * place of props it mounts nothing.
 *
 * Hooks on a page with equal name, props and `key` share one mount and show the same state. For several counters with the
 * same props give each its own `key`.
 *
 * ```tsx
 * const { state, call } = useLiveComponent("CounterComponent", { count: 0, title: "Live Counter" });
 * return <button onClick={() => call("increment")}>{state.count}</button>;
 * ```
 */
export function useLiveComponent<N extends Named[Name], O extends MountOptions<N> = object, P extends Props<N> | "skip" = Props<N>>(
  name: N,
  props: P & NoOthers<N, P>,
  options?: O & MountOptions<N>,
): Live<N, KnownState<N, O, P>> {
  const client = useLiveClient();
  const { key, optimistic } = options ?? {};
  const isSkipped = props === "skip";
  const identity = componentIdentity(name, props, key);
  // Another hook may have mounted it without an `initial`, so each hook shows its own.
  const [handle, initial] = useMemo(() => {
    const initial = options?.initial;
    // A client mounts nothing that has no props.
    return [client.mount(name, (isSkipped ? undefined : props) as Props<N>, { initial, key }), initial];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `identity` is what of the name, the props and the options counts
  }, [client, identity]);
  // Those of a render that is shown, and before anything of it can call.
  useInsertionEffect(() => {
    if (optimistic !== undefined && !isSkipped) client.mount(name, props as Props<N>, { key, optimistic });
  }, [client, identity, optimistic]);
  const snapshot = useSyncExternalStore(handle.subscribe, handle.getSnapshot, handle.getServerSnapshot);
  const state = snapshot.state ?? initial;
  const { set, setMany, clearError, bind, drafts } = useDrafts(handle, snapshot, state);
  return useMemo(() => {
    const { call, callSafe, dispatch } = handle;
    const loading = !isSkipped && (snapshot.status === "mounting" || snapshot.pending.count > 0);
    return { ...snapshot, state: state as KnownState<N, O, P>, loading, call, callSafe, dispatch, set, setMany, clearError, bind, handle };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `bind` is another one only with another state or other drafts
  }, [handle, isSkipped, state, snapshot, set, setMany, clearError, drafts]);
}
