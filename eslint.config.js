// One configuration for the npm package, the pages of the showcase and of the examples, and the browser tests.

import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", "target/", "**/*.gen.ts"]),
  {
    files: ["packages/**/*.{ts,tsx,mjs}", "showcase/page/**/*.{ts,tsx}", "examples/**/*.{ts,tsx}", "e2e/**/*.{ts,tsx,mjs}"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // A promise that a handler ignores is what `call` is made for: it reports its own failure.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
    },
  },
  {
    files: ["packages/**/*.{ts,tsx}", "showcase/page/**/*.{ts,tsx}", "examples/**/*.{ts,tsx}", "e2e/**/*.tsx"],
    extends: [reactHooks.configs.flat["recommended-latest"]],
  },
  {
    // Plain JavaScript, type-checked by `// @ts-check`, for Node and, in e2e, half of it for the page.
    files: ["e2e/**/*.mjs", "packages/**/*.mjs"],
    rules: {
      "no-undef": "off", // the type checker knows both
      "@typescript-eslint/no-floating-promises": ["error", {
        allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "it", "describe", "suite", "before", "after"] }],
      }],
    },
  },
);
