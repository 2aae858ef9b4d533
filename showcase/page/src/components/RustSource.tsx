// The Rust behind a card: the very file that the server was compiled from, folded away, with just enough colour to read it.
import type { ReactNode } from "react";

/** Order matters: a comment swallows what looks like a keyword in it. */
const TOKEN = /(?<comment>\/\/.*)|(?<attribute>#\[[^\]]*\])|(?<string>"[^"]*")|(?<keyword>\b(?:async|crate|fn|if|impl|mut|pub|return|self|struct|use)\b)|(?<type>\b[A-Z]\w*|\bi64\b)/g;

export function RustSource({ file, code }: { file: string; code: string }): ReactNode {
  return (
    <details className="rust">
      <summary>The Rust behind it</summary>
      {/* Focusable, because it scrolls sideways on a phone. */}
      <pre tabIndex={0} role="region" aria-label={file}><code>{coloured(code.trimEnd())}</code></pre>
      <p className="rust-file">All of <code>{file}</code></p>
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
