// The hook that shows how the connection is.

import type { ConnectionInfo } from "../connection.js";
import { useLiveClient } from "./provider.js";
import { useSelection } from "./use-selection.js";

// A server connects nothing, and a page that is hydrated must first show what the server did.
const ON_SERVER: ConnectionInfo = { status: "idle", since: 0, attempt: 0, nextRetryAt: null, latencyMs: null, unsynced: 0, error: null };
const onServer = (): ConnectionInfo => ON_SERVER;

/** What there is to know about the connection, and `retryNow()`. It connects nothing itself: that is for mounted components. */
export function useConnection(): ConnectionInfo & { readonly retryNow: () => void };
/**
 * A part of it, which alone renders again: `useConnection(({ status }) => status)`. An object or list is the same one as long
 * as its items are.
 */
export function useConnection<T>(select: (info: ConnectionInfo) => T): T;
export function useConnection(select?: (info: ConnectionInfo) => unknown): unknown {
  const { connection, retryNow } = useLiveClient();
  return useSelection(connection.subscribe, connection.get, onServer, select ?? ((info: ConnectionInfo) => ({ ...info, retryNow })));
}
