// What to try: the demonstration of a lost connection, which needs hands on the server.
import type { ReactNode } from "react";

export function PullThePlug(): ReactNode {
  return (
    <section className="plug" aria-labelledby="plug-title">
      <h2 id="plug-title">Pull the plug</h2>
      <ol className="steps">
        <li><b>Stop the server</b> Ctrl+C, where it runs. The bar above says so, and the numbers stay where they are.</li>
        <li><b>Press a button meanwhile</b> The press waits in the page. It goes out when the server is back, and counts once.</li>
        <li><b>Start it again</b> The page is back within seconds, with no reload. The counters live in memory and begin anew; the list is on disk and still there.</li>
      </ol>
    </section>
  );
}
