// Where the page starts. StrictMode stays on in production too: the page is also a test of it.
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/connection.css";
import "./styles/card.css";
import "./styles/count.css";
import "./styles/composer.css";
import "./styles/chat.css";
import "./styles/form.css";
import "./styles/todo.css";
import { LiveProvider } from "fluxstack-live/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { client } from "./client.js";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element `root`");
createRoot(root).render(<StrictMode><LiveProvider client={client}><App /></LiveProvider></StrictMode>);
