// The page's one connection. Built for production it speaks the compact encoding; in development, and with `?encoding=json`,
// it speaks JSON, which reads well in a browser's network tab. With `?through=PORT` it goes through a bad network.
import { createLiveClient } from "fluxstack-live";
import { msgpack } from "fluxstack-live/msgpack";
import { CableSocket } from "./cable.js";
import { wire } from "./live.gen.js";

const asked = new URLSearchParams(window.location.search);
const asksForJson = asked.get("encoding") === "json";
const through = asked.get("through");
export const client = createLiveClient({
  url: through === null ? undefined : `http://${window.location.hostname}:${through}/live`,
  codec: import.meta.env.PROD && !asksForJson ? msgpack(wire) : undefined,
  WebSocket: CableSocket,
});
