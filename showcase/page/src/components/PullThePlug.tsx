// What to try: a connection that is lost, which the page can do by itself, and a server that is, which needs hands on it.
import { useConnection } from "fluxstack-live/react";
import { useSyncExternalStore, type ReactNode } from "react";
import { cable } from "../cable.js";
import { useSecondsUntil } from "../useSecondsUntil.js";

export function PullThePlug(): ReactNode {
  const { retryNow } = useConnection();
  const seconds = useSecondsUntil(useSyncExternalStore(cable.subscribe, cable.mendedAt));
  return (
    <section className="plug" aria-labelledby="plug-title">
      <h2 id="plug-title">Pull the plug</h2>
      <div className="cable">
        <button className="do" type="button" aria-disabled={seconds !== null} onClick={() => { cable.cut(retryNow); }}>
          {seconds === null ? "Cut this page’s cable for five seconds" : `Back in ${String(seconds)} s`}
        </button>
        <p>Press and type on. Each press counts once, nothing typed is lost, what others do meanwhile arrives, and your own counter goes on where it was.</p>
      </div>
      <ol className="steps">
        <li><b>Stop the server</b> Ctrl+C, where it runs. The bar above says so, and the numbers stay where they are.</li>
        <li><b>Press a button meanwhile</b> The press waits in the page. It goes out when the server is back, and counts once.</li>
        <li><b>Start it again</b> The page is back within seconds, with no reload. The counters live in memory and begin anew; the list is on disk, and what you had typed is typed again.</li>
      </ol>
    </section>
  );
}
