// The server's time, and a second hand that views can watch.
import { useSyncExternalStore } from "react";
import { millis } from "../format/time.ts";

let offset = 0;

/** Called with each status answer; a reader's clock may be wrong by hours. */
export function setServerNow(now: string): void {
  const ms = millis(now);
  if (!Number.isNaN(ms)) offset = ms - Date.now();
}

export function serverNow(): number {
  return Date.now() + offset;
}

const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(serverNow() / 1000);

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    second = Math.floor(serverNow() / 1000);
    for (const each of watchers) each();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since 1970, drawn again every second. */
export function useServerNow(): number {
  return useSyncExternalStore(watch, () => second) * 1000;
}
