// How long to wait before the next try to connect.

/** The schedule of retries. */
export interface ReconnectOptions {
  /** The first retry comes after a random time in this range, in milliseconds. Default: 200 to 1200. */
  readonly firstMs?: readonly [number, number] | undefined;
  /** Later retries wait up to `baseMs × factorⁿ`, at least half of it. Default: 1000. */
  readonly baseMs?: number | undefined;
  /** Default: 1.8. */
  readonly factor?: number | undefined;
  /** No wait is longer than this, in milliseconds. Default: 8000. */
  readonly capMs?: number | undefined;
  /** Give up after this many retries in a row. Default: never. */
  readonly maxAttempts?: number | undefined;
}

/** The wait before a retry, in milliseconds; `failures` counts the tries in a row that failed before it. */
export function retryDelay(failures: number, random: number, options: ReconnectOptions): number {
  const { firstMs: [from, to] = [200, 1200], baseMs = 1000, factor = 1.8, capMs = 8000 } = options;
  if (failures === 0) return from + random * (to - from);
  return (1 + random) / 2 * Math.min(capMs, baseMs * factor ** failures);
}
