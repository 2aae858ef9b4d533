// The Rust files of the components, as they were when this page was built.

const FILES = import.meta.glob<string>(["../../src/*.rs", "!../../src/{main,page}.rs"], { query: "?raw", import: "default", eager: true });

/** The text of a file in `showcase/src`; undefined if there is no such file. */
export function rustSource(name: string): string | undefined {
  return FILES[`../../src/${name}`];
}
