// @ts-check
// Another visitor, who is no browser: the shortest client that the protocol allows, which is told the whole state after each
// change. It shares no code with the page under test.
import { once } from "node:events";
import { WebSocket } from "ws";

/** @typedef {{ type: string, componentId?: string, requestId?: string, state?: unknown, payload?: { state?: unknown } }} Message */

/** @type {(text: string) => Message} */
const parse = JSON.parse;

/**
 * Mounts both components of the page; the connection ends with the test.
 * @param {import('node:test').TestContext} t
 * @param {string} url of the server
 */
export async function visit(t, url) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/live`, ["fluxstack-live.v1.json"]);
  t.after(() => { socket.terminate(); });
  /** @type {Record<string, unknown>} */
  const states = {};
  /** @type {Map<string, (message: Message) => void>} */
  const waiting = new Map();
  let requests = 0;
  socket.on("message", (/** @type {Buffer} */ data) => {
    const message = parse(data.toString());
    const { type, componentId = "", requestId, payload } = message;
    if (type === "COMPONENT_MOUNTED") states[componentId] = message.state;
    if (type === "STATE_UPDATE") states[componentId] = payload?.state;
    const key = type === "COMPONENT_MOUNTED" ? componentId : requestId;
    if (key !== undefined) waiting.get(key)?.(message);
  });
  await once(socket, "open");
  /** @param {string} key @param {object} message @returns {Promise<Message>} */
  const ask = (key, message) => new Promise((resolve) => {
    waiting.set(key, resolve);
    socket.send(JSON.stringify(message));
  });
  /** @param {object} message */
  const request = async (message) => {
    const requestId = `r${String(requests += 1)}`;
    const answer = await ask(requestId, { ...message, requestId });
    if (answer.type !== "REPLY") throw new Error(JSON.stringify(answer));
  };
  for (const component of ["FormComponent", "ListComponent"]) {
    await ask(component, { type: "COMPONENT_MOUNT", componentId: component, payload: { component, props: {} } });
  }
  return {
    /** The form as the server has it. */
    form: () => /** @type {{ title: string, note: string, agreed: boolean, amount: number }} */ (states.FormComponent),
    /** The list as the server has it. */
    items: () => /** @type {{ items: { id: string, text: string, done: boolean }[] }} */ (states.ListComponent).items,
    /** @param {"title" | "note" | "agreed" | "amount"} property @param {unknown} value */
    set: (property, value) => request({ type: "PROPERTY_UPDATE", componentId: "FormComponent", payload: { property, value } }),
    /** @param {string} action @param {unknown} payload */
    call: (action, payload) => request({ type: "COMPONENT_ACTION", componentId: "ListComponent", action, payload }),
  };
}
