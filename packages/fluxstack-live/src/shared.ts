// Values that everyone on a page who names the same key shares.

/**
 * Rendering may ask for a value and never come back, so a value is kept here only weakly: it lives as long as a hook or
 * the session holds it, and asking twice before that gives the same one.
 */
export class Shared<T extends WeakKey> {
  readonly #refs = new Map<string, WeakRef<T>>();
  readonly #collected = new FinalizationRegistry<string>((key) => {
    if (!this.#refs.get(key)?.deref()) this.#refs.delete(key);
  });

  get(key: string, create: () => T): T {
    const known = this.#refs.get(key)?.deref();
    if (known !== undefined) return known;
    const value = create();
    // On a server each render is another visitor's: sharing would show one what is the other's.
    if (typeof window !== "undefined") {
      this.#refs.set(key, new WeakRef(value));
      this.#collected.register(value, key);
    }
    return value;
  }
}
