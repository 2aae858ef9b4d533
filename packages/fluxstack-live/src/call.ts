// What `call` takes and returns: a payload that can be sent, and a promise that its caller may ignore.

import { toWire } from "./codec.js";
import { LiveError } from "./error.js";

/**
 * Returns the promise with its rejection watched: if nobody has asked for it by the end of the task, it is reported, and
 * in no case does it become an unhandled rejection. The same holds for what its `then` returns.
 *
 * Why not a subclass: every promise derived from one is made by the subclass's constructor, which has no place for the
 * reporter. With `constructor` hidden, `await` goes through `then` and `then` derives plain promises.
 */
export function watched<T>(promise: Promise<T>, report: (error: unknown) => void): Promise<T> {
  let ignored = true;
  promise.catch((error: unknown) => {
    setTimeout(() => {
      if (ignored) report(error);
    });
  });
  const derive: typeof promise.then = promise.then.bind(promise);
  const then: typeof promise.then = (fulfilled, rejected) => {
    ignored = false;
    return watched(derive(fulfilled, rejected), report);
  };
  return Object.assign(promise, { then, constructor: undefined as never });
}

/** A payload or value as it is sent. Throws a LiveError if it cannot be; `name` is the action or field it is for. */
export function outgoing(value: unknown, name: string): unknown {
  try {
    // What an event handler is given: React's event, or the browser's.
    const { nativeEvent, preventDefault } = Object(value) as Record<string, unknown>;
    if (nativeEvent ?? preventDefault) throw new Error(`it is a DOM event; write \`() => call("${name}")\``);
    return toWire(value);
  } catch (error) {
    throw new LiveError("invalid", `\`${name}\` cannot be sent: ${String(error)}`);
  }
}
