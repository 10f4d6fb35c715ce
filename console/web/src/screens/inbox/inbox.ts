// The list of approvals behind the inbox and behind "next" on a card: one filter, one order.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { approvalsQuery } from "../../api/queries.ts";
import type { ApprovalSummary } from "../../api/types.ts";
import type { InboxSearch } from "../../search.ts";

export function matches(approval: ApprovalSummary, filter: InboxSearch): boolean {
  if (filter.risk && approval.risk !== filter.risk) return false;
  if (!filter.q) return true;
  const wanted = filter.q.toLowerCase();
  return [approval.sentence, approval.caseId, approval.workflow, approval.tool, approval.step].some(
    (text) => text?.toLowerCase().includes(wanted),
  );
}

export function useInbox(search: InboxSearch) {
  const status = search.status ?? "pending";
  const query = useInfiniteQuery(approvalsQuery(status));
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { risk, q } = search;
  const items = useMemo(
    () => all.filter((it) => matches(it, { ...(risk && { risk }), ...(q && { q }) })),
    [all, risk, q],
  );

  // A filter is only true when it has seen every item.
  const filtered = Boolean(risk || q);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const searching = filtered && hasNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (searching && !isFetchingNextPage) void fetchNextPage();
  }, [searching, isFetchingNextPage, fetchNextPage]);

  return { status, query, all, items, filtered, searching };
}
