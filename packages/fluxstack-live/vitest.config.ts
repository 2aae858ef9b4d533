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
    // `npm run vectors` runs the one, with what Rust wrote, and vitest.react-18.config.ts the other.
    exclude: ["test/vectors.test.ts", "test/react-18.test.tsx"],
    restoreMocks: true,
    // Tests of what is left look after a collection.
    execArgv: ["--expose-gc"],
  },
});
