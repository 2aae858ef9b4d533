// What a bundler makes of code that imports this package, as `npm run build` left it in dist. React is the page's.
// @ts-check

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/** The page that imports. It is here, where the package can be imported by its name, and only in memory. */
const PAGE = fileURLToPath(new URL("page.js", import.meta.url));

/**
 * The code, minified, and its size in bytes after `gzip -9`.
 *
 * @param {string} source
 */
export async function bundle(source) {
  const bundled = await rolldown({
    input: PAGE,
    // Its paths lead to the sources.
    tsconfig: false,
    external: /^react(\/|$)/,
    platform: "browser",
    // Above all what cannot be found, which would else be left out as if it were somebody else's.
    onLog: (_level, { message }) => { throw new Error(message); },
    transform: { target: "es2022" },
    plugins: [{ name: "page", resolveId: (id) => (id === PAGE ? id : undefined), load: (id) => (id === PAGE ? source : undefined) }],
  });
  const { output: [{ code }] } = await bundled.generate({ format: "esm", minify: true });
  return { code, bytes: gzipSync(code, { level: 9 }).length };
}
