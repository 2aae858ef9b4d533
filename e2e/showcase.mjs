// @ts-check
// The showcase as the tests run it.
import path from "node:path";
import { ROOT, startServer } from "./server.mjs";

const BINARY = process.env.SHOWCASE ?? path.join(ROOT, "target", "debug", "showcase");

/**
 * Starts a showcase for one test, which is stopped and swept away when that test ends.
 * @param {{ after: (end: () => Promise<void>) => void }} t the test, or whatever else has an end
 * @param {string[]} more arguments
 */
export function startShowcase(t, ...more) {
  return startServer(t, BINARY, (listen, data) => ({ args: ["--listen", listen, "--data", data, ...more] }));
}
