// All runs, newest first, with filters that live in the address.
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { runsQuery } from "../../api/queries.ts";
import type { RunSummary } from "../../api/types.ts";
import { Icon } from "../../parts/icons.tsx";
import { useKeys } from "../../parts/keys.ts";
import { Empty, Failure, Loading, Stale } from "../../parts/states.tsx";
import { useRows } from "../../parts/useRows.ts";
import { useTitle } from "../../parts/useTitle.ts";
import type { RunsSearch } from "../../search.ts";
import { texts } from "../../texts.ts";
import { RunFilters } from "./RunFilters.tsx";
import { RunRow } from "./RunRow.tsx";

const ROW_HEIGHT = 44;
const AHEAD = 20;

export function RunsScreen() {
  useTitle(texts.runs.title);
  const search = getRouteApi("/runs").useSearch();
  const navigate = useNavigate();
  const query = useInfiniteQuery(runsQuery(search, useQueryClient()));
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const held = useHeldBack(all, JSON.stringify(search));
  const rows = useRows({
    count: held.items.length,
    estimate: ROW_HEIGHT,
    keyOf: (index) => held.items[index]!.id,
    overscan: 12,
  });
  useKeys({
    ".": held.show,
    "/": () => document.querySelector<HTMLInputElement>(".filters input")?.focus(),
    Escape: () => void navigate({ to: "/runs", search: {} }),
  });

  const virtualRows = rows.virtualizer.getVirtualItems();
  const last = virtualRows.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    const near = held.items.length > 0 && last >= held.items.length - AHEAD;
    if (near && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage, last, held.items.length]);

  const filtered = Object.keys(search).length > 0;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{texts.runs.title}</h1>
        {held.fresh > 0 && (
          <button
            type="button"
            className="pill"
            aria-label={texts.runs.freshExplain(held.fresh)}
            onClick={held.show}
          >
            <Icon name="arrow" />
            {texts.runs.fresh(held.fresh)}
          </button>
        )}
      </div>
      <RunFilters key={JSON.stringify(search)} search={search} />
      <RelatedTo search={search} />
      {query.isError && query.data && <Stale retry={() => void query.refetch()} />}
      {query.isPending ? (
        <Loading />
      ) : !query.data ? (
        <Failure error={query.error!} retry={() => void query.refetch()} />
      ) : held.items.length === 0 ? (
        filtered ? (
          <Empty icon="search" title={texts.runs.noMatch}>
            <Link to="/runs" search={{}} className="button">
              {texts.runs.clear}
            </Link>
          </Empty>
        ) : (
          <Empty icon="flow" title={texts.runs.empty} remedy={texts.runs.emptyRemedy} />
        )
      ) : (
        <>
          <div className="runs-columns" aria-hidden="true">
            <span>{texts.runs.columns.status}</span>
            <span>{texts.runs.columns.workflow}</span>
            <span>{texts.runs.columns.case}</span>
            <span>{texts.runs.columns.now}</span>
            <span>{texts.runs.columns.events}</span>
            <span>{texts.runs.columns.took}</span>
            <span>{texts.runs.columns.started}</span>
          </div>
          <ol
            className="list runs"
            ref={rows.list as React.RefObject<HTMLOListElement>}
            style={{ height: rows.virtualizer.getTotalSize() }}
          >
            {virtualRows.map((row) => (
              <li
                key={row.key}
                ref={rows.virtualizer.measureElement}
                data-index={row.index}
                style={{ transform: `translateY(${row.start - rows.scrollMargin}px)` }}
              >
                <RunRow run={held.items[row.index]!} index={row.index} />
              </li>
            ))}
          </ol>
          {!hasNextPage && <p className="quiet list-end">{texts.runs.end}</p>}
        </>
      )}
    </div>
  );
}

/** Whose runs these are, when the list is not of all. */
function RelatedTo({ search }: { search: RunsSearch }) {
  const { parent, forkedFrom, ...rest } = search;
  const run = parent ?? forkedFrom;
  if (!run) return null;
  return (
    <p className="related-to">
      <Icon name="flow" />
      <span>{parent ? texts.runs.startedBy : texts.runs.forkedFrom}</span>
      <Link to="/runs/$id" params={{ id: run }} className="link">
        <code className="id">{run}</code>
      </Link>
      <Link to="/runs" search={rest} className="button end">
        {texts.runs.all}
      </Link>
    </p>
  );
}

/** Runs that started since the list was first shown wait above it, so that no row moves away. */
function useHeldBack(items: ReadonlyArray<RunSummary>, list: string) {
  const [top, setTop] = useState<{ list: string; id: string | undefined }>({ list, id: undefined });
  const newest = items[0]?.id;
  if (newest && (top.id === undefined || top.list !== list)) setTop({ list, id: newest });
  const place = top.list === list ? items.findIndex((it) => it.id === top.id) : 0;
  const fresh = Math.max(0, place); // a first row that left the filter holds nothing back
  return {
    items: useMemo(() => items.slice(fresh), [items, fresh]),
    fresh,
    show: () => setTop({ list, id: newest }),
  };
}
