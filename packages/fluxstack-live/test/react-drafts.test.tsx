// Drafts of bound inputs, where an input is left in another way than by a blur that is heard.
import { screen } from "@testing-library/react";
import { useEffect, type ComponentProps } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { useLiveComponent, type Live, type TextProps } from "../src/react.js";
import { enter, server, show, step } from "./react-page.js";

const state = { draft: "", size: 5, mood: "calm", muted: false, tags: [], saved: 0 };
let live: Live<"SettingsComponent", unknown>;
function Settings(more: ComponentProps<"input">) {
  const own = useLiveComponent("SettingsComponent", { room: "lobby" });
  useEffect(() => { live = own; });
  return <>
    <input aria-label="draft" {...own.bind("draft")} {...more} />
    <input aria-label="size" type="number" {...own.bind("size")} />
    <input aria-label="muted" type="checkbox" {...own.bind("muted")} />
  </>;
}
const input = (name = "draft"): HTMLInputElement => screen.getByLabelText(name);
const focus = (name?: string) => step(() => { input(name).focus(); });
const leave = (name?: string) => step(() => { input(name).blur(); });
const type = (value: string, name?: string) => step(() => { enter(input(name), value); });
const refuse = (requestId: number) => step(() => {
  server.last.say({ type: "ERROR", code: "invalid", payload: { error: "no" }, componentId: "c1", requestId });
});
const answer = (requestId: number) => step(() => { server.last.reply(requestId, "c1", live.version); });
const theirs = (text: string) => step(() => { server.last.delta("c1", live.version, [["=", ["draft"], text]]); });

beforeEach(() => {
  server.state = () => state;
});

describe("a bound text", () => {
  it("shows the state once it is left, also with an `onBlur` of the page's own in place of `bind`'s", async () => {
    await show(<Settings onBlur={() => undefined} />);
    await focus();
    await type(" Ana ");
    await answer(1);
    await leave();
    await theirs("Ana");
    expect(input().value).toBe("Ana");
  });

  it("shows the state once it has lost the focus without an event, as one that is disabled does in some browsers", async () => {
    await show(<Settings />);
    await focus();
    await type(" Ana ");
    await answer(1);
    const deaf = (event: Event): void => { event.stopImmediatePropagation(); };
    addEventListener("focusout", deaf, true);
    input().blur();
    removeEventListener("focusout", deaf, true);
    await theirs("Ana");
    expect(input().value).toBe("Ana");
  });

  it("keeps what was refused when another failed field is mended", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await leave();
    await refuse(1);
    await focus("size");
    await type("999", "size");
    await leave("size");
    await refuse(2);
    expect([input().value, input("size").value]).toEqual(["bad", "999"]);
    await focus("size");
    await type("6", "size");
    await leave("size");
    await answer(3);
    expect(input().value).toBe("bad");
  });

  it("keeps what was refused when an action that failed after it succeeds", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await leave();
    await refuse(1);
    await step(() => { live.dispatch("save"); });
    await refuse(2);
    await step(() => { live.dispatch("save"); });
    await answer(3);
    expect(input().value).toBe("bad");
  });

  it("lets go of all that was refused when the error is cleared, also of what another failure came on top of", async () => {
    await show(<Settings />);
    await focus();
    await type("bad");
    await leave();
    await refuse(1);
    await step(() => { live.dispatch("save"); });
    await refuse(2);
    await step(() => { live.clearError(); });
    expect(input().value).toBe("");
  });

  it("that was left before there is state goes on to show what was typed", async () => {
    server.state = () => undefined;
    await show(<Settings />);
    await focus();
    await type("early");
    await leave();
    expect(input().value).toBe("early");
    await step(() => { server.last.mounted("c1", state); });
    expect(input().value).toBe("early");
  });

  it("that is filled in without a focus before there is state shows that", async () => {
    server.state = () => undefined;
    await show(<Settings />);
    await type("filled in");
    expect(input().value).toBe("filled in");
  });
});

describe("a bound checkbox", () => {
  it("that is ticked before there is state stays so", async () => {
    server.state = () => undefined;
    await show(<Settings />);
    await step(() => { input("muted").click(); });
    expect(input("muted").checked).toBe(true);
  });
});

describe("a refused number", () => {
  it("that is emptied and left shows what is refused or the state, not an empty field", async () => {
    await show(<Settings />);
    await focus("size");
    await type("999", "size");
    await refuse(1);
    await type("", "size");
    await leave("size");
    expect(input("size").value).not.toBe("");
  });
});

/** Checked by `npm run typecheck`. */
export function ofEither(field: "draft" | "muted"): TextProps {
  // @ts-expect-error a boolean has no text, also where the field may be another one
  return live.bind(field);
}
