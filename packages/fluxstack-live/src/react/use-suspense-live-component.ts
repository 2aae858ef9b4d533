// The hook that shows a live component once there is something to show.

import type { MountOptions } from "../handle.js";
import type { Name, Named, Props, State } from "../schema.js";
import { obstacle } from "./first-state.js";
import { useLiveComponent, type Live, type NoOthers } from "./use-live-component.js";

/**
 * As `useLiveComponent`, but there is always state: until the first has come, the nearest `<Suspense>` shows its fallback. If
 * the mount is refused or the server ends the component, the nearest error boundary is given the LiveError; one that is reset
 * after the client's `lingerMs` tries again. Where pages are rendered on a server, it shows `initial`, or leaves it to the browser.
 */
export function useSuspenseLiveComponent<N extends Named[Name]>(name: N, props: Props<N>, options?: MountOptions<N>): Live<N> {
  const live = useLiveComponent<N, MountOptions<N>>(name, props as Props<N> & NoOthers<N, Props<N>>, options);
  if (live.state === undefined || live.status === "failed") throw obstacle(live.handle);
  return live as Live<N, State<N>>;
}
