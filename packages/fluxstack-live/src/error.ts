// LiveError: the one error a user of this package meets.

import type { ErrorCode, ErrorMessage } from "./protocol.js";
import type { Action, Err, Name } from "./schema.js";

/**
 * Every code but `action`: those of the protocol, and the client's own. `disconnected`: the call never left this page;
 * `aborted`: its signal ended the wait; `unmounted`: its component is skipped.
 */
export type TransportCode = Exclude<ErrorCode, "action"> | "disconnected" | "aborted" | "unmounted";

/** What an error may carry besides its code and its message. */
export interface LiveErrorDetails<D = unknown> {
  readonly data?: D | undefined;
  readonly component?: string;
  readonly action?: string | undefined;
  readonly property?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly id?: string | undefined;
}

/** Why a call, a set, a mount or the connection failed. */
export class LiveError<C extends string = string, D = unknown> extends Error {
  override readonly name = "LiveError";
  /** What went wrong: a code of the protocol, or `disconnected`. */
  declare readonly code: C;
  /** The typed `Err` of the Rust action when `code` is `action`. */
  declare readonly data: D;
  /** The component's registered name; empty if the error is the connection's. */
  declare readonly component: string;
  /** The action that was called. */
  declare readonly action: string | undefined;
  /** The field that was set. */
  declare readonly property: string | undefined;
  /** What is wrong, per field, when `code` is `invalid`. */
  declare readonly fields: Readonly<Record<string, string>> | undefined;
  /** When to try again, in milliseconds, when `code` is `rate_limited`. */
  declare readonly retryAfterMs: number | undefined;
  /** Finds the cause in the server's log, when `code` is `internal`. */
  declare readonly id: string | undefined;

  constructor(code: C, message: string, details?: LiveErrorDetails<D>) {
    super(message);
    Object.assign(this, { component: "" }, details, { code });
  }

  /** The server may have run it before the connection and its history were lost: do not retry blindly. */
  get maybeApplied(): boolean {
    return this.code === "unknown_outcome";
  }

  /** Trying the same again later can succeed, and cannot count twice. */
  get retryable(): boolean {
    // The server has rolled it back, or it never left: trying again cannot double anything.
    return /^(busy|rate_limited|timeout|disconnected)$/.test(this.code);
  }
}

/** How a call of an action with `Err` type `E` can fail. */
export type CallError<E> = LiveError<"action", E> | LiveError<TransportCode, undefined>;

/** What `callSafe` resolves to. */
export type Result<T, E> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: CallError<E> };

/** Narrows a caught value to the typed `Err` of one action. */
export function isActionError<N extends Name, A extends Action<N>>(
  error: unknown,
  component: N,
  action: A,
): error is LiveError<"action", Err<N, A>> {
  return error instanceof LiveError && error.code === "action" && error.component === component && error.action === action;
}

/** The error a server's message describes. */
export function errorFrom({ code, payload: { error, ...details }, retryAfterMs }: ErrorMessage): LiveError {
  return new LiveError(code, error, { ...details, retryAfterMs });
}

/** The same error, and where it happened. */
export function located(error: LiveError, where: LiveErrorDetails): LiveError {
  return new LiveError(error.code, error.message, { ...(error as LiveErrorDetails), ...where });
}
