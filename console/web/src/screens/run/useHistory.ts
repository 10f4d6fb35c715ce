// The events of a run by sequence, fetched in pages as they come into view.
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { HISTORY_PAGE, historyPageQuery, keys } from "../../api/queries.ts";
import type { Event, HistoryPage } from "../../api/types.ts";

/** Sequences count from 1 without a gap, so a sequence names its page. */
export function pageOf(sequence: number): number {
  return Math.floor((sequence - 1) / HISTORY_PAGE);
}

export function useHistory(run: string, last: number, first: number, until: number) {
  const client = useQueryClient();
  const from = pageOf(Math.max(1, first - 1)); // the first row compares itself with the one before
  const to = pageOf(Math.max(1, Math.min(last, until)));
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const results = useQueries({ queries: pages.map((page) => historyPageQuery(run, page)) });

  // The run grew: a page that was not full when it was read has more now.
  useEffect(() => {
    for (const query of client.getQueryCache().findAll({ queryKey: keys.history(run) })) {
      const data = query.state.data as HistoryPage | undefined;
      const newest = data?.items.at(-1)?.sequence ?? 0;
      if (data && data.items.length < HISTORY_PAGE && newest < last) {
        void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
      }
    }
  }, [client, run, last]);

  const event = (sequence: number): Event | undefined =>
    results[pageOf(sequence) - from]?.data?.items[(sequence - 1) % HISTORY_PAGE];
  const failed = results.find((it) => it.isError);
  return { event, error: failed?.error ?? null, retry: () => void failed?.refetch() };
}
