// How many extra counters the address asks for: `/?counters=10`.

/** Above this the server's limit of components per connection comes near. */
const MOST = 50;

export function countersAskedFor(search: string): number {
  const asked = Number(new URLSearchParams(search).get("counters"));
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : 0;
}
