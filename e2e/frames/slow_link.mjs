// @ts-check
// A network that loses nothing and takes its time: whatever comes in goes on after a while, in its order.
import { createServer, connect } from "node:net";
import { once } from "node:events";

/**
 * Starts a proxy, which is ended with the test, and returns its address.
 * @param {import('node:test').TestContext} t
 * @param {string} url of the server behind it
 * @param {number} oneWayMs how long each byte is on its way, in either direction
 */
export async function slowLink(t, url, oneWayMs) {
  const { hostname, port } = new URL(url);
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const proxy = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    join(near, far, oneWayMs);
    join(far, near, oneWayMs);
    for (const socket of [near, far]) sockets.add(socket);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  t.after(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  return `http://127.0.0.1:${String(address.port)}`;
}

/**
 * @param {import('node:net').Socket} from
 * @param {import('node:net').Socket} to
 * @param {number} ms
 */
function join(from, to, ms) {
  from.on("data", (bytes) => { setTimeout(() => { if (to.writable) to.write(bytes); }, ms); });
  from.on("end", () => { setTimeout(() => { to.end(); }, ms); });
  // A browser's socket may just be gone; then so is the other.
  from.on("error", () => { to.destroy(); });
}
