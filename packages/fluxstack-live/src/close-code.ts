// What a close code means for the client, as the table in the protocol says.

import type { TransportCode } from "./error.js";
import type { CloseCode } from "./protocol.js";

/** A client closes a socket with it and means to come back; 1000 would be a goodbye. */
export const COMES_BACK = 4000;

/** What comes next, and the error that tells why if there is more to say than that the link was lost. */
export type Verdict = readonly [next: "retry" | "reauthenticate" | "paused" | "denied" | "outdated" | "closed", error?: TransportCode];

/** Every code of the protocol is here, but for those where the answer is a mere retry. */
const VERDICTS: Readonly<Partial<Record<CloseCode, Verdict>>> = {
  1000: ["closed"],
  1002: ["closed", "bad_message"],
  1003: ["closed", "bad_message"],
  1007: ["closed", "bad_message"],
  1008: ["closed", "bad_message"],
  1009: ["retry", "too_large"],
  4401: ["reauthenticate", "unauthorized"],
  4403: ["denied", "forbidden"],
  4409: ["paused"],
  4410: ["outdated", "version_mismatch"],
};

/** Any other code is the network's, a proxy's or a server's that will be back: try again. */
export function verdictOn(code: number): Verdict {
  return VERDICTS[code as CloseCode] ?? ["retry"];
}
