// The mark: a plug in its socket, the one wire everything travels on.
import type { ReactNode } from "react";

export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M3 16h7m12 0h7" stroke="var(--on-accent)" strokeWidth="3" />
      <path d="M10 9h6v14h-6zM18 9h4v14h-4z" fill="var(--on-accent)" />
    </svg>
  );
}
