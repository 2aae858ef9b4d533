// The hand-written wire types equal those generated from Rust, checked by `npm run typecheck`. How a type is put together
// (names, intersections, `Array<T>`, mapped records) does not count; every field, its type and whether it is optional do.

import type * as hand from "../src/protocol.js";
import type * as rust from "./wire.gen.js";

/** The type with intersections made one object and names resolved, all the way down. */
type Flat<T> = unknown extends T ? unknown : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;

/** True only for the very same type, optional fields included. */
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- that is how the compiler compares two types exactly */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** Each member of a union under its `type`, so that an error names the message that differs. */
type ByType<M extends { type: string }> = { [T in M["type"]]: Flat<Extract<M, { type: T }>> };
type Differing<A, B> = { [K in keyof A | keyof B]: K extends keyof A & keyof B ? (Same<A[K], B[K]> extends true ? never : K) : K }[keyof A | keyof B];

/** An error here names the messages, or the type, that differ from Rust's. */
type Equal<Differs extends never> = Differs;
type EqualType<A, B> = Same<Flat<A>, Flat<B>> extends true ? never : "differs";

export type Proof = [
  Equal<Differing<ByType<hand.ClientMessage>, ByType<rust.ClientMessage>>>,
  Equal<Differing<ByType<hand.ServerMessage>, ByType<rust.ServerMessage>>>,
  Equal<EqualType<hand.ErrorCode, rust.ErrorCode>>,
  Equal<EqualType<hand.Op, rust.Op>>,
];
