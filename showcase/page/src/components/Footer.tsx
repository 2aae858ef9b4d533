// The end of the page: the way to the ten counters, and what the page is made of.
import type { ReactNode } from "react";

export function Footer(): ReactNode {
  return (
    <footer className="footer">
      <p>One page, one WebSocket, however many components: <a href="/?counters=10">try it with ten more counters</a>.</p>
      <p>The page is React, the server is one Rust binary with this page inside.</p>
    </footer>
  );
}
