// What the package costs a page, minified and after `gzip -9`. Fails if that has grown.
// @ts-check

import { bundle } from "./bundle.mjs";

const KB = 1024;
const CORE = 'export { createLiveClient, getLiveClient, isActionError, LiveError, registerSchema } from "fluxstack-live";';

/**
 * `most` is what it may have, in KB: a little more than it has, so that whoever adds to it says so here. `goal` is what it was
 * meant to have; docs/decisions/0013 says why it has more.
 *
 * @type {readonly { readonly what: string; readonly page: string; readonly most?: number; readonly goal?: number }[]}
 */
const SIZES = [
  { what: "core", page: CORE, most: 8.8, goal: 6 },
  { what: "core + React hooks", page: `${CORE} export * from "fluxstack-live/react";`, most: 10.6, goal: 7.5 },
  // What few pages use: parts of a state, timings, what a page may do besides.
  { what: "core + all else", page: 'export * from "fluxstack-live";' },
  // Who wants fewer bytes on the wire pays for it here.
  { what: "core + msgpack", page: `${CORE} export * from "fluxstack-live/msgpack";` },
];

console.log(`minified, after gzip -9, React not counted; 1 KB = ${String(KB)} bytes`);
for (const { what, page, most, goal } of SIZES) {
  const { bytes } = await bundle(page);
  const size = `${what.padEnd(18)}  ${String(bytes).padStart(5)} bytes = ${(bytes / KB).toFixed(2)} KB`;
  if (most === undefined || goal === undefined) {
    console.log(size);
    continue;
  }
  const isOver = bytes > most * KB;
  console.log(`${size}; the goal was ${goal.toFixed(1)} KB, and it may have ${most.toFixed(2)}${isOver ? ": it has grown" : ""}`);
  if (isOver) process.exitCode = 1;
}
