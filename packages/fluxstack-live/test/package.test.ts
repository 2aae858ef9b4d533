// The package as it is built: what a bundler leaves of it, what Node makes of it, and whether its source maps lead back.
// @vitest-environment node
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { bundle } from "../bundle.mjs";

const at = (path: string): URL => new URL(`../${path}`, import.meta.url);
const manifest = JSON.parse(readFileSync(at("package.json"), "utf8")) as { exports: Record<string, { default: string }>; dependencies?: object };
const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith(".json")).map((entry) => entry.replace(/^\./, "fluxstack-live"));

/** What a program prints that plain Node runs. */
const printed = (program: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: at("."), encoding: "utf8", timeout: 10_000 });

it("an import of the error alone brings nothing else", async () => {
  const { code, bytes } = await bundle("import { LiveError } from \"fluxstack-live\"; console.log(LiveError);");
  expect(code).not.toContain("WebSocket");
  expect(bytes).toBeLessThan(500);
});

it.each(entries)("an import of %s that is not used brings nothing", async (entry) => {
  const { code } = await bundle(`import * as unused from "${entry}";`);
  expect(code.trim()).toBe("");
});

it("needs no other package at run time", () => {
  expect(manifest.dependencies).toBeUndefined();
});

it.each(entries)("%s loads where there is no page", (entry) => {
  expect(printed(`const { document, window } = globalThis; await import("${entry}"); console.log(typeof document, typeof window);`)).toBe("undefined undefined\n");
});

it("a client made where there is no page opens nothing, and keeps no process from ending", () => {
  const program = `
    globalThis.WebSocket = class { constructor() { console.log("opened"); } };
    const { createLiveClient, getLiveClient } = await import("fluxstack-live");
    for (const client of [createLiveClient(), getLiveClient()]) {
      const handle = client.mount("Counter", { count: 0 });
      console.log(handle.getServerSnapshot().status, client.connection.get().status);
    }`;
  expect(printed(program)).toBe("mounting idle\nmounting idle\n");
});

it("its source maps hold the sources, as they are", () => {
  const maps = readdirSync(at("dist")).filter((file) => file.endsWith(".js.map"));
  const mapped = maps.flatMap((map) => {
    expect(readFileSync(at(`dist/${map.replace(".map", "")}`), "utf8")).toContain(`//# sourceMappingURL=${map}`);
    const { sources, sourcesContent } = JSON.parse(readFileSync(at(`dist/${map}`), "utf8")) as { sources: string[]; sourcesContent: string[] };
    sources.forEach((source, i) => { expect(sourcesContent[i]).toBe(readFileSync(at(`dist/${source}`), "utf8")); });
    return sources;
  });
  expect(mapped).toEqual(expect.arrayContaining(["../src/session.ts", "../src/react/provider.ts", "../src/msgpack/compact-codec.ts"]));
});
