// The Rust behind a card: the very file that the server was compiled from, folded away, with just enough colour to read it.
import type { ReactNode } from "react";
import { rustSource } from "../rustSources.js";

/** Order matters: a comment swallows what looks like a keyword in it. */
const TOKEN = /(?<comment>\/\/.*)|(?<attribute>#\[[^\]]*\])|(?<string>"[^"]*")|(?<keyword>\b(?:async|await|const|crate|else|enum|fn|for|if|impl|in|let|match|mut|pub|return|self|struct|use)\b)|(?<type>\b[A-Z]\w*|\b(?:bool|char|f64|i64|str|u32|u64|usize)\b)/g;

/** `file` is in `showcase/src`. */
export function RustSource({ file }: { file: string }): ReactNode {
  const code = rustSource(file);
  if (code === undefined) return null;
  return (
    <details className="rust">
      <summary>The Rust behind it</summary>
      {/* Focusable, because it scrolls sideways on a phone. */}
      <pre tabIndex={0} role="region" aria-label={`showcase/src/${file}`}><code>{coloured(code.trimEnd())}</code></pre>
      <p className="rust-file">All of <code>showcase/src/{file}</code></p>
    </details>
  );
}

function coloured(code: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    // Exactly one of the named groups has matched, and its name is the kind.
    const groups: Record<string, string | undefined> = match.groups ?? {};
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined) ?? "";
    parts.push(code.slice(end, match.index), <span key={match.index} className={`rust-${kind}`}>{match[0]}</span>);
    end = match.index + match[0].length;
  }
  parts.push(code.slice(end));
  return parts;
}
