// What this browser remembers: the reviewer's name, drafts, settings. Works, for this page only,
// where the browser refuses storage.
import { useSyncExternalStore } from "react";

const memory = new Map<string, string>();
const watchers = new Set<() => void>();
const PREFIX = "resolute.";

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

export function writeStored(name: string, value: string | null): void {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // kept in memory above
  }
  for (const each of watchers) each();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  addEventListener("storage", watcher); // another tab wrote
  return () => {
    watchers.delete(watcher);
    removeEventListener("storage", watcher);
  };
}

export function useStored(name: string): string | null {
  return useSyncExternalStore(watch, () => readStored(name));
}

export const REVIEWER = "reviewer";
export const SHORTCUTS = "shortcuts"; // "off" disables single-key shortcuts (WCAG 2.1.4)
