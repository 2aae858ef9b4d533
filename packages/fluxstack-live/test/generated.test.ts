// @vitest-environment node
// A change in Rust is a type error at each use on the page, and nowhere else. The types are those that a test of the engine
// holds against what it prints.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const generated = readFileSync(here("../../../crates/fluxstack-live-core/tests/typescript.gen.ts"), "utf8");
const [page, schema] = [here("page-under-test.tsx"), here("live-under-test.gen.ts")];

const PAGE = `
import type { LiveSchema } from "./live-under-test.gen.js";
import { isActionError, type LiveHandle } from "fluxstack-live";
import { useLiveComponent } from "fluxstack-live/react";

export function Chat() {
  const { state, call, set, handle } = useLiveComponent("ChatComponent", { room: "lobby" });
  handle.on("MESSAGE_RECEIVED", ({ message }) => { console.log(message.text); });
  return <>
    <h1 onClick={() => { set("topic", null); }}>{state?.topic}</h1>
    <button onClick={() => call("sendMessage", { text: "hello" })}>{state?.messages.map((it) => it.text)}</button>
  </>;
}
export async function send(handle: LiveHandle<"ChatComponent">): Promise<string> {
  try {
    return await handle.call("sendMessage", { text: "hello", to: "ana", loud: true });
  } catch (error) {
    if (isActionError(error, "ChatComponent", "sendMessage") && error.data.kind === "tooLong") return String(error.data.mostAllowed);
    throw error;
  }
}
export function Form() {
  return <>{useLiveComponent("FormComponent", { name: "", mood: "calm", size: [1, 2], errors: {} }).state.mood}</>;
}
export function Stamp() {
  const { state } = useLiveComponent("StampComponent", { at: "now", step: "a" });
  // @ts-expect-error Rust says that these props are no state, whatever they look like
  return <>{state.at}</>;
}
export const propsAreState: { [N in keyof LiveSchema]: LiveSchema[N]["propsAreState"] } =
  { ChatComponent: false, DraftComponent: false, FormComponent: true, StampComponent: false };
`;

let before: ts.Program | undefined;

/** The lines with an error, once each error, when the page is checked against these types. */
function errors(types: string): string[] {
  const config = ts.readConfigFile(here("../tsconfig.json"), (path) => ts.sys.readFile(path)).config as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, here(".."), "tsconfig.json");
  const host = ts.createCompilerHost(options);
  const texts = new Map([[page, PAGE], [schema, types]]);
  const [getSourceFile, fileExists, readFile] = [host.getSourceFile.bind(host), host.fileExists.bind(host), host.readFile.bind(host)];
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    const kept = text === undefined ? before?.getSourceFile(name) : undefined;
    return kept ?? (text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version));
  };
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  const program = ts.createProgram([page, schema], { ...options, configFilePath: here("../tsconfig.json") }, host);
  before = program;
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    if (file === undefined || start === undefined) return ts.flattenDiagnosticMessageText(messageText, " ");
    const { line } = file.getLineAndCharacterOfPosition(start);
    return file.text.split("\n")[line]?.trim() ?? "";
  });
}

/** The page's lines with this text, once each time it is there. */
function uses(text: string): string[] {
  return PAGE.split("\n").flatMap((line) => Array<string>(line.split(text).length - 1).fill(line.trim()));
}

function renamed(from: RegExp, to: string): string {
  const types = generated.replace(from, to);
  expect(types).not.toBe(generated);
  return types;
}

it("a page that uses the types as they are has no error", { timeout: 60_000 }, () => {
  expect(errors(generated)).toEqual([]);
  expect(generated).toContain("registerSchema({ propsAreState: ['FormComponent'] })");
});

it("an action that is renamed is an error at each use and nowhere else", { timeout: 60_000 }, () => {
  // Once a line: what is done with the result of a call that does not exist is wrong as well.
  expect([...new Set(errors(renamed(/\bsendMessage\b/, "postMessage")))]).toEqual(uses('"sendMessage"'));
});

it("a field that is renamed is one error at each use", { timeout: 60_000 }, () => {
  expect(errors(renamed(/^ {2}text: string$/m, "  body: string"))).toEqual([...uses("message.text"), ...uses("it.text")]);
});
