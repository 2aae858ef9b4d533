/** An id that nobody else has. `crypto.randomUUID` would do, but is not there on a page that comes over plain HTTP. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
