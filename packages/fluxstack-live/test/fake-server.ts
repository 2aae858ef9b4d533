// A server that speaks the protocol inside a test, and the client that talks to it. It does what it is told, and by itself
// only greets and mounts.

import { vi } from "vitest";
import { clientIn, type LiveClient, type LiveClientOptions } from "../src/client.js";
import { pageEnvironment, type Environment, type Wake } from "../src/environment.js";
import type { ClientMessage, ComponentMount, ServerMessage, Welcome } from "../src/protocol.js";
import "./live.gen.js";

export class FakeSocket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  /** The WebSocket messages the client sent, as text. */
  readonly frames: string[] = [];
  /** The code the client closed with; undefined while it has not, null without a code. */
  closedWith: number | null | undefined;

  constructor(
    readonly url: string,
    readonly protocols: readonly string[],
    private readonly server: FakeServer,
  ) {}

  send(text: string): void {
    this.frames.push(text);
    this.server.hear(this, text);
  }

  close(code?: number): void {
    this.closedWith = code ?? null;
    this.readyState = 3;
  }

  /** Every message the client sent, batches taken apart. */
  get sent(): ClientMessage[] {
    return this.frames.flatMap((text) => JSON.parse(text) as ClientMessage | ClientMessage[]);
  }

  sentOf<T extends ClientMessage["type"]>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter((message): message is Extract<ClientMessage, { type: T }> => message.type === type);
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** One WebSocket message to the client. */
  say(...messages: ServerMessage[]): void {
    this.onmessage?.({ data: JSON.stringify(messages.length === 1 ? messages[0] : messages) });
  }

  welcome(fields: Partial<Welcome> = {}): void {
    this.say({
      type: "WELCOME", session: "s1", secret: "x", resumed: false, executed: 0, replies: [], heartbeatMs: 20_000,
      limits: { inFlight: 32, messageBytes: 65_536 }, schema: "7f1c0a5e", server: "test", ...fields,
    });
  }

  mounted(componentId: string, state: unknown, version = 0, epoch = "e1"): void {
    this.say({ type: "COMPONENT_MOUNTED", componentId, epoch, version, state });
  }

  delta(componentId: string, from: number, ops: Extract<ServerMessage, { type: "STATE_DELTA" }>["ops"]): void {
    this.say({ type: "STATE_DELTA", componentId, from, version: from + 1, ops });
  }

  reply(requestId: number, componentId = "c1", at = 0, result: unknown = null): void {
    this.say({ type: "REPLY", requestId, componentId, payload: { result }, at: { [componentId]: at } });
  }

  drop(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

export class FakeServer {
  readonly sockets: FakeSocket[] = [];
  /** False: sockets stay in CONNECTING until `open()`. */
  opens = true;
  /** False: HELLO stays unanswered until `welcome()`. */
  welcomes = true;
  /** What its WELCOME says, where it is not a new session's. */
  greeting: Partial<Welcome> = {};
  /** The state to mount a component with; undefined: COMPONENT_MOUNT stays unanswered. */
  state: (mount: ComponentMount) => unknown = (mount) => mount.payload.props;
  wake: (why: Wake) => void = () => undefined;
  /** Listeners the client holds on the page. */
  listening = 0;
  random = 0.5;
  online = true;
  /** What the page remembers over a reload. */
  readonly stored = new Map<string, string>();
  readonly #storage = {
    getItem: (key: string): string | null => this.stored.get(key) ?? null,
    setItem: (key: string, value: string): void => { this.stored.set(key, value); },
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("nothing connected yet");
    return socket;
  }

  hear(socket: FakeSocket, text: string): void {
    for (const message of [JSON.parse(text) as ClientMessage | ClientMessage[]].flat()) {
      if (message.type === "HELLO" && this.welcomes) queueMicrotask(() => { socket.welcome(this.greeting); });
      if (message.type !== "COMPONENT_MOUNT") continue;
      const state = this.state(message);
      if (state !== undefined) queueMicrotask(() => { socket.mounted(message.componentId, state); });
    }
  }

  /** A client whose sockets end here. */
  client(options: LiveClientOptions = {}, storage: Environment["storage"] = () => this.#storage): LiveClient {
    return clientIn(
      {
        ...pageEnvironment(),
        random: () => this.random,
        online: () => this.online,
        storage,
        open: (url, protocols) => {
          const socket = new FakeSocket(url, protocols, this);
          this.sockets.push(socket);
          if (this.opens) queueMicrotask(() => { socket.open(); });
          return socket as unknown as WebSocket;
        },
        onWake: (woken) => {
          this.listening += 1;
          this.wake = woken;
          return () => {
            this.listening -= 1;
            this.wake = () => undefined;
          };
        },
      },
      options,
    );
  }
}

/** Lets every microtask run, and every timer that is due. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}
