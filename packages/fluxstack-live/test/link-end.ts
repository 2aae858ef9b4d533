// The client's end of a link, which takes the place of its WebSocket.

import type { ClientMessage } from "../src/protocol.js";
import type { Link } from "./resuming-server.js";

export class LinkEnd<S> {
  readyState = 0;
  readonly protocol = "";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly link: Link<S>, private readonly hear: { readonly sent: (message: ClientMessage) => void; readonly lost: () => void }) {}

  send(frame: string): void {
    this.link.up.push(frame);
    for (const message of [JSON.parse(frame) as ClientMessage].flat()) this.hear.sent(message);
  }

  close(): void {
    if (this.readyState !== 3) this.hear.lost();
    this.readyState = 3;
  }

  drop(code: number): void {
    this.readyState = 3;
    this.hear.lost();
    this.onclose?.({ code, reason: "" });
  }
}
