// The hook that waits for state, and what stands in its place until then.
import { screen } from "@testing-library/react";
import { Component, Suspense, useState, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import type { LiveError } from "../src/error.js";
import { LiveProvider, useLiveComponent, useSuspenseLiveComponent } from "../src/react.js";
import { client, server, show, step, wait } from "./react-page.js";

const todos = [{ id: "a", text: "a", completed: false }];

function Todos({ list = "home" }: { list?: string }) {
  const { state, status } = useSuspenseLiveComponent("TodoComponent", { list });
  return <i role="status">{`${list}: ${String(state.todos.length)} ${status}`}</i>;
}
/** An error boundary that is reset by its button. */
class Boundary extends Component<{ readonly children: ReactNode }, { error: LiveError | null }> {
  override state = { error: null };
  static getDerivedStateFromError(error: LiveError) {
    return { error };
  }
  override render() {
    const { error } = this.state as { error: LiveError | null };
    if (error === null) return this.props.children;
    return <button onClick={() => { this.setState({ error: null }); }}>{`${error.code} ${error.component}`}</button>;
  }
}
const waiting = <i role="status">waiting</i>;
const text = () => screen.getByRole("status").textContent;
const refuse = (componentId: string) => { server.last.say({ type: "ERROR", code: "forbidden", payload: { error: "not yours" }, componentId }); };

describe("a suspense hook", () => {
  it("suspends until the first state, with one mount", async () => {
    server.state = () => undefined;
    await show(<Suspense fallback={waiting}><Todos /></Suspense>);
    expect(text()).toBe("waiting");
    await wait(5000);
    await step(() => { server.last.mounted("c1", { todos }); });
    expect(text()).toBe("home: 1 live");
    await wait(5000);
    expect(server.last.sent.map(({ type }) => type)).toEqual(["HELLO", "COMPONENT_MOUNT"]);
  });

  it("waits once, however often it is rendered meanwhile", async () => {
    server.state = () => undefined;
    const subscribed = vi.spyOn(client.mount("TodoComponent", { list: "home" }), "subscribe");
    const page = (turn: number) => <Suspense fallback={waiting}><Todos />{turn}</Suspense>;
    const rerender = await show(page(0));
    for (const turn of [1, 2, 3]) await rerender(page(turn));
    expect(subscribed).toHaveBeenCalledOnce();
  });

  it("does not suspend again when the link is lost", async () => {
    server.state = () => ({ todos });
    await show(<Suspense fallback={waiting}><Todos /></Suspense>);
    await step(() => { server.last.drop(); });
    expect(text()).toBe("home: 1 stale");
  });

  it("does not suspend where the props are the state, or with `initial`", async () => {
    server.state = () => undefined;
    function Counter() {
      const counter = useSuspenseLiveComponent("CounterComponent", { count: 3, title: "" });
      const list = useSuspenseLiveComponent("TodoComponent", { list: "home" }, { initial: { todos } });
      return <i role="status">{`${String(counter.state.count)} ${String(list.state.todos.length)}`}</i>;
    }
    await show(<Suspense fallback={waiting}><Counter /></Suspense>);
    expect(text()).toBe("3 1");
  });

  it("suspends anew for other props", async () => {
    server.state = ({ payload }) => ((payload.props as { list: string }).list === "home" ? { todos } : undefined);
    const rerender = await show(<Suspense fallback={waiting}><Todos /></Suspense>);
    await rerender(<Suspense fallback={waiting}><Todos list="work" /></Suspense>);
    expect(screen.getByText("waiting")).toBeDefined();
    await step(() => { server.last.mounted("c2", { todos: [] }); });
    expect(text()).toBe("work: 0 live");
  });

  it("is unmounted when it was given up before its state came, once that is there", async () => {
    server.state = () => undefined;
    const rerender = await show(<Suspense fallback={waiting}><Todos /></Suspense>);
    await rerender(null);
    await step(() => { server.last.mounted("c1", { todos }); });
    await wait(1000);
    expect(server.last.sentOf("COMPONENT_UNMOUNT")).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives the error of a refused mount to the error boundary, and tries again when that is reset after the linger", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    server.state = () => undefined;
    await show(<Boundary><Suspense fallback={waiting}><Todos /></Suspense></Boundary>);
    await step(() => { refuse("c1"); });
    const button = screen.getByRole("button");
    expect(button.textContent).toBe("forbidden TodoComponent");
    await wait(1000);
    server.state = () => ({ todos });
    await step(() => { screen.getByRole("button").click(); });
    expect(text()).toBe("home: 1 live");
  });

  it("gives the error boundary what ended it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    server.state = () => ({ todos });
    await show(<Boundary><Suspense fallback={waiting}><Todos /></Suspense></Boundary>);
    await step(() => { server.last.say({ type: "COMPONENT_UNMOUNTED", componentId: "c1", reason: "denied" }); });
    expect(screen.getByRole("button").textContent).toBe("forbidden TodoComponent");
  });

  it("gives the error boundary an error also if another hook has cleared it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    server.state = () => undefined;
    function Plain() {
      const { clearError, status } = useLiveComponent("TodoComponent", { list: "home" });
      const [shown, setShown] = useState(false);
      const own = <Boundary><Suspense fallback={waiting}><Todos /></Suspense></Boundary>;
      return <p onClick={() => { clearError(); setShown(true); }}>{`plain ${status}`}{shown && own}</p>;
    }
    await show(<Plain />);
    await step(() => { refuse("c1"); });
    await step(() => { screen.getByText("plain failed").click(); });
    expect(screen.getByRole("button").textContent).toBe("gone TodoComponent");
  });
});

describe("a suspense hook on a server", () => {
  const app = (children: ReactNode) => <LiveProvider client={client}><Suspense fallback={waiting}>{children}</Suspense></LiveProvider>;
  function rendered(children: ReactNode): string {
    vi.stubGlobal("window", undefined);
    const html = renderToString(app(children));
    vi.unstubAllGlobals();
    return html;
  }

  it("without state does not hang, says why, and leaves it to the browser", async () => {
    const html = rendered(<Todos />);
    expect(html).toContain("`TodoComponent` has no state on a server: give it `initial`");
    expect([html.includes("waiting"), server.sockets.length]).toEqual([true, 0]);
    const home = document.body.appendChild(document.createElement("div"));
    home.innerHTML = html;
    const said: string[] = [];
    server.state = () => ({ todos });
    await step(() => { hydrateRoot(home, app(<Todos />), { onRecoverableError: (error) => said.push(String(error)) }); });
    expect(home.textContent).toBe("home: 1 live");
    expect(said).toEqual([expect.stringContaining("`TodoComponent` has no state on a server")]);
  });

  it("with `initial` shows it", () => {
    function Known() {
      return useSuspenseLiveComponent("TodoComponent", { list: "home" }, { initial: { todos } }).state.todos.length;
    }
    expect(rendered(<Known />)).toContain("1");
  });
});
