// One component that a page shows, compared with what the reference says.

import type { LiveHandle } from "../src/handle.js";
import { select, type Selection } from "../src/selection.js";
import type { Board } from "./board.js";
import type { View } from "./reference-view.js";
import { equal, seen, type Handle, type Shown } from "./shown.js";

export class Watched {
  /** What was compared since the reference changed. */
  compared: Shown | null = null;
  /** As it was when a listener was last called, or at first. */
  #told: Shown;
  readonly #selection: Selection<number | undefined>;
  #selected: number | undefined;
  #isWrong = false;

  constructor(readonly name: string, readonly handle: Handle, readonly view: View<Board>, private readonly report: (fault: string) => void) {
    this.#selection = select(handle as unknown as LiveHandle<"CounterComponent">, ({ count }) => count);
    this.#selected = this.#selection.get();
    handle.subscribe(() => {
      this.#compare("a listener sees");
      this.#told = handle.getSnapshot();
    });
    this.#selection.subscribe(() => {
      if (this.#selection.get() === this.#selected) this.#fault("the selection is the same, and its listener was called");
      this.#selected = this.#selection.get();
    });
    this.#told = handle.getSnapshot();
  }

  /** Compares what is shown, and whether it was told. */
  check(where: string): void {
    const now = this.handle.getSnapshot();
    if (this.compared !== now) this.#compare(where);
    if (now !== this.handle.getSnapshot()) this.#fault("two looks give two snapshots");
    if (this.#told !== now && !equal(seen(this.#told), seen(now))) this.#fault(`${where} a change that no listener was told of`);
    if (this.#selection.get() !== this.#selected) this.#fault(`${where} a selection that changed untold`);
    if (this.#selection.get() !== now.state?.count) this.#fault(`${where} a selection that is not of the state`);
  }

  /** What is shown is what the reference says. */
  #compare(where: string): void {
    if (this.#isWrong) return;
    const shown = this.handle.getSnapshot();
    const { version, pending } = shown;
    this.view.resolve(pending.fields);
    const due = this.view.look();
    const differ = (what: string, is: unknown, ought: unknown): void => {
      if (!equal(is, ought)) this.#fault(`${where} ${what} ${JSON.stringify(is)} instead of ${JSON.stringify(ought)}`);
    };
    differ("state", shown.state, due.state);
    differ("version", version, this.view.told.version);
    differ("pending.fields", [...pending.fields].sort(), [...due.fields].sort());
    differ("pending.count", pending.count, due.calls.length);
    for (const { action, key } of due.calls) {
      const same = due.calls.filter((call) => call.action === action);
      differ(`pending.of(${action})`, pending.of(action), same.length);
      if (key !== undefined) differ(`pending.of(${action}, ${String(key)})`, pending.of(action, key), same.filter((call) => call.key === key).length);
    }
    differ("pending.of(add, none)", pending.of("add", "none"), 0);
    this.compared = shown;
  }

  #fault(what: string): void {
    this.#isWrong = true;
    this.report(`${this.name}: ${what}`);
  }
}
