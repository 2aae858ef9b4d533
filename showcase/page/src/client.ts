// The page's one connection. Built for production it speaks the compact encoding; in development, and with `?encoding=json`,
// it speaks JSON, which reads well in a browser's network tab.
import { createLiveClient } from "fluxstack-live";
import { msgpack } from "fluxstack-live/msgpack";
import { CableSocket } from "./cable.js";
import { wire } from "./live.gen.js";

const asksForJson = new URLSearchParams(window.location.search).get("encoding") === "json";
export const client = createLiveClient({ codec: import.meta.env.PROD && !asksForJson ? msgpack(wire) : undefined, WebSocket: CableSocket });
