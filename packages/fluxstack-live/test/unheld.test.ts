// The error of a component that its session does not know: skipped, not mounted yet, or not any more.
import { expect, it } from "vitest";
import { pass, settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const page = new LivePage();
const props = { count: 0, title: "" };
const circular = (): number => {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value as unknown as number;
};

it("a skipped component shows that a call failed", async () => {
  const handle = page.client.mount("CounterComponent", undefined as never);
  let told = 0;
  handle.subscribe(() => { told += 1; });
  handle.dispatch("increment");
  await settle();
  expect([handle.getSnapshot().error?.code, told]).toEqual(["unmounted", 1]);
});

it("a component that nobody watches shows that a payload could not be sent", async () => {
  const handle = page.client.mount("CounterComponent", props);
  handle.dispatch("increment", circular());
  await settle();
  expect(handle.getSnapshot().error?.code).toBe("invalid");
});

it("the error of a component that is not mounted any more can be cleared", async () => {
  const handle = page.client.mount("CounterComponent", props);
  const stop = handle.subscribe(() => undefined);
  await settle();
  handle.dispatch("increment");
  await settle();
  page.refuse(1);
  stop();
  await pass(5000);
  expect(handle.getSnapshot().error?.code).toBe("busy");
  handle.clearError();
  expect(handle.getSnapshot().error).toBe(null);
});
