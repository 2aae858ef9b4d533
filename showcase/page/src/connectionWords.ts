// The connection's status in words, and how worried the page should look.
import type { ConnectionInfo } from "fluxstack-live";

export type Tone = "calm" | "waiting" | "lost";
export interface Words { readonly text: string; readonly tone: Tone }

export function connectionWords(status: ConnectionInfo["status"]): Words {
  switch (status) {
    case "connected": return { text: "Connected", tone: "calm" };
    case "idle": return { text: "Not connected yet", tone: "waiting" };
    case "connecting": return { text: "Connecting", tone: "waiting" };
    case "paused": return { text: "Paused: another tab goes on", tone: "waiting" };
    case "reconnecting": return { text: "Connection lost", tone: "lost" };
    case "offline": return { text: "This device is offline", tone: "lost" };
    case "denied": return { text: "The server refused the connection", tone: "lost" };
    case "outdated": return { text: "This page is out of date: reload it", tone: "lost" };
    case "closed": return { text: "The connection is closed", tone: "lost" };
  }
}
