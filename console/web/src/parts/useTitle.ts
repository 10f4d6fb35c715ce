// The document's title, which screen readers and tabs name the screen by.
import { useEffect } from "react";
import { texts } from "../texts.ts";

export function useTitle(screen: string): void {
  useEffect(() => {
    document.title = texts.title(screen);
  }, [screen]);
}
