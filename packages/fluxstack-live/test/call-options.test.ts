// What a call may ask for: an end of its wait, and no waiting for a connection.
import { describe, expect, it } from "vitest";
import { pass, settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage({ callTimeoutMs: 10_000 });
const counter = () => page.mounted("CounterComponent", { count: 0, title: "" });
const failure = (call: Promise<unknown>) => call.then(() => "resolved", (error: unknown) => error);

describe("a signal", () => {
  it("ends the wait, and not the action", async () => {
    const handle = await counter();
    const controller = new AbortController();
    const waited = failure(handle.call("increment", 1, { signal: controller.signal }));
    await settle();
    controller.abort();
    expect(await waited).toMatchObject({ code: "aborted", component: "CounterComponent", action: "increment", maybeApplied: false });
    expect([page.requests, handle.getSnapshot().pending.count, handle.getSnapshot().error]).toEqual([["increment"], 1, null]);
    page.server.last.reply(1);
    expect(handle.getSnapshot().pending.count).toBe(0);
  });

  it("that was aborted before sends nothing", async () => {
    const handle = await counter();
    expect(await failure(handle.call("increment", 1, { signal: AbortSignal.abort() }))).toMatchObject({ code: "aborted" });
    await settle();
    expect([page.requests, handle.getSnapshot().pending.count]).toEqual([[], 0]);
  });

  it("keeps no listener of a call that was answered", async () => {
    const handle = await counter();
    const { signal } = new AbortController();
    let listening = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...given: Parameters<typeof add>) => { listening += 1; add(...given); };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => { listening -= 1; remove(...given); };
    const done = handle.call("increment", 1, { signal });
    await settle();
    expect(listening).toBe(1);
    page.server.last.reply(1);
    await done;
    expect(listening).toBe(0);
  });
});

describe("a call that waits too long", () => {
  it("was not sent: it is taken back", async () => {
    const handle = await counter();
    page.server.last.drop();
    page.server.opens = false;
    const waited = failure(handle.call("increment", 1, { timeoutMs: 2000 }));
    await pass(2000);
    expect(await waited).toMatchObject({ code: "disconnected", retryable: true, maybeApplied: false });
    expect([handle.getSnapshot().pending.count, handle.getSnapshot().error?.code]).toEqual([0, "disconnected"]);
  });

  it("was sent: it may have run, and is pending until it is answered", async () => {
    const handle = await counter();
    const waited = failure(handle.call("increment"));
    await pass(10_000);
    expect(await waited).toMatchObject({ code: "unknown_outcome", maybeApplied: true, action: "increment" });
    expect([handle.getSnapshot().pending.count, handle.getSnapshot().error?.code]).toEqual([1, "unknown_outcome"]);
  });

  it("is not what a set does: it waits as long as it takes", async () => {
    const handle = await counter();
    handle.set("title", "a");
    await pass(15_000);
    expect([handle.getSnapshot().state?.title, handle.getSnapshot().error]).toEqual(["a", null]);
  });
});

describe("a call that is to fail offline", () => {
  it("fails at once without a connection, and nothing is sent later", async () => {
    const handle = await counter();
    page.server.last.drop();
    expect(await failure(handle.call("increment", 1, { offline: "fail" }))).toMatchObject({ code: "disconnected" });
    await pass(5000);
    expect(page.requests).toEqual([]);
  });

  it("is sent where there is one, and by the first one", async () => {
    page.client.mount("CounterComponent", { count: 0, title: "" }).dispatch("increment", 1, { offline: "fail" });
    await settle();
    expect(page.requests).toEqual(["increment"]);
  });
});

it("a call waits for ever with `timeoutMs: Infinity`", async () => {
  const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
  let ended: unknown = "waits";
  void handle.call("increment", 1, { timeoutMs: Infinity }).catch((error: unknown) => { ended = error; });
  await pass(5000);
  expect(ended).toBe("waits");
});

it("a signal that was aborted before shows no more of an error than one that is aborted later", async () => {
  const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
  await handle.callSafe("increment", 1, { signal: AbortSignal.abort() });
  expect(handle.getSnapshot().error).toBe(null);
});

it("a call that fails offline was never shown", async () => {
  const handle = page.client.mount("CounterComponent", { count: 0, title: "" }, { optimistic: { increment: (state) => ({ ...state, count: state.count + 1 }) } });
  handle.subscribe(() => undefined);
  await settle();
  page.server.last.drop();
  const shown: unknown[] = [];
  handle.subscribe(() => { shown.push(handle.getSnapshot().state?.count); });
  await handle.callSafe("increment", 1, { offline: "fail" });
  expect(shown).toEqual([0]);
});
