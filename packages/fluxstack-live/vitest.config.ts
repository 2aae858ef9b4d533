import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      { find: /^fluxstack-live$/, replacement: new URL("./src/index.ts", import.meta.url).pathname },
      { find: /^fluxstack-live\/react$/, replacement: new URL("./src/react.ts", import.meta.url).pathname },
      { find: /^fluxstack-live\/msgpack$/, replacement: new URL("./src/msgpack.ts", import.meta.url).pathname },
    ],
  },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://localhost:3000/" } },
    include: ["test/**/*.test.{ts,tsx}"],
    // `npm run vectors` runs one, with what Rust wrote; `npm run check-package` the other, with what was built.
    exclude: ["test/vectors.test.ts", "test/package.test.ts"],
    restoreMocks: true,
  },
});
