// What `npm run build` made, as those get it who install it: `npm run check-package`.

import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/package.test.ts"] } });
