// Inputs that are bound to fields: what the user types stays theirs until they leave.
import { screen } from "@testing-library/react";
import { Profiler, useEffect } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SetOptions } from "../src/handle.js";
import { useLiveComponent, type Live } from "../src/react.js";
import { client, enter, server, show, step, wait } from "./react-page.js";

const state = { draft: "", size: 5, mood: "calm", muted: false, tags: [], saved: 0 };
let live: Live<"SettingsComponent", unknown>;
/** How often it was shown anew. */
let shown = 0;

function Settings({ options, hides = false }: { options?: SetOptions; hides?: boolean }) {
  const own = useLiveComponent("SettingsComponent", { room: "lobby" });
  const { bind } = own;
  useEffect(() => {
    live = own;
    shown += 1;
  });
  return <>
    {!hides && <input aria-label="draft" {...bind("draft", options)} />}
    <textarea aria-label="area" {...bind("draft")} />
    <input aria-label="size" type="number" {...bind("size")} />
    <input aria-label="range" type="range" {...bind("size")} />
    <select aria-label="mood" {...bind("mood")}><option>calm</option><option>loud</option></select>
    <input aria-label="muted" type="checkbox" {...bind("muted")} />
  </>;
}
const input = (name = "draft"): HTMLInputElement => screen.getByLabelText(name);
const sets = () => server.last.sentOf("PROPERTY_UPDATE").map(({ payload }) => payload);
/** The server's answer to the set of that number: what it made of it. */
const answer = (requestId: number, field?: string, value?: unknown) => step(() => {
  const { version } = live;
  if (field !== undefined) server.last.delta("c1", version, [["=", [field], value]] as never);
  server.last.reply(requestId, "c1", version);
});
const refuse = (requestId: number) => step(() => {
  server.last.say({ type: "ERROR", code: "invalid", payload: { error: "no" }, componentId: "c1", requestId });
});
const focus = (name?: string) => step(() => { input(name).focus(); });
const leave = (name?: string) => step(() => { input(name).blur(); });
const type = (value: string, name?: string) => step(() => { enter(input(name), value); });

beforeEach(() => {
  server.state = () => state;
  // React warns, once, when an input becomes controlled.
  vi.spyOn(console, "error");
});
afterEach(() => {
  expect(console.error).not.toHaveBeenCalled();
});

describe("a bound text", () => {
  it("shows what is typed in the same event, and sends it", async () => {
    await show(<Settings />);
    await focus();
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
    const node = input();
    enter(node, "a");
    // React has put back by now what is not its own.
    expect(node.value).toBe("a");
    enter(node, "ab");
    expect(node.value).toBe("ab");
    vi.unstubAllGlobals();
    await step(() => undefined);
    expect(sets()).toEqual([{ property: "draft", value: "ab" }]);
  });

  it("keeps what is typed while it is focused, whatever the server makes of it, and shows that once it is left", async () => {
    await show(<Settings />);
    await focus();
    await type(" Ana ");
    await answer(1, "draft", "Ana");
    expect(input().value).toBe(" Ana ");
    await leave();
    expect(input().value).toBe("Ana");
  });

  it("keeps its caret while the server says something else", async () => {
    await show(<Settings />);
    await focus();
    await type("hello");
    input().setSelectionRange(2, 2);
    await answer(1, "draft", "HELLO");
    expect([input().selectionStart, input().value]).toEqual([2, "hello"]);
  });

  it("shows another user's edit, but not while it is focused", async () => {
    await show(<Settings />);
    await step(() => { server.last.delta("c1", 0, [["=", ["draft"], "theirs"]]); });
    expect(input().value).toBe("theirs");
    await focus();
    await step(() => { server.last.delta("c1", 1, [["=", ["draft"], "theirs again"]]); });
    expect(input().value).toBe("theirs");
    await leave();
    expect([input().value, server.last.sentOf("PROPERTY_UPDATE")]).toEqual(["theirs again", []]);
  });

  it("keeps what was refused after it was left, until it is set again", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await refuse(1);
    await leave();
    expect(input().value).toBe("bad");
    await focus();
    expect(input().value).toBe("bad");
    await type("good");
    await leave();
    await answer(2, "draft", "Good");
    expect(input().value).toBe("Good");
  });

  it("keeps what is refused when it was left already", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await leave();
    await refuse(1);
    expect(input().value).toBe("bad");
  });

  it("keeps what was refused when another failure comes on top of it", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await leave();
    await refuse(1);
    await step(() => { live.dispatch("save"); });
    await refuse(2);
    expect([live.error?.action, input().value]).toEqual(["save", "bad"]);
  });

  it("lets go of what was refused when the error is cleared, for good", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await leave();
    await refuse(1);
    await step(() => { live.clearError(); });
    expect(input().value).toBe("");
    // Another's refused set of the same field is not this input's.
    await step(() => { client.mount("SettingsComponent", { room: "lobby" }).set("draft", "worse"); });
    await refuse(2);
    expect([live.error?.property, input().value]).toEqual(["draft", ""]);
  });

  it("that was only looked at keeps nothing, though its field has an error", async () => {
    await show(<Settings />);
    await step(() => { client.mount("SettingsComponent", { room: "lobby" }).set("draft", "worse"); });
    await refuse(1);
    await focus();
    await leave();
    await step(() => { server.last.delta("c1", 0, [["=", ["draft"], "theirs"]]); });
    expect(input().value).toBe("theirs");
  });

  it("gives way to what the page sets", async () => {
    await show(<Settings />);
    await focus();
    await type("typed");
    await step(() => { live.set("draft", "set"); });
    expect(input().value).toBe("set");
    await type("typed");
    await step(() => { live.setMany({ draft: "many", size: 6 }); });
    expect([input().value, input("size").value]).toEqual(["many", "6"]);
  });

  it("gives way to the server where that insists, also while it is focused", async () => {
    await show(<Settings />);
    await focus();
    await type("/roll");
    await step(() => {
      server.last.delta("c1", 0, [["=", ["draft"], ""]]);
      server.last.say({ type: "EVENT", componentId: "c1", event: "$force", payload: ["draft"], version: 1 });
      server.last.reply(1, "c1", 1);
    });
    expect([input().value, document.activeElement]).toEqual(["", input()]);
    await type("/again");
    expect(input().value).toBe("/again");
  });

  it("is not what another field's force is about", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await refuse(1);
    await leave();
    await focus("size");
    await type("-", "size");
    await step(() => { server.last.say({ type: "EVENT", componentId: "c1", event: "$force", payload: ["size"], version: 0 }); });
    expect([input().value, input("size").value]).toEqual(["bad", "5"]);
  });

  it("sends nothing while it is composed, and what came of it", async () => {
    await show(<Settings />);
    await focus();
    for (const text of ["n", "に", "にほ"]) {
      await step(() => { enter(input(), text, true); });
      expect(input().value).toBe(text);
    }
    expect(sets()).toEqual([]);
    await step(() => { server.last.delta("c1", 0, [["=", ["draft"], "theirs"]]); });
    expect(input().value).toBe("にほ");
    await step(() => {
      enter(input(), "日本", true);
      input().dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    });
    expect(sets()).toEqual([{ property: "draft", value: "日本" }]);
  });

  it("is of one hook: the same field elsewhere shows the state", async () => {
    function Other() {
      return <input aria-label="other" {...useLiveComponent("SettingsComponent", { room: "lobby" }).bind("draft")} />;
    }
    await show(<><Settings /><Other /></>);
    await focus();
    await type(" Ana ");
    expect(input("other").value).toBe(" Ana ");
    await answer(1, "draft", "Ana");
    expect([input().value, input("other").value]).toEqual([" Ana ", "Ana"]);
  });

  it("that is gone while it is focused keeps nothing for when it comes back", async () => {
    const rerender = await show(<Settings />);
    await focus();
    await type("typed");
    await answer(1, "draft", "Typed");
    await rerender(<Settings hides />);
    await rerender(<Settings />);
    expect(input().value).toBe("Typed");
  });

  it("of another component keeps nothing of the one before", async () => {
    function Room({ room }: { room: string }) {
      return <input aria-label="draft" {...useLiveComponent("SettingsComponent", { room }).bind("draft")} />;
    }
    const rerender = await show(<Room room="a" />);
    await focus();
    await type("of a");
    await rerender(<Room room="b" />);
    expect(input().value).toBe("");
  });

  it("can be changed without a focus, as a password manager does, and then shows the state", async () => {
    await show(<Settings />);
    await type("filled in");
    expect(input().value).toBe("filled in");
    await answer(1, "draft", "Filled in");
    expect(input().value).toBe("Filled in");
  });

  it("is sent when it is left, if it is to be", async () => {
    await show(<Settings options={{ send: "blur" }} />);
    const flushed = vi.spyOn(client.mount("SettingsComponent", { room: "lobby" }), "flush");
    await focus();
    await type("a");
    expect(flushed).not.toHaveBeenCalled();
    await leave();
    expect(flushed).toHaveBeenCalledOnce();
  });

  it("takes what is typed before there is state", async () => {
    server.state = () => undefined;
    await show(<Settings />);
    await focus();
    await type("early");
    expect(input().value).toBe("early");
    await step(() => { enter(input("size"), "7"); });
    await step(() => { server.last.mounted("c1", state); });
    expect([input().value, sets()]).toEqual(["early", [{ property: "draft", value: "early" }, { property: "size", value: 7 }]]);
  });

  it("renders twice for a letter at most: for the letter and for its answer", async () => {
    const rendered = vi.fn();
    await show(<Profiler id="settings" onRender={rendered}><Settings /></Profiler>);
    await focus();
    rendered.mockClear();
    await type("a");
    expect(rendered).toHaveBeenCalledOnce();
    await answer(1, "draft", "a");
    expect(rendered).toHaveBeenCalledTimes(2);
  });

  it("shows nothing anew for what drops no draft", async () => {
    await show(<Settings />);
    const before = shown;
    await step(() => { server.last.say({ type: "EVENT", componentId: "c1", event: "$force", payload: ["draft"], version: 0 }); });
    expect(shown).toBe(before);
    await step(() => { live.set("draft", "set"); });
    expect(shown).toBe(before + 1);
  });
});

describe("a bound textarea", () => {
  it("is as a text", async () => {
    await show(<Settings />);
    await focus("area");
    await type("two\nlines", "area");
    expect(sets()).toEqual([{ property: "draft", value: "two\nlines" }]);
  });
});

describe("a bound number", () => {
  it("is sent as one", async () => {
    await show(<Settings />);
    expect(input("size").value).toBe("5");
    await focus("size");
    await type("42", "size");
    await step(() => { enter(input("range"), "43"); });
    await answer(1);
    expect(sets().map(({ value }) => value)).toEqual([42, 43]);
  });

  it("stays as it is typed, and is not sent, until it is a finite one", async () => {
    function Size() {
      return <input aria-label="size" {...useLiveComponent("SettingsComponent", { room: "lobby" }).bind("size")} />;
    }
    await show(<Size />);
    await focus("size");
    for (const text of ["", "-", "1e", " ", "1e999"]) {
      await type(text, "size");
      expect(input("size").value).toBe(text);
    }
    expect(sets()).toEqual([]);
    await type("-1.0", "size");
    await answer(1, "size", -1);
    expect([input("size").value, sets()]).toEqual(["-1.0", [{ property: "size", value: -1 }]]);
    await type("-", "size");
    await leave("size");
    expect(input("size").value).toBe("-1");
  });

  it("that was left shows what was sent, while that is not answered", async () => {
    await show(<Settings />);
    await focus("size");
    await type("007", "size");
    await leave("size");
    expect([input("size").value, live.pending.fields.has("size")]).toEqual(["7", true]);
  });
});

describe("a bound choice", () => {
  it("is sent, and shows the state once it is left", async () => {
    await show(<Settings />);
    await focus("mood");
    await step(() => { enter(screen.getByLabelText<HTMLSelectElement>("mood"), "loud"); });
    expect([input("mood").value, sets()]).toEqual(["loud", [{ property: "mood", value: "loud" }]]);
    await answer(1, "mood", "calm");
    expect(input("mood").value).toBe("loud");
    await leave("mood");
    expect(input("mood").value).toBe("calm");
  });
});

describe("a bound checkbox", () => {
  it("is checked as the state is, and sends what it becomes", async () => {
    await show(<Settings />);
    await step(() => { input("muted").click(); });
    expect([input("muted").checked, sets()]).toEqual([true, [{ property: "muted", value: true }]]);
    await refuse(1);
    expect(input("muted").checked).toBe(false);
    await step(() => { server.last.delta("c1", 0, [["=", ["muted"], true]]); });
    expect(input("muted").checked).toBe(true);
  });
});

describe("the setters of a hook", () => {
  it("are the same over renders, but for `bind`", async () => {
    await show(<Settings />);
    const { set, setMany } = live;
    await step(() => { server.last.delta("c1", 0, [["=", ["draft"], "x"]]); });
    await wait(0);
    expect([live.set, live.setMany]).toEqual([set, setMany]);
  });
});
