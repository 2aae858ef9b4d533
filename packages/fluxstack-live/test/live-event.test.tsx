// When the event hook changes what it listens to.
import { render } from "@testing-library/react";
import { useLayoutEffect } from "react";
import { expect, it } from "vitest";
import type { LiveHandle } from "../src/handle.js";
import { useLiveEvent } from "../src/react.js";

it("an event hook hears nothing of the handle before once another one is on screen", () => {
  const heard: string[] = [];
  const listeners = new Map<string, (payload: { message: { content: string } }) => void>();
  const fake = (name: string) => ({
    on: (_: string, listener: (payload: { message: { content: string } }) => void) => {
      listeners.set(name, listener);
      return () => { listeners.delete(name); };
    },
  }) as unknown as LiveHandle<"ChatComponent">;
  const handles = { one: fake("one"), two: fake("two") };
  function Room({ name }: { name: "one" | "two" }) {
    useLiveEvent(handles[name], "MESSAGE_RECEIVED", ({ message }) => { heard.push(`${message.content} in ${name}`); });
    // After the commit, and before any effect that waits for the paint.
    useLayoutEffect(() => { listeners.get("one")?.({ message: { content: "told of one" } }); });
    return name;
  }
  const { rerender } = render(<Room name="one" />);
  rerender(<Room name="two" />);
  expect(heard).toEqual(["told of one in one"]);
});
