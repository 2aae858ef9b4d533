// A page with a server behind it, for tests of the hooks: made anew for each test of the file, under fake time.

import { act, cleanup, render } from "@testing-library/react";
import { StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, vi } from "vitest";
import type { LiveClient } from "../src/client.js";
import type { LiveError } from "../src/error.js";
import { LiveProvider } from "../src/react.js";
import { FakeServer, pass, settle } from "./fake-server.js";

export let server: FakeServer;
export let client: LiveClient;
/** What `onError` heard. */
export let reported: LiveError[];

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  reported = [];
  client = server.client({ onError: (error) => reported.push(error) });
});
afterEach(async () => {
  cleanup();
  await pass(2000);
  vi.useRealTimers();
});

/** Does something, and lets all come that is due. */
export const step = (run: () => void): Promise<void> => act(async () => { run(); await settle(); });
export const wait = (ms: number): Promise<void> => act(() => pass(ms));

/** Renders, under StrictMode, and lets the first answers come. */
export async function show(children: ReactNode): Promise<(children: ReactNode) => Promise<void>> {
  const page = (children: ReactNode): ReactNode => <StrictMode><LiveProvider client={client}>{children}</LiveProvider></StrictMode>;
  const { rerender } = render(page(children));
  await step(() => undefined);
  return (children) => step(() => { rerender(page(children)); });
}

/** What a user does who types, but for the keys. */
export function enter(input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string, isComposing = false): void {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input) as object, "value")?.set?.call(input, value);
  const type = input instanceof HTMLSelectElement ? "change" : "input";
  input.dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { isComposing }));
}
