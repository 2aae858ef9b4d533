// What the generated file knows of the types that cross the wire: where a struct's field has its place.

/**
 * The type of a value: 0 is as it is, n from 1 is `structs[n - 1]`; a list and a map are of their values, and an optional
 * value is of what it may be.
 */
export type WireType = number | { readonly list: WireType } | { readonly map: WireType } | { readonly tuple: readonly WireType[] };

/** A field or an event, and the type of its value. */
export type WireField = readonly [name: string, type: WireType];

/** What is at which place of a component. */
export interface WireComponent {
  /** Of its state. */
  readonly fields: readonly WireField[];
  readonly actions: readonly string[];
  readonly events: readonly WireField[];
}

/** What `msgpack` needs to know of the types; the generated file exports it as `wire`. */
export interface WireSchema {
  /** The hash that the server must have as well. */
  readonly schema: string;
  readonly structs: readonly (readonly WireField[])[];
  readonly components: Readonly<Record<string, WireComponent>>;
}
