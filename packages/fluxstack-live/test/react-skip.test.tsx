// A hook that is told to skip, and functions that are given anew with each render.
import { screen } from "@testing-library/react";
import { Suspense, useEffect, type ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useLiveComponent, useLiveSelector, type Live } from "../src/react.js";
import type { Todo } from "./live.gen.js";
import { client, reported, server, show, step, wait } from "./react-page.js";

describe("a hook that is given \"skip\"", () => {
  let live: Live<"CounterComponent", { count: number; title: string } | undefined>;
  function Counter({ title }: { title: string | null }) {
    const own = useLiveComponent("CounterComponent", title === null ? "skip" : { count: 0, title });
    useEffect(() => { live = own; });
    return <p role="status">{`${own.state?.title ?? "nothing"} ${own.status}${own.loading ? " loading" : ""}`}</p>;
  }
  const text = () => screen.getByRole("status").textContent;

  it("mounts nothing, and is not loading", async () => {
    await show(<Counter title={null} />);
    await wait(5000);
    expect([text(), server.sockets.length, vi.getTimerCount()]).toEqual(["nothing mounting", 0, 0]);
  });

  it("shows `initial`", async () => {
    function Known() {
      return useLiveComponent("CounterComponent", "skip", { initial: { count: 7, title: "" } }).state.count;
    }
    await show(<p role="status"><Known /></p>);
    expect([text(), server.sockets.length]).toEqual(["7", 0]);
  });

  it("fails calls with `unmounted`, and lets nothing be unhandled", async () => {
    await show(<Counter title={null} />);
    const error = { code: "unmounted", component: "CounterComponent", message: expect.stringMatching(/^`CounterComponent` is skipped/) as string };
    await expect(live.call("increment")).rejects.toMatchObject(error);
    expect(await live.callSafe("increment")).toMatchObject({ ok: false, error });
    expect(reported).toEqual([]);
    live.dispatch("increment");
    live.set("title", "x");
    await wait(10);
    expect(reported).toMatchObject([{ code: "unmounted", action: "increment" }, { code: "unmounted", property: "title" }]);
    await live.handle.flush();
    expect(server.sockets).toHaveLength(0);
  });

  it("mounts once it is given props, and lets go when it is told to skip again", async () => {
    const rerender = await show(<Counter title={null} />);
    await rerender(<Counter title="a" />);
    expect(text()).toBe("a live");
    await rerender(<Counter title={null} />);
    expect(text()).toBe("nothing mounting");
    await wait(1000);
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT", "COMPONENT_UNMOUNT"]);
  });
});

describe("props that are another object with equal fields", () => {
  it("are the same mount", async () => {
    function Counter({ turn }: { turn: number }) {
      const props = turn === 0 ? { count: 0, title: "a" } : { title: "a", count: 0 };
      return useLiveComponent("CounterComponent", props).handle.id;
    }
    const rerender = await show(<Counter turn={0} />);
    await rerender(<Counter turn={1} />);
    await wait(2000);
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT"]);
  });
});

describe("optimistic functions", () => {
  function Counter({ by }: { by: number }) {
    const { state, call } = useLiveComponent("CounterComponent", { count: 0, title: "" }, {
      optimistic: { increment: (state) => ({ ...state, count: state.count + by }) },
    });
    return <button onClick={() => call("increment")}>{state.count}</button>;
  }
  const button = () => screen.getByRole("button");

  it("may be made in the render: those of the latest count, for the calls made from then on", async () => {
    const rerender = await show(<Counter by={1} />);
    await step(() => { button().click(); });
    expect(button().textContent).toBe("1");
    await rerender(<Counter by={10} />);
    await step(() => { button().click(); });
    expect(button().textContent).toBe("11");
    await step(() => { server.last.reply(1); server.last.reply(2); });
    expect(button().textContent).toBe("0");
  });

  it("are of a render that is shown, not of one that was given up", async () => {
    await show(<Counter by={1} />);
    function Broken(): ReactNode {
      useLiveComponent("CounterComponent", { count: 0, title: "" }, { optimistic: { increment: (state) => ({ ...state, count: 1000 }) } });
      throw new Error("broken");
    }
    await expect(show(<Broken />)).rejects.toThrow("broken");
    await step(() => { button().click(); });
    expect(button().textContent).toBe("1");
  });

  it("of a row with an id that the page made keep its element when the server's row takes its place", async () => {
    server.state = () => ({ todos: [] });
    function Todos() {
      const { state, call } = useLiveComponent("TodoComponent", { list: "home" }, {
        initial: { todos: [] },
        optimistic: { addTodo: (state, { text }) => ({ ...state, todos: [...state.todos, { id: text, text, completed: false }] }) },
      });
      const rows = state.todos.map((todo) => <li key={todo.id}>{todo.completed ? "done" : "open"}</li>);
      return <ul onClick={() => call("addTodo", { text: "t1" })}>{rows}</ul>;
    }
    await show(<Todos />);
    await step(() => { screen.getByRole("list").click(); });
    const row = screen.getByText("open");
    await step(() => {
      server.last.delta("c1", 0, [["+", ["todos"], { id: "t1", text: "t1", completed: true }]]);
      server.last.reply(1, "c1", 1, { id: "t1", text: "t1", completed: true });
    });
    expect(screen.getByText("done")).toBe(row);
    expect(screen.getAllByRole("listitem")).toHaveLength(1);
  });
});

describe("a component", () => {
  it("is one mount for a hook and for whoever has its handle", async () => {
    client.mount("CounterComponent", { title: "", count: 0 }).subscribe(() => undefined);
    function Counter() {
      return useLiveComponent("CounterComponent", { count: 0, title: "" }).state.count;
    }
    await show(<Counter />);
    expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(1);
  });
});

describe("a skipped component", () => {
  const todo = (id: string): Todo => ({ id, text: id, completed: false });
  beforeEach(() => {
    server.state = () => ({ todos: [] });
  });

  it("shows the `initial` of its own hook, and not another's", async () => {
    function Row({ id }: { id: string }) {
      const { state } = useLiveComponent("TodoComponent", "skip", { initial: { todos: [todo(id)] } });
      return <li>{state.todos[0]?.id}</li>;
    }
    await show(<><Row id="a" /><Row id="b" /></>);
    expect(screen.getAllByRole("listitem").map((it) => it.textContent)).toEqual(["a", "b"]);
  });

  it("has no state where its hook gives no `initial`, whatever another's does", async () => {
    function Full() {
      return <p>{useLiveComponent("TodoComponent", "skip", { initial: { todos: [todo("a")] } }).state.todos.length}</p>;
    }
    function Empty() {
      return <output>{useLiveComponent("TodoComponent", "skip").state === undefined ? "none" : "some"}</output>;
    }
    await show(<><Full /><Empty /></>);
    expect(screen.getByRole("status").textContent).toBe("none");
  });

  it("has no error of what was asked of another one", async () => {
    let asked: Live<"TodoComponent", unknown> | undefined;
    function One() {
      asked = useLiveComponent("TodoComponent", "skip");
      return null;
    }
    function Other() {
      return <output>{String(useLiveComponent("TodoComponent", "skip").error?.code)}</output>;
    }
    await show(<><One /><Other /></>);
    await step(() => { asked?.dispatch("toggle", { id: "a" }); });
    expect([asked?.error?.code, screen.getByRole("status").textContent]).toEqual(["unmounted", "undefined"]);
  });

  it("does not have a selector wait for ever", async () => {
    function Part() {
      const { handle } = useLiveComponent("TodoComponent", "skip", { initial: { todos: [todo("a")] } });
      return <Suspense fallback={<p>waiting</p>}><Count handle={handle} /></Suspense>;
    }
    function Count({ handle }: { handle: Live<"TodoComponent">["handle"] }) {
      return <output>{useLiveSelector(handle, (state) => state.todos.length)}</output>;
    }
    await show(<Part />);
    expect(screen.getByRole("status").textContent).toBe("1");
  });
});
