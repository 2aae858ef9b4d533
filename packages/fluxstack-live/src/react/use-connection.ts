// The hook that shows how the connection is.

import { useMemo, useSyncExternalStore } from "react";
import type { ConnectionInfo } from "../connection.js";
import { useLiveClient } from "./provider.js";

// A server connects nothing, and a page that is hydrated must first show what the server did.
const ON_SERVER: ConnectionInfo = { status: "idle", since: 0, attempt: 0, nextRetryAt: null, latencyMs: null, unsynced: 0, error: null };
const onServer = (): ConnectionInfo => ON_SERVER;

/** What there is to know about the connection, and `retryNow()`. It connects nothing itself: that is for mounted components. */
export function useConnection(): ConnectionInfo & { readonly retryNow: () => void } {
  const { connection, retryNow } = useLiveClient();
  const info = useSyncExternalStore(connection.subscribe, connection.get, onServer);
  return useMemo(() => ({ ...info, retryNow }), [info, retryNow]);
}
