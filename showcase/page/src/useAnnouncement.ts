// What a screen reader is told about the connection. Short losses are not worth interrupting anybody for.
import { useEffect, useState } from "react";

/** A loss shorter than this is not announced, and neither is its end. */
const LOST_AFTER_MS = 5_000;

/** quiet -> lost (5 s without a connection) -> restored -> lost … */
type Told = "quiet" | "lost" | "restored";

const SENTENCES: Record<Told, string> = {
  quiet: "",
  lost: "No connection to the server. What you see stays on screen, and the page keeps trying.",
  restored: "Connected again.",
};

export function useAnnouncement(connected: boolean): string {
  const [told, setTold] = useState<Told>("quiet");
  if (connected && told === "lost") setTold("restored");
  useEffect(() => {
    if (connected) return;
    const timer = setTimeout(() => { setTold("lost"); }, LOST_AFTER_MS);
    return () => { clearTimeout(timer); };
  }, [connected]);
  return SENTENCES[told];
}
