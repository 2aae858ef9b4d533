// The hook that shows how the connection is.

import { useMemo, useSyncExternalStore } from "react";
import type { ConnectionInfo } from "../connection.js";
import { useLiveClient } from "./provider.js";

/** What there is to know about the connection, and `retryNow()`. It connects nothing itself: that is for mounted components. */
export function useConnection(): ConnectionInfo & { readonly retryNow: () => void } {
  const { connection, retryNow } = useLiveClient();
  const info = useSyncExternalStore(connection.subscribe, connection.get, connection.get);
  return useMemo(() => ({ ...info, retryNow }), [info, retryNow]);
}
