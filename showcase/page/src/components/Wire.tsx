// The picture beside the intro: this page, the server, and the plug between them, which really comes apart when the link does.
import { useConnection } from "fluxstack-live/react";
import type { ReactNode } from "react";
import { connectionWords } from "../connectionWords.js";

export function Wire(): ReactNode {
  const { tone } = connectionWords(useConnection().status);
  // Hidden from screen readers: the bar says the same in words.
  return (
    <svg className="wire" data-tone={tone} viewBox="0 0 440 190" aria-hidden="true">
      <g className="wire-plug">
        <path className="wire-cable" d="M100 90H196" />
        <path className="wire-prongs" d="M216 82h14M216 98h14" />
        <rect className="wire-body" x="192" y="74" width="26" height="32" rx="6" />
      </g>
      <g className="wire-socket">
        <path className="wire-cable" d="M248 90H340" />
        <rect className="wire-body" x="224" y="70" width="24" height="40" rx="6" />
      </g>
      <path className="wire-sparks" d="M221 60v-14M209 63l-7-11M233 63l7-11" />
      <circle className="wire-pulse" cx="0" cy="90" r="5" />

      <rect className="wire-box" x="8" y="24" width="132" height="132" rx="12" />
      <path className="wire-line" d="M8 48H140" />
      <circle className="wire-dot" cx="24" cy="36" r="3" /><circle className="wire-dot" cx="36" cy="36" r="3" /><circle className="wire-dot" cx="48" cy="36" r="3" />
      <rect className="wire-card" x="24" y="64" width="100" height="34" rx="6" />
      <rect className="wire-card" x="24" y="106" width="100" height="34" rx="6" />
      <path className="wire-line" d="M36 81h12M36 123h12M98 81h12M104 75v12M98 123h12M104 117v12" />

      <rect className="wire-box" x="300" y="24" width="132" height="132" rx="12" />
      <text className="wire-code" x="312" y="58">struct Counter {"{"}</text>
      <text className="wire-code" x="322" y="80">count: i64,</text>
      <text className="wire-code" x="322" y="102">title: String,</text>
      <text className="wire-code" x="312" y="124">{"}"}</text>
      <circle className="wire-lamp" cx="412" cy="138" r="5" />

      <text className="wire-label" x="74" y="182">this page</text>
      <text className="wire-label" x="220" y="182">one WebSocket</text>
      <text className="wire-label" x="366" y="182">one Rust process</text>
    </svg>
  );
}
