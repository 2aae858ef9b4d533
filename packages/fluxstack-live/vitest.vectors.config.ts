// Replays what the Rust side wrote in the same run: `FLUXSTACK_VECTORS=<folder> npm run vectors`.

import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/vectors.test.ts"], testTimeout: 120_000 } });
