// A page on a fake clock that talks to a fake server, made anew for each test.

import { afterEach, beforeEach, vi } from "vitest";
import type { LiveClient, LiveClientOptions } from "../src/client.js";
import type { LiveError } from "../src/error.js";
import type { LiveHandle, MountOptions } from "../src/handle.js";
import type { ClientMessage } from "../src/protocol.js";
import type { Name, Props } from "../src/schema.js";
import { FakeServer, settle } from "./fake-server.js";

export class LivePage {
  server = new FakeServer();
  /** What the client reported, as `onError` hears it. */
  reported: LiveError[] = [];
  client: LiveClient = this.server.client();

  constructor(options: LiveClientOptions = {}) {
    beforeEach(() => {
      vi.useFakeTimers();
      this.server = new FakeServer();
      this.reported = [];
      this.client = this.server.client({ onError: (error) => this.reported.push(error), ...options });
    });
    afterEach(() => {
      vi.useRealTimers();
    });
  }

  /** A component that is live. */
  async mounted<N extends Name>(name: N, props: Props<N>, options?: MountOptions<N>): Promise<LiveHandle<N>> {
    const handle = this.client.mount(name, props, options);
    handle.subscribe(() => undefined);
    await settle();
    return handle;
  }

  /** The calls and sets that went out on the last socket: the action's name, or what the field was set to. */
  get requests(): unknown[] {
    return this.server.last.sent.flatMap((message: ClientMessage) => {
      if (message.type === "COMPONENT_ACTION") return message.action;
      return message.type === "PROPERTY_UPDATE" ? { [message.payload.property]: message.payload.value } : [];
    });
  }

  /** Has the server refuse a request. */
  refuse(requestId: number, code: LiveError["code"] = "busy", more: object = {}): void {
    this.server.last.say({ type: "ERROR", code: code as "busy", payload: { error: "no", ...more }, componentId: "c1", requestId });
  }
}
