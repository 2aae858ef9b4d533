// When a set is sent, what of it, and what a page shows meanwhile.
import { describe, expect, it } from "vitest";
import type { Reply } from "../src/protocol.js";
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

describe("a set that is made again", () => {
  it("twice does not overtake what was typed after it", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    handle.set("title", "hello");
    await settle();
    page.server.last.delta("c1", 0, [["=", ["title"], "hello"]]);
    page.server.last.reply(1, "c1", 1);
    page.server.state = () => undefined;
    const forget = async (epoch: string) => {
      page.server.last.drop();
      await pass(5000);
      page.server.last.mounted("c1", { count: 0, title: "" }, 0, epoch);
      await settle();
    };
    // The mount in the next session has not heard of it, so it is set again.
    await forget("e2");
    expect(page.requests).toEqual([{ title: "hello" }]);
    handle.set("title", "hello!");
    await settle();
    expect(page.requests).toEqual([{ title: "hello" }]);
    // That session is forgotten before it has answered.
    await forget("e3");
    expect(page.requests).toEqual([{ title: "hello" }]);
    page.server.last.reply(1);
    await settle();
    expect(page.requests).toEqual([{ title: "hello" }, { title: "hello!" }]);
    expect(handle.getSnapshot().state?.title).toBe("hello!");
  });

  it("because it was answered `gone` together with the new mount is made in that one", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    handle.set("title", "typed");
    await settle();
    page.server.state = () => undefined;
    page.server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    await settle();
    page.server.last.say(
      { type: "ERROR", code: "gone", payload: { error: "gone" }, componentId: "c1", requestId: 1 },
      { type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e2", version: 0, state: { count: 0, title: "" } },
    );
    await settle();
    expect(handle.getSnapshot()).toMatchObject({ state: { title: "typed" }, error: null });
    expect(page.requests).toEqual([{ title: "typed" }, { title: "typed" }]);
  });

  it("because it was lost with its history is not made after a newer one of its field", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    handle.set("title", "old");
    handle.dispatch("increment");
    handle.set("title", "new");
    handle.dispatch("increment");
    await settle();
    expect(page.requests).toEqual([{ title: "old" }, "increment", { title: "new" }, "increment"]);
    // The first two have run, the others never arrived; the component was ended meanwhile.
    const reply = (requestId: number): Reply => ({ type: "REPLY", requestId, componentId: "c1", payload: { result: null }, at: { c1: requestId } });
    page.server.greeting = { resumed: true, executed: 2, replies: [reply(1), reply(2)] };
    page.server.state = () => undefined;
    page.server.last.drop();
    await pass(5000);
    page.server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "gone" });
    await settle();
    expect(page.requests).toEqual([{ title: "new" }, "increment"]);
    page.server.last.mounted("c1", { count: 0, title: "" }, 0, "e2");
    await settle();
    expect(page.requests.filter((request) => typeof request === "object").at(-1)).toEqual({ title: "new" });
    expect(handle.getSnapshot().state?.title).toBe("new");
  });
});

describe("a throttle", () => {
  const send = throttle(250);

  async function typed() {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    handle.set("title", "1", { send });
    await pass(50);
    handle.set("title", "2", { send });
    return handle;
  }

  it("a throttled set after a call is sent when its time has come", async () => {
    const handle = await typed();
    handle.dispatch("reset");
    await settle();
    handle.set("title", "3", { send });
    await pass(5000);
    expect(page.requests).toEqual([{ title: "1" }, { title: "2" }, "reset", { title: "3" }]);
  });

  it("a throttled set after a flush, as a blur makes one, is sent when its time has come", async () => {
    const handle = await typed();
    void handle.flush();
    await settle();
    handle.set("title", "3", { send });
    await pass(5000);
    expect(page.requests).toEqual([{ title: "1" }, { title: "2" }, { title: "3" }]);
  });

  it("a throttled volatile set is sent after a cut that took an earlier one", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    const slow = { send: throttle(3000), volatile: true };
    handle.set("title", "1", slow);
    await pass(50);
    handle.set("title", "2", slow);
    page.server.last.drop();
    await pass(1500);
    expect(handle.getSnapshot().status).toBe("live");
    handle.set("title", "3", slow);
    await pass(5000);
    expect(page.requests).toEqual([{ title: "3" }]);
  });
});

describe("what is kept back", () => {
  it("a set that waits for blur is not sent when one of those who watch leaves", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    const leave = handle.subscribe(() => undefined);
    handle.set("title", "typ", { send: "blur" });
    leave();
    await pass(5000);
    expect(page.requests).toEqual([]);
  });

  it("a set that waits for blur is sent when nobody watches its component any more, and does not hold it for ever", async () => {
    const handle = page.client.mount("CounterComponent", { count: 0, title: "" });
    const stop = handle.subscribe(() => undefined);
    await settle();
    handle.set("title", "typed", { send: "blur" });
    stop();
    await pass(5000);
    expect(page.requests).toEqual([{ title: "typed" }]);
    page.server.last.reply(1);
    await pass(5000);
    expect([page.client.connection.get().unsynced, page.client.connection.get().status]).toEqual([0, "idle"]);
  });

  it("what was flushed without a connection is sent, whatever is set later", async () => {
    const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
    page.server.last.drop();
    handle.set("title", "a", { send: "blur" });
    let flushed = false;
    void handle.flush().then(() => { flushed = true; });
    handle.set("title", "ab", { send: "blur" });
    await pass(5000);
    page.server.last.reply(1);
    await pass(5000);
    expect([page.requests, flushed]).toEqual([[{ title: "a" }], true]);
  });
});

it("a volatile set that the server refuses is an error like any other", async () => {
  const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
  handle.set("title", "a", { volatile: true });
  await settle();
  page.refuse(1, "forbidden");
  await settle();
  expect(handle.getSnapshot().error?.code).toBe("forbidden");
});
