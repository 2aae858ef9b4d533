// The hooks that show a part of something, with counted renders.
import { render, screen } from "@testing-library/react";
import { memo, startTransition, Suspense, useLayoutEffect, useState, type ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveHandle } from "../src/handle.js";
import { LiveProvider, useConnection, useLiveComponent, useLivePending, useLiveSelector } from "../src/react.js";
import { client, server, show, step } from "./react-page.js";

/** Of the clock that React's own scheduler reads; the other one stands still in a test. */
const realTime = performance.now.bind(performance);

type Todos = LiveHandle<"TodoComponent">;
const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `t${String(i)}`, text: String(i), completed: false }));

let handle: Todos;
const rendered: string[] = [];
beforeEach(() => {
  server.state = () => ({ todos: rows(3) });
  handle = client.mount("TodoComponent", { list: "home" });
  rendered.length = 0;
});

describe("a selector hook", () => {
  it("renders again only when its part changes", async () => {
    function Count() {
      const count = useLiveSelector(handle, (state) => state.todos.length);
      rendered.push(String(count));
      return count;
    }
    await show(<Suspense><Count /></Suspense>);
    rendered.length = 0;
    await step(() => { server.last.delta("c1", 0, [["=", ["todos", 1, "text"], "B"]]); });
    expect(rendered).toEqual([]);
    await step(() => { server.last.delta("c1", 1, [["+", ["todos"], { id: "t3", text: "3", completed: false }]]); });
    expect(new Set(rendered)).toEqual(new Set(["4"]));
  });

  it("keeps an object or list whose items are the same, also over renders with another function", async () => {
    const seen: unknown[] = [];
    function Ids({ turn }: { turn: number }) {
      const ids = useLiveSelector(handle, (state) => state.todos.map(({ id }) => id));
      useLayoutEffect(() => { seen.push(ids); }, [ids]);
      return `${String(turn)}: ${ids.join()}`;
    }
    const rerender = await show(<Suspense><Ids turn={0} /></Suspense>);
    await rerender(<Suspense><Ids turn={1} /></Suspense>);
    await step(() => { server.last.delta("c1", 0, [["=", ["todos", 1, "text"], "B"]]); });
    expect(new Set(seen)).toEqual(new Set([["t0", "t1", "t2"]]));
    expect(new Set(seen).size).toBe(1);
  });

  it("is asked with what the latest render closed over", async () => {
    function Text({ at }: { at: number }) {
      return <i role="status">{useLiveSelector(handle, (state) => state.todos[at]?.text)}</i>;
    }
    const rerender = await show(<Suspense><Text at={0} /></Suspense>);
    expect(screen.getByRole("status").textContent).toBe("0");
    await rerender(<Suspense><Text at={2} /></Suspense>);
    expect(screen.getByRole("status").textContent).toBe("2");
    await step(() => { server.last.delta("c1", 0, [["=", ["todos", 2, "text"], "C"]]); });
    expect(screen.getByRole("status").textContent).toBe("C");
  });

  it("asks a function that is the same once for each state, and not for what is pending", async () => {
    const lengthOf = vi.fn((state: { todos: unknown[] }) => state.todos.length);
    function Count({ turn }: { turn: number }) {
      return useLiveSelector(handle, lengthOf) + turn;
    }
    const rerender = await show(<Suspense><Count turn={0} /></Suspense>);
    lengthOf.mockClear();
    await rerender(<Suspense><Count turn={1} /></Suspense>);
    await step(() => { handle.dispatch("remove", { id: "t0" }); });
    expect(lengthOf).not.toHaveBeenCalled();
    await step(() => { server.last.delta("c1", 0, [["=", ["todos", 1, "text"], "B"]]); });
    expect(lengthOf).toHaveBeenCalledOnce();
  });

  it("renders when `isEqual` says so", async () => {
    function Parity() {
      const count = useLiveSelector(handle, (state) => state.todos.length, (a, b) => a % 2 === b % 2);
      rendered.push(String(count));
      return count;
    }
    await show(<Suspense><Parity /></Suspense>);
    rendered.length = 0;
    const push = (id: string) => [["+", ["todos"], { id, text: "", completed: false }]] as const;
    await step(() => { server.last.say({ type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [...push("a"), ...push("b")] as never }); });
    expect(rendered).toEqual([]);
    await step(() => { server.last.delta("c1", 1, push("c") as never); });
    expect(new Set(rendered)).toEqual(new Set(["6"]));
  });

  it("does not take two maps for the same", async () => {
    function Lengths() {
      const lengths = useLiveSelector(handle, (state) => state.todos.length).toString();
      const map = useLiveSelector(handle, ({ todos }) => (byLength.get(todos.length) ?? new Map<string, number>()));
      return <i role="status">{`${lengths} ${String(map.get("is") ?? 0)}`}</i>;
    }
    const byLength = new Map([[3, new Map([["is", 3]])], [4, new Map([["is", 4]])]]);
    await show(<Suspense><Lengths /></Suspense>);
    await step(() => { server.last.delta("c1", 0, [["+", ["todos"], { id: "x", text: "", completed: false }]]); });
    expect(screen.getByRole("status").textContent).toBe("4 4");
  });

  it("suspends until there is state", async () => {
    server.state = () => undefined;
    function Count() {
      return useLiveSelector(handle, (state) => state.todos.length);
    }
    await show(<i role="status"><Suspense fallback="waiting"><Count /></Suspense></i>);
    expect(screen.getByRole("status").textContent).toBe("waiting");
    await step(() => { server.last.mounted("c1", { todos: rows(2) }); });
    expect(screen.getByRole("status").textContent).toBe("2");
  });

  it("of a component that is skipped waits until that is mounted", async () => {
    function Count({ of }: { of: Todos }) {
      return useLiveSelector(of, (state) => state.todos.length);
    }
    function Page({ list }: { list: string | null }) {
      const { handle } = useLiveComponent("TodoComponent", list === null ? "skip" : { list });
      return <i role="status"><Suspense fallback="waiting"><Count of={handle} /></Suspense></i>;
    }
    const rerender = await show(<Page list={null} />);
    expect([screen.getByRole("status").textContent, server.sockets.length]).toEqual(["waiting", 0]);
    await rerender(<Page list="home" />);
    expect(screen.getByText("3")).toBeDefined();
  });

  it("shows one moment everywhere, when the state changes while React has put a render aside", async () => {
    const torn: string[] = [];
    const order: string[] = [];
    const push = (): void => {
      order.push("changed");
      server.last.delta("c1", 0, [["+", ["todos"], { id: "x", text: "", completed: false }]]);
    };
    const Part = memo(function Part({ at, turn }: { at: number; turn: number }) {
      const length = useLiveSelector(handle, (state) => state.todos.length);
      if (turn === 1 && !order.includes("changed")) {
        order.push(String(at));
        // So long that React lets others go first: here, what the server says.
        if (at === 1) queueMicrotask(push);
        for (const start = realTime(); at === 1 && realTime() < start + 20;);
      }
      return <b>{length}</b>;
    });
    let go: () => void = () => undefined;
    const texts = () => [...document.querySelectorAll("b")].map(({ textContent }) => textContent);
    function Parts() {
      const [turn, setTurn] = useState(0);
      useLayoutEffect(() => {
        go = () => { startTransition(() => { setTurn(1); }); };
        if (new Set(texts()).size !== 1) torn.push(texts().join());
      });
      return [0, 1, 2].map((at) => <Part key={at} at={at} turn={turn} />);
    }
    render(<LiveProvider client={client}><Suspense><Parts /></Suspense></LiveProvider>);
    await step(() => undefined);
    // As on a page: inside of `act` React lets nobody go first.
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
    go();
    await vi.waitFor(() => { expect(texts()).toEqual(["4", "4", "4"]); });
    vi.unstubAllGlobals();
    expect([order, torn]).toEqual([["0", "1", "changed"], []]);
  });
});

describe("a thousand rows of which one changes", () => {
  const change = () => step(() => { server.last.delta("c1", 0, [["=", ["todos", 500, "text"], "changed"]]); });
  beforeEach(() => {
    server.state = () => ({ todos: rows(1000) });
  });

  it("render one row, when the rows are memoised", async () => {
    const Row = memo(function Row({ todo }: { todo: { id: string; text: string } }) {
      rendered.push(todo.text);
      return <li>{todo.text}</li>;
    });
    function List() {
      return <ul>{useLiveComponent("TodoComponent", { list: "home" }).state?.todos.map((todo) => <Row key={todo.id} todo={todo} />)}</ul>;
    }
    await show(<List />);
    rendered.length = 0;
    await change();
    // StrictMode renders it twice.
    expect(rendered).toEqual(["changed", "changed"]);
  });

  it("render one row, when each selects its own", async () => {
    const Row = memo(function Row({ id }: { id: number }) {
      const text = useLiveSelector(handle, (state) => state.todos[id]?.text);
      rendered.push(text ?? "");
      return <li>{text}</li>;
    });
    const List = (): ReactNode => <ul>{rows(1000).map((_, id) => <Row key={id} id={id} />)}</ul>;
    await show(<Suspense><List /></Suspense>);
    rendered.length = 0;
    await change();
    expect(rendered).toEqual(["changed", "changed"]);
    expect(document.querySelectorAll("li")[500]?.textContent).toBe("changed");
  });
});

describe("a pending hook", () => {
  it("counts the calls of its action, and renders for nothing else", async () => {
    function Pending() {
      const count = useLivePending(handle, "toggle");
      rendered.push(String(count));
      return count;
    }
    await show(<Pending />);
    rendered.length = 0;
    await step(() => { handle.dispatch("remove", { id: "t0" }); });
    await step(() => { server.last.delta("c1", 0, [["=", ["todos", 0, "text"], "x"]]); });
    expect(rendered).toEqual([]);
    await step(() => { handle.dispatch("toggle", { id: "t1" }); });
    await step(() => { server.last.reply(2, "c1", 1); });
    expect([...new Set(rendered)]).toEqual(["1", "0"]);
  });
});

describe("useConnection with a part", () => {
  it("renders only when that changes", async () => {
    function Status() {
      const status = useConnection((info) => info.status);
      rendered.push(status);
      return status;
    }
    await show(<Status />);
    rendered.length = 0;
    await step(() => { handle.subscribe(() => undefined); });
    expect([...new Set(rendered)]).toEqual(["connecting", "connected"]);
    rendered.length = 0;
    await step(() => { server.last.drop(); });
    expect([...new Set(rendered)]).toEqual(["reconnecting"]);
    // The next try in vain changes `attempt` and `nextRetryAt` alone.
    server.opens = false;
    rendered.length = 0;
    await step(() => { client.retryNow(); server.last.drop(); });
    expect(rendered).toEqual([]);
  });
});
