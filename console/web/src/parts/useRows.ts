// A windowed list in the page's own scroll, with J and K moving the focus over its rows.
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { useKeys } from "./keys.ts";

const FRAMES = 12; // to wait for a row that scrolled into view to be drawn

export function useRows(options: {
  count: number;
  estimate: number;
  keyOf: (index: number) => string;
  overscan?: number;
  keys?: boolean;
}) {
  const list = useRef<HTMLElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    setScrollMargin(Math.round(top + window.scrollY));
  }, [options.count === 0]);

  const virtualizer = useWindowVirtualizer({
    count: options.count,
    estimateSize: () => options.estimate,
    getItemKey: options.keyOf,
    overscan: options.overscan ?? 8,
    scrollPaddingStart: 64, // the heading that stays on top
    scrollPaddingEnd: 24,
    scrollMargin,
  });

  const focusRow = useCallback(
    (index: number) => {
      if (index < 0 || index >= options.count) return;
      virtualizer.scrollToIndex(index, { align: "auto" });
      let frames = FRAMES;
      const attempt = () => {
        const row = list.current?.querySelector<HTMLElement>(`[data-row="${index}"]`);
        if (row) row.focus({ preventScroll: true });
        else if (frames-- > 0) requestAnimationFrame(attempt);
      };
      attempt();
    },
    [options.count, virtualizer],
  );

  const focused = () => {
    const row = document.activeElement?.closest<HTMLElement>("[data-row]");
    return row && list.current?.contains(row) ? Number(row.dataset.row) : -1;
  };
  useKeys(
    options.keys === false
      ? {}
      : { j: () => focusRow(focused() + 1), k: () => focusRow(Math.max(0, focused() - 1)) },
  );

  return { list, virtualizer, scrollMargin, focusRow };
}
