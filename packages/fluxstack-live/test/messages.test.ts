// @vitest-environment node
// What the compiler says to the ten mistakes that are made most: it names what is allowed.

import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, expect, it } from "vitest";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const MISTAKES = {
  "a misspelt component": 'useLiveComponent("CountrComponent", { count: 0, title: "" });',
  "wrong props": 'useLiveComponent("CounterComponent", { count: 0 });',
  "props that are not there": 'useLiveComponent("CounterComponent", { count: 0, title: "", color: "red" });',
  "a misspelt action": 'counter.dispatch("incremnt");',
  "a payload of another type": 'counter.dispatch("increment", "two");',
  "no payload where one is needed": 'todos.dispatch("addTodo");',
  "a payload where there is none": 'counter.dispatch("reset", 1);',
  "a field that is not bindable": 'counter.bind("count");',
  "a field of a component without bindable ones": 'todos.set("todos", []);',
  "a value of another type": 'counter.set("title", 3);',
  "state that may be undefined": "todos.state.todos;",
  "an unknown event": 'useLiveEvent(chat.handle, "MESSAGE_RECIEVED", () => undefined);',
  "an event of a component without events": 'useLiveEvent(counter.handle, "RESET", () => undefined);',
  "an action whose calls are never pending": 'useLivePending(todos.handle, "togle");',
};
type Mistake = keyof typeof MISTAKES;

const PAGE = `
import "./live.gen.js";
import { useLiveComponent, useLiveEvent, useLivePending } from "fluxstack-live/react";
export function Page() {
  const counter = useLiveComponent("CounterComponent", { count: 0, title: "" });
  const todos = useLiveComponent("TodoComponent", { list: "home" });
  const chat = useLiveComponent("ChatComponent", { room: "lobby" });
${Object.values(MISTAKES).join("\n")}
}
`;

const messages = new Map<string, string>();

beforeAll(() => {
  const config = ts.readConfigFile(here("../tsconfig.json"), (path) => ts.sys.readFile(path)).config as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, here(".."), "tsconfig.json");
  const page = here("mistakes-under-test.tsx");
  const host = ts.createCompilerHost(options);
  const [getSourceFile, fileExists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)];
  host.getSourceFile = (name, version, ...rest) => (name === page ? ts.createSourceFile(name, PAGE, version) : getSourceFile(name, version, ...rest));
  host.fileExists = (name) => name === page || fileExists(name);
  const program = ts.createProgram([page], { ...options, configFilePath: here("../tsconfig.json") }, host);
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program, program.getSourceFile(page))) {
    const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    const source = PAGE.split("\n")[line] ?? "";
    // The first of a line is what its author reads first.
    if (!messages.has(source)) messages.set(source, ts.flattenDiagnosticMessageText(messageText, "\n"));
  }
}, 60_000);

const message = (mistake: Mistake): string | undefined => messages.get(MISTAKES[mistake]);

it("a misspelt component", () => {
  expect(message("a misspelt component")).toMatchInlineSnapshot(`"Argument of type '"CountrComponent"' is not assignable to parameter of type '"CounterComponent" | "SharedCounterComponent" | "ChatComponent" | "FormComponent" | "TodoComponent" | "SettingsComponent"'."`);
});

it("wrong props", () => {
  expect(message("wrong props")).toMatchInlineSnapshot(`
    "Argument of type '{ count: number; }' is not assignable to parameter of type '("skip" | { count: number; title: string; }) & ("skip" | {})'.
      Type '{ count: number; }' is not assignable to type '{ count: number; title: string; } & {}'.
        Property 'title' is missing in type '{ count: number; }' but required in type '{ count: number; title: string; }'."
  `);
});

it("props that are not there", () => {
  expect(message("props that are not there")).toMatchInlineSnapshot(`"Type '"red"' is not assignable to type '"\`color\` is no prop of CounterComponent"'."`);
});

it("a misspelt action", () => {
  expect(message("a misspelt action")).toMatchInlineSnapshot(`"Argument of type '"incremnt"' is not assignable to parameter of type '"increment" | "decrement" | "reset"'."`);
});

it("a payload of another type", () => {
  expect(message("a payload of another type")).toMatchInlineSnapshot(`"Argument of type 'string' is not assignable to parameter of type 'number'."`);
});

it("no payload where one is needed", () => {
  expect(message("no payload where one is needed")).toMatchInlineSnapshot(`"Expected 2-3 arguments, but got 1."`);
});

it("a payload where there is none", () => {
  expect(message("a payload where there is none")).toMatchInlineSnapshot(`"Argument of type '1' is not assignable to parameter of type 'undefined'."`);
});

it("a field that is not bindable", () => {
  expect(message("a field that is not bindable")).toMatchInlineSnapshot(`"Argument of type '"count"' is not assignable to parameter of type '"title"'."`);
});

it("a field of a component without bindable ones", () => {
  expect(message("a field of a component without bindable ones")).toMatchInlineSnapshot(`"Argument of type '"todos"' is not assignable to parameter of type '"no field of this component is marked #[live(bind)]"'."`);
});

it("a value of another type", () => {
  expect(message("a value of another type")).toMatchInlineSnapshot(`"Argument of type 'number' is not assignable to parameter of type 'string'."`);
});

it("state that may be undefined", () => {
  expect(message("state that may be undefined")).toMatchInlineSnapshot(`"'todos.state' is possibly 'undefined'."`);
});

it("an unknown event", () => {
  expect(message("an unknown event")).toMatchInlineSnapshot(`"Argument of type '"MESSAGE_RECIEVED"' is not assignable to parameter of type '"MESSAGE_RECEIVED"'."`);
});

it("an event of a component without events", () => {
  expect(message("an event of a component without events")).toMatchInlineSnapshot(`"Argument of type '"RESET"' is not assignable to parameter of type '"this component has no events"'."`);
});

it("an action whose calls are never pending", () => {
  expect(message("an action whose calls are never pending")).toMatchInlineSnapshot(`"Argument of type '"togle"' is not assignable to parameter of type '"addTodo" | "toggle" | "remove"'."`);
});

it("nothing else is wrong with that page", () => {
  expect([...messages.keys()].sort()).toEqual(Object.values(MISTAKES).sort());
});
