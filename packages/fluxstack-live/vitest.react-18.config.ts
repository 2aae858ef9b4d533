// The hooks with the oldest React they work with: `npm test` runs it after the other tests.

import { defineConfig, mergeConfig } from "vitest/config";
import config from "./vitest.config.js";

const react18 = new URL("../react-18/node_modules/", import.meta.url).pathname;

export default defineConfig({
  // For what the package and its test import; react-dom itself finds the React beside it.
  ...mergeConfig(config, { resolve: { alias: [{ find: /^(react|react-dom)(?=$|\/)/, replacement: `${react18}$1` }] } }),
  test: { ...config.test, include: ["test/react-18.test.tsx"], exclude: [] },
});
