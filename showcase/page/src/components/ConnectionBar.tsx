// The bar that stays at the top: whether the page is connected, and when it tries again.
import { useConnection } from "fluxstack-live/react";
import type { ReactNode } from "react";
import { connectionWords } from "../connectionWords.js";
import { useAnnouncement } from "../useAnnouncement.js";
import { useSecondsUntil } from "../useSecondsUntil.js";
import { Mark } from "./Mark.js";

export function ConnectionBar(): ReactNode {
  const { status, nextRetryAt, retryNow } = useConnection();
  const { text, tone } = connectionWords(status);
  const announcement = useAnnouncement(status === "connected");
  return (
    <header className="bar" data-tone={tone}>
      <div className="bar-inner">
        <a className="wordmark" href="/"><Mark /><span>FluxStack <b>Live</b></span></a>
        <div className="connection" role="group" aria-label="Connection">
          <span className="lamp" aria-hidden="true" />
          <span>{text}{status === "reconnecting" && <NextRetry at={nextRetryAt} />}</span>
          {tone === "lost" && status !== "outdated" && <button className="retry" type="button" onClick={retryNow}>Retry now</button>}
        </div>
        {/* The words above change every second; only this line is read out. */}
        <p className="visually-hidden" role="status">{announcement}</p>
      </div>
    </header>
  );
}

function NextRetry({ at }: { at: number | null }): ReactNode {
  const seconds = useSecondsUntil(at);
  const text = seconds === null || seconds === 0 ? "trying again" : `next try in ${String(seconds)} s`;
  return <span className="next-retry"> · {text}</span>;
}
