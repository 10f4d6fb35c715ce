// Small inline drawings. Always beside a word: no status is told by shape or colour alone.
import type { ReactNode } from "react";

const PATHS = {
  check: <path d="M3 8.5 6.5 12 13 4.5" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  alert: (
    <>
      <path d="M8 2 1.5 13.5h13z" />
      <path d="M8 6.5v3.2M8 11.6v.1" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.3 1.8" />
    </>
  ),
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  play: <path d="M5 3.2 12.5 8 5 12.8z" />,
  stop: <rect x="4" y="4" width="8" height="8" rx="1" />,
  skip: <path d="m3.5 4 5 4-5 4zM11.5 4v8" />,
  question: (
    <>
      <path d="M5.6 6a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.4" />
      <path d="M8 12.2v.1" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.6" />
      <path d="M2.8 13.5c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4" />
    </>
  ),
  tool: (
    <path d="M10.3 2.7a3.4 3.4 0 0 0-4.2 4.3L2.5 10.6v2.9h2.9L9 9.9a3.4 3.4 0 0 0 4.3-4.2L11 8 8 5z" />
  ),
  model: (
    <>
      <rect x="3" y="4.5" width="10" height="8" rx="1.5" />
      <path d="M8 4.5V2.2M6 8v.8M10 8v.8" />
    </>
  ),
  flow: (
    <>
      <circle cx="4" cy="4" r="1.7" />
      <circle cx="12" cy="12" r="1.7" />
      <path d="M4 5.7V9a3 3 0 0 0 3 3h3.3" />
    </>
  ),
  runs: (
    <>
      <rect x="2.5" y="2.5" width="4" height="4" rx="1" />
      <path d="M4.5 6.5v6h4M4.5 9h4" />
      <rect x="9" y="7.2" width="4.5" height="3" rx="0.8" />
      <rect x="9" y="11" width="4.5" height="3" rx="0.8" />
    </>
  ),
  chevron: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  arrow: <path d="M2.5 8h11M9.5 4l4 4-4 4" />,
  back: <path d="M13.5 8h-11M6.5 4l-4 4 4 4" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M10.5 3.5v-1h-8v8h1" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  empty: <path d="M2.5 9.5 4.5 3h7l2 6.5v4h-11zM2.5 9.5h3.3l1 1.7h2.4l1-1.7h3.3" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {PATHS[name]}
    </svg>
  );
}
