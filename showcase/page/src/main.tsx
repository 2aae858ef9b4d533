// Where the page starts. StrictMode stays on in production too: the page is also a test of it.
import "./live.gen.js";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/connection.css";
import "./styles/card.css";
import "./styles/count.css";
import "./styles/composer.css";
import "./styles/chat.css";
import "./styles/form.css";
import "./styles/todo.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element `root`");
createRoot(root).render(<StrictMode><App /></StrictMode>);
