// Users' functions that throw, or end the connection, within a step.
import { describe, expect, it } from "vitest";
import { settle } from "./fake-server.js";
import { LivePage } from "./live-page.js";

const props = { count: 0, title: "" };

describe("an onError that throws", () => {
  const page = new LivePage({ onError: () => { throw new Error("onError"); } });

  it("costs no call its answer", async () => {
    const handle = await page.mounted("CounterComponent", props);
    let answered = false;
    void handle.call("increment").then(() => { answered = true; });
    await settle();
    handle.subscribe(() => { throw new Error("listener"); });
    try {
      page.server.last.reply(1);
    } catch {
      // What the browser would print.
    }
    await settle();
    expect(answered).toBe(true);
  });

  it("costs no message of the same batch", async () => {
    const handle = await page.mounted("CounterComponent", props);
    try {
      page.server.last.say({ type: "NEWER" } as never, { type: "STATE_DELTA", componentId: "c1", from: 0, version: 1, ops: [["=", ["count"], 5]] });
    } catch {
      // As above.
    }
    expect(handle.getSnapshot().state?.count).toBe(5);
  });
});

describe("a connection that is closed by whoever hears of it", () => {
  const page = new LivePage();

  it("does not take in the rest of the message", async () => {
    page.server.welcomes = false;
    const handle = page.client.mount("CounterComponent", props);
    handle.subscribe(() => undefined);
    page.client.connection.subscribe(() => {
      if (page.client.connection.get().status === "connected") page.client.close();
    });
    await settle();
    page.server.last.say(
      { type: "WELCOME", session: "s1", secret: "x", resumed: false, executed: 0, replies: [], heartbeatMs: 20_000, limits: { inFlight: 32, messageBytes: 65_536 }, schema: "", server: "" },
      { type: "COMPONENT_MOUNTED", componentId: "c1", epoch: "e1", version: 0, state: props },
    );
    await settle();
    expect([page.client.connection.get().status, handle.getSnapshot().status]).toEqual(["closed", "failed"]);
  });
});

describe("a custom timing that throws", () => {
  const page = new LivePage();

  it("is reported, and the value is sent at once", async () => {
    const handle = await page.mounted("CounterComponent", props);
    handle.set("title", "a", { send: () => { throw new Error("timing"); } });
    await settle();
    expect([page.requests, page.reported.map(({ message }) => message)]).toEqual([[{ title: "a" }], ["timing"]]);
  });
});
