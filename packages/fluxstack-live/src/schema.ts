// The types of an application's components, as the generated file registers them. Nothing here exists at run time
// except `registerSchema`, the generated file's other half.

/**
 * Augmented by the generated file, which is what makes every hook and call typed:
 *
 * ```ts
 * declare module "fluxstack-live" { interface Register { schema: LiveSchema } }
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- empty until the application augments it
export interface Register {}

/** One action: its payload, its result, and the `Err` of its Rust method. */
export interface ActionShape {
  args: unknown;
  ok: unknown;
  err: unknown;
}

/** One component, as the generated file describes it. */
export interface ComponentShape {
  props: object;
  state: object;
  /** The props already are a whole state, and are shown as one before the server has answered. */
  propsAreState?: boolean;
  /** The fields a client may `set` (Rust: `#[live(bind)]`). */
  bind: string;
  actions: Record<string, ActionShape>;
  /** What the server tells once (Rust: `cx.broadcast`). */
  events: Record<string, unknown>;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- without a registered schema everything is allowed, as in plain JavaScript */
interface Loose {
  props: Record<string, any>;
  state: any;
  bind: string;
  actions: Record<string, { args: any; ok: any; err: any }>;
  events: Record<string, any>;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** The registered schema; without one, any name with any types. */
export type Schema = Register extends { schema: infer S } ? S : Record<string, Loose>;
/** The name of a registered component. */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- redundant only once a schema is registered
export type Name = keyof Schema & string;
/** The same: of a parameter that extends `Named[Name]` the compiler says which names there are, and not just `Name`. */
export type Named = { readonly [N in Name]: N };
/** The shape of component `N`. */
export type Def<N extends Name> = Schema[N] extends ComponentShape ? Schema[N] : never;
/** What component `N` is mounted with. */
export type Props<N extends Name> = Def<N>["props"];
/** The public state of component `N`. */
export type State<N extends Name> = Def<N>["state"];
/** All actions of component `N`. */
export type Actions<N extends Name> = Def<N>["actions"];
/** The name of an action of component `N`. */
export type Action<N extends Name> = keyof Actions<N> & string;
/** The payload of an action. */
export type Args<N extends Name, A extends Action<N>> = Actions<N>[A]["args"];
/** The result of an action. */
export type Ok<N extends Name, A extends Action<N>> = Actions<N>[A]["ok"];
/** The `Err` of an action's Rust method. */
export type Err<N extends Name, A extends Action<N>> = Actions<N>[A]["err"];
/** The fields of component `N` that a client may `set`. */
export type Bind<N extends Name> = Def<N>["bind"] & keyof State<N> & string;
/** The events of component `N`, by name. */
export type Events<N extends Name> = Def<N>["events"];

/** `K`; where there is none, what the compiler is to say in place of `never`. */
export type OneOf<K, Otherwise extends string> = [K] extends [never] ? Otherwise : K;
/** What `set` takes: a bindable field of component `N`. */
export type Field<N extends Name> = OneOf<Bind<N>, "no field of this component is marked #[live(bind)]">;
/** What is listened for: the name of an event of component `N`. */
export type EventName<N extends Name> = OneOf<keyof Events<N> & string, "this component has no events">;

/**
 * The arguments after the action's name: no payload, an optional one if it admits `undefined`, else a required one; then the
 * options. Without a registered schema every payload is `any` (only `any` makes `0 extends 1 & P` true), and optional.
 */
export type CallArgs<P, O> = 0 extends 1 & P
  ? [payload?: P, options?: O]
  : [P] extends [undefined]
    ? [payload?: undefined, options?: O]
    : undefined extends P
      ? [payload?: P, options?: O]
      : [payload: P, options?: O];

/** What the generated file tells at run time. */
export interface SchemaInfo {
  /** The components whose props already are a whole state, and so can be shown before the server has answered. */
  readonly propsAreState: readonly string[];
}

let registered: SchemaInfo | null = null;

/** Called by the generated file when it is imported; not meant to be called by hand. */
export function registerSchema(info: SchemaInfo): void {
  registered = info;
}

/**
 * Whether the props of a component are shown as its state until it is mounted. Types are gone at run time, so this is
 * read from the registered schema; without one the study's rule holds: props are the first state.
 */
export function propsAreState(name: string): boolean {
  return registered === null || registered.propsAreState.includes(name);
}
