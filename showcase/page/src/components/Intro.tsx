// What one sees here, in three sentences and a picture.
import type { ReactNode } from "react";
import { Wire } from "./Wire.js";

export function Intro(): ReactNode {
  return (
    <section className="intro" aria-labelledby="intro-title">
      <div>
        <h1 id="intro-title"><span>The state lives in&nbsp;Rust.</span> <span>This page only shows&nbsp;it.</span></h1>
        <p className="lead">
          Behind each card is a struct on the server. A button calls one of its methods, a field sets one of its fields, and what changed comes back over the
          one WebSocket that the page has. Open a second window, or stop the server and watch the page wait for it.
        </p>
      </div>
      <Wire />
    </section>
  );
}
