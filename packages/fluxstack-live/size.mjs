// What the package costs a page: all that an entry exports, minified and after `gzip -9`. Fails if that is over the budget.
// @ts-check

import { bundle } from "./bundle.mjs";

const KB = 1024;

/** @type {readonly { readonly what: string; readonly entries: readonly string[]; readonly budgetKB?: number }[]} */
const SIZES = [
  { what: "core", entries: ["fluxstack-live"], budgetKB: 6 },
  { what: "core + React hooks", entries: ["fluxstack-live", "fluxstack-live/react"], budgetKB: 7.5 },
  // Who wants fewer bytes on the wire pays for it, so it has no budget.
  { what: "core + msgpack", entries: ["fluxstack-live", "fluxstack-live/msgpack"] },
];

console.log(`minified, after gzip -9, React not counted; 1 KB = ${String(KB)} bytes`);
for (const { what, entries, budgetKB } of SIZES) {
  const { bytes } = await bundle(entries.map((entry) => `export * from "${entry}";`).join("\n"));
  const size = `${what.padEnd(18)}  ${String(bytes).padStart(5)} bytes = ${(bytes / KB).toFixed(2)} KB`;
  if (budgetKB === undefined) {
    console.log(size);
    continue;
  }
  const left = budgetKB * KB - bytes;
  console.log(`${size} of ${budgetKB.toFixed(1)} KB, ${left < 0 ? `${String(-left)} bytes too many` : `${String(left)} bytes left`}`);
  if (left < 0) process.exitCode = 1;
}
