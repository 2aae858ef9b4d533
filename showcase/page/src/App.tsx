// The page from top to bottom: the connection, what one sees, one card a component.
import type { ReactNode } from "react";
import { ChatCard } from "./components/ChatCard.js";
import { ConnectionBar } from "./components/ConnectionBar.js";
import { CounterCard } from "./components/CounterCard.js";
import { Footer } from "./components/Footer.js";
import { FormCard } from "./components/FormCard.js";
import { Intro } from "./components/Intro.js";
import { ManyCounters } from "./components/ManyCounters.js";
import { PullThePlug } from "./components/PullThePlug.js";
import { SharedCounterCard } from "./components/SharedCounterCard.js";
import { TodoCard } from "./components/TodoCard.js";
import { countersAskedFor } from "./countersAskedFor.js";

export function App(): ReactNode {
  const counters = countersAskedFor(window.location.search);
  return (
    <>
      <ConnectionBar />
      <main className="page">
        <Intro />
        <div className="cards">
          <CounterCard />
          <SharedCounterCard room="lobby" />
          <ChatCard room="lobby" />
          <FormCard />
          <TodoCard list="home" />
        </div>
        <PullThePlug />
        {counters > 0 && <ManyCounters count={counters} />}
      </main>
      <Footer />
    </>
  );
}
