import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      { find: /^fluxstack-live$/, replacement: new URL("./src/index.ts", import.meta.url).pathname },
      { find: /^fluxstack-live\/react$/, replacement: new URL("./src/react.ts", import.meta.url).pathname },
      { find: /^fluxstack-live\/msgpack$/, replacement: new URL("./src/msgpack.ts", import.meta.url).pathname },
      { find: /^fluxstack-live\/web-socket$/, replacement: new URL("./src/web-socket.ts", import.meta.url).pathname },
    ],
  },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://localhost:3000/" } },
    include: ["test/**/*.test.{ts,tsx}"],
    // `npm run vectors` runs the first, with what Rust wrote, vitest.react-18.config.ts the second, and `npm run check-package` the last.
    exclude: ["test/vectors.test.ts", "test/react-18.test.tsx", "test/package.test.ts"],
    restoreMocks: true,
    // Tests of what is left look after a collection.
    execArgv: ["--expose-gc"],
  },
});
