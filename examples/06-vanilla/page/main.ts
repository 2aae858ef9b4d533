// A page without React: a component's handle is read with `getSnapshot`, and says through `subscribe` when to read it again.
import "../../style.css";
import { createLiveClient, select } from "fluxstack-live";
import "./live.gen.js"; // the types of the Rust component
import type { Line } from "./live.gen.js";

const [what, amount, form] = [find("[name=what]", HTMLInputElement), find("[name=amount]", HTMLInputElement), find("form", HTMLElement)];
const [alert, status, lines] = [find("[role=alert]", HTMLElement), find("[role=status]", HTMLElement), find("ul", HTMLElement)];

const shopping = createLiveClient().mount("ShoppingComponent", {}, {
  // Off the list at once, and back on it by itself should the server refuse.
  optimistic: { remove: (state, gone) => ({ ...state, list: state.list.filter((line) => line.what !== gone) }) },
});

// From the page to the server: on screen already, sent as fast as the connection takes it.
what.addEventListener("input", () => { shopping.set("what", what.value); });
amount.addEventListener("input", () => { shopping.set("amount", amount.valueAsNumber || 0); });
form.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  // Both fields are sent before it. When it is answered they are empty, also the one that is still focused.
  void shopping.callSafe("add").then(({ ok }) => { if (ok) show(what, amount); });
});

// From the server to the page. Whoever is typing into a field knows best what is in it.
shopping.subscribe(() => {
  const { error, ...now } = shopping.getSnapshot();
  show(...[what, amount].filter((input) => input !== document.activeElement));
  alert.textContent = error?.fields?.what ?? error?.fields?.amount ?? error?.message ?? "";
  status.hidden = now.status !== "stale";
});
for (const input of [what, amount]) input.addEventListener("blur", () => { show(input); });

// A part of the state by itself: who types does not have the list made anew.
const list = select(shopping, (state) => state.list);
list.subscribe(() => { lines.replaceChildren(...(list.get() ?? []).map(row)); });

function show(...inputs: HTMLInputElement[]) {
  const { state } = shopping.getSnapshot();
  // There is none until the server has answered.
  if (state) for (const input of inputs) input.value = input === what ? state.what : String(state.amount);
}

function find<E extends Element>(selector: string, kind: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`index.html has no \`${selector}\``);
  return found;
}

function row({ what, amount }: Line) {
  const [item, text, button] = [document.createElement("li"), document.createElement("span"), document.createElement("button")];
  text.textContent = `${String(amount)} × ${what}`;
  Object.assign(button, { className: "quiet", textContent: "×", ariaLabel: `Remove ${what}` });
  button.addEventListener("click", () => { shopping.dispatch("remove", what); });
  item.append(text, button);
  return item;
}
