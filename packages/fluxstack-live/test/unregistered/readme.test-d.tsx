// The page of the repository's README, in an application that has registered no types. Checked by `npm run typecheck`.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- without registered types everything is `any`, which is what is tested */

import type { ReactNode } from "react";
import type { CallArgs, LiveHandle } from "fluxstack-live";
import { useLiveComponent, useLiveEvent } from "fluxstack-live/react";

export function Counter(): ReactNode {
  const { state, call } = useLiveComponent('Counter', { count: 0 })
  return (
    <button onClick={() => call('increment', 2)}>{state.count}</button>
  )
}

export function anything(handle: LiveHandle<string>): void {
  handle.dispatch("increment");
  handle.dispatch("increment", { amount: 2 });
  void handle.callSafe("increment", 2);
  // @ts-expect-error one payload
  handle.dispatch("increment", 1, 2);
}

export function Heard({ handle }: { handle: LiveHandle<string> }): ReactNode {
  useLiveEvent(handle, "ANYTHING", (payload) => { handle.dispatch(payload.action); });
  return null;
}

export const none: CallArgs<never, object> = [];
