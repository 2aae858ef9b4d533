// The hooks, most of them under StrictMode.
import { act, render, screen } from "@testing-library/react";
import { Activity, memo, Profiler, StrictMode, useEffect, useState, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LiveProvider, useConnection, useLiveClient, useLiveComponent, useLiveEvent, type Live } from "../src/react.js";
import { getLiveClient, type LiveClient } from "../src/client.js";
import { pass, settle } from "./fake-server.js";
import { client, reported, server, step } from "./react-page.js";

const props = { count: 0, title: "Live Counter" };

function show(children: ReactNode) {
  return render(<StrictMode><LiveProvider client={client}>{children}</LiveProvider></StrictMode>);
}
const idle = (): Promise<void> => step(() => undefined);

function Counter({ id = "", title = props.title }: { id?: string; title?: string }) {
  const { state, call, loading, status } = useLiveComponent("CounterComponent", { count: 0, title }, { key: id });
  return <button onClick={() => call("increment")}>{`${id}${state.title} ${String(state.count)} ${status}${loading ? " loading" : ""}`}</button>;
}
const text = () => screen.getByRole("button").textContent;

describe("ten mounted components under StrictMode", () => {
  it("are one socket, ten mounts and no unmount", async () => {
    show(Array.from({ length: 10 }, (_, i) => <Counter key={i} id={String(i)} />));
    await idle();
    await act(() => pass(5000));
    expect(server.sockets).toHaveLength(1);
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", ...Array<string>(10).fill("COMPONENT_MOUNT")]);
    expect(server.last.frames).toHaveLength(2);
  });
});

describe("hooks with equal name, props and key", () => {
  it("share one mount", async () => {
    show(<><Counter /><Counter /></>);
    await idle();
    expect(server.last.sentOf("COMPONENT_MOUNT")).toHaveLength(1);
    await step(() => { server.last.delta("c1", 0, [["=", ["count"], 3]]); });
    expect(screen.getAllByText("Live Counter 3 live")).toHaveLength(2);
  });
});

describe("hooks of which one was hidden for long", () => {
  it("share one mount again", async () => {
    const page = (mode: "hidden" | "visible", other: boolean) => (
      <LiveProvider client={client}><Activity mode={mode}><Counter /></Activity>{other && <Counter key="other" />}</LiveProvider>
    );
    const { rerender } = render(page("visible", false));
    await idle();
    rerender(page("hidden", false));
    await act(() => pass(5000));
    rerender(page("hidden", true));
    await idle();
    rerender(page("visible", true));
    await idle();
    await step(() => { server.last.delta("c1", 0, [["=", ["count"], 7]]); });
    expect(screen.getAllByText("Live Counter 7 live")).toHaveLength(2);
    expect(server.sockets.flatMap((socket) => socket.sentOf("COMPONENT_MOUNT")).map(({ componentId }) => componentId)).toEqual(["c1", "c1"]);
  });
});

describe("a hook with `initial`", () => {
  it("has state from its first render, also if another mounted the same component without", async () => {
    function Todos() {
      return <i>{useLiveComponent("TodoComponent", { list: "home" }).state?.todos.length ?? "none"}</i>;
    }
    function Known() {
      return <button>{useLiveComponent("TodoComponent", { list: "home" }, { initial: { todos: [] } }).state.todos.length}</button>;
    }
    server.state = () => ({ todos: [{ id: "a", text: "a", completed: false }] });
    show(<><Todos /><Known /></>);
    expect([text(), screen.getByText("none").tagName]).toEqual(["0", "I"]);
    await idle();
    expect(text()).toBe("1");
  });
});

describe("a component", () => {
  it("shows its props first, then the server's state", async () => {
    server.state = () => ({ ...props, count: 42 });
    show(<Counter />);
    expect(text()).toBe("Live Counter 0 mounting loading");
    await idle();
    expect(text()).toBe("Live Counter 42 live");
  });

  it("is loading during a call, and shows its result with the reply", async () => {
    show(<Counter />);
    await idle();
    await step(() => { screen.getByRole("button").click(); });
    expect(text()).toBe("Live Counter 0 live loading");
    await step(() => {
      server.last.say(
        { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["count"], 1]] },
        { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 1 } },
      );
    });
    expect(text()).toBe("Live Counter 1 live");
  });

  it("does not report the ignored success, and does report the ignored failure, of `onClick={() => call(…)}`", async () => {
    show(<Counter />);
    await idle();
    await step(() => { screen.getByRole("button").click(); });
    await step(() => { server.last.say({ type: "ERROR", code: "busy", payload: { error: "busy" }, componentId: "c1", requestId: 1 }); });
    await act(() => pass(10));
    expect(reported).toMatchObject([{ code: "busy" }]);
  });

  it("renders once for a batch", async () => {
    const rendered = vi.fn();
    function Counted() {
      return <Profiler id="counted" onRender={rendered}>{useLiveComponent("CounterComponent", props).state.count}</Profiler>;
    }
    render(<LiveProvider client={client}><Counted /></LiveProvider>);
    await idle();
    rendered.mockClear();
    await step(() => {
      server.last.say(
        { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["count"], 1]] },
        { type: "STATE_DELTA", componentId: "c1", from: 1, version: 2, ops: [["=", ["count"], 2]] },
      );
    });
    expect(rendered).toHaveBeenCalledOnce();
  });

  it("renders only the rows that changed, when they are memoised", async () => {
    server.state = () => ({ todos: [{ id: "a", text: "a", completed: false }, { id: "b", text: "b", completed: false }] });
    const rendered: string[] = [];
    const Row = memo(function Row({ todo }: { todo: { id: string; text: string } }) {
      rendered.push(todo.id);
      return <li>{todo.text}</li>;
    });
    function List() {
      const { state } = useLiveComponent("TodoComponent", { list: "home" });
      return <ul>{state?.todos.map((todo) => <Row key={todo.id} todo={todo} />)}</ul>;
    }
    render(<LiveProvider client={client}><List /></LiveProvider>);
    await idle();
    rendered.length = 0;
    await step(() => { server.last.delta("c1", 0, [["=", ["todos", 1, "text"], "B"]]); });
    expect(rendered).toEqual(["b"]);
  });

  it("keeps its functions and its handle over renders", async () => {
    const seen: Live<"CounterComponent">[] = [];
    function Seen() {
      const live = useLiveComponent("CounterComponent", { ...props });
      useEffect(() => { seen.push(live); });
      return null;
    }
    show(<Seen />);
    await idle();
    await step(() => { server.last.delta("c1", 0, [["=", ["count"], 1]]); });
    const [first, last] = [seen[0], seen.at(-1)];
    expect(last?.state.count).toBe(1);
    expect([last?.call === first?.call, last?.set === first?.set, last?.handle === first?.handle]).toEqual([true, true, true]);
  });

  it("with other props is another mount, and the old one goes after a second", async () => {
    const page = show(<Counter title="a" />);
    await idle();
    page.rerender(<StrictMode><LiveProvider client={client}><Counter title="b" /></LiveProvider></StrictMode>);
    await idle();
    expect(text()).toBe("b 0 live");
    await act(() => pass(1000));
    expect(server.last.sent.map((message) => ("componentId" in message ? `${message.type} ${message.componentId}` : message.type))).toEqual([
      "HELLO", "COMPONENT_MOUNT c1", "COMPONENT_MOUNT c2", "COMPONENT_UNMOUNT c1",
    ]);
  });

  it("hidden by an <Activity> for long is unmounted, and shows its old state first when it comes back", async () => {
    const page = (mode: "hidden" | "visible") => <LiveProvider client={client}><Activity mode={mode}><Counter /></Activity></LiveProvider>;
    const { rerender } = render(page("visible"));
    await idle();
    await step(() => { server.last.delta("c1", 0, [["=", ["count"], 5]]); });
    rerender(page("hidden"));
    await act(() => pass(1000));
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toHaveLength(1);
    rerender(page("visible"));
    expect(text()).toBe("Live Counter 5 stale");
    await idle();
    expect(text()).toBe("Live Counter 0 live");
  });

  it("that is gone is unmounted after a second, with no socket, timer or listener left", async () => {
    const page = show(<Counter />);
    await idle();
    page.unmount();
    await pass(999);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toEqual([]);
    await pass(1);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toHaveLength(1);
    expect([server.last.closedWith, vi.getTimerCount(), server.listening]).toEqual([4000, 0, 0]);
  });

  it("keeps its old state on screen while the link is lost", async () => {
    show(<Counter />);
    await idle();
    await step(() => { server.last.delta("c1", 0, [["=", ["count"], 5]]); });
    await step(() => { server.last.drop(); });
    expect(text()).toBe("Live Counter 5 stale");
  });

  it("shows typed text in the same event, whatever echo is under way", async () => {
    function Field() {
      const { state, set } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
      return <input value={state.name} onChange={(event) => { set("name", event.target.value); }} />;
    }
    show(<Field />);
    await idle();
    const input = screen.getByRole<HTMLInputElement>("textbox");
    const type = (value: string): void => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    await step(() => { type("h"); });
    await step(() => { type("he"); });
    await step(() => {
      server.last.say(
        { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["name"], "h"]] },
        { type: "REPLY", requestId: 1, componentId: "c1", payload: { result: null }, at: { c1: 1 } },
      );
    });
    expect(input.value).toBe("he");
  });

  it("renders on a server, where nothing is connected and nothing is shared", () => {
    vi.stubGlobal("window", undefined);
    const html = renderToString(<LiveProvider client={client}><Counter /></LiveProvider>);
    const [one, two] = [client.mount("CounterComponent", props), client.mount("CounterComponent", props)];
    vi.unstubAllGlobals();
    expect(html).toBe("<button>Live Counter 0 mounting loading</button>");
    expect(one).not.toBe(two);
    expect(server.sockets).toHaveLength(0);
  });
});

describe("useLiveClient", () => {
  it("is the page's client without a provider", () => {
    let used: LiveClient | undefined;
    function Use() {
      const own = useLiveClient();
      useEffect(() => { used = own; }, [own]);
      return null;
    }
    render(<Use />);
    expect(used).toBe(getLiveClient());
  });
});

describe("useConnection", () => {
  function Banner() {
    const { status, nextRetryAt, retryNow } = useConnection();
    return <p role="status" onClick={retryNow}>{`${status} ${nextRetryAt === null ? "" : "later"}`}</p>;
  }
  const banner = () => screen.getByRole("status").textContent;

  it("shows the connection and retries, but connects nothing itself", async () => {
    const page = show(<Banner />);
    await idle();
    expect([banner(), server.sockets.length]).toEqual(["idle ", 0]);
    page.rerender(<StrictMode><LiveProvider client={client}><Banner /><Counter /></LiveProvider></StrictMode>);
    expect(banner()).toBe("connecting ");
    await idle();
    expect(banner()).toBe("connected ");
    await step(() => { server.last.drop(); });
    expect(banner()).toBe("reconnecting later");
    await step(() => { screen.getByRole("status").click(); });
    expect([banner(), server.sockets.length]).toEqual(["connected ", 2]);
  });
});

describe("useConnection in a page that was rendered on a server", () => {
  it("is idle there and while it is hydrated, and then what it is", async () => {
    function Status() {
      return <i>{useConnection().status}</i>;
    }
    const home = document.createElement("div");
    home.innerHTML = renderToString(<LiveProvider client={server.client()}><Status /></LiveProvider>);
    client.mount("CounterComponent", props).subscribe(() => undefined);
    await settle();
    const mismatches: unknown[] = [];
    await step(() => {
      hydrateRoot(home, <LiveProvider client={client}><Status /></LiveProvider>, { onRecoverableError: (error) => mismatches.push(error) });
    });
    expect([mismatches, home.textContent]).toEqual([[], "connected"]);
  });
});

describe("useLiveEvent", () => {
  const tell = (content: string, version: number) => {
    const message = { id: content, content, userId: "u1", timestamp: 1 };
    server.last.say(
      { type: "STATE_DELTA", componentId: "c1", from: version - 1, version, ops: [["+", ["messages"], message]] },
      { type: "EVENT", componentId: "c1", event: "MESSAGE_RECEIVED", payload: { message }, version },
    );
  };
  const heard: string[] = [];
  function Ear({ name }: { name: string }) {
    const { state, handle } = useLiveComponent("ChatComponent", { room: "lobby" });
    const messages = state?.messages.length ?? 0;
    useLiveEvent(handle, "MESSAGE_RECEIVED", ({ message }) => {
      heard.push(`${name} ${message.content}, ${String(messages)} in the closure, ${screen.getByTestId(name).textContent} on screen`);
    });
    return <i data-testid={name}>{messages}</i>;
  }
  beforeEach(() => {
    heard.length = 0;
    server.state = () => ({ messages: [], users: {} });
  });

  it("hears each event once, under StrictMode too", async () => {
    show(<Ear name="a" />);
    await idle();
    await step(() => { tell("hi", 1); });
    await step(() => { tell("ho", 2); });
    expect(heard.map((line) => line.slice(0, 4))).toEqual(["a hi", "a ho"]);
  });

  it("hears in each component that listens", async () => {
    show(<><Ear name="a" /><Ear name="b" /></>);
    await idle();
    await step(() => { tell("hi", 1); });
    expect(heard.map((line) => line.slice(0, 4))).toEqual(["a hi", "b hi"]);
  });

  it("calls the function of the render that shows the event's state", async () => {
    show(<Ear name="a" />);
    await idle();
    // As on a page: inside of `act` React renders only at its end.
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
    tell("hi", 1);
    await settle();
    tell("ho", 2);
    await settle();
    vi.unstubAllGlobals();
    expect(heard).toEqual(["a hi, 1 in the closure, 1 on screen", "a ho, 2 in the closure, 2 on screen"]);
  });

  it("listens once, however often the function is another one", async () => {
    const listened = vi.fn();
    function Listens() {
      const { state, handle } = useLiveComponent("ChatComponent", { room: "lobby" });
      const [spied] = useState(() => ({ ...handle, on: (...args: Parameters<typeof handle.on>) => { listened(); return handle.on(...args); } }));
      useLiveEvent(spied, "MESSAGE_RECEIVED", () => heard.push("heard"));
      return state?.messages.length;
    }
    render(<LiveProvider client={client}><Listens /></LiveProvider>);
    await idle();
    for (const version of [1, 2, 3]) await step(() => { tell("hi", version); });
    expect(heard).toHaveLength(3);
    expect(listened).toHaveBeenCalledOnce();
  });

  it("hears nothing any more when its component is gone, and the others go on", async () => {
    const page = (both: boolean) => <StrictMode><LiveProvider client={client}><Ear name="a" />{both && <Ear name="b" />}</LiveProvider></StrictMode>;
    const { rerender } = render(page(true));
    await idle();
    rerender(page(false));
    await step(() => { tell("hi", 1); });
    expect(heard.map((line) => line.slice(0, 4))).toEqual(["a hi"]);
  });
});
