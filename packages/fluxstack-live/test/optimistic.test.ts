// What calls show before they are answered.
import { describe, expect, it } from "vitest";
import type { Optimistic } from "../src/handle.js";
import { pass, settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();
const optimistic: Optimistic<"TodoComponent"> = {
  addTodo: (state, { text }) => ({ ...state, todos: [...state.todos, { id: `new:${text}`, text, completed: false }] }),
  toggle: (state, { id }) => ({ ...state, todos: state.todos.map((todo) => (todo.id === id ? { ...todo, completed: !todo.completed } : todo)) }),
};
const milk = { id: "1", text: "milk", completed: false };

async function todos(options: { optimistic?: Optimistic<"TodoComponent"> } = { optimistic }) {
  page.server.state = () => ({ todos: [milk] });
  const handle = await page.mounted("TodoComponent", { list: "home" }, options);
  const shown: string[] = [];
  const look = () => (handle.getSnapshot().state?.todos ?? []).map(({ id, completed }) => id + (completed ? "+" : "")).join(" ");
  handle.subscribe(() => { shown.push(look()); });
  return { handle, shown, look };
}

describe("an optimistic call", () => {
  it("shows its effect at once, and the server's own in the same step as its reply", async () => {
    const { handle, shown } = await todos();
    handle.dispatch("addTodo", { text: "tea" });
    await settle();
    page.server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["+", ["todos"], { id: "2", text: "tea", completed: false }]] },
      { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 1 } },
    );
    await settle();
    expect(shown).toEqual(["1 new:tea", "1 2"]);
  });

  it("is replayed on every newer state", async () => {
    const { handle, shown } = await todos();
    handle.dispatch("addTodo", { text: "tea" });
    await settle();
    page.server.last.delta("c1", 0, [["i", ["todos"], 0, { id: "0", text: "bread", completed: false }]]);
    expect(shown).toEqual(["1 new:tea", "0 1 new:tea"]);
  });

  it("stays until the state that its reply tells of is held", async () => {
    const { handle, shown } = await todos();
    handle.dispatch("addTodo", { text: "tea" });
    await settle();
    page.server.last.reply(1, "c1", 1);
    page.server.last.delta("c1", 0, [["+", ["todos"], { id: "2", text: "tea", completed: false }]]);
    expect(shown).toEqual(["1 new:tea", "1 2"]);
  });

  it("that is refused is no longer shown, in the same step as its error", async () => {
    const { handle, shown } = await todos();
    handle.subscribe(() => shown.push(handle.getSnapshot().error?.code ?? "no error"));
    handle.dispatch("toggle", { id: "1" });
    await settle();
    page.refuse(1, "forbidden");
    await settle();
    expect(shown).toEqual(["1+", "no error", "1", "forbidden"]);
  });

  it("is shown in the order made, with sets and other calls", async () => {
    const { handle, look } = await todos();
    handle.dispatch("addTodo", { text: "tea" });
    handle.dispatch("toggle", { id: "new:tea" });
    expect(look()).toBe("1 new:tea+");
  });

  it("is shown without a connection, and when another session has mounted the component", async () => {
    const { handle, look } = await todos();
    page.server.last.drop();
    handle.dispatch("addTodo", { text: "tea" });
    expect(look()).toBe("1 new:tea");
    await pass(5000);
    expect([handle.getSnapshot().status, look()]).toEqual(["live", "1 new:tea"]);
  });

  it("shows nothing before there is a state", () => {
    const handle = page.client.mount("TodoComponent", { list: "home" }, { optimistic });
    handle.dispatch("addTodo", { text: "tea" });
    expect([handle.getSnapshot().state, handle.getSnapshot().pending.count]).toEqual([undefined, 1]);
  });

  it("keeps the references of what it does not touch", async () => {
    const { handle } = await todos();
    const before = handle.getSnapshot().state?.todos[0];
    handle.dispatch("addTodo", { text: "tea" });
    expect(handle.getSnapshot().state?.todos[0]).toBe(before);
  });

  it("is what the function given at its time does with what was sent, whatever happens to either later", async () => {
    const { handle, look } = await todos();
    const payload = { text: "tea" };
    handle.dispatch("addTodo", payload);
    payload.text = "coffee";
    page.client.mount("TodoComponent", { list: "home" }, { optimistic: { addTodo: (state) => ({ ...state, todos: [] }) } });
    await settle();
    page.server.last.delta("c1", 0, [["=", ["todos", 0, "completed"], true]]);
    expect(look()).toBe("1+ new:tea");
  });

  it("whose function throws shows nothing, which is reported, and the call is made", async () => {
    const { handle, look } = await todos({ optimistic: { toggle: () => { throw new Error("boom"); } } });
    handle.dispatch("toggle", { id: "1" });
    await settle();
    expect([look(), page.requests]).toEqual(["1", ["toggle"]]);
    expect(page.reported.map(({ message }) => message)).toContain("boom");
  });
});

describe("pending", () => {
  it("tells one call of an action from another by its key", async () => {
    const { handle } = await todos();
    handle.dispatch("toggle", { id: "1" }, { key: "1" });
    handle.dispatch("toggle", { id: "2" }, { key: "2" });
    const { pending } = handle.getSnapshot();
    expect([pending.count, pending.of("toggle"), pending.of("toggle", "1"), pending.of("toggle", "3"), pending.of("addTodo")]).toEqual([2, 2, 1, 0, 0]);
    await settle();
    page.server.last.reply(1);
    expect([handle.getSnapshot().pending.of("toggle", "1"), handle.getSnapshot().pending.of("toggle", "2")]).toEqual([0, 1]);
  });
});

it("an action named as something that every object has shows nothing", async () => {
  const handle = await page.mounted("CounterComponent", { count: 0, title: "" });
  handle.dispatch("toString" as never);
  expect(handle.getSnapshot().state).toEqual({ count: 0, title: "" });
});
