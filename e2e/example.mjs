// @ts-check
// One of the examples as the tests run it.
import path from "node:path";
import { ROOT, startServer } from "./server.mjs";

const BINARIES = process.env.EXAMPLES ?? path.join(ROOT, "target", "debug");

/**
 * Starts an example for one test, which is stopped and swept away when that test ends.
 * @param {{ after: (end: () => Promise<void>) => void }} t the test, or whatever else has an end
 * @param {string} name its folder in examples/
 */
export function startExample(t, name) {
  const binary = path.join(BINARIES, `example-${name}`);
  return startServer(t, binary, (listen, data) => ({ env: { LISTEN: listen, DATA: path.join(data, "todos.sqlite") } }));
}
