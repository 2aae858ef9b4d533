// What Rust changed, this package changes alike. It runs by `npm run vectors` alone, which needs the folder that the Rust
// side has just written.
// @vitest-environment node
import { it } from "vitest";
import { replayAll } from "./vectors.js";

it("what Rust changed is the same here, in every encoding", async () => {
  const folder = process.env.FLUXSTACK_VECTORS ?? "";
  if (folder === "") throw new Error("FLUXSTACK_VECTORS names no folder; the test runner sets it to the one that Rust wrote the vectors to");
  console.log(await replayAll(folder));
});
