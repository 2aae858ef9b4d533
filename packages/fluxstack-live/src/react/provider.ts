// Which client the hooks below a provider use.

import { createContext, createElement, useContext, type ReactNode } from "react";
import { getLiveClient, type LiveClient } from "../client.js";

const ClientContext = createContext<LiveClient | null>(null);

/** Gives the hooks below it a client of your own, e.g. one with `auth`. Without it they use the page's client for `/live`. */
export function LiveProvider({ client, children }: { readonly client: LiveClient; readonly children?: ReactNode }): ReactNode {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the nearest `LiveProvider`, or else the page's own. */
export function useLiveClient(): LiveClient {
  return useContext(ClientContext) ?? getLiveClient();
}
