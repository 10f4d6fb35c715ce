// Single-key shortcuts. They never fire while someone types, in a dialog, or when switched off.
import { useEffect, useRef } from "react";
import { readStored, SHORTCUTS } from "./storage.ts";

export type KeyMap = Readonly<Record<string, () => void>>;

const SEQUENCE_MS = 1200; // between the two keys of "g i"
let prefix = "";
let prefixAt = 0;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const joined = prefix && event.timeStamp - prefixAt < SEQUENCE_MS ? `${prefix} ${key}` : key;
  return joined;
}

// One listener for the page remembers the first key of a sequence after all maps have seen it.
if (typeof window !== "undefined") {
  window.addEventListener("keydown", (event) => {
    queueMicrotask(() => {
      prefix = event.key === "g" && !isTyping(event.target) ? "g" : "";
      prefixAt = event.timeStamp;
    });
  });
}

/** Keys are "j", "?", "Escape", or a sequence such as "g i". */
export function useKeys(map: KeyMap): void {
  const current = useRef(map);
  useEffect(() => {
    current.current = map;
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("[role=dialog],[role=alertdialog]")) return;
      if (isTyping(event.target)) {
        if (event.key === "Escape") (event.target as HTMLElement).blur(); // the next one acts
        return;
      }
      if (event.key !== "Escape" && readStored(SHORTCUTS) === "off") return;
      const act = current.current[nameOf(event)];
      if (!act) return;
      event.preventDefault();
      act();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
