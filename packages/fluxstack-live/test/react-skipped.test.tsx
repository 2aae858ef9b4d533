// Skipped components, and a part of one.
import { screen } from "@testing-library/react";
import { Suspense } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { useLiveComponent, useLiveSelector, type Live } from "../src/react.js";
import { server, show, step } from "./react-page.js";
import type { Todo } from "./live.gen.js";

const todo = (id: string): Todo => ({ id, text: id, completed: false });
beforeEach(() => {
  server.state = () => ({ todos: [] });
});

describe("a skipped component", () => {
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
