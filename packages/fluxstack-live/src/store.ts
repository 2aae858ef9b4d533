// The browser's copy of one store: the state at a version the server told. It decides what a message means for it, and
// sends nothing.

import { share } from "./apply.js";
import type { ComponentMounted, StateDelta, StateUpdate } from "./protocol.js";
import { Replica } from "./replica.js";

/** mounting → live → stale (link lost, state kept) → live; failed: the mount was refused, or the server ended it. */
export type StoreStatus = "mounting" | "live" | "stale" | "failed";

export class Store {
  status: StoreStatus = "mounting";
  /** How often a snapshot has replaced the state by another; what ops have changed, the version tells. */
  replaced = 0;
  #replica: Replica;
  /** Null until the first COMPONENT_MOUNTED. */
  epoch: string | null = null;
  version = 0;
  /** What was asked for and has not come. Until then deltas are of another history and are ignored. */
  #awaiting: "mount" | "snapshot" | null = "mount";

  constructor(initial: unknown) {
    this.#replica = new Replica(initial);
  }

  /**
   * Invariant: exactly the server's state at (`epoch`, `version`) once `epoch` is known; before that a guess, or undefined.
   * To be read when it is shown and not before: a list that someone has seen is copied when it next grows.
   */
  get state(): unknown {
    return this.#replica.state;
  }

  /** Mounted in this session: requests may be sent. */
  get mounted(): boolean {
    return this.#awaiting !== "mount";
  }

  /** A snapshot was asked for and has not come. */
  get resyncing(): boolean {
    return this.#awaiting === "snapshot";
  }

  /** The subscription is gone, whatever the reason: only a new COMPONENT_MOUNTED counts now. */
  lose(): void {
    this.#awaiting = "mount";
    this.status = this.epoch === null ? "mounting" : "stale";
  }

  fail(): void {
    this.#awaiting = "mount";
    this.status = "failed";
  }

  /** Takes in a message; true if a snapshot must be asked for. */
  receive(message: ComponentMounted | StateUpdate | StateDelta): boolean {
    switch (message.type) {
      case "COMPONENT_MOUNTED":
        if (message.state === undefined) return message.epoch === this.epoch ? this.#advance(message) : this.#gap();
        this.#replace(message.epoch, message.version, message.state);
        return false;
      case "STATE_UPDATE":
        if (this.mounted) this.#replace(message.epoch, message.version, message.payload.state);
        return false;
      case "STATE_DELTA":
        if (this.#awaiting !== null) return false;
        return message.from === this.version ? this.#advance(message) : this.#gap();
      default:
        return message satisfies never;
    }
  }

  #replace(epoch: string, version: number, state: unknown): void {
    const shared = share(this.state, state);
    // Of another history even an equal state is another one: its version may be the same.
    if (shared !== this.state || epoch !== this.epoch) {
      this.#replica = new Replica(shared);
      this.replaced += 1;
    }
    this.epoch = epoch;
    this.#live(version);
  }

  #advance({ version, ops }: ComponentMounted | StateDelta): boolean {
    if (ops === undefined || !this.#replica.apply(ops)) return this.#gap();
    this.#live(version);
    return false;
  }

  #live(version: number): void {
    this.version = version;
    this.#awaiting = null;
    this.status = "live";
  }

  #gap(): true {
    this.#awaiting = "snapshot";
    return true;
  }
}
