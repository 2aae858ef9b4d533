// When a set is sent, what of it, and what a page shows meanwhile.
import { describe, expect, it } from "vitest";
import { debounce, throttle } from "../src/timing.js";
import { pass, settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();
const counter = () => page.mounted("CounterComponent", { count: 0, title: "" });
const form = () => page.mounted("FormComponent", { name: "", email: "", errors: {} });

describe("a set by the ack clock", () => {
  it("has one message of a field on its way, and then the newest value", async () => {
    const handle = await counter();
    for (const text of ["h", "he", "hel", "hell", "hello"]) {
      handle.set("title", text);
      await settle();
    }
    expect(page.requests).toEqual([{ title: "h" }]);
    page.server.last.reply(1);
    await settle();
    expect(page.requests).toEqual([{ title: "h" }, { title: "hello" }]);
    page.server.last.reply(2);
    await settle();
    expect([page.requests.length, handle.getSnapshot().pending.fields.size]).toEqual([2, 0]);
  });

  it("of one field waits for no other field", async () => {
    const handle = await form();
    handle.set("name", "a");
    await settle();
    handle.set("name", "an");
    handle.set("email", "b");
    await settle();
    expect(page.requests).toEqual([{ name: "a" }, { email: "b" }]);
  });

  it("is shown at once, whatever is on its way, and each time the listeners hear of it", async () => {
    const handle = await counter();
    const shown: unknown[] = [];
    handle.subscribe(() => shown.push(handle.getSnapshot().state?.title));
    for (const text of ["h", "he", "hel"]) {
      handle.set("title", text);
      await settle();
    }
    expect(shown).toEqual(["h", "he", "hel"]);
  });

  it("goes on after a refusal", async () => {
    const handle = await counter();
    handle.set("title", "a");
    await settle();
    handle.set("title", "ab");
    await settle();
    page.refuse(1, "invalid");
    await settle();
    expect(page.requests).toEqual([{ title: "a" }, { title: "ab" }]);
    expect(handle.getSnapshot()).toMatchObject({ state: { title: "ab" }, error: { code: "invalid" } });
  });

  it("goes before a call that was made after it, and what is set after the call waits again", async () => {
    const handle = await counter();
    handle.set("title", "a");
    await settle();
    handle.set("title", "ab");
    handle.dispatch("reset");
    handle.set("title", "abc");
    await settle();
    expect(page.requests).toEqual([{ title: "a" }, { title: "ab" }, "reset"]);
    page.server.last.reply(1);
    await settle();
    expect(page.requests.length).toBe(3);
    page.server.last.reply(2);
    await settle();
    expect(page.requests.at(-1)).toEqual({ title: "abc" });
  });
});

describe("setMany", () => {
  it("shows all its fields in one step, and sends them in one message", async () => {
    const handle = await form();
    const shown: unknown[] = [];
    handle.subscribe(() => shown.push(handle.getSnapshot().state));
    handle.setMany({ name: "Ana", email: "ana@example.org" });
    await settle();
    expect(shown).toEqual([{ name: "Ana", email: "ana@example.org", errors: {} }]);
    expect(page.server.last.frames.slice(2).length).toBe(1);
    expect(page.requests).toEqual([{ name: "Ana" }, { email: "ana@example.org" }]);
  });
});

describe("a set that waits for blur", () => {
  it("is shown, and sent by flush", async () => {
    const handle = await counter();
    handle.set("title", "a", { send: "blur" });
    handle.set("title", "ab", { send: "blur" });
    await pass(60_000);
    expect([page.requests, handle.getSnapshot().state?.title]).toEqual([[], "ab"]);
    void handle.flush();
    await settle();
    expect(page.requests).toEqual([{ title: "ab" }]);
  });

  it("is sent before a call", async () => {
    const handle = await counter();
    handle.set("title", "a", { send: "blur" });
    handle.dispatch("reset");
    await settle();
    expect(page.requests).toEqual([{ title: "a" }, "reset"]);
  });

  it("is sent when it is set again without that", async () => {
    const handle = await counter();
    handle.set("title", "a", { send: "blur" });
    await settle();
    handle.set("title", "ab");
    await settle();
    expect(page.requests).toEqual([{ title: "ab" }]);
  });
});

describe("a debounced set", () => {
  it("is sent once nothing was set for so long", async () => {
    const handle = await counter();
    for (const text of ["a", "ab", "abc"]) {
      handle.set("title", text, { send: debounce(300) });
      await pass(200);
    }
    expect(page.requests).toEqual([]);
    await pass(100);
    expect(page.requests).toEqual([{ title: "abc" }]);
  });

  it("that a call sent is not sent again when its time has come", async () => {
    const handle = await counter();
    handle.set("title", "a", { send: debounce(300) });
    handle.dispatch("reset");
    await pass(1000);
    expect(page.requests).toEqual([{ title: "a" }, "reset"]);
  });

  it("whose time comes without a connection is sent on the next one", async () => {
    const handle = await counter();
    handle.set("title", "a", { send: debounce(300) });
    page.server.last.drop();
    await pass(5000);
    expect(page.requests).toEqual([{ title: "a" }]);
  });
});

describe("a throttled set", () => {
  it("is sent at once, and then at most once in so long, with the newest value", async () => {
    const handle = await counter();
    for (let i = 1; i <= 10; i++) {
      handle.set("title", String(i), { send: throttle(250) });
      await pass(100);
    }
    await pass(1000);
    expect(page.requests).toEqual([{ title: "1" }, { title: "3" }, { title: "5" }, { title: "8" }, { title: "10" }]);
  });
});

describe("a volatile set", () => {
  it("without a connection is neither shown nor kept", async () => {
    const handle = await counter();
    page.server.last.drop();
    handle.set("title", "a", { volatile: true });
    expect([handle.getSnapshot().state?.title, handle.getSnapshot().pending.fields.size]).toEqual(["", 0]);
    await pass(5000);
    expect(page.requests).toEqual([]);
  });

  it("that waits when the connection is lost is dropped, without an error", async () => {
    const handle = await counter();
    handle.set("title", "a", { volatile: true });
    await settle();
    handle.set("title", "ab", { volatile: true });
    page.server.greeting = { resumed: true, executed: 1, replies: [{ type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 0 } }] };
    page.server.last.drop();
    expect(handle.getSnapshot().pending.fields.size).toBe(1);
    await pass(5000);
    expect([page.requests, handle.getSnapshot().error, page.reported]).toEqual([[], null, []]);
  });

  it("that is set for good before it is sent is kept", async () => {
    const handle = await counter();
    handle.set("title", "a", { volatile: true });
    handle.set("title", "ab");
    page.server.last.drop();
    await pass(5000);
    expect(page.requests).toEqual([{ title: "ab" }]);
  });

  it("is not made again in another session", async () => {
    const handle = await counter();
    handle.set("title", "a", { volatile: true });
    await settle();
    page.server.last.drop();
    await pass(5000);
    expect([page.requests, handle.getSnapshot().pending.fields.size, handle.getSnapshot().error, page.reported]).toEqual([[], 0, null, []]);
  });
});

describe("flush", () => {
  it("resolves when all sets made so far are answered, refused ones too", async () => {
    const handle = await form();
    handle.set("name", "a");
    handle.set("email", "b", { send: "blur" });
    let flushed = false;
    void handle.flush().then(() => { flushed = true; });
    await settle();
    expect(page.requests).toEqual([{ name: "a" }, { email: "b" }]);
    page.server.last.reply(1);
    await settle();
    expect(flushed).toBe(false);
    page.refuse(2, "invalid");
    await settle();
    expect(flushed).toBe(true);
  });

  it("resolves at once if nothing is pending, and waits for no call", async () => {
    const handle = await counter();
    handle.dispatch("increment");
    await handle.flush();
    expect(handle.getSnapshot().pending.count).toBe(1);
  });
});
